"""A session that everybody saw stays: no step, no form and no deletion takes it away."""

import datetime

import pytest
import vobject
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from sessions.models import Decision, Session
from tests import factories
from tests.refusals import codes

S = Session.Status
SECRET = "Поручение с приметой"
PUBLIC = sorted(Session.PUBLIC)


def of_status(owner, status, **fields):
    """A session in a state, with what the state asks for."""
    starts_at = timezone.now() + datetime.timedelta(days=10 if status in {S.PLANNED, S.ANNOUNCED} else -10)
    if status == S.OUTCOME:
        fields |= {"minutes": factories.document(owner, kind="minutes"), "outcome": "Решили."}
    return factories.session(owner, **({"status": status, "starts_at": starts_at} | fields))


def events(client):
    """{uid: status} of the calendar."""
    cache.clear()
    found = vobject.readOne(client.get("/calendar.ics").content.decode())
    return {event.uid.value: event.status.value for event in found.contents.get("vevent", [])}


@pytest.mark.invariant(46)
def test_decisions_are_public_with_the_published_outcome_only(client, town, region):
    regional, own, measures = factories.session(region), {}, {}
    for status in S:
        session = of_status(town, status, gathered_in=regional)
        measures[status] = factories.measure(town)
        factories.make(Decision, session=session, number=1, text=f"{SECRET} {status}", measure=measures[status])
        own[status] = [session.get_absolute_url(), reverse("sessions:session_results", args=[session.slug])]
    pages = [
        *sum(own.values(), []), *(measure.get_absolute_url() for measure in measures.values()),
        regional.get_absolute_url(), reverse("sessions:session_results", args=[regional.slug]),
        town.get_absolute_url(), reverse("sessions:results"), reverse("sessions:session_list"), reverse("calendar:all"),
    ]  # fmt: skip

    said = {page: client.get(page).content.decode() for page in pages}

    showing = {status: {page for page in pages if f"{SECRET} {status}" in said[page]} for status in S}
    assert [one.session.status for one in Decision.objects.public()] == [S.OUTCOME]
    assert showing.pop(S.OUTCOME) >= set(own[S.OUTCOME])
    assert set().union(*showing.values()) == set()


@pytest.mark.invariant(47)
def test_no_step_leads_a_public_session_out_of_sight():
    assert {target for source, target in Session.TRANSITIONS if source in Session.PUBLIC} <= Session.PUBLIC
    assert {S.ANNOUNCED, S.CANCELLED} <= Session.PUBLIC


@pytest.mark.invariant(47)
def test_calendar_holds_a_session_in_every_public_state(client, town):
    found = {status: of_status(town, status) for status in S}

    assert events(client) == {
        f"session-{found[status].pk}@towns.example.ru": "CANCELLED" if status == S.CANCELLED else "CONFIRMED"
        for status in PUBLIC
    }


@pytest.mark.invariant(47)
@pytest.mark.parametrize("status", PUBLIC)
def test_public_session_does_not_lose_its_day(town, status):
    session = of_status(town, status)
    session.starts_at = None

    assert codes(session.full_clean) == ["day_is_known"]
    session.refresh_from_db()
    session.full_clean()


def test_day_that_is_not_known_may_stay_so_and_a_planned_session_may_lose_it(town):
    undated, planned = factories.session(town, starts_at=None), of_status(town, S.PLANNED)
    planned.starts_at = None

    undated.full_clean()
    planned.full_clean()


@pytest.mark.invariant(47)
def test_public_session_is_not_deleted_in_the_workshop(client, town, region_editor, approver, admin_user):
    public = [of_status(town, status) for status in PUBLIC]
    pages = [reverse("admin:discussions_session_delete", args=[session.pk]) for session in public]

    for official in (region_editor, approver, admin_user):
        client.force_login(official)
        assert [client.post(page, {"post": "yes"}).status_code for page in pages] == [403] * len(pages)
    assert Session.objects.filter(pk__in=[session.pk for session in public]).count() == len(public)
