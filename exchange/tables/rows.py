"""Rows of a grid as items: values by field, where each stands, every fault by row and column."""

import re
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from openpyxl.utils import get_column_letter

from exchange.sheets.cells import Money, Number, is_blank
from exchange.sheets.columns import LOANS, YearColumn
from exchange.sheets.grid import ERROR, FORMULA, MERGED, clean_text

from .matching import STATUS_HEAD

TOTALS = re.compile(r"^(итого|всего)\b", re.I)


@dataclass(frozen=True, order=True)
class Fault:
    """What is wrong in a cell, or in a row as a whole (column 0)."""

    line: int
    place: int
    column: str
    text: str

    @property
    def cell(self):
        """The address that a spreadsheet shows: D12; the row alone where no column is to blame."""
        return f"{get_column_letter(self.place)}{self.line}" if self.place else ""


@dataclass
class Item:
    """A record as the table tells it: one row, or several rows of one measure by sources."""

    line: int
    values: dict = field(default_factory=dict)
    money: dict = field(default_factory=dict)  # {(year or None, source): (sum, line, column)}
    named: dict = field(default_factory=dict)  # {(year or None, source as the table calls it): line}
    sums: dict = field(default_factory=dict)  # {(year or None, source or «» for all): what the parts are compared with}
    spent: dict = field(default_factory=dict)  # {(year or None, source): (sum, line, column)}
    figures: dict = field(default_factory=dict)  # {(target or actual, year): number}
    percents: set = field(default_factory=set)  # names of fields whose cell said «%»
    wrong: set = field(default_factory=set)  # names of fields whose cell is told as wrong
    is_broken: bool = False

    def get(self, name):
        return self.values.get(name)


