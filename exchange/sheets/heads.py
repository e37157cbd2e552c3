"""The head of a table: where it stands, how its rows of merged cells read, which column is known by its words."""

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from django.core.exceptions import ValidationError

from .columns import YearColumn
from .grid import MERGED, without_mark

WITHIN, DEEPEST = 25, 3
_YEAR = re.compile(r"(?<!\d)((?:19|20|21)\d\d)(?!\d)")
_SOURCES = (
    ("loan", r"заемн|кредит"),
    ("extra", r"внебюдж|средства (организаций|инвестор|предприятий)|собственн|(иные|прочие) источник"),
    ("federal", r"федерал|\bфб\b"),
    ("regional", r"област|регион|краев|республик|\bоб\b|субъект"),
    ("local", r"местн|муниципальн\w+ бюджет|городск\w+ бюджет|бюджет\w* города|\bмб\b"),
)  # fmt: skip
_ALL = re.compile(r"\b(всего|итого|все источники)\b")
_MONEY = re.compile(r"об[ъь]?ем|финансир|руб|стоимост|деньг|средств|бюджет|затрат|сумм")
_SUBHEAD = re.compile(r"^(всего|итого|план|факт|(в том числе )?по годам|в том числе:?|из них:?)$")
_UNITS = (
    (r"млрд", Decimal(1_000_000)),
    (r"млн|миллион", Decimal(1000)),
    (r"тыс", Decimal(1)),
    (r"руб", Decimal("0.001")),
)


@dataclass(frozen=True)
class Layout:
    """What a person says of a sheet where the reader would guess otherwise; what is not said is found.

    Attributes:
        head: (first, last) rows of the head, counted from 0.
        unit: how many thousand roubles money is counted in where a column's own head does not say.
        taken: rows that go in although the reader would leave them out.
        left: rows that stay out although the reader would take them.
    """

    head: tuple | None = None
    unit: Decimal | None = None
    taken: frozenset = frozenset()
    left: frozenset = frozenset()


AS_FOUND = Layout()


@dataclass(frozen=True)
class Head:
    """The head of a table: the place of its first row of data and what each column is called.

    Attributes:
        top: index of the first row of the head; rows above it are a title.
        first: index of the first row under the head.
        names: full names of columns, levels joined by « / », each once.
        unit: how many thousand roubles money is counted in where a column's own head does not say, from the lines
            above; None where they do not say it, or say two things.
        units: (words as they stand, factor) of every unit that the lines above name.
    """

    top: int
    first: int
    names: tuple
    unit: Decimal | None = None
    units: tuple = ()


def _plain(text):
    return " ".join(without_mark(text).lower().replace("ё", "е").replace("\u00a0", " ").split()).strip(" .:*")


def find_head(grid, kind, layout=AS_FOUND):
    """The head of a grid for a kind of table.

    Args:
        layout: what a person says of the sheet: where the head stands, what money is counted in.

    Raises:
        ValidationError: no row looks like one.
    """
    if layout.head:
        top, last = layout.head
        top, last = min(top, len(grid.rows) - 1), min(max(top, last), len(grid.rows) - 1)
        return _head(grid, top, last, layout)
    best = _known_words(grid, kind)
    if best is None:
        best = _first_words(grid)
    if best is None:
        raise ValidationError(
            f"Не нашли шапку таблицы. Назовите столбцы в одной строке: «{kind.label_of(kind.required[0])}» и другие, "
            "как сказано ниже.",
            code="no_head",
        )
    while best and any(cell.startswith(MERGED) for cell in grid.rows[best]):
        best -= 1  # the upper row of merged heads
    last = best
    while last - best < DEEPEST - 1 and last + 1 < len(grid.rows) and _is_subhead(grid, best, last + 1):
        last += 1
    return _head(grid, best, last, layout)


def _head(grid, top, last, layout):
    """The head that stands in some rows."""
    units = _units_above(grid, top)
    factors = {factor for _words, factor in units}
    unit = layout.unit or (factors.pop() if len(factors) == 1 else None)
    return Head(top, _without_numbers(grid, last + 1), _names(grid, top, last), unit, units)


def has_known_head(grid, kind):
    """Whether a row of a grid reads as a head of a kind of table."""
    return _known_words(grid, kind) is not None


def _known_words(grid, kind):
    """The row that most words are known in, the needed one among them; None where there is no such row."""
    best, most = None, 1
    for number in range(min(WITHIN, len(grid.rows))):
        known = {name for cell in grid.rows[number] if (name := recognise(kind, cell)) and not _is_sum(name)}
        if len(known) > most and kind.required[0] in known:
            best, most = number, len(known)
    return best


def _is_sum(name):
    column = YearColumn.parse(name)
    return column is not None and column.what == "sum"


def _first_words(grid):
    """The first row of several words, no number but years: where no word is known, a person will say what is what."""
    for number in range(min(WITHIN, len(grid.rows))):
        cells = [cell for cell in grid.rows[number] if cell]
        words = [cell for cell in cells if not re.fullmatch(_YEAR, cell)]
        if len(words) > 1 and not any(re.fullmatch(r"[\d\s.,%-]+", cell) for cell in words):
            return number
    return None


