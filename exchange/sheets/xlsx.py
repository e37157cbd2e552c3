"""Books of Excel, transitional and strict, read as they stream: what is shown, hidden and struck out, nothing counted.

Only what a table needs is read: styles and properties that a program wrote amiss do not make a table unreadable. Read
apart (`apart`): a book may hold anything.
"""

import functools
import io
import posixpath
import re
import zipfile
import zlib
from dataclasses import dataclass, field
from datetime import date

from lxml import etree

from .formats import GENERAL, KNOWN, is_date, shown_number, shown_serial
from .marks import DAY, ERROR, FORMULA, MOST_SHEETS, Refusal, clean_text
from .sheet import Sheet

BROKEN = (
    zipfile.BadZipFile, zlib.error, etree.LxmlError, OSError, KeyError, ValueError, EOFError, NotImplementedError,
    ArithmeticError,
)  # fmt: skip
DAMAGED = "книга повреждена: её не удаётся открыть. Откройте её в Excel и сохраните заново."
SAFE = {
    "resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False, "remove_comments": True,
    "remove_pis": True,
}  # fmt: skip
_PARTS = ("{*}row", "{*}col", "{*}mergeCell", "{*}autoFilter")
_ADDRESS = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")
_TRUE = {"1", "true"}
_LARGEST_PLACE = 16_384


@dataclass
class Styles:
    """What styles say of cells by number: the format, whether it is a date, whether it is struck out."""

    forms: list = field(default_factory=list)
    struck: list = field(default_factory=list)

    def form(self, style):
        """The number format of a style."""
        return self.forms[style] if style < len(self.forms) else GENERAL

    def is_struck(self, style):
        """Whether a style strikes out."""
        return style < len(self.struck) and self.struck[style]


class Text(str):
    """A text of a cell, of which a part is struck out, or all (`is_whole`)."""

    is_whole = False


