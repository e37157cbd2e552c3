"""What is promised changes by the doors of the house only, with a reason; what is not said stays."""

import datetime

import pytest

from exchange.tables.ground import Scope
from exchange.tables.indicators import NO_PAPER
from strategies.models import (
    DueChange,
    Funding,
    Indicator,
    IndicatorValue,
    Measure,
    PriorityMeasure,
    ReportedActual,
    TargetChange,
)
from tests import factories
from tests.exchange.tables.tables import Told, csv_file, scope_of

REASON = "Подрядчик сорвал срок"
NEEDED = "напишите причину в столбце «причина» или одну на всю таблицу"


@pytest.fixture
def direction(region):
    return factories.direction(region, title="Дороги")


@pytest.fixture
def promised(town, direction):
    """A public measure with money."""
    measure = factories.measure(town, direction=direction, code="1", title="Мост")
    factories.make(Funding, measure=measure, year=2026, source="local", planned=100)
    return measure


def told(direction, approver, rows, *, reason="", kind="measures"):
    """What a table would do."""
    return Told(csv_file(rows), kind, scope_of(direction.programme), by=approver, reason=reason)


HEAD = ["№", "Мероприятие", "Город", "Срок", "2026, местный бюджет", "Всего"]


@pytest.mark.invariant(64)
def test_promised_date_and_money_need_a_reason(direction, promised, approver):
    rows = [HEAD, ["1", "Мост", "Сызрань", "30.06.2028", "150", "200"]]

    refused = told(direction, approver, rows)

    assert refused.faults == [
        ("D2", f"это уже обещано (31.12.2027): {NEEDED}"), ("E2", f"это уже обещано (100): {NEEDED}"),
    ]  # fmt: skip


@pytest.mark.invariant(64)
def test_promised_date_moves_with_its_story_and_money_keeps_what_it_was(direction, promised, approver):
    rows = [HEAD, ["1", "Мост", "Сызрань", "30.06.2028", "150", "200"]]

    table = told(direction, approver, rows, reason=REASON)
    table.take()

    promised.refresh_from_db()
    money = Funding.objects.get()
    change = DueChange.objects.get()
    assert (promised.due, promised.due_now) == (datetime.date(2027, 12, 31), datetime.date(2028, 6, 30))
    assert (change.old_due, change.new_due, change.reason, change.created_by) == (
        datetime.date(2027, 12, 31), datetime.date(2028, 6, 30), REASON, approver,
    )  # fmt: skip
    assert (money.planned, money.note.endswith(f"было обещано 100 тыс. руб.: {REASON}")) == (150, True)
    assert (promised.stated_total, promised.row_version) == (200, 2)
    past = promised.history.first()
    assert (past.history_user, past.history_change_reason) == (approver, REASON)
    assert told(direction, approver, rows).counts == (0, 0, 1)


def test_reason_of_a_row_goes_before_the_one_of_the_table(direction, promised, approver):
    rows = [[*HEAD, "Причина"], ["1", "Мост", "Сызрань", "30.06.2028", "", "", "Паводок"]]

    told(direction, approver, rows, reason=REASON).take()

    assert DueChange.objects.get().reason == "Паводок"


def test_words_do_not_take_the_place_of_a_promised_date(direction, promised, approver):
    table = told(direction, approver, [HEAD, ["1", "Мост", "Сызрань", "IV квартал 2029", "", ""]], reason=REASON)

    assert table.faults == [("D2", "срок уже обещан датой (31.12.2027): словами его не заменяют")]


def test_finished_measure_does_not_move_and_a_promised_one_keeps_its_town(direction, town, other_town, approver):
    done = factories.measure(town, direction=direction, code="1", title="Мост", status="done", percent=100)
    rows = [["номер на сайте", *HEAD[1:]], [str(done.pk), "Мост", "Чапаевск", "30.06.2028", "", ""]]

    assert told(direction, approver, rows, reason=REASON).faults == [
        ("C2", "мера уже обещана городу Сызрань: города не меняют"),
        ("D2", "Мера завершена или отменена: её срок не переносят."),
    ]


