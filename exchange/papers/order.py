"""What paper is asked for: about what, for which period, by whom it is signed."""

import datetime
from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from municipalities.models import Municipality, Region
from municipalities.typed import whole_number
from sessions.models import Decision
from strategies import periods
from strategies.models import Measure, Programme, ProgrammeDirection, ProgressReport


@dataclass(frozen=True)
class Term:
    """The period of a paper; without a year, the whole term of the programme.

    `on`: the day when the paper is made. A period that still runs, and the whole term, stand as of that day.
    """

    on: datetime.date
    year: int | None = None
    period: str = ""

    @classmethod
    def parse(cls, text, on=None):
        """The term of an address: `all` or `2026-q3`.

        Raises:
            ValueError: it is no period, or it has not begun.
        """
        on = on or timezone.localdate()
        if text == "all":
            return cls(on)
        year, period = periods.parse(text)
        if not 2000 <= year <= on.year or periods.bounds(year, period)[0] > on:
            raise ValueError(text)
        return cls(on, year, period)

    @property
    def start(self):
        """The first day; None for the whole term."""
        return periods.bounds(self.year, self.period)[0] if self.year else None

    @property
    def end(self):
        """The day as of which the paper stands."""
        return min(periods.bounds(self.year, self.period)[1], self.on) if self.year else self.on

    @property
    def is_now(self):
        """Whether the paper says what stands today."""
        return self.end >= self.on

    @property
    def label(self):
        """«III квартал 2026 года», «весь срок»."""
        return str(periods.label(self.year, self.period)) if self.year else "весь срок"

    @property
    def code(self):
        """The period in an address."""
        return periods.code(self.year, self.period) if self.year else "all"


@dataclass(frozen=True)
class Scope:
    """About what: a whole region, one of its programmes, a direction, or a town."""

    region: Region
    programme: Programme | None = None
    direction: ProgrammeDirection | None = None
    town: Municipality | None = None

    @property
    def code(self):
        """The scope in an address: `town-12`."""
        for kind in ("town", "direction", "programme", "region"):
            record = getattr(self, kind)
            if record is not None:
                return f"{kind}-{record.pk}"
        raise AssertionError

    @property
    def subject(self):
        """About what the paper is, as its heading says."""
        if self.town:
            return self.town.name
        if self.direction:
            return f"{self.direction.programme.title}. Направление «{self.direction.title}»"
        return self.programme.title if self.programme else "Все программы"

    def measures(self, term):
        """Public measures that the paper is about, in the order of its rows.

        For a period: those that had begun by its end, and by its start were not over.
        """
        rows = Measure.objects.public().filter(direction__programme__region=self.region)
        if self.town:
            rows = rows.of_town(self.town)
        if self.direction:
            rows = rows.filter(direction=self.direction)
        if self.programme:
            rows = rows.filter(direction__programme=self.programme)
        if term.start:
            said = ProgressReport.objects.counting().filter(measure=OuterRef("pk"), period_end__gte=term.start)
            rows = rows.filter(
                Q(due__isnull=True) | Q(due__gte=term.start) | Q(postponed_to__gte=term.start)
                | Q(status__in=Measure.OPEN) | Exists(said),
                Q(start__isnull=True) | Q(start__lte=term.end),
            )  # fmt: skip
        return rows.order_by(*ORDER)

    def decisions(self, term):
        """Decisions of sessions with published results, given by the end of the term and not done before its start."""
        rows = Decision.objects.public().filter(session__region=self.region)
        if self.town:
            rows = rows.filter(session__municipality=self.town)
        if self.direction:
            rows = rows.filter(measure__direction=self.direction)
        if self.programme:
            rows = rows.filter(measure__direction__programme=self.programme)
        if term.start:
            rows = rows.filter(Q(done_on__isnull=True) | Q(done_on__gte=term.start))
        if not term.is_now:
            rows = rows.filter(Q(session__starts_at__isnull=True) | Q(session__starts_at__date__lte=term.end))
        return rows.select_related("session__minutes", "session__municipality", "session__region").order_by(
            F("session__starts_at").asc(nulls_last=True), "session", "number"
        )


# The action programme before other support; within it as the programme orders its directions.
ORDER = (
    "direction__programme__kind", "direction__programme__title", "direction__programme", "direction__order",
    "direction", F("due").asc(nulls_last=True), "pk",
)  # fmt: skip


def scopes(regions, towns):
    """[(heading, [(code, name)])] of what a person may ask about.

    Args:
        regions: ids of regions whose papers the person makes.
        towns: ids of further towns, of which the person is the head.
    """
    busy = Exists(Measure.objects.public().filter(municipality=OuterRef("pk")))
    named = Municipality.objects.filter(Q(pk__in=towns) | Q(busy | Q(in_programme=True), region__in=regions))
    whole = Region.objects.filter(pk__in=regions)
    programmes = Programme.objects.public().filter(region__in=regions).order_by("kind", "title")
    directions = (
        ProgrammeDirection.objects.filter(programme__in=programmes)
        .select_related("programme")
        .order_by("programme__kind", "programme__title", "order", "pk")
    )
    found = [
        ("Вся область", [(f"region-{one.pk}", f"{one.name}: все программы") for one in whole]),
        ("Программа", [(f"programme-{one.pk}", one.title) for one in programmes]),
        ("Направление", [(f"direction-{one.pk}", f"{one.title} ({one.programme.title})") for one in directions]),
        ("Город", [(f"town-{one.pk}", one.name) for one in named.only("name").order_by("name_sort", "pk")]),
    ]
    return [(heading, choices) for heading, choices in found if choices]


def scope_of(code, regions, towns):
    """The scope of an address, if the person may ask about it; None for a stranger's or an unknown one."""
    kind, _dash, number = code.partition("-")
    if whole_number(number) is None:
        return None
    rows = {
        "region": Region.objects.filter(pk__in=regions),
        "programme": Programme.objects.public().filter(region__in=regions).select_related("region"),
        "direction": ProgrammeDirection.objects.filter(
            programme__in=Programme.objects.public().filter(region__in=regions)
        ).select_related("programme__region"),
        "town": Municipality.objects.filter(Q(pk__in=towns) | Q(region__in=regions)).select_related("region"),
    }.get(kind)
    record = rows.filter(pk=number).first() if rows is not None else None
    if record is None:
        return None
    if kind == "region":
        return Scope(record)
    if kind == "direction":
        return Scope(record.programme.region, direction=record)
    return Scope(record.region, **{kind: record})
