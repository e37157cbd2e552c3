"""A paper as an Excel sheet: figures are numbers, days are dates, totals are formulas that Excel counts again.

A formula is written with its value, so that programs that do not count read the same figure. A text is never a formula,
whatever it begins with. openpyxl makes the book and its styles; the rows, which may be tens of thousands, are written
as text: cell by cell it takes ten times as long.
"""

import datetime
import io
import re
import zipfile
from decimal import Decimal
from math import ceil
from xml.sax.saxutils import escape

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

from .rows import Cell, Sum, decimals
from .texts import clean

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FONT = "Times New Roman"
NAMES = {"plan": "План мероприятий", "summary": "Сводный отчёт", "orders": "Поручения", "progress": "Ход реализации"}
MAX_TEXT = 32_767  # characters in a cell of Excel
A4 = 9  # its number among the sizes of paper
MM_TO_CHARACTERS = 0.6
LINE, MAX_HEIGHT = 13, 409  # points
BLANK_CELL = "Пустая ячейка значит «сведений нет», это не ноль."
FIRST_DAY = datetime.date(1899, 12, 30)  # Excel counts days from it
MONEY, WHOLE, DAY = "#,##0.00", "0", "dd.mm.yyyy"
PLACE = b"<sheetData/>", b"<sheetData />", b"<sheetData></sheetData>"

_LINE = Side(style="thin", color="999999")
# A text that runs over empty cells has no lines across it.
_BORDERS = {
    "box": Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE),
    "open": Border(top=_LINE, bottom=_LINE),
    "": Border(),
}
_ALIGNED = {
    "text": Alignment(vertical="top", wrap_text=True),
    "right": Alignment(vertical="top", horizontal="right"),
    "centre": Alignment(vertical="top", horizontal="center"),
    "head": Alignment(vertical="center", horizontal="center", wrap_text=True),
    "over": Alignment(vertical="top"),
}
_SHADE = PatternFill("solid", fgColor="F0F0F0")


def write_sheet(target, paper):
    """Write a paper as XLSX into a binary file."""
    sheet, draft = _Sheet(paper), io.BytesIO()
    rows = sheet.rows()
    heading = "".join(sheet.heading()).encode()
    # Styles come up while rows are written and stand in another part of the file: rows go first.
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as book:
        name = "xl/worksheets/sheet1.xml"
        before, after = sheet.frame(name)
        member = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
        member.compress_type = zipfile.ZIP_DEFLATED
        with book.open(member, "w", force_zip64=True) as page:
            page.write(before + b"<sheetData>" + heading)
            for piece in rows:
                page.write(piece.encode())
            page.write(b"</sheetData>" + after)
        sheet.book.save(draft)
        with zipfile.ZipFile(draft) as source:
            for part in source.namelist():
                if part != name:
                    book.writestr(part, source.read(part))


