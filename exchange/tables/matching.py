"""Which column is what: by the words of the head, by a match that was said before, or as a person says it now."""

import re
from dataclasses import dataclass, field
from decimal import Decimal

from django.core.exceptions import ValidationError

from exchange.sheets.cells import Money, Number
from exchange.sheets.columns import FIGURE_WORDS, SOURCE_WORDS, YearColumn
from exchange.sheets.heads import AS_FOUND, Layout
from exchange.sheets.meaning import recognise_all
from exchange.sheets.spelling import unit_of


@dataclass
class Match:
    """Which field each column is, and what is said once for the whole table.

    Attributes:
        kind: the `Kind` of the table.
        names: heads of the columns.
        fields: {place of a column: name of a field}; others are passed over.
        source: whose money stands where no head and no cell says it.
        year: which year's money stands where no head says it; None: the year of the due date of the row. In a table of
            values: the year of all of them where it has no column of years.
        direction: whose measures are new ones where the table does not say it.
        paper: where facts are from if the table does not say it.
        unit_name: what indicators are measured in where neither a column nor their names say it.
        unit: how many thousand roubles money is counted in where the head of its column does not say: as the lines
            above the head say it (`Head.unit`), or as a person says; None where nobody does.
        layout: what a person says of the sheet where the reader would guess otherwise.
        town: whose everything on the sheet is, where no column says it.
        below: fields whose empty cells say what the cell above says.
        headings: {a heading between rows: the direction that it means, or «-» where it is a mere heading}.
    """

    kind: object
    names: tuple
    fields: dict = field(default_factory=dict)
    source: str = ""
    year: int | None = None
    direction: str = ""
    paper: str = ""
    unit_name: str = ""
    unit: Decimal | None = None
    layout: Layout = AS_FOUND
    town: str = ""
    below: tuple = ()
    headings: dict = field(default_factory=dict)

    @property
    def lacks_year(self):
        """Whether a table of values says nowhere which year they are of."""
        return "year" in self.kind.required and "year" not in self.fields.values() and not self.year

    @property
    def lacks_unit(self):
        """Whether nobody says what some money of the table is counted in: it is never assumed."""
        is_said = self.layout.unit or self.unit or "counted" in self.fields.values()
        return not is_said and any(
            self.is_money(name) and unit_of(self.names[place]) is None for place, name in self.fields.items()
        )

    @property
    def is_to_ask(self):
        """Whether something must be asked once for the whole table."""
        return self.lacks_year or self.lacks_unit

    def places(self):
        """{field: place of its column}."""
        return {name: place for place, name in self.fields.items()}

    def check(self, *, may_ask=False):
        """Refuse a match that says nothing certain; `may_ask`: what `is_to_ask` may still be asked for.

        Raises:
            ValidationError: a field is chosen twice, a needed one is missing, or money has no source.
        """
        refusals, seen = [], {}
        for place, name in self.fields.items():
            if name in seen:
                refusals.append(
                    f"«{self.kind.label_of(name)}» выбрано дважды: «{self.names[seen[name]]}» и «{self.names[place]}»."
                )
            seen[name] = place
        if "pk" not in seen:
            refusals += [
                f"Не выбран столбец «{self.kind.label_of(name)}»."
                for name in self.kind.required
                if name not in seen and name not in {"year", "unit"}
            ]
        if self.lacks_unit and not may_ask:
            refusals.append("Не сказано, в чём деньги: в рублях, тысячах или миллионах. Назовите единицу под таблицей.")
        if self.lacks_year and not may_ask:
            refusals.append("Не сказано, за какой год значения: выберите столбец «год» или назовите год под таблицей.")
        if not self.source and "source" not in seen and any(self._needs_source(name) for name in seen):
            refusals.append("Скажите, чьи это деньги: в шапке источник не назван.")
        if refusals:
            raise ValidationError(refusals, code="match")

    @staticmethod
    def is_money(name):
        """Whether a field counts in units of money."""
        column = YearColumn.parse(name)
        return column.is_money if column else name == "stated_total"

    @staticmethod
    def _needs_source(name):
        column = YearColumn.parse(name)
        return column is not None and column.is_kept and not column.source

    def cell_of(self, name, unit):
        """How the cells of a field are read."""
        known, column = self.kind.field(name), YearColumn.parse(name)
        if self.is_money(name):
            is_kept = column is None or column.is_kept
            own = unit_of(self.names[self.places()[name]])
            return Money(own or self.layout.unit or self.unit or unit or Decimal(1), is_kept, bool(own or unit))
        return known.cell if known else Number(percent=True)


def by_words(kind, names, volumes=frozenset()):
    """A match by the words of the head; `volumes`: places of columns that count works, not money (`Head.volumes`)."""
    return Match(kind, names, recognise_all(kind, names, volumes))


def own_match(kind, names):
    """The match of a table that the site itself gave; None for any other."""
    own = own_heads(kind)
    heads = [name for name in names if name]
    if not heads or not all(name in own or own_column(kind, name) for name in heads):
        return None
    fields = {place: own.get(name) or own_column(kind, name) for place, name in enumerate(names) if name}
    return Match(kind, names, {place: name for place, name in fields.items() if name != "status"})


STATUS_HEAD = "состояние (не вносится)"
MONEY_UNIT = ", тыс. руб."
UNIT_WORDS = {
    Decimal("0.001"): "рубли",
    Decimal(1): "тысячи рублей",
    Decimal(1000): "миллионы рублей",
    Decimal(1_000_000): "миллиарды рублей",
}


def own_heads(kind):
    """{head: field} of the tables that the site itself gives."""
    return {field.label: field.name for field in kind.fields} | {STATUS_HEAD: "status"}


def own_column(kind, head):
    """The column by years of a head in a table that the site gives; «» for any other head."""
    year = head.partition(", ")[0]
    if not re.fullmatch(r"\d{4}", year):
        return ""
    if kind.by_year == "money":
        columns = [YearColumn("money", int(year), source) for source in SOURCE_WORDS]
    else:
        columns = [YearColumn(what, int(year)) for what in FIGURE_WORDS if what != "base" and kind.by_year]
    return next((str(one) for one in columns if one.label == head.removesuffix(MONEY_UNIT)), "")


def own_head(name):
    """The head of a column by years in a table that the site gives."""
    column = YearColumn.parse(name)
    return column.label + MONEY_UNIT if column.is_money else column.label
