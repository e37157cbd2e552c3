"""A whole strategy at once: sheets of a workbook are one preview and one transaction, and name what others bring."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from exchange.tables.answers import NEW, Answers
from exchange.tables.export import Table
from exchange.tables.fields import KINDS
from exchange.tables.ground import Scope
from exchange.tables.take_back import take_back_steps
from exchange.tables.take_in import plan_tables, take_in_steps
from strategies.models import Goal, Indicator, IndicatorValue, Measure, Priority, PriorityMeasure, Strategy
from tests import factories
from tests.exchange.tables.tables import Told, csv_file, part_of
from tests.exchange.tables.test_take_back import snapshot

SHEETS = {
    "measures": [["№", "Мероприятие", "Город", "Срок", "2027, местный бюджет", "Приоритеты"],
                 ["1", "Ремонт дворов", "Сызрань", "31.12.2027", "50", "Дворы"]],
    "indicators": [["Приоритет", "Показатель", "Ед. изм.", "Город", "2027", "2028"],
                   ["Дворы", "Доля дворов", "%", "Сызрань", "60%", "75%"]],
    "values": [["Приоритет", "Показатель", "Ед. изм.", "Город", "Год", "План"],
               ["Дворы", "Доля дворов", "%", "Сызрань", "2029", "80"]],
    "priorities": [["Приоритет", "Цель", "Город"], ["Дворы", "Чистые дворы", "Сызрань"], ["Парк", "1", ""]],
    "goals": [["№", "Цель", "Город"], ["1", "Удобный город", "Сызрань"], ["1.1", "Чистые дворы", "Сызрань"]],
    "strategies": [["Стратегия", "Город", "Первый год", "Последний год"], ["Сызрань 2036", "Сызрань", "2026", "2036"]],
}  # fmt: skip


@pytest.fixture
def programme(region):
    programme = factories.programme(region)
    factories.direction(region, programme=programme, title="Дороги")
    return programme


def parts_of(sheets):
    """Parts of a workbook, one for each sheet."""
    return [part_of(rows, kind, sheet=kind) for kind, rows in sheets.items()]


def take(parts, scope, by, **more):
    """Take parts in as they were planned."""
    seen = plan_tables(parts, scope, by=by, answers=more.get("answers", ())).digest
    return list(take_in_steps(parts, scope, by=by, reason="", seen=seen, **more))


@pytest.mark.invariant(105)
def test_whole_strategy_goes_in_at_once_and_back_at_once(programme, region, town, approver):
    before, kept = snapshot(), []
    parts, scope = parts_of(SHEETS), Scope(region, programme)
    plan = plan_tables(parts, scope, by=approver)
    assert [fault.text for fault in plan.faults] == []
    assert ([len(one.added) for one in plan.previews], plan.total) == ([1, 1, 1, 2, 2, 1], 8)

    steps = take(parts, scope, approver, keep=kept.append)

    strategy, goal = Strategy.objects.get(), Goal.objects.get(text="Чистые дворы")
    yard = Priority.objects.get(title="Дворы")
    assert steps[-1] == (8, 8)
    assert (strategy.status, strategy.year_to, goal.parent.text) == ("draft", 2036, "Удобный город")
    assert (yard.strategy, yard.goal, yard.status) == (strategy, goal, "draft")
    assert Priority.objects.get(title="Парк").goal.text == "Удобный город"
    assert PriorityMeasure.objects.get().priority == yard
    assert (Indicator.objects.get().priority, Measure.objects.get().fundings.get().planned) == (yard, 50)
    assert list(IndicatorValue.objects.order_by("year").values_list("year", "target")) == [
        (2027, 60), (2028, 75), (2029, 80),
    ]  # fmt: skip
    again = plan_tables(parts, scope, by=approver)
    assert ([fault.text for fault in again.faults], again.total) == ([], 0)
    list(take_back_steps(kept[0], by=approver))
    assert snapshot() == before


@pytest.mark.invariant(105)
def test_fault_of_one_sheet_lets_no_sheet_in(programme, region, town, approver):
    wrong = SHEETS | {"priorities": [["Приоритет", "Цель", "Город"], ["Дворы", "Нет такой", "Сызрань"]]}
    parts, scope = parts_of(wrong), Scope(region, programme)

    plan = plan_tables(parts, scope, by=approver)

    assert [(fault.cell, fault.text) for fault in plan.previews[3].faults] == [
        ("B2", "«Нет такой»: такой цели в стратегии нет")
    ]
    with pytest.raises(ValidationError, match="Ничего не внесли"):
        take(parts, scope, approver)
    assert (Strategy.objects.count(), Goal.objects.count(), Measure.objects.count()) == (0, 0, 0)


def test_two_sheets_that_speak_of_one_thing_are_told(programme, region, town, approver):
    rows = [["№", "Мероприятие", "Город"], ["1", "Мост", "Сызрань"]]
    parts = [part_of(rows, "measures", sheet=name) for name in ("2026", "2027")]
    scope = Scope(region, programme)

    new = plan_tables(parts, scope, by=approver)
    factories.measure(town, direction=programme.directions.get(), code="1", title="Мост", status="draft")
    old = plan_tables(parts, scope, by=approver)

    assert [fault.text for fault in new.faults] == ["повторяет строку 2 листа «2026»"]
    assert [fault.text for fault in old.faults] == ["о том же сказано в строке 2 листа «2026»"]


def test_second_version_of_what_the_site_has_is_another_strategy_and_its_priorities_are_its_own(region, town, approver):
    factories.priority(factories.strategy(town), title="Дворы")
    sheets = {name: SHEETS[name] for name in ("strategies", "goals", "priorities")}

    take(parts_of(sheets), Scope(region), approver)

    assert list(Priority.objects.filter(title="Дворы").order_by("pk").values_list("strategy__status", flat=True)) == [
        "discussion", "draft",
    ]  # fmt: skip


# ——— Strategies and goals by themselves ———


def told(kind, rows, region, by, **more):
    """What a table would do."""
    return Told(csv_file(rows), kind, Scope(region), by=by, **more)


def test_draft_of_a_strategy_is_changed_and_what_everybody_sees_is_not(region, town, approver):
    factories.strategy(town, title="Сызрань 2030")
    factories.strategy(town, title="План", status="draft", year_from=2020)
    rows = [["Стратегия", "Город", "Последний год"], ["План", "Сызрань", "2031"], ["Сызрань 2030", "Сызрань", "2041"]]

    table = told("strategies", rows, region, approver)

    assert [cell for cell, _text in table.faults] == ["C3"]
    told("strategies", rows[:2], region, approver).take()
    assert Strategy.objects.get(title="План").year_to == 2031


def test_strategy_of_another_spelling_is_asked(region, town, approver):
    own = factories.strategy(town, title="Стратегия «Сызрань-2030»", status="draft")
    rows = [["Стратегия", "Город"], ["Стратегия Сызрань 2030", "Сызрань"]]

    assert [cell for cell, _text in told("strategies", rows, region, approver).faults] == ["A2"]
    assert told("strategies", rows, region, approver, answers=Answers({2: own.pk})).counts == (0, 0, 1)
    assert told("strategies", rows, region, approver, answers=Answers({2: NEW})).counts == (1, 0, 0)


@pytest.mark.parametrize(
    "rows",
    [
        [["№", "Цель"], ["1", "Город"], ["1.1", "Дворы"], ["1.1.1", "Урны"]],
        [["Цель", "Примечание"], ["Цель 1. Город", ""], ["Задача 1.1. Дворы", "а"], ["1.1.1 Урны", ""]],
        [["Входит в цель", "Цель"], ["", "Город"], ["Город", "Дворы"], ["Дворы", "Урны"]],
        [["Входит в цель", "Цель"], ["Город", "Дворы"], ["Дворы", "Урны"]],
    ],
    ids=["numbers", "numbers in texts", "names", "the upper one is only named"],
)
def test_goals_stand_inside_goals_by_numbers_and_by_names(region, town, approver, rows):
    factories.strategy(town)
    scope = Scope(region, None, town)

    Told(csv_file(rows), "goals", scope, by=approver).take()

    bins = Goal.objects.get(text__contains="Урны")
    assert [bins.parent.text.endswith("Дворы"), bins.parent.parent.text.endswith("Город")] == [True, True]
    assert Told(csv_file(rows), "goals", scope, by=approver).plan.total == 0


def test_goal_that_everybody_reads_changes_with_a_reason_and_twins_are_asked(region, town, approver):
    goal = factories.goal(factories.strategy(town), text="Удобный город")
    rows = [["номер на сайте", "Цель"], [str(goal.pk), "Удобный и чистый город"]]

    silent = told("goals", rows, region, approver)
    told("goals", rows, region, approver, reason="Так в акте").take()

    assert [cell for cell, _text in silent.faults] == ["B2"]
    goal.refresh_from_db()
    assert (goal.text, goal.history.first().history_change_reason) == ("Удобный и чистый город", "Так в акте")
    twins = [["Цель", "Город"], ["«Чистый и удобный город».", "Сызрань"]]
    assert [cell for cell, _text in told("goals", twins, region, approver).faults] == ["A2"]


@pytest.mark.parametrize("kind", ["strategies", "goals"])
def test_every_kind_has_its_planner_and_needs_a_town(kind, region, approver):
    name = KINDS[kind].label_of(KINDS[kind].required[0])

    assert [text.startswith("не сказано, какого города") for _cell, text in told(
        kind, [[name, "Примечание"], ["Текст", "Слова"]], region, approver).faults] == [True]  # fmt: skip


@pytest.mark.invariant(65)
def test_strategies_and_goals_given_back_change_nothing(region, town, other_town, approver):
    for owner in (town, other_town):
        strategy = factories.strategy(owner, title="Стратегия", year_from=2020, year_to=2030, mission="Жить\nхорошо")
        above = factories.goal(strategy, text="Удобный город")
        for _twice in range(2):
            factories.goal(strategy, text="Дворы", parent=above, order=3)
    factories.strategy(town, title="Стратегия", version=2, status="draft", kind="plan")

    for kind, number in (("strategies", 3), ("goals", 6)):
        content = Table(KINDS[kind], Scope(region)).as_xlsx()
        table = Told(SimpleUploadedFile("а.xlsx", content), kind, Scope(region), by=approver)
        assert (kind, table.faults, table.counts) == (kind, [], (0, 0, number))
