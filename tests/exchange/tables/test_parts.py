"""A main measure and its parts that both name money: told, asked, and never summed twice unseen; money spent."""

import pytest

from exchange.tables.answers import BOTH, PARENT, PARTS, Answers
from exchange.tables.money import NO_PAPER
from exchange.tables.take_in import plan_tables
from strategies.models import Funding, Measure
from tests import factories
from tests.exchange.tables.tables import Told, csv_file, scope_of

HEAD = ["№", "Мероприятие", "Срок", "Источник финансирования", "2026, тыс. руб."]


def row(code, title, sum_, source="местный бюджет"):
    return [code, title, "31.12.2026", source, sum_]


I17 = [HEAD, row("1", "Основное мероприятие 1", "300"), row("1.1", "Ремонт моста", "100"),
       row("1.2", "Ремонт школы", "200")]  # fmt: skip


@pytest.fixture
def direction(region):
    return factories.direction(region, title="Дороги")


def told(direction, approver, rows, count=""):
    answers = Answers(count=count)
    return Told(csv_file(rows), "measures", scope_of(direction.programme), by=approver, answers=answers)


def money():
    """{title: promised} of measures with money."""
    return {row.measure.title: int(row.planned) for row in Funding.objects.select_related("measure")}


@pytest.mark.invariant(103)
@pytest.mark.parametrize(
    ("count", "taken"),
    [
        (PARENT, {"Основное мероприятие 1": 300}), (PARTS, {"Ремонт моста": 100, "Ремонт школы": 200}),
        (BOTH, {"Основное мероприятие 1": 300, "Ремонт моста": 100, "Ремонт школы": 200}),
    ],
)  # fmt: skip
def test_i17_money_of_a_main_measure_and_of_its_parts_is_asked_and_remembered(direction, approver, count, taken):
    asked = told(direction, approver, I17)
    table = told(direction, approver, I17, count)
    table.take()

    (inside,) = asked.plan.parts
    assert (inside.line, [line for line, _title in inside.parts], inside.total, inside.adds_up) == (
        2,
        [3, 4],
        300,
        True,
    )
    assert [(cell, text.partition(":")[0]) for cell, text in asked.faults] == [
        ("E2", "деньги есть и здесь (300), и в частях (строки 3, 4")
    ]
    assert len(table.plan.notes) == 1
    assert (money(), Measure.objects.count()) == (taken, 3)
    again = told(direction, approver, I17)
    assert (again.faults, again.counts) == ([], (0, 0, 3))


@pytest.mark.parametrize(
    ("rows", "lines"),
    [
        ([row("1.", "Дворы", "300"), row("1.1.", "Двор А", "100"), row("1.2.", "Двор Б", "200")], [3, 4]),
        ([row("2.1", "Дворы", "300"), row("2.1.1", "Двор А", "100"), row("2.1.2", "Двор Б", "150")], [3, 4]),
        ([row("1", "Дворы", "300"), row("", "в том числе двор А", "100"), row("", "из них двор Б", "200")], [3, 4]),
        ([row("1", "Дворы", "300"), row("", "- двор А", "100"), row("", "- двор Б", "200")], [3, 4]),
        ([row("1", "Дворы", "300"), ["", "в том числе:", "31.12.2026", "", ""], row("", "Двор А", "100"),
          row("", "Двор Б", "200"), row("2", "Парк", "5")], [4, 5]),
        ([row("1.10", "Парк", "5"), row("1", "Дворы", "300"), row("1.1", "Двор А", "300")], [4]),
    ],
    ids=["dots behind", "deeper and unlike", "in words", "dashes", "a row of words alone", "1.10 is no part of 1.1"],
)  # fmt: skip
def test_other_ways_to_name_parts_are_asked_too(direction, approver, rows, lines):
    table = told(direction, approver, [HEAD, *rows])

    assert [[line for line, _title in one.parts] for one in table.plan.parts] == [lines]
    assert len(table.faults) == 1


def test_reading_that_was_planned_is_planned_again_from_its_rows(direction, approver):
    """Whose money counts is taken from what was read: another answer to the same question needs the rows anew."""
    table = told(direction, approver, I17, PARENT)
    part, scope = (table.grid, table.head, table.match), scope_of(direction.programme)

    again = [
        plan_tables([part], scope, by=approver, answers=[Answers(count=count)], readers=[table.planner.reader])
        for count in (PARENT, PARTS)
    ]

    assert again[0].digest == table.plan.digest
    assert again[1].digest == told(direction, approver, I17, PARTS).plan.digest != table.plan.digest


def test_levels_of_parts_are_counted_once(direction, approver):
    rows = [HEAD, row("1", "Город", "300"), row("1.1", "Дворы", "300"), row("1.1.1", "Двор А", "300")]

    told(direction, approver, rows, PARTS).take()

    assert money() == {"Двор А": 300}
    Measure.objects.all().delete()
    told(direction, approver, rows, PARENT).take()
    assert money() == {"Город": 300}


@pytest.mark.parametrize(
    "rows",
    [
        [row("1", "Дворы", "300"), row("2", "Двор А", "100")],
        [row("1", "Дворы", ""), row("1.1", "Двор А", "100")],
        [row("1", "Дворы", "300"), row("1.1", "Двор А", "")],
        [row("1", "Дворы", "300"), row("1.1", "Двор А", "100", "областной бюджет")],
        [row("1.1", "Двор А", "100"), row("1.2", "Двор Б", "100")],
    ],
    ids=["no part", "parts alone", "the main one alone", "another source", "no main one"],
)
def test_measures_that_share_no_money_are_not_asked(direction, approver, rows):
    table = told(direction, approver, [HEAD, *rows])

    assert (table.faults, table.plan.parts) == ([], [])


# ——— Money spent ———


def plan_spent(direction, approver, spent, *, sources="Отчёт об исполнении бюджета", year=2025):
    """What a row with money spent would do, whatever its column is called."""
    rows = [["№", "Мероприятие", "Срок", "Источник сведений"], ["1", "Мост", "31.12.2027", sources]]
    table = told(direction, approver, rows)
    reader = table.planner.reader
    reader.items[0].spent = {(year, "local"): (spent, 2, "title")}
    reader.faults, planner = [], type(table.planner)(table.scope, by=approver)
    list(planner.plan_steps(reader))
    return planner


@pytest.mark.invariant(103)
def test_i08_money_spent_is_never_promised_and_needs_a_paper(direction, approver):
    planner = plan_spent(direction, approver, 700)
    list(planner.save())

    found = Funding.objects.get()
    assert (found.planned, found.spent, found.sources) == (None, 700, "Отчёт об исполнении бюджета")
    assert [fault.text for fault in plan_spent(direction, approver, 5, sources="", year=2024).preview.faults] == [
        NO_PAPER
    ]
    late = plan_spent(direction, approver, 5, year=2199).preview
    assert [fault.text for fault in late.faults] == ["2199 год ещё не наступил: потраченного за него быть не может"]
    assert plan_spent(direction, approver, 700).preview.total == 0
