"""Programmes, measures, money and indicators: what the database and the checks refuse."""

import datetime
import random
from decimal import Decimal

import pytest
from django.utils import timezone

from strategies.models import DueChange, Funding, Indicator, IndicatorValue, Measure, PriorityMeasure, Programme
from strategies.progress import mean_percent, readiness, whole
from tests import factories
from tests.refusals import codes, database_refuses, database_refuses_change, messages

TODAY = datetime.date(2026, 7, 1)


@pytest.mark.invariant(2)
@pytest.mark.parametrize("year", [2017, 2031])
@pytest.mark.usefixtures("checked")
def test_indicator_target_outside_the_horizon_is_refused(town, year):
    priority = factories.priority(factories.strategy(town, year_from=2018, year_to=2030))
    indicator = factories.make(Indicator, priority=priority, name="Дороги", unit="км")

    assert messages(factories.make, IndicatorValue, indicator=indicator, year=year, target=5) == [
        "Год цели должен быть внутри лет стратегии."
    ]
    factories.make(IndicatorValue, indicator=indicator, year=2018, target=5)
    factories.make(IndicatorValue, indicator=indicator, year=2030, target=9)


@pytest.mark.invariant(2)
@pytest.mark.usefixtures("checked")
def test_indicator_base_year_precedes_the_first_target(town):
    indicator = factories.make(Indicator, municipality=town, name="Дороги", unit="км", base_year=2018)

    assert messages(factories.make, IndicatorValue, indicator=indicator, year=2018, target=5) == [
        "Год цели должен быть позже базового."
    ]
    factories.make(IndicatorValue, indicator=indicator, year=2019, target=5)
    indicator.base_year = 2019
    assert messages(indicator.full_clean, exclude=["created_by"]) == [
        "Базовый год должен быть раньше первого года с целью."
    ]


@pytest.mark.invariant(6)
def test_priority_measure_pair_twice_is_refused(town):
    pair = factories.link(factories.priority(factories.strategy(town)), factories.measure(town))

    database_refuses(PriorityMeasure, PriorityMeasure(priority=pair.priority, measure=pair.measure))


@pytest.mark.invariant(6)
@pytest.mark.usefixtures("checked")
def test_priority_measure_of_two_towns_is_refused(town, other_town, region):
    priority = factories.priority(factories.strategy(town))

    assert codes(factories.link, priority, factories.measure(other_town)) == ["other_town"]
    assert messages(factories.link, priority, factories.measure(other_town)) == [
        "Мера и приоритет должны быть одного города."
    ]
    factories.link(priority, factories.measure(region))


@pytest.mark.invariant(6)
@pytest.mark.usefixtures("checked")
def test_priority_measure_of_another_region_is_refused(town, other_region):
    assert codes(factories.link, factories.priority(factories.strategy(town)), factories.measure(other_region)) == [
        "other_town"
    ]


@pytest.mark.invariant(23)
@pytest.mark.parametrize(("actual", "refused"), [(95, False), (105, False), (94, True), (106, True)])
@pytest.mark.usefixtures("checked")
def test_indicator_deviation_over_5_percent_needs_a_reason(town, actual, refused):
    indicator = factories.make(Indicator, municipality=town, name="Дороги", unit="км")
    fields = {"indicator": indicator, "year": 2024, "target": 100, "actual": actual}

    if refused:
        assert messages(factories.make, IndicatorValue, **fields) == ["Отклонение больше 5 %: напишите причину."]
        fields["deviation_reason"] = "Подрядчик ушёл."
    factories.make(IndicatorValue, **fields)

    assert IndicatorValue.objects.get().deviation == actual - 100


@pytest.mark.invariant(24)
@pytest.mark.usefixtures("checked")
def test_indicator_actual_of_a_future_year_is_refused(town):
    indicator = factories.make(Indicator, municipality=town, name="Дороги", unit="км")
    year = timezone.localdate().year

    assert messages(factories.make, IndicatorValue, indicator=indicator, year=year + 1, actual=5) == [
        "Факта за будущий год быть не может."
    ]
    factories.make(IndicatorValue, indicator=indicator, year=year, actual=5, is_preliminary=True)


