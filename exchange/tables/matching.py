"""Which column is what: by the words of the head, by a match that was said before, or as a person says it now."""

import re
from dataclasses import dataclass, field
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction

from exchange.sheets.cells import Money, Number
from exchange.sheets.columns import FIGURE_WORDS, SOURCE_WORDS, YearColumn
from exchange.sheets.heads import AS_FOUND, Layout
from exchange.sheets.meaning import recognise_all, unit_of
from exchange.tables.models import ColumnMatch
from municipalities.models import Region
from strategies.models import Funding


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
            return Money(own or self.layout.unit or self.unit or unit or Decimal(1), is_kept=is_kept)
        return known.cell if known else Number(percent=True)

    def to_keep(self):
        """What a `ColumnMatch` keeps: {field: head}, and what was said once."""
        kept = {name: self.names[place] for place, name in self.fields.items()}
        skipped = [name for place, name in enumerate(self.names) if name and place not in self.fields]
        kept |= {f"skip:{number}": name for number, name in enumerate(skipped, start=1)}
        # The year of values and the paper of facts are asked anew: next year's table is of another one.
        year = "" if "year" in self.kind.required else self.year or ""
        return kept | {
            "default:source": self.source,
            "default:year": year,
            "default:direction": self.direction,
            "default:unit": str(self.unit or ""),
            "default:unit_name": self.unit_name,
        }


def by_words(kind, names, volumes=frozenset()):
    """A match by the words of the head; `volumes`: places of columns that count works, not money (`Head.volumes`)."""
    return Match(kind, names, recognise_all(kind, names, volumes))


def known_match(kind, names, region):
    """(match, its name) said before about a table of the very same columns; (None, "") where there is none."""
    own = own_heads(kind)
    heads = [name for name in names if name]
    if heads and all(name in own or own_column(kind, name) for name in heads):
        fields = {place: own.get(name) or own_column(kind, name) for place, name in enumerate(names) if name}
        return Match(kind, names, {place: name for place, name in fields.items() if name != "status"}), OWN
    for kept in ColumnMatch.objects.filter(region=region, kind=kind.code).order_by("-pk"):
        match = _from_kept(kind, names, kept.columns)
        if match is not None:
            return match, kept.name
    return None, ""


OWN = "таблица с этого сайта"
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


def _from_kept(kind, names, columns):
    heads = {name: place for place, name in enumerate(names) if name}
    said = {name: head for name, head in columns.items() if not name.startswith("default:")}
    if set(said.values()) != set(heads):
        return None
    fields = {heads[head]: name for name, head in said.items() if not name.startswith("skip:")}
    if not all(kind.allows(name) for name in fields.values()):
        return None
    source, year = columns.get("default:source", ""), columns.get("default:year") or None
    source = source if source in Funding.Source.values else ""
    unit = next((unit for unit in UNIT_WORDS if str(unit) == columns.get("default:unit")), None)
    match = Match(kind, names, fields, source, year, columns.get("default:direction", ""), unit=unit)
    match.unit_name = columns.get("default:unit_name", "")
    try:
        match.check(may_ask=True)
    except ValidationError:
        return None
    return match


def keep(match, *, region, name, by):
    """Keep a match under a name: the next table of the same columns needs no question.

    Raises:
        ValidationError: the name is too long or empty.
    """
    with transaction.atomic():
        # Whoever keeps a match of this region at this moment waits: one name is one match.
        Region.objects.select_for_update(no_key=True).only("pk").get(pk=region.pk)
        kept = ColumnMatch.objects.filter(region=region, kind=match.kind.code, name=name).first()
        if kept is None:
            kept = ColumnMatch(region=region, kind=match.kind.code, name=name, created_by=by)
        kept.columns = match.to_keep()
        kept.full_clean(exclude=["created_by"])
        kept.save()
    return kept
