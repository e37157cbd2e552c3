"""Sheets read by the real reader: rows as a grid, what is told of each."""

from exchange.sheets.grid import Grid
from exchange.sheets.heads import AS_FOUND, find_head
from exchange.tables.fields import KINDS
from exchange.tables.matching import by_words
from exchange.tables.rows import Reader

DIRECTIONS = ("Дороги", "Туризм")


def grid_of(rows, **more):
    """A grid as a file gives it: trailing empty cells and rows are cut off."""
    rows = [[str(cell) if cell is not None else "" for cell in row] for row in rows]
    for row in rows:
        while row and not row[-1]:
            row.pop()
    while rows and not rows[-1]:
        rows.pop()
    return Grid(rows, **more)


def matched(rows, kind="measures", *, layout=AS_FOUND, **more):
    """(grid, head, match by the words of the head) of rows."""
    grid = grid_of(rows, **more)
    head = find_head(grid, KINDS[kind], layout)
    match = by_words(KINDS[kind], head.names, head.volumes)
    match.unit, match.layout = head.unit, layout
    return grid, head, match


def read(rows, kind="measures", *, directions=DIRECTIONS, layout=AS_FOUND, said=(), is_town=None, **more):
    """The reader of rows, at its end; `said` is what a person says of the match: {field: value}."""
    grid, head, match = matched(rows, kind, layout=layout, **more)
    for name, value in dict(said).items():
        setattr(match, name, value)
    return Reader(grid, head, match, layout, directions=directions, is_town=is_town).read()


def fields(rows, kind="measures", **more):
    """[field of each column; «» where nothing is known]."""
    _grid, head, match = matched(rows, kind, **more)
    return [match.fields.get(place, "") for place in range(len(head.names))]


def sums(reader):
    """[(line, title, {(year, source): promised})]."""
    return [
        (one.line, one.get("title"), {key: value for key, (value, *_where) in one.money.items()})
        for one in reader.items
    ]


def left(reader):
    """[(line, why)] of rows under the head that are not read."""
    return [(one.line, one.why) for one in reader.left if one.row >= reader.head.first]


def titles(reader):
    """What the records are called."""
    return [one.get(reader.match.kind.required[0]) for one in reader.items]
