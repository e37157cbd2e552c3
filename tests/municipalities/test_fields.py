"""Partial dates and numbers of territories."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from municipalities.fields import first_day, last_day, validate_oktmo, validate_partial_date
from tests.refusals import codes

DATES = st.dates(datetime.date(1000, 1, 1))


@given(day=DATES)
def test_partial_date_of_a_day_is_that_day(day):
    validate_partial_date(day.isoformat())

    assert (first_day(day.isoformat()), last_day(day.isoformat())) == (day, day)


@given(day=DATES)
def test_partial_date_of_a_month_or_year_holds_the_day(day):
    year, month = f"{day:%Y}".zfill(4), day.isoformat()[:7]
    validate_partial_date(year)
    validate_partial_date(month)

    assert first_day(year) <= first_day(month) <= day <= last_day(month) <= last_day(year)
    assert (first_day(month).month, last_day(month).month) == (day.month, day.month)
    assert first_day(month).day == 1


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [("2024-02", (2024, 2, 1), (2024, 2, 29)), ("2023-02", (2023, 2, 1), (2023, 2, 28)),
     ("2018", (2018, 1, 1), (2018, 12, 31))],
)  # fmt: skip
def test_partial_date_borders(text, first, last):
    assert (first_day(text), last_day(text)) == (datetime.date(*first), datetime.date(*last))


def test_partial_date_of_nothing_is_none():
    assert (first_day(""), last_day("")) == (None, None)


@pytest.mark.parametrize(
    "text",
    ["18", "2018-6", "2018-13", "2018-02-30", "2018-06-22T10", "22.06.2018", "2018\n", "٢٠١٨", "0000", "2018-", "год"],
)
def test_partial_date_of_another_form_is_refused(text):
    assert codes(validate_partial_date, text) == ["partial_date"]


@given(text=st.text(max_size=12))
def test_partial_date_check_never_fails_otherwise(text):
    try:
        validate_partial_date(text)
    except ValidationError:
        return  # any other kind of error is what the test looks for
    assert first_day(text) <= last_day(text)


@pytest.mark.invariant(28)
@pytest.mark.parametrize("text", ["36735000", "36735000001"])
def test_oktmo_of_8_or_11_digits_is_taken(text):
    assert validate_oktmo(text) is None


@pytest.mark.invariant(28)
@pytest.mark.parametrize(
    "text", ["3673500", "367350000", "3673500000", "367350000011", "3673500a", "٣٦٧٣٥٠٠٠", "36735000\n"]
)
def test_oktmo_of_another_form_is_refused(text):
    assert codes(validate_oktmo, text) == ["oktmo"]
