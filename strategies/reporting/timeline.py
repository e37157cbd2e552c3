"""Published reports as a timeline: each with what it changed, who stands behind it, what it corrects and what it shows.

The number of queries does not depend on the number of reports.
"""

from django.db.models import OuterRef, Prefetch, Q, Subquery, prefetch_related_objects
from django.utils import timezone

from accounts.models import JournalEntry
from documents.evidence import THUMBNAIL_SIDE
from strategies.reporting.models.cycle import ExpectedReport
from strategies.reporting.models.evidence import Evidence
from strategies.reporting.models.report import ProgressReport

NEWEST = 10


def counting_reports(reports):
    """Counting reports of a queryset of public ones, the latest period first, ready for `add_versions`.

    Adds `percent_before` (what the former counting report on the same subject said, None for the first one) and
    `due_then` (by when the cycle asked for the report; None where no cycle did).
    """
    same = Q(measure=OuterRef("measure")) | Q(priority=OuterRef("priority"))
    earlier = ProgressReport.objects.counting().filter(same, period_end__lt=OuterRef("period_end")).by_time()
    asked = ExpectedReport.objects.filter(same, cycle__year=OuterRef("year"), cycle__period=OuterRef("period"))
    return (
        reports.counting()
        .with_subject()
        .select_related("submitted_by")
        .annotate(
            percent_before=Subquery(earlier.values("percent")[:1]),
            due_then=Subquery(asked.order_by("-cycle__due_on").values("cycle__due_on")[:1]),
        )
        .by_time()
    )


def add_versions(reports):
    """Annotate reports from `counting_reports` with what the page shows beside them; three queries.

    Each gets `replaced` (the published reports that it corrects, newest first) and `late_days` (how many days after the
    cycle's date it was first handed in; 0 if in time or unknown); and each version gets `publisher`, `photos` and
    `papers`.
    """
    if not reports:
        return reports
    replaced = _replaced(reports)
    shown = [*reports, *replaced.values()]
    _show_evidence(shown)
    publishers = _publishers(shown)
    for report in shown:
        report.publisher = publishers.get(report.pk)
    for report in reports:
        report.replaced, before = [], replaced.get(report.corrects_id)
        while before is not None:
            report.replaced.append(before)
            before = replaced.get(before.corrects_id)
        for version in report.replaced:
            version.percent_before = report.percent_before
        first = report.replaced[-1] if report.replaced else report
        report.late_days = _days_late(first.submitted_at, report.due_then)
    return reports


def newest_reports(reports):
    """(the newest counting reports of a queryset, ready to show; whether there are more); four queries."""
    found = list(counting_reports(reports)[: NEWEST + 1])
    return add_versions(found[:NEWEST]), len(found) > NEWEST


def _replaced(reports):
    """{pk: report} of published reports that corrections among the given ones stand for; one query."""
    corrections = [report for report in reports if report.corrects_id]
    if not corrections:
        return {}
    found = ProgressReport.objects.filter(
        Q(measure__in=[report.measure_id for report in corrections if report.measure_id])
        | Q(priority__in=[report.priority_id for report in corrections if report.priority_id]),
        period_end__in={report.period_end for report in corrections},
        status=ProgressReport.Status.PUBLISHED,
        corrected_by__status=ProgressReport.Status.PUBLISHED,
    ).with_subject()
    return {report.pk: report for report in found.select_related("submitted_by")}


def _publishers(reports):
    """{pk of a report: who published it}; one query."""
    steps = JournalEntry.objects.public().filter(
        content_type__app_label="strategies",
        content_type__model="progressreport",
        object_id__in=[report.pk for report in reports],
        to_status=ProgressReport.Status.PUBLISHED,
    )
    return {step.object_id: step.actor for step in steps.select_related("actor")}


def _show_evidence(reports):
    prefetch_related_objects(reports, Prefetch("evidence", queryset=Evidence.objects.order_by("pk")))
    for report in reports:
        report.photos = [one for one in report.evidence.all() if one.is_photo]
        report.papers = [one for one in report.evidence.all() if not one.is_photo]
        for photo in report.photos:
            photo.shown_width, photo.shown_height = small_size(photo.width, photo.height)


def small_size(width, height):
    """(width, height) of the small copy of a photo, so that the page keeps its place; (None, None) where unknown."""
    if not width or not height:
        return None, None
    scale = min(1, THUMBNAIL_SIDE / max(width, height))
    return max(round(width * scale), 1), max(round(height * scale), 1)


def _days_late(submitted_at, due):
    if submitted_at is None or due is None:
        return 0
    return max((timezone.localdate(submitted_at) - due).days, 0)
