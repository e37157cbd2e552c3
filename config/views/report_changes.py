"""What changed with the latest reports: old and new state, readiness, date and money of each measure or priority."""

from dataclasses import dataclass

from django.db.models import Count, F, OuterRef, Q, Subquery, Sum, Window
from django.db.models.functions import RowNumber

from strategies.programme.models.funding import Funding
from strategies.programme.models.measure_parts import DueChange
from strategies.reporting.models.report import ProgressReport
from strategies.reporting.models.report_parts import ReportedSpending


@dataclass(frozen=True)
class Change:
    """What the latest counting report says against the one before it.

    `former` is None where it is the first one. Of `status`, `percent`, `due` and `spent` each is (old, new), or None
    where nothing changed or nothing was said; an unknown old value is None. Money in thousand roubles, since the start.
    """

    report: ProgressReport
    former: ProgressReport | None
    status: tuple | None = None
    percent: tuple | None = None
    due: tuple | None = None
    spent: tuple | None = None

    @property
    def is_change(self):
        """Whether anything differs; the first report always does."""
        return self.former is None or any((self.status, self.percent, self.due, self.spent))


@dataclass(frozen=True)
class PeriodChanges:
    """Changes of the last period that was reported on; empty where there are no reports at all.

    `changed`: first reports and those that differ; `unchanged`: how many reports say the same as before.
    """

    period_label: str = ""
    changed: tuple = ()
    unchanged: int = 0

    @property
    def is_reported(self):
        """Whether anybody reported at all."""
        return bool(self.changed or self.unchanged)


def compare(report, former=None, *, due=None, spent=None):
    """The change between two counting reports on one subject.

    Args:
        report: the latest.
        former: the one before it, or None for the first one.
        due: (old, new) date of its measure, if the reports of the period moved it.
        spent: (old, new) money.
    """
    if former is None:
        return Change(report, None, due=_changed(due), spent=_changed(spent))
    states = (former.get_reported_status_display(), report.get_reported_status_display())
    percents = None if report.percent is None else (former.percent, report.percent)
    return Change(report, former, _changed(states), _changed(percents), _changed(due), _changed(spent))


def _changed(pair):
    return None if pair is None or pair[0] == pair[1] else pair


def changes_of(pairs):
    """What the reports of the last period changed; two queries.

    Args:
        pairs: of each measure and priority its two latest counting reports, the latest first, or the only one.

    Returns:
        `PeriodChanges` of those whose latest report ends with the last period of all.
    """
    last = max((pair[0].period_end for pair in pairs), default=None)
    fresh = [pair for pair in pairs if pair[0].period_end == last]
    if not fresh:
        return PeriodChanges()
    dates, money = _moved_dates(fresh, last), _spent(fresh)
    changes = [
        compare(pair[0], *pair[1:], due=dates.get(pair[0].measure_id), spent=money.get(pair[0].pk)) for pair in fresh
    ]
    changed = tuple(change for change in changes if change.is_change)
    return PeriodChanges(fresh[0][0].period_label, changed, len(changes) - len(changed))


def latest_pairs(reports):
    """The two latest counting reports on each measure and priority, of a queryset of public reports; one query."""
    place = Window(
        RowNumber(),
        partition_by=[F("measure"), F("priority")],
        order_by=[F("period_end").desc(), F("published_at").desc(), F("pk").desc()],
    )
    rows = reports.counting().annotate(place=place).filter(place__lte=2).with_subject()
    pairs = {}
    for report in rows.order_by("measure", "priority", "place"):
        pairs.setdefault((report.measure_id, report.priority_id), []).append(report)
    return list(pairs.values())


def _moved_dates(pairs, period_end):
    """{measure id: (date before, date after)} by the reports of the period, corrections included; one query."""
    moves = DueChange.objects.filter(
        measure__in=[pair[0].measure_id for pair in pairs if pair[0].measure_id],
        report__period_end=period_end,
        report__status=ProgressReport.Status.PUBLISHED,
    ).order_by("decided_on", "pk")
    dates = {}
    for move in moves:
        dates[move.measure_id] = (dates.get(move.measure_id, (move.old_due, None))[0], move.new_due)
    return dates


def _spent(pairs):
    """{report id: (spent before, spent by now)} of whole measures, where a report names money; one query."""
    same_line = Q(funding=OuterRef("funding"), report__period_end__lt=OuterRef("report__period_end"))
    earlier = ReportedSpending.objects.filter(same_line, report__in=ProgressReport.objects.counting())
    before = earlier.order_by("-report__period_end", "-report__published_at", "-report").values("spent")[:1]
    lines = Funding.objects.filter(measure=OuterRef("funding__measure")).order_by().values("measure")
    rows = ReportedSpending.objects.filter(report__in=[pair[0].pk for pair in pairs]).annotate(
        before=Subquery(before),
        total=Subquery(lines.annotate(total=Sum("spent")).values("total")),
        known=Subquery(lines.annotate(known=Count("spent")).values("known")),
    )
    money = {}
    for row in rows:
        was, now, known = money.get(row.report_id, (row.total, row.total, row.known))
        money[row.report_id] = (was - row.spent + (row.before or 0), now, known - (row.before is None))
    # A sum that nobody had named is not a zero.
    return {report: (was if known else None, now) for report, (was, now, known) in money.items()}
