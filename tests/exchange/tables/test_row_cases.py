"""Rows as officials write them, by the number of the case in the field: totals, sections, heads once more, works."""

import random

import pytest

from exchange.sheets.grid import DAY as DATE
from exchange.sheets.grid import MERGED
from exchange.sheets.heads import Layout
from tests.exchange.tables.reading import fields, left, read, sums, titles

DAY = "31.12.2026"
HEAD = ["№", "Мероприятие", "Срок", "2026, местный бюджет, тыс. руб."]
BY_SOURCE = ["№", "Мероприятие", "Срок", "Источник", "2026, тыс. руб."]


# ——— Sections ———


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (["1", "Дороги"], ["2", "Туризм"]), (["I", "Дороги"], ["II.", "Туризм"]), (["", "Дороги"], ["", "Туризм"]),
        (["Раздел 1. Дороги"], ["II. Туризм"]), (["", "Подпрограмма 1. «Дороги»"], ["", "2. Туризм:"]),
        (["1.", "ДОРОГИ"], ["", "Направление «Туризм»"]), (["1", "Дороги", "", "100"], ["2", "Туризм", "", "50"]),
    ],
    ids=["I14", "roman", "I14b", "first cell", "subprogrammes", "spelling", "with its sum"],
)  # fmt: skip
def test_section_is_a_direction_whatever_stands_before_its_name_i14(first, second):
    rows = [HEAD, first, ["1.1", "Мост", DAY, "100"], second, ["2.1", "Музей", DAY, "50"]]

    reader = read(rows)

    assert [(one.get("title"), one.get("direction")) for one in reader.items] == [
        ("Мост", "Дороги"),
        ("Музей", "Туризм"),
    ]
    assert (left(reader), reader.faults, reader.notes) == ([(2, "раздел"), (4, "раздел")], [], [])


def test_section_keeps_its_sums_by_sources():
    rows = [BY_SOURCE, ["1", "Дороги", "", "всего", "100"], ["", "", "", "местный бюджет", "100"],
            ["1.1", "Мост", DAY, "местный бюджет", "100"]]  # fmt: skip

    reader = read(rows)

    assert sums(reader) == [(4, "Мост", {(2026, "local"): 100})]
    assert left(reader) == [(2, "раздел"), (3, "разбивка итога")]


def test_heading_that_is_no_direction_is_a_fault_unless_the_direction_is_said():
    rows = [HEAD, ["1", "Космос"], ["1.1", "Мост", DAY, "5"], ["Задача 2. Летать"], ["2", "Парк", DAY, "5"]]

    lost, said = read(rows), read(rows, directions=["Дороги"])

    assert [(fault.cell, fault.text[:9]) for fault in lost.faults] == [("B2", "«Космос»:"), ("A4", "«Задача 2")]
    assert (said.faults, titles(said), left(said)) == ([], ["Мост", "Парк"], [(2, "заголовок"), (4, "заголовок")])
    assert titles(read(rows, directions=["Дороги"], layout=Layout(taken=frozenset({1})))) == ["Космос", "Мост", "Парк"]


@pytest.mark.parametrize("put_off", [frozenset(), frozenset({3})], ids=["in the table", "put off"])
@pytest.mark.parametrize("heading", [["2", "Космос"], ["", "Туризм"]], ids=["unknown", "known"])
def test_rows_under_another_heading_are_never_of_the_direction_above(put_off, heading):
    rows = [HEAD, ["1", "Дороги"], ["1.1", "Мост", DAY, "5"], heading, ["2.1", "Парк", DAY, "5"]]

    read_rows = read(rows, layout=Layout(left=put_off))

    found = "Туризм" if heading[1] == "Туризм" and not put_off else None
    assert [(one.get("title"), one.get("direction")) for one in read_rows.items] == [
        ("Мост", "Дороги"),
        ("Парк", found),
    ]


def test_main_measure_with_parts_is_a_measure_i17():
    rows = [BY_SOURCE, ["1", "Основное мероприятие 1", DAY, "местный бюджет", "300"],
            ["1.1", "Мост", DAY, "местный бюджет", "100"], ["2", "Основное мероприятие «Школы»"],
            ["2.1", "Школа", DAY]]  # fmt: skip

    reader = read(rows)

    assert titles(reader) == ["Основное мероприятие 1", "Мост", "Основное мероприятие «Школы»", "Школа"]


