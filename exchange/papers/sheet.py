"""A paper as an Excel sheet: figures are numbers, days are dates, totals are formulas that Excel counts again."""

from decimal import Decimal
from math import ceil

from xlsxwriter.utility import xl_col_to_name

from exchange.sheets.write import DAY, Book, Formula, Styled, look

from .rows import Cell, Sum, decimals

NAMES = {"plan": "План мероприятий", "summary": "Сводный отчёт", "orders": "Поручения", "progress": "Ход реализации"}
MM_TO_CHARACTERS = 0.6
LINE = 13  # points
BLANK_CELL = "Пустая ячейка значит «сведений нет», это не ноль."
MONEY, WHOLE = "#,##0.00", "0"
QUOTED = ("=", "+", "-", "@")

_LINED = {"border": 1, "border_color": "#999999"}
_BASE = look(font_name="Times New Roman", font_size=10, valign="top")
_TEXT = look(text_wrap=True, **_LINED)
_RIGHT, _CENTRE = look(align="right", **_LINED), look(align="center", **_LINED)
_HEAD = look(bold=True, text_wrap=True, valign="vcenter", align="center", bg_color="#F0F0F0", **_LINED)
_SUM = look(bold=True, align="right", **_LINED)
# A text that runs over empty cells has no lines across it.
_OVER = look(bold=True, top=1, top_color="#999999", bottom=1, bottom_color="#999999")
_BOLD = look(bold=True)


def write_sheet(target, paper):
    """Write a paper as XLSX into a binary file."""
    head = len(_heading(paper))
    with Book(target, _BASE) as book:
        widths = [max(column.width * MM_TO_CHARACTERS, 6) for column in paper.columns]
        sheet = book.sheet(NAMES[paper.kind], widths, freeze=(head + 1, 0), repeat=head)
        sheet.fit_to_a4(sides=(0.6, 0.4), footer="&C&P из &N")
        _PaperSheet(sheet, paper).write()


def _heading(paper):
    """[(line above the table, whether it is bold)]."""
    head = paper.head
    lines = [(f"Приложение к {head['annex']}", False), (head["region"], False), (paper.title, True),
             (paper.subject, True), (f"Период: {head['period']}. По состоянию на {head['as_of']}", False)]  # fmt: skip
    return lines + [(f"Единица измерения денег: {head['units']}", False)] * paper.is_money


class _PaperSheet:
    """The rows of a paper on its sheet."""

    def __init__(self, sheet, paper):
        self.sheet, self.paper = sheet, paper
        self.letter_of = {column.name: xl_col_to_name(place) for place, column in enumerate(paper.columns)}

    def write(self):
        """The heading, rows by group, totals, the signature."""
        for text, is_bold in _heading(self.paper):
            self._row([text], shape=_BOLD if is_bold else ())
        self._row([column.title.replace("\u00ad", "") for column in self.paper.columns], 3, shape=_HEAD)
        first, spans = self.sheet.height + 1, []
        for group in self.paper.groups:
            begins = self.sheet.height + 1
            self._group(group)
            spans.append((begins, self.sheet.height))
        last = self.sheet.height
        for total in self.paper.totals:
            begin, stop = total.over or (0, len(spans))
            span = (spans[begin][0], spans[stop - 1][1]) if stop > begin else (first, last)
            self._totals([total], *span)
        head = self.paper.head
        for text in ("", " ".join(filter(None, [BLANK_CELL, self.paper.notes])),
                     f"Составлено {head['made_on']} по опубликованным сведениям.", "",
                     f"{head['signer_post']}   ________________________   {head['signer_name']}",
                     f"Исполнитель: {head['executor']}, тел. {head['phone']}"):  # fmt: skip
            self._row([text])

    def _group(self, group):
        if group.title:
            self._row([group.title] + [None] * (len(self.paper.columns) - 1), shape=_OVER)
        first, columns = self.sheet.height + 1, self.paper.columns
        for row in group.rows:
            for line in row.lines:
                # What stands once for a row stands in each of its lines: a sheet is sorted and filtered.
                values = [(line if column.of_line else row.cells).get(column.name) for column in columns]
                lines = max(_lines(value, column) for value, column in zip(values, columns, strict=True))
                cells = [_cell(value, column.cell) for value, column in zip(values, columns, strict=True)]
                self._row(cells, lines, quoted=QUOTED)
        self._totals(group.totals, first, self.sheet.height)

    def _totals(self, totals, first, last):
        for total in totals:
            cells, empty = [Styled(total.label, _OVER)], _OVER
            for column in self.paper.columns[1:]:
                figure = total.figures.get(column.name)
                empty = _SUM if column.name in total.figures else empty
                if figure is None:
                    cells.append(Styled(None, empty))
                else:
                    formula = Formula(self._formula(total, column, first, last), figure)
                    cells.append(Styled(formula, _SUM, _format(figure, column.cell)))
            self._row(cells)

    def _formula(self, total, column, first, last):
        letter = self.letter_of[column.name]
        if total.deviation and column.name == total.deviation[0]:
            return self._deviation(total, first, last)
        if total.how is Sum.ALL:
            return f"SUBTOTAL(9,{letter}{first}:{letter}{last})"
        rows = f"COUNT(A{first}:A{last})"
        if total.where is None:
            return rows
        where, word = total.where
        test = f"{self.letter_of[where]}{first}:{self.letter_of[where]}{last}"
        said = _said(word)
        if total.how is Sum.ROWS:
            return f"{rows}-COUNTIF({test},{said})"
        if total.how is Sum.ROWS_WHERE:
            return f"COUNTIF({test},{said})"
        return f"SUMIF({test},{said},{letter}{first}:{letter}{last})"

    def _deviation(self, total, first, last):
        """Of the lines that have a deviation of their own, which is never under −100 %; an empty cell is no number."""
        answer, plan, fact = (f"{self.letter_of[name]}{first}:{self.letter_of[name]}{last}" for name in total.deviation)
        where, word = total.where
        lines = f'{self.letter_of[where]}{first}:{self.letter_of[where]}{last},{_said(word)},{answer},">=-100"'
        planned, spent = f"SUMIFS({plan},{lines})", f"SUMIFS({fact},{lines})"
        return f"ROUND(({spent}-{planned})/{planned}*100,1)"

    def _row(self, cells, lines=1, **options):
        # Not every program finds the height of a row by itself.
        self.sheet.row(cells, points=lines * LINE + 3, **options)


def _said(word):
    """A word of a condition as a formula writes it."""
    return word if isinstance(word, int) else '"' + word.replace('"', '""') + '"'


def _cell(value, kind):
    if isinstance(value, str):
        return Styled(value, _TEXT)
    return Styled(value, _CENTRE if kind in {Cell.COUNT, Cell.DAY} else _RIGHT, _format(value, kind))


def _format(value, kind):
    """How Excel shows a value; marks of thousands and of decimals are those of its own language."""
    if isinstance(value, int):
        return WHOLE
    if kind is Cell.MONEY:
        return MONEY
    if kind is Cell.DAY:
        return DAY
    if not isinstance(value, Decimal):
        return ""
    places = 1 if kind is Cell.PERCENT else decimals(value)
    return "#,##0" + ("." + "0" * places if places else "")


def _lines(value, column):
    """How many lines a text takes in its column."""
    if not isinstance(value, str):
        return 1
    width = column.width * MM_TO_CHARACTERS * 1.2
    return sum(max(ceil(len(part) / width), 1) for part in value.split("\n"))
