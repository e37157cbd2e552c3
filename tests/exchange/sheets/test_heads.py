"""Heads as plans of towns have them: one row, two rows, merged cells; which column is known by its words."""

import io
from decimal import Decimal

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from exchange.models import ColumnMatch
from exchange.sheets.grid import read_grid
from exchange.sheets.heads import find_head, has_known_head
from exchange.tables.fields import INDICATORS, MEASURES, VALUES
from exchange.tables.matching import Match, by_words, own_head
from exchange.tables.memory import keep, known_match
from tests.exchange.tables.tables import book_file, csv_file


def known(kind, rows, **book):
    """[field of each column; «» where nothing is known] of a table."""
    grid = read_grid(book_file(rows, **book) if book else csv_file(rows))
    head = find_head(grid, kind)
    match = by_words(kind, head.names)
    return [match.fields.get(place, "") for place in range(len(head.names))]


@pytest.mark.parametrize(
    ("head", "fields"),
    [
        (
            ["№", "Мероприятие", "Срок", "Всего, тыс. руб.", "2026 год", "2027 год", "Ответственный исполнитель"],
            ["code", "title", "due", "stated_total", "money:2026:", "money:2027:", "responsible"],
        ),
        (
            ["№ п/п", "Наименование мероприятия", "Ожидаемый эффект", "Всего", "Местный бюджет", "Областной бюджет",
             "Федеральный бюджет", "Средства организаций", "Срок исполнения", "Ответственный"],
            ["code", "title", "expected_result", "stated_total", "money::local", "money::regional", "money::federal",
             "money::extra", "due", "responsible"],
        ),
        (
            ["Номер", "Наименование", "Исполнитель", "Источник финансирования", "2026", "2027", "Примечание"],
            ["code", "title", "responsible", "source", "money:2026:", "money:2027:", "note"],
        ),
        (
            ["Муниципальное образование", "Мера", "2026, всего", "2026, бюджет города", "2026, внебюджетные источники"],
            ["town", "title", "sum:2026:", "money:2026:local", "money:2026:extra"],
        ),
        (
            ["Мероприятие", "Основание", "Источники, руб. / средства организаций", "Источники, руб. / заёмные"],
            ["title", "sources", "money::extra", "money::loan"],
        ),
        (
            ["№", "Наименование", "Исполнитель", "Плановое значение показателя / 2026", "2026"],
            ["code", "title", "responsible", "", "money:2026:"],
        ),
        (["Направление", "Мероприятие", "Соисполнители", "Что-то ещё"], ["direction", "title", "co_executors", ""]),
    ],
    ids=["by years", "by sources", "source in rows", "totals of years", "loans", "figures are no money", "unknown"],
)  # fmt: skip
def test_columns_of_measures_are_known_by_their_words(head, fields):
    assert known(MEASURES, [["План мероприятий"], head, ["1", "Мост"]]) == fields


def test_head_of_years_and_sources_over_merged_cells():
    rows = [
        ["План"], ["№", "Мероприятие", "Объём финансирования, тыс. руб.", None, None, None, None],
        [None, None, "Всего", "2026", None, "2027", None],
        [None, None, None, "местный бюджет", "областной бюджет", "местный бюджет", "областной бюджет"],
        [1, 2, 3, 4, 5, 6, 7], ["1", "Мост", 1, 2, 3, 4, 5],
    ]  # fmt: skip
    merged = ["A2:A4", "B2:B4", "C2:G2", "C3:C4", "D3:E3", "F3:G3"]
    expected = ["code", "title", "stated_total", "money:2026:local", "money:2026:regional", "money:2027:local",
                "money:2027:regional"]  # fmt: skip

    assert known(MEASURES, rows, merged=merged) == expected
    assert (
        known(MEASURES, [[cell or "" for cell in row] for row in rows]) == expected
    )  # the same as CSV, nothing merged
    assert find_head(read_grid(book_file(rows, merged=merged)), MEASURES).first == 5


def test_head_of_sources_over_years():
    rows = [["Мероприятие", "Местный бюджет", "", "Областной бюджет", ""], ["", "2026", "2027", "2026", "2027"],
            ["Мост", "1", "2", "3", "4"]]  # fmt: skip

    assert known(MEASURES, rows) == [
        "title", "money:2026:local", "money:2027:local", "money:2026:regional", "money:2027:regional",
    ]  # fmt: skip


