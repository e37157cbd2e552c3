"""What a step of a report costs: a whole report, with everything that a report may carry, through the door."""

import datetime

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext

from documents.evidence import check_evidence
from strategies.models import (
    Evidence,
    Funding,
    Indicator,
    IndicatorValue,
    Milestone,
    ProgressReport,
    ReportedActual,
    ReportedMilestone,
    ReportedSpending,
)
from tests import factories, files
from tests.strategies.reporting.answers import upload

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def report(town, head, editor):
    """A draft with two milestones, two figures, two sums and a photo, on a measure that answers a priority."""
    measure = factories.measure(town)
    priority = factories.priority(factories.strategy(town))
    factories.link(priority, measure)
    report = factories.report(measure, by=editor)
    for number in range(2):
        milestone = factories.make(Milestone, measure=measure, title=f"Точка {number}", due=datetime.date(2026, 3, 1))
        factories.make(ReportedMilestone, report=report, milestone=milestone, done_on=datetime.date(2026, 3, 1))
        indicator = factories.make(Indicator, measure=measure, name=f"Показатель {number}", unit="км")
        factories.make(IndicatorValue, indicator=indicator, year=2026, target=10)
        factories.make(ReportedActual, report=report, indicator=indicator, year=2026, actual=10)
        funding = factories.make(Funding, measure=measure, year=2026 + number, source="regional", planned=100)
        factories.make(ReportedSpending, report=report, funding=funding, spent=50)
    Evidence.attach(report, [check_evidence(upload(files.photo()))], stage="after", by=editor)
    return report


def _cost(report_id, status, *, by, reason=""):
    report = ProgressReport.objects.with_subject().get(pk=report_id)
    with CaptureQueriesContext(connection) as asked:
        report.move_to(status, by=by, reason=reason)
    return len(asked)


def test_step_of_a_report_costs_few_queries_whatever_it_carries(report, head, approver):
    """All of them, savepoints and the new edition too."""
    ContentType.objects.clear_cache()

    assert _cost(report.pk, "submitted", by=head) <= 20
    assert _cost(report.pk, "published", by=approver) <= 40
    assert {one.spent for one in Funding.objects.all()} == {50}
    assert {one.actual for one in IndicatorValue.objects.all()} == {10}
    assert {one.done_on for one in Milestone.objects.all()} == {datetime.date(2026, 3, 1)}
