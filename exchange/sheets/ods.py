"""Tables of OpenDocument: a cell says what its program has shown. Read apart (`apart`): a file may hold anything."""

import functools
import io
import re
import zipfile
from datetime import date

from lxml import etree

from .formats import Shown, as_shown, digits
from .marks import DAY, ERROR, FORMULA, LOCKED, MOST_COLUMNS, MOST_ROWS, MOST_SHEETS, Refusal, clean_text
from .sheet import Sheet
from .xlsx import BROKEN, SAFE

DAMAGED = "таблица повреждена: её не удаётся открыть. Откройте её и сохраните заново."
_NAMES = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "style": "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    "fo": "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0",
    "config": "urn:oasis:names:tc:opendocument:xmlns:config:1.0",
}
_MANIFEST = "META-INF/manifest.xml"
_ERRORS = re.compile(r"#[\w/]+[!?]?|Err:\d+")
_MONTH = re.compile(r"[^\W\d_]{3,}")


@functools.cache
def _name(name):
    prefix, _colon, local = name.partition(":")
    return f"{{{_NAMES[prefix]}}}{local}"


_TABLE, _ROW, _COLUMN, _STYLE = map(_name, ("table:table", "table:table-row", "table:table-column", "style:style"))
_TAGS = (_TABLE, _ROW, _COLUMN, _STYLE)
_CELL, _COVERED = _name("table:table-cell"), _name("table:covered-table-cell")
_REPEATED, _SPANNED = _name("table:number-columns-repeated"), _name("table:number-rows-spanned")
_LOOK, _FORMULA, _UNSEEN = _name("table:style-name"), _name("table:formula"), _name("table:visibility")
_KIND, _VALUE = _name("office:value-type"), _name("office:value")
_PARAGRAPH, _NOTE, _SPAN = _name("text:p"), _name("office:annotation"), _name("text:span")
_SIGNS = {_name("text:tab"): "\t", _name("text:line-break"): "\n"}


