"""What a table would do: records added, changed field by field, left the same; what is missing, what is wrong."""

import hashlib
import json
import re
from dataclasses import dataclass, field

from django.core.exceptions import NON_FIELD_ERRORS

from exchange.sheets.cells import is_blank
from exchange.sheets.grid import clean_text
from municipalities.models import Municipality
from strategies.models import Measure, Priority, Programme, ProgrammeDirection, Strategy

from .rows import plain_key

AT_ONCE = 500


@dataclass(frozen=True)
class Scope:
    """Where a table goes: the region, for measures the programme, and the town that stands for the whole table."""

    region: object
    programme: object = None
    town: object = None


@dataclass(frozen=True)
class Edit:
    """One changed field: of which record, what stood there and what will."""

    line: int
    record: str
    what: str
    old: str
    new: str


@dataclass
class Plan:
    """What would be done; records themselves stay with the planner that made it."""

    added: list = field(default_factory=list)  # [(line, title)]
    edits: list = field(default_factory=list)
    changed: int = 0
    same: int = 0
    missing: list = field(default_factory=list)
    faults: list = field(default_factory=list)
    notes: list = field(default_factory=list)

    @property
    def total(self):
        """How many records would be written."""
        return len(self.added) + self.changed

    @property
    def digest(self):
        """A mark of all that would be done: another one means that somebody was faster."""
        told = [self.added, [(edit.line, edit.record, edit.what, edit.old, edit.new) for edit in self.edits]]
        return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()


class Ground:
    """Towns, strategies, priorities and measures of a region by their names, each asked for once and when needed."""

    def __init__(self, scope):
        self.scope, self._cache = scope, {}

    def _once(self, name, make):
        if name not in self._cache:
            self._cache[name] = make()
        return self._cache[name]

    @property
    def towns(self):
        """{id: town} of the region."""
        return self._once("towns", self._towns)

    def _towns(self):
        towns = Municipality.objects.filter(region=self.scope.region).order_by("pk")
        return {town.pk: town for town in towns.defer("search_stems", "note", "sources")}

    def _town_names(self):
        names = {}
        for town in sorted(self.towns.values(), key=lambda one: one.is_reference):
            for key in {town_key(town.name), town.slug, town.oktmo or town.slug}:
                names.setdefault(key, []).append(town)
        return names

    def town(self, text):
        """The town of a name, an address or a code; raises ValueError."""
        found = self._once("town_names", self._town_names).get(town_key(text)) or []
        own = [town for town in found if not town.is_reference] or found
        if len(own) == 1:
            return own[0]
        if own:
            raise ValueError(f"«{text}»: таких названий в области {len(own)}; напишите адрес города на сайте или ОКТМО")
        raise ValueError(f"«{text[:60]}»: такого города в области нет")

    def town_name(self, town):
        """How a table names a town: by its name where that is enough."""
        try:
            return town.name if self.town(town.name) is town else town.slug
        except ValueError:
            return town.slug

    @property
    def strategies(self):
        """{id: strategy} of the region's towns."""

        def make():
            rows = Strategy.objects.filter(municipality__region=self.scope.region).order_by("pk")
            found = {one.pk: one for one in rows}
            for one in found.values():
                one.municipality = self.towns[one.municipality_id]
            return found

        return self._once("strategies", make)

    @property
    def priorities(self):
        """{id: priority} of the region's towns, archived ones among them."""

        def make():
            rows = Priority.objects.filter(strategy__municipality__region=self.scope.region).order_by("pk")
            found = {one.pk: one for one in rows.defer("search_stems", "plain_text")}
            for one in found.values():
                one.strategy = self.strategies[one.strategy_id]
            return found

        return self._once("priorities", make)

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
        found = self._once("priority_titles", self._priority_titles).get((town.pk, plain_key(text)), [])
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
        try:
            is_enough = not is_blank(title) and self.priority(title, town) is priority
        except ValueError:
            is_enough = False
        if not is_enough:
            return f"{title} [{priority.pk}]"
        return f"{self.town_name(town)}: {title}" if with_town else title

    @property
    def programmes(self):
        """{id: programme} of the region."""
        rows = Programme.objects.filter(region=self.scope.region)
        return self._once("programmes", lambda: {one.pk: one for one in rows})

    @property
    def directions(self):
        """{id: direction} of the region's programmes, or of the one programme of the table."""

        def make():
            rows = ProgrammeDirection.objects.filter(programme__region=self.scope.region)
            if self.scope.programme:
                rows = rows.filter(programme=self.scope.programme)
            found = {one.pk: one for one in rows}
            for one in found.values():
                one.programme = self.scope.programme or self.programmes[one.programme_id]
            return found

        return self._once("directions", make)

    def direction(self, text):
        """The direction of a title in the programme; raises ValueError."""
        if (number := numbered(text)) in self.directions:
            return self.directions[number]
        names = self._once("direction_names", lambda: {plain_key(one.title): one for one in self.directions.values()})
        found = names.get(plain_key(text))
        if found is None:
            raise ValueError(f"«{text[:80]}»: такого направления в программе нет; его заводят в мастерской")
        return found

    def direction_name(self, direction):
        """How a table names a direction."""
        title = clean_text(direction.title)
        try:
            is_enough = not is_blank(title) and self.direction(title) is direction
        except ValueError:
            is_enough = False
        return title if is_enough else f"{title} [{direction.pk}]"

    @property
    def measures(self):
        """{id: measure} of the region, or of the one programme of the table."""

        def make():
            rows = Measure.objects.filter(direction__in=self.directions.keys()) if self.scope.programme else (
                Measure.objects.filter(direction__programme__region=self.scope.region)
            )  # fmt: skip
            found = {one.pk: one for one in rows.order_by("pk").defer("search_stems")}
            for one in found.values():
                one.direction = self.directions[one.direction_id]
                one.municipality = self.towns.get(one.municipality_id)
            return found

        return self._once("measures", make)

    def _names_of_measures(self):
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
        found = self._once("measure_names", self._names_of_measures).get(key, [])
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
            try:
                if not is_blank(name) and self.measure(name, None, programme) is measure:
                    return name
            except ValueError:
                continue
        return f"{clean_text(measure.title)} [{measure.pk}]"