def test_heading_among_indicators_is_left():
    rows = [["Показатель", "Ед. изм.", "2026"], ["1. Демография"], ["Численность", "чел.", "5"],
            ["Всего введено жилья", "м²", "7"], ["Всего по городу"]]  # fmt: skip

    reader = read(rows, "indicators")

    assert (titles(reader), left(reader)) == (["Численность", "Всего введено жилья"], [(2, "заголовок"), (5, "итог")])


# ——— Totals ———


@pytest.mark.invariant(100)
@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([["", "Всего по программе", "", "областной бюджет", "900"], ["", "", "", "местный бюджет", "1000"]],
         ["итог", "разбивка итога"]),
        ([["", "Итого", "", "всего", "1000"], ["", "", "", "местный бюджет", "100"], ["", "", "", "ФБ", "900"]],
         ["итог", "разбивка итога", "разбивка итога"]),
        ([["", "ИТОГО по разделу 1", "", "", "5"], ["", "в т.ч.", "", "", ""], ["", "местный бюджет", "", "", "5"]],
         ["итог", "«в том числе»", "разбивка итога"]),
        ([["", "Всего", "", "всего", "5"], ["", f"{MERGED}Всего", "", "местный бюджет", "5"]], ["итог", "итог"]),
        ([["7", "Мероприятия, всего", "", "", "5"], ["Общий объём финансирования", "", "", "", "5"]], ["итог", "итог"]),
        ([["", "Итого:", "", "", "5"], ["", "- за счёт средств областного бюджета", "", "", "5"]],
         ["итог", "разбивка итога"]),
        ([["Справочно: льготы", "", "", "", "5"], ["", "Подытог", "", "", "5"]], ["итог", "итог"]),
    ],
    ids=["I15", "I15b", "by section", "merged", "at the end", "sources for titles", "beside"],
)  # fmt: skip
def test_total_and_its_breakdown_never_touch_a_measure_i15(rows, expected):
    reader = read([BY_SOURCE, ["1", "Мост", DAY, "местный бюджет", "100"], *rows, ["2", "Парк", DAY, "МБ", "7"]])

    assert sums(reader) == [(2, "Мост", {(2026, "local"): 100}), (3 + len(rows), "Парк", {(2026, "local"): 7})]
    assert [why for _line, why in left(reader)] == expected


def test_total_may_stand_first_and_a_title_may_begin_like_one():
    rows = [BY_SOURCE, ["", "Всего по программе", "", "всего", "100"], ["", "", "", "местный бюджет", "40"],
            ["1", "Итоговый форум", DAY, "МБ", "7"], ["2", "Всероссийский слёт", DAY, "МБ", "7"],
            ["3", "Отремонтировать 5 км дорог, всего", DAY, "МБ", "7"]]  # fmt: skip

    assert titles(read(rows)) == ["Итоговый форум", "Всероссийский слёт", "Отремонтировать 5 км дорог, всего"]


@pytest.mark.invariant(100)
def test_sources_under_a_title_are_parts_of_its_sum():
    rows = [["№", "Мероприятие", "Срок", "2026, т.р."], ["1", "Мост", DAY, "100"], ["", "в том числе:"],
            ["", "федеральный бюджет", "", "40"], ["", "в т.ч. бюджет города", "", "60"],
            ["2", "Парк", DAY, "5"]]  # fmt: skip

    reader = read(rows, said={"source": "local"})

    assert sums(reader) == [
        (2, "Мост", {(2026, "federal"): 40, (2026, "local"): 60}), (6, "Парк", {(2026, "local"): 5}),
    ]  # fmt: skip
    assert reader.items[0].sums == {(2026, ""): 100}


def test_part_of_a_row_that_is_no_source_is_told():
    rows = [HEAD, ["1", "Мост", DAY, "100"], ["", "в том числе проектирование", "", "10"], ["", "Итого", "", "100"],
            ["", "из них субсидии", "", "60"], ["2", "Парк", DAY, "5"]]  # fmt: skip

    reader = read(rows)

    assert sums(reader) == [(2, "Мост", {(2026, "local"): 100}), (6, "Парк", {(2026, "local"): 5})]
    assert left(reader) == [(3, "часть строки выше"), (4, "итог"), (5, "разбивка итога")]


# ——— Heads once more, hidden rows, notes ———


