"""What stands in cells, as people write it."""

import datetime
import re
from decimal import Decimal

import pytest

from exchange.sheets.cells import BLANK, Money, Number, OneOf, Whole, YesNo, is_blank, is_ditto, refers
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
    assert [Money().read(text) for text in ("12 тыс. руб.", "1 234,5 т.р.", "7 тыс")] == [12, Decimal("1234.5"), 7]
    assert [Money(is_written=False).read(text) for text in ("1,5 млн руб.", "500 ₽")] == [1500, Decimal("0.5")]
    for text in ("1,5 млн", "500 руб.", "12 тыс. шт."):
        with pytest.raises(ValueError, match="не та, в чём считают столбец; напишите только число"):
            Money().read(text)


def test_words_in_place_of_a_number_say_that_there_is_none():
    none = ("не требуется", "Финансирование не требуется", "без финансирования", "в рамках текущей деятельности",
            "Средства не предусмотрены", "см. прим.", "в пределах средств учреждения")  # fmt: skip
    assert [refers(text) for text in (*none, "500", "требуется 500", "всего 5")] == [True] * 7 + [False] * 3


def test_every_word_for_nothing_is_known_in_any_case_and_between_blanks():
    assert [
        word for word in BLANK if not (is_blank(word) and is_blank(word.upper()) and is_blank(f" {word}\u200b "))
    ] == []
    assert [text for text in ("Набережная", "без срока", "Ё", "2026", "№ 1") if is_blank(text)] == []


@pytest.mark.parametrize("mark", '"“”„«»ˮ″〃')
def test_every_quote_alone_is_a_mark_of_repetition(mark):
    assert is_ditto(mark)


def test_marks_of_repetition_are_known_and_dashes_are_none():
    marks = ("то же", "-//-", '"', "-«-", "—ˮ—", "- “ -", "//", "Тот же", "- '' -")
    assert [is_ditto(text) for text in (*marks, "-", "—", "", "/", "то же, что и в 2025")] == [True] * 9 + [False] * 5


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


# ——— As people really write them: cases of the field and their siblings ———


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("‑5", "-5"), ("– 5", "-5"), ("- 5", "-5"), ("5\u200b", "5"), ("\ufeff5", "5"), ("1 234,5*", "1234.5"),
        ("5**", "5"),
        ("(200)", "-200"), ("(1 234,5)", "-1234.5"), ("1'000", "1000"), ("12 345.6", "12345.6"),
        ("1,234,567.89", "1234567.89"),
    ],
)  # fmt: skip
def test_odd_signs_of_a_number_are_cleaned_i28(text, number):
    assert Number().read(text) == Decimal(number)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("≈100", "знак U+2248 ALMOST EQUAL TO"), ("½", "знак U+00BD VULGAR FRACTION ONE HALF"),
        ("5²", "U+00B2 SUPERSCRIPT TWO"),
        ("5‰", "знак U+2030 PER MILLE SIGN"), ("٣", "U+0663 ARABIC-INDIC DIGIT THREE"), ("не менее 95", "не число"),
        ("от 5 до 10", "не число"), ("5-10", "не число"), ("1/3", "не число"), ("1,5E+06", "не число"),
        ("12 5", "пробелы делят"), ("10 тыс.", "не число"), ("#Н/Д", "не число"),
    ],
)  # fmt: skip
def test_number_that_cannot_be_read_names_its_odd_sign_i28(text, told):
    with pytest.raises(ValueError, match=re.escape(told)) as refusal:
        Number().read(text)
    assert ("U+" in str(refusal.value)) is ("U+" in told)


@pytest.mark.parametrize("text", ["―", "…", "...", "--", "———", "‑", "\u200b", " – ", "н/д", "Н. Д."])
def test_dashes_and_dots_say_that_nothing_is_known_i28(text):
    assert is_blank(text)


@pytest.mark.invariant(101)
@pytest.mark.parametrize(
    "text",
    ["31-12-2026", "31.12.2026*", "31.12. 2026", "31,12,2026", "2026/12/31", "2026-12-31 23:59:59", "31 дек. 2026",
     "до\xa031\xa0декабря\xa02026\xa0года", "31.12.2026\u200b", "31.12.2026г.", "до 31.12.2026 включительно",
     "20261231", "20261231000000", "31.12.2026;", "к 31 декабря 2026", "31‑12‑2026", "2026.12.31"],
)  # fmt: skip
def test_cell_that_says_a_day_and_nothing_else_is_that_day_i27(text):
    assert Term().read(text) == Due(day=DECEMBER)


