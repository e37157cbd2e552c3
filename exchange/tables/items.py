"""What the reader of rows hands on: records as the table tells them, faults by their cells, rows that are not read."""

from dataclasses import dataclass, field

from openpyxl.utils import get_column_letter

from exchange.sheets.marks import clean_text


@dataclass(frozen=True, order=True)
class Fault:
    """What is wrong in a cell, or in a row as a whole (column 0)."""

    line: int
    place: int
    column: str
    text: str

    @property
    def cell(self):
        """The address that a spreadsheet shows: D12; the row alone where no column is to blame."""
        return f"{get_column_letter(self.place)}{self.line}" if self.place else ""


@dataclass(frozen=True)
class Left:
    """A row that is not read.

    Attributes:
        row: its place, the first at 0.
        text: how it begins.
        why: in words.
    """

    row: int
    text: str
    why: str

    @property
    def line(self):
        """Its number in a spreadsheet."""
        return self.row + 1


@dataclass(slots=True)
class Item:
    """A record as the table tells it: one row, or several rows of one measure by sources."""

    line: int
    values: dict = field(default_factory=dict)
    money: dict = field(default_factory=dict)  # {(year or None, source): (sum, line, column)}
    spent: dict = field(default_factory=dict)  # the same of what is spent
    named: dict = field(default_factory=dict)  # {(money or spent, year or None, source as the table calls it): line}
    unsourced: frozenset = frozenset()  # those of them whose source the table itself does not say
    sums: dict = field(default_factory=dict)  # {(year or None, source or «» for all): what the parts are compared with}
    figures: dict = field(default_factory=dict)  # {(target, actual or is_preliminary, year): number or True}
    percents: frozenset = frozenset()  # names of fields whose cell said «%»
    cells: dict = field(default_factory=dict)  # {name: the cell itself, where it was read as more than it says}
    wrong: frozenset = frozenset()  # names of fields whose cell is told as wrong
    is_broken: bool = False

    def get(self, name):
        return self.values.get(name)

    def close(self):
        """No more rows say anything of it: which of them named a sum is no longer asked."""
        self.named, self.unsourced = {}, frozenset()

    def shed(self):
        """It is planned: of a long table only what rows are told apart by is held on."""
        self.money = self.spent = self.sums = self.figures = self.cells = {}

    def keep_own_words(self, record):
        """Where a record says what a cell says to the letter, that is meant: «то же» may be its own words."""
        for name, text in self.cells.items():
            own = getattr(record, name, None)
            if isinstance(own, str) and clean_text(own) == text:
                self.values[name] = own

    def open_parts(self):
        """Rows of sources follow: what the first row says without a source is the sum of them."""
        for what, year, whose in self.unsourced:
            del self.named[what, year, whose]
            value, *_where = (self.spent if what == "spent" else self.money).pop((year, whose))
            if what == "money":
                self.sums[year, ""] = value
        self.unsourced = frozenset()