def test_head_once_more_with_its_numbers_is_passed_over_i13b():
    head = [
        ["№", "Мероприятие", "Срок", "2026", "2027"],
        ["", "", "", "тыс. руб.", "тыс. руб."],
        ["1", "2", "3", "4", "5"],
    ]
    rows = [*head, ["1", "Мост", DAY, "1", "2"], ["Продолжение таблицы 1"], *head, ["2", "Парк", DAY, "3", "4"]]
    short = [["Мероприятие", "Исполнитель"], ["Мост", "А"], ["МЕРОПРИЯТИЕ ", "Исполнитель"], ["Школа", "А"]]

    reader = read(rows, said={"source": "local"})

    assert [title for _line, title, _money in sums(reader)] == ["Мост", "Парк"]
    again, numbers = "повтор шапки", "номера столбцов"
    assert left(reader) == [(5, again), (6, again), (7, again), (8, numbers)]
    assert (titles(read(short)), left(read(short))) == (["Мост", "Школа"], [(3, again)])


def test_hidden_and_struck_rows_stay_out_with_their_parts_until_a_person_takes_them():
    rows = [BY_SOURCE, ["1", "Мост", DAY, "МБ", "5"], ["2", "Скрытая", DAY, "МБ", "6"], ["", "", "", "ОБ", "7"],
            ["3", "Лишняя", DAY, "МБ", "8"], ["4", "Сад", DAY, "МБ", "9"]]  # fmt: skip
    marks = {"hidden": frozenset({2}), "struck": frozenset({4})}

    reader = read(rows, **marks)
    taken = read(rows, layout=Layout(taken=frozenset({2, 4}), left=frozenset({5})), **marks)

    assert sums(reader) == [(2, "Мост", {(2026, "local"): 5}), (6, "Сад", {(2026, "local"): 9})]
    assert left(reader) == [
        (3, "скрыта в файле"), (4, "часть строки, которую не вносим"), (5, "зачёркнута в файле"),
    ]  # fmt: skip
    assert reader.notes[:1] == ["Не внесли строки (скрыта в файле): 3."]
    assert sums(taken)[1] == (3, "Скрытая", {(2026, "local"): 6, (2026, "regional"): 7})
    assert (titles(taken), left(taken)) == (["Мост", "Скрытая", "Лишняя"], [(6, "сказано не вносить")])


def test_notes_and_signatures_under_the_table_are_left_and_told():
    rows = [HEAD, ["1", "Мост", DAY, "10*"], ["2", "Глава города проводит приём", DAY], [],
            ["* при условии софинансирования"], ["Примечание: суммы уточняются"],
            ["Глава города", "", "", "И.И. Иванов"], ["И.о. начальника отдела ______________ Петрова А.А."],
            ["Исп. Петрова А.А., тел. 8-846-123"], ["М.П."]]  # fmt: skip

    reader = read(rows)

    assert sums(reader) == [(2, "Мост", {(2026, "local"): 10}), (3, "Глава города проводит приём", {})]
    noted, signed = "примечание", "подпись"
    assert left(reader) == [(4, "пустая строка"), (5, noted), (6, noted), *((line, signed) for line in range(7, 11))]
    assert reader.notes == ["Не внесли строки (примечание): 5, 6.", "Не внесли строки (подпись): 7, 8, 9, 10."]


def test_row_that_is_left_is_shown_as_it_reads():
    rows = [HEAD, ["", "Итого", f"{DATE}2026-12-31", "\x02"], ["1", "Мост", DAY]]

    assert read(rows).left[1].text == "Итого · 31.12.2026 · формула"


@pytest.mark.slow
@pytest.mark.invariant(98)
def test_every_row_of_a_sheet_is_read_or_left_with_a_reason():
    dice = random.Random(13)
    for _number in range(300):
        rows, hidden = _sheet(dice)
        reader = read(rows, said={"source": "local"}, hidden=hidden)
        places = sorted([*reader.read_rows, *(one.row for one in reader.left)])
        assert places == list(range(len(reader.grid.rows))), rows
        assert all(one.why for one in reader.left)
        meant = {line for line, row in enumerate(rows) if len(row) > 1 and row[1].startswith("Мера ")}
        assert meant - hidden == {place for place in reader.read_rows if place in meant}, rows


