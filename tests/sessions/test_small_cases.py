"""Sessions that are moved, called alike or after a page; a hall that writes from one network."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.urls import get_resolver, resolve
from django.utils import timezone

from municipalities.addresses import leads_to
from sessions import gate
from sessions.models import Proposal, Session
from sessions.views.office_sessions import free_slug
from tests import factories
from tests.pages import texts
from tests.sessions.proposing import send
from tests.sessions.test_views_office_sessions import browser, page
from tests.test_personal_data import routes

NOW = timezone.now()


def soon(hours):
    """A moment some hours from now, to the minute."""
    return (NOW + datetime.timedelta(hours=hours)).replace(second=0, microsecond=0)


def announced(town, **fields):
    return factories.session(town, **({"status": "announced", "starts_at": soon(48)} | fields))


def test_session_that_moves_asks_for_the_last_day_of_proposals_too(town, head):
    until, later = timezone.localdate(soon(24)), soon(24 * 60)
    session = announced(town, proposals_until=until)
    data = {"do": "move_date", "date-seen_version": 1, "date-reason": "Паводок",
            "date-starts_at": f"{timezone.localtime(later):%Y-%m-%dT%H:%M}"}  # fmt: skip

    silent = browser(head).post(page(session), data)
    browser(head).post(page(session), data | {"date-proposals_until": f"{later:%Y-%m-%d}"})

    assert (silent.status_code, silent.context["date_form"].errors["proposals_until"]) == (
        422, ["Назовите последний день."],
    )  # fmt: skip
    session.refresh_from_db()
    assert (session.starts_at, session.proposals_until) == (later, later.date())


def test_last_day_of_proposals_is_asked_by_the_model_and_only_where_one_was_named(town, head):
    named, bare = announced(town, proposals_until=timezone.localdate()), announced(town)

    with pytest.raises(ValidationError, match="последний день для предложений"):
        named.move_date(soon(90), None, by=head, reason="Паводок")
    bare.move_date(soon(90), None, by=head, reason="Паводок")

    assert "proposals_until" not in browser(head).get(page(bare)).context["date_form"].fields


@pytest.mark.parametrize(
    ("fields", "is_hall"),
    [
        ({"starts_at": soon(2), "place": "ДК"}, True),
        ({"starts_at": soon(-20), "ends_at": soon(-2), "venue": "ДК"}, True),
        ({"starts_at": soon(0), "has_time": False, "place": "ДК"}, True),
        ({"starts_at": soon(5), "place": "ДК"}, False),
        ({"starts_at": soon(-24 * 9), "ends_at": soon(24), "place": "ДК"}, False),
        ({"starts_at": soon(2)}, False),
    ],
    ids=["soon", "just over", "its day", "later", "lasts weeks", "no place"],
)
def test_hall_of_a_session_writes_from_one_network_in_its_hours_only(client, town, settings, fields, is_hall):
    settings.PROPOSALS_PER_HOUR = 1
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    session = announced(town, proposals_until=tomorrow, **fields)

    codes = [send(client, session, text=f"Лавка {number}").status_code for number in range(4)]

    assert codes == ([200] * 4 if is_hall else [200, 429, 429, 429])


def test_hall_has_a_limit_too_and_opens_no_other_form(client, town, settings, monkeypatch):
    settings.PROPOSALS_PER_HOUR = 1
    monkeypatch.setattr(gate, "TIMES_IN_HALL", 3)
    town.takes_proposals = True
    town.save()
    session = announced(town, starts_at=soon(1), place="ДК")

    codes = [send(client, session, text=f"Лавка {number}").status_code for number in range(4)]

    assert (codes, send(client, town).status_code) == ([200, 200, 200, 429], 429)
    assert Proposal.objects.count() == 3


def test_sessions_of_one_title_are_told_apart_where_they_are_chosen(client, town, other_town, head):
    for owner in (town, other_town):
        session = factories.session(owner, title="Сессия")
        factories.proposal(owner, session=session)
    factories.session(town, title="Сессия", starts_at=None, date_note="весна 2019")

    public = texts(client.get("/proposals/"), "option")
    office = texts(browser(head).get("/office/proposals/"), "option")

    own = ["Сессия, Сызрань, 22.06.2018", "Сессия, Сызрань, весна 2019"]
    assert sorted(one for one in public if "Сессия" in one) == [*own, "Сессия, Чапаевск, 22.06.2018"]
    assert sorted(one for one in office if "Сессия" in one) == own


def reserved():
    """{what stands before a slug in the addresses of the site: the words of the pages beside it}."""
    whole = [route.removesuffix("/") for route in routes(get_resolver())]
    parents = {route.split("/<slug:slug>")[0] for route in whole if "/<slug:slug>" in route}
    found = {}
    for parent in parents:
        words = {route.removeprefix(f"{parent}/").split("/")[0] for route in whole if route.startswith(f"{parent}/")}
        found[parent] = {word for word in words if word and "<" not in word and "." not in word}
    return found


def test_word_of_a_page_is_no_slug(town):
    words, models = reserved(), {"sessions": Session, "towns": type(town)}

    assert words["sessions"] == {"results"}
    taken = [(parent, word) for parent in models for word in words[parent] if leads_to(models[parent](slug=word))]
    assert (taken, leads_to(town)) == ([], True)
    assert {parent for parent, beside in words.items() if beside} <= {*models, "office/towns"}


@pytest.mark.parametrize("title", ["Results", "results", "Итоги"])
def test_session_called_after_a_page_has_an_address_of_its_own(client, town, title):
    session = factories.session(town, title=title, slug=free_slug(title))

    assert resolve(session.get_absolute_url()).kwargs == {"slug": session.slug}
    assert title in client.get(session.get_absolute_url()).content.decode()


def test_slug_of_a_page_is_refused_in_words(town):
    session = factories.session(town)
    session.slug = "results"

    with pytest.raises(ValidationError, match="стоит другая страница сайта"):
        session.full_clean()
