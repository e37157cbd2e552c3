"""A paper as an Excel sheet: figures are numbers, days are dates, totals are formulas that Excel counts again.

A formula is written with its value, so that programs that do not count read the same figure. A text is never a formula,
whatever it begins with.
"""

import io
import re
import zipfile
from decimal import Decimal
from math import ceil

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

from .rows import Cell, Sum, decimals
from .texts import clean

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MONEY, COUNT, DAY = "#,##0.00", "0", "dd.mm.yyyy"
FONT = "Times New Roman"
NAMES = {"plan": "План мероприятий", "summary": "Сводный отчёт", "orders": "Поручения", "progress": "Ход реализации"}
MAX_TEXT = 32_767  # characters in a cell of Excel
A4 = 9  # its number among the sizes of paper
MM_TO_CHARACTERS = 0.55
LINE, MAX_HEIGHT = 13, 409  # points

_LINE = Side(style="thin", color="999999")
_BOX = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_TOP = Alignment(vertical="top", wrap_text=True)
_RIGHT = Alignment(vertical="top", horizontal="right")
_CENTRE = Alignment(vertical="top", horizontal="center")
_HEAD = Alignment(vertical="center", horizontal="center", wrap_text=True)
_SHADE = PatternFill("solid", fgColor="F0F0F0")


def write_sheet(target, paper):
    """Write a paper as XLSX into a binary file."""
    draft = io.BytesIO()
    sheet = _Sheet(paper)
    sheet.save(draft)
    _put_values(target, draft, sheet.values)


