"""Coverage: in which column a priority and a measure stand, what a cell holds, which towns hold what."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from strategies.coverage.gaps import towns_of
from strategies.coverage.matrix import OTHER, UNSET, Cell, Column, State, matrix_of, sphere_of_direction, towns_in_state
from strategies.coverage.town_table import town_table
from strategies.models import Measure, Sphere
from tests import factories

from .test_gaps import agree, promise, whole_measure


def matrix(region, **which):
    towns = towns_of(region)
    return matrix_of(region, towns, list(towns), **which)


def cells(found):
    """{town: {column: state}} of cells that hold anything."""
    return {
        row.town.name: {str(cell.column.title): cell.state for cell in row.cells if cell.state != State.NONE}
        for row in found.rows
    }


def test_priority_stands_in_its_sphere_and_its_measure_with_it(town, other_town, region):
    strategy = factories.strategy(town)
    priority = factories.priority(strategy, sphere="ecology")
    tourism = factories.direction(region, title="Туризм")
    agree(factories.link(priority, factories.measure(town, direction=tourism)))
    factories.priority(strategy, sphere="")
    factories.link(factories.priority(strategy, sphere="social"), factories.measure(town, direction=tourism))

    assert cells(matrix(region)) == {
        "Сызрань": {"Экология": State.AGREED, "Социальная сфера": State.WAITING, "Сфера не указана": State.GAP},
        "Чапаевск": {},
    }


def test_measure_without_a_priority_stands_in_the_sphere_that_its_direction_names_or_in_a_column_of_its_own(
    town, other_town, region
):
    factories.measure(town, direction=factories.direction(region, title="Развитие туризма"))
    factories.measure(town, direction=factories.direction(region, title="Инициативы жителей"))
    shared = factories.measure(region, direction=factories.direction(region, title="Местные бюджеты"))
    shared.towns.add(other_town)
    factories.measure(region, direction=factories.direction(region, title="Экология рек"))

    found = matrix(region)

    assert cells(found) == {
        "Сызрань": {"Туризм": State.ONLY, "Инициативы жителей": State.ONLY}, "Чапаевск": {"Управление": State.ONLY},
    }  # fmt: skip
    assert [str(cell.column.title) for cell in found.shared.cells if cell.loose] == ["Экология"]


@pytest.mark.parametrize(
    ("title", "sphere"),
    [
        ("Городская среда", Sphere.URBAN),
        ("Дороги и коммунальное хозяйство", Sphere.UTILITIES),
        ("Экономика моногорода", Sphere.ECONOMY),
        ("Местные бюджеты", Sphere.GOVERNANCE),
        ("Экология и туризм", None),
        ("Инициативы жителей", None),
    ],
)
def test_direction_names_a_sphere_only_where_it_names_one(title, sphere):
    assert sphere_of_direction(title) == sphere


def test_directions_that_do_not_fit_share_a_column(town, region):
    for number in range(12):
        factories.measure(town, direction=factories.direction(region, title=f"Направление {number:02}"))
    factories.measure(town, direction=factories.direction(region, title="Направление 11", programme=None))

    found = matrix(region)

    assert [(column.code, str(column.title)) for column in found.columns][-2:] == [
        ("d7", "Направление 11"), (OTHER, "Другие направления"),
    ]  # fmt: skip
    assert [cell.loose for cell in found.rows[0].cells] == [1] * 7 + [2, 4]


def test_cell_says_the_worst_it_holds_and_counts_it(town, region):
    strategy = factories.strategy(town)
    agree(factories.link(factories.priority(strategy), factories.measure(town)))
    states = [cells(matrix(region))["Сызрань"]["Городская среда"]]
    factories.link(factories.priority(strategy), factories.measure(town))
    states.append(cells(matrix(region))["Сызрань"]["Городская среда"])
    factories.priority(strategy)

    found = matrix(region)

    assert states == [State.AGREED, State.WAITING]
    assert [(cell.state, cell.total, cell.without, cell.waiting) for cell in found.rows[0].cells] == [
        (State.GAP, 3, 1, 1)
    ]
    assert (found.total, found.without, found.waiting, found.agreed) == (3, 1, 1, 1)


@pytest.mark.parametrize(
    ("said", "words"),
    [([], "ждём область и город"), (["region"], "ждём город"), (["town"], "ждём область"),
     (["region", "town"], "подтверждено")],
)  # fmt: skip
def test_cell_says_whose_word_is_awaited(town, region, said, words):
    link = factories.link(factories.priority(factories.strategy(town)), factories.measure(town))
    for side in said:
        promise(link, side)

    assert matrix(region).rows[0].cells[0].words == words


def test_two_sides_that_confirmed_different_measures_have_agreed_on_none(town, region):
    priority = factories.priority(factories.strategy(town))
    promise(factories.link(priority, factories.measure(town)), "region")
    promise(factories.link(priority, factories.measure(town)), "town")

    cell = matrix(region).rows[0].cells[0]

    assert (cell.state, cell.words) == (State.WAITING, "ждём область и город")


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ({"total": 1, "without": 1}, "нет меры"),
        ({"total": 3, "without": 2}, "нет меры: 2 из 3"),
        ({"loose": 1}, "только мера"),
        ({"loose": 5}, "только меры: 5"),
        ({}, "ничего"),
    ],
)
def test_cell_has_words_for_every_state(cell, words):
    assert Cell(Column("urban", "Городская среда"), **cell).words == words


def test_totals_are_over_all_chosen_towns_and_the_same_by_page_and_by_question(town, other_town, region):
    for place in (town, other_town):
        strategy = factories.strategy(place)
        factories.priority(strategy)
        factories.link(factories.priority(strategy, sphere="ecology"), factories.measure(place))

    whole = matrix(region, is_whole=True)
    paged = matrix_of(region, towns_of(region), [town])

    def numbers(found):
        return [(cell.column.code, cell.total, cell.without, cell.waiting) for cell in found.totals]

    assert numbers(whole) == numbers(paged) == [("urban", 2, 2, 0), ("ecology", 2, 0, 2)]
    assert [row.town for row in paged.rows] == [town]


def test_matrix_of_a_sphere_has_one_column(town, region):
    strategy = factories.strategy(town)
    factories.priority(strategy)
    factories.priority(strategy, sphere="")
    factories.measure(town, direction=factories.direction(region, title="Городская среда"))

    found = [matrix(region, sphere=sphere).rows[0].cells for sphere in ("urban", "")]

    assert [[(cell.column.code, cell.total, cell.loose) for cell in of] for of in found] == [
        [("urban", 1, 1)], [(UNSET, 1, 0)],
    ]  # fmt: skip


def test_sphere_with_most_gaps_is_named(town, region):
    strategy = factories.strategy(town)
    for sphere in ("urban", "ecology", "ecology", "", "", ""):
        factories.priority(strategy, sphere=sphere)

    assert str(matrix(region).emptiest.column.title) == "Экология"


@pytest.mark.parametrize(
    ("state", "sphere", "expected"),
    [
        ("gap", None, ["Пустой"]),
        ("gap", "ecology", []),
        ("waiting", None, ["Ждёт"]),
        ("agreed", None, ["Есть"]),
        ("agreed", "urban", ["Есть"]),
        ("only", None, ["Мера", "Названный"]),
        ("none", None, ["Мера", "Названный"]),
        ("none", "urban", ["Мера", "Названный"]),
    ],
)
def test_towns_are_chosen_by_what_they_hold(region, town, state, sphere, expected):
    town.delete()
    towns = {
        name: factories.make(type(town), region=region, name=name, slug=f"t{number}", kind="town", in_programme=True)
        for number, name in enumerate(["Пустой", "Ждёт", "Есть", "Мера", "Названный"])
    }
    factories.priority(factories.strategy(towns["Пустой"]))
    factories.link(factories.priority(factories.strategy(towns["Ждёт"])), factories.measure(towns["Ждёт"]))
    agree(factories.link(factories.priority(factories.strategy(towns["Есть"])), factories.measure(towns["Есть"])))
    factories.measure(towns["Мера"])
    factories.measure(region).towns.add(towns["Названный"])

    assert sorted(one.name for one in towns_in_state(towns_of(region), region, state, sphere)) == expected


# ——— One town ———


def test_town_table_shows_links_what_is_empty_and_what_measures_lack(town, region, head):
    strategy = factories.strategy(town)
    empty, answered = factories.priority(strategy, title="Пустой"), factories.priority(strategy, title="Есть")
    agreed = whole_measure(town, head, title="Целая")
    agree(factories.link(answered, agreed))
    waits = factories.measure(town, title="Ждёт", due=None)
    promise(factories.link(answered, waits), "region")
    factories.measure(town, title="Ничья", status="done", percent=100)
    factories.measure(town, title="Отменена", status="cancelled")

    table = town_table(region, town, timezone.localdate())

    assert [
        (one.title, one.is_empty, [(measure.title, link and link.awaited) for measure, link in one.cells])
        for one in table.priorities
    ] == [
        ("Пустой", True, [("Целая", None), ("Ждёт", None), ("Ничья", None)]),
        ("Есть", False, [("Целая", "подтверждено"), ("Ждёт", "ждём город"), ("Ничья", None)]),
    ]
    assert [(one.title, one.lacks) for one in table.measures] == [
        ("Целая", []), ("Ждёт", ["денег", "срока", "ответственного"]), ("Ничья", []),
    ]  # fmt: skip
    assert (table.empty, [one.title for one in table.loose], table.measure_total) == ([empty], ["Ничья"], 3)


@pytest.mark.parametrize("rows", [1, 3])
def test_matrix_and_town_table_ask_the_same_number_of_queries(town, other_town, region, rows):
    direction, strategy = factories.direction(region), factories.strategy(town)
    for _ in range(rows):
        factories.link(factories.priority(strategy), factories.measure(town, direction=direction))
        factories.measure(other_town, direction=direction)
    assert Measure.objects.count() == rows * 2

    towns, page = towns_of(region), [town, other_town]
    with CaptureQueriesContext(connection) as caught:
        matrix_of(region, towns, page)
        town_table(region, town, timezone.localdate())

    assert len(caught) == 6 + 3
