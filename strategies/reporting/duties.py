"""What is expected of a person, by when: read for the office, whatever the number of measures in a few queries."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Case, Count, IntegerField, Q, Value, When
from django.utils import timezone

from accounts.models import Role
from strategies.coverage.agreement import add_waiting
from strategies.coverage.models.commitment import Commitment
from strategies.programme.models.measure_parts import PriorityMeasure
from strategies.reporting.models.cycle import ExpectedReport, ReportingCycle
from strategies.reporting.models.report import ProgressReport

SHOWN = 20
LATELY = 5
Status = ProgressReport.Status


@dataclass
class Duty:
    """A report that somebody is asked for.

    `kind`: prepared (the head only signs), returned, late, draft or due; `report` is the draft or the returned report,
    if there is one; `former` the last counting report.
    """

    kind: str
    subject: object
    period_label: str
    due_on: date | None
    days: int
    url: str
    report: object = None
    former: object = None
    town: object = None


def reports_owed(user, on):
    """Reports that a person owes: returned ones first, then late ones, then by date; (duties shown, how many in all).

    What an editor has written whole is owed by the head. Three queries, whatever the number of rows.
    """
    rows = ExpectedReport.objects.owed_by(user).unanswered().filter(cycle__status=ReportingCycle.Status.OPEN)
    if not user.has_role(Role.MUNICIPAL_HEAD, Role.REGION_EDITOR):
        prepared = Q(report_now__isnull=False, report_now__in=ProgressReport.objects.prepared().values("pk"))
        rows = rows.exclude(prepared)
    order = Case(
        When(report_status=Status.RETURNED, then=Value(0)),
        When(cycle__due_on__lt=on, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    total = rows.count()
    rows = list(rows.with_subject().annotate(urgency=order).order_by("urgency", "cycle__due_on", "pk")[:SHOWN])
    reports = ProgressReport.objects.in_bulk([row.report_now for row in rows if row.report_now])
    former = _latest(rows)
    return [_duty(row, reports.get(row.report_now), former, on) for row in rows], total


def _latest(rows):
    """{(measure id, priority id): the latest counting report} of the rows' subjects; one query."""
    about = Q(measure__in=[row.measure_id for row in rows if row.measure_id])
    about |= Q(priority__in=[row.priority_id for row in rows if row.priority_id])
    reports = ProgressReport.objects.counting().filter(about).order_by("period_end", "published_at", "pk")
    return {(report.measure_id, report.priority_id): report for report in reports.defer("text", "typed")}


def _duty(row, report, former, on):
    kind = "due"
    if report is not None and report.is_prepared:
        kind = "prepared"
    elif report is not None and report.needs_mending:
        kind = "returned"
    elif row.cycle.due_on < on:
        kind = "late"
    elif report is not None:
        kind = "draft"
    return Duty(
        kind=kind, subject=row.subject, period_label=row.cycle.period_label, due_on=row.cycle.due_on,
        days=abs((row.cycle.due_on - on).days), url=row.form_url, report=report,
        former=former.get((row.measure_id, row.priority_id)), town=row.municipality,
    )  # fmt: skip


def other_drafts(user):
    """Drafts and returned reports that no open cycle asks for: corrections, reports before or after their time."""
    asked = ExpectedReport.objects.owed_by(user).with_report().filter(cycle__status=ReportingCycle.Status.OPEN)
    return list(
        ProgressReport.objects.written_by(user)
        .filter(status__in=[Status.DRAFT, Status.RETURNED])
        .exclude(pk__in=asked.filter(report_now__isnull=False).values("report_now"))
        .with_subject()
        .order_by("-pk")[:SHOWN]
    )


def waiting_for_head(user):
    """Reports of the person's towns that are written whole and wait for the head."""
    return list(ProgressReport.objects.written_by(user).prepared().with_subject()[:SHOWN])


def waiting_for_region(user):
    """Reports of the person's towns that the region has not decided on, the longest waiting first."""
    return list(ProgressReport.objects.written_by(user).waiting().with_subject()[:SHOWN])


def published_lately(user):
    """The latest published reports of the person's towns."""
    published = ProgressReport.objects.written_by(user).filter(status=Status.PUBLISHED)
    return list(published.with_subject().order_by("-published_at", "-pk")[:LATELY])


@dataclass
class Asked:
    """Links where one's own side owes a word: those shown, with their days, and how many in all; own drafts, too."""

    links: list
    total: int
    drafts: int


def words_owed(user, side, on):
    """What a side is asked to confirm, as a person of that side sees it: the longest waiting first.

    Args:
        user: who looks; of a town, or of the region.
        side: whose word.
        on: the day from which the days are counted.
    """
    waiting = PriorityMeasure.objects.inside(user).awaiting(side).order_by("said_at", "pk")
    links = list(waiting.select_related("measure", "priority__strategy__municipality__region")[:LATELY])
    for link in links:
        add_waiting(link, on)
    total = len(links) if len(links) < LATELY else waiting.count()
    drafts = Commitment.objects.editable_by(user).filter(side=side, status=Commitment.Status.DRAFT)
    return Asked(links, total, drafts.count())


def not_reported(regions):
    """Towns that owe reports in open cycles: [{name, slug, how many, how many of them late}], the latest first."""
    rows = ExpectedReport.objects.unanswered().filter(
        cycle__status=ReportingCycle.Status.OPEN, cycle__programme__region__in=regions
    )
    late = Count("pk", filter=Q(cycle__due_on__lt=timezone.localdate()))
    by_town = rows.order_by().values("municipality__name", "municipality__slug").annotate(owed=Count("pk"), late=late)
    return list(by_town.order_by("-late", "-owed", "municipality__name"))
