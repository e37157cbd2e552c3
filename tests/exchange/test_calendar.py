"""Calendars as an independent program reads them (vobject), and as the bytes on the wire."""

import datetime

import pytest
import vobject
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from sessions.models import Session
from tests import factories

ALL = "/calendar.ics"


def read(response):
    """The calendar of an answer, valid by the standard."""
    assert response.status_code == 200
    found = vobject.readOne(response.content.decode())
    found.validate(raiseException=True)
    return found


def events(response):
    found = read(response)
    return found.vevent_list if "vevent" in found.contents else []


def event(response):
    (found,) = events(response)
    return found


def soon(days=10, hour=6):
    return (timezone.now() + datetime.timedelta(days=days)).replace(hour=hour, minute=0, second=0, microsecond=0)


def announced(town, **fields):
    return factories.session(town, **({"status": Session.Status.ANNOUNCED, "starts_at": soon()} | fields))


def test_calendar_event_tells_what_where_and_when(client, town):
    session = announced(
        town, title="О набережной", summary="Что делать с берегом; и когда, где", ends_at=soon(hour=9),
        venue="Дом культуры", place="ул. Победы, 68", latitude="53.155800", longitude="48.474500",
    )  # fmt: skip

    found = event(client.get(ALL))

    assert found.summary.value == "О набережной"
    assert found.description.value == "Что делать с берегом; и когда, где"
    assert found.location.value == "Дом культуры, ул. Победы, 68"
    assert found.geo.value == "53.1558;48.4745"
    assert found.url.value == f"http://testserver{session.get_absolute_url()}"
    assert found.status.value == "CONFIRMED"
    assert (found.dtstart.value, found.dtend.value) == (session.starts_at, session.ends_at)
    assert found.dtstart.value.hour == 10
    assert found.dtstart.serialize().startswith("DTSTART;TZID=Europe/Samara:")


def test_calendar_has_the_rules_of_its_time_zone(client, town):
    announced(town)

    assert [zone.tzid.value for zone in read(client.get(ALL)).vtimezone_list] == ["Europe/Samara"]


@pytest.mark.parametrize(("last", "days"), [(None, 1), (2, 3)])
def test_calendar_names_days_only_where_the_hour_is_not_known(client, town, last, days):
    start = soon()
    announced(town, starts_at=start, has_time=False, ends_at=start + datetime.timedelta(days=last) if last else None)

    found = event(client.get(ALL))

    first = timezone.localtime(start).date()
    assert (found.dtstart.value, found.dtend.value) == (first, first + datetime.timedelta(days=days))
    assert type(found.dtstart.value) is datetime.date
    assert "DTSTART;VALUE=DATE:" in client.get(ALL).content.decode()


def test_calendar_keeps_the_event_and_raises_its_number_when_the_session_changes(client, town, head, committed):
    session = announced(town)
    before = event(client.get(ALL))

    with committed():
        session.move_date(soon(20), None, by=head, reason="Ремонт зала")
    after = event(client.get(ALL))

    assert after.uid.value == before.uid.value
    assert int(after.sequence.value) > int(before.sequence.value)
    assert after.last_modified.value >= before.last_modified.value
    assert after.dtstart.value == session.starts_at


@pytest.mark.invariant(47)
def test_calendar_cancels_a_session_instead_of_dropping_it(client, town, head, committed):
    session = announced(town)
    before = event(client.get(ALL))

    with committed():
        session.move_to(Session.Status.CANCELLED, by=head, reason="Нет зала")
    after = event(client.get(ALL))

    assert (before.status.value, after.status.value) == ("CONFIRMED", "CANCELLED")
    assert after.uid.value == before.uid.value
    assert int(after.sequence.value) > int(before.sequence.value)


def test_calendar_lines_are_folded_and_end_as_the_standard_says(client, town):
    announced(town, title="Очень длинное название сессии о набережной и её будущем " * 4, summary="Ещё длиннее, " * 60)

    response = client.get(ALL)

    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response.content.count(b"\n") == response.content.count(b"\r\n")
    lines = response.content.split(b"\r\n")
    assert max(len(line) for line in lines) <= 75
    assert [line.decode() for line in lines if line.startswith(b" ")] != []
    assert event(response).summary.value == ("Очень длинное название сессии о набережной и её будущем " * 4)


def test_calendar_holds_public_dated_sessions_of_living_regions_only(client, town, other_region):
    announced(town, title="Видно")
    factories.session(town, title="Прошла")
    factories.session(town, title="Тайная", status="planned", starts_at=soon())
    factories.session(town, title="Без даты", starts_at=None)
    other_region.is_active = False
    other_region.save()
    factories.session(other_region, title="Чужая")

    assert [found.summary.value for found in events(client.get(ALL))] == ["Прошла", "Видно"]


def test_calendar_of_a_town_holds_what_it_leads_hosts_and_attends(client, town, other_town, region):
    factories.session(town, title="Своя")
    factories.session(region, title="Принимает", host=town)
    factories.session(region, title="Участвует").towns.add(town)
    factories.session(other_town, title="Чужая")

    found = {one.summary.value for one in events(client.get("/towns/syzran/calendar.ics"))}

    assert found == {"Своя", "Принимает", "Участвует"}
    assert client.get("/towns/nowhere/calendar.ics").status_code == 404


def test_calendar_of_a_session_holds_it_alone(client, town):
    session = announced(town, title="О набережной")
    announced(town)
    draft = factories.session(town, status="planned", starts_at=soon())
    undated = factories.session(town, starts_at=None)

    assert event(client.get(f"/sessions/{session.slug}/session.ics")).summary.value == "О набережной"
    for hidden in (draft, undated):
        assert client.get(f"/sessions/{hidden.slug}/session.ics").status_code == 404


def test_empty_calendar_is_a_calendar(client, db):
    assert events(client.get(ALL)) == []


def test_calendar_is_kept_and_answers_conditionally(client, town):
    announced(town)
    first = client.get(ALL)

    again = client.get(ALL)
    unchanged = client.get(ALL, headers={"If-None-Match": first["ETag"]})

    assert (again.content, again["Content-Type"]) == (first.content, first["Content-Type"])
    assert (unchanged.status_code, unchanged.content) == (304, b"")


def test_calendar_links_stand_on_the_pages(client, town):
    session = announced(town)
    undated = factories.session(town, starts_at=None)

    assert f'href="/sessions/{session.slug}/session.ics"' in client.get(session.get_absolute_url()).content.decode()
    assert "session.ics" not in client.get(undated.get_absolute_url()).content.decode()
    assert 'href="/towns/syzran/calendar.ics"' in client.get("/towns/syzran/").content.decode()
    assert 'href="/calendar.ics"' in client.get("/sessions/").content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_calendars_cost_the_same_queries(client, town, rows):
    for _one in range(rows):
        session = announced(town)

    def cost(page):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(page).status_code == 200
        return len(queries)

    assert [cost(page) for page in (ALL, "/towns/syzran/calendar.ics", f"/sessions/{session.slug}/session.ics")] == [
        2, 3, 3,
    ]  # fmt: skip
