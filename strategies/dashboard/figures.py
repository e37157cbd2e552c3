"""The state of a region in figures: one count for the office, for everybody and for official papers.

All rows are counted by the database, in groups by town (`counts`); what is late is what `lateness` names.
Nothing here compares towns with each other: they stand in the order of what there is to do.
"""

import datetime
from collections import Counter, defaultdict
from dataclasses import dataclass, replace

from django.conf import settings
from django.core.cache import caches
from django.utils.translation import gettext_lazy as _

from municipalities.models import Edition
from strategies.coverage.gaps import promised_measures
from strategies.programme.models.measure import Measure
from strategies.programme.models.measure_queryset import DerivedState
from strategies.programme.money import money_by_year
from strategies.reporting.models.cycle import RECEIVED, ReportingCycle

from .compared import Comparison, compared_with_last
from .counts import measures_by_town, priorities_by_town, reports_by_town, silent_total
from .lateness import Kind, Lateness, both_sides
from .states import OWING, ReportState, TownState

KEPT_SECONDS = 24 * 3600
NUMBERS = (
    _("Один"), _("Два"), _("Три"), _("Четыре"), _("Пять"), _("Шесть"), _("Семь"), _("Восемь"), _("Девять"),
)  # fmt: skip
STATUS_ORDER = (
    Measure.Status.DONE, Measure.Status.IN_PROGRESS, Measure.Status.PLANNED, Measure.Status.POSTPONED,
    Measure.Status.NOT_DONE, DerivedState.UNHEARD,
)  # fmt: skip


@dataclass(frozen=True)
class Collection:
    """The reporting period that is spoken of: its open (or last closed) cycles, by when they are due."""

    cycles: tuple
    on: datetime.date

    @property
    def label(self):
        """«III квартал 2026 года»."""
        return self.cycles[0].period_label

    @property
    def due_on(self):
        """The day by which reports were asked for."""
        return min(cycle.due_on for cycle in self.cycles)

    @property
    def url(self):
        """The page of the period: who was asked and who reported."""
        return self.cycles[0].get_absolute_url()

    @property
    def is_due(self):
        """Whether that day has passed."""
        return self.due_on < self.on

    @property
    def is_closed(self):
        """Whether reports are no longer collected."""
        return self.cycles[0].status == ReportingCycle.Status.CLOSED

    @property
    def days_late(self):
        """Days since that day; 0 while there is time."""
        return max((self.on - self.due_on).days, 0)


@dataclass(frozen=True)
class Dashboard:
    """All figures of a region on a day.

    Attributes:
        collection: the `Collection`, or None while no period was opened.
        towns: {town id: `TownState`}; under None what is about the whole region.
        statuses: {status or `DerivedState.UNHEARD`: how many} of public measures, cancelled ones apart.
        late_measures: how many of them are overdue.
        silent: measures and priorities of which nothing was heard for too long.
        region_late, towns_late: `Lateness` of each side, in numbers.
        money: [`MoneyTable`, …] of promised measures.
        comparison: what changed since the last closed period, or None.
    """

    on: datetime.date
    collection: Collection | None
    towns: dict
    statuses: dict
    late_measures: int
    silent: int
    region_late: Lateness
    towns_late: Lateness
    money: list
    comparison: Comparison | None

    @property
    def measures(self):
        """How many measures are promised: public ones that are not cancelled."""
        return sum(number for status, number in self.statuses.items() if status != Measure.Status.CANCELLED)

    @property
    def cancelled(self):
        """How many measures were cancelled."""
        return self.statuses.get(Measure.Status.CANCELLED, 0)

    @property
    def status_counts(self):
        """[(state, how many), …] of promised measures; states without one are left out."""
        return [(state, self.statuses[state]) for state in STATUS_ORDER if self.statuses.get(state)]

    @property
    def status_words(self):
        """«выполнено: 4, выполняется: 9»: the bar of statuses in words."""
        return ", ".join(f"{state.label}: {number}" for state, number in self.status_counts)

    @property
    def late_rows(self):
        """[(`Kind`, how many of the towns, how many of the region), …] of what either side is late with."""
        rows = [(kind, self.towns_late.part(kind).total, self.region_late.part(kind).total) for kind in Kind]
        return [row for row in rows if row[1] or row[2]]

    @property
    def owing_word(self):
        """How many towns have not reported, as a word that begins a sentence; as a figure from ten on."""
        return NUMBERS[self.owing_towns - 1] if 0 < self.owing_towns <= len(NUMBERS) else self.owing_towns

    @property
    def priorities(self):
        """How many priorities the towns of the programme have chosen."""
        return sum(state.priorities for state in self.towns.values())

    @property
    def bare(self):
        """How many of them no measure answers."""
        return sum(state.bare for state in self.towns.values())

    @property
    def asked_towns(self):
        """How many towns are asked for reports in this period."""
        return sum(bool(state.reports) for town, state in self.towns.items() if town)

    @property
    def owing_towns(self):
        """How many towns have not handed in all reports of this period."""
        return sum(state.report in OWING for town, state in self.towns.items() if town)

    @property
    def asked(self):
        """How many reports are asked for in this period, those of the region too."""
        return sum(sum(state.reports.values()) for state in self.towns.values())

    @property
    def owed(self):
        """How many of them the region does not have."""
        return sum(state.reports[name] for state in self.towns.values() for name in OWING)