def test_columns_of_indicators_and_values():
    head = ["№", "Показатель", "Ед. изм.", "Вес", "Источник информации", "Базовый год", "Базовое значение", "2026",
            "2026 (факт)", "План 2027"]  # fmt: skip

    assert known(INDICATORS, [head, ["1", "Доля"]])[1:] == [
        "name", "unit", "weight", "data_source", "base_year", "base_value", "target:2026", "actual:2026", "target:2027",
    ]  # fmt: skip
    measures = ["№", "Наименование мероприятия", "Цель/показатель", "Ед. изм.", "Объём финансирования / 2026", "2026"]
    assert known(INDICATORS, [measures])[1:] == ["measure", "name", "unit", "", "target:2026"]
    values = ["Целевой показатель", "Единица измерения", "Год", "План", "Факт", "Причина отклонения"]
    assert known(VALUES, [values]) == [
        "name", "unit", "year", "target", "actual", "deviation_reason",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("above", "head", "unit"),
    [("", "2026, тыс. руб.", 1), ("", "2026, млн руб.", 1000), ("", "2026, руб.", Decimal("0.001")),
     ("(млн рублей)", "2026", 1000), ("млн руб.", "2026, тыс. руб.", 1)],
)  # fmt: skip
def test_money_is_counted_as_the_head_or_the_line_above_says(above, head, unit):
    grid = read_grid(csv_file([["План", above], ["Мероприятие", head], ["Мост", "1"]]))
    found = find_head(grid, MEASURES)

    assert by_words(MEASURES, found.names).cell_of("money:2026:", found.unit).factor == unit


def test_table_without_words_is_asked_about_and_one_column_is_refused():
    names = find_head(read_grid(csv_file([["Альфа", "Бета"], ["1", "2"]])), MEASURES).names

    assert (names, by_words(MEASURES, names).fields) == (("Альфа", "Бета"), {})
    years = [["Отчёт"], ["Альфа", "Бета", "2026", "2027"], ["1", "2", "3", "4"]]
    assert find_head(read_grid(csv_file(years)), INDICATORS).names == ("Альфа", "Бета", "2026", "2027")
    with pytest.raises(ValidationError, match="Не нашли шапку таблицы"):
        find_head(read_grid(csv_file([["1"], ["2"]])), MEASURES)


def test_heads_that_repeat_are_told_apart():
    assert find_head(read_grid(csv_file([["Мероприятие", "Прочее", "Срок", "Прочее"]])), MEASURES).names == (
        "Мероприятие", "Прочее", "Срок", "Прочее (2)",
    )  # fmt: skip


def test_sheet_with_the_table_is_found_behind_a_title_page():
    book, content = openpyxl.Workbook(), io.BytesIO()
    book.active.title = "Титул"
    book.active.append(["Утверждаю", "Глава города"])
    for name in ("План", "Ещё план"):
        book.create_sheet(name).append(["№", "Мероприятие", "Срок"])
    book.save(content)

    grid = read_grid(SimpleUploadedFile("план.xlsx", content.getvalue()), lambda one: has_known_head(one, MEASURES))
    any_sheet = read_grid(SimpleUploadedFile("план.xlsx", content.getvalue()), lambda one: False)

    assert (grid.sheet, grid.others, grid.rows) == ("План", ("Титул", "Ещё план"), [["№", "Мероприятие", "Срок"]])
    assert (any_sheet.sheet, any_sheet.others) == ("Титул", ("План", "Ещё план"))


# ——— A match said once ———


def test_year_of_values_is_asked_anew_with_the_next_table(region, approver):
    names = ("Показатель", "Ед. изм.", "Факт")
    match = Match(VALUES, names, {0: "name", 1: "unit", 2: "actual"})
    with pytest.raises(ValidationError, match="Не сказано, за какой год значения"):
        match.check()
    match.year, match.paper = 2025, "Отчёт"
    match.check()

    keep(match, region=region, name="Отчёт", by=approver)

    found, _name = known_match(VALUES, names, region)
    assert (found.fields, found.year, found.paper, found.lacks_year) == (match.fields, None, "", True)


def test_match_is_known_again_for_the_very_same_columns_of_the_region_only(region, other_region, approver):
    names = ("Альфа", "Бета", "Гамма")
    match = Match(MEASURES, names, {0: "title", 2: "money:2026:"}, source="local", year=2026)

    keep(match, region=region, name="План", by=approver)
    keep(match, region=region, name="План", by=approver)

    found, name = known_match(MEASURES, ("Гамма", "Альфа", "Бета"), region)
    assert (found.fields, found.source, found.year, name) == ({0: "money:2026:", 1: "title"}, "local", 2026, "План")
    assert ColumnMatch.objects.count() == 1
    for kind, heads, place in (
        (VALUES, names, region), (MEASURES, (*names, "Дельта"), region), (MEASURES, names[:2], region),
        (MEASURES, names, other_region),
    ):  # fmt: skip
        assert known_match(kind, heads, place) == (None, "")


def test_kept_match_that_says_nonsense_is_not_used(region):
    for columns in ({"title": "А", "password": "Б"}, {"due": "А", "code": "Б"}, {"money:2026:": "А", "title": "Б"}):
        ColumnMatch.objects.create(region=region, kind="measures", name=str(columns), columns=columns)

    assert known_match(MEASURES, ("А", "Б"), region) == (None, "")


def test_heads_of_the_site_itself_need_no_question(region):
    names = ("мероприятие", "срок", own_head("money:2026:local"), "состояние (не вносится)")

    match, name = known_match(MEASURES, names, region)

    assert (match.fields, name) == ({0: "title", 1: "due", 2: "money:2026:local"}, "таблица с этого сайта")
