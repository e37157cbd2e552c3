"""What a sheet does not say itself is asked once and remembered: towns, empty cells, headings, several tables on it."""

import pytest

from exchange.intake.blocks import tables_of
from exchange.sheets.grid import Grid
from strategies.models import Measure
from tests import factories
from tests.exchange.intake.test_several import workbook
from tests.exchange.tables.tables import csv_file

DAY = "31.12.2027"
HEAD = ["№", "Мероприятие", "Срок", "2026, МБ, тыс. руб."]
FIGURES = ["№", "Показатель", "Ед. изм.", "2026"]


def measures():
    """[(title, town, direction)] of what went in."""
    rows = Measure.objects.order_by("pk").values_list("title", "municipality__name", "direction__title")
    return list(rows)


@pytest.mark.invariant(106)
def test_empty_cells_under_a_town_are_asked_once_and_remembered(desk, town):
    rows = [["Город", *HEAD], [town.name, "1", "Мост", DAY, "5"], ["", "2", "Парк", DAY, "5"]]
    desk.bring(rows)
    assert desk.asked == ["пустые ячейки в столбце «Город»"]

    desk.send("match", **{"s0-once-below-town": "above"})
    desk.send("apply")

    assert [name for _title, name, _direction in measures()] == [town.name] * 2
    desk.bring([rows[0], [town.name, "3", "Сад", DAY, "5"], ["", "4", "Дом", DAY, "5"]])
    assert desk.asked is None
    desk.send("apply")
    assert [name for _title, name, _direction in measures()] == [town.name] * 4


def test_sheet_that_a_town_is_named_by_is_the_towns(desk, town, other_town):
    sheet = [HEAD, ["1", "Мост", DAY, "5"]]
    desk.bring(workbook({town.name: sheet, f"г.о. {other_town.name}": sheet}))
    desk.send("match", **{"s1-kind": "measures"})

    desk.send("apply")

    assert [name for _title, name, _direction in measures()] == [town.name, other_town.name]


def test_headings_that_are_no_direction_are_matched_once(desk, programme, region):
    factories.direction(region, programme=programme, title="Туризм")
    rows = [HEAD, ["Задача 1. Ездить"], ["1", "Мост", DAY, "5"], ["Задача 2. Смотреть"], ["2", "Музей", DAY, "5"]]
    desk.bring(rows)
    desk.send("match", **{"s0-once-direction": "="})
    assert desk.asked == ["«Задача 1. Ездить»", "«Задача 2. Смотреть»"]
    names = {one.text: one.choice.name for one in desk.page.context["chosen"][0].to_match}

    desk.send("match", **{names["Задача 1. Ездить"]: "Дороги", names["Задача 2. Смотреть"]: "Туризм"})
    desk.send("apply")

    assert [(title, direction) for title, _town, direction in measures()] == [("Мост", "Дороги"), ("Музей", "Туризм")]
    desk.bring([*rows[:2], ["3", "Сад", DAY, "5"], rows[3], ["4", "Театр", DAY, "5"]])
    assert desk.asked is None


def test_table_of_another_kind_below_goes_in_by_itself(desk, town):
    below = [[], ["Целевые показатели"], FIGURES, ["1", "Площадь парков", "га", "10"]]
    desk.bring(csv_file([HEAD, ["1", "Мост", DAY, "5"], *below]), town=town.pk)

    [first, second] = desk.page.context["intake"].chosen
    desk.send("match")
    desk.send("apply")

    assert [(one.kind.code, one.head_rows, one.title) for one in (first, second)] == [
        ("measures", "1", "Таблица 1"),
        ("indicators", "5", "Таблица 2"),
    ]
    assert [title for title, *_more in measures()] == ["Мост"]
    assert town.indicators.get().name == "Площадь парков"


@pytest.mark.invariant(110)
@pytest.mark.parametrize(
    ("rows", "tables"),
    [
        ([HEAD, ["1", "Мост", DAY, "5"], [], HEAD, ["2", "Парк", DAY, "5"]], 1),
        ([HEAD, ["1", "Мост", DAY, "5"], [], [*HEAD[:3], "2027, МБ, тыс. руб."], ["2", "Парк", DAY, "5"]], 2),
        ([[*HEAD, "", *HEAD], ["1", "Мост", DAY, "5", "", "2", "Парк", DAY, "7"]], 2),
        ([[*HEAD, "", "Примечание"], ["1", "Мост", DAY, "5", "", "да"]], 1),
        ([HEAD, ["1", "Мероприятие года", "Срок", "5"], [], ["2", "Мероприятие", "Показатели", ""]], 1),
    ],
    ids=["the same head again", "another year", "side by side", "an empty column", "words of heads in rows"],
)
def test_tables_on_one_sheet_are_told_apart_by_their_heads(rows, tables):
    found = tables_of(Grid([list(map(str, row)) for row in rows], "Лист"))

    assert len(found) == tables
    cells = [
        (row, place, cell)
        for one in found
        for row, cells in enumerate(one.rows)
        for place, cell in enumerate(cells)
        if cell
    ]
    assert sorted(cells) == [
        (row, place, cell) for row, line in enumerate(rows) for place, cell in enumerate(line) if cell
    ]
