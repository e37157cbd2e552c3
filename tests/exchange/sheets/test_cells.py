"""What stands in cells, as people write it."""

import datetime
from decimal import Decimal

import pytest

from exchange.sheets.cells import Money, Number, OneOf, Whole, YesNo, is_blank
from exchange.sheets.terms import Day, Due, Term
from exchange.tables.fields import SOURCES

DECEMBER = datetime.date(2026, 12, 31)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1 234,5", "1234.5"), ("1\u00a0234,5", "1234.5"), ("1\u2009234,50", "1234.50"), ("1\u202f234", "1234"),
        ("75,00", "75"), ("1234.5", "1234.5"), ("1.234,50", "1234.50"), ("1,234.50", "1234.50"), ("0", "0"),
        ("-5", "-5"), ("−5", "-5"), ("+7", "7"),
    ],
)  # fmt: skip
def test_number_is_read_as_people_write_it(text, number):
    assert Number().read(text) == Decimal(number)


@pytest.mark.parametrize("text", ["сто", "1 2 3 а", "1,2,3", "75%", "\x012026-12-31", "1e5", "٣"])
def test_number_that_is_none_says_what_stands_there(text):
    with pytest.raises(ValueError, match="число"):
        Number().read(text)


def test_percent_is_a_figure_of_its_own():
    assert [Number(percent=True).read(text) for text in ("75%", "75,5 %", "75")] == [75, Decimal("75.5"), 75]


def test_cross_says_that_there_is_no_number_and_blanks_say_nothing():
    assert (Number().read("х"), Number().read("X")) == (None, None)
    assert [is_blank(text) for text in ("", "-", "—", "н/д", "Н/Д", "нет данных", "0", "х")] == [True] * 6 + [False] * 2


def test_money_is_counted_in_thousands_whatever_the_head_says():
    assert Money(Decimal(1000)).read("1,5") == 1500
    assert Money(Decimal("0.001")).read("1 234 567,89") == Decimal("1234.56789")
    assert str(Money(Decimal(1000)).read("0,0015")) == "1.5"
    with pytest.raises(ValueError, match=r"единицу \(«млн»\) называют в шапке столбца"):
        Money().read("1,5 млн")


@pytest.mark.parametrize(
    "text",
    ["31.12.2026", "\x012026-12-31", "2026-12-31", "31.12.26", "до 31.12.2026", "До 31 декабря 2026 года",
     "31 декабря 2026 г.", "не позднее 31.12.2026 г.", "31/12/2026", "2026-12-31 00:00:00"],
)  # fmt: skip
def test_due_day_is_read_as_people_write_it(text):
    assert Term().read(text) == Due(day=DECEMBER)


def test_term_from_day_to_day_gives_both():
    both = Due(day=DECEMBER, start=datetime.date(2026, 2, 1))

    assert [Term().read(text) for text in ("с 01.02.2026 по 31.12.2026", "01.02.2026 – 31.12.2026")] == [both, both]


@pytest.mark.parametrize("text", ["IV квартал 2026", "2026 год", "2026–2028 годы", "постоянно", "декабрь 2026", "2026"])
def test_words_stay_words_and_no_day_is_made_up(text):
    assert Term().read(text) == Due(words=text)


@pytest.mark.parametrize("text", ["31.02.2026", "до 31.13.2026", "32.12.26", "с 01.02.2026 по 31.02.2026"])
def test_day_that_does_not_exist_is_refused(text):
    with pytest.raises(ValueError, match="такой даты нет"):
        Term().read(text)


def test_whole_day_takes_no_words():
    assert Day().read("5 мая 2026") == datetime.date(2026, 5, 5)
    with pytest.raises(ValueError, match="не дата"):
        Day().read("2026 год")


def test_year_yes_and_words_of_sources():
    assert [Whole(1900, 2200).read(text) for text in ("2026", "2026 г.", "2026 год")] == [2026] * 3
    assert [YesNo().read(text) for text in ("Да", "нет")] == [True, False]
    assert [SOURCES.read(text) for text in ("Федеральный  бюджет", "МБ", "заёмные средства", "Всего")] == [
        "federal", "local", "loan", "all",
    ]  # fmt: skip
    for cell, text in ((Whole(1900, 2200), "26"), (YesNo(), "может"), (OneOf((("а", "a"),)), "б")):
        with pytest.raises(ValueError, match="не подходит"):
            cell.read(text)


def test_money_finer_than_kept_is_refused_in_words_and_a_total_is_only_compared():
    rubles = Decimal("0.001")

    assert Money(rubles, is_kept=True).read("1 234 560,00") == Decimal("1234.56")
    assert Money(rubles).read("1 234 567,89") == Decimal("1234.56789")
    with pytest.raises(ValueError, match="в тыс. руб. с двумя знаками, округлите до 10 руб."):
        Money(rubles, is_kept=True).read("1 234 567,89")


def test_date_without_its_format_is_a_number_of_days():
    assert Term().read("46387") == Due(day=datetime.date(2026, 12, 31))
    assert Day().read("46387") == datetime.date(2026, 12, 31)
    assert Term().read("2026") == Due(words="2026")
    with pytest.raises(ValueError, match="не дата"):
        Day().read("99999")
