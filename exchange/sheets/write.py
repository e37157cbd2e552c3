"""Books of Excel: a number is a number, a day is a day, a formula carries its value, a text is never a formula.

Rows are written one after another and never held: a sheet may have tens of thousands of them.
"""

import datetime
import re
from decimal import Decimal
from typing import NamedTuple

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DAY = "dd.mm.yyyy"
MOST_TEXT = 32_767  # characters in a cell of Excel
A4, HIGHEST_ROW = 9, 409  # the number of A4 among sizes of paper; points
CHARACTER, POINT = 7, 4 / 3  # in pixels: by its own measures the library rounds
# Edges of a printed page, in inches: left and right, top and bottom, those of its header and footer.
SIDES, ENDS, NOTES = (0.75, 0.75), (1, 1), {"margin": 0.5}
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def clean(text):
    """A text without characters that an office file cannot hold; lines end one way."""
    return _NOT_XML.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def look(**properties):
    """How a cell looks, by the names of XlsxWriter; made once and compared often."""
    return tuple(properties.items())


HEAD = look(bold=True, text_wrap=True, valign="top")


class Styled(NamedTuple):
    """A value with its look and its number format; a bare value has neither."""

    value: object
    look: tuple = ()
    shown_as: str = ""


class Formula(NamedTuple):
    """A formula, and what it comes to: programs that do not count read the same figure."""

    text: str
    value: object


class _Page(Worksheet):
    """A sheet that keeps texts letter by letter: the library would take `<r>…</r>` and `_x0041_` for marks."""

    @staticmethod
    def _escape_control_characters(text):
        return text

    def _xml_rich_inline_string(self, text, attributes):
        self._xml_inline_string(text, preserve=False, attributes=attributes)


class Book:
    """A workbook on its way into a binary file; whole when its block is left.

    Args:
        target: a binary file.
        base: a look of every cell.
    """

    def __init__(self, target, base=()):
        texts_stay_texts = dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False)
        self._book = Workbook(target, {"constant_memory": True, **texts_stay_texts})
        self._base, self._formats = base, {}

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self._book.close()

    def sheet(self, title, widths, *, freeze, repeat=None):
        """A new sheet.

        Args:
            widths: of its columns, in characters.
            freeze: (row, column) from which it scrolls, counted from 0.
            repeat: the row that stands on every printed page, counted from 0.
        """
        page = self._book.add_worksheet(title, worksheet_class=_Page)
        for place, width in enumerate(widths):
            page.set_column_pixels(place, place, width * CHARACTER)
        page.freeze_panes(*freeze)
        page.set_margins(*SIDES, *ENDS)
        page.set_header("", NOTES)
        page.set_footer("", NOTES)
        if repeat is not None:
            page.repeat_rows(repeat)
            page.set_landscape()
        return Sheet(self, page)

    def format_of(self, shape, shown_as, *, is_quoted=False):
        """The format of a look and a number format; each stands in the book once."""
        key = (shape, shown_as, is_quoted)
        if key not in self._formats:
            properties = dict(self._base) | dict(shape)
            if shown_as:
                properties["num_format"] = shown_as
            if is_quoted:
                properties["quote_prefix"] = True
            self._formats[key] = self._book.add_format(properties) if properties else None
        return self._formats[key]


class Sheet:
    """The rows of a sheet, top to bottom."""

    def __init__(self, book, page):
        self._book, self._page, self.height = book, page, 0

    def row(self, cells, *, shape=(), points=None, quoted=()):
        """Write the next row.

        Args:
            cells: values or `Styled`.
            shape: the look of bare values.
            points: how high the row is; as Excel has it where it is not said.
            quoted: a tuple of signs: a text that begins with one keeps its mark when somebody edits the cell.
        """
        if points:
            self._page.set_row_pixels(self.height, min(points, HIGHEST_ROW) * POINT)
        for place, cell in enumerate(cells):
            value, own, shown_as = cell if isinstance(cell, Styled) else (cell, shape, "")
            self._write(place, value, own, shown_as, quoted)
        self.height += 1

    def note(self, place, text):
        """Pin a note to a cell of the row just written."""
        self._page.write_comment(self.height - 1, place, clean(text)[:MOST_TEXT], {"x_scale": 2})

    def _write(self, place, value, shape, shown_as, quoted):
        at, format_of = (self.height, place), self._book.format_of
        if value is None:
            self._page.write_blank(*at, None, format_of(shape, shown_as))
        elif isinstance(value, bool):
            self._page.write_string(*at, "да" if value else "нет", format_of(shape, shown_as))
        elif isinstance(value, int | float | Decimal):
            self._page.write_number(*at, value, format_of(shape, shown_as))
        elif isinstance(value, datetime.date):
            self._page.write_datetime(*at, value, format_of(shape, shown_as or DAY))
        elif isinstance(value, Formula):
            self._page.write_formula(*at, value.text, format_of(shape, shown_as), value.value)
        else:
            text = clean(str(value))[:MOST_TEXT]
            form = format_of(shape, shown_as, is_quoted=text.startswith(quoted))
            self._page.write_string(*at, text, form)

    def filter_rows(self, columns):
        """Buttons of a filter over the rows written, under the first of them."""
        self._page.autofilter(0, 0, self.height - 1, columns - 1)

    def fit_to_a4(self, *, sides, footer):
        """Print on A4, as wide as the page; `sides` are left and right edges in inches."""
        self._page.set_paper(A4)
        self._page.fit_to_pages(1, 0)
        self._page.set_margins(*sides, *ENDS)
        self._page.set_footer(footer, NOTES)
