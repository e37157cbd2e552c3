"""The sheets of what a person brought, read once: a file, or a text pasted from Word or Excel."""

import json
import lzma

from exchange.sheets.grid import Grid

PRESET = 1  # sheets are kept for days: what matters is time


def pack_grids(grids):
    """Sheets as bytes to keep."""
    told = [
        [one.rows, one.sheet, list(one.others), sorted(one.hidden), sorted(one.struck), list(one.told)] for one in grids
    ]
    return lzma.compress(json.dumps(told, ensure_ascii=False).encode(), preset=PRESET)


def unpack_grids(packed):
    """The sheets that `pack_grids` was given."""
    if not packed:
        return []
    known = {}  # a text that stands in many cells is held once
    return [
        Grid(
            [[known.setdefault(cell, cell) for cell in row] for row in rows],
            sheet,
            tuple(others),
            frozenset(hidden),
            frozenset(struck),
            tuple(told),
        )
        for rows, sheet, others, hidden, struck, told in json.loads(lzma.decompress(bytes(packed)))
    ]