def numbered(text):
    """The number of a record that a name carries at its end, «Дороги [12]»; None where it carries none."""
    found = re.search(r"\[(\d{1,9})\]$", text)
    return int(found[1]) if found else None


def town_key(text):
    """A town's name without what stands before it: «г. Сызрань» and «городской округ Сызрань» are Сызрань."""
    key = plain_key(text)
    for word in ("городской округ ", "город ", "г.о. ", "го ", "г. ", "г.", "муниципальный округ ", "мо "):
        if key.startswith(word) and len(key) > len(word):
            key = key[len(word) :].strip()
            break
    return key


def tell(reader, item, refusal, columns=None):
    """Note what a model refused as faults of a row, beside the columns of its fields."""
    item.is_broken = True
    columns = columns or {}
    kind = reader.match.kind
    for name, messages in refusal.message_dict.items():
        column = columns.get(name, name)
        is_told = name == NON_FIELD_ERRORS or column in reader.places or kind.field(name) is None
        for message in messages:
            reader.fault(item.line, column, message if is_told else f"{kind.label_of(name)}: {message}")


def shown(value):
    """A value as a preview says it."""
    if value is None or value == "":
        return "пусто"
    if value is True or value is False:
        return "да" if value else "нет"
    if hasattr(value, "strftime"):
        return f"{value:%d.%m.%Y}"
    if hasattr(value, "normalize") and not isinstance(value, str):
        return f"{value.normalize():f}".replace(".", ",")
    return str(value)


def same_text(old, new):
    """Whether a text of the site is what a table says; blanks around and kinds of line ends do not count."""
    return clean_text(old or "") == clean_text(new or "")
