"""Numbers about progress: rules at their borders, and nothing is ever divided by zero."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategies.progress import Zone, attainment, deviation, needs_reason, zone

NUMBERS = st.decimals(-10_000, 10_000, places=4)


@pytest.mark.invariant(25)
@pytest.mark.parametrize(("target", "actual"), [(0, 5), (None, 5), (5, None), (None, None)])
def test_deviation_without_a_divisor_is_none(target, actual):
    assert deviation(target, actual) is None
    assert attainment(target, actual) is None
    assert zone(target, actual) == Zone.NONE
    assert needs_reason(target, actual) is False


@pytest.mark.invariant(25)
def test_attainment_of_a_reverse_indicator_at_zero_is_none():
    assert attainment(5, 0, lower_is_better=True) is None
    assert attainment(0, 5, lower_is_better=True) == 0
    assert zone(5, 0, lower_is_better=True) == Zone.NONE


@pytest.mark.invariant(25)
@given(target=st.none() | NUMBERS, actual=st.none() | NUMBERS, lower=st.booleans())
def test_progress_never_fails(target, actual, lower):
    share = attainment(target, actual, lower_is_better=lower)

    assert (share is None) == (zone(target, actual, lower_is_better=lower) == Zone.NONE)
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
