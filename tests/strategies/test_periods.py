"""Periods and the days by which reports are due: by the calendar of Russia, with its moved days off."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategies import periods
from strategies.periods import Period, Rhythm

DAY = datetime.timedelta(days=1)
CUSTOM = {"report_day": 15, "year_report_month": 3, "year_report_day": 1}

DAYS = st.dates(datetime.date(2020, 1, 1), datetime.date(2035, 12, 31))
YEARS = st.integers(2020, 2034)
SETTINGS = st.fixed_dictionaries(
    {"report_day": st.integers(1, 31), "year_report_month": st.integers(1, 12), "year_report_day": st.integers(1, 31)}
)


def day(text):
    return datetime.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        ("q1", "2028-01-01", "2028-03-31"),
        ("q2", "2028-04-01", "2028-06-30"),
        ("q3", "2028-07-01", "2028-09-30"),
        ("q4", "2028-10-01", "2028-12-31"),
        ("h1", "2028-01-01", "2028-06-30"),
        ("h2", "2028-07-01", "2028-12-31"),
        ("year", "2028-01-01", "2028-12-31"),
    ],
)
def test_period_has_its_first_and_last_day(period, first, last):
    assert periods.bounds(2028, period) == (day(first), day(last))


@given(year=YEARS, rhythm=st.sampled_from(Rhythm))
def test_periods_of_a_rhythm_fill_a_year_without_gaps(year, rhythm):
    bounds = [periods.bounds(year, period) for period in periods.OF_RHYTHM[rhythm]]

    assert (bounds[0][0], bounds[-1][1]) == (datetime.date(year, 1, 1), datetime.date(year, 12, 31))
    assert [end + DAY for _start, end in bounds[:-1]] == [start for start, _end in bounds[1:]]


def test_every_rhythm_has_periods_of_its_own_and_a_time_of_silence():
    known = [period for rhythm in Rhythm for period in periods.OF_RHYTHM[rhythm]]

    assert sorted(known) == sorted(Period)
    assert periods.SILENT_AFTER_DAYS == {"quarter": 107, "half": 199, "year": 426}


# ——— The calendar ———


@pytest.mark.parametrize(
    ("text", "working"),
    [
        ("2026-11-24", True),  # an ordinary Tuesday
        ("2026-11-28", False),  # an ordinary Saturday
        ("2026-01-08", False),  # New Year holidays
        ("2026-01-09", False),  # a day off moved from Saturday 3 January
        ("2026-01-12", True),
        ("2026-02-23", False),
        ("2026-03-09", False),  # 8 March was a Sunday
        ("2026-05-11", False),  # 9 May was a Saturday
        ("2026-05-12", True),
        ("2026-06-12", False),
        ("2026-11-04", False),
        ("2026-12-31", False),  # a day off moved from Sunday 4 January
        ("2027-01-08", False),
        ("2027-01-11", True),
        ("2027-02-20", True),  # a working Saturday, for the Monday after it
        ("2027-02-22", False),
        ("2027-02-27", False),  # an ordinary Saturday
        ("2027-11-05", False),  # a day off moved from Saturday 2 January
        ("2027-12-31", False),
    ],
)
def test_working_days_follow_the_calendar_of_russia(text, working):
    assert periods.is_working(day(text)) is working


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-24", "2026-11-24"),
        ("2026-12-31", "2027-01-11"),  # over the holidays and the year
        ("2027-02-20", "2027-02-20"),
        ("2027-02-21", "2027-02-24"),
        ("2026-05-09", "2026-05-12"),
    ],
)
def test_day_off_moves_to_the_next_working_day(text, expected):
    assert periods.working_day_from(day(text)) == day(expected)


@pytest.mark.parametrize(
    ("text", "number", "expected"),
    [
        ("2026-11-24", 0, "2026-11-24"),
        ("2026-11-28", 0, "2026-11-28"),  # nothing is counted, nothing is moved
        ("2026-11-24", 5, "2026-12-01"),
        ("2026-11-28", 1, "2026-11-30"),
        ("2026-12-30", 1, "2027-01-11"),
        ("2027-02-19", 1, "2027-02-20"),  # the working Saturday counts
        ("2027-02-19", 2, "2027-02-24"),
        ("2026-04-29", 5, "2026-05-07"),  # 1 May is left out, the ninth is not reached
        ("2026-05-07", 2, "2026-05-12"),
    ],
)
def test_working_days_are_counted_after_a_day(text, number, expected):
    assert periods.after_working_days(day(text), number) == day(expected)


# ——— When reports are due ———


@pytest.mark.parametrize(
    ("year", "period", "expected"),
    [
        (2025, "q4", "2026-01-15"),
        (2025, "h2", "2026-01-15"),
        (2025, "year", "2026-03-02"),  # 1 March is a Sunday
        (2026, "q1", "2026-04-15"),
        (2026, "q2", "2026-07-15"),
        (2026, "h1", "2026-07-15"),
        (2026, "q3", "2026-10-15"),
        (2026, "q4", "2027-01-15"),
        (2026, "h2", "2027-01-15"),
        (2026, "year", "2027-03-01"),
        (2027, "q1", "2027-04-15"),
        (2027, "q2", "2027-07-15"),
        (2027, "q3", "2027-10-15"),
    ],
)
def test_report_is_due_by_custom(year, period, expected):
    assert periods.due_day(year, period, **CUSTOM) == day(expected)


@pytest.mark.parametrize(
    ("year", "period", "changes", "expected"),
    [
        (2026, "q4", {"report_day": 1}, "2027-01-11"),  # over the holidays
        (2025, "q4", {"report_day": 9}, "2026-01-12"),  # over a moved day off
        (2026, "q1", {"report_day": 31}, "2026-04-30"),  # April has 30 days
        (2026, "year", {"year_report_day": 20, "year_report_month": 2}, "2027-02-20"),  # a working Saturday
        (2026, "year", {"year_report_day": 22, "year_report_month": 2}, "2027-02-24"),
        (2026, "year", {"year_report_day": 31, "year_report_month": 2}, "2027-03-01"),  # 28 February is a Sunday
        (2027, "year", {"year_report_day": 31, "year_report_month": 2}, "2028-02-29"),
        (2026, "year", {"year_report_day": 31, "year_report_month": 12}, "2028-01-10"),  # into the year after
    ],
)
def test_report_is_due_by_the_settings_of_a_programme(year, period, changes, expected):
    assert periods.due_day(year, period, **(CUSTOM | changes)) == day(expected)


@given(year=YEARS, period=st.sampled_from(Period), settings=SETTINGS)
def test_due_day_is_a_working_day_after_the_period_and_never_before_the_set_one(year, period, settings):
    due = periods.due_day(year, period, **settings)

    last = periods.bounds(year, period)[1]
    month = settings["year_report_month"] if period == Period.YEAR else (last + DAY).month
    number = settings["year_report_day"] if period == Period.YEAR else settings["report_day"]
    first_of_month = datetime.date(last.year if month > last.month else last.year + 1, month, 1)
    end_of_month = (first_of_month + 31 * DAY).replace(day=1) - DAY
    nominal = min(first_of_month + (number - 1) * DAY, end_of_month)
    assert periods.is_working(due)
    assert due > last
    assert due >= nominal
    assert [one for one in range((due - nominal).days) if periods.is_working(nominal + one * DAY)] == []


@given(start=DAYS, number=st.integers(0, 30))
def test_working_days_after_a_day_are_exactly_so_many(start, number):
    end = periods.after_working_days(start, number)

    passed = [start + one * DAY for one in range(1, (end - start).days + 1)]
    assert sum(map(periods.is_working, passed)) == number
    assert end == start or periods.is_working(end)


@given(first=DAYS, second=DAYS, number=st.integers(0, 15), more=st.integers(0, 15))
def test_working_days_after_a_later_day_come_no_sooner(first, second, number, more):
    first, second = sorted((first, second))

    assert periods.after_working_days(first, number) <= periods.after_working_days(second, number)
    assert periods.after_working_days(first, number) <= periods.after_working_days(first, number + more)


# ——— Which period is reported on ———


@pytest.mark.parametrize(
    ("rhythm", "text", "expected"),
    [
        ("quarter", "2026-01-01", (2025, "q4")),
        ("quarter", "2026-03-31", (2025, "q4")),  # the last day of a period still belongs to it
        ("quarter", "2026-04-01", (2026, "q1")),
        ("quarter", "2026-11-24", (2026, "q3")),
        ("quarter", "2026-12-31", (2026, "q3")),
        ("quarter", "2027-01-01", (2026, "q4")),
        ("half", "2026-06-30", (2025, "h2")),
        ("half", "2026-07-01", (2026, "h1")),
        ("half", "2026-12-31", (2026, "h1")),
        ("half", "2027-01-01", (2026, "h2")),
        ("year", "2026-01-01", (2025, "year")),
        ("year", "2026-12-31", (2025, "year")),
        ("year", "2027-01-01", (2026, "year")),
    ],
)
def test_last_finished_period_changes_at_its_border(rhythm, text, expected):
    assert periods.last_finished(rhythm, day(text)) == expected


@given(on=DAYS, rhythm=st.sampled_from(Rhythm))
def test_last_finished_period_has_ended_and_the_next_one_has_not(on, rhythm):
    year, period = periods.last_finished(rhythm, on)

    end = periods.bounds(year, period)[1]
    running = next(one for one in periods.OF_RHYTHM[rhythm] if periods.bounds((end + DAY).year, one)[0] == end + DAY)
    assert end < on <= periods.bounds((end + DAY).year, running)[1]


@given(year=st.integers(1, 9999), period=st.sampled_from(Period))
def test_period_is_read_from_its_own_code(year, period):
    assert periods.parse(periods.code(f"{year:04}", period)) == (year, period)


@pytest.mark.parametrize(
    "text",
    [
        "", "2026", "2026-", "-q1", "q1-2026", "2026-q5", "2026-Q1", "2026-q1-", "2026-q1 ", " 2026-q1", "26-q1",
        "02026-q1", "-2026-q1", "+202-q1", "20_6-q1", "２０２６-q1", "٢٠٢٦-q1", "2026–q1", "2026-m1", "0000-q1",
    ],
)  # fmt: skip
def test_period_that_is_none_is_refused(text):
    with pytest.raises(ValueError):  # noqa: PT011 - whatever it says, it is a ValueError
        periods.parse(text)


@given(text=st.text(max_size=12))
def test_period_is_read_or_refused_and_nothing_else(text):
    try:
        year, period = periods.parse(text)
    except ValueError:
        return
    assert periods.code(f"{year:04}", period) == text
    assert periods.bounds(year, period)[0].year == year


@pytest.mark.parametrize(
    ("period", "expected"), [("q3", "III квартал 2026 года"), ("h1", "I полугодие 2026 года"), ("year", "2026 год")]
)
def test_period_is_named_in_russian(period, expected):
    assert str(periods.label(2026, period)) == expected
