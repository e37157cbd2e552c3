"""How measures stood on a day, from what is published: state, readiness, date, money, indicators, the last report.

Of today it is what the public pages say. Of an earlier day it is what published reports on periods that ended by that
day say, with their corrections; a date moved later stands where it stood, sums as the act of that day promised them.
"""

import datetime
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice

from django.contrib.contenttypes.models import ContentType
from django.db.models import OuterRef, Prefetch, Subquery
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone

from accounts.models import JournalEntry
from municipalities.models import Municipality
from strategies.models import (
    DueChange,
    Funding,
    IndicatorValue,
    Measure,
    ProgrammeDirection,
    ProgrammeVersion,
    ProgressReport,
    TargetChange,
)
from strategies.programme.models.measure_queryset import DerivedState
from strategies.programme.models.version_content import measures_of
from strategies.reporting.models.report_parts import ReportedActual, ReportedSpending

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


@dataclass(frozen=True)
class Figure:
    """One indicator of one year: its name with the year, unit, plan, fact and why they differ."""

    name: str
    unit: str
    plan: object
    fact: object
    reason: str


@dataclass
class Standing:
    """A measure as it stood: `report` is the last one that counts, `late_days` how long its date has passed.

    `is_unheard`: its time has passed without a word, and nobody is late with it (`Measure.state_of`).

    `is_new`: the act in force on that day did not name the measure and promised it nothing.
    """

    measure: Measure
    status: str
    percent: int | None
    due: datetime.date | None
    report: ProgressReport | None = None
    late_days: int = 0
    is_unheard: bool = False
    money: list = field(default_factory=list)
    is_new: bool = False
    figures: list = field(default_factory=list)  # once `with_figures` has read them

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
        word = str(DerivedState.UNHEARD.label if self.is_unheard else Status(self.status).label)
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
    changes = DueChange.objects.filter(measure__in=numbers)
    moved = {} if term.is_now else _before(changes, term.end, "measure", "old_due")
    cancelled = {} if term.is_now else _cancelled_after(found, term.end)
    for number in numbers:
        measure = found[number]
        sums, is_new = _sums(measure, money.get(number, []), promised)
        report = reports.get(measure.last_report)
        standing = Standing(
            measure=measure,
            status=_status(measure, report, term, cancelled),
            due=moved.get(number, measure.due_now),
            percent=measure.percent if term.is_now else (report.percent if report else None),
            report=report,
            money=sums,
            is_new=is_new,
        )
        state = measure.state_of(standing.status, standing.due, term.end)
        standing.is_unheard = state == DerivedState.UNHEARD
        if state == DerivedState.OVERDUE:
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
    directions = (
        ProgrammeDirection.objects.select_related("programme__region")
        .defer("programme__region__outline")
        .in_bulk({one.direction_id for one in rows.values()})
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
    said = None if term.is_now else _said_by(ReportedSpending.objects, numbers, term.end, ["funding"], ["spent"])
    found = {}
    for number, measure, year, source, planned, spent in rows:
        if said is not None:
            # A sum that no report has given came with its source: it is known for the years that were over.
            (spent,) = said.get((number,), (spent if year <= term.year else None,))
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


def _said_by(rows, measures, end, what, said):
    """{what: what reports on periods that were over by a day say of it, nothing where they said it only later}.

    Args:
        rows: a queryset of parts of reports.
        measures: numbers of the measures reported on.
        what, said: names of fields; both stand in the answer as tuples.
    """
    counting = ProgressReport.objects.counting().filter(measure__in=measures)
    rows = rows.filter(report__in=counting.values("pk")).order_by(
        "report__period_end", "report__published_at", "report"
    )
    found = {}
    for *told, period_end in rows.values_list(*what, *said, "report__period_end"):
        key = tuple(told[: len(what)])
        found.setdefault(key, (None,) * len(said))
        if period_end <= end:
            found[key] = tuple(told[len(what) :])
    return found


def _before(changes, end, what, old):
    """{what: how it stood on a day} of those that were changed later."""
    rows = changes.filter(decided_on__gt=end).order_by("-decided_on", "-pk")
    return dict(rows.values_list(what, old))


# ——— Promised by the act of that day ———


class Promised:
    """Sums that programmes promised by the end of a term: {(year, source): thousand roubles} of each measure.

    Args:
        term: a `Term`; of today nothing is read, records say it themselves.
    """

    def __init__(self, term):
        self._term, self._kept = term, {}
        self._by_act = self._by_today = 0

    def read(self, programmes):
        """Read the acts of programmes that were not read yet; one query where there are any."""
        fresh = set() if self._term.is_now else set(programmes) - self._kept.keys()
        if not fresh:
            return
        in_force = (
            ProgrammeVersion.objects.annotate(day=Coalesce("act_date", TruncDate("created_at")))
            .filter(programme=OuterRef("programme"), day__lte=self._term.end)
            .order_by("-number")
        )
        rows = ProgrammeVersion.objects.filter(programme__in=fresh, pk=Subquery(in_force.values("pk")[:1]))
        self._kept |= dict.fromkeys(fresh)
        for programme, content in rows.values_list("programme", "content"):
            self._kept[programme] = {measure["id"]: measure.get("money", {}) for measure in measures_of(content)}

    def sums(self, measure, today):
        """({(year, source): promised}, whether the act of that day does not name the measure).

        Args:
            measure: with its direction.
            today: what its records promise now.
        """
        kept = self._kept.get(measure.direction.programme_id)
        if kept is None:
            self._by_today += bool(today)
            return today, False
        self._by_act += bool(today)
        if measure.pk not in kept:
            return {}, bool(today)
        return {_key(name): Decimal(planned) for name, planned in kept[measure.pk].items()}, False

    @property
    def note(self):
        """Whose sums a paper tells, once its measures are read; empty for today."""
        day = f"{self._term.end:%d.%m.%Y}"
        if self._term.is_now or not (self._by_act or self._by_today):
            return ""
        if not self._by_act:
            return f"Обещанные суммы — сегодняшние: какими они были на {day}, не сохранено."
        acted = f"Обещанные суммы — по акту программы, который действовал на {day}"
        return (
            f"{acted}; мероприятия без такого акта ({self._by_today}) — с сегодняшними."
            if self._by_today
            else f"{acted}."
        )


def _key(name):
    year, _colon, source = name.partition(":")
    return int(year), source


# ——— Indicators ———


def with_figures(found, term):
    """Give standings on, each with its `figures`: of the year of the term, of every year for the whole term."""
    found = iter(found)
    while batch := list(islice(found, BATCH)):
        figures = _figures([standing.measure.pk for standing in batch], term)
        for standing in batch:
            standing.figures = figures.get(standing.measure.pk, [])
            yield standing


def _figures(measures, term):
    """{measure: [Figure]}."""
    values = IndicatorValue.objects.filter(indicator__measure__in=measures).select_related("indicator")
    if term.year:
        values = values.filter(year=term.year)
    values = list(values.order_by("indicator__order", "indicator", "year", "pk"))
    said = targets = {}
    if not term.is_now:
        of_fact = ["actual", "is_preliminary", "deviation_reason"]
        said = _said_by(ReportedActual.objects, measures, term.end, ["indicator", "year"], of_fact)
        changes = TargetChange.objects.filter(value__indicator__measure__in=measures)
        targets = _before(changes, term.end, "value", "old_target")
    found = {}
    for value in values:
        plan = targets.get(value.pk, value.target)
        fact, is_preliminary, reason = value.actual, value.is_preliminary, value.deviation_reason
        if not term.is_now and (value.indicator_id, value.year) in said:
            fact, is_preliminary, reason = said[value.indicator_id, value.year]
        name = f"{value.indicator.name}, {value.year}" if value.year else value.indicator.name
        found.setdefault(value.indicator.measure_id, []).append(
            Figure(
                name=f"{name} (предварительно)" if is_preliminary and fact is not None else name,
                unit=value.indicator.unit, plan=_without_noughts(plan), fact=_without_noughts(fact),
                reason=reason or "",
            )
        )  # fmt: skip
    return found


def _without_noughts(figure):
    """A figure without the noughts that the database adds: 12 rather than 12.0000."""
    if figure is None:
        return None
    plain = figure.normalize()
    return plain.quantize(1) if plain.as_tuple().exponent > 0 else plain
