"""Tables of indicators: what is measured, and figures by years, in columns or in a long list."""

import copy

from django.core.exceptions import ValidationError
from django.db.models import Q

from strategies.models import Indicator, IndicatorValue, ReportedActual

from .checks import check_record
from .identity import Twins, mark, plain_key
from .planner import LOST, Planner
from .preview import is_same, shown
from .written import stored

FIGURES = ("target", "actual", "is_preliminary", "deviation_reason", "note", "sources")
OWNERS = ("municipality", "priority", "measure")
REASON_NEEDED = "план уже обещан ({old}): напишите причину в столбце «причина» или одну на всю таблицу"

LIKELY = "похоже на «{}»: скажите, один это показатель или разные"
NO_PAPER = "у факта нет источника: заполните столбец «источник сведений» или назовите его в «Поправить столбцы»"


class Figures(Planner):
    """What both tables share: whose an indicator is, and the rules of its figures."""

    def prepare(self):
        """Indicators of the region, their figures, which are promised, which facts reports brought: few queries."""
        inside = of_region(self.scope.region)
        self.records = {one.pk: one for one in Indicator.objects.filter(inside).order_by("pk")}
        self.public = set(Indicator.objects.public().filter(inside).values_list("pk", flat=True))
        values = IndicatorValue.objects.filter(indicator__in=Indicator.objects.filter(inside)).order_by("pk")
        self.values, self.by_key, self.by_name = {}, {}, {}
        for one in self.records.values():
            one._prefetched_objects_cache = {"values": []}
            self._link_owner(one)
        for one in (*self.records.values(), *self.book.fresh.get(Indicator, ())):
            place = (*_owner_key(_owner_of(one)), plain_key(one.name))
            self.by_key.setdefault((*place, plain_key(one.unit)), []).append(one)
            self.by_name.setdefault(place, []).append(one)
        self.twins = Twins(
            lambda: [(_owner_key(_owner_of(one)), f"{one.name} / {one.unit}", one) for one in self.records.values()],
            lambda: [("", f"{item.get('name')} / {item.get('unit')}", item.line) for item in self.reader.items],
        )
        self.owners = {}
        for value in values:
            value.indicator = self.records[value.indicator_id]
            value.indicator._prefetched_objects_cache["values"].append(value)
            self.values[value.indicator_id, value.year] = value
        told = ReportedActual.objects.filter(report__status="published", indicator__in=Indicator.objects.filter(inside))
        self.reported = set(told.values_list("indicator_id", "year"))
        self.new_values, self.changed_values, self.promises = [], {}, []

    def _link_owner(self, one):
        if one.priority_id:
            one.priority = self.ground.priorities[one.priority_id]
        elif one.measure_id:
            one.measure = self.ground.measures[one.measure_id]
        else:
            one.municipality = self.ground.towns[one.municipality_id]

    def owner(self, item):
        """{field: record} of whoever an indicator belongs to; None where the row does not say it."""
        town = self.resolve(item, "town", self.ground.town) if item.get("town") else self.scope.town
        if item.get("measure"):
            measure = self.resolve(item, "measure", self.ground.measure, town, item.get("programme"))
            return {"measure": measure} if measure else None
        if item.get("priority"):
            priority = self.resolve(item, "priority", self.ground.priority, town)
            return {"priority": priority} if priority else None
        if town is None and not item.get("town"):
            self.wrong(item, "town", "не сказано, чей это показатель: назовите город, приоритет или меру")
        return {"municipality": town} if town else None

    def find(self, item):
        """The indicator that a row speaks of; None where it is new (then `self.owner_found` is whose), or LOST."""
        self.owner_found = None
        number = item.get("pk")
        if number is not None:
            if number not in self.records:
                self.wrong(item, "pk", f"показателя с номером {number} в области нет; у нового этот столбец пуст")
                return LOST
            return self.records[number]
        if not item.get("name"):
            self.wrong(item, "name", f"пусто: {self.reader.match.kind.label_of('name')}")
        self.owner_found = self.owner(item)
        if self.owner_found is None or not item.get("name"):
            return LOST
        return self._of_name(item, _owner_key(self.owner_found))

    def _of_name(self, item, place):
        """The indicator of an owner by its name and unit; by its name alone where no unit is said."""
        name, unit = plain_key(item.get("name")), item.get("unit")
        found = self.by_key.get((*place, name, plain_key(unit)), []) if unit else self.by_name.get((*place, name), [])
        if len(found) > 1:
            words = f"таких показателей {len(found)}: не понять, о каком речь; выгрузите таблицу с сайта"
            self.wrong(item, "name", words)
            return LOST
        if not found and not unit:
            self.wrong(item, "unit", f"пусто: {self.reader.match.kind.label_of('unit')}")
            return LOST
        self.owners[item.line] = place
        return found[0] if found else self._of_twin(item, place)

    def _of_twin(self, item, place):
        """An indicator or a row whose name or unit is spelled otherwise: a person says whether it is the same."""
        text = f"{item.get('name')} / {item.get('unit')}"
        records, rows = self.twins.of(place, text, item.line, taken=self.met)
        rows = self.twins.of("", text, item.line)[1] if self.model is Indicator else []
        rows = [(line, other) for line, other in rows if self.owners.get(line) == place]
        if not records and not rows:
            return None
        known = str(records[0]) if records else rows[0][1]
        found = self.ask_same(item, "name", text, records=records, rows=rows, words=LIKELY.format(known[:80]))
        if found is not None and found is not LOST:
            item.values |= {"name": found.name, "unit": found.unit}  # the same by another spelling: the name stays
        return found

    def plan_figure(self, item, indicator, year, fields, columns):
        """Plan the figures of a year; gives whether anything changes.

        Args:
            item: the row.
            indicator: whose figures.
            year: of which year.
            fields: {field of the value: what the row says}.
            columns: {field of the value: the column to blame}.
        """
        self._check_percent(item, indicator, columns)
        earlier = self.earlier(item, IndicatorValue, mark(indicator), year)
        if earlier:
            self.wrong(
                item, columns.get("year", next(iter(columns.values()))), f"о том же годе сказано в строке {earlier}"
            )
            return False
        paper = self.reader.match.paper
        value = self.values.get((indicator.pk, year)) if indicator.pk else None
        if value is None:
            value = IndicatorValue(indicator=indicator, year=year, created_by=self.by, is_sample=indicator.is_sample)
        new = {
            name: said for name, said in fields.items() if said is not None and not is_same(getattr(value, name), said)
        }
        if not new:
            return False
        if "actual" in new and value.is_preliminary and fields.get("is_preliminary") is None:
            new["is_preliminary"] = False  # the fact itself has come
        if "actual" in new:
            if paper and not (item.get("sources") or value.sources):
                new["sources"] = paper
            self._check_fact(item, value, new, columns)
        trial = copy.copy(value)
        for name, said in new.items():
            setattr(trial, name, said)
            if indicator.pk:
                self._tell_figure(item, indicator, year, name, getattr(value, name), said)
        try:
            check_record(trial)
        except ValidationError as refusal:
            self.refuse(item, refusal, columns | {"year": columns.get("year", columns.get("target", ""))})
        self._put_figure(item, value, new, columns)
        return True

    def _tell_figure(self, item, indicator, year, name, old, said):
        known = {
            "target": "план",
            "actual": "факт",
            "sources": "источник сведений",
            "is_preliminary": "предварительное",
        }
        label = self.reader.match.kind.label_of(name if name in self.reader.places else "name")
        self.edit(item, indicator, name, old, said, what=f"{year}, {known.get(name, label)}")

    def _put_figure(self, item, value, new, columns):
        is_promised = value.pk and value.target is not None and value.indicator_id in self.public
        if is_promised and "target" in new:
            reason, old = self.reason_of(item), value.target
            if not reason:
                self.wrong(item, columns["target"], REASON_NEEDED.format(old=shown(old)))
            target = new.pop("target")
            self.promises.append((value, target, reason))
        for name, said in new.items():
            setattr(value, name, said)
        if value.pk is None:
            self.new_values.append(value)
        elif new:
            self.changed_values.setdefault(value.pk, (value, set()))[1].update(new)

    def _check_fact(self, item, value, new, columns):
        """A fact comes with a report or a source that the row names; what a report said, a table does not change."""
        if value.pk and (value.indicator_id, value.year) in self.reported:
            self.wrong(item, columns["actual"], "факт принёс опубликованный отчёт: его меняет исправление отчёта")
        elif not (item.get("sources") or value.sources or new.get("sources")):
            self.wrong(item, columns["actual"], NO_PAPER)

    def _check_percent(self, item, indicator, columns):
        for name in columns.values():
            if name in item.percents and "%" not in indicator.unit and "процент" not in indicator.unit.lower():
                self.wrong(item, name, f"в ячейке процент, а единица измерения «{indicator.unit}»")

    def save_figures(self):
        """Write figures; yields how many after each batch. A promised target changes through its own door."""
        yield from self.create(self.new_values, IndicatorValue)
        # What changes through the door is saved whole there.
        through = {value.pk for value, _target, _reason in self.promises}
        rest = [pair for pk, pair in self.changed_values.items() if pk not in through]
        yield from self.update(rest, IndicatorValue)
        for value, target, reason in self.promises:
            before = stored(IndicatorValue, [value], FIGURES)
            value.change_target(target, reason=reason, by=self.by)
            self.written.changed(before, [value], kind="promised")
            yield 1