class Reader:
    """Reads rows under a head by a match.

    Attributes:
        items: what the rows say, in order.
        faults: every `Fault`.
        notes: what was passed over, in words.
    """

    def __init__(self, grid, head, match, *, directions=()):
        self.grid, self.head, self.match = grid, head, match
        self.directions = {plain_key(title): title for title in directions}
        self.places = match.places()
        self.cells = {name: match.cell_of(name, head.unit) for name in self.places}
        self.items, self.faults, self.notes = [], [], []
        self.section = ""
        self._keys = [
            self.places[name]
            for name in ("pk", "code", *match.kind.required, "town", "priority")
            if name in self.places
        ]

    def read(self):
        """Read all rows; gives itself."""
        totals = []
        for index in range(self.head.first, len(self.grid.rows)):
            cells, line = self.grid.rows[index], index + 1
            if not any(cells):
                continue
            if self._is_total(cells):
                totals.append(line)
            elif not self._is_section(cells, line) and self._says_anything(cells):
                self._read_row(cells, line)
        if totals:
            self.notes.append(f"Строки итогов пропущены: {_listed(totals)}.")
        if not self.items and not self.faults:
            self.notes.append("Под шапкой нет ни одной строки с данными.")
        self._tell_left_out()
        return self

    def _tell_left_out(self):
        """Columns with something in them that do not go in are named: nothing is lost unseen."""
        left = [
            name for place, name in enumerate(self.match.names)
            if name not in {"", STATUS_HEAD} and place not in self.match.fields
            and any(place < len(row) and row[place] for row in self.grid.rows[self.head.first :])
        ]  # fmt: skip
        if left:
            names = ", ".join(f"«{name}»" for name in left)
            self.notes.append(f"Эти столбцы не вносим: {names}. Нужны — нажмите «Поправить столбцы».")
        if self.match.kind.code == "measures" and any("показател" in name.lower() for name in left):
            self.notes.append("Показатели мер внесите этой же таблицей ещё раз, выбрав «показатели».")

    def fault(self, line, name, text):
        """Note what is wrong in the column of a field."""
        place = self.places.get(name)
        if place is None:
            self.faults.append(Fault(line, 0, "", text))
        else:
            self.faults.append(Fault(line, place + 1, self.match.names[place], text))

    def _is_total(self, cells):
        """A row of totals: a number on the site is never on it."""
        pk = self.places.get("pk")
        if pk is not None and pk < len(cells) and cells[pk]:
            return False
        first = next((cell for cell in cells if cell and not cell.startswith(MERGED)), "")
        title = self.places.get(self.match.kind.required[0])
        shown = [first, cells[title] if title is not None and title < len(cells) else ""]
        return any(TOTALS.match(text) for text in shown)

    def _is_section(self, cells, line):
        """A row with one cell of words is the heading of a direction."""
        own = [cell for cell in cells if cell]
        if self.match.kind.code != "measures" or len(own) != 1 or len(self.places) < 2:
            return False
        text = own[0].removeprefix(MERGED)
        found = self.directions.get(plain_key(text)) or self.directions.get(
            plain_key(re.sub(r"^[\w.]{1,12}[.):]?\s+", "", text, count=1))
        )
        if found is None and (
            match := re.match(r"(?i)(направление|раздел)\s*[\d.IVXА-Я]*[.:)]*\s*[«\"]?(.*?)[»\"]?$", text)
        ):
            found = self.directions.get(plain_key(match[2]))
        if found is None:
            place = next(place for place, cell in enumerate(cells) if cell)
            if place == self.places.get(self.match.kind.required[0]) and "due" not in self.places:
                return False
            self.faults.append(
                Fault(line, place + 1, self.match.names[place] if place < len(self.match.names) else "",
                      f"«{text[:80]}»: в строке одна ячейка, и направления с таким названием в программе нет")
            )  # fmt: skip
            return True
        self.section = found
        return True

    def _says_anything(self, cells):
        """Whether a row has anything of its own in the columns that go in; money by sources continues a measure."""
        if self.match.kind.code == "measures":
            return True
        own = [cells[place] for place in self.places.values() if place < len(cells)]
        return any(cell and not cell.startswith(MERGED) for cell in own)

    def _read_row(self, cells, line):
        item = Item(line)
        if self._continues(cells) and self.items:
            item = self.items[-1]
        else:
            self.items.append(item)
            if self.section:
                item.values["direction"] = self.section
        source = self._read(cells, line, "source", item) if "source" in self.places else None
        for name in self.places:
            if name == "source":
                continue
            value = self._read(cells, line, name, item, continues=item.line != line)
            if value is not None:
                self._put(item, name, value, source, line)

    def _continues(self, cells):
        """Whether a row says more about the measure above: another source of its money."""
        if "source" not in self.places or not self.items:
            return False
        own = [cells[place] for place in self._keys if place < len(cells)]
        return all(not cell or cell.startswith(MERGED) for cell in own)

    def _read(self, cells, line, name, item, *, continues=False):
        """The value of a cell; None where it is empty, says that nothing is known, or is wrong."""
        place = self.places[name]
        text = cells[place] if place < len(cells) else ""
        if text.startswith(MERGED):
            text = text[1:]
            if continues:
                return None
            if isinstance(self.cells[name], Number | Money):
                self._wrong(item, line, name, "ячейка объединена на несколько строк: напишите число в каждой")
                return None
        if text == FORMULA:
            self._wrong(item, line, name, "в ячейке формула: вставьте её значение")
        elif text.startswith(ERROR):
            self._wrong(item, line, name, f"в ячейке ошибка Excel {text[1:]}: исправьте её")
        elif not is_blank(text):
            try:
                value = self.cells[name].read(text)
            except ValueError as error:
                self._wrong(item, line, name, str(error))
                return None
            if text.endswith("%"):
                item.percents.add(name)
            return value
        return None

    def _wrong(self, item, line, name, text):
        item.is_broken = True
        item.wrong.add(name)
        self.fault(line, name, text)

    def _put(self, item, name, value, source, line):
        if column := YearColumn.parse(name):
            self._put_by_year(item, name, column, value, source, line)
        elif name == "stated_total" and source not in {None, "all"}:
            item.sums[None, source] = value
        elif item.line == line or name not in item.values:
            item.values[name] = value
        elif item.values[name] != value:
            self._wrong(item, line, name, f"в строке {item.line} о той же мере сказано иное")

    def _put_by_year(self, item, name, column, value, source, line):
        if column.what == "money":
            self._put_money(item, name, column, value, source, line)
        elif column.what == "sum":
            item.sums[column.year, column.source] = value
        elif column.what == "base":
            item.values |= {"base_year": column.year, "base_value": value}
            if name in item.percents:
                item.percents.add("base_value")
        else:
            item.figures[column.what, column.year] = value

    def _put_money(self, item, name, column, value, source, line):
        whose = column.source or source or self.match.source
        told = (column.year or self.match.year, whose)
        key = (told[0], "extra" if whose == LOANS else whose)
        if whose == "all":
            item.sums[column.year, ""] = value
        elif not whose:
            self._wrong(item, line, name, "не сказано, чьи это деньги: назовите источник")
        elif told in item.named:
            words = f"деньги этого источника за {key[0] or 'этот'} год уже стоят в строке {item.named[told]}"
            self._wrong(item, line, name, words)
        else:
            item.named[told] = line
            total, *first = item.money.get(key, (0, line, name))
            item.money[key] = (total + value, *first)


def plain_key(text):
    """A text as it is compared: lower case, «ё» as «е», blanks as one, quotes of one kind."""
    text = re.sub(r"[«»“”„\"]", '"', clean_text(text).lower().replace("ё", "е").replace("\u00a0", " "))
    return " ".join(text.split())


def are_alike(one, other):
    """Whether two names may be of one thing: half the words in common, or nearly the same letters."""
    one, other = plain_key(one), plain_key(other)
    words = [{word[:5] for word in re.findall(r"[^\W\d]{4,}", text)} for text in (one, other)]
    common, fewest = len(words[0] & words[1]), min(map(len, words))
    return 0 < fewest <= 2 * common or SequenceMatcher(None, one, other).ratio() > 0.7


def _listed(lines):
    shown = ", ".join(map(str, lines[:10]))
    return shown if len(lines) <= 10 else f"{shown} и ещё {len(lines) - 10}"
