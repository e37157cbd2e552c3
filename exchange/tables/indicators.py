"""Tables of indicators: what is measured, and figures by years, in columns or in a long list."""

import copy

from django.core.exceptions import ValidationError
from django.db.models import Q

from strategies.models import Indicator, IndicatorValue, ReportedActual

from .checks import check_record
from .planner import LOST, Planner
from .preview import AT_ONCE, is_same, shown
from .rows import plain_key

OWNERS = ("municipality", "priority", "measure")
REASON_NEEDED = "план уже обещан ({old}): напишите причину в столбце «причина» или одну на всю таблицу"

NO_PAPER = "у факта нет источника: заполните столбец «источник сведений» или назовите его в «Поправить столбцы»"


class Figures(Planner):
    """What both tables share: whose an indicator is, and the rules of its figures."""

    def prepare(self):
        """Indicators of the region, their figures, which are promised, which facts reports brought: few queries."""
        inside = of_region(self.scope.region)
        self.records = {one.pk: one for one in Indicator.objects.filter(inside).order_by("pk")}
        self.public = set(Indicator.objects.public().filter(inside).values_list("pk", flat=True))
        values = IndicatorValue.objects.filter(indicator__in=Indicator.objects.filter(inside)).order_by("pk")
        self.values, self.by_key, self.new_keys = {}, {}, {}
        for one in self.records.values():
            one._prefetched_objects_cache = {"values": []}
            self._link_owner(one)
            self.by_key.setdefault(self._key(one), []).append(one)
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

    @staticmethod
    def _key(one):
        return (one.municipality_id, one.priority_id, one.measure_id, plain_key(one.name), plain_key(one.unit))

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
        empty = [name for name in ("name", "unit") if not item.get(name)]
        for name in empty:
            self.wrong(item, name, f"пусто: {self.reader.match.kind.label_of(name)}")
        self.owner_found = self.owner(item)
        if self.owner_found is None or empty:
            return LOST
        ids = {name: one.pk for name, one in self.owner_found.items()}
        key = (*(ids.get(name) for name in OWNERS), plain_key(item.get("name")), plain_key(item.get("unit")))
        found = self.by_key.get(key, [])
        if len(found) > 1:
            words = f"таких показателей {len(found)}: не понять, о каком речь; выгрузите таблицу с сайта"
            self.wrong(item, "name", words)
            return LOST
        if not found:
            earlier = self.new_keys.setdefault(key, item.line)
            if earlier != item.line and self.model is Indicator:
                self.wrong(item, "name", f"повторяет строку {earlier}")
        return found[0] if found else None

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
        paper = self.reader.match.paper
        value = self.values.get((indicator.pk, year)) if indicator.pk else None
        if value is None:
            value = IndicatorValue(indicator=indicator, year=year, created_by=self.by, is_sample=indicator.is_sample)
        new = {
            name: said for name, said in fields.items() if said is not None and not is_same(getattr(value, name), said)
        }
        if not new:
            return False
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
        known = {"target": "план", "actual": "факт", "sources": "источник сведений"}
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
        for start in range(0, len(self.new_values), AT_ONCE):
            batch = self.new_values[start : start + AT_ONCE]
            IndicatorValue.objects.bulk_create(batch)
            yield len(batch)
        # What changes through the door is saved whole there.
        through = {value.pk for value, _target, _reason in self.promises}
        rest = [pair for pk, pair in self.changed_values.items() if pk not in through]
        yield from self.update(rest, IndicatorValue)
        for value, target, reason in self.promises:
            value.change_target(target, reason=reason, by=self.by)
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
        elif not self.meet(item, record):
            return
        else:
            self._check_owner(item, record)
        changed = self.set_plain(item, record, is_new=is_new)
        self._check_percent(item, record, {"base": "base_value"})
        if changed or is_new:
            self.check(item, record)
        is_moved = False
        by_year = {}
        for (what, year), number in item.figures.items():
            by_year.setdefault(year, {})[what] = number
        for year, fields in sorted(by_year.items()):
            columns = {name: f"{name}:{year}" for name in fields}
            is_moved = self.plan_figure(item, record, year, fields, columns) or is_moved
        if is_new:
            self.added(item, record)
            return
        if changed:
            self.changed(item, record, changed)
        self.settle(item, bool(changed) or is_moved)

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
        self.rows_met = {}

    def plan_item(self, item):
        """Plan the figures of one year."""
        record, year = self.find(item), item.get("year") or self.reader.match.year
        if year is None:
            self.wrong(item, "year", "не сказан год")
        if record is None:
            self.wrong(item, "name", "такого показателя нет: сначала внесите его таблицей показателей")
        if record is None or record is LOST or year is None:
            return
        earlier = self.rows_met.setdefault((record.pk, year), item.line)
        if earlier != item.line:
            self.wrong(item, "year", f"о том же годе сказано в строке {earlier}")
            return
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


def of_region(region):
    """Which indicators are a region's: of its towns, of their priorities, of its measures."""
    return (
        Q(municipality__region=region)
        | Q(priority__strategy__municipality__region=region)
        | Q(measure__direction__programme__region=region)
    )
