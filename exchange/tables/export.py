"""The same tables given back: what is exported reads in again and changes nothing; edited cells change, only they."""

import csv
import datetime
import io
from decimal import Decimal

from exchange.sheets.columns import SOURCE_WORDS, YearColumn
from exchange.sheets.grid import MOST_TEXT, clean_text, guard
from exchange.sheets.write import HEAD, Book, Styled
from strategies.models import (
    Funding,
    Goal,
    Indicator,
    IndicatorValue,
    Measure,
    Milestone,
    Priority,
    PriorityMeasure,
    Sphere,
)

from .fields import DIRECTION_WORDS
from .ground import Ground
from .in_strategy import strategy_name
from .indicators import of_region, town_of
from .matching import STATUS_HEAD, own_head

EXACT_DIGITS = 15
WIDTHS = {
    "title": 50,
    "description": 40,
    "responsible": 30,
    "name": 40,
    "plain_text": 50,
    "priorities": 40,
    "sources": 30,
}
CSV = "text/csv; charset=utf-8"
LEFT_OUT = {"state", "source", "counted"}


class Table:
    """A table to export: `names` of its fields, their `heads`, and `rows` of values.

    Args:
        kind: the `Kind`.
        scope: of which region, programme and town.
    """

    def __init__(self, kind, scope):
        self.kind, self.scope, self.ground = kind, scope, Ground(scope)
        self.names, self.rows = [], []
        {"measures": self._measures, "priorities": self._priorities, "indicators": self._indicators,
         "values": self._values, "strategies": self._strategies, "goals": self._goals}[kind.code]()  # fmt: skip

    @property
    def heads(self):
        """Heads of the columns, as the reader knows them without a question."""
        labels = {field.name: field.label for field in self.kind.fields} | {"status": STATUS_HEAD}
        return [labels.get(name) or own_head(name) for name in self.names]

    def _fields(self, *, before="", by_year=()):
        for field in self.kind.fields:
            if field.name == before:
                self.names += map(str, by_year)
            if field.name not in LEFT_OUT:
                self.names.append(field.name)

    def _add(self, values):
        self.rows.append([values.get(name) for name in self.names])

    # ——— Measures ———

    def _measures(self):
        ground, inside = self.ground, {"measure__direction__programme": self.scope.programme}
        records = [one for one in ground.measures.values() if self._is_here(one.municipality_id)]
        kept = {one.pk for one in records}
        money = {}
        for row in Funding.objects.filter(**inside).exclude(planned=None).order_by("year", "source"):
            if row.measure_id in kept:
                money.setdefault(row.measure_id, {})[YearColumn("money", row.year, row.source)] = row.planned
        order = list(SOURCE_WORDS)
        columns = {column for sums in money.values() for column in sums}
        columns = sorted(columns, key=lambda column: (column.year, order.index(column.source)))
        self._fields(before="funding_note", by_year=columns)
        self.names.append("status")
        links, points, towns = self._beside_measures(inside)
        for one in records:
            self._add(
                {name: getattr(one, name, None) for name in self.names}
                | {
                    "direction": ground.direction_name(one.direction),
                    "town": ground.town_name(one.municipality) if one.municipality else None,
                    "due": one.due_now, "status": one.get_status_display(), "priorities": "\n".join(
                        ground.priority_name(priority, with_town=one.municipality_id is None)
                        for priority in links.get(one.pk, ())
                    ), "milestones": "\n".join(points.get(one.pk, ())), "towns": "\n".join(towns.get(one.pk, ())),
                }
                | {str(column): planned for column, planned in money.get(one.pk, {}).items()}
            )  # fmt: skip

    def _beside_measures(self, inside):
        links, points, towns = {}, {}, {}
        for measure, priority in (
            PriorityMeasure.objects.filter(**inside).order_by("pk").values_list("measure", "priority")
        ):
            links.setdefault(measure, []).append(self.ground.priorities[priority])
        for point in Milestone.objects.filter(**inside).order_by("due", "pk"):
            title = " ".join(clean_text(point.title).split("\n"))
            points.setdefault(point.measure_id, []).append(f"{title} — {point.due:%d.%m.%Y}")
        rows = Measure.towns.through.objects.filter(**inside).order_by("municipality__name_sort")
        for measure, town in rows.values_list("measure_id", "municipality_id"):
            if town in self.ground.towns:
                towns.setdefault(measure, []).append(self.ground.town_name(self.ground.towns[town]))
        return links, points, towns

    def _is_here(self, town):
        return self.scope.town is None or town == self.scope.town.pk

    # ——— Priorities ———

    def _priorities(self):
        ground = self.ground
        self._fields()
        self.names.append("status")
        rows = Priority.objects.filter(strategy__municipality__region=self.scope.region).select_related("goal")
        of_town = {}
        for one in ground.strategies.values():
            of_town.setdefault(one.municipality_id, []).append(one)
        for one in rows.order_by("strategy__municipality__name_sort", "strategy", "order", "pk").defer("search_stems"):
            strategy = ground.strategies[one.strategy_id]
            if self._is_here(strategy.municipality_id):
                self._add(
                    {name: getattr(one, name, None) for name in self.names}
                    | {
                        "town": ground.town_name(strategy.municipality),
                        "strategy": strategy_name(strategy, of_town[strategy.municipality_id]),
                        "sphere": str(Sphere(one.sphere).label) if one.sphere else None,
                        "goal": one.goal.text if one.goal else None, "status": one.get_status_display(),
                    }
                )  # fmt: skip

    # ——— Strategies and goals ———

    def _strategies(self):
        self._fields()
        self.names.append("status")
        for one in sorted(self.ground.strategies.values(), key=lambda one: (one.municipality.name_sort, one.pk)):
            if self._is_here(one.municipality_id):
                self._add(
                    {name: getattr(one, name, None) for name in self.names}
                    | {
                        "town": self.ground.town_name(one.municipality), "kind": one.get_kind_display(),
                        "status": one.get_status_display(),
                    }
                )  # fmt: skip

    def _goals(self):
        self._fields()
        of_town = {}
        for one in self.ground.strategies.values():
            of_town.setdefault(one.municipality_id, []).append(one)
        goals = Goal.objects.filter(strategy__municipality__region=self.scope.region).select_related("parent")
        for one in goals.order_by("strategy__municipality__name_sort", "strategy", "order", "pk"):
            strategy = self.ground.strategies[one.strategy_id]
            if self._is_here(strategy.municipality_id):
                self._add(
                    {name: getattr(one, name, None) for name in self.names}
                    | {
                        "town": self.ground.town_name(strategy.municipality),
                        "strategy": strategy_name(strategy, of_town[strategy.municipality_id]),
                        "parent": f"{clean_text(one.parent.text)} [{one.parent_id}]" if one.parent else None,
                    }
                )

    # ——— Indicators and values ———

    def _of_region(self):
        """Indicators of the region in order, with whose each is."""
        ground = self.ground
        inside = of_region(self.scope.region)
        for one in Indicator.objects.filter(inside).order_by("priority", "measure", "municipality", "order", "pk"):
            if one.priority_id:
                one.priority = ground.priorities[one.priority_id]
            elif one.measure_id:
                one.measure = ground.measures[one.measure_id]
            if self._is_here(town_of(one)):
                yield one

    def _owner(self, one):
        """Whose an indicator is, in the columns of a table."""
        ground, town = self.ground, self.ground.towns.get(town_of(one))
        return {
            "pk": one.pk, "town": ground.town_name(town) if town else None,
            "priority": ground.priority_name(one.priority) if one.priority_id else None,
            "programme": one.measure.direction.programme.title if one.measure_id else None,
            "measure": ground.measure_name(one.measure) if one.measure_id else None, "name": one.name, "unit": one.unit,
        }  # fmt: skip

    def _figures(self, records):
        values = {}
        rows = IndicatorValue.objects.filter(indicator__in=Indicator.objects.filter(of_region(self.scope.region)))
        known = {one.pk for one in records}
        for value in rows.exclude(year=None).order_by("year"):
            if value.indicator_id in known:
                values.setdefault(value.indicator_id, []).append(value)
        return values

    def _indicators(self):
        records = list(self._of_region())
        values = self._figures(records)
        years = sorted({value.year for rows in values.values() for value in rows})
        columns = [YearColumn(what, year) for what in ("target", "actual") for year in years]
        self._fields(before="data_source", by_year=columns)
        for one in records:
            self._add(
                {name: getattr(one, name, None) for name in self.names}
                | self._owner(one)
                | {"direction": DIRECTION_WORDS[one.direction]}
                | {
                    str(column): getattr(value, column.what)
                    for value in values.get(one.pk, ())
                    for column in (YearColumn("target", value.year), YearColumn("actual", value.year))
                }
            )

    def _values(self):
        records = list(self._of_region())
        values = self._figures(records)
        self._fields()
        for one in records:
            for value in values.get(one.pk, ()):
                self._add({name: getattr(value, name, None) for name in self.names} | self._owner(one))

    # ——— Files ———

    def as_xlsx(self):
        """The bytes of a book: real numbers and dates, texts that never become formulas, heads that stay in sight."""
        content = io.BytesIO()
        with Book(content) as book:
            sheet = book.sheet(
                str(self.kind.label).capitalize(), [WIDTHS.get(name, 16) for name in self.names], freeze=(1, 1)
            )
            sheet.row(self.heads, shape=HEAD)
            for row in self.rows:
                sheet.row([_xlsx_cell(value) for value in row])
            sheet.filter_rows(len(self.names))
        return content.getvalue()

    def as_csv(self):
        """The bytes of a CSV as Excel opens it in Russian: UTF-8 with a mark, «;», a decimal comma."""
        target = io.StringIO(newline="")
        writer = csv.writer(target, delimiter=";")
        writer.writerow(self.heads)
        writer.writerows([_csv_cell(value) for value in row] for row in self.rows)
        return target.getvalue().encode("utf-8-sig")


def _text(value):
    """A text as a cell may hold it; one too long is left out, and an empty cell changes nothing."""
    text = clean_text(value)
    return text if len(text) <= MOST_TEXT else ""


def _xlsx_cell(value):
    if isinstance(value, str):
        return _text(value) if value else None
    if not isinstance(value, Decimal):
        return value
    if len(value.normalize().as_tuple().digits) > EXACT_DIGITS:
        return _digits(value)
    if value == value.to_integral():
        return Styled(int(value), shown_as="#,##0")
    return Styled(value.normalize(), shown_as="#,##0.####")


def _digits(value):
    return f"{value.normalize():f}".replace(".", ",")


def _csv_cell(value):
    if value is None:
        return ""
    if isinstance(value, bool):
        return "да" if value else "нет"
    if isinstance(value, datetime.date):
        return f"{value:%d.%m.%Y}"
    if isinstance(value, Decimal):
        return _digits(value)
    return str(value) if isinstance(value, int) else guard(_text(value))
