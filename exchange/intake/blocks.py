"""Several tables on one sheet, one below another or side by side: each a sheet of its own, cells where they stand."""

from dataclasses import replace

from exchange.sheets.heads import WITHIN, is_head
from exchange.sheets.meaning import recognise
from exchange.sheets.spelling import plain
from exchange.tables.fields import KINDS

MOST_TABLES = 10


def tables_of(grid):
    """The tables of a sheet as grids; the sheet as it is where it holds one."""
    found = [below for beside in _side_by_side(grid) for below in _one_below_another(beside)]
    if not 1 < len(found) <= MOST_TABLES:
        return [grid]
    return [
        replace(one, sheet=f"{grid.sheet}, таблица {number}" if grid.sheet else f"Таблица {number}")
        for number, one in enumerate(found, start=1)
    ]


def _kind_of(cells):
    """The kind of table that a row is surely a head of; None for any other row."""
    if sum(map(bool, cells)) < 2:
        return None
    return next((kind for kind in KINDS.values() if is_head(cells, kind)), None)


def _side_by_side(grid):
    """A sheet cut at the empty columns between heads that stand in one row."""
    row = next((row for row, cells in enumerate(grid.rows[:WITHIN]) if _kind_of(cells)), None)
    if row is None:
        return [grid]
    cells, width = grid.rows[row], max(map(len, grid.rows))
    filled = {place for one in grid.rows[row:] for place, cell in enumerate(one) if cell}
    cuts = [place for place in range(1, width) if place not in filled and place + 1 in filled]
    ends = [*(place for place in cuts if _kind_of(cells[place:])), width]
    if len(ends) < 2 or not _kind_of(cells[: ends[0]]):
        return [grid]
    return [
        replace(grid, rows=[[""] * min(start, len(one)) + one[start:end] for one in grid.rows])
        for start, end in zip([0, *ends[:-1]], ends, strict=True)
    ]


def _one_below_another(grid):
    """A sheet cut above heads that are not the first one again."""
    first, cuts = None, []
    for row, cells in enumerate(grid.rows):
        kind = _kind_of(cells) if first is None or _stands_apart(grid, row) else None
        if kind is None:
            continue
        means = _meaning(kind, cells)
        if first is None:
            first = means
        elif means != first:
            first = means
            cuts.append(_with_title(grid, row))
    ends = [*cuts, len(grid.rows)]
    return [_part(grid, start, end) for start, end in zip([0, *cuts], ends, strict=True)]


def _meaning(kind, cells):
    """What the columns of a head are, each in its place; what is not known, as it is spelled."""
    return kind.code, tuple(recognise(kind, cell) or plain(cell) for cell in cells)


def _stands_apart(grid, row):
    """Whether nothing, or a title alone, stands above a row."""
    return sum(map(bool, grid.rows[row - 1])) < 2


def _with_title(grid, row):
    """The first row of a table with the titles above its head."""
    while row and sum(map(bool, grid.rows[row - 1])) == 1:
        row -= 1
    return row


def _part(grid, start, end):
    rows = [[] for _above in range(start)] + grid.rows[start:end]
    hidden, struck = (frozenset(row for row in some if start <= row < end) for some in (grid.hidden, grid.struck))
    return replace(grid, rows=rows, hidden=hidden, struck=struck)
