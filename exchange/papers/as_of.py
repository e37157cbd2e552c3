"""How measures stood on a day, from what is published: state, readiness, date, money, the last report.

Of today it is what the public pages say. Of an earlier day it is what published reports on periods that ended by that
day say, with their corrections; a date moved later stands where it stood, sums as the act of that day promised them.
"""

import datetime
from dataclasses import dataclass, field

from django.contrib.contenttypes.models import ContentType
from django.db.models import OuterRef, Prefetch, Subquery
from django.utils import timezone

from accounts.models import JournalEntry
from municipalities.models import Municipality
from strategies.models import DueChange, Funding, Measure, ProgrammeDirection, ProgressReport
from strategies.reporting.models.report_parts import ReportedSpending

from .promised import Promised
from .rows import known_sum

BATCH = 1000
LATE = "просрочено"
Status = Measure.Status


@dataclass(frozen=True)
class Money:
    """Money of a measure of one year and source, thousand roubles."""

    year: int
    source: str
    planned: object
    spent: object


@dataclass
class Standing:
    """A measure as it stood: `report` is the last one that counts, `late_days` how long its date has passed.

    `is_new`: the act in force on that day did not name the measure and promised it nothing.
    """

    measure: Measure
    status: str
    percent: int | None
    due: datetime.date | None
    report: ProgressReport | None = None
    late_days: int = 0
    money: list = field(default_factory=list)
    is_new: bool = False

    @property
    def planned(self):
        """What is promised over all years and sources."""
        return known_sum(one.planned for one in self.money)

    @property
    def spent(self):
        """What is spent over all years and sources."""
        return known_sum(one.spent for one in self.money)

    @property
    def is_cancelled(self):
        """Whether the measure was called off."""
        return self.status == Status.CANCELLED

    @property
    def is_step(self):
        """Whether it is a step to prepare the programme itself, which pages count apart (`with_preparation`)."""
        return self.measure.is_preparation

    @property
    def state(self):
        """The state in words: the measure's own, and whether it is late."""
        word = str(Status(self.status).label)
        return f"{word}, {LATE}" if self.late_days else word

    @property
    def place(self):
        """The town, the towns, or the whole region."""
        if self.measure.municipality:
            return self.measure.municipality.name
        return ", ".join(town.name for town in self.measure.towns.all()) or "весь регион"


def standings(measures, term, promised=None):
    """Give each of some measures, in their order, as they stood by the end of a term; batch by batch.

    Args:
        measures: a queryset in the order wanted.
        term: a `Term`.
        promised: the `Promised` of the term, which can tell afterwards whose sums these are.
    """
    promised = promised or Promised(term)
    numbers = list(measures.values_list("pk", flat=True))
    for start in range(0, len(numbers), BATCH):
        yield from _batch(numbers[start : start + BATCH], term, promised)


def _batch(numbers, term, promised):
    found = _measures(numbers, term)
    promised.read(measure.direction.programme_id for measure in found.values())
    reports = ProgressReport.objects.defer("typed", "return_comment").in_bulk(
        [one.last_report for one in found.values() if one.last_report]
    )
    money = _money(numbers, term)
    moved = {} if term.is_now else _dates_then(numbers, term.end)
    cancelled = {} if term.is_now else _cancelled_after(found, term.end)
    for number in numbers:
        measure = found[number]
        sums, is_new = _sums(measure, money.get(number, []), promised)
        report = reports.get(measure.last_report)
        standing = Standing(
            measure=measure,
            status=_status(measure, report, term, cancelled),
            percent=measure.percent if term.is_now else (report.percent if report else None),
            due=moved.get(number, measure.due_now),
            report=report,
            money=sums,
            is_new=is_new,
        )
        if standing.status in Measure.OPEN and standing.due and standing.due < term.end:
            standing.late_days = (term.end - standing.due).days
        yield standing


def _measures(numbers, term):
    reports = ProgressReport.objects.counting().filter(measure=OuterRef("pk"))
    if not term.is_now:
        reports = reports.filter(period_end__lte=term.end)
    rows = (
        Measure.objects.with_preparation()
        .select_related("cancel_act")
        .defer("search_stems")
        .prefetch_related(Prefetch("towns", Municipality.objects.only("name", "name_sort")))
        .annotate(last_report=Subquery(reports.by_time().values("pk")[:1]))
    ).in_bulk(numbers)
    # A thousand measures stand in a few directions: each is read once, not beside every measure.
    directions = ProgrammeDirection.objects.select_related("programme").in_bulk(
        {one.direction_id for one in rows.values()}
    )
    towns = Municipality.objects.defer("search_stems").in_bulk({one.municipality_id for one in rows.values()} - {None})
    for measure in rows.values():
        measure.direction = directions[measure.direction_id]
        measure.municipality = towns.get(measure.municipality_id)
    return rows


def _status(measure, report, term, cancelled_after):
    if term.is_now:
        return measure.status
    if measure.status == Status.CANCELLED and measure.pk not in cancelled_after:
        return Status.CANCELLED
    return report.reported_status if report else Status.PLANNED


def _dates_then(numbers, end):
    """{measure: its date on a day} of those whose date was moved later."""
    changes = DueChange.objects.filter(measure__in=numbers, decided_on__gt=end).order_by("-decided_on", "-pk")
    return dict(changes.values_list("measure", "old_due"))


def _cancelled_after(measures, end):
    """Measures that were called off after a day, by the journal."""
    gone = [one.pk for one in measures.values() if one.status == Status.CANCELLED]
    if not gone:
        return set()
    midnight = timezone.make_aware(datetime.datetime.combine(end + datetime.timedelta(days=1), datetime.time.min))
    steps = JournalEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(Measure), object_id__in=gone, to_status=Status.CANCELLED,
        at__gte=midnight,
    )  # fmt: skip
    return set(steps.values_list("object_id", flat=True))


def _money(numbers, term):
    """{measure: [Money]} by year and source; spent as it was known by the end of the term."""
    rows = list(
        Funding.objects.filter(measure__in=numbers)
        .order_by("measure", "year", "source")
        .values_list("pk", "measure", "year", "source", "planned", "spent")
    )
    said = None if term.is_now else _spent_then(numbers, term.end)
    found = {}
    for number, measure, year, source, planned, spent in rows:
        if said is not None:
            # A sum that no report has given came with its source: it is known for the years that were over.
            spent = said.get(number, spent if year <= term.year else None)
        found.setdefault(measure, []).append(Money(year, source, planned, spent))
    return found


def _sums(measure, money, promised):
    """([Money] with what was promised by the end of the term, whether the act of that day did not name the measure)."""
    today = {(one.year, one.source): one.planned for one in money}
    planned, is_new = promised.sums(measure, today)
    if planned is today:
        return money, False
    spent = {(one.year, one.source): one.spent for one in money if one.spent is not None}
    keys = sorted({*planned, *spent})
    return [Money(*key, planned.get(key), spent.get(key)) for key in keys], is_new


def _spent_then(numbers, end):
    """{funding: spent by a day, None where reports gave it only later}, of those that reports speak of."""
    counting = ProgressReport.objects.counting().filter(measure__in=numbers)
    rows = ReportedSpending.objects.filter(report__in=counting.values("pk")).order_by(
        "report__period_end", "report__published_at", "report"
    )
    found = {}
    for funding, spent, period_end in rows.values_list("funding", "spent", "report__period_end"):
        found.setdefault(funding, None)
        if period_end <= end:
            found[funding] = spent
    return found