def read(content):
    """What the sheets of a file say, as `xlsx.read`.

    Raises:
        Refusal: it is broken, locked or has no sheet.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            if "META-INF/manifest.xml" in package.namelist() and b"encryption-data" in package.read(
                "META-INF/manifest.xml"
            ):
                raise Refusal(LOCKED, "locked")
            with package.open("content.xml") as source:
                return _Reader(source, _active(package)).said()
    except BROKEN as error:
        raise Refusal(DAMAGED, "broken") from error


def _active(package):
    if "settings.xml" not in package.namelist():
        return ""
    found = re.search(rb'config:name="ActiveTable"[^>]*>([^<]*)<', package.read("settings.xml"))
    return clean_text(found[1].decode("utf-8", errors="replace")) if found else ""


class _Reader:
    def __init__(self, source, active):
        self.source = source
        self.struck, self.unseen = set(), set()  # names of styles
        self.found = {"sheets": [], "active": active, "hidden": [], "more": []}

    def said(self):
        """What the sheets say, those that are shown."""
        depth = 0
        for event, node in etree.iterparse(self.source, ("start", "end"), tag=_TAGS, **SAFE):
            if node.tag == _TABLE:  # one inside a cell is no sheet
                depth += 1 if event == "start" else -1
                if event == "start" and depth == 1:
                    self._begin(node)
                elif event == "end" and depth == 0:
                    self._end(node)
            elif event == "end" and node.tag == _STYLE:
                self._style(node)
            elif event == "end" and depth == 1:
                self._part(node)
        if not self.found["sheets"]:
            raise Refusal("в файле нет ни одного листа с таблицей.", "empty")
        return self.found

    def _begin(self, node):
        self.sheet, self.merged, self.refusal = Sheet(clean_text(node.get(_name("table:name"), ""))), [], None
        self.row = self.column = 0

    def _part(self, node):
        """A row or a column of a sheet."""
        if node.tag == _COLUMN:
            self.column = _hide_columns(self.sheet, node, self.column)
            return
        try:
            if self.refusal is None:
                self.row = self._row(self.sheet, node, self.row, self.merged)
        except Refusal as refusal:
            self.refusal = refusal
        _forget(node)

    def _end(self, node):
        name = self.sheet.name
        if node.get(_LOOK) in self.unseen:
            self.found["hidden"].append(name)
        elif len(self.found["sheets"]) == MOST_SHEETS:
            self.found["more"].append(name)
        elif self.refusal:
            self.found["sheets"].append({"name": name, "refusal": self.refusal.args})
        else:
            for top, bottom, column in self.merged:
                self.sheet.merge(top, bottom, column)
            self.found["sheets"].append(self.sheet.said())
        node.clear()

    def _style(self, node):
        name = node.get(_name("style:name"))
        for child in node:
            look = child.get(_name("style:text-line-through-style"))
            if (look and look != "none") or child.get(_name("style:text-line-through-type"), "none") != "none":
                self.struck.add(name)
            if child.get(_name("table:display")) == "false":
                self.unseen.add(name)

    def _row(self, sheet, node, row, merged):
        """Read a row, once for each of its repetitions; gives the place of the next."""
        times = _times(node.get(_name("table:number-rows-repeated")))
        cells, column = [], 0
        for cell in node:
            if cell.tag not in {_CELL, _COVERED}:
                continue
            repeated = _times(cell.get(_REPEATED))
            if cell.tag == _CELL and (shown := self._shown(cell)) is not None:
                spans = _times(cell.get(_SPANNED))
                cells += [(column + step, *shown, spans) for step in range(min(repeated, MOST_COLUMNS + 1))]
            column += repeated
        times_read = min(times, MOST_ROWS + 1) if cells else 0
        is_hidden = node.get(_UNSEEN, "visible") != "visible"
        sheet.is_filtered = sheet.is_filtered or node.get(_UNSEEN) == "filter"
        for place in range(row, row + times_read):
            if is_hidden:
                sheet.hidden.add(place)
            for at, shown, is_struck, is_partly, spans in cells:
                if is_partly:
                    sheet.put_partly(place, at, shown.text)
                else:
                    sheet.show(place, at, shown, is_struck=is_struck)
                if spans > 1:
                    merged.append((place, place + spans - 1, at))
        return row + times

    def _shown(self, cell):
        """(what a cell shows, whether it is struck out, whether a part is); None where it is empty."""
        is_struck = cell.get(_LOOK) in self.struck
        kind = cell.get(_KIND)
        if cell.get(_FORMULA):
            return Shown(FORMULA), is_struck, False
        paragraphs = [node for node in cell if node.tag == _PARAGRAPH]
        text = "\n".join(map(_text, paragraphs))
        if kind is None and not text.strip():
            return None
        crossed = self._crossed(paragraphs) if self.struck else ""
        is_struck = is_struck or (bool(crossed) and crossed == "".join(text.split()))
        return _value(cell, kind, clean_text(text)), is_struck, bool(crossed) and not is_struck

    def _crossed(self, paragraphs):
        """What of a cell is struck out by itself, without blanks."""
        spans = (span for node in paragraphs for span in node.iter(_SPAN))
        struck = [_text(span) for span in spans if span.get(_name("text:style-name")) in self.struck]
        return "".join("".join(struck).split())


def _value(cell, kind, text):
    if kind in {"float", "percentage", "currency"}:
        number = float(cell.get(_VALUE))
        return as_shown(number, text) if text else Shown(digits(number))
    if kind == "boolean":
        return Shown("да" if cell.get(_name("office:boolean-value")) == "true" else "нет")
    if kind == "date":
        day = cell.get(_name("office:date-value"), "")[:10]
        date.fromisoformat(day)
        numbers = len(re.findall(r"\d+", text))
        # «31.12.2026», «31 декабря 2026», «31 дек»; but «2026», «12.2026», «декабрь 2026» name no day
        has_day = numbers > 2 or (_MONTH.search(text) and (numbers > 1 or re.match(r"\d{1,2}\b", text)))
        return Shown(DAY + day if has_day or not text else text)
    return Shown(ERROR + text[:20] if _ERRORS.fullmatch(text) else text)


def _text(node):
    """The words of a paragraph; blanks, tabs and line ends are elements of their own, a note is no part of it."""
    pieces = [node.text or ""]
    for child in node:
        if child.tag != _NOTE:
            if child.tag == _name("text:s"):
                pieces.append(" " * min(_times(child.get(_name("text:c"))), 100))
            elif child.tag in _SIGNS:
                pieces.append(_SIGNS[child.tag])
            else:
                pieces.append(_text(child))
        pieces.append(child.tail or "")
    return "".join(pieces)


def _times(text):
    """How often something is repeated."""
    return int(text) if text and text.isdigit() and len(text) < 10 else 1


def _hide_columns(sheet, node, column):
    """Note columns that are not shown; gives the place of the next."""
    times = _times(node.get(_REPEATED))
    if node.get(_UNSEEN, "visible") != "visible":
        sheet.columns.update(range(column, min(column + times, MOST_COLUMNS)))
    return column + times


def _forget(node):
    """Free a row that is read, and those before it."""
    node.clear()
    while (before := node.getprevious()) is not None and before.tag == _ROW:
        node.getparent().remove(before)
