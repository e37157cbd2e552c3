"""Files and rows as they come: encodings, merged cells, sources in rows, sections, totals; what Excel adds."""

import datetime

import pytest

from exchange.sheets.grid import DAY, ERROR, FORMULA, read_grid
from exchange.tables.fields import VALUES
from exchange.tables.identity import are_alike
from exchange.tables.matching import Match
from exchange.tables.measures import NO_DIRECTION
from exchange.tables.rows import Reader
from strategies.models import Funding, Indicator, IndicatorValue, Measure
from tests import factories
from tests.exchange.tables.reading import matched, read
from tests.exchange.tables.tables import Told, book_file, csv_file, scope_of

ROWS = [["№", "Мероприятие", "Ответственный"], ["1", "Мост «Ёлка»; №", "Комитет"]]


@pytest.fixture
def programme(region):
    programme = factories.programme(region)
    for title in ("Дороги", "Школы"):
        factories.direction(region, programme=programme, title=title)
    return programme


def told(programme, approver, file):
    """What a table of measures would do."""
    return Told(file, "measures", scope_of(programme), by=approver)


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16"])
def test_text_is_read_in_every_usual_form(delimiter, encoding):
    rows = ROWS if delimiter != "," else [[cell.replace(";", ",") for cell in row] for row in ROWS]

    assert read_grid(csv_file([*rows, ["", "", ""]], delimiter=delimiter, encoding=encoding)).rows == rows


def test_cells_of_a_book_say_what_they_are():
    day = datetime.date(2026, 12, 31)
    grid = read_grid(
        book_file(
            [["а", 1.0, 0.1 + 0.2, 1234.5, day, True, "=A1", "#REF!", 0.755, 2], ["б"], ["в"]],
            merged=["A1:A1", "A2:B3"], formats={"I1": "0.0%", "J1": "0%"},
        )
    )  # fmt: skip

    assert grid.rows == [
        ["а", "1", "0.3", "1234.5", f"{DAY}2026-12-31", "да", FORMULA, f"{ERROR}#REF!", "75.5%", "200%"], ["б"],
    ]  # fmt: skip


def test_file_over_ten_megabytes_is_not_even_opened():
    file = csv_file([])
    file.size = 10 * 1024 * 1024 + 1

    with pytest.raises(Exception, match="файл больше 10 МБ."):
        read_grid(file)


@pytest.mark.parametrize("is_merged", [True, False])
def test_measure_of_several_rows_by_sources_is_one(programme, approver, is_merged):
    rows = [
        ["№", "Мероприятие", "Направление", "Источник", "2026", "2027"], ["1", "Мост", "Дороги", "Всего", 30, 70],
        [None, None, None, "местный бюджет", 10, 20], [None, None, None, "областной бюджет", 20, 60],
        ["2", "Школа", "Школы", "федеральный бюджет", 5, None],
    ]  # fmt: skip

    table = told(programme, approver, book_file(rows, merged=["A2:A4", "B2:B4", "C2:C4"] if is_merged else []))
    table.take()

    assert table.plan.notes == ["Строка 2: за 2027 год названо 70, а по частям выходит 80."]
    assert sorted(Funding.objects.values_list("measure__title", "year", "source", "planned")) == [
        ("Мост", 2026, "local", 10), ("Мост", 2026, "regional", 20), ("Мост", 2027, "local", 20),
        ("Мост", 2027, "regional", 60), ("Школа", 2026, "federal", 5),
    ]  # fmt: skip


def test_sum_merged_over_several_measures_is_a_fault_and_words_are_not(programme, approver):
    rows = [["Мероприятие", "Направление", "Ответственный", "2026, местный бюджет"], ["Мост", "Дороги", "Комитет", 10],
            ["Парк", "Дороги", None, None]]  # fmt: skip

    table = told(programme, approver, book_file(rows, merged=["C2:C3", "D2:D3"]))

    assert table.faults == [("D3", "ячейка объединена на несколько строк: напишите число в каждой")]


