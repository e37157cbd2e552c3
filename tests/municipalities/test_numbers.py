"""Numbers with their nouns."""

import pytest

from municipalities.numbers import counted, days, reports


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
