"""Sessions as a calendar for phones and mail programs (RFC 5545)."""

import datetime
import functools
import logging
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Max, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from icalendar import Calendar, Event, Timezone

from sessions.models import Session

logger = logging.getLogger(__name__)
TYPE = "text/calendar; charset=utf-8"
REFRESH = datetime.timedelta(hours=12)


def for_calendar(sessions):
    """Public sessions whose day is known, with the moment of their last change; earliest first."""
    steps = Session.history.filter(id=OuterRef("pk")).order_by().values("id")
    return (
        sessions.filter(starts_at__isnull=False)
        .annotate(changed_at=Coalesce(Subquery(steps.annotate(at=Max("history_date")).values("at")), "created_at"))
        .select_related("municipality", "host")
        .order_by("starts_at", "pk")
    )


def calendar(name, sessions, *, page):
    """The text of a calendar.

    Args:
        name: what people see it called.
        sessions: from `for_calendar`.
        page: gives the whole address of a path.
    """
    found = Calendar()
    found.add("prodid", f"-//{_host()}//sessions//RU")
    found.add("version", "2.0")
    found.add("calscale", "GREGORIAN")
    found.add("x-wr-calname", name)
    found.add("x-wr-timezone", timezone.get_current_timezone_name())
    found.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    found.add("x-published-ttl", "PT12H")  # what Outlook reads instead
    for session in sessions:
        try:
            event = _event(session, page)
            event.to_ical()
        except (ValueError, OverflowError):  # one bad row never breaks the calendar of everybody
            logger.exception("A session does not fit into a calendar: %s", session.pk)
        else:
            found.add_component(event)
    for name in sorted(found.get_missing_tzids()):
        found.subcomponents.insert(0, _zone(name))
    return found.to_ical()


@functools.cache
def _zone(name):
    """The rules of a time zone as a calendar carries them; found once, by going through the hours of seventy years."""
    return Timezone.from_tzid(name)


def _host():
    return urlsplit(settings.SITE_URL).hostname or "localhost"


def _event(session, page):
    event = Event()
    # The number of the record outlives a new title, date and address: programs know the meeting again.
    event.add("uid", f"session-{session.pk}@{_host()}")
    event.add("dtstamp", session.changed_at.astimezone(datetime.UTC))
    event.add("last-modified", session.changed_at.astimezone(datetime.UTC))
    event.add("sequence", session.row_version)
    event.add("status", "CANCELLED" if session.status == Session.Status.CANCELLED else "CONFIRMED")
    event.add("summary", session.title)
    _add_time(event, session)
    place = ", ".join(part for part in (session.venue, session.place or _town(session)) if part)
    if place:
        event.add("location", place)
    if session.latitude is not None and session.longitude is not None:
        event.add("geo", (float(session.latitude), float(session.longitude)))
    event.add("url", page(session.get_absolute_url()))
    if session.summary:
        event.add("description", session.summary)
    event.add("categories", [str(session.get_kind_display())])
    return event


def _town(session):
    town = session.municipality or session.host
    return town.shown_name if town else ""


def _add_time(event, session):
    """The hours in local time, or days only where the hours are not known."""
    start = timezone.localtime(session.starts_at)
    end = timezone.localtime(session.ends_at) if session.ends_at else None
    if session.has_time:
        event.add("dtstart", start)
        if end and end > start:
            event.add("dtend", end)
        return
    event.add("dtstart", start.date())
    # The end of days is the first day that does not belong to them.
    event.add("dtend", (end or start).date() + datetime.timedelta(days=1))
