"""A file of a table as a grid of texts: CSV in the usual encodings, XLSX without its formulas and macros.

A cell is a text. What is more than a text begins with a mark: a date of Excel (`DAY`), a formula (`FORMULA`), an error
of Excel (`ERROR`), a cell merged with the one above (`MERGED`, then what stands there).
"""

import csv
import datetime
import io
import itertools
import re
import zipfile
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from openpyxl.utils import range_boundaries

from .files import decoded, delimited_rows, first_bytes, is_book, open_book

DAY, FORMULA, ERROR, MERGED = "\x01", "\x02", "\x03", "\x04"
MOST_BYTES, MOST_ROWS, MOST_COLUMNS, MOST_TEXT = 10 * 1024 * 1024, 20_000, 200, 32_000
MOST_INSIDE = 120 * 1024 * 1024
MOST_MERGED, MOST_SHEETS = 200_000, 10
DELIMITERS = ";\t,"
OTHER_KIND = "Подходят таблицы XLSX и CSV: этот файл другого вида."
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_MERGE = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]+\d+:[A-Z]+\d+)"')


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


def read_grid(upload, suits=None):
    """The grid of an uploaded file.

    Args:
        suits: whether a grid is what is looked for; of several sheets the first such is taken, or the first.

    Raises:
        ValidationError: it is no table, too large, broken, or carries macros.
    """
    if upload.size > MOST_BYTES:
        raise ValidationError("Файл больше 10 МБ. Разделите таблицу на части.", code="too_large")
    if first_bytes(upload).startswith(b"\xd0\xcf\x11\xe0"):
        raise ValidationError(
            "Это старый формат Excel (.xls). Откройте файл и сохраните его как «Книга Excel (.xlsx)» или CSV.",
            code="old_excel",
        )
    grid = _book(upload, suits) if is_book(upload) else _text(upload)
    while grid.rows and not any(grid.rows[-1]):
        grid.rows.pop()
    if not grid.rows:
        raise ValidationError("В таблице нет ни одной строки.", code="empty")
    return grid


def _limited(rows):
    """Rows with the limits kept; trailing empty cells cut off."""
    for number, cells in enumerate(rows, start=1):
        while cells and not cells[-1]:
            cells.pop()
        if len(cells) > MOST_COLUMNS:
            raise ValidationError(f"Столбцов больше {MOST_COLUMNS}. Оставьте только нужные.", code="too_wide")
        if cells and number > MOST_ROWS:
            raise ValidationError("В таблице больше 20 000 строк. Разделите её на части.", code="too_many")
        if number <= MOST_ROWS:
            yield cells


def without_mark(text):
    """What a formula, an error or a merged cell says to people: its text without the mark."""
    return text[1:] if text[:1] in {FORMULA, ERROR, MERGED} else text