def _sheet(dice):
    """(rows, hidden) of a sheet with a title, a head of one to three rows, sections, totals, heads again, notes."""
    heads = [
        [["№", "Мероприятие", "Срок", "Источник", "2026, тыс. руб."]],
        [["№", "Мероприятие", "Срок", "Источник", "Объём, тыс. руб."], ["", "", "", "", "2026"]],
        [["№", "Мероприятие", "Срок", "Источник", "Объём, т.р."], ["", "", "", "", "2026"], ["", "", "", "", "план"]],
    ]  # fmt: skip
    numbers = ["1", "2", "3", "4", "5"]
    title = [["Приложение 1"], ["План на 12 млн рублей"], ["", "", "", "", "(тыс. руб.)"], []]
    head = dice.choice(heads)
    rows = [*title[: dice.randrange(5)], *head, *([numbers] if dice.random() < 0.5 else [])]
    hidden, count = set(), 0
    for _number in range(dice.randrange(1, 25)):
        roll = dice.random()
        if roll < 0.55:
            count += 1
            rows.append([str(count), f"Мера {count}", dice.choice([DAY, "IV квартал 2026", ""]), "МБ", str(count)])
            if dice.random() < 0.1:
                hidden.add(len(rows) - 1)
            rows += [["", "", "", source, "1"] for source in ("ОБ", "ФБ")[: dice.randrange(3)]]
        elif roll < 0.65:
            rows.append(dice.choice([["", "Дороги"], ["Раздел 2. Туризм"], ["II", "Туризм"], ["Неведомое"]]))
        elif roll < 0.8:
            rows.append(dice.choice([["", "Итого", "", "всего", "9"], ["Всего по программе", "", "", "", "9"]]))
            rows += [["", "", "", source, "1"] for source in ("ОБ", "ФБ")[: dice.randrange(3)]]
        elif roll < 0.9:
            rows += [*head, *([numbers] if dice.random() < 0.5 else [])]
        else:
            rows.append(dice.choice([[], ["* сноска"], ["Глава города", "", "И.И. Иванов"], ["Продолжение таблицы"]]))
    return rows, frozenset(hidden)


def test_sums_of_years_are_no_numbers_of_columns():
    rows = [["№", "Мероприятие", "Источник", "2026, т.р.", "2027, т.р.", "2028, т.р."], ["1", "Мост", "МБ", "7", "8",
    "9"],
            ["", "", "ОБ", "1", "2", "3"], ["", "", "", "1", "2", "3"]]  # fmt: skip

    reader = read(rows, said={"source": "extra"})

    assert (len(reader.items), len(reader.items[0].money), left(reader)) == (1, 9, [])


# ——— Works and units ———


@pytest.mark.invariant(100)
def test_row_counts_in_what_its_cell_says_and_works_are_told_i58():
    rows = [["№", "Наименование", "Ед. изм.", "2026"], ["1", "Мост", "км", "5"], ["", "", "тыс. руб.", "100"],
            ["2", "Парк", "млн руб.", "1,5"]]  # fmt: skip

    reader = read(rows, said={"source": "local"})

    assert sums(reader) == [(2, "Мост", {(2026, "local"): 100}), (4, "Парк", {(2026, "local"): 1500})]
    assert reader.notes == ["Строка 2, «2026»: 5 (км) — не деньги, не внесли."]
    blank = read([*rows, ["3", "Сад", "", "7"]], said={"source": "local"})
    assert [fault.cell for fault in blank.faults] == ["D5"]  # nobody says what its sum is counted in
    assert read([*rows, ["3", "Сад", "", "7"]], said={"source": "local", "unit": 1}).faults == []
    only = read([rows[0], rows[1]])
    assert only.notes == ["Эти столбцы не вносим: «2026». Нужны — нажмите «Поправить столбцы»."]


def test_spent_money_stands_apart_i08():
    rows = [
        ["№", "Мероприятие", "План 2025, МБ, т.р.", "Кассовое исполнение за 2025 год, МБ, т.р."],
        ["1", "Мост", "9", "7"],
    ]

    one = read(rows).items[0]

    assert [sum(value for value, *_where in sums.values()) for sums in (one.money, one.spent)] == [9, 7]
    assert [list(sums) for sums in (one.money, one.spent)] == [[(2025, "local")]] * 2


