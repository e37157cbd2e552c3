"""The office: what is expected of a person, by when; the same number of queries for any number of measures."""

import datetime

import pytest
from django.utils import timezone
from model_bakery import baker

from municipalities.numbers import NBSP, days
from strategies.models import Measure, ProgressReport, ReportingCycle
from tests import factories
from tests.conftest import StrictClient
from tests.pages import text, texts
from tests.strategies.reporting.answers import answers, form_url


def browser(person):
    """A browser of a person."""
    client = StrictClient()
    client.force_login(person)
    return client


def many_measures(town, number):
    """A programme in force with a number of open measures of a town, and a cycle that asks for reports on them."""
    direction = factories.direction(town.region)
    rows = baker.prepare(
        Measure, number, direction=direction, municipality=town, status="planned", due=datetime.date(2027, 12, 31),
        start=datetime.date(2026, 1, 1), percent=None, postponed_to=None, owner=None,
    )  # fmt: skip
    Measure.objects.bulk_create(rows)
    cycle, _is_new = ReportingCycle.start(direction.programme, 2026, "q3", by=None)
    return cycle


def test_office_sends_a_stranger_to_sign_in(client):
    assert client.get("/office/").url == "/accounts/login/?next=/office/"


def test_office_refuses_a_person_without_a_role_today(client, admin_user):
    client.force_login(admin_user)

    assert client.get("/office/").status_code == 403


def test_office_shows_returned_then_late_then_by_date(client, town, head, approver):
    direction = factories.direction(town.region)
    measures = [factories.measure(town, title=title, direction=direction) for title in ("Поздняя", "Вернули", "Начата")]
    ReportingCycle.start(direction.programme, 2026, "q3", by=None)
    ahead_programme = factories.programme(town.region)
    ahead = factories.measure(
        town, title="Впереди", direction=factories.direction(town.region, programme=ahead_programme)
    )
    cycle, _is_new = ReportingCycle.start(ahead_programme, 2026, "q3", by=None)
    ReportingCycle.objects.filter(pk=cycle.pk).update(due_on=timezone.localdate() + datetime.timedelta(days=5))
    returned = factories.report(measures[1], by=head, period="q3", status="submitted", submitted_by=head)
    returned.move_to("returned", by=approver, reason="Где фото?")
    client.force_login(head)

    response = client.get("/office/")

    shown = [(duty.subject.title, duty.kind) for duty in response.context["owed"]]
    assert shown == [("Вернули", "returned"), ("Поздняя", "late"), ("Начата", "late"), ("Впереди", "due")]
    assert texts(response, "blockquote") == ["Где фото?"]
    assert ahead.title in text(response, "main")


def test_office_forgets_a_report_that_was_handed_in(client, town, head):
    cycle = many_measures(town, 1)
    client.force_login(head)
    assert client.get("/office/").context["owed_total"] == 1

    client.post(form_url(cycle.expected.get().measure), answers())

    response = client.get("/office/")
    assert response.context["owed_total"] == 0
    assert [report.status for report, _days in response.context["waiting"]] == ["submitted"]


def test_office_tells_the_town_that_the_region_is_late(client, town, head, approver):
    report = factories.report(factories.measure(town), by=head, status="submitted", submitted_by=head,
                              submitted_at=timezone.now() - datetime.timedelta(days=30))  # fmt: skip
    client.force_login(head)

    late = days((timezone.localdate() - report.review_due).days).replace(NBSP, " ")
    assert late in text(client.get("/office/"), "main")
    assert "Область опаздывает" in text(client.get("/office/"), "main")
    assert "Область опаздывает" in text(browser(approver).get("/office/"), "main")


def test_office_of_another_town_knows_nothing_of_it(town, outsider, head):
    many_measures(town, 2)
    factories.report(factories.measure(town), by=head, status="submitted", period="q2", submitted_at=timezone.now())

    context = browser(outsider).get("/office/").context

    assert (context["owed_total"], context["waiting"], context["drafts"], context["published"]) == (0, [], [], [])


def test_office_of_the_region_names_who_has_not_reported(town, other_town, approver):
    many_measures(town, 3)
    many_measures(other_town, 1)

    context = browser(approver).get("/office/").context

    assert [(row["municipality__name"], row["owed"], row["late"]) for row in context["owing"]] == [
        ("Сызрань", 3, 3), ("Чапаевск", 1, 1),
    ]  # fmt: skip
    assert (context["ownerless_total"], context["silent_total"]) == (4, 4)


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize(
    ("who", "address", "queries"),
    [("head", "/office/", 13), ("head", "/office/measures/", 6), ("approver", "/office/", 14)],
)
def test_office_costs_the_same_for_any_number_of_measures(
    request, town, approver, editor, who, address, queries, number, django_assert_num_queries
):
    cycle = many_measures(town, number)
    for row in cycle.expected.all():
        factories.report(row.measure, by=editor, period="q2", status="submitted", submitted_at=timezone.now())
    person = request.getfixturevalue(who)
    client = browser(person)
    client.get("/office/")

    with django_assert_num_queries(queries):
        response = client.get(address)

    assert response.status_code == 200
    assert ProgressReport.objects.count() == number


def test_office_asks_nothing_of_a_measure_that_was_cancelled(client, town, head):
    cycle = many_measures(town, 2)
    Measure.objects.filter(pk=cycle.expected.first().measure_id).update(status="cancelled")
    client.force_login(head)

    assert client.get("/office/").context["owed_total"] == 1


def test_home_asks_each_side_for_its_word(client, town, head, editor, approver, region_editor, wg_member):
    link = factories.link(factories.priority(factories.strategy(town)), factories.measure(town, title="Аллея"))
    factories.commitment(link, "region", days=12)

    for person in (head, editor):
        client.force_login(person)
        assert "Подтвердите, что даёт город область ждёт 12 дней Аллея Все обязательства" in text(
            client.get("/office/"), "main"
        )
    for person in (approver, region_editor, wg_member):
        client.force_login(person)
        assert "Подтвердите" not in text(client.get("/office/"), "main")

    factories.commitment(link, "town", status="draft")
    client.force_login(head)
    assert "Черновики: 1" in text(client.get("/office/"), "main")
    link.commitments.filter(side="town").update(status="confirmed", published_at=timezone.now())
    assert "Подтвердите" not in text(client.get("/office/"), "main")
    link.commitments.filter(side="region").update(status="draft")
    client.force_login(approver)
    assert (
        "Подтвердите, что даёт область Сызрань ждёт с сегодняшнего дня Аллея Все обязательства. Черновики: 1"
        in text(client.get("/office/"), "main")
    )