class Indicators(Figures):
    """Indicators with their figures by years in columns."""

    model = Indicator
    plain_fields = (
        "name",
        "unit",
        "direction",
        "base_year",
        "base_value",
        "weight",
        "data_source",
        "order",
        "note",
        "sources",
    )

    def plan_item(self, item):
        """Plan one indicator."""
        record = self.find(item)
        if record is LOST:
            return
        is_new = record is None
        if is_new:
            record = Indicator(
                **self.owner_found, created_by=self.by, is_sample=next(iter(self.owner_found.values())).is_sample
            )
            earlier = self.earlier(item, "new", Indicator, *_owner_key(self.owner_found), *(
                plain_key(item.get(name)) for name in ("name", "unit")
            ))  # fmt: skip
            if earlier:
                self.wrong(item, "name", f"повторяет строку {earlier}")
        elif not self.meet(item, record):
            return
        else:
            self._check_owner(item, record)
        changed = self.set_plain(item, record, is_new=is_new)
        self._check_percent(item, record, {"base": "base_value"})
        if changed or is_new:
            self.check(item, record)
        is_moved = False
        for year, fields, columns in self._by_year(item):
            is_moved = self.plan_figure(item, record, year, fields, columns) or is_moved
        if is_new:
            self.added(item, record)
            return
        if changed:
            self.changed(item, record, changed)
        self.settle(item, bool(changed) or is_moved)

    def _by_year(self, item):
        """(year, {field of the value: what is said}, {field: column}) of a row, year by year."""
        found = {}
        for (what, year), number in item.figures.items():
            found.setdefault(year, {})[what] = number
        for year, said in sorted(found.items()):
            columns = {name: self._column(name, year) for name in said}
            yield year, said, columns

    def _column(self, name, year):
        """The column that a figure of a year stands in: a preliminary fact has one of its own."""
        column = f"{name}:{year}"
        return column if column in self.reader.places else f"estimate:{year}"

    def _check_owner(self, item, record):
        """An indicator stays whose it is: columns that say otherwise are wrong."""
        own = record.priority or record.measure or record.municipality
        if item.get("measure"):
            found = self.resolve(item, "measure", self.ground.measure, None, item.get("programme"))
            name = "measure"
        elif item.get("priority"):
            town = self.resolve(item, "town", self.ground.town)
            found, name = self.resolve(item, "priority", self.ground.priority, town), "priority"
        else:
            found, name = self.resolve(item, "town", self.ground.town), "town"
        if found is not None and found != own:
            self.wrong(item, name, f"показатель принадлежит другому («{str(own)[:80]}»): этого не меняют")

    def missing(self):
        """Indicators of the region (or town) that the table does not name."""
        return [
            str(one) for pk, one in self.records.items()
            if pk not in self.met and (self.scope.town is None or town_of(one) == self.scope.town.pk)
        ]  # fmt: skip

    def save(self):
        """Write indicators, then their figures; yields how many indicators are written."""
        yield from self.create(self.made)
        yield from self.update(self.touched.values())
        for _some in self.save_figures():
            yield 0


