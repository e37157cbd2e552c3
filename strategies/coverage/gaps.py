"""Gaps of a region's programme: drawn from records, never typed. What the region says of them is a `GapAnswer`.

A gap is late when nobody said for `Region.gap_days` who closes it, or when the promised day has passed: then the region
itself is late. Both are counted from the day when it joined at the earliest; before, a gap is a fact and nobody's duty.
"""

import datetime
from collections import Counter
from dataclasses import dataclass

from django.db import models
from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Count,
    DateField,
    Exists,
    ExpressionWrapper,
    F,
    FilteredRelation,
    IntegerField,
    Max,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Greatest, TruncDate
from django.utils.translation import gettext_lazy as _

from accounts.models import JournalEntry, RoleAssignment
from municipalities.models import Municipality
from strategies.coverage.models.commitment import Commitment
from strategies.coverage.models.gap import GapAnswer
from strategies.priorities.models import Priority, Strategy
from strategies.programme.models.funding import Funding
from strategies.programme.models.measure import Measure
from strategies.programme.models.measure_parts import PriorityMeasure

Kind = GapAnswer.Kind
ROW = ("gap_kind", "record", "since", "late_on", "gap_order")


class Closing(models.TextChoices):
    """How far it is with the answer to a gap."""

    LATE = "late", _("опаздывают")
    NOBODY = "nobody", _("не решено, кто закроет")
    PREPARING = "preparing", _("готовят")
    STAYS = "stays", _("остаётся пустым")


@dataclass(frozen=True)
class Gap:
    """One gap on a day.

    Attributes:
        kind: `GapAnswer.Kind`.
        subject: the priority or the measure.
        town: its town; None for a region-wide measure.
        since: since when it is empty.
        late_on: the promised day; without an answer the last day to give one; None where it stays empty.
        answer: the `GapAnswer`, or None while nobody said who closes it.
        on: the day of the question.
    """

    kind: str
    subject: object
    town: Municipality | None
    since: datetime.date
    late_on: datetime.date | None
    answer: GapAnswer | None
    on: datetime.date

    @property
    def label(self):
        """What is missing, in words."""
        return Kind(self.kind).label

    @property
    def days(self):
        """For how many days it is empty."""
        return max((self.on - self.since).days, 0)

    @property
    def days_late(self):
        """By how many days the region is late; 0 while there is time."""
        return max((self.on - self.late_on).days, 0) if self.late_on else 0

    @property
    def closing(self):
        """`Closing` of the gap, lateness aside."""
        return Closing(self.answer.decision) if self.answer else Closing.NOBODY


# ——— What the programme is about ———


def towns_of(region):
    """Towns that the region's programme is for."""
    return Municipality.objects.towns().in_programme().filter(region=region, is_reference=False)


def live_priorities(region):
    """What towns of the programme have chosen: public priorities of strategies in force or under discussion."""
    return Priority.objects.public().filter(
        strategy__status__in=Strategy.LIVE,
        strategy__municipality__region=region,
        strategy__municipality__in_programme=True,
        strategy__municipality__is_reference=False,
    )


def promised_measures(region):
    """Public measures of a region that are not cancelled; steps to prepare the programme itself promise nothing."""
    measures = Measure.objects.counted()
    return measures.with_preparation().filter(is_preparation=False, direction__programme__region=region)


def links_to_living(**which):
    """Links to public priorities of strategies that live, of any town; for `Exists`."""
    return PriorityMeasure.objects.filter(
        priority__status__in=Priority.PUBLIC, priority__strategy__status__in=Strategy.LIVE, **which
    )


# ——— The gaps ———


def gaps_of(region, on, *, kinds=(), towns=None, sphere=None, closing=""):
    """Rows of the gaps of a region, the latest first: one queryset of all kinds, for `read_gaps`.

    A row is (kind, record, since, late_on, order): since when it is empty, the day after which the region is late; None
    for what stays empty and where the region has not joined.

    Args:
        region: whose programme.
        on: the day of the question.
        kinds: only these; all by default.
        towns: only of these, with region-wide measures that name them; a queryset or a list.
        sphere: only about priorities of this sphere ("" is «not said») and measures that answer them.
        closing: only one of `Closing`; empty: any.
    """
    parts = [
        part.annotate(record=F("pk")).order_by().values_list(*ROW)
        for part in _parts(region, on, kinds=kinds, towns=towns, sphere=sphere, closing=closing).values()
    ]
    rows = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
    return rows.order_by(F("late_on").asc(nulls_last=True), "gap_order", "record")


