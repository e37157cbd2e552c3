"""A promised target is never overwritten in silence: the workshop asks why, and the old figure stays."""

from decimal import Decimal

import pytest

from strategies.models import Indicator, IndicatorValue, TargetChange
from tests import factories
from tests.admin_pages import complaints, page, save


@pytest.fixture
def indicator(town):
    """An indicator that everybody sees, promised for 2027; 2024 has its fact too."""
    found = factories.make(Indicator, priority=factories.priority(factories.strategy(town)), name="Длина", unit="км")
    factories.make(IndicatorValue, indicator=found, year=2024, target=2, actual=2)
    factories.make(IndicatorValue, indicator=found, year=2027, target=10)
    return found


@pytest.fixture
def hidden(town):
    """An indicator of a priority that nobody has published yet."""
    priority = factories.priority(factories.strategy(town), status="draft")
    found = factories.make(Indicator, priority=priority, name="Длина", unit="км")
    factories.make(IndicatorValue, indicator=found, year=2027, target=10)
    return found


def changes():
    return list(TargetChange.objects.values_list("value__year", "old_target", "new_target", "reason", "paper"))


def targets(indicator):
    return dict(indicator.values.values_list("year", "target"))


def on_its_page(client, indicator, **fields):
    """Change the value of 2027 on the page of the indicator."""
    last = indicator.values.count() - 1
    typed = {f"values-{last}-{name}": value for name, value in fields.items()}
    return save(client, "strategies_indicator_change", indicator.pk, changes=typed)


def in_one_line(client, indicator, **fields):
    """Change the plan by years on the page of the priority."""
    typed = {f"indicators-0-{name}": value for name, value in fields.items()}
    return save(client, "strategies_priority_change", indicator.priority_id, changes=typed)


def test_indicator_page_asks_why_a_promised_target_changes(client, region_editor, indicator):
    client.force_login(region_editor)

    response = on_its_page(client, indicator, target="8")

    assert complaints(response) == ["План уже обещан (10): напишите, почему он меняется."]
    assert (targets(indicator)[2027], changes()) == (10, [])


def test_indicator_page_keeps_the_old_target_and_the_reason(client, region_editor, indicator):
    client.force_login(region_editor)

    response = on_its_page(
        client, indicator, target="7,5", change_reason=" Нет денег ", change_paper="Решение № 5", sources="Отчёт"
    )

    assert response.status_code == 302
    value = indicator.values.get(year=2027)
    assert (value.target, value.sources) == (Decimal("7.5"), "Отчёт")
    assert changes() == [(2027, 10, Decimal("7.5"), "Нет денег", "Решение № 5")]
    assert TargetChange.objects.get().created_by == region_editor


def test_indicator_page_takes_other_fields_of_a_promised_value_without_a_reason(client, region_editor, indicator):
    client.force_login(region_editor)

    response = on_its_page(client, indicator, sources="https://example.org/a")

    assert (response.status_code, indicator.values.get(year=2027).sources) == (302, "https://example.org/a")
    assert changes() == []


def test_indicator_page_lets_a_target_be_changed_while_nobody_sees_it(client, region_editor, hidden):
    client.force_login(region_editor)

    response = on_its_page(client, hidden, target="8")

    assert (response.status_code, targets(hidden), changes()) == (302, {2027: 8}, [])


def test_indicator_page_keeps_the_year_of_a_promised_target(client, region_editor, indicator):
    client.force_login(region_editor)

    response = on_its_page(client, indicator, year="2029")

    assert complaints(response) == ["Год обещанного плана не меняют: добавьте строку другого года."]
    assert targets(indicator) == {2024: 2, 2027: 10}


def test_indicator_page_does_not_delete_a_promised_target(client, region_editor, indicator, hidden):
    client.force_login(region_editor)

    refused = on_its_page(client, indicator, DELETE="on")
    taken = on_its_page(client, hidden, DELETE="on")

    formset = refused.context["inline_admin_formsets"][0].formset
    assert formset.non_form_errors() == ["Обещанный план не удаляют: измените число и напишите причину."]
    assert (taken.status_code, targets(indicator), targets(hidden)) == (302, {2024: 2, 2027: 10}, {})


def test_indicator_with_promised_targets_is_not_deleted(client, region_editor, indicator, hidden):
    client.force_login(region_editor)

    codes = [
        client.post(page("strategies_indicator_delete", one.pk), {"post": "yes"}).status_code
        for one in (indicator, hidden)
    ]
    refused = in_one_line(client, indicator, DELETE="on")

    formset = refused.context["inline_admin_formsets"][0].formset
    assert (codes, list(Indicator.objects.all())) == ([403, 302], [indicator])
    assert formset.non_form_errors() == ["Показатель с обещанным планом не удаляют: измените план и напишите причину."]


def test_plan_in_one_line_asks_why_a_promised_target_changes(client, region_editor, indicator):
    client.force_login(region_editor)

    response = in_one_line(client, indicator, targets="2024: 2; 2027: 8; 2028: 12")

    assert complaints(response) == ["План уже обещан (2027: 10): напишите, почему он меняется."]
    assert (targets(indicator), changes()) == ({2024: 2, 2027: 10}, [])


def test_plan_in_one_line_keeps_the_old_target_and_adds_new_years_freely(client, region_editor, indicator):
    client.force_login(region_editor)

    added = in_one_line(client, indicator, targets="2024: 2; 2027: 10; 2028: 12")
    lowered = in_one_line(client, indicator, targets="2024: 2; 2027: 8; 2028: 12", change_reason="Нет земли")

    assert (added.status_code, lowered.status_code) == (302, 302)
    assert targets(indicator) == {2024: 2, 2027: 8, 2028: 12}
    assert changes() == [(2027, 10, 8, "Нет земли", "")]


def test_plan_in_one_line_withdraws_a_promised_target_only_where_a_fact_stays(client, region_editor, indicator):
    client.force_login(region_editor)

    refused = in_one_line(client, indicator, targets="2024: 2", change_reason="Передумали")
    taken = in_one_line(client, indicator, targets="2027: 10", change_reason="Пересчитали")

    assert complaints(refused) == ["2027: обещанный план не стирают. Напишите новое число."]
    assert (taken.status_code, targets(indicator)) == (302, {2024: None, 2027: 10})
    assert changes() == [(2024, 2, None, "Пересчитали", "")]


def test_administrator_of_another_region_changes_no_target(client, other_approver, indicator):
    client.force_login(other_approver)

    response = client.post(
        page("strategies_indicator_change", indicator.pk), {"values-1-target": "1", "values-1-change_reason": "Хочу"}
    )

    assert (response.status_code, targets(indicator), changes()) == (302, {2024: 2, 2027: 10}, [])
