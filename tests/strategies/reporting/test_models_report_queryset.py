"""Which submitted reports are quiet: published with a tick, unread. Whatever has to be weighed is not."""

import datetime

import pytest

from strategies.models import Indicator, Measure, Milestone, ProgressReport, ReportedActual, ReportedMilestone
from tests import factories


def quiet():
    """Numbers of quiet reports."""
    return list(ProgressReport.objects.quiet().values_list("pk", flat=True))


@pytest.mark.parametrize(
    ("fields", "is_quiet"),
    [
        ({"pace": "on_plan"}, True),
        ({"is_unchanged": True}, True),
        ({}, False),
        ({"pace": "on_plan", "status": "draft"}, False),
        ({"pace": "on_plan", "status": "returned"}, False),
        ({"pace": "on_plan", "status": "published"}, False),
        ({"pace": "behind", "reason_kind": "money"}, False),
        ({"is_unchanged": True, "pace": "behind", "reason_kind": "money"}, False),
        ({"pace": "on_plan", "deviation_reason": "Дожди."}, False),
        ({"pace": "on_plan", "problems": "Дожди."}, False),
        ({"pace": "on_plan", "reported_status": "done", "percent": 100}, False),
        ({"pace": "on_plan", "postponed_to": datetime.date(2028, 1, 1)}, False),
    ],
)
def test_quiet_is_on_plan_with_nothing_to_weigh(town, head, fields, is_quiet):
    report = factories.report(factories.measure(town), by=head, **({"status": "submitted"} | fields))

    assert quiet() == ([report.pk] if is_quiet else [])


@pytest.mark.parametrize(("before", "is_quiet"), [(None, True), (40, True), (39, True), (41, False)])
def test_quiet_never_steps_back(town, head, before, is_quiet):
    report = factories.report(factories.measure(town), by=head, status="submitted", pace="on_plan")
    Measure.objects.update(status="in_progress", percent=before)

    assert quiet() == ([report.pk] if is_quiet else [])


def test_quiet_ticks_nothing_and_gives_no_figures(town, head):
    ticking, counting = (
        factories.report(factories.measure(town), by=head, status="submitted", pace="on_plan") for _number in range(2)
    )
    milestone = factories.make(Milestone, measure=ticking.measure, title="Торги", due=datetime.date(2026, 4, 1))
    ReportedMilestone.objects.create(report=ticking, milestone=milestone, done_on=milestone.due)
    indicator = factories.make(Indicator, measure=counting.measure, name="Опор", unit="шт.")
    ReportedActual.objects.create(report=counting, indicator=indicator, year=2026, actual=4)

    assert quiet() == []


def test_quiet_corrects_nothing(town, head):
    measure = factories.measure(town)
    former = factories.report(measure, by=head, status="published")
    factories.report(measure, by=head, status="submitted", pace="on_plan", corrects=former)

    assert quiet() == []


def test_quiet_report_on_a_priority(town, head):
    priority = factories.priority(factories.strategy(town))
    report = factories.report(priority, by=head, status="submitted", pace="on_plan", percent=None)

    assert quiet() == [report.pk]
