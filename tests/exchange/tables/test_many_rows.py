"""A long table: every fault named by its row and column, nothing written; mended, it goes in, and once."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from exchange.tables.take_in import take_in_steps
from strategies.models import Funding, Measure, PriorityMeasure
from tests import factories
from tests.exchange.tables import faulty
from tests.exchange.tables.tables import Told, book_file, scope_of

ROWS, FAULTS = 60, 24


def ground(region, towns):
    """A programme for the long table."""
    programme = factories.programme(region)
    for title in faulty.DIRECTIONS:
        factories.direction(region, programme=programme, title=title)
    for town in towns:
        factories.priority(factories.strategy(town), title=f"Дворы: {town.name}")
    return programme


@pytest.mark.invariant(63)
def test_every_planted_fault_is_named_by_row_and_column_and_nothing_is_written(region, town, other_town, approver):
    programme = ground(region, [town, other_town])
    rows, planted = faulty.planted(ROWS, FAULTS, [town.name, other_town.name])

    told = Told(book_file(rows), "measures", scope_of(programme), by=approver)

    assert sorted(told.faults) == sorted((address, words) for _line, address, words in planted)
    with pytest.raises(Exception, match=f"В таблице ошибок: {FAULTS}. Ничего не внесли."):
        told.take()
    assert (Measure.objects.count(), Funding.objects.count()) == (0, 0)


@pytest.mark.invariant(64)
def test_mended_table_goes_in_whole_with_history_and_again_changes_nothing(region, town, other_town, approver):
    programme = ground(region, [town, other_town])
    file = book_file(faulty.mended(ROWS, [town.name, other_town.name]))
    told = Told(file, "measures", scope_of(programme), by=approver)

    steps = told.take()

    assert (told.faults, told.counts, steps[-1]) == ([], (ROWS, 0, 0), (ROWS, ROWS))
    assert (Measure.objects.count(), Funding.objects.count(), PriorityMeasure.objects.count()) == (ROWS, 3 * ROWS, ROWS)
    one = Measure.objects.get(code="М-7")
    assert (one.status, one.created_by, one.direction.title) == ("draft", approver, faulty.DIRECTIONS[1])
    assert [(past.history_user, past.history_change_reason) for past in one.history.all()] == [
        (approver, "Внесено таблицей")
    ]
    assert list(Measure.objects.search("двор 7").filter(pk=one.pk)) == [one]
    again = Told(told.grid, "measures", scope_of(programme), by=approver)
    assert (again.faults, again.counts, again.plan.missing) == ([], (0, 0, ROWS), [])
    with pytest.raises(Exception, match="на сайте уже так и стоит"):
        again.take()
    assert Measure.history.count() == ROWS


def test_queries_of_a_plan_do_not_grow_with_rows(region, town, other_town, approver):
    programme = ground(region, [town, other_town])
    asked = []
    for number in (3, 60, 60):
        file = book_file(faulty.mended(number, [town.name, other_town.name]))
        told = Told(file, "measures", scope_of(programme), by=approver)
        with CaptureQueriesContext(connection) as queries:
            Told(told.grid, "measures", scope_of(programme), by=approver)
        asked.append(len(queries))
        if told.plan.total:
            told.take()

    assert asked == [10, 10, 10]


def test_table_that_breaks_off_on_the_way_leaves_nothing(region, town, other_town, approver):
    programme = ground(region, [town, other_town])
    told = Told(book_file(faulty.mended(20, [town.name])), "measures", scope_of(programme), by=approver)
    steps = take_in_steps(
        [(told.grid, told.head, told.match)], told.scope, by=approver, reason="", seen=told.plan.digest
    )

    for _step in steps:
        if Measure.objects.exists():
            break
    written = Measure.objects.count()
    steps.close()

    assert (written, Measure.objects.count(), Measure.history.count()) == (20, 0, 0)


def test_table_of_one_town_needs_no_column_and_misses_only_its_own(region, town, other_town, approver):
    programme = ground(region, [town, other_town])
    direction = programme.directions.first()
    for owner in (town, other_town):
        factories.measure(owner, direction=direction, title=f"Старая мера: {owner}")
    rows = [["Мероприятие", "Направление"], ["Мост", direction.title]]

    told = Told(book_file(rows), "measures", scope_of(programme, town=town), by=approver)
    told.take()

    assert told.plan.missing == ["Старая мера: Сызрань"]
    assert Measure.objects.get(title="Мост").municipality == town


def test_milestones_are_added_and_their_days_stay(region, town, approver):
    programme = ground(region, [town])
    rows = [["Мероприятие", "Направление", "Контрольные точки"],
            ["Мост", faulty.DIRECTIONS[0], "Опоры — 01.05.2027\nПролёт - до 01.09.2027"]]  # fmt: skip
    Told(book_file(rows), "measures", scope_of(programme), by=approver).take()
    rows[1][2] = "Опоры — 02.05.2027\nПролёт — 01.09.2027\nЗимой"

    told = Told(book_file(rows), "measures", scope_of(programme), by=approver)

    assert [f"{point.title} {point.due:%d.%m}" for point in Measure.objects.get().milestones.all()] == [
        "Опоры 01.05", "Пролёт 01.09",
    ]  # fmt: skip
    assert told.faults == [
        ("C2", "«Зимой»: ожидалось «что произойдёт — 31.12.2026», каждая точка в своей строке ячейки"),
        ("C2", "«Опоры»: день точки (01.05.2027) меняют в мастерской"),
    ]
