"""What the region and the towns are late with, counted the same way for both: how many, how many days, the longest.

Words of residents stand a floor higher: `sessions.lateness` gives the whole, with proposals; call that one.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import models
from django.db.models import Count, F, Q, Value
from django.db.models.functions import Coalesce, TruncDate
from django.utils.translation import gettext_lazy as _

from strategies import periods
from strategies.coverage.gaps import days_of_late_gaps, late_gaps, read_gaps
from strategies.coverage.models.commitment import Side
from strategies.programme.models.measure import Measure
from strategies.programme.models.measure_parts import PriorityMeasure
from strategies.reporting.models.cycle import ExpectedReport, ReportingCycle
from strategies.reporting.models.report import REVIEW_DAYS, ProgressReport

SHOWN = 20


class Kind(models.TextChoices):
    """What somebody is late with."""

    REVIEWS = "reviews", _("отчёты не проверены в срок")
    REPORTS = "reports", _("отчёты не сданы")
    MEASURES = "measures", _("меры просрочены")
    COMMITMENTS = "commitments", _("на обещание другой стороны нет ответа")
    GAPS = "gaps", _("пробелы без решения")
    PROPOSALS = "proposals", _("предложения без ответа")


@dataclass(frozen=True)
class Late:
    """One late thing: what and where it stands, by when it was due, how many days it is late; `town` may be None."""

    title: str
    url: str
    due_on: datetime.date
    days: int
    town: object = None
    is_sample: bool = False


@dataclass(frozen=True)
class Part:
    """One kind of lateness of a side.

    Attributes:
        kind: `Kind`.
        late: ((town id, days late, how many things), …); None stands for the region itself.
        read: gives the things from one place to another, the longest first; None where only numbers are kept.
    """

    kind: Kind
    late: tuple = ()
    read: Callable | None = field(default=None, repr=False, compare=False)

    @property
    def total(self):
        """How many things are late."""
        return sum(number for _town, _days, number in self.late)

    @property
    def days(self):
        """Their days of lateness together."""
        return sum(days * number for _town, days, number in self.late)

    @property
    def longest(self):
        """Days of the one that is late the longest; 0 where nothing is."""
        return max((days for _town, days, _number in self.late), default=0)

    def rows(self, limit=SHOWN, start=0):
        """The late things, the longest first; one query, none where nothing is late."""
        return self.read(start, start + limit) if self.total else []

    def numbers(self, *, of_towns=None):
        """The same without its rows, so that it can be kept; only of the towns or of the region itself, if asked."""
        late = (one for one in self.late if of_towns is None or (one[0] is not None) == of_towns)
        return Part(self.kind, tuple(late))


@dataclass(frozen=True)
class Lateness:
    """Everything a side is late with, in the order of `Kind`."""

    side: Side
    parts: tuple

    @classmethod
    def of(cls, side, *parts):
        """The lateness of a side, its parts in order."""
        return cls(side, tuple(sorted(parts, key=lambda part: list(Kind).index(part.kind))))

    @property
    def total(self):
        """How many things are late."""
        return sum(part.total for part in self.parts)

    @property
    def days(self):
        """Days of lateness together."""
        return sum(part.days for part in self.parts)

    @property
    def longest(self):
        """Days of the longest lateness; 0 where nothing is late."""
        return max((part.longest for part in self.parts), default=0)

    def part(self, kind):
        """One kind of lateness; an empty one where this side is never late with it."""
        return next((part for part in self.parts if part.kind == kind), Part(kind))

    def with_parts(self, *parts):
        """The same with more kinds."""
        return Lateness.of(self.side, *self.parts, *parts)


def part_of(kind, records, due, facts, on, *, town="municipality", allowed=datetime.timedelta(0)):
    """A `Part` from a queryset of what is late already; one query now, one more when its rows are asked for.

    Args:
        kind: `Kind`.
        records: the late records.
        due: name of the field or annotation with the day by which it was due.
        facts: gives (title, address, town or None) of a record.
        on: the day of the question.
        town: the way to the town that the records belong to.
        allowed: how long after that day it was still in time.
    """
    counted = records.order_by().values_list(town, due).annotate(n=Count("pk", distinct=True))
    late = tuple((place, (on - day - allowed).days, number) for place, day, number in counted)

    def read(start, end):
        return [
            _late(record, getattr(record, due) + allowed, facts, on)
            for record in records.order_by(due, "pk")[start:end]
        ]  # fmt: skip

    return Part(kind, late, read)


def _late(record, due_on, facts, on):
    title, url, town = facts(record)
    return Late(title, url, due_on, (on - due_on).days, town, getattr(record, "is_sample", False))


# ——— Reports that wait for the region ———


def late_reviews(region, on, town=None):
    """Reports that wait longer than the region may take; whose term it is says `ProgressReport.review_due`."""
    waiting = ProgressReport.objects.waiting()
    waiting = waiting.of_town(town) if town else waiting.in_regions([region.pk])
    waiting = waiting.annotate(
        handed_on=TruncDate(Coalesce("submitted_at", "created_at")),
        days_allowed=Coalesce("measure__direction__programme__review_days", Value(REVIEW_DAYS)),
    )
    counted = waiting.order_by().values_list("handed_on", "days_allowed").annotate(n=Count("pk", distinct=True))
    late, last = [], {}  # the region owes these itself, of whatever town they are
    for handed_on, allowed, number in counted:
        days = (on - periods.after_working_days(handed_on, allowed)).days
        if days > 0:
            late.append((None, days, number))
            last[allowed] = max(handed_on, last.get(allowed, handed_on))
    is_late = Q(pk__in=[])
    for allowed, handed_on in last.items():
        is_late |= Q(days_allowed=allowed, handed_on__lte=handed_on)

    def read(start, end):
        return [
            Late(
                f"{report.subject.title}: {report.period_label}", report.subject.get_absolute_url(), report.review_due,
                (on - report.review_due).days, _town_of(report.subject), report.is_sample,
            )
            for report in waiting.filter(is_late).with_subject()[start:end]
        ]  # fmt: skip

    return Part(Kind.REVIEWS, tuple(late), read)


def _town_of(subject):
    return subject.municipality if hasattr(subject, "municipality_id") else subject.strategy.municipality


# ——— Gaps of the programme ———


def _gaps(region, on, town=None):
    """Gaps that nobody undertook to close in time, or that were not closed by the promised day."""
    towns = [town.pk] if town else None

    def read(start, end):
        return [
            Late(
                f"{gap.subject.title}: {gap.label}", gap.subject.get_absolute_url(), gap.late_on, gap.days_late,
                gap.town, gap.subject.is_sample,
            )
            for gap in read_gaps(late_gaps(region, on, towns=towns)[start:end], region, on)
        ]  # fmt: skip

    late = tuple((None, days, number) for days, number in days_of_late_gaps(region, on, towns=towns))
    return Part(Kind.GAPS, late, read)


# ——— What both may be late with ———


def _reports(where, on):
    rows = ExpectedReport.objects.filter(where, cycle__status=ReportingCycle.Status.OPEN, cycle__due_on__lt=on)
    rows = rows.unanswered().annotate(due_on=F("cycle__due_on")).with_subject()
    return part_of(Kind.REPORTS, rows, "due_on", _report_facts, on)


def _report_facts(row):
    return f"{row.subject.title}: {row.cycle.period_label}", row.subject.get_absolute_url(), row.municipality


def _measures(where, on):
    measures = Measure.objects.public().filter(where).overdue(on).select_related("municipality")
    return part_of(
        Kind.MEASURES, measures, "date_now", lambda one: (one.title, one.get_absolute_url(), one.municipality), on
    )


def _commitments(side, where, region, on):
    """Links that wait for a side longer than the region gives for an answer."""
    allowed = datetime.timedelta(days=region.answer_days)
    links = PriorityMeasure.objects.filter(where).awaiting(side).annotate(said_on=TruncDate("said_at"))
    links = links.filter(said_on__lt=on - allowed).select_related("measure", "priority__strategy__municipality")
    return part_of(
        Kind.COMMITMENTS, links, "said_on", _link_facts, on, town="priority__strategy__municipality", allowed=allowed
    )


def _link_facts(link):
    url = f"{link.measure.get_absolute_url()}#priority-{link.priority_id}"
    return link.measure.title, url, link.priority.strategy.municipality


# ——— The two sides ———


def region_lateness(region, on, town=None):
    """What the region is late with on a day, without the words of residents (`sessions.lateness` adds them).

    Args:
        region: whose lateness.
        on: the day of the question.
        town: only what the region owes to this town, region-wide measures that name it among them.
    """
    own_measures = Q(municipality__isnull=True, direction__programme__region=region)
    own_reports = Q(municipality__isnull=True, cycle__programme__region=region)
    links = Q(priority__strategy__municipality__region=region)
    if town:
        named = Measure.towns.through.objects.filter(municipality=town).values("measure")
        own_measures &= Q(pk__in=named)
        own_reports &= Q(measure__in=named)
        links = Q(priority__strategy__municipality=town)
    return Lateness.of(
        Side.REGION,
        late_reviews(region, on, town),
        _reports(own_reports, on),
        _measures(own_measures, on),
        _commitments(Side.REGION, links, region, on),
        _gaps(region, on, town),
    )


def town_lateness(town, on):
    """What a town is late with on a day, without the words of residents (`sessions.lateness` adds them)."""
    return _of_towns(Q(municipality=town), Q(priority__strategy__municipality=town), town.region, on)


def towns_lateness(region, on):
    """What all towns of a region together are late with on a day, without the words of residents."""
    return _of_towns(Q(municipality__region=region), Q(priority__strategy__municipality__region=region), region, on)


def _of_towns(here, links, region, on):
    return Lateness.of(Side.TOWN, _reports(here, on), _measures(here, on), _commitments(Side.TOWN, links, region, on))


def both_sides(region, on, *more):
    """(`Lateness` of the region, that of all its towns together) in numbers: the same parts, asked once for both.

    Args:
        region: whose lateness.
        on: the day of the question.
        more: parts of a floor above, of the region and its towns.
    """
    links = Q(priority__strategy__municipality__region=region)
    shared = [
        _reports(Q(cycle__programme__region=region), on), _measures(Q(direction__programme__region=region), on), *more
    ]  # fmt: skip
    of_region = [late_reviews(region, on), _gaps(region, on), _commitments(Side.REGION, links, region, on)]
    of_towns = [_commitments(Side.TOWN, links, region, on)]
    return (
        Lateness.of(
            Side.REGION, *(part.numbers() for part in of_region), *(part.numbers(of_towns=False) for part in shared)
        ),
        Lateness.of(
            Side.TOWN, *(part.numbers() for part in of_towns), *(part.numbers(of_towns=True) for part in shared)
        ),
    )
