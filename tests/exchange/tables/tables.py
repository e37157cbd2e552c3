"""Tables for tests: files of rows, and what they would do to a region."""

import csv
import io
from decimal import Decimal

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile

from exchange.sheets.grid import read_grid
from exchange.sheets.heads import find_head
from exchange.tables.answers import UNASKED
from exchange.tables.fields import KINDS
from exchange.tables.ground import Scope
from exchange.tables.matching import by_words
from exchange.tables.memory import known_match
from exchange.tables.take_in import plan_table, take_in_steps


def csv_file(rows, *, delimiter=";", encoding="utf-8", name="таблица.csv"):
    """An uploaded CSV."""
    target = io.StringIO(newline="")
    csv.writer(target, delimiter=delimiter).writerows(rows)
    return SimpleUploadedFile(name, target.getvalue().encode(encoding))


def book_file(rows, *, merged=(), formats=None):
    """An uploaded XLSX; `formats` are number formats by address."""
    book, content = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    for area in merged:
        book.active.merge_cells(area)
    for address, form in (formats or {}).items():
        book.active[address].number_format = form
    book.save(content)
    return SimpleUploadedFile("таблица.xlsx", content.getvalue())


class Told:
    """A table on the way in: its grid, its match, its plan."""

    def __init__(self, file, kind, scope, *, by, reason="", match=None, answers=UNASKED):
        self.scope, self.by, self.reason, self.answers = scope, by, reason, answers
        self.grid = file if hasattr(file, "rows") else read_grid(file)
        names = find_head(self.grid, KINDS[kind]).names
        self.match = match or known_match(KINDS[kind], names, scope.region)[0] or by_words(KINDS[kind], names)
        self.match.unit = self.match.unit or Decimal(1)  # whoever says nothing else means thousands
        self.match.check()
        self.head = find_head(self.grid, KINDS[kind])
        self.planner, self.plan = plan_table(self.grid, self.match, scope, by=by, reason=reason, answers=answers)

    @property
    def faults(self):
        """[(address, what is wrong)]."""
        return [(fault.cell or str(fault.line), fault.text) for fault in self.plan.faults]

    @property
    def edits(self):
        """[(what, old, new)]."""
        return [(edit.what, edit.old, edit.new) for edit in self.plan.edits]

    @property
    def counts(self):
        """(added, changed, same)."""
        return len(self.plan.added), self.plan.changed, self.plan.same

    def take(self, *, seen=None, keep=None):
        """Take it in; gives the steps."""
        parts, seen = [(self.grid, self.head, self.match)], seen or self.plan.digest
        said = {"by": self.by, "reason": self.reason, "answers": [self.answers], "seen": seen, "keep": keep}
        return list(take_in_steps(parts, self.scope, **said))


def part_of(rows, kind, *, sheet=""):
    """A part of a workbook: its grid, head and match."""
    grid = read_grid(csv_file(rows))
    grid.sheet = sheet
    head = find_head(grid, KINDS[kind])
    return grid, head, by_words(KINDS[kind], head.names)


def scope_of(programme, **more):
    """Where a table of a programme goes."""
    return Scope(programme.region, programme, **more)
