"""A promised figure changes with a reason only; what was promised first stays in the ledger."""

import pytest

from strategies.models import Indicator, IndicatorValue, TargetChange
from tests import factories
from tests.refusals import database_refuses_change, messages


@pytest.fixture
def value(town):
    """A promise of 10 kilometres for 2027."""
    indicator = factories.make(
        Indicator, priority=factories.priority(factories.strategy(town)), name="Дороги", unit="км"
    )
    return factories.make(IndicatorValue, indicator=indicator, year=2027, target=10)


def ledger():
    """[(was, became, why, who)] in the order of the decisions."""
    return list(TargetChange.objects.order_by("pk").values_list("old_target", "new_target", "reason", "created_by"))


@pytest.mark.invariant(36)
def test_target_changes_with_a_reason_and_the_old_one_stays(value, approver, town):
    act = factories.document(town)

    value.change_target(8, reason=" Нет денег ", by=approver, document=act, paper="Решение № 5")

    value.refresh_from_db()
    change = TargetChange.objects.get()
    assert (value.target, ledger()) == (8, [(10, 8, "Нет денег", approver.pk)])
    assert (change.document, change.paper, change.is_lowered) == (act, "Решение № 5", True)
    database_refuses_change(change, reason="")


@pytest.mark.invariant(36)
@pytest.mark.parametrize("reason", ["", "  "])
def test_target_does_not_change_without_a_reason(value, approver, reason):
    assert messages(value.change_target, 8, reason=reason, by=approver) == ["Это поле не может быть пустым."]

    assert (value.target, ledger()) == (10, [])
    value.refresh_from_db()
    assert value.target == 10


@pytest.mark.invariant(36)
def test_target_that_breaks_another_rule_leaves_no_line_in_the_ledger(value, approver):
    refusal = messages(value.change_target, None, reason="Отказались", by=approver)

    assert refusal == ["Укажите план или факт."]
    assert (value.target, ledger()) == (10, [])


@pytest.mark.invariant(36)
def test_target_changed_from_an_old_page_follows_the_one_before_it(value, approver):
    stale = IndicatorValue.objects.get()
    value.change_target(8, reason="Нет денег", by=approver)

    stale.change_target(7, reason="Совсем нет денег", by=approver)

    assert [line[:2] for line in ledger()] == [(10, 8), (8, 7)]


@pytest.mark.parametrize(
    ("direction", "new", "lowered"),
    [("higher", 8, True), ("higher", 12, False), ("lower", 12, True), ("lower", 8, False)],
)
def test_target_is_lowered_in_the_sense_of_the_indicator(value, approver, direction, new, lowered):
    Indicator.objects.update(direction=direction)
    value = IndicatorValue.objects.get()

    value.change_target(new, reason="Пересчитали", by=approver)

    assert TargetChange.objects.get().is_lowered is lowered


def test_target_withdrawn_where_a_fact_stays_is_lowered(value, approver):
    IndicatorValue.objects.update(year=2025, actual=9, deviation_reason="Подрядчик ушёл.")
    value = IndicatorValue.objects.get()

    value.change_target(None, reason="Дорогу передали области", by=approver)

    assert (IndicatorValue.objects.get().target, TargetChange.objects.get().is_lowered) == (None, True)