@pytest.mark.invariant(101)
@pytest.mark.parametrize(
    "text",
    ["31.12.2026, далее ежегодно", "до 31.12.2026 (1 этап)", "01.2026-12.2026", "01.09.2026; 01.12.2026", "1-2.2026",
     "2019–2024", "IV квартал 2020", "4 кв. 2026 г.", "I-II кв. 2026", "до 2025 г.", "2026 - 2027 гг.",
     "ежегодно до 1 марта",
     "с января 2026 по декабрь 2027", "не ранее 01.02.2026", "бессрочно",
     "01.01.2026–31.12.2026 (по мере финансирования)",
     "в течение 2026 года", "первое полугодие 2026", "не позднее 2026 года", "декабрь 2026", "12 месяцев 2026",
     "5-10-15", "по 3 этапам до 2027", "31.02.2026 (ориентировочно)", "после 31.12.2026", "31.12.2026 или 31.12.2027"],
)  # fmt: skip
def test_term_that_says_more_or_less_than_a_day_stays_words_i27(text):
    assert Term().read(text) == Due(words=text)


@pytest.mark.parametrize(
    "text",
    ["с 01.02.2026 по 31.12.2026", "с 01.02.2026г. по 31.12.2026г.", "01.02.2026-31.12.2026", "2026-02-01 - 2026-12-31",
     "01.02.2026 — до 31.12.2026", "1 февраля 2026 – 31 декабря 2026 г.", "с 1 фев. 2026 до 31 дек. 2026"],
)  # fmt: skip
def test_range_of_days_has_both_ends_i27(text):
    assert Term().read(text) == Due(day=DECEMBER, start=datetime.date(2026, 2, 1))


def test_beginning_alone_is_kept_beside_its_words_i27():
    february = datetime.date(2026, 2, 1)

    for text in ("с 01.02.2026", "С 1 февраля 2026 г.", "начиная с 01.02.2026"):
        assert Term().read(text) == Due(words=text, start=february)


@pytest.mark.invariant(101)
@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("30.02.2026", "такой даты нет; ожидалось"), ("31.11.2026", "такой даты нет; ожидалось"),
        ("12/31/2026", "такой даты нет: похоже, сначала написан месяц"), ("31.12.0226", "такой даты нет; ожидалось"),
        ("01.02.2026 – 31.02.2026", "такой даты нет; ожидалось"), ("31 ноября 2026", "такой даты нет; ожидалось"),
    ],
)  # fmt: skip
def test_day_that_does_not_exist_is_told_as_it_is_i27(text, told):
    with pytest.raises(ValueError, match=told):
        Term().read(text)


def test_year_may_have_lost_its_form():
    years = Whole(1900, 2200)

    assert [years.read(text) for text in ("2026.0", "2026,0", "2026 г.", "2026*", "2026\xa0год")] == [2026] * 5
    with pytest.raises(ValueError, match="здесь дата, а нужно целое число"):
        years.read("\x012026-01-01")
    with pytest.raises(ValueError, match="не подходит"):
        years.read("2026–2028")


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("ФБ", "federal"), ("в т.ч. федеральный бюджет", "federal"), ("бюджет Самарской области", "regional"),
        ("за счёт средств областного бюджета", "regional"), ("бюджет субъекта РФ", "regional"), ("МБ:", "local"),
        ("бюджет городского округа", "local"), ("- местный бюджет", "local"), ("внебюджетные источники", "extra"),
        ("средства предприятий", "extra"), ("кредитные средства", "loan"), ("всего", "all"), ("Итого:", "all"),
        ("бюджет Российской Федерации", "federal"),
    ],
)  # fmt: skip
def test_source_is_known_in_its_usual_words(text, source):
    assert SOURCES.read(text) == source


@pytest.mark.parametrize(
    "text", ["областной и местный бюджеты", "краеведческий музей", "бюджет", "Местное самоуправление"]
)
def test_words_that_name_no_source_or_two_are_refused(text):
    with pytest.raises(ValueError, match="не подходит"):
        SOURCES.read(text)