def clean_text(text):
    """A text of a cell as it is kept: no control characters, line ends as one, no blanks around."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def _book(upload, suits):
    try:
        with zipfile.ZipFile(upload) as package:
            names = package.namelist()
            if "content.xml" in names and "mimetype" in names:
                raise ValidationError(
                    "Это таблица OpenDocument (.ods). Сохраните её как «Excel 2007–365 (.xlsx)» или CSV.", code="ods"
                )
            if sum(member.file_size for member in package.infolist()) > MOST_INSIDE:
                raise ValidationError("Файл слишком велик внутри: распакованным он займёт больше 120 МБ.", code="bomb")
    except zipfile.BadZipFile as error:
        raise ValidationError("Файл повреждён: его не удаётся открыть.", code="broken") from error
    upload.seek(0)
    with open_book(upload, other_kind=OTHER_KIND) as book:
        sheets = [one for one in book.worksheets if one.sheet_state == "visible"] or book.worksheets[:1]
        others = tuple(one.title for one in sheets)
        grids = (_sheet(upload, one, others) for one in sheets[:MOST_SHEETS])
        first = next(grids)
        if suits is None or len(sheets) == 1 or suits(first):
            return first
        return next((grid for grid in grids if suits(grid)), first)


def _sheet(upload, sheet, names):
    """The grid of one sheet of a book."""
    sheet.reset_dimensions()
    rows = list(_limited([_cell(cell) for cell in row] for row in sheet.iter_rows(max_col=MOST_COLUMNS + 1)))
    _fill_merged(rows, _merged(upload, sheet))
    return Grid(rows, sheet.title, tuple(name for name in names if name != sheet.title))


def _cell(cell):
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        return FORMULA
    if cell.data_type == "e":
        return ERROR + str(value)[:20]
    if isinstance(value, datetime.datetime | datetime.date):
        return DAY + value.strftime("%Y-%m-%d")
    if isinstance(value, bool):
        return "да" if value else "нет"
    if isinstance(value, int | float):
        is_percent = "%" in (cell.number_format or "")
        # Excel keeps 15 digits: what stands behind them is dust of the binary form.
        return f"{value * 100:.15g}%" if is_percent else _digits(value)
    return clean_text(str(value))[:MOST_TEXT]


def _digits(value):
    if isinstance(value, int) or float(value).is_integer():
        return str(int(value))
    text = f"{value:.15g}"
    return f"{float(text):.10f}".rstrip("0").rstrip(".") if "e" in text else text


def _merged(upload, sheet):
    """[(left, top, right, bottom)] of merged cells: the fast reader does not know them."""
    found, rest = [], b""
    upload.seek(0)
    with zipfile.ZipFile(upload) as package, package.open(sheet._worksheet_path) as source:
        while piece := source.read(1 << 20):
            text = rest + piece
            found += [range_boundaries(ref.decode()) for ref in _MERGE.findall(text)]
            if len(found) > MOST_MERGED:
                raise ValueError("merged")
            # A tag may be cut by the end of the piece; none is found twice.
            rest = text[text.rfind(b"<") :] if b">" not in text[text.rfind(b"<") :] else b""
    return found


def _fill_merged(rows, ranges):
    """A merged cell says the same in all its rows: lower ones carry the mark and the text of the first."""
    for left, top, _right, bottom in ranges:
        if bottom == top or top > len(rows):
            continue
        cells = rows[top - 1]
        text = cells[left - 1] if left <= len(cells) else ""
        for number in range(top, min(bottom, len(rows))):
            row = rows[number]
            if text and (left > len(row) or not row[left - 1]):
                row.extend([""] * (left - len(row)))
                row[left - 1] = MERGED + text


def _text(upload):
    raw = upload.read()
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = raw.decode("utf-16", errors="replace")
    elif b"\0" in raw or raw.startswith((b"%PDF", b"\x89PNG", b"<?xml", b"<html", b"{\\rtf")):
        raise ValidationError(OTHER_KIND, code="type")
    else:
        text = decoded(raw)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    delimiter = max(DELIMITERS, key=_columns_by(text))
    return Grid(list(_limited(map(_plain, delimited_rows(text, delimiter)))))


def _columns_by(text):
    """How many columns a delimiter gives in the first lines: the one that gives most is right."""

    def count(delimiter):
        try:
            first = list(itertools.islice(csv.reader(io.StringIO(text), delimiter=delimiter), 10))
        except csv.Error:
            return 0
        return max(map(len, first), default=0)

    return count


def _plain(row):
    """Cells of a CSV: a text that would begin a formula stands behind an apostrophe there."""
    return [_without_guard(clean_text(cell)[:MOST_TEXT]) for cell in row]


def _without_guard(text):
    return text[1:] if len(text) > 1 and text[0] == "'" and text[1] in GUARDED else text


GUARDED = "=+-@'"


def guard(text):
    """A text for a CSV that a spreadsheet opens: it never begins a formula."""
    return "'" + text if text and text[0] in GUARDED else text
