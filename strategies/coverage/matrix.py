"""Coverage of a region's programme: towns by spheres.

A priority has a sphere; a measure has none: it stands in the sphere of the priority that it answers. Where it answers
nothing, it stands in the sphere named by the title of its direction, or in a column of that direction
(`docs/numbers.md`).
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from enum import StrEnum

from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from strategies.coverage.models.commitment import Side
from strategies.priorities.models import Sphere
from strategies.programme.models.measure import Measure
from strategies.programme.models.measure_parts import PriorityMeasure

from .gaps import links_to_living, live_priorities, promised_measures

UNSET, OTHER = "unset", "other"
COLUMNS = 9

# How titles of directions name a sphere; a title that names two names none.
STEMS = {
    Sphere.ECONOMY: ("экономи", "предприним", "промышленн", "инвестиц"),
    Sphere.PEOPLE: ("кадры", "кадров", "молодёж", "молодеж"),
    Sphere.SOCIAL: ("социальн", "здравоохранен", "образован"),
    Sphere.URBAN: ("городская сред", "городской сред", "благоустройств"),
    Sphere.UTILITIES: ("жкх", "дорог", "дорож", "коммунальн"),
    Sphere.ECOLOGY: ("эколог", "природ"),
    Sphere.TOURISM: ("туризм", "турист"),
    Sphere.GOVERNANCE: ("управлени", "бюджет"),
}


class State(StrEnum):
    """States of a cell, the worst that it holds."""

    GAP = "gap"
    WAITING = "waiting"
    AGREED = "agreed"
    ONLY = "only"
    NONE = "none"


STATE_WORDS = {
    State.GAP: _("приоритет без меры"),
    State.WAITING: _("мера есть, обеими сторонами не подтверждена"),
    State.AGREED: _("мера подтверждена обеими сторонами"),
    State.ONLY: _("мера есть, приоритета нет"),
    State.NONE: _("ничего"),
}
AWAITED = {
    frozenset(): _("подтверждено"),
    frozenset({Side.REGION}): _("ждём область"),
    frozenset({Side.TOWN}): _("ждём город"),
    frozenset(Side): _("ждём область и город"),
}


def awaited_words(by_region, by_town):
    """Whose word about a link is awaited, in words; by whether the region and the town have given theirs."""
    said = {Side.REGION: by_region, Side.TOWN: by_town}
    return str(AWAITED[frozenset(side for side in Side if not said[side])])


@dataclass(frozen=True)
class Column:
    """A sphere, or a direction whose title names no sphere; `code` is its place in tables."""

    code: str
    title: str
    is_sphere: bool = True


@dataclass
class Cell:
    """What a town has in a column.

    Attributes:
        total: priorities.
        without: priorities that no measure answers.
        waiting: priorities with a measure that both sides have not confirmed.
        awaited: sides whose word is awaited.
        loose: measures that answer no priority.
    """

    column: Column
    total: int = 0
    without: int = 0
    waiting: int = 0
    awaited: frozenset = frozenset()
    loose: int = 0

    @property
    def state(self):
        """The worst that the cell holds."""
        if self.without:
            return State.GAP
        if self.waiting:
            return State.WAITING
        if self.total:
            return State.AGREED
        return State.ONLY if self.loose else State.NONE

    @property
    def words(self):
        """The state in words, as tables say it."""
        if self.state == State.GAP:
            several = _("нет меры: %(n)s из %(total)s") % {"n": self.without, "total": self.total}
            return str(several if self.total > 1 else _("нет меры"))
        if self.state == State.WAITING:
            return str(AWAITED[self.awaited])
        if self.state == State.AGREED:
            return str(_("подтверждено"))
        if self.state == State.ONLY:
            return str(_("только мера") if self.loose == 1 else _("только меры: %(n)s") % {"n": self.loose})
        return str(STATE_WORDS[State.NONE])


@dataclass
class Row:
    """A town with its cells; `town` is None for region-wide measures that name no town."""

    town: object
    cells: list

    @property
    def total(self):
        """Priorities of the town."""
        return sum(cell.total for cell in self.cells)

    @property
    def without(self):
        """Priorities that no measure answers."""
        return sum(cell.without for cell in self.cells)

    @property
    def waiting(self):
        """Priorities with a measure that is not confirmed by both."""
        return sum(cell.waiting for cell in self.cells)


@dataclass
class Matrix:
    """Towns by columns: rows of a page, what region-wide measures fill, totals over all chosen towns."""

    columns: list
    rows: list
    shared: Row | None
    totals: list = field(default_factory=list)

    @property
    def total(self):
        """Priorities of all chosen towns."""
        return sum(cell.total for cell in self.totals)

    @property
    def without(self):
        """Those that no measure answers."""
        return sum(cell.without for cell in self.totals)

    @property
    def waiting(self):
        """Those with a measure that is not confirmed by both."""
        return sum(cell.waiting for cell in self.totals)

    @property
    def agreed(self):
        """Those with a confirmed measure."""
        return self.total - self.without - self.waiting

    @property
    def emptiest(self):
        """The sphere with most priorities without a measure; None where there are none."""
        cells = (cell for cell in self.totals if cell.without and cell.column.code != UNSET)
        return max(cells, key=lambda cell: cell.without, default=None)


def sphere_of_direction(title):
    """The sphere that the title of a direction names; None where it names none, or several."""
    words = title.lower()
    named = [sphere for sphere, stems in STEMS.items() if any(stem in words for stem in stems)]
    return named[0] if len(named) == 1 else None


# ——— Which towns ———


def towns_in_state(towns, region, state, sphere=None):
    """Towns with a cell that holds a state: a gap beside a confirmed measure counts as both.

    Args:
        towns: a queryset of towns.
        region: whose programme.
        state: a `State`.
        sphere: only cells of this sphere ("" is «not said»); None: any.
    """
    chosen = live_priorities(region).order_by()
    if sphere is not None:
        chosen = chosen.filter(sphere=sphere)
    links = PriorityMeasure.objects.counting().filter(priority=OuterRef("pk")).order_by()
    if state == State.NONE:
        return towns.exclude(pk__in=chosen.values("strategy__municipality"))
    if state == State.ONLY:
        loose = _loose_measures(region)
        named = Measure.towns.through.objects.filter(measure__in=loose.values("pk")).values("municipality")
        return towns.filter(Q(pk__in=loose.values("municipality")) | Q(pk__in=named))
    found = {
        State.GAP: chosen.filter(~Exists(links)),
        State.WAITING: chosen.filter(Exists(links), ~Exists(links.agreed())),
        State.AGREED: chosen.filter(Exists(links.agreed())),
    }
    return towns.filter(pk__in=found[state].values("strategy__municipality"))


# ——— Towns by columns ———


def matrix_of(region, towns, page, *, sphere=None, is_whole=False):
    """The `Matrix` of a page of towns; five queries, however many towns there are, one less where all are shown.

    Args:
        region: whose programme.
        towns: all towns chosen: totals are over them.
        page: those of them that are shown.
        sphere: only this sphere ("" is «not said»); None: all.
        is_whole: whether the page holds all the towns.
    """
    ids = [town.pk for town in page]
    counted = _counted(region, ids, sphere)
    if is_whole:
        totals = defaultdict(Counter)
        for (_town, of), numbers in counted.items():
            totals[of].update(numbers)
    else:
        totals = _totals(region, [town.pk for town in towns], sphere)
    directions = _loose_directions(region)
    columns, places = _columns(totals, directions, sphere)
    cells = {pk: {column.code: Cell(column) for column in columns} for pk in ids}
    for (town, of), numbers in counted.items():
        _fill(cells[town][of or UNSET], numbers)
    for town, title, number in _loose(region, ids):
        if places.get(title):
            cells[town][places[title]].loose += number
    shared = {column.code: Cell(column) for column in columns}
    for title, (_all, of_region) in directions.items():
        if places.get(title):
            shared[places[title]].loose += of_region
    summed = [_fill(Cell(column), totals.get(column.code if column.code != UNSET else "", {})) for column in columns]
    is_shared = any(cell.loose for cell in shared.values())
    return Matrix(
        columns,
        [Row(town, list(cells[town.pk].values())) for town in page],
        Row(None, list(shared.values())) if is_shared else None,
        summed,
    )


def _fill(cell, counted):
    """Put counted priorities into a cell; return the cell."""
    if counted:
        cell.total = counted["total"]
        cell.without = counted["total"] - counted["answered"]
        cell.waiting = counted["answered"] - counted["agreed"]
        if cell.waiting:
            lacking = {side: counted[f"by_{side}"] for side in Side}
            awaited = frozenset(side for side, said in lacking.items() if said < counted["answered"])
            cell.awaited = awaited or frozenset(Side)  # each side has confirmed another measure
    return cell


def _totals(region, towns, sphere):
    """{sphere: Counter} of priorities of towns: all, with a measure, with a confirmed one; one query."""
    links = PriorityMeasure.objects.counting().filter(priority=OuterRef("pk")).order_by()
    rows = (
        _priorities(region, towns, sphere)
        .annotate(is_answered=Exists(links), is_agreed=Exists(links.agreed()))
        .values_list("sphere", "is_answered", "is_agreed")
        .annotate(number=Count("pk"))
    )
    counted = defaultdict(Counter)
    for of, is_answered, is_agreed, number in rows:
        counted[of].update(total=number, answered=number * is_answered, agreed=number * is_agreed)
    return counted


def _counted(region, towns, sphere):
    """{(town, sphere): Counter} of priorities of a page of towns, with the words of each side; two queries."""
    places = {pk: (town, of) for pk, town, of in _priorities(region, towns, sphere).values_list(
        "pk", "strategy__municipality", "sphere")}  # fmt: skip
    counted = defaultdict(Counter)
    for place in places.values():
        counted[place]["total"] += 1
    links = PriorityMeasure.objects.counting().filter(priority__in=list(places)).with_agreement().order_by()
    said = defaultdict(set)
    for priority, by_region, by_town in links.values_list("priority", "region_confirmed", "town_confirmed"):
        flags = {"by_region": by_region, "by_town": by_town, "agreed": by_region and by_town}
        said[*places[priority], priority] |= {"answered", *(name for name, is_so in flags.items() if is_so)}
    for (town, of, _priority), names in said.items():
        counted[town, of].update(names)
    return counted


def _priorities(region, towns, sphere):
    priorities = live_priorities(region).filter(strategy__municipality__in=towns).order_by()
    return priorities if sphere is None else priorities.filter(sphere=sphere)


def _loose_measures(region):
    """Promised measures that answer no living priority."""
    return promised_measures(region).filter(~Exists(links_to_living(measure=OuterRef("pk")))).order_by()


def _loose_directions(region):
    """{title of a direction: (measures that answer nothing, those of them that are region-wide and name no town)}."""
    named = Exists(Measure.towns.through.objects.filter(measure=OuterRef("pk")))
    rows = (
        _loose_measures(region)
        .annotate(is_shared=Q(municipality__isnull=True) & ~named)
        .values_list("direction__title", "is_shared")
        .annotate(number=Count("pk"))
    )
    found = defaultdict(lambda: (0, 0))
    for title, is_shared, number in rows:
        all_of_it, of_region = found[title]
        found[title] = (all_of_it + number, of_region + (number if is_shared else 0))
    return dict(found)


def _loose(region, towns):
    """(town, title of the direction, how many) of measures that answer no priority of that town; one query."""
    own = _loose_measures(region).filter(municipality__in=towns)
    named = Measure.towns.through.objects.filter(
        ~Exists(
            links_to_living(measure=OuterRef("measure"), priority__strategy__municipality=OuterRef("municipality"))
        ),
        municipality__in=towns,
        measure__municipality__isnull=True,
        measure__in=promised_measures(region).order_by().values("pk"),
    )
    parts = [
        rows.annotate(where=F(title)).values_list("municipality", "where").annotate(number=Count("pk"))
        for rows, title in ((own, "direction__title"), (named, "measure__direction__title"))
    ]
    return parts[0].union(*parts[1:], all=True)


def _columns(totals, directions, sphere):
    """(columns, {title of a direction: code of its column}): spheres in their order, then directions of their own."""
    spheres = {title: sphere_of_direction(title) for title in directions}
    if sphere is not None:
        code = sphere or UNSET
        return [_sphere_column(code)], {title: code for title, named in spheres.items() if named == sphere}
    own = sorted((title for title in directions if spheres[title] is None), key=lambda one: (-directions[one][0], one))
    used = {*totals, *filter(None, spheres.values())}
    columns = [_sphere_column(str(one)) for one in Sphere if one in used]
    columns += [_sphere_column(UNSET)] if "" in totals else []
    room = max(COLUMNS - len(columns), 1)
    shown, rest = (own, []) if len(own) <= room else (own[: room - 1], own[room - 1 :])
    columns += [Column(f"d{number}", title, is_sphere=False) for number, title in enumerate(sorted(shown))]
    columns += [Column(OTHER, str(_("Другие направления")), is_sphere=False)] if rest else []
    places = {title: str(named) for title, named in spheres.items() if named}
    places |= {column.title: column.code for column in columns if not column.is_sphere and column.code != OTHER}
    return columns, places | dict.fromkeys(rest, OTHER)


def _sphere_column(code):
    title = str(_("Сфера не указана") if code == UNSET else Sphere(code).label)
    return Column(code, title[:1].upper() + title[1:])
