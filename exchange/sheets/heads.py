"""The head of a table: where it stands, how its rows of merged cells read, in what the lines above it count money."""

import re
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import ValidationError

from .columns import YearColumn
from .grid import DAY, ERROR, FORMULA, MERGED, without_mark
from .meaning import SOURCES, recognise
from .spelling import YEAR, plain, unbroken, unit_of, units_in

WITHIN, DEEPEST, LONGEST, LONGEST_NUMBER = 40, 4, 150, 60
# Words of which heads are made. A cell of them alone is a head; one that says more may be a line of data.
_HEAD_WORDS = re.compile(
    r"(?:№|п/п|пп$|n$|no$|в|на|и|из|по|за|с|к|о|или|для|мо|го|кто|что|когда|где|сколько|ед|мера|меры|гг?)$"
    r"|номер|код|наименован|назван|мероприят|цел|задач|показател|индикатор|приоритет|срок|дат|период|исполн|реализ|ответств"
    r"|соисполн|источник|финансир|обеспечен|об[ъь]?ем|стоимост|сумм|расход|затрат|средств|бюджет|федерал|област|регион|местн"
    r"|внебюдж|всего|итого|год|план|факт|прогноз|оценк|отчет|кассов|тыс|руб|млн|единиц|изм|значен|базов|муниципал|образован"
    r"|город|территор|направлен|раздел|подпрограмм|программ|результат|ожидаем|эффект|примеч|комментар|начал|оконч|вид|тип"
    r"|вес|описан|содержан|контрольн|точк|событ|состоян|статус|сфер|стратег|порядок|сведен|основан|причин|предварит"
    r"|отклонен|достиж"
)
_LEVEL = re.compile(
    YEAR.pattern + r"|гг?|год[ыа]?|годам|годов|план\w*|факт\w*|прогноз\w*|оценк\w*|отчет\w*|ожидаем\w*|уточненн\w*"
    r"|исполнен\w*|кассов\w*|на|за|по|к|во?|том|числе|т|ч|из|них|всего|итого|источник\w*|финансировани\w*|бюджет\w*"
    r"|средств\w*|федеральн\w*|областн\w*|региональн\w*|краев\w*|республиканск\w*|местн\w*|муниципальн\w*|городск\w*"
    r"|внебюджетн\w*|заемн\w*|кредит\w*|иные|прочие|организаци\w*|собственн\w*|фб|об|мб|вб|рб|и|i{1,3}|iv|[1-4](-?[йгоы]+)?"
    r"|кв|квартал\w*|полугоди\w*|перв\w*|втор\w*|трет\w*|четверт\w*|очередн\w*|текущ\w*|финансов\w*|планов\w*|периода?"
    r"|тыс\w*|млн|руб\w*|р|₽|ед|изм|базов\w*|значени\w*|начал[оа]|окончани\w*|дата|срок\w*|достигнут\w*"
    r"|предварительн\w*|города|округа|области|объем\w*|показател\w*|наименовани\w*|единиц\w*|измерени\w*"
)
_UNIT_ALONE = re.compile(r"тыс|млн|миллион|млрд|миллиард|руб|р$|т$|тр$|rub|ед|изм|в$|сумм|денежн|все$")
_BARE_YEAR = re.compile(YEAR.pattern + r"|год\w*|план\w*|факт\w*|прогноз\w*|гг?\b|[ .,()/-]")
_NUMBERED = re.compile(r"\(?(?:гр\.? ?)?(\d{1,3})(?:[а-я])?\)?\.?(?: ?= ?[\d+\-–−*/×x:()., а-я%]+)?", re.I)


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
        units: (words as they stand, factor) of the lines above that name a unit: of those that say nothing else, if
            there are any. Two factors: doubtful.
        last: index of the last row of words; rows between it and `first` number the columns.
        volumes: places of columns by years that count works, not money: what each row counts in stands beside them.
    """

    top: int
    first: int
    names: tuple
    unit: Decimal | None = None
    units: tuple = ()
    last: int = 0
    volumes: frozenset = frozenset()


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
        return _head(grid, kind, top, last, layout)
    best = _best_row(grid, kind)
    if best is None:
        raise ValidationError(
            f"Не нашли шапку таблицы. Назовите столбцы в одной строке: «{kind.label_of(kind.required[0])}» и другие, "
            "как сказано ниже.",
            code="no_head",
        )
    last = best
    while best and (any(cell.startswith(MERGED) for cell in grid.rows[best]) or _is_group_above(grid, kind, best)):
        best -= 1  # the upper row of merged heads
    while last - best < DEEPEST - 1 and last + 1 < len(grid.rows) and _continues(grid, kind, best, last + 1):
        last += 1
    return _head(grid, kind, best, last, layout)


def _head(grid, kind, top, last, layout):
    """The head that stands in some rows."""
    is_unit_under = last + 1 < len(grid.rows) and _is_unit_alone(grid.rows[last + 1])
    units = _units_in(grid.rows[:top] + grid.rows[last + 1 : last + 1 + is_unit_under])
    factors = {factor for _words, factor in units}
    unit = layout.unit or (factors.pop() if len(factors) == 1 else None)
    first = last + 1 + is_unit_under
    while first < len(grid.rows) and is_numbering(grid.rows[first]):
        first += 1
    names = _names(grid, top, last)
    volumes = _volumes(grid, names, first) if kind.by_year == "money" else frozenset()
    return Head(top, first, names, unit, units, last, volumes)


def is_head(cells, kind):
    """Whether a row by itself is surely a head of a kind of table: several of its cells say nothing else."""
    rank = None if _has_figures(cells) else _rank(kind, cells)
    return rank is not None and rank[1] > 1 and any(
        recognise(kind, cell) == kind.required[0] and _is_sure(cell) for cell in cells
    )  # fmt: skip


def has_known_head(grid, kind):
    """Whether a row of a grid reads as a head of a kind of table."""
    return _known_words(grid, kind) is not None


def is_turned(grid, kind):
    """Whether names of columns stand one under another, records beside each other: years or measures across."""
    row = _known_words(grid, kind)
    if row is not None and len(_known(kind, grid.rows[row])) > 1:
        return False
    sides = [[grid.cell(row, place) for row in range(len(grid.rows[:WITHIN]))] for place in (0, 1)]
    ranks = [rank for cells in sides if (rank := _rank(kind, cells))]
    return any(sure > 1 for _rank_of_it, sure in ranks)


# ——— Which row ———


def _best_row(grid, kind):
    """The row that looks most like the head; a row of words above one that is not surely a head is it."""
    known, first = _known_words(grid, kind), _first_words(grid)
    if known is None or first is None or first >= known:
        return first if known is None else known
    return known if any(recognise(kind, cell) and _is_sure(cell) for cell in grid.rows[known]) else first


def _known_words(grid, kind):
    """The row that most words are known in, the needed one among them; None where there is no such row.

    Cells made of the words of heads alone count for more: «Мероприятия по уборке парка» may stand in a line of data.
    """
    rows = list(enumerate(grid.rows[:WITHIN]))
    for with_figures in (False, True):  # a row that holds figures is the head where no other is
        ranks = [
            (rank, -number)
            for number, cells in rows
            if _has_figures(cells) is with_figures and (rank := _rank(kind, cells))
        ]
        if ranks:
            return -max(ranks)[1]
    return None


def _known(kind, cells):
    """{field: the last cell that means it}; totals are none."""
    return {name: cell for cell in cells if (name := recognise(kind, cell)) and not _is_sum(name)}


def _rank(kind, cells):
    """How much a row looks like a head: how many of its cells are known, and how surely; None where it does not."""
    known = _known(kind, cells)
    sure = sum(map(_is_sure, known.values()))
    if kind.required[0] not in known or (len(known) < 2 and not (sure and _words(cells) > 1)):
        return None
    return len(known) + 2 * sure + 3 * _is_sure(known[kind.required[0]]), sure


def _is_sum(name):
    column = YearColumn.parse(name)
    return column is not None and column.what == "sum"


def _is_made_of(words, cell):
    """Whether every word of a cell begins as some words do."""
    return all(words.match(word) for word in re.findall(r"№|п/п|[^\W\d_]+", plain(cell)))


def _is_sure(cell):
    """Whether a cell is made of the words of heads alone; a year by itself may stand in a line of data."""
    return _is_made_of(_HEAD_WORDS, cell) and _BARE_YEAR.sub("", plain(cell)) != ""


def _has_figures(cells):
    """Whether a row holds what no head holds: dates, formulas, sums, texts too long for a column."""
    return any(
        cell[:1] in {DAY, FORMULA, ERROR} or len(cell) > LONGEST
        or (re.fullmatch(r"[\d\s.,%−-]+", cell) and not YEAR.fullmatch(cell.removesuffix(".0")))
        for cell in cells if cell
    )  # fmt: skip


def _words(cells):
    """How many cells of a row hold words of its own."""
    return sum(bool(cell) and not cell.startswith(MERGED) for cell in cells)


def _first_words(grid):
    """The first row of several words, no number but years: where no word is known, a person will say what is what."""
    widths = sorted(count for cells in grid.rows[: WITHIN * 3] if (count := sum(map(bool, cells))) > 1)
    usual = widths[len(widths) // 2] if widths else 0
    for number, cells in enumerate(grid.rows[:WITHIN]):
        words = [cell for cell in cells if cell and not YEAR.fullmatch(cell)]
        if len(words) > 1 and 3 * sum(map(bool, cells)) >= min(2 * usual, 6) and not _has_figures(cells):
            return number
    return None


# ——— How many rows ———


def _is_group_above(grid, kind, row):
    """Whether the row above names groups of columns of a head: money over years, and nothing merged in the file."""
    if kind.by_year != "money" or row == 0:
        return False
    upper, lower = grid.rows[row - 1], grid.rows[row]
    own = [place for place, cell in enumerate(upper) if cell and not cell.startswith(MERGED)]
    spanning = [place for place in own if grid.cell(row, place + 1) and not grid.cell(row - 1, place + 1)]
    return (
        own == spanning
        and any(
            (place or len(own) > 1) and _is_money_group(kind, upper[place]) and _level(grid.cell(row, place))
            for place in own
        )
        and all(len(upper[place]) < LONGEST for place in own)
        and _words(lower) > len(own)
    )


def _is_money_group(kind, cell):
    """Whether a cell may stand over columns of money."""
    means = recognise(kind, cell)
    return means == "stated_total" or YearColumn.parse(means) is not None


def _continues(grid, kind, first, row):
    """Whether a row under the head is a part of it: a cell of the head reaches into it, or it names parts only."""
    cells, above = grid.rows[row], grid.rows[first:row]
    own = [(place, cell) for place, cell in enumerate(cells) if cell and not cell.startswith(MERGED)]
    if any(cell.startswith(MERGED) for cell in cells):
        return not any(_has_figures([cell]) for _place, cell in own)
    if len(own) > 1 and len(above) == 1 and all(_is_below_group(above[0], place) for place, _cell in own):
        return not _has_figures(cells)
    return bool(own) and all(_level(cell) and _has_group(kind, above, place) for place, cell in own)


def _is_below_group(upper, place):
    """Whether a column stands under a head of several: an empty cell above, or right of what stands above."""
    cell, following = (upper[one] if one < len(upper) else "" for one in (place, place + 1))
    return place > 0 and not (cell and following)


def _has_group(kind, above, place):
    """Whether a column stands under a head of several columns, or under a year or money that may have parts."""
    row = above[-1]
    upper = row[place] if place < len(row) else ""
    if not upper:
        return any(cell for cells in above for cell in cells[:place])
    following = row[place + 1] if place + 1 < len(row) else ""
    return not following or bool(YearColumn.parse(recognise(kind, upper))) or _level(upper) or "объем" in plain(upper)


def _level(cell):
    """Whether a cell says nothing but a year, a source, a part of a year, plan or fact, a unit of money."""
    text = re.sub(r"(?<=\d)\.0$", "", plain(cell))
    words = re.findall(r"\d+(?:-?[йыио]{1,2})?|₽|[^\W\d_]+", text.replace("-й", "й"))
    if words and len(text) < 80 and all(_LEVEL.fullmatch(word) for word in words):
        return not re.fullmatch(r"[1-4]", text)
    return any(re.search(found, text) for _code, found in SOURCES) and len(text) < 60


def is_numbering(cells):
    """Whether a row only numbers the columns: 1, 2, 3…, «гр. 4», «6=4+5», after «А», «Б» of statistics."""
    numbers = []
    for cell in map(without_mark, filter(None, cells)):
        if not numbers and cell.upper() in {"А", "Б", "В"}:
            continue
        found = len(cell) <= LONGEST_NUMBER and _NUMBERED.fullmatch(cell)
        if not found:
            return False
        numbers.append(int(found[1]))
    if len(numbers) < 2:
        return False
    steps = {after - before for before, after in zip(numbers, numbers[1:], strict=False)}
    return numbers[0] <= 2 and steps <= {0, 1} | ({2} if len(numbers) > 3 else set()) and 1 in steps


# ——— What stands in it ———


def _names(grid, first, last):
    """Names of columns over all rows of the head: an empty cell of an upper row is continued from the left."""
    below = grid.rows[last + 1 :]
    widest = max(map(len, below), default=0)
    filled = {place for place in range(widest) if any(place < len(row) and row[place] for row in below)}
    width = max([len(grid.rows[row]) for row in range(first, last + 1)] + [place + 1 for place in filled])
    parts = [[] for _column in range(width)]
    for row in range(first, last + 1):
        carried = ""
        for column in range(width):
            text = unbroken(grid.cell(row, column))[:300]
            if text and not grid.cell(row, column).startswith(MERGED):
                carried = text
            elif row < last and any(grid.cell(below, column) and not grid.cell(below, column).startswith(MERGED)
                                    for below in range(row + 1, last + 1)):  # fmt: skip
                text = carried
            if text and text not in parts[column]:
                parts[column].append(text)
    names, seen = [], {}
    for column, pieces in enumerate(parts):
        name = " / ".join(pieces) or (f"столбец {column + 1} без названия" if column in filled else "")
        seen[name] = seen.get(name, 0) + 1
        names.append(f"{name} ({seen[name]})" if name and seen[name] > 1 else name)
    return tuple(names)


def _is_unit_alone(cells):
    """Whether a row says a unit of money and nothing else."""
    own = [cell for cell in cells if cell]
    return len(own) == 1 and bool(units_in(own[0])) and _is_made_of(_UNIT_ALONE, own[0])


def _units_in(rows):
    """((words, factor)) of the lines around a head that name a unit of money.

    A line that says nothing else, or says it in brackets, is believed before a title where the unit stands by the way.
    """
    declared, by_the_way = [], []
    for cells in rows:
        for cell in cells:
            if not cell or cell.startswith(MERGED):
                continue
            inside = [factor for part in re.findall(r"\(([^()]*)\)", cell) for factor in units_in(part)]
            group = declared if inside or _is_made_of(_UNIT_ALONE, cell) else by_the_way
            group += [(unbroken(cell)[:100], factor) for factor in inside or units_in(cell)]
    return tuple(dict.fromkeys(declared or by_the_way))


def _volumes(grid, names, first):
    """Places of columns by years beside a column that says what each row counts in, where none counts in roubles."""
    unit = next((place for place, name in enumerate(names) if re.match(r"ед\b|единиц\w* изм", plain(name))), None)
    if unit is None:
        return frozenset()
    units = {row[unit] for row in grid.rows[first:] if unit < len(row) and row[unit]}
    if not units or any(unit_of(one) for one in units):
        return frozenset()
    return frozenset(
        place for place, name in enumerate(names) if YEAR.search(name) and not _BARE_YEAR.sub("", plain(name))
    )
