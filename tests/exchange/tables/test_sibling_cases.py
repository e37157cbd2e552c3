"""Rows as officials write them, beyond the cases from the field: «то же», totals of their own, towns as headings."""

import pytest

from exchange.sheets.grid import MERGED
from exchange.tables.goals import Goals
from tests.exchange.tables.reading import fields, left, read, sums, titles

DAY = "31.12.2026"
HEAD = ["№", "Мероприятие", "Срок", "2026, МБ, тыс. руб."]
BARE = ["№", "Мероприятие", "Срок", "2026, тыс. руб."]
TWO = [["1", "Мост", DAY, "10"], ["2", "Парк", DAY, "20"]]


def told(reader, *names):
    """What the records say in some fields."""
    return [tuple(one.get(name) for name in names) for one in reader.items]


@pytest.mark.parametrize("mark", ["то же", "-//-", '"', "—«—", "- ” -"])
def test_mark_of_repetition_is_the_cell_above_and_is_told(mark):
    head = ["№", "Мероприятие", "Ответственный исполнитель", "Источник", "2026, тыс. руб."]
    rows = [head, ["1", "Мост", "Отдел ЖКХ", "ОБ", "5"], ["2", "Парк", mark, mark, "7"], ["3", "Сад", mark, "МБ", mark]]

    reader = read(rows)

    assert told(reader, "responsible") == [("Отдел ЖКХ",)] * 3
    assert sums(reader)[:2] == [(2, "Мост", {(2026, "regional"): 5}), (3, "Парк", {(2026, "regional"): 7})]
    assert [one.cell for one in reader.faults] == ["E4"]  # a sum is never taken from above
    assert reader.notes == ["«То же» читаем как ячейку выше, строки: 3, 4."]


def test_empty_cells_say_what_stands_above_only_where_a_person_says_so():
    rows = [["Город", *HEAD], ["Сызрань", *TWO[0]], ["", *TWO[1]], ["Чапаевск", "3", "Сад", DAY, "5"], ["", "4", "Дом"]]

    assert told(read(rows), "town") == [("Сызрань",), (None,), ("Чапаевск",), (None,)]
    assert told(read(rows, said={"below": ("town",)}), "town") == [("Сызрань",)] * 2 + [("Чапаевск",)] * 2


def test_total_in_place_of_a_title_under_a_measure_without_a_sum_is_its_own():
    rows = [BARE, ["1", "Мост", DAY], ["", "Всего", "", "100"], ["", "областной бюджет", "", "80"],
            ["", "местный бюджет", "", "20"], ["2", "Парк", DAY], ["", "всего:", "", "10"], ["", "в том числе:"],
            ["", "ОБ", "", "8"], ["", "МБ", "", "2"], ["", "Всего по программе", "", "110"],
            ["", "областной бюджет", "", "88"]]  # fmt: skip

    reader = read(rows, said={"source": "local"})

    assert sums(reader) == [
        (2, "Мост", {(2026, "regional"): 80, (2026, "local"): 20}),
        (6, "Парк", {(2026, "regional"): 8, (2026, "local"): 2}),
    ]
    assert [one.sums for one in reader.items] == [{(2026, ""): 100}, {(2026, ""): 10}]
    assert left(reader) == [(8, "«в том числе»"), (11, "итог"), (12, "разбивка итога")]


def test_total_alone_is_the_money_of_the_one_measure_above_it_and_of_no_other():
    alone = [BARE, ["1", "Мост", DAY], ["", "Всего", "", "100"], ["2", "Парк", DAY], ["", "Итого", "", "10"],
             ["", "Итого", "", "110"]]  # fmt: skip
    of_all = [BARE, ["1", "Мост", DAY], ["2", "Парк", DAY], ["", "Всего", "", "110"]]

    assert [money for *_one, money in sums(read(alone, said={"source": "local"}))] == [
        {(2026, "local"): 100}, {(2026, "local"): 10},
    ]  # fmt: skip
    assert [money for *_one, money in sums(read(of_all, said={"source": "local"}))] == [{}, {}]


def test_numbered_measure_with_a_term_is_no_total_whatever_its_first_word():
    rows = [HEAD, ["1", "Всего лишь сквер", DAY, "5"], ["2", "Итоговая выставка", DAY, "5"], ["", "Всего", "", "10"]]

    assert (titles(read(rows)), left(read(rows))) == (["Всего лишь сквер", "Итоговая выставка"], [(4, "итог")])


