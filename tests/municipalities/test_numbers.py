"""Numbers as people read and write them."""

from decimal import Decimal

import pytest

from municipalities.numbers import counted, days, reports, typed, with_marks, written


@pytest.mark.parametrize(
    ("number", "told"),
    [(0, "0 дней"), (1, "1 день"), (2, "2 дня"), (5, "5 дней"), (11, "11 дней"), (12, "12 дней"), (21, "21 день"),
     (104, "104 дня"), (112, "112 дней"), (1001, "1 001 день")],
)  # fmt: skip
def test_days_take_the_form_that_the_number_asks_for(number, told):
    assert days(number).replace("\u00a0", " ") == told


def test_counted_takes_any_noun():
    assert counted(3, "мера", "меры", "мер") == "3\u00a0меры"
    assert reports(7) == "7\u00a0отчётов"


@pytest.mark.parametrize(
    ("number", "read"),
    [(Decimal("1234.50"), "1 234,5"), (Decimal("-0.5"), "−0,5"), (Decimal("1E+3"), "1 000"), (0, "0"),
     (1234567, "1 234 567")],
)  # fmt: skip
def test_number_is_written_with_russian_marks(number, read):
    assert written(number).replace("\u00a0", " ") == read


def test_number_is_written_to_so_many_places_and_in_english():
    assert written(Decimal("1234.5"), places=2).replace("\u00a0", " ") == "1 234,50"
    assert written(Decimal("-1234.5"), language="en") == "−1,234.5"
    assert with_marks("<0.1") == "<0,1"


def test_typed_number_has_no_blanks():
    assert typed(Decimal("12345.60")) == "12345,6"