def read_gaps(rows, region, on, known=()):
    """`Gap`s of a page of `gaps_of`, in its order; three queries at most.

    Args:
        rows: of `gaps_of`.
        region, on: as `gaps_of` takes them.
        known: priorities that are loaded already, with their town.
    """
    rows, priorities = list(rows), {priority.pk: priority for priority in known}
    of_priority = [record for kind, record, *_days in rows if kind in GapAnswer.OF_PRIORITY]
    of_measure = [record for kind, record, *_days in rows if kind not in GapAnswer.OF_PRIORITY]
    unknown = [record for record in of_priority if record not in priorities]
    priorities |= Priority.objects.select_related("strategy__municipality").in_bulk(unknown)
    measures = Measure.objects.select_related("municipality", "direction__programme").in_bulk(of_measure)
    answers = {
        (answer.kind, answer.priority_id or answer.measure_id): answer
        for answer in GapAnswer.objects.filter(
            Q(priority__in=of_priority) | Q(measure__in=of_measure)
        ).select_related("owner")
    } if rows else {}  # fmt: skip
    gaps = []
    for kind, record, since, late_on, _order in rows:
        subject = priorities[record] if kind in GapAnswer.OF_PRIORITY else measures[record]
        town = subject.strategy.municipality if kind in GapAnswer.OF_PRIORITY else subject.municipality
        gaps.append(Gap(kind, subject, town, since, late_on, answers.get((kind, record)), on))
    return gaps


def gap_total(region, on, **which):
    """How many gaps there are, without asking each since when; one query.

    Args:
        which: as `gaps_of` takes it.
    """
    parts = [part.order_by().values_list("pk") for part in _parts(region, on, **which).values()]
    return parts[0].union(*parts[1:], all=True).count()


def gap_summary(region, on, *, towns=None):
    """Counter of gaps: `total`, `nobody` (without an answer) and `late`; one query."""
    flags = {
        "is_nobody": Case(When(answered__pk=None, then=True), default=False, output_field=BooleanField()),
        "is_late": Case(When(late_on__lt=on, then=True), default=False, output_field=BooleanField()),
    }
    parts = [
        part.annotate(**flags).order_by().values_list(*flags).annotate(number=Count("pk"))
        for part in _parts(region, on, towns=towns).values()
    ]
    found = Counter()
    for is_nobody, is_late, number in parts[0].union(*parts[1:], all=True):
        found.update(total=number, nobody=number * is_nobody, late=number * is_late)
    return found


def late_gaps(region, on, *, towns=None):
    """Rows of `gaps_of` with which the region itself is late: unanswered too long, or past the promised day."""
    return gaps_of(region, on, towns=towns, closing=Closing.LATE)


def days_of_late_gaps(region, on, *, towns=None):
    """[(days late, how many gaps)] of a region, or of some towns of it; one query.

    Days are grouped before those that have passed are chosen: the database dates each gap once, not in two places.
    """
    parts = [
        part.order_by().values_list("late_on").annotate(number=Count("pk")).values_list("late_on", "number")
        for part in _parts(region, on, towns=towns).values()
    ]
    days = parts[0].union(*parts[1:], all=True)
    return [((on - late_on).days, number) for late_on, number in days if late_on is not None and late_on < on]


def gap_about(kind, record, on):
    """The gap of one kind of a priority or a measure, or None where it is closed or nobody sees it; up to four queries.

    Args:
        kind: `GapAnswer.Kind`.
        record: a priority or a measure, as the kind asks.
        on: the day of the question.
    """
    town = record.strategy.municipality if kind in GapAnswer.OF_PRIORITY else None
    region = town.region if town else record.direction.programme.region
    part = _parts(region, on, kinds=[kind])[kind].filter(pk=record.pk).order_by()
    gaps = read_gaps(part.annotate(record=F("pk")).values_list(*ROW), region, on)
    return gaps[0] if gaps else None


def _parts(region, on, *, kinds=(), towns=None, sphere=None, closing=""):
    """{kind: its records with `gap_kind`, `since`, `late_on` and `answered`}."""
    priorities, measures = live_priorities(region), promised_measures(region).open()
    if towns is not None:
        named = Measure.towns.through.objects.filter(municipality__in=towns).values("measure")
        priorities = priorities.filter(strategy__municipality__in=towns)
        measures = measures.filter(Q(municipality__in=towns) | Q(pk__in=named))
    if sphere is not None:
        priorities = priorities.filter(sphere=sphere)
        measures = measures.filter(Exists(links_to_living(measure=OuterRef("pk"), priority__sphere=sphere)))
    found = {
        kind: _GAPS[kind](priorities if kind in GapAnswer.OF_PRIORITY else measures, on) for kind in kinds or _GAPS
    }
    return {kind: _of_closing(_with_answer(rows, kind, region), on, closing) for kind, rows in found.items()}


