"""The shape of a paper: columns, groups of rows, lines of a row, totals. Word, the sheet and the page read it alike.

A figure is a `Decimal`, a day is a date, nothing known is None: what is blank is never zero.
"""

from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum


class Cell(Enum):
    """What stands in a column."""

    TEXT = "text"
    COUNT = "count"
    MONEY = "money"
    FIGURE = "figure"
    PERCENT = "percent"
    DAY = "day"


@dataclass(frozen=True)
class Column:
    """A column: its mark in a template, its head, what stands in it, how wide it is.

    `of_line`: it changes from line to line of a row; others stand once for all lines. `width`: in millimetres on paper.
    """

    name: str
    title: str
    cell: Cell = Cell.TEXT
    width: int = 20
    of_line: bool = False


class Sum(Enum):
    """How a total is counted again in a sheet."""

    ALL = "all"  # every line above, without the totals among them
    WHERE = "where"  # lines where a column says a word
    ROWS = "rows"  # how many rows, without those that say a word
    ROWS_WHERE = "rows_where"  # how many rows say a word


@dataclass
class Total:
    """A line of totals: its words, its figures by column, and how to count them again.

    `where`: (column, word) of the lines that count; a word may have `*` before or after it for any other words.
    `deviation`: (column of the answer, plan, fact) where it has one: of the lines that have their own. `over`: the
    first group that counts and the one
    after the last; None for every group.
    """

    label: str
    figures: dict
    how: Sum = Sum.ALL
    where: tuple | None = None
    deviation: tuple | None = None
    over: tuple | None = None


@dataclass
class Row:
    """One measure or instruction: what stands once, and its lines."""

    cells: dict
    lines: list = field(default_factory=lambda: [{}])


@dataclass
class Group:
    """Rows under one heading, and their totals; without a heading where the title is empty.

    `part`: of what the rows are; sums are told part by part. Rows of no part (None) are in no total. `direction`: its
    number, where the group is about one.
    """

    title: str
    rows: list = field(default_factory=list)
    totals: list = field(default_factory=list)
    part: str | None = ""
    direction: int | None = None


@dataclass
class Paper:
    """A whole paper.

    `kind`: of `PaperTemplate.Kind`; `title`: what paper it is; `subject`: about what; `head`: further words of the
    heading by mark (region, period, as_of…); `legend`: what the signs mean; `notes`: what else to know of the figures.
    """

    kind: str
    title: str
    subject: str
    head: dict
    columns: tuple
    groups: list = field(default_factory=list)
    totals: list = field(default_factory=list)
    legend: str = ""
    notes: str = ""
    is_money: bool = True

    @property
    def row_count(self):
        """How many rows the paper has."""
        return sum(len(group.rows) for group in self.groups)

    @property
    def line_count(self):
        """How many lines the table of the paper has."""
        return sum(len(row.lines) for group in self.groups for row in group.rows)


def known_sum(figures):
    """The sum of known figures; None where none is known."""
    known = [figure for figure in figures if figure is not None]
    return sum(known, Decimal(0)) if known else None


def column_sums(rows, names, *, where=None):
    """{column: sum over the lines of rows}; `where`: (column, word) of the lines that count."""
    sums = dict.fromkeys(names)
    for row in rows:
        for line in row.lines:
            if where is not None and line.get(where[0]) != where[1]:
                continue
            for name in names:
                figure = line.get(name)
                if figure is not None:
                    sums[name] = figure if sums[name] is None else sums[name] + figure
    return sums


def decimals(figure):
    """How many decimals a figure is shown with: money always two, others as many as they have."""
    return max(-figure.as_tuple().exponent, 0)
