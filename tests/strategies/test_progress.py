"""Numbers about progress: rules at their borders, and nothing is ever divided by zero."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategies.models import Measure
from strategies.progress import LeftOut, Line, Zone, attainment, deviation, needs_reason, readiness, zone

NUMBERS = st.decimals(-10_000, 10_000, places=4)


@pytest.mark.invariant(25)
@pytest.mark.parametrize(("target", "actual"), [(None, 5), (5, None), (None, None)])
def test_without_a_number_there_is_no_figure(target, actual):
    assert deviation(target, actual) is None
    assert attainment(target, actual) is None
    assert zone(target, actual) == Zone.NONE
    assert needs_reason(target, actual) is False


@pytest.mark.invariant(25)
@pytest.mark.parametrize(
    ("target", "actual", "lower", "expected"),
    [
        (0, 0, False, Zone.GREEN), (0, 5, False, Zone.GREEN), (0, -1, False, Zone.RED), (0, 0, True, Zone.GREEN),
        (0, 5, True, Zone.RED), (0, -1, True, Zone.GREEN), (5, 0, True, Zone.GREEN), (5, 0, False, Zone.RED),
        (-200, -400, False, Zone.RED), (-200, -100, False, Zone.GREEN), (-200, -205, False, Zone.GREEN),
        (-200, -230, False, Zone.YELLOW), (-200, 10, False, Zone.GREEN), (5, -1, False, Zone.RED),
        (-50, -10, True, Zone.RED), (-50, -60, True, Zone.GREEN), (-50, -45, True, Zone.YELLOW),
        (-50, 10, True, Zone.RED), (5, -1, True, Zone.GREEN),
    ],
)  # fmt: skip
def test_zone_of_zero_and_negative_figures(target, actual, lower, expected):
    assert zone(target, actual, lower_is_better=lower) == expected


@pytest.mark.invariant(25)
def test_nothing_is_divided_by_zero():
    assert (deviation(0, 5), attainment(0, 5), attainment(5, 0, lower_is_better=True)) == (None, None, None)
    assert (needs_reason(0, 0), needs_reason(0, 5)) == (False, True)


def test_deviation_of_a_negative_target_goes_the_way_of_the_fact():
    assert (deviation(-200, -400), deviation(-200, -100), deviation(-50, -10)) == (-100, 50, 80)


@pytest.mark.invariant(25)
@given(target=st.none() | NUMBERS, actual=st.none() | NUMBERS, lower=st.booleans())
def test_progress_never_fails_and_as_good_as_the_target_is_green(target, actual, lower):
    found = zone(target, actual, lower_is_better=lower)

    attainment(target, actual, lower_is_better=lower)
    assert (found == Zone.NONE) == (target is None or actual is None)
    if found != Zone.NONE and (actual <= target if lower else actual >= target):
        assert found == Zone.GREEN
    assert (deviation(target, actual) is None) == (target is None or actual is None or target == 0)


@pytest.mark.parametrize(
    ("actual", "expected"),
    [(95, Zone.GREEN), (Decimal("94.99"), Zone.YELLOW), (80, Zone.YELLOW), (Decimal("79.99"), Zone.RED), (0, Zone.RED)],
)
def test_zone_borders(actual, expected):
    assert zone(100, actual) == expected


def test_zone_of_a_reverse_indicator():
    assert zone(8, 10, lower_is_better=True) == Zone.YELLOW
    assert zone(8, 7, lower_is_better=True) == Zone.GREEN


@pytest.mark.invariant(23)
@pytest.mark.parametrize(("actual", "expected"), [(95, False), (105, False), (Decimal("94.9"), True), (106, True)])
def test_needs_reason_over_5_percent(actual, expected):
    assert needs_reason(100, actual) is expected


def reported(percent, status="in_progress"):
    return Measure(title="Мера", status=status, percent=percent)


def test_readiness_explains_what_it_counted_and_what_it_left_out():
    first, second, silent = reported(40), reported(61), reported(None, "planned")
    cancelled = reported(90, "cancelled")
    other = Line("Приоритет", left_out=LeftOut.NO_MEASURES)

    found = readiness([first, cancelled, silent, second], others=[other])

    assert (found.value, found.exact, found.total, found.is_exact) == (50, Fraction(101, 2), 101, False)
    assert found.counted == (Line(first, 40, Fraction(1, 2)), Line(second, 61, Fraction(1, 2)))
    assert found.left_out == (
        Line(cancelled, left_out=LeftOut.CANCELLED),
        Line(silent, left_out=LeftOut.NO_REPORT),
        other,
    )


def test_readiness_of_nothing_reported_is_unknown_not_zero():
    found = readiness([reported(None), reported(30, "cancelled")])

    assert (found.value, found.exact, found.counted, len(found.left_out)) == (None, None, (), 2)


def test_readiness_counts_a_reported_zero():
    assert (readiness([reported(0)]).value, readiness([reported(0), reported(50)]).value) == (0, 25)


@given(
    st.lists(
        st.tuples(st.none() | st.integers(0, 100), st.sampled_from(["planned", "in_progress", "cancelled"])),
        max_size=12,
    )
)
def test_readiness_weighs_whole_and_leaves_nobody_unmentioned(rows):
    measures = [reported(percent, status) for percent, status in rows]

    found = readiness(measures)

    assert sorted(id(line.record) for line in found.counted + found.left_out) == sorted(map(id, measures))
    assert sum(line.weight for line in found.counted) == (1 if found.counted else 0)
    assert (found.value is None) == (not found.counted)
    if found.counted:
        figures = [line.figure for line in found.counted]
        assert min(figures) <= found.exact <= max(figures)
        assert abs(found.value - found.exact) <= Fraction(1, 2)