def latest_cycles(region, limit=24):
    """Public reporting cycles of a region, the newest first; one query."""
    cycles = ReportingCycle.objects.public().filter(programme__region=region)
    return list(cycles.select_related("programme").latest()[:limit])


def collection_of(cycles, on):
    """The `Collection` to speak of: the last open period that is due, else the last open, else the last closed.

    Args:
        cycles: public cycles of one region, the newest first.
        on: the day of the question.
    """
    is_open = [cycle for cycle in cycles if cycle.status == ReportingCycle.Status.OPEN]
    due = [cycle for cycle in is_open if cycle.due_on < on]
    chosen = next(iter(due or is_open or cycles), None)
    if chosen is None:
        return None
    same = [c for c in cycles if (c.period_end, c.status) == (chosen.period_end, chosen.status)]
    return Collection(tuple(same), on)


def dashboard_of(region, on, cycles, *, words, late_words):
    """The `Dashboard` of a region on a day; some fifteen queries, whatever the number of rows.

    Words of residents stand a floor higher: `sessions.dashboard` gives the whole, with them; call that one.

    Args:
        region: whose.
        on: the day of the question.
        cycles: what `latest_cycles` gives.
        words: {town id: how many proposals nobody has decided on}; None stands for those about the whole region.
        late_words: the `Part` of those of them whose term for an answer has passed.
    """
    collection = collection_of(cycles, on)
    region_late, towns_late = both_sides(region, on, late_words)
    measures = list(measures_by_town(region, on))
    statuses = Counter()
    for _town, status, number, _late in measures:
        statuses[status] += number
    return Dashboard(
        on=on, collection=collection, towns=_towns(region, collection, measures, words, towns_late),
        statuses=dict(statuses), late_measures=sum(late for *_of, late in measures), silent=silent_total(region, on),
        region_late=region_late, towns_late=towns_late,
        money=money_by_year(promised_measures(region)), comparison=compared_with_last(cycles, on),
    )  # fmt: skip


def _towns(region, collection, measures, words, towns_late):
    """{town id: its `TownState`} of what was counted."""
    states = defaultdict(TownState)
    for town, status, number, late in measures:
        states[town].measures += number if status != Measure.Status.CANCELLED else 0
        states[town].late_measures += late
    for town, status, is_asked, number in reports_by_town(collection.cycles) if collection else ():
        if is_asked or status in RECEIVED:
            states[town].reports[status if status in ReportState.ORDER else ReportState.OWED] += number
    for town, number, bare in priorities_by_town(region):
        states[town].priorities, states[town].bare = number, bare
    for town, number in words.items():
        states[town].words = number
    for part in towns_late.parts:
        for town, _days, number in part.late:
            states[town].late += number
    return {town: replace(state, town=town) for town, state in states.items()}


def kept_dashboard(region, on, count, editions=None):
    """The same figures, kept until something in the region changes; where they are kept, one query at most.

    Args:
        region, on: as `dashboard_of` takes them.
        count: gives the `Dashboard` where none is kept.
        editions: the `Editions`, where the request knows them already.
    """
    editions = Edition.numbers() if editions is None else editions
    key = f"dashboard:{settings.RELEASE}:{editions.of(region.pk)}:{region.pk}:{on.isoformat()}"
    found = caches["pages"].get(key)
    if found is None:
        found = count()
        caches["pages"].set(key, found, KEPT_SECONDS)
    return found
