"""Tables of web pages: what programs call .xls and is a page, what Word and Excel put beside a text that is copied."""

import re

from lxml import etree, html

from .marks import MOST_COLUMNS, MOST_SHEETS, Refusal, clean_text
from .sheet import Sheet

_UNSEEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*(collapse|hidden)|mso-hide\s*:\s*all", re.I)
_CROSSED = re.compile(r"text-decoration[^;]*:[^;]*line-through", re.I)
_STRUCK = {"s", "strike", "del"}
_SILENT = {"script", "style", "head", "title", "template"}
_LINES = {"p", "div", "li", "br", "tr"}


def read(text):
    """What the tables of a page say, as `xlsx.read`; those inside a cell belong to it.

    Raises:
        Refusal: there is none.
    """
    try:
        page = html.document_fromstring(text, parser=html.HTMLParser(huge_tree=False, no_network=True, remove_pis=True))
    except (etree.LxmlError, ValueError) as error:
        raise Refusal("это веб-страница, и таблицы в ней нет.", "type") from error
    tables = [table for table in page.iter("table") if next(table.iterancestors("table"), None) is None]
    if not tables:
        if page.find(".//frame") is not None or b"WorksheetSource" in etree.tostring(page):
            raise Refusal(
                "это веб-страница, листы которой лежат в других файлах. Сохраните книгу как «Книга Excel (.xlsx)».",
                "type",
            )
        raise Refusal("это веб-страница, и таблицы в ней нет.", "type")
    sheets = [_sheet(table, f"Таблица {number}") for number, table in enumerate(tables[:MOST_SHEETS], start=1)]
    more = [f"Таблица {number + 1}" for number in range(MOST_SHEETS, len(tables))]
    return {"sheets": sheets, "active": "", "hidden": [], "more": more}


def _sheet(table, name):
    sheet, covered, merged = Sheet(name), set(), []  # places that merged cells of rows above cover
    lines = [line for line in table.iter("tr") if next(line.iterancestors("table")) is table]
    for row, line in enumerate(lines):
        if _UNSEEN.search(line.get("style", "")):
            sheet.hidden.add(row)
        column = 0
        for cell in line.iterchildren("td", "th"):
            while (row, column) in covered:
                column += 1
            _put(sheet, row, column, list(_pieces(cell, is_struck=_is_struck(line) or _is_struck(cell))))
            across, down = _whole(cell.get("colspan"), MOST_COLUMNS), _whole(cell.get("rowspan"), len(lines) - row)
            if down > 1:
                covered.update((below, column + step) for below in range(row + 1, row + down) for step in range(across))
                merged.append((row, row + down - 1, column))
            column += across
    for top, bottom, column in merged:
        sheet.merge(top, bottom, column)
    return sheet.said()


def _put(sheet, row, column, pieces):
    text, crossed = clean_text("".join(piece for piece, _struck in pieces)), _joined(pieces, struck=True)
    if crossed and _joined(pieces, struck=False):
        sheet.put_partly(row, column, text)
    else:
        sheet.put(row, column, text, is_struck=bool(crossed))


def _joined(pieces, *, struck):
    return "".join(piece for piece, is_struck in pieces if is_struck == struck).strip()


def _is_struck(node):
    return node.tag in _STRUCK or bool(_CROSSED.search(node.get("style", "")))


def _pieces(node, *, is_struck):
    """(text, whether it is struck out) of all that a cell shows."""
    yield _plain(node.text), is_struck
    for child in node:
        if isinstance(child.tag, str) and child.tag not in _SILENT and not _UNSEEN.search(child.get("style", "")):
            if child.tag in _LINES:
                yield "\n", is_struck
            yield from _pieces(child, is_struck=is_struck or _is_struck(child))
        yield _plain(child.tail), is_struck


def _plain(text):
    """A text of a page: line ends and blanks are one blank, but hard ones."""
    return re.sub(r"[ \t\r\n]+", " ", text or "")


def _whole(text, most):
    """How many rows or columns a cell takes."""
    return min(max(int(text), 1), most) if text and text.strip().isdecimal() and len(text) < 10 else 1
