"""The public ledger «Обещано сначала / обещано сейчас»: moved dates, lowered targets and cancelled measures."""

import datetime
from dataclasses import dataclass

from django.db import models
from django.db.models import F, OuterRef, Prefetch, Q, Subquery, Value
from django.db.models.functions import Coalesce, TruncDate
from django.utils.translation import gettext_lazy as _

from accounts.models import JournalEntry
from strategies.programme.models.indicator import Indicator, TargetChange
from strategies.programme.models.measure import Measure
from strategies.programme.models.measure_parts import DueChange
from strategies.reporting.models.evidence import Evidence


class Kind(models.TextChoices):
    """What became of a promise."""

    DUE = "due", _("срок перенесён")
    TARGET = "target", _("план снижен")
    CANCELLED = "cancelled", _("мера отменена")


@dataclass(frozen=True)
class Entry:
    """One line: what was promised first, what this decision made of it, what is promised now, and on what ground.

    `first`, `before`, `after`, `now`: dates of a moved measure or figures of a target, None where unknown or withdrawn.
    `subject`: the measure, priority or town; `indicator`, `year`: of a target.
    """

    kind: Kind
    decided_on: datetime.date
    subject: object
    first: object = None
    before: object = None
    after: object = None
    now: object = None
    reason: str = ""
    who: str = ""
    document: object = None
    paper: str = ""
    report: object = None
    papers: tuple = ()
    indicator: Indicator | None = None
    year: int | None = None
    is_sample: bool = False


def ledger_rows(region, *, town=None):
    """(kind, record, decided_on) of everything that was promised otherwise before, the newest first; one queryset.

    Args:
        region: whose promises.
        town: only of this town, with region-wide measures that name it.
    """
    measures = Measure.objects.public().filter(direction__programme__region=region)
    if town is not None:
        measures = measures.of_town(town)
    moved = DueChange.objects.filter(measure__in=measures.values("pk")).annotate(day=F("decided_on"))
    cancelled = measures.filter(status=Measure.Status.CANCELLED).annotate(
        day=Coalesce(
            TruncDate(Subquery(_cancellations().filter(object_id=OuterRef("pk")).values("at")[:1])),
            F("cancel_act__date"),
            TruncDate("created_at"),
            output_field=models.DateField(),
        )
    )
    parts = ((Kind.DUE, moved), (Kind.TARGET, _lowered(region, town, measures)), (Kind.CANCELLED, cancelled))
    rows = [
        part.annotate(kind=Value(str(kind)), record=F("pk")).order_by().values_list("kind", "record", "day")
        for kind, part in parts
    ]
    return rows[0].union(*rows[1:], all=True).order_by("-day", "kind", "-record")


def _lowered(region, town, measures):
    """Changes of public targets that promise less than before (`TargetChange.is_lowered`, asked of the database)."""
    less = Q(new_target__isnull=True)
    less |= Q(value__indicator__direction=Indicator.Direction.HIGHER, new_target__lt=F("old_target"))
    less |= Q(value__indicator__direction=Indicator.Direction.LOWER, new_target__gt=F("old_target"))
    place = {"region": region} if town is None else {"pk": town.pk}
    here = Q(value__indicator__measure__in=measures.values("pk"))
    for lookup in ("municipality", "priority__strategy__municipality"):
        here |= Q(**{f"value__indicator__{lookup}__{name}": value for name, value in place.items()})
    return TargetChange.objects.public().filter(less, here).annotate(day=F("decided_on"))


def _cancellations():
    """Public steps by which measures were cancelled, the latest first."""
    return (
        JournalEntry.objects.public()
        .filter(content_type__app_label="strategies", content_type__model="measure", to_status=Measure.Status.CANCELLED)
        .order_by("-at", "-pk")
    )


def ledger_entries(rows):
    """`Entry`s of a page of `ledger_rows`, in their order; six queries at most."""
    rows = list(rows)
    numbers = {kind: [record for named, record, _day in rows if named == kind] for kind in Kind}
    found = {
        Kind.DUE: _moves(numbers[Kind.DUE]),
        Kind.TARGET: _targets(numbers[Kind.TARGET]),
        Kind.CANCELLED: _cancelled(rows, numbers[Kind.CANCELLED]),
    }
    return [found[kind][record] for kind, record, _day in rows]


def _moves(numbers):
    first = DueChange.objects.filter(measure=OuterRef("measure")).order_by("decided_on", "pk").values("old_due")[:1]
    papers = Prefetch("report__evidence", Evidence.objects.filter(stage=Evidence.Stage.PAPER).order_by("pk"))
    changes = (
        DueChange.objects.filter(pk__in=numbers)
        .annotate(first_due=Subquery(first))
        .select_related("measure__municipality", "measure__direction", "document", "report__measure", "created_by")
        .prefetch_related(papers)
    )
    return {
        change.pk: Entry(
            Kind.DUE, change.decided_on, change.measure, first=change.first_due, before=change.old_due,
            after=change.new_due, now=change.measure.due_now, reason=change.reason, who=_name(change.created_by),
            document=change.document, paper=change.paper, report=change.report,
            papers=tuple(change.report.evidence.all()) if change.report else (), is_sample=change.is_sample,
        )
        for change in changes
    }  # fmt: skip


def _targets(numbers):
    first = TargetChange.objects.filter(value=OuterRef("value")).order_by("decided_on", "pk").values("old_target")[:1]
    changes = (
        TargetChange.objects.filter(pk__in=numbers)
        .annotate(first_target=Subquery(first))
        .select_related(
            "value__indicator__measure__municipality", "value__indicator__priority__strategy__municipality",
            "value__indicator__municipality", "document", "created_by",
        )
    )  # fmt: skip
    entries = {}
    for change in changes:
        indicator = change.value.indicator
        entries[change.pk] = Entry(
            Kind.TARGET, change.decided_on, indicator.measure or indicator.priority or indicator.municipality,
            first=change.first_target, before=change.old_target, after=change.new_target, now=change.value.target,
            reason=change.reason, who=_name(change.created_by), document=change.document, paper=change.paper,
            indicator=indicator, year=change.value.year, is_sample=change.is_sample,
        )  # fmt: skip
    return entries


def _cancelled(rows, numbers):
    days = {record: day for kind, record, day in rows if kind == Kind.CANCELLED}
    measures = Measure.objects.filter(pk__in=numbers).select_related("municipality", "cancel_act", "direction")
    steps = {}
    if numbers:
        for step in _cancellations().filter(object_id__in=numbers).select_related("actor"):
            steps.setdefault(step.object_id, step)
    entries = {}
    for measure in measures:
        step = steps.get(measure.pk)
        entries[measure.pk] = Entry(
            Kind.CANCELLED, days[measure.pk], measure, first=measure.due, before=measure.due_now,
            reason=step.reason if step else "", who=_name(step.actor) if step else "", document=measure.cancel_act,
            is_sample=measure.is_sample,
        )  # fmt: skip
    return entries


def _name(user):
    return user.public_name if user else ""
