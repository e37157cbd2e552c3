import re

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import JournalEntry, Letter, Role, User
from config.demo.people import ACCOUNTS
from municipalities.models import Municipality, Region
from sessions.models import ConsentText, Proposal, Session
from strategies.coverage.gaps import gap_about
from strategies.models import (
    Commitment,
    DueChange,
    Evidence,
    GapAnswer,
    Measure,
    Priority,
    ProgressReport,
    ReportingCycle,
)
from tests import factories

pytestmark = pytest.mark.slow
PAGES = [
    *("/", "/towns/", "/towns/syzran/", "/sessions/", "/sessions/results/", "/proposals/", "/documents/"),
    *("/programme/", "/programme/gaps/", "/programme/late/", "/programme/coverage/", "/programme/silence/"),
    *("/programme/changes/", "/calendar.ics", "/sitemap.xml"),
]


@pytest.fixture
def try_out(db, settings):
    settings.DEMO = True


@pytest.fixture
def samara(try_out):
    call_command("load_region", "demo/samara", verbosity=0)
    return Region.objects.get(slug="samara-oblast")


def statuses(model):
    return sorted(model.objects.filter(is_sample=True).values_list("status", flat=True))


def samara_answers():
    return list(GapAnswer.objects.filter(is_sample=True).order_by("kind", "decision"))


@pytest.mark.invariant(83)
def test_load_demo_makes_a_site_to_look_at(samara, client, case, django_capture_on_commit_callbacks):
    real = {model: model.objects.count() for model in (Measure, Priority, Proposal, Session)}
    with django_capture_on_commit_callbacks(execute=True) as acts:
        call_command("load_demo")

    with case("a tree in every state"):
        assert statuses(Measure) == sorted(
            ["in_progress", "postponed", "done", "planned", "planned", "planned", "planned", "in_progress", "not_done",
             "in_progress"]
        )  # fmt: skip
        assert statuses(ProgressReport) == sorted(["published"] * 13 + ["submitted", "returned", "draft"])
        assert statuses(Proposal) == ["accepted", "declined", "new", "on_review", "partly"]
        assert statuses(Session) == ["announced"]
        assert list(ConsentText.objects.values_list("version", "is_sample")) == [("пример-1", True)]
        assert list(Municipality.objects.filter(takes_proposals=True).values_list("slug", flat=True)) == ["primersk"]
        assert statuses(Priority) == ["published"] * 5
        answers = samara_answers()
        assert [(answer.kind, answer.decision) for answer in answers] == [
            ("no_measure", "preparing"), ("no_town", "preparing"), ("no_town", "stays"),
        ]  # fmt: skip
        gaps = [gap_about(answer.kind, answer.subject, timezone.localdate()) for answer in answers]
        assert ([gap.answer for gap in gaps], [gap.days_late > 0 for gap in gaps]) == (answers, [True, False, False])
        assert DueChange.objects.get().reason == "Подрядчик: завод сорвал поставку оборудования"
        assert Measure.objects.get(code="1.4", is_sample=True).percent == 15  # by the correction
        assert statuses(ReportingCycle) == ["closed", "open"]
        assert set(Evidence.objects.values_list("stage", flat=True)) == {"before", "during", "after"}
        assert list(Measure.objects.filter(is_sample=True, owner=None).values_list("code", flat=True)) == ["2.3"]

    with case("an account for every role"):
        held = {user.username: [held.role for held in user.current_roles] for user in User.objects.all()}
        assert held == {username: [account[3]] for username, account in ACCOUNTS.items()}
        assert set(Role) == {account[3] for account in ACCOUNTS.values()}
        assert client.login(username="editor", password="demo")

    with case("what is made is marked, and lives in a region of its own"):
        for model, number in real.items():
            assert model.objects.filter(is_sample=False).count() == number
        assert not JournalEntry.objects.filter(is_sample=False).exists()
        assert not JournalEntry.objects.exclude(region__is_sample=True).exists()
        assert not Measure.objects.filter(is_sample=True, direction__programme__region=samara).exists()
        assert not Municipality.objects.filter(region=samara, is_sample=True).exists()

    with case("a citizen of a real town meets nothing invented"):
        invented = [one.title for one in Measure.objects.filter(is_sample=True)]
        for address in PAGES:
            page = re.sub(r"<option.*?</option>", "", client.get(address).content.decode())
            assert [title for title in invented if title in page] == [], address
            assert '<span class="sample">' not in page, address
            assert "primersk" not in page.replace("primerskaya-oblast", ""), address

    with case("again changes nothing"):
        before = (JournalEntry.objects.count(), Measure.objects.count(), User.objects.count())

        call_command("load_demo")

        assert (JournalEntry.objects.count(), Measure.objects.count(), User.objects.count()) == before

    with case("the label on pages"):
        page = client.get("/towns/primersk/").content.decode()

        assert page.count('<span class="sample">пример</span>') > 10
        assert "Пример: всё на этой странице придумано." in page

    with case("nobody is written to"):
        assert len(acts) > 0
        assert (mail.outbox, Letter.objects.count()) == ([], 0)

    with case("promises of both sides"):
        given = Commitment.objects.filter(is_sample=True).order_by("link__measure__code", "side")
        assert list(given.values_list("link__measure__code", "side", "status")) == [
            ("1.1", "region", "confirmed"), ("1.1", "town", "confirmed"), ("1.2", "region", "confirmed"),
            ("1.2", "town", "withdrawn"), ("2.2", "region", "confirmed"), ("3.1", "region", "draft"),
            ("3.1", "town", "confirmed"),
        ]  # fmt: skip
        agreed = client.get(Priority.objects.get(is_sample=True, title="Безопасные дворы и скверы").get_absolute_url())
        assert str(agreed.context["chain"].promised) == "yes"
        half = client.get(Priority.objects.get(is_sample=True, title="Дороги без луж").get_absolute_url())
        assert str(half.context["chain"].promised) == "part"


def test_load_demo_password_comes_from_the_environment(try_out, client, monkeypatch):
    monkeypatch.setenv("DEMO_PASSWORD", "другой-пароль")

    call_command("load_demo")

    assert client.login(username="primersk-head", password="другой-пароль")
    assert not client.login(username="primersk-head", password="demo")


def test_load_demo_refuses_where_it_must_not_be(try_out, settings, case):
    with case("without DEMO"):
        settings.DEMO = False
        with pytest.raises(CommandError, match="запустите с DEMO=1"):
            call_command("load_demo")
        assert not User.objects.exists()

    settings.DEMO = True
    with case("beside a real account"):
        User.objects.create_user("admin", email="admin@gov.example")
        with pytest.raises(CommandError, match=r"настоящие учётные записи \(admin\)"):
            call_command("load_demo")
        assert User.objects.count() == 1
        assert not Measure.objects.filter(is_sample=True).exists()


def test_load_demo_stands_alone_and_refuses_an_older_try_out(try_out, region):
    programme = factories.programme(region, code="sample", is_sample=True)

    with pytest.raises(CommandError, match="примеры прежней пробы"):
        call_command("load_demo")

    assert not User.objects.exists()
    programme.delete()
    call_command("load_demo", verbosity=0)
    assert list(Region.objects.filter(is_sample=True).values_list("slug", flat=True)) == ["primerskaya-oblast"]
