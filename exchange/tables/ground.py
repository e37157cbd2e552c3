"""What stands on the ground that a table goes to: towns, strategies, priorities and measures, found by their names."""

import re
from dataclasses import dataclass
from difflib import get_close_matches

from django.utils.functional import cached_property

from exchange.sheets.cells import is_blank
from exchange.sheets.grid import clean_text
from municipalities.models import Municipality
from strategies.models import Measure, Priority, Programme, ProgrammeDirection, Strategy

from .identity import mark, plain_key
from .town_names import is_of_stem, okrug_stem, town_key, town_keys

MOST_TOWN = 80


@dataclass(frozen=True)
class Scope:
    """Where a table goes: the region, for measures the programme, and the town that stands for the whole table."""

    region: object
    programme: object = None
    town: object = None


class Ground:
    """Towns, strategies, priorities and measures of a region by their names, each asked for once and when needed.

    Args:
        scope: which region, programme and town.
        fresh: {model: [records]} that the same workbook brings and nobody has saved yet: they are found by names too.
        meant: marks of the strategies that the workbook is about: what stands in them goes before its namesakes.
    """

    def __init__(self, scope, fresh=None, meant=()):
        self.scope, self.fresh, self.meant = scope, {} if fresh is None else fresh, meant
        self._towns_found = {}

    def new(self, model):
        """{a mark that is no number: record} of those that the workbook brings."""
        return {("new", place): one for place, one in enumerate(self.fresh.get(model, ()))}

    def known(self, model):
        """{id: record} of those that the site has."""
        found = {Measure: "measures", Priority: "priorities", Strategy: "strategies"}[model]
        return {pk: one for pk, one in getattr(self, found).items() if one.pk is not None}

    @cached_property
    def towns(self):
        """{id: town} of the region."""
        towns = Municipality.objects.filter(region=self.scope.region).order_by("pk")
        return {town.pk: town for town in towns.defer("search_stems", "note", "sources")}

    @cached_property
    def _town_names(self):
        names = {}
        for town in sorted(self.towns.values(), key=lambda one: one.is_reference):
            for key in {*town_keys(town.name), town.slug, town.oktmo or town.slug}:
                names.setdefault(key, []).append(town)
        return names

    def town(self, text):
        """The town of a name, an address or a code; raises ValueError."""
        if text not in self._towns_found:
            self._towns_found[text] = self._find_town(text)
        return self._towns_found[text]

    def _find_town(self, text):
        found = next((towns for key in town_keys(text) if (towns := self._town_names.get(key))), [])
        found = found or self._towns_of(okrug_stem(text))
        own = [town for town in found if not town.is_reference] or found
        if len(own) == 1:
            return own[0]
        if own:
            raise ValueError(f"«{text}»: таких названий в области {len(own)}; напишите адрес города на сайте или ОКТМО")
        raise ValueError(f"«{text[:60]}»: такого города в области нет{self._like(text)}")

    def named(self, text):
        """The name of the town that a heading or a sheet is called after; None where no such one takes part."""
        try:
            town = self.town(text[:MOST_TOWN])
        except ValueError:
            return None
        return None if town.is_reference else self.town_name(town)

    def is_town(self, text):
        """Whether a heading names a town, where none is said for the whole table."""
        return self.scope.town is None and len(text) <= MOST_TOWN and self.named(text) is not None

    def _towns_of(self, stem):
        """Towns that an adjective is of: «Сызранский городской округ»; districts of rural places are others."""
        kinds = {Municipality.Kind.URBAN_OKRUG, Municipality.Kind.TOWN}
        return [
            town for town in self.towns.values()
            if stem and town.kind in kinds and is_of_stem(town_key(town.name), stem)
        ]  # fmt: skip

    def _like(self, text):
        """What a person may have meant."""
        if len([piece for piece in re.split(r"[,;\n]", text) if self._town_names.get(town_key(piece))]) > 1:
            return ": здесь названо несколько, а нужен один"
        near = get_close_matches(town_key(text), self._town_names, n=1, cutoff=0.8)
        return f"; похоже на «{self._town_names[near[0]][0].name}»" if near else ""

    def town_name(self, town):
        """How a table names a town: by its name where that is enough."""
        return town.name if _finds(self.town, town, town.name) else town.slug

    @cached_property
    def strategies(self):
        """{id: strategy} of the region's towns."""
        rows = Strategy.objects.filter(municipality__region=self.scope.region).order_by("pk")
        found = {one.pk: one for one in rows}
        for one in found.values():
            one.municipality = self.towns[one.municipality_id]
        return found | self.new(Strategy)

    @cached_property
    def priorities(self):
        """{id: priority} of the region's towns, archived ones among them."""
        rows = Priority.objects.filter(strategy__municipality__region=self.scope.region).order_by("pk")
        found = {one.pk: one for one in rows.defer("search_stems", "plain_text")}
        for one in found.values():
            one.strategy = self.strategies[one.strategy_id]
        return found | self.new(Priority)

    @cached_property
    def _priority_titles(self):
        titles = {}
        for one in self.priorities.values():
            titles.setdefault((one.strategy.municipality_id, plain_key(one.title)), []).append(one)
        return titles

    def priority(self, text, town):
        """The priority of a title in a town («Город: приоритет» where no town is known); raises ValueError."""
        if (number := numbered(text)) in self.priorities:
            return self.priorities[number]
        if town is None:
            name, colon, text = text.partition(": ")
            if not colon:
                raise ValueError(f"«{name[:80]}»: назовите и город: «Сызрань: название приоритета»")
            town = self.town(name)
        found = self._priority_titles.get((town.pk, plain_key(text)), [])
        found = [one for one in found if mark(one.strategy) in self.meant] or found
        living = [one for one in found if one.strategy.status in Strategy.LIVE] if len(found) > 1 else found
        if len(living) == 1:
            return living[0]
        if found:
            raise ValueError(
                f"«{text[:80]}»: таких приоритетов у города {len(found)}; допишите номер: «… [{found[0].pk}]»"
            )
        raise ValueError(f"«{text[:80]}»: такого приоритета у города {town.name} нет")

    def priority_name(self, priority, *, with_town=False):
        """How a table names a priority."""
        town, title = priority.strategy.municipality, " ".join(clean_text(priority.title).split("\n"))
        if not _finds(self.priority, priority, title, town):
            return f"{title} [{priority.pk}]"
        return f"{self.town_name(town)}: {title}" if with_town else title

    @cached_property
    def programmes(self):
        """{id: programme} of the region."""
        return {one.pk: one for one in Programme.objects.filter(region=self.scope.region)}

    @cached_property
    def directions(self):
        """{id: direction} of the region's programmes, or of the one programme of the table."""
        rows = ProgrammeDirection.objects.filter(programme__region=self.scope.region)
        if self.scope.programme:
            rows = rows.filter(programme=self.scope.programme)
        found = {one.pk: one for one in rows}
        for one in found.values():
            one.programme = self.scope.programme or self.programmes[one.programme_id]
        return found

    @cached_property
    def _direction_titles(self):
        return {plain_key(one.title): one for one in self.directions.values()}

    def direction(self, text):
        """The direction of a title in the programme; raises ValueError."""
        if (number := numbered(text)) in self.directions:
            return self.directions[number]
        found = self._direction_titles.get(plain_key(text))
        if found is None:
            raise ValueError(f"«{text[:80]}»: такого направления в программе нет; его заводят в мастерской")
        return found

    def direction_name(self, direction):
        """How a table names a direction."""
        title = clean_text(direction.title)
        return title if _finds(self.direction, direction, title) else f"{title} [{direction.pk}]"

    @cached_property
    def measures(self):
        """{id: measure} of the region, or of the one programme of the table."""
        rows = Measure.objects.filter(direction__in=self.directions.keys()) if self.scope.programme else (
            Measure.objects.filter(direction__programme__region=self.scope.region)
        )  # fmt: skip
        found = {one.pk: one for one in rows.order_by("pk").defer("search_stems")}
        for one in found.values():
            one.direction = self.directions[one.direction_id]
            one.municipality = self.towns.get(one.municipality_id)
        return found | self.new(Measure)

    @cached_property
    def _measure_names(self):
        names = {}
        for one in self.measures.values():
            for name in {plain_key(one.code), plain_key(one.title)} - {""}:
                names.setdefault(name, []).append(one)
        return names

    def measure(self, text, town=None, programme=None):
        """The measure of a number or a title, of a programme where it is named; raises ValueError."""
        if (number := numbered(text)) in self.measures:
            return self.measures[number]
        key = plain_key(text)
        found = self._measure_names.get(key, [])
        if programme:
            found = [one for one in found if plain_key(one.direction.programme.title) == plain_key(programme)]
        found = [one for one in found if plain_key(one.code) == key] or found
        if len(found) > 1 and town:
            found = [one for one in found if one.municipality_id == town.pk] or found
        if len(found) != 1:
            hint = "; допишите номер на сайте: «… [12]»" if found else ""
            raise ValueError(f"«{text[:80]}»: таких мер {len(found)}{hint}")
        return found[0]

    def measure_name(self, measure):
        """How a table names a measure of an indicator: by its number, its title, or both and the number on the site."""
        programme = measure.direction.programme.title
        for name in filter(None, (clean_text(measure.code), clean_text(measure.title))):
            if _finds(self.measure, measure, name, None, programme):
                return name
        return f"{clean_text(measure.title)} [{measure.pk}]"


def _finds(find, record, name, *where):
    """Whether a name is enough to find a record by."""
    try:
        return not is_blank(name) and find(name, *where) is record
    except ValueError:
        return False


def numbered(text):
    """The number of a record that a name carries at its end, «Дороги [12]»; None where it carries none."""
    found = re.search(r"\[(\d{1,9})\]$", text)
    return int(found[1]) if found else None