class _Sheet:
    """One sheet written row by row; `values`: {address of a formula: its value}."""

    def __init__(self, paper):
        self.paper, self.values, self.row = paper, {}, 0
        self.book = Workbook(write_only=True)
        self.book.calculation.fullCalcOnLoad = True
        self.page = self.book.create_sheet(NAMES[paper.kind])
        self.letters = {column.name: get_column_letter(at) for at, column in enumerate(paper.columns, 1)}
        self.plain = Font(name=FONT, size=10)
        self.bold = Font(name=FONT, size=10, bold=True)

    def save(self, target):
        """Everything in order: heading, heads of columns, groups, totals, signature."""
        self._lay_out()
        self._heading()
        first = self._heads()
        for group in self.paper.groups:
            self._group(group)
        self._totals(self.paper.totals, first)
        self._signature()
        self.book.save(target)

    def _lay_out(self):
        paper, page = self.paper, self.page
        for column in paper.columns:
            page.column_dimensions[self.letters[column.name]].width = max(column.width * MM_TO_CHARACTERS, 6)
        head = len(self._heading_lines()) + 1
        page.freeze_panes = f"A{head + 1}"
        page.print_title_rows = f"{head}:{head}"
        page.page_setup.orientation, page.page_setup.paperSize = "landscape", A4
        page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
        page.sheet_properties.pageSetUpPr.fitToPage = True
        page.page_margins.left, page.page_margins.right = 0.6, 0.4
        page.oddFooter.center.text = "&P из &N"

    def _heading_lines(self):
        head = self.paper.head
        lines = [(f"Приложение к {head['annex']}", False), (head["region"], False), (self.paper.title, True),
                 (self.paper.subject, True),
                 (f"Период: {head['period']}. По состоянию на {head['as_of']}", False)]  # fmt: skip
        if self.paper.is_money:
            lines.append((f"Единица измерения денег: {head['units']}", False))
        return lines

    def _heading(self):
        for text, is_bold in self._heading_lines():
            self._append([self._text(text, font=self.bold if is_bold else self.plain)])

    def _heads(self):
        titles = [column.title.replace("\u00ad", "") for column in self.paper.columns]
        cells = [self._text(title, font=self.bold, alignment=_HEAD, fill=_SHADE, box=True) for title in titles]
        self._append(cells, 3)
        return self.row + 1

    def _group(self, group):
        if group.title:
            heading = [self._text(group.title, font=self.bold, box=True)]
            self._append(heading + [self._blank(self.bold)] * (len(self.paper.columns) - 1))
        first = self.row + 1
        for row in group.rows:
            for line in row.lines:
                self._line(row, line)
        self._totals(group.totals, first)

    def _line(self, row, line):
        # What stands once for a row stands in each of its lines: a sheet is sorted and filtered.
        columns = self.paper.columns
        values = [(line if column.of_line else row.cells).get(column.name) for column in columns]
        height = max(_lines(value, column) for value, column in zip(values, columns, strict=True))
        self._append([self._cell(value, column.cell) for value, column in zip(values, columns, strict=True)], height)

    def _totals(self, totals, first):
        last = self.row
        for total in totals:
            cells = [self._text(total.label, font=self.bold, box=True)]
            for column in self.paper.columns[1:]:
                cells.append(self._total_cell(total, column, first, last))
            self._append(cells)

    def _total_cell(self, total, column, first, last):
        figure = total.figures.get(column.name)
        if figure is None:
            return self._blank(self.bold)
        cell = self._cell(figure, column.cell if not isinstance(figure, int) else Cell.COUNT, font=self.bold)
        cell.value, cell.data_type = self._formula(total, column, first, last), "f"
        self.values[f"{self.letters[column.name]}{self.row + 1}"] = figure
        return cell

    def _formula(self, total, column, first, last):
        letter = self.letters[column.name]
        if total.deviation and column.name == total.deviation[0]:
            plan, fact = (f"{self.letters[name]}{self.row + 1}" for name in total.deviation[1:])
            return f"=ROUND(({fact}-{plan})/{plan}*100,1)"
        if total.how is Sum.ALL:
            return f"=SUBTOTAL(9,{letter}{first}:{letter}{last})"
        if total.how is Sum.ROWS:
            return f"=COUNT(A{first}:A{last})"
        where, word = total.where
        test = f"{self.letters[where]}{first}:{self.letters[where]}{last}"
        said = word if isinstance(word, int) else '"' + word.replace('"', '""') + '"'
        if total.how is Sum.ROWS_WHERE:
            return f"=COUNTIF({test},{said})"
        return f"=SUMIF({test},{said},{letter}{first}:{letter}{last})"

    def _signature(self):
        head = self.paper.head
        for text in ("", self.paper.legend, f"Составлено {head['made_on']} по опубликованным сведениям.", "",
                     f"{head['signer_post']}   ________________________   {head['signer_name']}",
                     f"Исполнитель: {head['executor']}, тел. {head['phone']}"):  # fmt: skip
            self._append([self._text(text)])

    # Cells

    def _append(self, cells, lines=1):
        self.row += 1
        heights = self.page.row_dimensions
        # Not every program finds the height of a row by itself. It is written with the row and needed no more.
        heights[self.row].height = min(lines * LINE + 3, MAX_HEIGHT)
        self.page.append(cells)
        del heights[self.row]

    def _text(self, text, *, font=None, alignment=None, fill=None, box=False):
        cell = WriteOnlyCell(self.page, clean(text)[:MAX_TEXT])
        cell.data_type = "s"
        cell.font = font or self.plain
        if text[:1] in {"=", "+", "-", "@"}:
            cell.quotePrefix = True
        if alignment:
            cell.alignment = alignment
        if fill:
            cell.fill = fill
        if box:
            cell.border = _BOX
        return cell

    def _blank(self, font):
        cell = WriteOnlyCell(self.page)
        cell.font, cell.border = font, _BOX
        return cell

    def _cell(self, value, kind, *, font=None):
        if isinstance(value, str):
            return self._text(value, font=font, alignment=_TOP, box=True)
        cell = WriteOnlyCell(self.page, value)
        cell.font, cell.border = font or self.plain, _BOX
        cell.alignment = _CENTRE if kind in {Cell.COUNT, Cell.DAY} else _RIGHT
        if kind is Cell.DAY:
            cell.number_format = DAY
        elif isinstance(value, int):
            cell.number_format = COUNT
        elif isinstance(value, Decimal):
            cell.number_format = _number_format(value, kind)
        return cell


def _lines(value, column):
    """How many lines a text takes in its column."""
    if not isinstance(value, str):
        return 1
    width = column.width * MM_TO_CHARACTERS
    return sum(max(ceil(len(part) / width), 1) for part in value.split("\n"))


def _number_format(figure, kind):
    if kind is Cell.MONEY:
        return MONEY
    places = 1 if kind is Cell.PERCENT else decimals(figure)
    return "#,##0" + ("." + "0" * places if places else "")


def _put_values(target, draft, values):
    """The same file with the value of each formula beside it: openpyxl writes formulas only."""
    formula = re.compile(rb'(<c r="([A-Z]+\d+)"[^>]*>)(<f>[^<]*</f>)<v ?/?>(?:</v>)?')

    def with_value(found):
        value = values.get(found[2].decode())
        return found[0] if value is None else found[1] + found[3] + f"<v>{value}</v>".encode()

    with zipfile.ZipFile(draft) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as book:
        for member in source.infolist():
            content = source.read(member)
            if member.filename.startswith("xl/worksheets/"):
                content = formula.sub(with_value, content)
            book.writestr(member.filename, content)
