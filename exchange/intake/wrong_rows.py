"""Rows that did not pass, given back as a book: the same columns, a note in each wrong cell. It is taken in again."""

import io

from exchange.sheets.row_kinds import SECTION
from exchange.sheets.write import HEAD, Book, Styled, look
from exchange.tables.matching import UNIT_WORDS

from .answers import shown_cell

WRONG = look(bg_color="#FDF1DE", bold=True)
WIDTH, MOST_TITLE = 22, 31


def wrong_rows(intake):
    """The bytes of the book: a sheet for each sheet with faults or with rows put off; None where there are none."""
    content, is_empty = io.BytesIO(), True
    with Book(content) as book:
        for sheet, preview in zip(intake.ordered, intake.plan.previews, strict=True):
            notes = _notes(intake, sheet, preview)
            rows = sorted({row for one in notes for row in intake.rows_of(sheet, one)} | _put_off(intake, sheet))
            if rows:
                is_empty = False
                _write(book, sheet, rows, notes)
    return None if is_empty else content.getvalue()


def _put_off(intake, sheet):
    return {row for row in intake.said_of(sheet).get("put_off", ()) if row < len(sheet.grid.rows)}


def _notes(intake, sheet, preview):
    """{row: {place or None: [what is wrong]}} of the faults now, and of those the rows were put off for."""
    found = {}
    faults = [(fault.line - 1, fault.place - 1 if fault.place else None, fault.text) for fault in preview.faults]
    told = intake.said_of(sheet).get("put_off_for", [])
    for row, place, text in [*faults, *map(tuple, told)]:
        found.setdefault(row, {}).setdefault(place, []).append(text)
    return found


def _write(book, sheet, rows, notes):
    names = [name or f"столбец {place + 1}" for place, name in enumerate(sheet.head.names)]
    page = book.sheet(_title(sheet.title), [WIDTH] * len(names), freeze=(2, 0))
    unit = UNIT_WORDS.get(sheet.unit_known, "")
    page.row([f"Строки, которые надо поправить{unit and f' ({unit})'}"])
    page.row(names, shape=HEAD)
    section = ""
    for row in rows:
        own = _section_of(sheet, row)
        if own and own != section:
            page.row([own])
            section = own
        told = notes.get(row, {})
        cells = [shown_cell(sheet.grid.cell(row, place)) or None for place in range(len(names))]
        page.row([Styled(cell, WRONG) if place in told else cell for place, cell in enumerate(cells)])
        for place, texts in told.items():
            page.note(place or 0, "; ".join(texts))


def _section_of(sheet, row):
    """The heading of the direction that a row stands under, as it stands; empty where there is none."""
    before = [one for one in sheet.reader.left if one.row < row and one.why == SECTION]
    return next((cell for cell in sheet.grid.rows[before[-1].row] if cell), "") if before else ""


def _title(text):
    return "".join(sign for sign in text if sign not in "[]:*?/\\'")[:MOST_TITLE] or "Лист"