def _with_answer(rows, kind, region):
    return rows.annotate(
        gap_kind=Value(str(kind), output_field=CharField()),
        gap_order=Value(Kind.values.index(kind), output_field=IntegerField()),
        answered=FilteredRelation("gap_answers", condition=Q(gap_answers__kind=kind)),
        late_on=Case(
            When(answered__pk=None, then=_waits_until(region)),
            When(answered__decision=GapAnswer.Decision.PREPARING, then=F("answered__due")),
            default=None,
            output_field=DateField(),
        ),
    )


def _waits_until(region):
    """The last day to say who closes a gap; never, while the region has not joined."""
    if region.joined_on is None:
        return Value(None, output_field=DateField())
    counted_from = Greatest(F("since"), Value(region.joined_on, output_field=DateField()), output_field=DateField())
    waits_until = ExpressionWrapper(counted_from + datetime.timedelta(days=region.gap_days), output_field=DateField())
    # SQLite adds days to a moment: the cast takes the hours off.
    return Cast(waits_until, DateField())


def _of_closing(rows, on, closing):
    if closing == Closing.LATE:
        return rows.filter(late_on__lt=on)
    if closing == Closing.NOBODY:
        return rows.filter(answered__pk=None)
    return rows.filter(answered__decision=closing) if closing else rows


def _known_day():
    """The day when a record was published here, or brought in."""
    return TruncDate(Coalesce("published_at", "created_at"))


def _not_before(day, *later):
    """The day, or a later one of those that are known."""
    return Greatest(day, *(Coalesce(one, day) for one in later), output_field=DateField())


def _steps(model, status):
    """Moments of steps to a status, by the journal."""
    return JournalEntry.objects.filter(
        content_type__app_label="strategies", content_type__model=model, to_status=status
    ).order_by()


def _chosen_day(on):
    """The day of the act of a priority's strategy, or of the publication here."""
    return Case(
        When(strategy__act_date__lte=on, then=F("strategy__act_date")), default=_known_day(), output_field=DateField()
    )


def _no_measure(priorities, on):
    """Since the act of the strategy, or the publication here; since a measure was cancelled, if it was."""
    answered = PriorityMeasure.objects.counting().filter(priority=OuterRef("pk"))
    cancelled = PriorityMeasure.objects.filter(
        priority=OuterRef(OuterRef("pk")), measure__status=Measure.Status.CANCELLED
    )
    last = (
        _steps("measure", Measure.Status.CANCELLED)
        .filter(object_id__in=cancelled.order_by().values("measure"))
        .values("to_status")
        .annotate(last=Max("at"))
        .values("last")
    )
    return priorities.filter(~Exists(answered)).annotate(since=_not_before(_chosen_day(on), TruncDate(Subquery(last))))


def _not_agreed(priorities, on):
    """As long as without a measure: one that nobody confirmed closes nothing; since a side took its word back."""
    links = PriorityMeasure.objects.counting().filter(priority=OuterRef("pk")).order_by()
    withdrawn = Commitment.objects.filter(
        link__priority=OuterRef(OuterRef("pk")), status=Commitment.Status.WITHDRAWN
    ).order_by()
    last = (
        _steps("commitment", Commitment.Status.WITHDRAWN)
        .filter(object_id__in=withdrawn.values("pk"))
        .values("to_status")
        .annotate(last=Max("at"))
        .values("last")
    )
    rows = priorities.filter(Exists(links), ~Exists(links.agreed()))
    return rows.annotate(since=_not_before(_chosen_day(on), TruncDate(Subquery(last))))


def _no_town(measures, on):
    return measures.filter(~Exists(links_to_living(measure=OuterRef("pk")))).annotate(since=_known_day())


def _no_money(measures, on):
    known = Funding.objects.filter(measure=OuterRef("pk"), planned__isnull=False)
    return measures.filter(~Exists(known), stated_total__isnull=True).annotate(since=_known_day())


def _no_date(measures, on):
    return measures.filter(due__isnull=True, postponed_to__isnull=True).annotate(since=_known_day())


def _no_owner(measures, on):
    """Since the publication, or since the day after the last role of who answered."""
    roles = RoleAssignment.objects.filter(user=OuterRef("owner"), valid_to__lt=on).order_by()
    last = roles.values("user").annotate(last=Max("valid_to")).values("last")
    return measures.ownerless(on).annotate(since=_not_before(_known_day(), Subquery(last)))


_GAPS = {
    Kind.NO_MEASURE: _no_measure,
    Kind.NOT_AGREED: _not_agreed,
    Kind.NO_TOWN: _no_town,
    Kind.NO_MONEY: _no_money,
    Kind.NO_DATE: _no_date,
    Kind.NO_OWNER: _no_owner,
}
