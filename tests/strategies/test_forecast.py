"""The forecast of completion: robust, honest about its range, silent where it knows too little."""

import datetime
from fractions import Fraction
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategies.forecast import HORIZON_DAYS, Forecast, Outlook, forecast, past_errors, slopes

START = datetime.date(2025, 3, 31)
QUARTER = 91


def quarters(*percents, start=START):
    """Reports a quarter apart."""
    return [(start + datetime.timedelta(days=QUARTER * number), percent) for number, percent in enumerate(percents)]


def day_after(points):
    return max(day for day, _percent in points) + datetime.timedelta(days=1)


# What people report: percentages of different periods; of some there is none, and some fall.
DATES = st.dates(datetime.date(2024, 1, 1), datetime.date(2028, 1, 1))
HISTORIES = st.lists(st.none() | st.integers(0, 99), max_size=12).map(lambda percents: quarters(*percents))
GROWING = st.lists(st.integers(-4, 12), min_size=4, max_size=14).map(
    lambda steps: quarters(*(min(max(sum(steps[:number]), 0), 99) for number in range(1, len(steps) + 1)))
)


def test_forecast_of_a_straight_line_is_exact():
    points = quarters(10, 20, 30, 40)

    done = START + datetime.timedelta(days=QUARTER * 9)
    assert forecast(points, on=day_after(points)) == Forecast(
        Outlook.AHEAD, points=4, expected=done, earliest=done, latest=done
    )


@given(first=st.integers(0, 20), step=st.integers(1, 8), number=st.integers(4, 8), gap=st.integers(1, 30))
def test_forecast_of_any_straight_line_is_exact(first, step, number, gap):
    points = [(START + datetime.timedelta(days=gap * n), first + step * n) for n in range(number)]
    whole = START + datetime.timedelta(days=ceil(Fraction(gap * (100 - first), step)))

    found = forecast(points, on=day_after(points))

    assert (found.earliest, found.expected, found.latest) == (whole, whole, whole)
    assert past_errors([(day.toordinal(), percent) for day, percent in points]) == pytest.approx([0] * (number - 4))


@given(HISTORIES, st.randoms(use_true_random=False), DATES)
def test_forecast_does_not_depend_on_the_order_of_reports(points, chance, on):
    shuffled = list(points)
    chance.shuffle(shuffled)

    assert forecast(shuffled, on=on) == forecast(points, on=on)


@given(GROWING, DATES)
def test_forecast_never_names_a_day_of_the_past_nor_beyond_its_horizon(points, on):
    found = forecast(points, on=on)

    last = on + datetime.timedelta(days=HORIZON_DAYS)
    if found is None:
        return
    if found.outlook == Outlook.AHEAD:
        assert on < found.earliest <= found.expected <= last
        assert found.latest is None or found.expected <= found.latest <= last
    else:
        assert (found.earliest, found.expected, found.latest) == (None, None, None)
    assert (found.error is None) == (found.trials == 0)
    assert found.error is None or 0 <= found.error <= 100


@given(HISTORIES, DATES)
def test_forecast_says_nothing_of_fewer_than_four_reports_with_a_percentage(points, on):
    known = {day for day, percent in points if percent is not None}

    assert len(known) >= 4 or forecast(points, on=on) is None


@given(st.integers(0, 6), st.integers(0, 99))
def test_forecast_resists_one_outlier(place, wrong):
    percents = [5, 10, 15, 20, 25, 30, 35]
    straight = forecast(quarters(*percents), on=START + datetime.timedelta(days=QUARTER * 7))
    percents[place] = wrong

    bent = forecast(quarters(*percents), on=START + datetime.timedelta(days=QUARTER * 7))

    assert bent.expected == straight.expected


@pytest.mark.parametrize(
    "percents",
    [(), (10,), (10, 20, 30), (10, None, 20, 30), (30, 30, 30, 30), (40, 30, 20, 10), (70, 80, 90, 100)],
    ids=["nothing", "one", "three", "three and a blank", "still", "falling", "done"],
)
def test_forecast_is_not_made_where_nothing_may_be_said(percents):
    points = quarters(*percents)

    assert forecast(points, on=START + datetime.timedelta(days=400)) is None


def test_forecast_counts_days_not_reports():
    """Two reports of one day are one point in time: they give no slope."""
    day = START + datetime.timedelta(days=QUARTER * 2)

    assert forecast([*quarters(10, 20, 30), (day, 35)], on=day) is None


def test_forecast_that_has_passed_says_so_without_a_date():
    points = quarters(10, 30, 50, 70)

    found = forecast(points, on=START + datetime.timedelta(days=365 * 3))

    assert (found.outlook, found.expected, found.earliest, found.latest) == (Outlook.PASSED, None, None, None)


def test_forecast_beyond_ten_years_is_not_in_sight():
    points = quarters(1, 1, 2, 2, 3, 3)

    found = forecast(points, on=day_after(points))

    assert (found.outlook, found.expected) == (Outlook.UNSEEN, None)


def test_forecast_gives_no_slow_end_where_work_often_stood_still():
    points = quarters(0, 0, 0, 20, 40)

    found = forecast(points, on=day_after(points))

    assert (found.outlook, found.latest) == (Outlook.AHEAD, None)
    assert found.earliest < found.expected


def test_forecast_tells_how_far_off_it_was():
    """The line through 0, 10, 20, 30 asks for 40 and then, through five points, for 50 again: 44 and 50 came."""
    points = quarters(0, 10, 20, 30, 44, 50)

    found = forecast(points, on=day_after(points))

    ordinal = [(day.toordinal(), percent) for day, percent in points]
    errors = past_errors(ordinal)
    assert (found.trials, len(errors), errors[0]) == (2, 2, pytest.approx(4))
    assert found.error == pytest.approx(sum(errors) / 2)


def test_slopes_are_those_of_all_pairs_of_different_days():
    assert slopes([(0, 0), (1, 10), (1, 20), (2, 10)]) == [-10, 0, 5, 10, 20]