def test_rows_of_sections_give_the_direction_and_totals_are_passed_over(programme, approver):
    rows = [
        ["№", "Мероприятие", "Срок", "Всего"], ["Раздел 1. Дороги"], ["1", "Мост", "2026 год", "5"],
        ["", "Итого по разделу", "", "5"], ["II. Школы"], ["2", "Школа", "2026 год", "5"], ["Всего", "", "", "10"],
        ["Звёзды"], [],
    ]  # fmt: skip

    table = told(programme, approver, csv_file(rows))

    assert table.faults == [("A8", "«Звёзды»: в строке одна ячейка, и направления с таким названием в программе нет")]
    assert table.plan.notes == ["Строки итогов пропущены: 4, 7."]
    table = told(programme, approver, csv_file(rows[:7]))
    table.take()
    assert sorted(Measure.objects.values_list("title", "direction__title", "due", "due_note")) == [
        ("Мост", "Дороги", None, "2026 год"), ("Школа", "Школы", None, "2026 год"),
    ]  # fmt: skip


def test_errors_of_excel_and_dates_in_place_of_words_are_named(programme, approver):
    rows = [["№", "Мероприятие", "Направление", "Всего"], [datetime.date(2026, 2, 1), "Мост", "Дороги", "#DIV/0!"]]

    assert told(programme, approver, book_file(rows)).faults == [
        ("A2", "здесь дата, а нужен текст: сделайте ячейку текстовой и наберите заново"),
        ("D2", "в ячейке ошибка Excel #DIV/0!: исправьте её"),
    ]


def test_money_without_a_year_belongs_to_the_year_of_the_due_date(programme, approver):
    rows = [["Мероприятие", "Направление", "Срок", "Местный бюджет"], ["Мост", "Дороги", "31.12.2027", "5"],
            ["Парк", "Дороги", "IV кв. 2027", "5"], ["Сад", "Дороги", "2027–2028 годы", "5"]]  # fmt: skip

    table = told(programme, approver, csv_file(rows))

    assert table.faults == [
        (
            "D4",
            "не сказано, за какой год эти деньги: в шапке года нет, и в сроке не один год; назовите его в «Поправить "
            "столбцы»",
        )
    ]
    assert [words for _line, words in table.plan.added] == [
        "Мост — срок 31.12.2027, 5 тыс. руб.",
        "Парк — IV кв. 2027, 5 тыс. руб.",
    ]
    told(programme, approver, csv_file(rows[:2])).take()
    assert list(Funding.objects.values_list("year", "planned")) == [(2027, 5)]


def test_loans_are_added_to_other_money_in_columns_and_in_rows(programme, approver):
    columns = [["№", "Мероприятие", "Направление", "2026, средства организаций", "2026, заёмные средства"],
               ["1", "Мост", "Дороги", "10", "5,5"], ["2", "Парк", "Дороги", "", "7"]]  # fmt: skip
    rows = [["№", "Мероприятие", "Направление", "Источник", "2026"],
            ["3", "Двор", "Дороги", "средства организаций", "1"],
            ["", "", "", "заёмные средства", "2"]]  # fmt: skip

    for table in (columns, rows):
        told(programme, approver, csv_file(table)).take()

    assert sorted(Funding.objects.values_list("measure__title", "source", "planned")) == [
        ("Двор", "extra", 3), ("Мост", "extra", 15.5), ("Парк", "extra", 7),
    ]  # fmt: skip
    twice = [*rows, ["", "", "", "заёмные средства", "3"]]
    assert told(programme, approver, csv_file(twice)).faults == [
        ("E4", "деньги этого источника за 2026 год уже стоят в строке 3")
    ]