@pytest.mark.invariant(24)
def test_indicator_preliminary_without_an_actual_is_refused(town):
    indicator = factories.make(Indicator, municipality=town, name="Дороги", unit="км")
    value = factories.make(IndicatorValue, indicator=indicator, year=2024, target=5)

    database_refuses_change(value, is_preliminary=True)
    database_refuses_change(value, target=None)
    database_refuses(IndicatorValue, IndicatorValue(indicator=indicator, year=2024, target=7))


def test_indicator_belongs_to_one_owner(town):
    indicator = factories.make(Indicator, municipality=town, name="Дороги", unit="км")

    database_refuses_change(indicator, measure=factories.measure(town))
    database_refuses_change(indicator, municipality=None)


@pytest.mark.invariant(26)
@pytest.mark.usefixtures("checked")
def test_money_before_the_start_is_refused_and_after_the_term_is_told(town):
    measure = factories.measure(town)

    assert messages(factories.make, Funding, measure=measure, year=2025, source="local", planned=1) == [
        "Год денег раньше начала меры."
    ]
    rows = [
        factories.make(Funding, measure=measure, year=year, source="local", planned=1) for year in (2026, 2027, 2028)
    ]
    assert [row.is_after_term for row in rows] == [False, False, True]


@pytest.mark.invariant(26)
def test_funding_below_zero_or_twice_is_refused(town):
    row = factories.make(Funding, measure=factories.measure(town), year=2026, source="local", planned=0)

    database_refuses_change(row, planned=Decimal("-0.01"))
    database_refuses_change(row, spent=-1)
    database_refuses(Funding, Funding(measure=row.measure, year=2026, source="local", planned=5))


@pytest.mark.invariant(26)
def test_measure_totals_are_computed_and_blank_is_not_zero(town):
    funded, bare = factories.measure(town), factories.measure(town)
    for year, source, planned in [(2026, "local", 10), (2026, "federal", Decimal("5.50")), (2027, "local", None)]:
        factories.make(Funding, measure=funded, year=year, source=source, planned=planned)

    for rows in (Measure.objects.with_money(), Measure.objects.with_money_apart()):
        assert {row.pk: (row.planned, row.spent) for row in rows} == {
            funded.pk: (Decimal("15.50"), None),
            bare.pk: (None, None),
        }


@pytest.mark.parametrize(
    ("paper", "term", "programme", "is_written"),
    [
        ({"sources": "https://example.org"}, {}, "approved", True),
        ({"sources": "https://example.org"}, {"planned": 10}, "approved", True),
        ({"sources": "https://example.org"}, {"planned": 0}, "approved", False),
        ({"basis": True}, {}, "approved", True),
        ({"act": True}, {}, "approved", True),
        ({}, {}, "approved", False),
        ({"sources": "https://example.org"}, {"due": None}, "approved", False),
        ({"sources": "https://example.org"}, {}, "prepared", True),
        ({"sources": "https://example.org"}, {}, "discussion", False),
    ],
)
def test_promise_is_written_by_a_date_or_money_and_a_paper(town, paper, term, programme, is_written):
    measure = factories.measure(town)
    document = factories.document(town.region)
    type(measure).objects.filter(pk=measure.pk).update(
        sources=paper.get("sources", ""), basis=document if "basis" in paper else None,
        due=None if term else measure.due,
    )  # fmt: skip
    Programme.objects.update(
        status=programme, act=document if "act" in paper else None, discussion_from=TODAY, discussion_to=TODAY
    )
    if "planned" in term:
        factories.make(Funding, measure=measure, year=2026, source="local", planned=term["planned"])

    assert Measure.objects.with_promise().get().is_written is is_written