def test_draft_changes_without_a_reason_and_empty_cells_erase_nothing(direction, town, approver):
    measure = factories.measure(town, direction=direction, code="1", title="Мост", status="draft", note="Было")
    rows = [[*HEAD, "Примечание"], ["1", "Мост", "Сызрань", "2029 год", "н/д", "-", ""]]

    table = told(direction, approver, rows)
    table.take()

    measure.refresh_from_db()
    assert table.edits == [("срок", "31.12.2027", "2029 год"), ("срок словами", "пусто", "2029 год")]
    assert (measure.due, measure.due_note, measure.note) == (None, "2029 год", "Было")
    assert (Funding.objects.count(), measure.stated_total, DueChange.objects.count()) == (0, None, 0)


def test_zero_is_a_figure_and_empty_is_not(direction, town, approver):
    told(direction, approver, [HEAD, ["1", "Мост", "Сызрань", "31.12.2027", "0", "0"]]).take()

    assert list(Funding.objects.values_list("planned", flat=True)) == [0]
    assert Measure.objects.get().stated_total == 0


@pytest.mark.invariant(26)
def test_i60_money_of_a_year_after_the_term_is_taken_and_told_and_before_the_start_is_not(direction, town, approver):
    rows = [HEAD, ["1", "Мост", "Сызрань", "31.12.2025", "10", ""],
            ["2", "Парк", "Сызрань", "с 01.02.2027 по 31.12.2027", "10", ""]]  # fmt: skip

    table = told(direction, approver, rows)

    assert table.faults == [("E3", "Год денег раньше начала меры.")]
    assert table.plan.notes == ["Строка 2: деньги за 2026 год — после срока (31.12.2025). Вносим как есть."]
    told(direction, approver, rows[:2]).take()
    assert Funding.objects.get().is_after_term


def test_record_that_somebody_saves_meanwhile_is_not_overwritten(direction, promised, approver):
    table = told(direction, approver, [HEAD, ["1", "Новый мост", "Сызрань", "", "", ""]], reason=REASON)
    planner = table.planner
    promised.save_edited(by=approver, known_version=1)

    with pytest.raises(Exception, match="записи изменил кто-то другой"):
        list(planner.save())


# ——— Whom a row speaks of ———


def test_measure_is_met_by_code_or_by_title_and_town_and_never_by_a_guess(direction, town, other_town, approver):
    for owner, title, code in ((town, "Мост", "1"), (town, "Парк", ""), (town, "Двор", ""), (town, "Двор", "")):
        factories.measure(owner, direction=direction, title=title, code=code, status="draft")
    rows = [["№", "Мероприятие", "Город", "Ответственный"], ["1", "Мост новый", "Сызрань", "А"],
            ["", "парк", "г. Сызрань", "А"], ["", "Парк", "Чапаевск", "А"], ["", "Двор", "Сызрань", "А"]]  # fmt: skip

    table = told(direction, approver, rows)

    assert table.faults == [
        ("B5", "мер с таким названием в этом городе в программе 2: не понять, о какой речь; выгрузите таблицу с сайта")
    ]
    assert (table.plan.added, table.plan.changed, sorted(table.plan.missing)) == (
        [(4, "Парк — Чапаевск")],
        2,
        ["Двор", "Двор"],
    )


def test_measure_of_another_programme_is_not_met_by_its_number_on_the_site(direction, region, town, approver):
    other = factories.measure(town, title="Чужая")
    table = told(direction, approver, [["номер на сайте", "мероприятие"], [str(other.pk), "Иное"]])

    assert table.faults == [("A2", f"меры с номером {other.pk} в этой программе нет; у новой меры этот столбец пуст")]


def test_links_are_added_and_never_taken_away(direction, promised, town, approver):
    strategy = factories.strategy(town)
    for title in ("Дороги", "Школы; сады"):
        factories.priority(strategy, title=title)
    factories.link(factories.priority(strategy, title="Вода"), promised)
    rows = [["№", "Мероприятие", "Приоритеты"], ["1", "Мост", "Дороги; Школы; сады"]]

    refused = told(direction, approver, rows)
    table = told(direction, approver, [rows[0], ["1", "Мост", "Дороги\nШколы; сады"]])
    table.take()

    assert [words for _cell, words in refused.faults] == [
        "«Школы»: такого приоритета у города Сызрань нет", "«сады»: такого приоритета у города Сызрань нет",
    ]  # fmt: skip
    assert sorted(PriorityMeasure.objects.values_list("priority__title", flat=True)) == [
        "Вода",
        "Дороги",
        "Школы; сады",
    ]
    assert table.plan.notes == ["Строка 2: связей с приоритетами, которых нет в ячейке, не убрали: 1."]