def test_columns_that_do_not_go_in_are_named(programme, approver):
    rows = [["Мероприятие", "Направление", "Виза", "Плановое значение показателя", "Пустой"],
            ["Мост", "Дороги", "Поручение", "75", ""]]  # fmt: skip

    assert told(programme, approver, csv_file(rows)).plan.notes == [
        "Эти столбцы не вносим: «Виза», «Плановое значение показателя». Нужны — нажмите «Поправить столбцы».",
        "Показатели мер внесите этой же таблицей ещё раз, выбрав «показатели».",
    ]
    assert told(programme, approver, csv_file([["Мероприятие", "Направление", "Срок"]])).plan.notes == [
        "Под шапкой нет ни одной строки с данными."
    ]


def test_direction_said_once_is_for_new_measures_only(programme, town, approver):
    factories.measure(town, direction=programme.directions.get(title="Школы"), title="Школа", status="draft")
    table = told(programme, approver, csv_file([["Мероприятие", "Ответственный"], ["Мост", "А"], ["Школа", "Б"]]))
    match = table.match
    match.direction = "Дороги"

    Told(table.grid, "measures", scope_of(programme, town=town), by=approver, match=match).take()

    assert [text for _line, text in table.faults] == [NO_DIRECTION] * 2
    assert sorted(Measure.objects.values_list("title", "direction__title", "responsible")) == [
        ("Мост", "Дороги", "А"), ("Школа", "Школы", "Б"),
    ]  # fmt: skip


def test_number_of_another_towns_plan_is_another_measure(programme, town, other_town, approver):
    direction = programme.directions.get(title="Дороги")
    factories.measure(town, direction=direction, code="1", title="Мост", status="draft")
    rows = [["№", "Мероприятие", "Город", "Направление"], ["1", "Парк", "Чапаевск", "Дороги"],
            ["1", "Мост через реку", "Сызрань", "Дороги"]]  # fmt: skip

    told(programme, approver, csv_file(rows[:2])).take()
    renamed = told(programme, approver, csv_file([rows[0], rows[2]]))
    renamed.take()

    assert renamed.plan.notes == ["Строка 2: под № 1 на сайте стоит «Мост», она получит это название."]
    number = Measure.objects.get(municipality=town).pk
    assert told(programme, approver, csv_file([rows[0], ["1", "Каток", "Сызрань", "Дороги"]])).faults == [
        ("A2", "под № 1 на сайте стоит «Мост через реку»: если это другая мера, дайте ей другой № или не вносите "
         f"столбец с номерами; если та же, поставьте {number} в столбец «номер на сайте»"),
    ]  # fmt: skip
    assert sorted(Measure.objects.values_list("code", "title", "municipality__name")) == [
        ("1", "Мост через реку", "Сызрань"), ("1", "Парк", "Чапаевск"),
    ]  # fmt: skip


def test_plan_with_figures_goes_in_twice_as_measures_and_as_indicators(programme, approver):
    rows = [
        ["№", "Наименование мероприятия", "Направление", "Источник финансирования", "Объём, тыс. руб.", None,
         "Наименование показателя", "Ед. изм.", "Плановое значение показателя по годам", None],
        [None, None, None, None, "2026", "2027", None, None, "2026", "2027"],
        ["1", "Мост", "Дороги", "местный бюджет", 10, 20, "Доля дорог", "%", "75%", "75,50"],
        [None, None, None, "областной бюджет", 20, 60, None, None, None, None],
    ]  # fmt: skip
    merged = ["A1:A2", "B1:B2", "C1:C2", "D1:D2", "E1:F1", "G1:G2", "H1:H2", "I1:J1", "A3:A4", "B3:B4", "G3:G4"]

    for kind in ("measures", "indicators"):
        table = Told(book_file(rows, merged=merged), kind, scope_of(programme), by=approver)
        assert (kind, table.faults) == (kind, [])
        table.take()

    assert list(Funding.objects.order_by("year", "planned").values_list("year", "planned")) == [
        (2026, 10), (2026, 20), (2027, 20), (2027, 60),
    ]  # fmt: skip
    assert list(IndicatorValue.objects.order_by("year").values_list("indicator__measure__title", "year", "target")) == [
        ("Мост", 2026, 75), ("Мост", 2027, 75.5),
    ]  # fmt: skip