class Values(Figures):
    """Figures in a long list: one row for an indicator and a year."""

    model = IndicatorValue

    def prepare(self):
        """As for indicators; every year of an indicator stands once."""
        super().prepare()
        self.rows_met = set()

    def plan_item(self, item):
        """Plan the figures of one year."""
        record, year = self.find(item), item.get("year") or self.reader.match.year
        if year is None:
            self.wrong(item, "year", "не сказан год")
        if record is None:
            self.wrong(item, "name", "такого показателя нет: сначала внесите его таблицей показателей")
        if record is None or record is LOST or year is None:
            return
        self.rows_met.add((record.pk, year))
        names = ("target", "actual", "is_preliminary", "deviation_reason", "note", "sources")
        fields = {name: item.get(name) for name in names}
        is_new = (record.pk, year) not in self.values
        if is_new and fields["target"] is None and fields["actual"] is None:
            self.wrong(item, "target", "нет ни плана, ни факта")
            return
        is_changed = self.plan_figure(item, record, year, fields, {name: name for name in (*names, "year")})
        if not is_new:
            self.settle(item, is_changed)
        elif not item.is_broken:
            self.preview.added.append((item.line, f"{record}, {year}"))

    def missing(self):
        """Figures of indicators that the table names, of years that it does not."""
        named = {pk for pk, _year in self.rows_met}
        return [
            f"{value.indicator}, {year or 'год не указан'}" for (pk, year), value in self.values.items()
            if pk in named and (pk, year) not in self.rows_met
        ]  # fmt: skip

    def save(self):
        """Write the figures; yields how many are written."""
        yield from self.save_figures()


def town_of(indicator):
    """The number of the town that an indicator is about; None for a region-wide measure."""
    if indicator.priority_id:
        return indicator.priority.strategy.municipality_id
    return indicator.measure.municipality_id if indicator.measure_id else indicator.municipality_id


def _owner_of(indicator):
    """{field: record} of whoever an indicator belongs to."""
    found = {name: getattr(indicator, name) for name in OWNERS}
    return {name: one for name, one in found.items() if one is not None}


def _owner_key(owner):
    """What tells an owner from all others, saved or not."""
    return tuple(mark(owner[name]) if name in owner else None for name in OWNERS)


def of_region(region):
    """Which indicators are a region's: of its towns, of their priorities, of its measures."""
    return (
        Q(municipality__region=region)
        | Q(priority__strategy__municipality__region=region)
        | Q(measure__direction__programme__region=region)
    )
