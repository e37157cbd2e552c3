"""A paper in words: figures and days as they are read in Russian, rows for a template, the heading, the samples."""

import datetime
import re
from decimal import Decimal

from django.utils.formats import date_format

from .rows import Cell, Group, Paper, Row, Total, decimals

NBSP = "\u00a0"
NOTHING = "—"
BLANK = "____________________"


def shown(figure, cell=Cell.TEXT):
    """A value as text: «1 234,50», «01.03.2026», a dash where nothing is known; an empty text stays empty."""
    if figure is None:
        return NOTHING
    if isinstance(figure, str):
        return figure
    if isinstance(figure, datetime.date):
        return f"{figure:%d.%m.%Y}"
    if isinstance(figure, Decimal):
        places = 1 if cell is Cell.PERCENT else decimals(figure)
        return f"{figure:,.{places}f}".replace(",", NBSP).replace(".", ",").replace("-", "−")
    return str(figure)


def day_words(day):
    """«1 мая 2026 года»."""
    return date_format(day, "j E Y") + " года"


class Rows:
    """Rows, lines or totals for a template: they become words one by one, as the template asks for them."""

    def __init__(self, items, make):
        self._items, self._make = items, make

    def __len__(self):
        return len(self._items)

    def __iter__(self):
        return map(self._make, self._items)


def words_of(paper):
    """What the marks of a Word template stand for; `docs/papers.md` lists them."""
    head = dict.fromkeys(HEAD, "") | paper.head
    return head | {
        "paper": paper.title,
        "subject": paper.subject,
        "legend": " ".join(filter(None, [paper.legend, paper.notes])),
        "count": paper.row_count,
        "groups": Rows(paper.groups, lambda group: _group(group, paper.columns)),
        "totals": Rows(paper.totals, lambda total: _total(total, paper.columns)),
    }


def _group(group, columns):
    return {
        "title": group.title,
        "rows": Rows(group.rows, lambda row: _row(row, columns)),
        "totals": Rows(group.totals, lambda total: _total(total, columns)),
    }


def _row(row, columns):
    of_row = [column for column in columns if not column.of_line]
    of_line = [column for column in columns if column.of_line]

    def line_words(line):
        return {column.name: shown(line.get(column.name), column.cell) for column in of_line}

    words = {column.name: shown(row.cells.get(column.name), column.cell) for column in of_row}
    return words | {"lines": Rows(row.lines, line_words)}


def _total(total, columns):
    return {"label": total.label} | {
        column.name: shown(total.figures[column.name], column.cell) if column.name in total.figures else ""
        for column in columns
    }


HEAD = ("region", "period", "as_of", "made_on", "units", "annex", "signer_post", "signer_name", "executor", "phone")


def heading(scope, term, *, annex="", signer_post="", signer_name="", executor="", phone=""):
    """Words of the heading and of the signature; what is not given stays a line to write on."""
    return {
        "region": scope.region.name,
        "period": term.label,
        "as_of": f"{term.end:%d.%m.%Y}",
        "made_on": f"{term.on:%d.%m.%Y}",
        "units": "тыс. руб.",
        "annex": annex or BLANK,
        "signer_post": signer_post or "Должность",
        "signer_name": signer_name or "И. О. Фамилия",
        "executor": executor or BLANK,
        "phone": phone or "____________",
    }


def short_name(user):
    """«И. О. Фамилия» of an official; empty where the name is not known."""
    initials = " ".join(f"{part[0]}." for part in re.split(r"[\s.]+", user.first_name) if part)
    return f"{initials}{NBSP}{user.last_name}".strip() if user.last_name else ""


def samples_of(kind, columns):
    """Words to prove a template with: a paper with two rows, and one without any."""
    value = {Cell.TEXT: "Слово", Cell.COUNT: 1, Cell.MONEY: Decimal("1234.50"), Cell.FIGURE: Decimal("12.5"),
             Cell.PERCENT: Decimal("-5.0"), Cell.DAY: datetime.date(2026, 3, 1)}  # fmt: skip
    cells = {column.name: value[column.cell] for column in columns if not column.of_line}
    line = {column.name: value[column.cell] for column in columns if column.of_line}
    figures = {column.name: value[column.cell] for column in columns if column.cell in {Cell.MONEY, Cell.FIGURE}}
    total = Total("Всего", figures or {columns[-1].name: 1})
    head = dict.fromkeys(HEAD, "Слово")
    rows = [Row(cells, [line, line]), Row(cells, [line])]
    full = Paper(kind, "Бумага", "Программа", head, columns, [Group("Направление", rows, [total])], [total], "Знаки")
    # The same paper without rows: a template that says the same of both has no marks for rows.
    return [words_of(full), words_of(Paper(kind, "Бумага", "Программа", head, columns, legend="Знаки"))]