def _is_subhead(grid, first, row):
    """Whether a row under the head continues it: only years, sources and the like stand in its own cells."""
    own = [(place, cell) for place, cell in enumerate(grid.rows[row]) if cell and not cell.startswith(MERGED)]
    return bool(own) and all(_is_subhead_cell(_plain(cell)) for _place, cell in own)


def _is_subhead_cell(text):
    if _SUBHEAD.match(text) or re.fullmatch(_YEAR.pattern + r"( ?(г|год|план|факт|\(план\)|\(факт\)))*\.?", text):
        return True
    return any(re.search(words, text) for _code, words in _SOURCES) and len(text) < 60


def _names(grid, first, last):
    """Names of columns over all rows of the head: an empty cell of an upper row is continued from the left."""
    width = max(len(grid.rows[row]) for row in range(first, last + 1))
    parts = [[] for _column in range(width)]
    for row in range(first, last + 1):
        carried = ""
        for column in range(width):
            text = _shown(grid.cell(row, column))
            if text and not grid.cell(row, column).startswith(MERGED):
                carried = text
            elif row < last and any(grid.cell(below, column) and not grid.cell(below, column).startswith(MERGED)
                                    for below in range(row + 1, last + 1)):  # fmt: skip
                text = carried
            if text and text not in parts[column]:
                parts[column].append(text)
    names, seen = [], {}
    for column, pieces in enumerate(parts):
        name = " / ".join(pieces) or (f"столбец {column + 1} без названия" if _has_data(grid, last, column) else "")
        seen[name] = seen.get(name, 0) + 1
        names.append(f"{name} ({seen[name]})" if name and seen[name] > 1 else name)
    return tuple(names)


def _has_data(grid, last, column):
    return any(column < len(row) and row[column] for row in grid.rows[last + 1 :])


def _shown(text):
    return " ".join(without_mark(text).split())[:300]


def _without_numbers(grid, row):
    """The row after one that only numbers the columns: 1, 2, 3…"""
    if row < len(grid.rows):
        cells = [cell for cell in grid.rows[row] if cell]
        if len(cells) > 2 and cells == [str(number) for number in range(1, len(cells) + 1)]:
            return row + 1
    return row


def _units_above(grid, first):
    """((words, factor)) of the first line above a head that names a unit of money."""
    for row in range(first):
        for cell in grid.rows[row]:
            if re.search(r"руб", cell.lower()):
                return ((_shown(cell), unit_of(cell)),)
    return ()


def unit_of(name):
    """How many thousand roubles the unit is that a text names; None where it names none."""
    text = _plain(name)
    return next((factor for words, factor in _UNITS if re.search(words, text) and "руб" in text), None)


def recognise(kind, name):
    """Which field a head means, by its words; «» where nothing is known."""
    text = _plain(name)
    if not text:
        return ""
    if kind.by_year and (found := _by_year(kind, text)):
        return str(found)
    for field in kind.fields:
        if re.search(field.words.replace("ё", "е"), text):
            return field.name
    return ""


def _by_year(kind, text):
    year = _YEAR.search(text)
    if kind.by_year == "figures":
        if year and re.search(r"\bбаз(а|ов)", text):
            return YearColumn("base", int(year[1]))
        if year is None or re.search(r"\bобъем|финансир|бюджет|стоимост|затрат", text):
            return ""
        return YearColumn("actual" if re.search(r"факт|достигнут", text) else "target", int(year[1]))
    if re.search(r"^(срок|источник(?!.* / )|направлени|начал|деньги словами)", text) or re.search(
        r"мероприяти|приоритет|показател|индикатор", text
    ):
        return ""
    source = next((code for code, words in _SOURCES if re.search(words, text.rpartition(" / ")[2])), None) or next(
        (code for code, words in _SOURCES if re.search(words, text)), ""
    )
    if year:
        is_all = _ALL.search(text.rpartition(" / ")[2]) and not source
        return YearColumn("sum" if is_all else "money", int(year[1]), source)
    if source and (_MONEY.search(text) or "/" in text or re.search(r"бюджет|средства", text)):
        return YearColumn("money", None, source)
    if _ALL.search(text) or (_MONEY.search(text) and not re.search(r"источник|словами", text)):
        return "stated_total"
    return ""


def recognise_all(kind, names):
    """{column: field} of a head; each field once, the first column that means it."""
    found, taken = {}, set()
    for column, name in enumerate(names):
        field = recognise(kind, name)
        if field and field not in taken:
            found[column] = field
            taken.add(field)
    if kind.by_year == "money":
        _settle_totals(found)
    return found


def _settle_totals(found):
    """The total of a year stands beside its sources only to be compared; alone it is money whose source is asked."""
    columns = {place: column for place, name in found.items() if (column := YearColumn.parse(name))}
    as_read = set(columns.values())
    of_sources = {one.year for one in as_read if one.what == "money" and one.source}
    for place, one in columns.items():
        money = replace(one, what="money")
        if one == money and not one.source and one.year in of_sources:
            columns[place] = replace(one, what="sum")
        elif one.what == "sum" and one.year not in of_sources and money not in as_read:
            columns[place] = money
    if any(one.what == "money" and one.year for one in columns.values()):
        for place, one in columns.items():
            if one.what == "money" and one.year is None and one.source:
                columns[place] = replace(one, what="sum")
    found |= {place: str(one) for place, one in columns.items()}
