"""A paper as a page to be printed: its table in HTML, piece by piece, so that a long one is sent as it is made."""

from django.utils.html import escape

from .catalogue import TOTALS_FROM
from .rows import Cell
from .words import shown

NUMERIC = {Cell.MONEY, Cell.FIGURE, Cell.PERCENT, Cell.COUNT}
HEAD_COLUMN = {"title", "text"}


def head_html(paper):
    """The widths of the columns, in hundredths, and their heads."""
    cells = "".join(f'<th scope="col"{_num(column)}>{escape(column.title)}</th>' for column in paper.columns)
    whole = sum(column.width for column in paper.columns)
    widths = "".join(f'<col class="paper__col-{round(column.width / whole * 100)}">' for column in paper.columns)
    return f"<colgroup>{widths}</colgroup><thead><tr>{cells}</tr></thead>"


def body_html(paper, end=""):
    """Pieces of the body of the table, one by one: rows by group, totals.

    Args:
        paper: a `Paper`.
        end: HTML of what stands under the table. It is printed as the last row: only within a table do browsers keep
            it on one sheet with the totals.
    """
    count, lead = len(paper.columns), [column.name for column in paper.columns].index(TOTALS_FROM[paper.kind])
    for group in paper.groups:
        yield "<tbody>"
        if group.title:
            yield (f'<tr class="paper__group"><th scope="rowgroup" colspan="{count}">{escape(group.title)}</th></tr>')
        for row in group.rows:
            yield _row(row, paper.columns)
        yield "".join(_total(total, paper.columns, lead) for total in group.totals)
        yield "</tbody>"
    if paper.totals:
        totals = "".join(_total(total, paper.columns, lead) for total in paper.totals)
        last = f'<tr class="paper__end"><td colspan="{count}">{end}</td></tr>' if end else ""
        yield f'<tbody class="paper__totals">{totals}{last}</tbody>'


def _row(row, columns):
    lines = []
    for index, line in enumerate(row.lines):
        cells = [
            _cell(line if column.of_line else row.cells, column, 1 if column.of_line else len(row.lines))
            for column in columns
            if column.of_line or index == 0
        ]
        on = ' class="paper__on"' if index < len(row.lines) - 1 else ""
        lines.append(f"<tr{on}>{''.join(cells)}</tr>")
    return "".join(lines)


def _cell(cells, column, span):
    rows, value = (f' rowspan="{span}"' if span > 1 else ""), cells.get(column.name)
    text = escape(shown(value, column.cell)).replace("\n", "<br>")
    if column.name in HEAD_COLUMN:
        return f'<th scope="row"{rows}>{text}</th>'
    # Words of a source may stand where a date is not known: they wrap.
    return f"<td{rows}{'' if isinstance(value, str) else _num(column)}>{text}</td>"


def _total(total, columns, lead):
    cells = "".join(
        f"<td{_num(column)}>{escape(shown(total.figures[column.name], column.cell))}</td>"
        if column.name in total.figures
        else "<td></td>"
        for column in columns[lead:]
    )
    return f'<tr class="paper__total"><th scope="row" colspan="{lead}">{escape(total.label)}</th>{cells}</tr>'


def _num(column):
    if column.cell in NUMERIC:
        return ' class="num"'
    return ' class="day"' if column.cell is Cell.DAY else ""
