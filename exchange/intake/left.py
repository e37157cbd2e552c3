"""What stands on a sheet and does not go in, row by row."""

from exchange.sheets.grid import without_mark
from exchange.sheets.row_kinds import HEAD, NUMBERING

from .choice import LeftRow


def left_of(sheet):
    """`LeftRow`s of a sheet: what is left out, and what a person takes though it would be."""
    said, found = sheet.layout, []
    for one in sheet.reader.left:
        if one.text and one.why not in {HEAD, NUMBERING}:
            found.append(LeftRow(one.row, one.text, one.why, may_take=one.row >= sheet.head.first))
    for row in sorted(set(sheet.said.get("taken", ())) - {one.row for one in found}):
        if row < len(sheet.grid.rows) and row not in sheet.rows_out:
            text = " · ".join(without_mark(cell) for cell in sheet.grid.rows[row] if cell)
            found.append(LeftRow(row, text[:120], "внесём: вы так сказали", row in said.taken))
    return sorted(found, key=lambda one: one.row)
