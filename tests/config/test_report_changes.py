"""What the latest reports changed: the last period of all, each subject against its own report before."""

import datetime
from decimal import Decimal

import pytest

from config.views.report_changes import PeriodChanges, changes_of, latest_pairs
from strategies.models import ProgressReport
from tests import factories
from tests.strategies.published import reported


@pytest.fixture
def measure(town):
    return factories.measure(town)


def changes(**where):
    return changes_of(latest_pairs(ProgressReport.objects.public().filter(**where)))


def test_changes_of_nothing_are_none(measure):
    factories.report(measure, status="submitted")

    assert changes() == PeriodChanges()
    assert changes().is_reported is False


def test_first_report_is_a_change_by_itself(measure):
    report = reported(measure)

    found = changes()

    assert (found.changed[0].report, found.changed[0].former, found.unchanged) == (report, None, 0)


def test_changes_compare_the_two_latest_counting_reports(measure):
    reported(measure, "q1", percent=5)
    replaced = reported(measure, "q2", percent=60)
    reported(measure, "q2", percent=20, corrects=replaced)
    reported(measure, "q3", percent=100, reported_status="done")

    change = changes().changed[0]

    assert (change.percent, change.status, change.due, change.spent) == (
        (20, 100),
        ("выполняется", "выполнено"),
        None,
        None,
    )


def test_changes_are_those_of_the_last_period_only(town, measure):
    other = factories.measure(town)
    reported(other, "q1")
    reported(other, "q2", percent=90)
    reported(measure, "q2")
    reported(measure, "q3")

    found = changes()

    assert (found.period_label, found.changed, found.unchanged) == ("III квартал 2026 года", (), 1)


def test_percentage_that_is_not_named_is_no_change_and_one_that_was_not_is(measure, town):
    for first, second, expected in ((40, None, None), (None, 40, (None, 40))):
        subject = factories.measure(town)
        reported(subject, "q1", percent=first)
        reported(subject, "q2", percent=second, is_unchanged=True)
        found = changes(measure=subject)
        assert [change.percent for change in found.changed] == ([expected] if expected else [])


def test_moved_date_is_told_with_the_report_that_moved_it_and_its_correction(measure):
    before, now, then = datetime.date(2027, 12, 31), datetime.date(2028, 3, 1), datetime.date(2028, 6, 1)
    postponed = {"reported_status": "postponed", "reason_kind": "money"}
    reported(measure, "q1", percent=10)
    first = reported(measure, "q2", percent=10, postponed_to=then, **postponed)
    measure.due_changes.create(old_due=before, new_due=then, reason="Нет денег", decided_on=now, report=first)
    second = reported(measure, "q2", percent=10, postponed_to=now, corrects=first, **postponed)
    measure.due_changes.create(old_due=then, new_due=now, reason="Ошиблись", decided_on=now, report=second)

    assert changes().changed[0].due == (before, now)


def test_money_is_that_of_the_whole_measure(measure):
    reported(measure, "q1", spent={"local": 100, "federal": 50})
    reported(measure, "q2", spent={"local": 300})

    assert changes().changed[0].spent == (Decimal(150), Decimal(350))


def test_money_named_for_the_first_time_was_unknown_before(measure):
    reported(measure, "q1")
    reported(measure, "q2", spent={"local": 300})

    assert changes().changed[0].spent == (None, Decimal(300))


def test_same_money_is_no_change(measure):
    reported(measure, "q1", spent={"local": 300})
    reported(measure, "q2", spent={"local": 300})

    assert (changes().changed, changes().unchanged) == ((), 1)


@pytest.mark.parametrize("rows", [1, 3])
def test_changes_cost_the_same_with_any_number_of_rows(town, rows, django_assert_num_queries):
    direction = factories.direction(town.region)
    strategy = factories.strategy(town)
    for _row in range(rows):
        measure = factories.measure(town, direction=direction)
        for period in ("q1", "q2", "q3"):
            reported(measure, period, spent={"local": 300})
        reported(factories.priority(strategy), "q3", percent=None)

    with django_assert_num_queries(3):
        found = changes()
        names = [change.report.subject.title for change in found.changed]

    assert (len(names), found.unchanged) == (rows, rows)