def read(content):
    """What the sheets of a book say.

    Args:
        content: its bytes.

    Returns:
        {"sheets": [of `Sheet.said`, or its name with a refusal], "active": name, "hidden": [names]}.

    Raises:
        Refusal: it is broken, locked or has no sheet.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            return _Book(package).said()
    except BROKEN as error:
        raise Refusal(DAMAGED, "broken") from error


class _Book:
    def __init__(self, package):
        self.package = package
        self.main = self._main()
        root = self._root(self.main)
        links = self._links(self.main)
        self.is_1904 = any(node.get("date1904") in _TRUE for node in root.iter("{*}workbookPr"))
        views = [int(node.get("activeTab") or 0) for node in root.iter("{*}workbookView")]
        self.sheets = []  # [(name, is shown, where it lies)]
        for node in root.iter("{*}sheet"):
            where = links.get(next((value for name, value in node.attrib.items() if name.endswith("}id")), ""), "")
            self.sheets.append((clean_text(node.get("name", "")), node.get("state", "visible") == "visible", where))
        active = views[0] if views else 0
        self.active = self.sheets[active][0] if 0 <= active < len(self.sheets) else ""
        self.texts = self._texts(self._near(links, "sharedStrings"))
        self.styles = self._styles(self._near(links, "styles"))

    def _main(self):
        """Where the book itself lies in its package."""
        links = self._links("")
        found = next((where for where in links.values() if where.endswith("workbook.xml")), "xl/workbook.xml")
        return found if found in self.package.NameToInfo else "xl/workbook.xml"

    def _links(self, part):
        """{id: where a part that this one names lies}."""
        folder, name = posixpath.split(part)
        path = posixpath.join(folder, "_rels", f"{name}.rels")
        if path not in self.package.NameToInfo:
            return {}
        return {
            node.get("Id", ""): posixpath.normpath(posixpath.join(folder or "/", node.get("Target", ""))).lstrip("/")
            for node in self._root(path).iter("{*}Relationship")
            if node.get("TargetMode") != "External"
        }

    def _near(self, links, name):
        found = next((where for where in links.values() if posixpath.basename(where) == f"{name}.xml"), "")
        return found if found in self.package.NameToInfo else ""

    def _root(self, path):
        for _event, node in self._stream(path, None, events=("end",)):
            root = node
        return root.getroottree().getroot()

    def _stream(self, path, tags, events=("end",)):
        """(event, node) of the nodes of a part; names in any namespace, no entity is followed."""
        with self.package.open(path) as source:
            yield from etree.iterparse(source, events=events, tag=tags, **SAFE)

    def _texts(self, path):
        """The texts that cells name by number."""
        texts = []
        if path:
            for _event, node in self._stream(path, "{*}si"):
                texts.append(_said(node))
                _forget(node)
        return texts

    def _styles(self, path):
        if not path:
            return Styles()
        root = self._root(path)
        own = {node.get("numFmtId"): node.get("formatCode", GENERAL) for node in root.iter("{*}numFmt")}
        fonts = root.find("{*}fonts")
        struck = [_is_on(font.find("{*}strike")) for font in fonts] if fonts is not None else []
        forms = root.find("{*}cellXfs")
        styles = Styles()
        for node in forms if forms is not None else ():
            number, font = node.get("numFmtId", "0"), _whole(node.get("fontId"), 0)
            styles.forms.append(own.get(number) or KNOWN.get(_whole(number, 0), GENERAL))
            styles.struck.append(font < len(struck) and struck[font])
        return styles

    def said(self):
        """What the sheets say, those that are shown."""
        visible = [(name, where) for name, is_shown, where in self.sheets if is_shown]
        pages = [(name, where) for name, where in visible if "chartsheet" not in where and "dialogsheet" not in where]
        if not pages:
            raise Refusal("в книге нет ни одного листа с таблицей.", "empty")
        sheets = []
        for name, where in pages[:MOST_SHEETS]:
            try:
                sheets.append(self._sheet(name, where))
            except Refusal as refusal:
                sheets.append({"name": name, "refusal": [refusal.words, refusal.code]})
        return {
            "sheets": sheets,
            "active": self.active,
            "hidden": [name for name, is_shown, _where in self.sheets if not is_shown],
            "more": [name for name, _where in pages[MOST_SHEETS:]],
        }

    def _sheet(self, name, where):
        sheet, merged = Sheet(name), []
        row = -1
        try:
            for _event, node in self._stream(where, _PARTS):
                tag = etree.QName(node).localname
                if tag == "row":
                    row = self._row(sheet, node, row + 1)
                    _forget(node)
                elif tag == "col":
                    _hide_columns(sheet, node)
                elif tag == "mergeCell":
                    merged.append(node.get("ref", ""))
                elif tag == "autoFilter":
                    sheet.is_filtered = sheet.is_filtered or node.find("{*}filterColumn") is not None
        except BROKEN as error:
            near = f" после строки {row + 1}" if row >= 0 else ""
            raise Refusal(f"лист повреждён{near}. Откройте книгу в Excel и сохраните заново.", "broken") from error
        for area in merged:
            corners = [_ADDRESS.fullmatch(corner) for corner in area.split(":")]
            if len(corners) == 2 and all(corners):
                (top, left), (bottom, _right) = (_place(*corner.groups()) for corner in corners)
                sheet.merge(top, bottom, left)
        return sheet.said()

    def _row(self, sheet, node, expected):
        """Read a row; gives its place."""
        row = _whole(node.get("r"), 0) - 1
        if row < 0:
            named = _ADDRESS.fullmatch(node[0].get("r", "")) if len(node) else None
            row = int(named[2]) - 1 if named else expected
        if node.get("hidden") in _TRUE or node.get("ht") == "0":
            sheet.hidden.add(row)
        column = -1
        for cell in node:
            if cell.tag.endswith("}c"):
                column = _column(cell.get("r", ""), column + 1)
                self._cell(sheet, row, column, cell)
        return row

    def _cell(self, sheet, row, column, cell):
        style = _whole(cell.get("s"), 0)
        is_struck = self.styles.is_struck(style)
        value = ""
        for part in cell:
            tag = part.tag
            if tag.endswith("}f"):
                sheet.put(row, column, FORMULA, is_struck=is_struck)
                return
            if tag.endswith("}v"):
                value = part.text or ""
            elif tag.endswith("}is"):
                self._put_text(sheet, row, column, _said(part), is_struck)
                return
        if value and not value.isspace():
            self._put_value(sheet, row, column, (cell.get("t", "n"), value, style), is_struck)

    def _put_value(self, sheet, row, column, told, is_struck):
        kind, value, style = told
        if kind == "n":
            sheet.show(row, column, self._number(value, self.styles.form(style)), is_struck=is_struck)
        elif kind == "s":
            place = _whole(value, -1)
            if not 0 <= place < len(self.texts):
                raise ValueError(value)
            self._put_text(sheet, row, column, self.texts[place], is_struck)
        elif kind == "b":
            sheet.put(row, column, "да" if value.strip() in _TRUE else "нет", is_struck=is_struck)
        elif kind == "e":
            sheet.put(row, column, ERROR + clean_text(value)[:20], is_struck=is_struck)
        elif kind == "d":
            sheet.put(row, column, DAY + date.fromisoformat(value[:10]).isoformat(), is_struck=is_struck)
        else:
            self._put_text(sheet, row, column, value, is_struck)

    def _number(self, value, form):
        number = int(value) if len(value) < 300 and value.strip("- ").isdecimal() else float(value)
        return shown_serial(number, form, is_1904=self.is_1904) if is_date(form) else shown_number(number, form)

    @staticmethod
    def _put_text(sheet, row, column, text, is_struck):
        clean = clean_text(text)
        if isinstance(text, Text) and not text.is_whole and not is_struck:
            sheet.put_partly(row, column, clean)
        else:
            sheet.put(row, column, clean, is_struck=is_struck or isinstance(text, Text))


def _said(node):
    """The text of a cell: of its runs, without what tells how to pronounce it."""
    pieces, struck = [], []
    for child in node:
        if not isinstance(child.tag, str):
            continue
        tag = etree.QName(child).localname
        if tag == "t":
            pieces.append(child.text or "")
        elif tag == "r":
            text = child.findtext("{*}t") or ""
            pieces.append(text)
            if text.strip() and _is_on(child.find("{*}rPr/{*}strike")):
                struck.append(text)
    text = "".join(pieces)
    if struck:
        text = Text(text)
        text.is_whole = "".join("".join(struck).split()) == "".join(text.split())
    return text


def _is_on(node):
    """Whether a mark that stands alone, or says its value, is set."""
    return node is not None and node.get("val", "1") in _TRUE


def _whole(text, default):
    """A whole number of an attribute."""
    return int(text) if text and text.strip().lstrip("-").isdigit() and len(text) < 10 else default


def _place(name, number):
    """(row, column) of an address, counted from 0."""
    column = 0
    for letter in name:
        column = column * 26 + ord(letter) - 64
    return int(number) - 1, column - 1


@functools.lru_cache(maxsize=20_000)
def _letters_place(name):
    return _place(name, "1")[1]


def _column(name, expected):
    """The column of a cell by its address; the next one where it has none."""
    if not name:
        return expected
    found = name.rstrip("0123456789")
    if not 0 < len(found) < 4 or not (found.isascii() and found.isupper()):
        raise ValueError(name)
    return _letters_place(found)


def _hide_columns(sheet, node):
    if node.get("hidden") in _TRUE or node.get("width") == "0":
        first, last = _whole(node.get("min"), 1), _whole(node.get("max"), 0)
        sheet.columns.update(range(max(first, 1) - 1, min(last, _LARGEST_PLACE)))


def _forget(node):
    """Free a node that is read, and those before it."""
    node.clear()
    while node.getprevious() is not None:
        del node.getparent()[0]