def test_estimate_is_a_preliminary_fact_and_a_fact_wins_over_it_i07():
    rows = [["Показатель", "Ед. изм.", "2024 отчёт", "2025 оценка", "2025 факт", "2026 прогноз"],
            ["Доля", "%", "1", "2%", "", "3"], ["Ввод", "м²", "1", "2", "5", "3"]]  # fmt: skip

    first, second = read(rows, "indicators").items

    assert first.figures == {
        ("actual", 2024): 1, ("actual", 2025): 2, ("is_preliminary", 2025): True, ("target", 2026): 3,
    }  # fmt: skip
    assert "actual:2025" in first.percents
    assert second.figures == {("actual", 2024): 1, ("actual", 2025): 5, ("target", 2026): 3}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Численность населения, тыс. чел.", ("Численность населения", "тыс. чел.")),
        ("Площадь парков, га", ("Площадь парков", "га")), ("Доля дорог (%)", ("Доля дорог", "%")),
        ("Доля дорог, в нормативе, процентов", ("Доля дорог, в нормативе", "процентов")),
        ("Ввод жилья: кв. м", ("Ввод жилья", "кв. м")), ("Индекс, в % к 2020 году", ("Индекс", "в % к 2020 году")),
        ("Врачей, человек на 10 тыс. населения", ("Врачей", "человек на 10 тыс. населения")),
        ("Ввод жилья (кв. метров)", ("Ввод жилья", "кв. метров")), ("Доходы, млн руб.", ("Доходы", "млн руб.")),
        ("Число школ (объектов)", ("Число школ", "объектов")),
        ("Количество проектов, мероприятий", ("Количество проектов, мероприятий", "балл")),
        ("Школы, сады и дома культуры", ("Школы, сады и дома культуры", "балл")),
        ("Численность (среднегодовая)", ("Численность (среднегодовая)", "балл")),
    ],
)  # fmt: skip
def test_unit_of_an_indicator_stands_in_its_name_or_is_said_once_i48(name, expected):
    reader = read([["Показатель", "Город", "2026"], [name, "Сызрань", "165"]], "indicators", said={"unit_name": "балл"})

    assert (reader.items[0].get("name"), reader.items[0].get("unit")) == expected
    column = read([["Показатель", "Ед. изм.", "2026"], [name, "шт.", "1"]], "indicators", said={"unit_name": "балл"})
    assert (column.items[0].get("name"), column.items[0].get("unit")) == (name, "шт.")


def test_number_that_sends_to_a_note_is_no_number_and_is_told():
    rows = [["№", "Мероприятие", "2026, МБ, тыс. руб.", "2027, МБ, тыс. руб."], ["1", "Мост", "см. прим.", "х"],
            ["2", "Парк", "…", "―"], ["3", "Сад", "1 234,5*", "2,5 млн"]]  # fmt: skip

    reader = read(rows)

    assert [money for _line, _title, money in sums(reader)] == [{}, {}, {(2026, "local"): 1234.5}]
    assert reader.notes == ["Строка 2, «2026, МБ, тыс. руб.»: «см. прим.», числа нет."]
    assert [(one.cell, one.text) for one in reader.faults] == [
        ("D4", "«2,5 млн»: единица в ячейке («млн») не та, в чём считают столбец; напишите только число"),
    ]  # fmt: skip


# ——— A twin of the programme of a large city: foreign heads, rows shorter and longer than the head ———


def test_table_of_codes_with_blanks_for_nothing_is_read_whole():
    head = ["Key", "Code", "Name", "Owner_Id", "Goals", "StartDate", "EndDate", "State", "Id", "ord", "SubprogramName"]
    rest = ["7", "", "20120101000000", "20161231000000", "", "f1e"]
    rows = [head, *([str(800 + number), f"13А{number:02}00", 'Ремонт "объекта', *rest] for number in range(29))]
    rows[5] += ["", "", "", "сдвиг"]

    assert fields(rows) == [""] * 12 + [""]
    match = {"fields": {1: "code", 2: "title", 5: "start", 6: "due"}, "direction": "Дороги"}
    reader = read(rows, said=match)

    assert (len(reader.items), reader.faults, left(reader)) == (29, [], [])
    assert {(str(one.get("start")), str(one.get("due").day)) for one in reader.items} == {("2012-01-01", "2016-12-31")}
    assert "«столбец 13 без названия»" in reader.notes[0]
