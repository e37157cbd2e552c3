"""Old books of Excel (BIFF): what is shown, hidden, struck out. Read apart (`apart`): a book may hold anything."""

import os
import struct

import xlrd
from xlrd.biffh import error_text_from_code

from .formats import GENERAL, shown_number, shown_serial
from .marks import ERROR, FORMULA, LOCKED, MOST_COLUMNS, MOST_SHEETS, Refusal, clean_text
from .sheet import Sheet

BROKEN = "книга повреждена: её не удаётся открыть. Откройте её в Excel и сохраните как «Книга Excel (.xlsx)»."
_FORMULAS, _FILTER_ON, _END = {0x0006, 0x0206, 0x0406}, 0x009B, 0x000A
_WORKSHEET = 0


def read(content):
    """What the sheets of a book say, as `xlsx.read`.

    Raises:
        Refusal: it is broken, locked or has no sheet.
    """
    with open(os.devnull, "w", encoding="utf-8") as silence:
        try:
            book = xlrd.open_workbook(
                file_contents=content, formatting_info=True, ragged_rows=True, logfile=silence, on_demand=True
            )
            return _said(book)
        except Refusal:
            raise
        except MemoryError:
            raise
        except Exception as error:
            if "encrypted" in str(error):
                raise Refusal(LOCKED, "locked") from error
            raise Refusal(BROKEN, "broken") from error


def _said(book):
    names = [clean_text(name) for name in book.sheet_names()]
    shown = [place for place in range(book.nsheets) if not book._sheet_visibility[place]]
    if not shown:
        raise Refusal("в книге нет ни одного листа с таблицей.", "empty")
    sheets, active = [], ""
    for place in shown[:MOST_SHEETS]:
        try:
            page = book.sheet_by_index(place)
            active = active or (names[place] if page.sheet_visible else "")
            sheets.append(_sheet(book, page, names[place], _marks(book, place)))
        except Refusal as refusal:
            sheets.append({"name": names[place], "refusal": [refusal.words, refusal.code]})
        finally:
            book.unload_sheet(place)
    return {
        "sheets": sheets,
        "active": active,
        "hidden": [name for place, name in enumerate(names) if place not in shown],
        "more": [names[place] for place in shown[MOST_SHEETS:]],
    }


def _marks(book, place):
    """({places of formulas}, whether a filter is on): the library gives neither, their records do."""
    at, formulas, is_filtered = book._sh_abs_posn[place], set(), False
    while at + 4 <= len(book.mem):
        code, length = struct.unpack_from("<HH", book.mem, at)
        if code == _END:
            break
        if code in _FORMULAS and length >= 4:
            formulas.add(struct.unpack_from("<HH", book.mem, at + 4))
        is_filtered = is_filtered or code == _FILTER_ON
        at += 4 + length
    return formulas, is_filtered


def _sheet(book, page, name, marks):
    sheet = Sheet(name)
    formulas, sheet.is_filtered = marks
    sheet.hidden = {row for row, about in page.rowinfo_map.items() if about.hidden}
    sheet.columns = {column for column, about in page.colinfo_map.items() if about.hidden and column < MOST_COLUMNS}
    for row in range(page.nrows):
        for column in range(page.row_len(row)):
            _cell(book, page, sheet, (row, column), is_formula=(row, column) in formulas)
    for top, bottom, left, _right in page.merged_cells:
        sheet.merge(top, bottom - 1, left)
    return sheet.said()


def _cell(book, page, sheet, place, *, is_formula):
    kind, value = page.cell_type(*place), page.cell_value(*place)
    if kind in {xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK} and not is_formula:
        return
    look = book.xf_list[page.cell_xf_index(*place)]
    is_struck = bool(book.font_list[look.font_index].struck_out)
    if is_formula:
        sheet.put(*place, FORMULA, is_struck=is_struck)
    elif kind == xlrd.XL_CELL_TEXT:
        runs = page.rich_text_runlist_map.get(place, ())
        if not is_struck and any(book.font_list[font].struck_out for _start, font in runs):
            sheet.put_partly(*place, clean_text(value))
        else:
            sheet.put(*place, clean_text(value), is_struck=is_struck)
    elif kind == xlrd.XL_CELL_BOOLEAN:
        sheet.put(*place, "да" if value else "нет", is_struck=is_struck)
    elif kind == xlrd.XL_CELL_ERROR:
        sheet.put(*place, ERROR + error_text_from_code.get(value, "#?"), is_struck=is_struck)
    else:
        known = book.format_map.get(look.format_key)
        form = known.format_str if known else GENERAL
        if kind == xlrd.XL_CELL_DATE:
            shown = shown_serial(value, form, is_1904=bool(book.datemode))
        else:
            shown = shown_number(value, form)
        sheet.show(*place, shown, is_struck=is_struck)
