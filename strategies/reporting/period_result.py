"""What a reporting period brought, for everybody: what was asked, what came in time, late or not at all."""

from dataclasses import dataclass

from django.db.models import Count, F, Q
from django.utils import timezone

from municipalities.models import shown_name
from strategies.priorities.models import Priority, Strategy
from strategies.programme.models.measure import Measure
from strategies.programme.models.programme import Programme
from strategies.reporting.models.report import ProgressReport

Status = ProgressReport.Status


@dataclass(frozen=True)
class Tally:
    """Rows of one town (None: measures on the whole region), or of a whole period.

    `closed_with`: how many had a published report when the period was closed; `published`: how many have one now;
    `waiting`: how many are handed in and wait for the region.
    """

    town: str | None
    slug: str | None
    asked: int
    closed_with: int
    published: int
    waiting: int

    @property
    def came_later(self):
        """Reports published after the period was closed."""
        return max(self.published - self.closed_with, 0)

    @property
    def missing(self):
        """How many are neither published nor with the region."""
        return self.asked - self.published - self.waiting


def tallies(cycle):
    """A `Tally` for each town, by name, region-wide measures last; one query."""
    rows = (
        cycle.expected.with_report()
        .order_by()
        .values(town=shown_name("municipality__"), slug=F("municipality__slug"), name=F("municipality__name_sort"))
        .annotate(
            asked=Count("pk"),
            closed_with=Count("report"),
            published=Count("pk", filter=Q(report_status=Status.PUBLISHED)),
            waiting=Count("pk", filter=Q(report_status=Status.SUBMITTED)),
        )
        .order_by(F("name").asc(nulls_last=True))
    )
    return [Tally(**{name: value for name, value in row.items() if name != "name"}) for row in rows]


def whole(parts):
    """The `Tally` of a whole period."""
    names = ("asked", "closed_with", "published", "waiting")
    return Tally(None, None, *(sum(getattr(part, name) for part in parts) for name in names))


def rows_of(cycle, *, town=""):
    """What was asked for, by town and in the order of asking; `town`: the slug of one town only."""
    rows = cycle.expected.with_report().select_related(
        "municipality", "measure__direction__programme", "priority__strategy__municipality", "report"
    )
    if town:
        rows = rows.filter(municipality__slug=town)
    return rows.order_by(F("municipality__name_sort").asc(nulls_last=True), "municipality", "pk")


def add_results(cycle, rows, on):
    """Annotate each row of a page with what came for it; one query.

    Each gets `versions` (published reports for the period, the first one first), `said` (what stands now, or stood at
    the close; None where there was nothing), `later` (published after the close), `late_days` (by how much the first
    one missed the date), `overdue_days` (how long a report is owed by now), `is_open_to_all` (its subject has a page)
    and `state_then` (the word for the state of a measure at the close).
    """
    published = {}
    reports = ProgressReport.objects.filter(
        Q(measure__in=[row.measure_id for row in rows if row.measure_id])
        | Q(priority__in=[row.priority_id for row in rows if row.priority_id]),
        year=cycle.year,
        period=cycle.period,
        status=Status.PUBLISHED,
    )
    for report in reports.order_by("published_at", "pk"):
        published.setdefault((report.measure_id, report.priority_id), []).append(report)
    is_closed = cycle.status == cycle.Status.CLOSED
    for row in rows:
        row.versions = published.get((row.measure_id, row.priority_id), [])
        known = [report.pk for report in row.versions]
        if is_closed:
            row.said = row.report
            row.later = row.versions[known.index(row.report_id) + 1 :] if row.report_id in known else row.versions
        else:
            row.said, row.later = (row.versions[-1] if row.versions else None), []
        for report in [*row.versions, *filter(None, [row.said])]:
            # Their addresses are those of the row's subject, which is here already.
            report.measure, report.priority = row.measure, row.priority
        row.late_days = _days_after(row.versions[0].submitted_at, cycle.due_on) if row.versions else 0
        row.overdue_days = max((on - cycle.due_on).days, 0)
        row.is_open_to_all = _has_a_page(row.subject)
        row.state_then = Measure.Status(row.status_then).label if row.measure_id and row.status_then else ""
    return rows


def _days_after(moment, day):
    return max((timezone.localdate(moment) - day).days, 0) if moment else 0


def _has_a_page(subject):
    if isinstance(subject, Priority):
        return subject.status in Priority.PUBLIC and subject.strategy.status in Strategy.PUBLIC
    return subject.status in Measure.PUBLIC and subject.direction.programme.status in Programme.PUBLIC
