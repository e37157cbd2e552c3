"""A file of a table as grids of texts: books of Excel and OpenDocument, texts in every usual encoding, pasted tables.

A cell is a text. What is more than a text begins with a mark: see `marks`.
"""

from dataclasses import dataclass

from django.core.exceptions import ValidationError

from .files import is_page, page_tables, sheets_of
from .marks import DAY, ERROR, FORMULA, GUARDED, MERGED, MOST_BYTES, MOST_TEXT, Refusal, clean_text, guard, without_mark
from .text import pasted_rows

__all__ = [
    "DAY", "ERROR", "FORMULA", "GUARDED", "MERGED", "MOST_TEXT", "Book", "Grid", "clean_text", "guard", "read_book",
    "read_grid", "read_text", "without_mark",
]  # fmt: skip
PASTED = "Вставленная таблица"


@dataclass
class Grid:
    """The rows of a sheet, the first at place 0; trailing empty cells and rows are cut off.

    Attributes:
        rows: lists of cells.
        sheet: its name; empty for a text.
        others: names of the other visible sheets of the book.
        hidden, struck: places of rows that the sheet hides or strikes out.
        told: what else a person should know of it, in words: a filter, hidden columns.
    """

    rows: list
    sheet: str = ""
    others: tuple = ()
    hidden: frozenset = frozenset()
    struck: frozenset = frozenset()
    told: tuple = ()

    def cell(self, row, column):
        """The text of a cell; empty where there is none."""
        cells = self.rows[row]
        return cells[column] if column < len(cells) else ""


@dataclass(frozen=True)
class Book:
    """The sheets of a file.

    Attributes:
        grids: a `Grid` of every visible sheet that holds something.
        active: the place of the one that was open when the book was saved.
        hidden: names of sheets that the book hides; they are not read.
        told: what a person should know of the whole: sheets that are hidden or could not be read.
    """

    grids: tuple
    active: int = 0
    hidden: tuple = ()
    told: tuple = ()

    def chosen(self, suits=None):
        """The grid to begin with: the active one if it suits, else the first that does, else the active one."""
        active = self.grids[self.active]
        if suits is None or suits(active):
            return active
        return next((grid for grid in self.grids if suits(grid)), active)


def read_book(upload):
    """The sheets of an uploaded file.

    Raises:
        ValidationError: it is no table, too large, broken, locked, empty, or carries macros.
    """
    try:
        if upload.size > MOST_BYTES:
            raise Refusal("файл больше 10 МБ. Разделите таблицу на части.", "too_large")
        upload.seek(0)
        return _book(sheets_of(upload.read()))
    except Refusal as refusal:
        raise _told_of(upload.name or "", refusal) from refusal


def read_grid(upload, suits=None):
    """The grid of an uploaded file to begin with.

    Args:
        suits: whether a grid is what is looked for: of several sheets the active one if it is, or the first such.

    Raises:
        ValidationError: as `read_book`.
    """
    return read_book(upload).chosen(suits)


def read_text(text):
    """The grid of a table pasted from Word or Excel: of tabs, of «|», or of a page; of several tables the largest.

    Raises:
        ValidationError: there is no table in it.
    """
    try:
        if len(text) > MOST_BYTES // 2:
            raise Refusal("текст больше 5 миллионов знаков. Разделите таблицу на части.", "too_large")
        if is_page(text):
            return max(_book(page_tables(text)).grids, key=lambda grid: sum(map(len, grid.rows)))
        rows, told = pasted_rows(text)
        return _book({"sheets": [{"name": "", "rows": rows, "told": told}]}).grids[0]
    except Refusal as refusal:
        raise _told_of(PASTED, refusal) from refusal


def _told_of(name, refusal):
    """A refusal as a person reads it: which file, what is wrong, what to do."""
    return ValidationError(f"«{name[-100:]}»: {refusal.words}", code=refusal.code)


def _book(said):
    """The `Book` of what `sheets_of` gives; raises Refusal where no sheet holds anything."""
    told, refusals, full = [], [], []
    for sheet in said["sheets"]:
        if "refusal" in sheet:
            words, code = sheet["refusal"]
            refusals.append(Refusal(f"лист «{sheet['name']}»: {words}", code))
            told.append(f"Лист «{sheet['name']}» не прочли: {words}")
        elif any(map(any, sheet["rows"])):
            full.append(sheet)
    hidden = tuple(said.get("hidden", ()))
    if not full:
        words = f"в таблице нет ни одной строки.{_hidden_words(hidden)}"
        raise refusals[0] if refusals else Refusal(words, "empty")
    if hidden:
        told.append(_hidden_words(hidden).strip())
    if more := said.get("more"):
        told.append(f"Листов слишком много, не читали: {', '.join(more)}.")
    names = [sheet["name"] for sheet in said["sheets"] if sheet in full or "refusal" in sheet] + list(more or ())
    active = next((place for place, sheet in enumerate(full) if sheet["name"] == said.get("active")), 0)
    return Book(tuple(_grid(sheet, names, told) for sheet in full), active, hidden, tuple(told))


def _hidden_words(names):
    return f" Скрытые листы не читали: {', '.join(f'«{name}»' for name in names)}." if names else ""


def _grid(sheet, names, told):
    rows = sheet["rows"]
    while not any(rows[-1]):
        rows.pop()
    others = tuple(name for name in names if name != sheet["name"])
    hidden, struck = (
        frozenset(place for place in sheet.get(name, ()) if place < len(rows)) for name in ("hidden", "struck")
    )
    return Grid(rows, sheet["name"], others, hidden, struck, (*sheet.get("told", ()), *told))