def test_mean_of_the_database_is_the_readiness_that_explains_itself(town):
    measures = [factories.measure(town) for _ in range(9)]
    chance = random.Random(2026)
    for _ in range(40):
        for one in measures:
            one.status = chance.choice(["planned", "in_progress", "done", "not_done", "cancelled"])
            one.percent = 100 if one.status == "done" else chance.choice([None, chance.randint(0, 99)])
        Measure.objects.bulk_update(measures, ["status", "percent"])
        some = [one.pk for one in chance.sample(measures, chance.randint(0, 9))]
        rows = Measure.objects.filter(pk__in=some)

        assert whole(rows.aggregate(mean=mean_percent())["mean"]) == readiness(list(rows)).value


def test_step_of_preparation_is_region_wide_and_without_money(town, region):
    def step(place, **programme):
        programme = {"kind": "action", "status": "prepared"} | programme
        return factories.measure(place, direction=factories.direction(region, programme=factories.programme(
            region, **programme)))  # fmt: skip

    found, funded, _of_town, _other, _approved = (
        step(region), step(region), step(town), step(region, kind="state"), step(region, status="approved"),
    )  # fmt: skip
    factories.make(Funding, measure=funded, year=2026, source="local", planned=None, spent=1)

    assert list(Measure.objects.with_preparation().filter(is_preparation=True)) == [found]


@pytest.mark.invariant(27)
def test_measure_start_after_due_is_refused(town):
    record = factories.measure(town)

    database_refuses_change(record, start=record.due + datetime.timedelta(days=1))
    Measure.objects.update(start=record.due)


@pytest.mark.invariant(27)
@pytest.mark.parametrize("due", [datetime.date(2017, 12, 31), datetime.date(2031, 1, 1)])
@pytest.mark.usefixtures("checked")
def test_measure_due_outside_the_programme_is_refused(town, due):
    assert messages(factories.measure, town, start=None, due=due) == ["Срок должен быть внутри лет программы."]


@pytest.mark.invariant(27)
def test_measure_postponed_may_go_beyond_the_programme(town):
    later = datetime.date(2031, 6, 1)

    assert factories.measure(town, status="postponed", postponed_to=later).due_now == later


@pytest.mark.invariant(11)
def test_measure_postponed_without_a_date_and_a_moved_date_without_a_reason_are_refused(town):
    record = factories.measure(town)

    database_refuses_change(record, status="postponed")
    database_refuses(DueChange, DueChange(measure=record, new_due=TODAY, decided_on=TODAY, reason=""))


@pytest.mark.invariant(31)
def test_measure_overdue_follows_from_dates(town):
    yesterday, tomorrow = TODAY - datetime.timedelta(days=1), TODAY + datetime.timedelta(days=1)
    late = factories.measure(town, due=yesterday)
    moved = factories.measure(town, due=yesterday, status="postponed", postponed_to=tomorrow)
    late_again = factories.measure(town, due=datetime.date(2026, 1, 2), status="postponed", postponed_to=yesterday)
    today = factories.measure(town, due=TODAY)
    done = factories.measure(town, due=yesterday, status="done", percent=100)
    undated = factories.measure(town, due=None)

    assert set(Measure.objects.overdue(TODAY)) == {late, late_again}
    assert [row.is_overdue(TODAY) for row in (late, moved, late_again, today, done, undated)] == [
        True, False, True, False, False, False,
    ]  # fmt: skip
    assert "overdue" not in Measure.Status.values


def test_measure_cancelled_without_an_act_is_refused(town, approver):
    record = factories.measure(town)

    assert codes(record.move_to, "cancelled", by=approver, reason="Нет денег.") == ["no_act"]


@pytest.mark.usefixtures("checked")
def test_programme_years_and_code(region):
    record = factories.programme(region, code="samara")

    database_refuses_change(record, year_from=2031)
    assert messages(factories.programme, region, code="samara") == ["Программа с таким кодом уже есть."]