class _Sheet:
    """The rows of one sheet as XML, and the book that holds their styles."""

    def __init__(self, paper):
        self.paper, self.number, self.styles = paper, 0, {}
        self.book = Workbook()
        self.book.calculation.fullCalcOnLoad = True
        self.page = self.book.active
        self.page.title = NAMES[paper.kind]
        self.letters = [get_column_letter(at) for at in range(1, len(paper.columns) + 1)]
        self.letter_of = dict(zip((column.name for column in paper.columns), self.letters, strict=True))
        self._lay_out()

    def _lay_out(self):
        page, head = self.page, len(self._heading_lines()) + 1
        for letter, column in zip(self.letters, self.paper.columns, strict=True):
            page.column_dimensions[letter].width = max(column.width * MM_TO_CHARACTERS, 6)
        page.freeze_panes, page.print_title_rows = f"A{head + 1}", f"{head}:{head}"
        page.page_setup.orientation, page.page_setup.paperSize = "landscape", A4
        page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
        page.sheet_properties.pageSetUpPr.fitToPage = True
        page.page_margins.left, page.page_margins.right = 0.6, 0.4
        page.oddFooter.center.text = "&P из &N"

    def frame(self, name):
        """What stands before and after the rows."""
        draft = io.BytesIO()
        self.book.save(draft)
        with zipfile.ZipFile(draft) as source:
            content = source.read(name)
        place = next(place for place in PLACE if place in content)
        before, _place, after = content.partition(place)
        return re.sub(rb"<dimension [^>]*/>", b"", before), after

    # Rows

    def _heading_lines(self):
        head = self.paper.head
        lines = [(f"Приложение к {head['annex']}", False), (head["region"], False), (self.paper.title, True),
                 (self.paper.subject, True),
                 (f"Период: {head['period']}. По состоянию на {head['as_of']}", False)]  # fmt: skip
        if self.paper.is_money:
            lines.append((f"Единица измерения денег: {head['units']}", False))
        return lines

    def heading(self):
        """The heading and the heads of the columns."""
        for text, is_bold in self._heading_lines():
            yield self._said(text, is_bold=is_bold)
        style = self._style("head", is_bold=True, is_shaded=True)
        titles = [column.title.replace("\u00ad", "") for column in self.paper.columns]
        yield self._row([self._text(title, style) for title in titles], 3)

    def rows(self):
        """Rows by group, totals, the signature; call it after the heading is read."""
        first = self.number + 1
        spans = []
        for group in self.paper.groups:
            begins = self.number + 1
            yield from self._group(group)
            spans.append((begins, self.number))
        last = self.number
        for total in self.paper.totals:
            begin, stop = total.over or (0, len(spans))
            span = (spans[begin][0], spans[stop - 1][1]) if stop > begin else (first, last)
            yield from self._totals([total], *span)
        head = self.paper.head
        blank = " ".join(filter(None, [BLANK_CELL, self.paper.notes]))
        for text in ("", blank, f"Составлено {head['made_on']} по опубликованным сведениям.", "",
                     f"{head['signer_post']}   ________________________   {head['signer_name']}",
                     f"Исполнитель: {head['executor']}, тел. {head['phone']}"):  # fmt: skip
            yield self._said(text)

    def _group(self, group):
        if group.title:
            style = self._style("over", is_bold=True, border="open")
            yield self._row([self._text(group.title, style), *[f'<c r="{{}}" s="{style}"/>'] * (len(self.letters) - 1)])
        first, columns = self.number + 1, self.paper.columns
        for row in group.rows:
            for line in row.lines:
                # What stands once for a row stands in each of its lines: a sheet is sorted and filtered.
                values = [(line if column.of_line else row.cells).get(column.name) for column in columns]
                height = max(_lines(value, column) for value, column in zip(values, columns, strict=True))
                cells = [self._cell(value, column.cell) for value, column in zip(values, columns, strict=True)]
                yield self._row(cells, height)
        yield from self._totals(group.totals, first, self.number)

    def _totals(self, totals, first, last):
        plain, bold = self._style("over", is_bold=True, border="open"), self._style("right", is_bold=True)
        for total in totals:
            cells, empty = [self._text(total.label, plain)], plain
            for column in self.paper.columns[1:]:
                figure = total.figures.get(column.name)
                empty = bold if column.name in total.figures else empty
                if figure is None:
                    cells.append(f'<c r="{{}}" s="{empty}"/>')
                    continue
                style = self._style("right", _format(figure, column.cell), is_bold=True)
                formula = escape(self._formula(total, column, first, last))
                cells.append(f'<c r="{{}}" s="{style}"><f>{formula}</f><v>{figure}</v></c>')
            yield self._row(cells)

    def _formula(self, total, column, first, last):
        letter = self.letter_of[column.name]
        if total.deviation and column.name == total.deviation[0]:
            plan, fact = (f"{self.letter_of[name]}{self.number + 1}" for name in total.deviation[1:])
            return f"ROUND(({fact}-{plan})/{plan}*100,1)"
        if total.how is Sum.ALL:
            return f"SUBTOTAL(9,{letter}{first}:{letter}{last})"
        rows = f"COUNT(A{first}:A{last})"
        if total.where is None:
            return rows
        where, word = total.where
        test = f"{self.letter_of[where]}{first}:{self.letter_of[where]}{last}"
        said = word if isinstance(word, int) else '"' + word.replace('"', '""') + '"'
        if total.how is Sum.ROWS:
            return f"{rows}-COUNTIF({test},{said})"
        if total.how is Sum.ROWS_WHERE:
            return f"COUNTIF({test},{said})"
        return f"SUMIF({test},{said},{letter}{first}:{letter}{last})"

    # Cells: XML with a place for the address

    def _said(self, text, *, is_bold=False):
        return self._row([self._text(text, self._style("over", is_bold=is_bold, border=""))])

    def _row(self, cells, lines=1):
        self.number += 1
        number = self.number
        # Not every program finds the height of a row by itself.
        height = min(lines * LINE + 3, MAX_HEIGHT)
        placed = "".join(
            cell.replace("{}", f"{letter}{number}", 1) for letter, cell in zip(self.letters, cells, strict=False)
        )
        return f'<row r="{number}" ht="{height}" customHeight="1">{placed}</row>'

    def _text(self, text, style):
        text = clean(text)[:MAX_TEXT]
        return f'<c r="{{}}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'

    def _cell(self, value, kind):
        if isinstance(value, str):
            return self._text(value, self._style("text", is_quoted=value[:1] in {"=", "+", "-", "@"}))
        style = self._style("centre" if kind in {Cell.COUNT, Cell.DAY} else "right", _format(value, kind))
        if value is None:
            return f'<c r="{{}}" s="{style}"/>'
        figure = (value - FIRST_DAY).days if isinstance(value, datetime.date) else value
        return f'<c r="{{}}" s="{style}"><v>{figure}</v></c>'

    def _style(self, aligned, form="General", *, is_bold=False, border="box", is_shaded=False, is_quoted=False):
        """The number of a style in the book; a text that looks like a formula keeps its mark when it is edited."""
        key = (aligned, form, is_bold, border, is_shaded, is_quoted)
        if key not in self.styles:
            cell = self.page["A1"]
            cell.font, cell.alignment = Font(name=FONT, size=10, bold=is_bold), _ALIGNED[aligned]
            cell.border, cell.number_format = _BORDERS[border], form
            cell.fill = _SHADE if is_shaded else PatternFill()
            cell.quotePrefix = is_quoted
            self.styles[key] = cell.style_id
            self.page._cells.clear()
        return self.styles[key]


def _format(value, kind):
    """How Excel shows a value; marks of thousands and of decimals are those of its own language."""
    if isinstance(value, int):
        return WHOLE
    if kind is Cell.MONEY:
        return MONEY
    if kind is Cell.DAY:
        return DAY
    if not isinstance(value, Decimal):
        return "General"
    places = 1 if kind is Cell.PERCENT else decimals(value)
    return "#,##0" + ("." + "0" * places if places else "")


def _lines(value, column):
    """How many lines a text takes in its column."""
    if not isinstance(value, str):
        return 1
    width = column.width * MM_TO_CHARACTERS * 1.2
    return sum(max(ceil(len(part) / width), 1) for part in value.split("\n"))