def test_parts_of_a_measure_go_on_until_the_next_number():
    rows = [HEAD, ["1", "Школы, всего", DAY, "100"], ["", "в т.ч.: школа № 1", "", "60"], ["", "школа № 2", "", "40"],
            ["2", "Мост", DAY, "5"], ["", "Парк", DAY, "5"]]  # fmt: skip

    reader = read(rows)

    assert titles(reader) == ["Школы, всего", "Мост", "Парк"]
    assert left(reader) == [(3, "часть строки выше"), (4, "часть строки выше")]


@pytest.mark.parametrize(
    "fact", [["", "", "", "факт", "90"], ["1", "Мост", DAY, "Факт", "90"],
             [f"{MERGED}1", f"{MERGED}Мост", f"{MERGED}{DAY}", "кассовое исполнение", "90"]],
)  # fmt: skip
def test_rows_of_plan_and_fact_are_one_measure(fact):
    rows = [["№", "Мероприятие", "Срок", "Тип", "2025, МБ, тыс. руб."], ["1", "Мост", DAY, "План", "100"], fact,
            ["2", "Парк", DAY, "План", "50"]]  # fmt: skip

    reader = read(rows)

    def sums(money):
        return {key: value for key, (value, *_where) in money.items()}

    told = [(one.get("title"), sums(one.money), sums(one.spent)) for one in reader.items]
    assert told == [("Мост", {(2025, "local"): 100}, {(2025, "local"): 90}), ("Парк", {(2025, "local"): 50}, {})]
    assert reader.faults == []


def test_rows_of_plan_and_fact_are_one_indicator():
    rows = [["Показатель", "Ед. изм.", "План/факт", "2024", "2025"], ["Парки", "%", "план", "10", "11"],
            ["", "", "факт", "9%", ""], ["", "", "оценка", "", "12"]]  # fmt: skip

    [item] = read(rows, "indicators").items

    figures = {("target", 2024): 10, ("target", 2025): 11, ("actual", 2024): 9}
    assert item.figures == figures | {("actual", 2025): 12, ("is_preliminary", 2025): True}
    assert "actual:2024" in item.percents


def test_title_above_the_head_that_names_a_direction_is_its_section():
    rows = [["Раздел 1. Дороги"], HEAD, TWO[0], [], ["Раздел 2. Туризм"], HEAD, TWO[1]]

    assert told(read(rows), "title", "direction") == [("Мост", "Дороги"), ("Парк", "Туризм")]


def test_heading_that_names_a_town_is_no_direction():
    rows = [HEAD, ["городской округ Сызрань"], TWO[0], ["Дороги"], TWO[1], ["Чапаевск"], ["3", "Сад", DAY, "5"]]

    reader = read(rows, is_town=lambda text: "Сызрань" in text or text == "Чапаевск")

    assert told(reader, "town") == [("городской округ Сызрань",)] * 2 + [("Чапаевск",)]
    assert [why for _line, why in left(reader)] == ["город", "раздел", "город"]


def test_heading_that_a_person_has_matched_is_a_direction_or_a_mere_heading():
    rows = [HEAD, ["Задача 1. Ездить"], TWO[0], ["Подзадача"], TWO[1]]

    reader = read(rows, said={"headings": {"Задача 1. Ездить": "Дороги", "Подзадача": "-"}})

    assert told(reader, "direction") == [("Дороги",)] * 2
    assert (left(reader), reader.faults) == ([(2, "раздел"), (4, "заголовок")], [])


def test_lines_of_signatures_are_no_headings():
    rows = [HEAD, *TWO, ["Заместитель главы", "", "", "____ П.П. Петров"], ["", "", "", "(подпись)"], ["СОГЛАСОВАНО:"],
            ["«__» ________ 2026 г."], ["М.П."]]  # fmt: skip

    assert {why for _line, why in left(read(rows))} == {"подпись"}


def test_head_of_codes_under_groups_is_read_with_them():
    rows = [["Наименование мероприятия", "Исполнитель", "Код классификации", "", "", "Расходы (тыс. рублей)", ""],
            ["", "", "ГРБС", "Рз Пр", "ЦСР", "2026", "2027"],
            ["Мост", "УЖКХ", "901", "0409", "0100000000", "200", "300"]]  # fmt: skip

    assert fields(rows) == ["title", "responsible", "", "", "", "money:2026:", "money:2027:"]


def test_letters_and_roman_numerals_of_goals_are_numbers_like_others():
    assert [Goals._code(_Row(code)) for code in ("I", "IV.", "1.2.", "а)", "")] == ["1", "4", "1.2", "а", ""]


class _Row(dict):
    """A row with a code alone."""

    def __init__(self, code):
        super().__init__(code=code, text="Комфортный город")
