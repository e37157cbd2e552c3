"""What the columns of a table may be: fields by name, and columns that stand by years and sources of money."""

import re
from dataclasses import dataclass, replace

from .cells import Words

SOURCE_WORDS = {
    "federal": "федеральный бюджет",
    "regional": "областной бюджет",
    "local": "местный бюджет",
    "extra": "внебюджетные средства",
}
LOANS = "loan"
# What a column may say beside the sources themselves: loans are counted among the rest, added to what stands there.
COLUMN_SOURCES = SOURCE_WORDS | {LOANS: "заёмные средства (к внебюджетным)"}
FIGURE_WORDS = {"target": "план", "actual": "факт", "estimate": "предварительный факт", "base": "базовое значение"}
PLAN, FACT, GUESS = "plan", "fact", "estimate"  # what the figures of a row are, where a column says it row by row
MONEY_WORDS = {"money": "", "spent": ": потрачено", "sum": ": только сверить"}
_NAME = re.compile(
    rf"({'|'.join(MONEY_WORDS)}):(\d{{4}})?:({'|'.join(COLUMN_SOURCES)})?|({'|'.join(FIGURE_WORDS)}):(\d{{4}})"
)


@dataclass(frozen=True)
class Field:
    """A column: its name, what people call it, the words by which a head is known (a pattern), the cell."""

    name: str
    label: str
    words: str
    cell: object = Words()


@dataclass(frozen=True)
class YearColumn:
    """A column that stands by years: money of a source, a sum only to be compared, or a figure of an indicator.

    Attributes:
        what: "money" promised, "spent", a "sum"; "target", "actual", "estimate" (a preliminary fact), "base".
        year: None where the head does not say it.
        source: of money; empty where the head does not say it, in a sum: of all sources.
    """

    what: str
    year: int | None = None
    source: str = ""

    @classmethod
    def parse(cls, name):
        """The column of a name, as forms and kept matches write it; None for the name of a field."""
        found = _NAME.fullmatch(name)
        if found is None:
            return None
        what, year, source, figure, of_year = found.groups()
        year = year or of_year
        return cls(what or figure, int(year) if year else None, source or "")

    def __str__(self):
        return f"{self.what}:{self.year or ''}" + ("" if self.what in FIGURE_WORDS else f":{self.source}")

    def of_flow(self, flow):
        """The column as it is in a row that says what its figures are; None where such a row has none of it."""
        if flow not in {FACT, GUESS}:
            return self
        what = {"money": "spent", "target": "actual"} if flow == FACT else {"target": "estimate"}
        return replace(self, what=what[self.what]) if self.what in what else None

    @property
    def is_money(self):
        """Whether it counts in units of money."""
        return self.what in MONEY_WORDS

    @property
    def is_kept(self):
        """Whether it is money that goes in; a total is only compared."""
        return self.what in {"money", "spent"}

    @property
    def label(self):
        """What people call it: «2026, местный бюджет»."""
        if self.what == "sum":
            return f"{self.year or 'все годы'}, {COLUMN_SOURCES.get(self.source, 'все источники')}{MONEY_WORDS['sum']}"
        if self.is_money:
            source = COLUMN_SOURCES.get(self.source, "источник назвать ниже")
            return (f"{self.year}, {source}" if self.year else f"{source}, год назвать ниже") + MONEY_WORDS[self.what]
        return f"{self.year}, {FIGURE_WORDS[self.what]}"


@dataclass(frozen=True)
class Kind:
    """A kind of table: its fields in the order of the export, which must be there, and what stands by years."""

    code: str
    label: str
    fields: tuple
    required: tuple
    by_year: str = ""  # "money" or "figures"

    def field(self, name):
        """The field of a name; None where there is none."""
        return next((field for field in self.fields if field.name == name), None)

    def label_of(self, name):
        """What a column is called."""
        known = self.field(name) or YearColumn.parse(name)
        return known.label if known else ""

    def allows(self, name):
        """Whether a table of the kind may have such a column."""
        by_year = YearColumn.parse(name)
        if by_year is None:
            return self.field(name) is not None
        return self.by_year == ("money" if by_year.is_money else "figures")