# ——— Figures ———


@pytest.fixture
def indicator(town):
    """A public indicator with a promised figure."""
    one = factories.make(
        Indicator, priority=factories.priority(factories.strategy(town), title="Парк"), name="Доля", unit="%"
    )
    factories.make(IndicatorValue, indicator=one, year=2026, target=75)
    return one


FIGURES = ["Город", "Приоритет", "Показатель", "Ед. изм.", "2026", "2027"]


@pytest.mark.invariant(64)
def test_promised_figure_changes_through_its_door_with_a_reason(direction, indicator, approver):
    rows = [FIGURES, ["Сызрань", "Парк", "Доля", "%", "60,5%", "80%"]]

    refused = told(direction, approver, rows, kind="indicators")
    told(direction, approver, rows, kind="indicators", reason=REASON).take()

    assert refused.faults == [("E2", f"план уже обещан (75): {NEEDED}")]
    change = TargetChange.objects.get()
    assert (change.old_target, change.new_target, change.reason, change.created_by) == (75, 60.5, REASON, approver)
    assert list(indicator.values.values_list("year", "target")) == [(2026, 60.5), (2027, 80)]


def test_percent_for_something_else_is_refused(direction, town, approver):
    rows = [FIGURES, ["Сызрань", "", "Светильники", "шт.", "75%", "80"]]

    assert told(direction, approver, rows, kind="indicators").faults == [
        ("E2", "в ячейке процент, а единица измерения «шт.»")
    ]


def test_fact_needs_a_source_and_the_one_of_a_report_stays(direction, indicator, town, approver):
    head = [*FIGURES[:4], "Год", "Факт", "Источник сведений"]
    report = factories.report(factories.measure(town))
    factories.make(IndicatorValue, indicator=indicator, year=2025, target=70, actual=70)
    ReportedActual.objects.create(report=report, indicator=indicator, year=2025, actual=70)
    type(report).objects.filter(pk=report.pk).update(status="published")
    rows = [head, ["Сызрань", "Парк", "Доля", "%", "2026", "75", ""],
            ["Сызрань", "Парк", "Доля", "%", "2025", "71", "Росстат"]]  # fmt: skip

    assert told(direction, approver, rows, kind="values").faults == [
        ("F2", NO_PAPER),
        ("F3", "факт принёс опубликованный отчёт: его меняет исправление отчёта"),
    ]


def test_values_meet_indicators_of_any_owner_and_unknown_ones_are_told(direction, indicator, promised, town, approver):
    factories.make(Indicator, measure=promised, name="Длина", unit="м")
    factories.make(Indicator, municipality=town, name="Люди", unit="чел.")
    head = ["Город", "Приоритет", "Мера", "Показатель", "Ед. изм.", "Год", "План"]
    rows = [
        head, ["Сызрань", "", "1", "Длина", "м", "2027", "5"], ["Сызрань", "", "", "Люди", "чел.", "2027", "1 000"],
        ["Сызрань", "", "", "Птицы", "шт.", "2027", "5"], ["Сызрань", "Парк", "", "Доля", "%", "2026", "75"],
    ]  # fmt: skip

    table = told(direction, approver, rows, kind="values")

    assert table.faults == [("D4", "такого показателя нет: сначала внесите его таблицей показателей")]
    assert table.counts == (2, 0, 1)


def test_priorities_come_as_drafts_into_the_only_living_strategy(region, town, other_town, approver):
    strategy = factories.strategy(town)
    factories.strategy(town, status="draft")
    rows = [["Город", "Приоритет", "Сфера"], ["Сызрань", "Парк", "городская среда"], ["Чапаевск", "Мост", "горы"]]

    table = Told(csv_file(rows), "priorities", Scope(region), by=approver)
    rows.pop()
    Told(csv_file(rows), "priorities", Scope(region), by=approver).take()

    assert [cell for cell, _words in table.faults] == ["A3", "C3"]
    one = strategy.priorities.get()
    assert (one.title, one.sphere, one.status, one.created_by, one.history.count()) == (
        "Парк", "urban", "draft", approver, 1,
    )  # fmt: skip
