"""When a session is over: the page, the lists, the door and the calendar mean the same."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from exchange.calendar import calendar, for_calendar
from sessions.models import Session
from sessions.models.session import ahead, over
from tests import factories

DAY = datetime.date(2026, 6, 18)


def moment(day, hour, minute=0):
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(hour, minute)))


EVENING = {"starts_at": moment(DAY, 18), "ends_at": moment(DAY, 21)}
ALL_DAY = {"starts_at": moment(DAY, 0), "has_time": False}
TWO_DAYS = ALL_DAY | {"ends_at": moment(DAY + datetime.timedelta(days=1), 0)}
NEXT = DAY + datetime.timedelta(days=1)


@pytest.mark.invariant(72)
@pytest.mark.parametrize(
    ("dates", "now", "is_over"),
    [
        (EVENING, moment(DAY, 17, 59), False), (EVENING, moment(DAY, 19), False), (EVENING, moment(DAY, 21), True),
        ({"starts_at": moment(DAY, 18)}, moment(DAY, 17, 59), False),
        ({"starts_at": moment(DAY, 18)}, moment(DAY, 18), True),
        (ALL_DAY, moment(DAY, 0), False), (ALL_DAY, moment(DAY, 9), False), (ALL_DAY, moment(DAY, 23, 59), False),
        (ALL_DAY, moment(NEXT, 0), True),
        (TWO_DAYS, moment(NEXT, 23, 59), False), (TWO_DAYS, moment(NEXT + datetime.timedelta(days=1), 0), True),
    ],
)  # fmt: skip
def test_record_and_database_agree_on_what_is_over(town, dates, now, is_over):
    session = factories.session(town, status="announced", **dates)
    found = Session.objects.filter(pk=session.pk)

    assert session.is_over(now) is is_over
    assert (found.filter(over(now)).exists(), found.filter(ahead(now)).exists()) == (is_over, not is_over)
    assert list(Session.objects.upcoming(now)) == ([] if is_over else [session])


def test_session_without_a_date_is_neither_ahead_nor_over(town):
    session = factories.session(town, status="planned", starts_at=None)
    now = timezone.now()

    assert not Session.objects.filter(ahead(now) | over(now)).exists()
    assert session.is_over(now) is False


def test_session_of_today_stands_under_what_is_to_come(client, town):
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    session = factories.session(town, status="announced", starts_at=today, has_time=False)

    assert client.get("/sessions/").context["ahead"] == [session]
    assert list(client.get("/").context["upcoming"]) == [session]
    assert client.get(town.get_absolute_url()).context["meeting"] == session


@pytest.mark.parametrize("year", [1, 202, 1899, 2201, 9999])
@pytest.mark.parametrize("name", ["starts_at", "ends_at"])
def test_session_of_an_impossible_year_is_refused(town, year, name):
    session = factories.session(town, status="planned", **EVENING)
    setattr(session, name, datetime.datetime(year, 6, 18, 12, tzinfo=datetime.UTC))

    with pytest.raises(ValidationError) as refusal:
        session.full_clean()

    assert "Год сессии — от 1900 до 2200." in refusal.value.messages


def test_calendar_leaves_out_a_row_that_no_calendar_can_hold(town, caplog):
    good = factories.session(town, status="announced", title="Обычная", **EVENING)
    bad = factories.session(town, status="announced", title="Опрос", has_time=False)
    Session.objects.filter(pk=bad.pk).update(
        starts_at=moment(DAY, 0), ends_at=datetime.datetime(9999, 12, 31, 12, tzinfo=datetime.UTC)
    )

    text = calendar("Сессии", for_calendar(Session.objects.all()), page=str).decode()

    assert (f"session-{good.pk}@" in text, f"session-{bad.pk}@" in text) == (True, False)
    assert "does not fit into a calendar" in caplog.text