def test_report_of_figures_says_its_year_and_paper_once(programme, town, approver):
    indicator = factories.make(Indicator, municipality=town, name="Ввод жилья", unit="м²", direction="higher")
    rows = [["Показатель", "Ед. изм.", "План", "Факт", "Отклонение, %", "Причины отклонения"],
            ["Ввод жилья", "м²", "100", "80", "-20", "Перенос дома"]]  # fmt: skip
    file = csv_file(rows)
    names = ("name", "unit", "target", "actual", "", "deviation_reason")
    fields = {place: name for place, name in enumerate(names) if name}
    match = Match(VALUES, tuple(rows[0]), fields, year=2025, paper="Отчёт главы")

    table = Told(file, "values", scope_of(programme, town=town), by=approver, match=match)
    assert table.faults == []
    table.take()

    value = IndicatorValue.objects.get()
    assert (value.indicator, value.year, value.target, value.actual, value.sources, value.deviation_reason) == (
        indicator, 2025, 100, 80, "Отчёт главы", "Перенос дома",
    )  # fmt: skip


def test_base_of_a_year_stands_in_one_column(programme, town, approver):
    rows = [["Цель/показатель", "Ед. изм.", "2024 (база)", "2026"], ["Доля дорог", "%", "62,5%", "75%"],
            ["Ввод жилья", "м²", "5%", "10"]]  # fmt: skip

    table = Told(csv_file(rows), "indicators", scope_of(programme, town=town), by=approver)
    Told(csv_file(rows[:2]), "indicators", scope_of(programme, town=town), by=approver).take()

    assert table.faults == [("3", "в ячейке процент, а единица измерения «м²»")]
    found = Indicator.objects.get()
    assert (found.base_year, found.base_value, found.values.get().target) == (2024, 62.5, 75)


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [("Мост", "Мост через реку", True), ("Ремонт сквера «Победы»", "Ремонт сквера Победы, 2 этап", True),
     ("Обустройство двора", "Обустройства дворов", True), ("ФАП", "ФАП.", True),
     ("Ремонт сквера «Победы»", "Осветить сквер у вокзала", False), ("Мост", "Каток", False), ("ФАП", "ДК", False)],
)  # fmt: skip
def test_names_of_one_thing_are_alike(one, other, alike):
    assert are_alike(one, other) is alike


def test_rows_are_sorted_before_their_cells_are_read_and_both_are_done_once():
    said = ["1", "Мост", "31.12.2026", "сто"]
    grid, head, match = matched([["№", "Мероприятие", "Срок", "2026, МБ, тыс. руб."], said, ["Итого", "", "", "5"]])
    reader = Reader(grid, head, match).sort()

    told = [(len(reader.items), len(reader.left), len(reader.faults), len(reader.notes))]
    reader.read().read()
    told.append((len(reader.items), len(reader.left), len(reader.faults), len(reader.notes)))

    assert told == [(1, 2, 0, 0), (1, 2, 1, 1)]


def test_text_known_of_a_column_means_the_same_where_the_row_counts_otherwise():
    rows = [
        ["Мероприятие", "Ответственный", "Ед. изм.", "2026, МБ"], ["Мост", "Мэрия", "тыс. руб.", "2000"],
        ["Парк", "то же", "руб.", "2000"], ["Сквер", "Парки", "тыс. руб.", "2000"], ["Двор", "Мэрия", "руб.", "2000"],
        ["Сад", "-//-", "тыс. руб.", "2000"],
    ]  # fmt: skip

    told = [(one.get("responsible"), *(float(value) for value, *_ in one.money.values())) for one in read(rows).items]

    assert told == [("Мэрия", 2000), ("Мэрия", 2), ("Парки", 2000), ("Мэрия", 2), ("Мэрия", 2000)]
