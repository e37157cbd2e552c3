"""Reporting periods and the dates by which reports on them are due. Pure functions: no queries, no clock.

Customs behind the defaults (`docs/numbers.md`): a quarter by the 15th of the next month, cumulative; a year by 1 March.
A due date that falls on a day off moves to the next working day, as terms do (ГК РФ, art. 193).
"""

import calendar
import datetime
from functools import lru_cache

import holidays
from django.db import models
from django.utils.translation import gettext_lazy as _


class Period(models.TextChoices):
    """What stretch of a year a report is about."""

    Q1 = "q1", _("I квартал")
    Q2 = "q2", _("II квартал")
    Q3 = "q3", _("III квартал")
    Q4 = "q4", _("IV квартал")
    H1 = "h1", _("I полугодие")
    H2 = "h2", _("II полугодие")
    YEAR = "year", _("год")


class Rhythm(models.TextChoices):
    """How often a programme is reported on."""

    QUARTER = "quarter", _("раз в квартал")
    HALF = "half", _("раз в полгода")
    YEAR = "year", _("раз в год")


MONTHS = {
    Period.Q1: (1, 3),
    Period.Q2: (4, 6),
    Period.Q3: (7, 9),
    Period.Q4: (10, 12),
    Period.H1: (1, 6),
    Period.H2: (7, 12),
    Period.YEAR: (1, 12),
}
OF_RHYTHM = {
    Rhythm.QUARTER: (Period.Q1, Period.Q2, Period.Q3, Period.Q4),
    Rhythm.HALF: (Period.H1, Period.H2),
    Rhythm.YEAR: (Period.YEAR,),
}
# A period with the usual time to report on it: longer without a word is silence.
SILENT_AFTER_DAYS = {Rhythm.QUARTER: 92 + 15, Rhythm.HALF: 184 + 15, Rhythm.YEAR: 366 + 60}


def bounds(year, period):
    """(first day, last day) of a period."""
    first, last = MONTHS[Period(period)]
    return datetime.date(year, first, 1), datetime.date(year, last, calendar.monthrange(year, last)[1])


def label(year, period):
    """«III квартал 2026 года», «2026 год»."""
    if period == Period.YEAR:
        return _("%(year)s год") % {"year": year}
    return _("%(period)s %(year)s года") % {"period": Period(period).label, "year": year}


def code(year, period):
    """The period in an address: `2026-q3`."""
    return f"{year}-{period}"


def parse(text):
    """(year, period) of `2026-q3`.

    Raises:
        ValueError: it is not a period.
    """
    year, _dash, period = text.partition("-")
    if len(year) != 4 or not year.isascii() or not year.isdigit() or year == "0000":
        raise ValueError(text)
    return int(year), Period(period)


def last_finished(rhythm, on):
    """(year, period) of the last period of a rhythm that ended before a date."""
    ended = [
        (year, period)
        for year in (on.year - 1, on.year)
        for period in OF_RHYTHM[Rhythm(rhythm)]
        if bounds(year, period)[1] < on
    ]
    return ended[-1]


@lru_cache(maxsize=32)
def _days_off(year):
    # Both the Labour Code's holidays and the Government's yearly moves of days off, as the library knows them.
    return holidays.Russia(years=year)


def is_working(day):
    """Whether a day is a working one in Russia: weekends, holidays and moved days off are not."""
    return _days_off(day.year).is_working_day(day)


def working_day_from(day):
    """The day itself if it is a working one, else the next working day."""
    while not is_working(day):
        day += datetime.timedelta(days=1)
    return day


def after_working_days(day, number):
    """The working day that comes that many working days after a day."""
    for _step in range(number):
        day = working_day_from(day + datetime.timedelta(days=1))
    return day


def due_day(year, period, *, report_day, year_report_month, year_report_day):
    """The day by which a report on a period is due, moved to a working day.

    Args:
        year, period: what is reported on.
        report_day: day of the month after a quarter or a half year.
        year_report_month, year_report_day: month and day of the next year for a year.
    """
    last = bounds(year, period)[1]
    if period == Period.YEAR:
        month_of, month, day = last.year + 1, year_report_month, year_report_day
    else:
        month_of, month, day = (last.year + last.month // 12), last.month % 12 + 1, report_day
    return working_day_from(datetime.date(month_of, month, min(day, calendar.monthrange(month_of, month)[1])))
