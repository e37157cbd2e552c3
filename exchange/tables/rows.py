"""Rows of a grid as items: values by field, where each stands, every fault by row and column, every row left."""

import re
from dataclasses import replace

from exchange.sheets.cells import Money, Number, is_blank, is_ditto, refers
from exchange.sheets.columns import LOANS, PLAN, YearColumn
from exchange.sheets.grid import ERROR, FORMULA, MERGED, without_mark
from exchange.sheets.heads import AS_FOUND
from exchange.sheets.marks import listed
from exchange.sheets.spelling import unit_of

from . import row_kinds as reasons
from .fields import FLOW
from .identity import plain_key
from .items import Fault, Item, Left
from .matching import STATUS_HEAD
from .measured import unit_in
from .row_kinds import RowKinds, shown

DIRECTION = re.compile(
    r"(?i)(?:основное )?(?:направление|раздел|подпрограмма|блок|глава|часть)\s*(?:№\s*)?[\d.IVXА-Я]*[.:)]*"
    r"\s*[—–-]?\s*[«\"]?(.*?)[»\"]?$"
)
_MARKED = {FORMULA, ERROR, MERGED}
WORKS = 0  # a row counts kilometres or places, not money


class Reader:
    """Reads rows under a head by a match. Every row of the sheet is read, or left with a reason.

    Attributes:
        items: what the rows say, in order.
        faults: every `Fault`.
        notes: what was passed over, in words.
        read_rows: places of the rows that the items are made of.
        left: a `Left` of every row of the sheet that is not read.
        is_planned: whether a planner has worked with the items, which are no more what the rows say.
    """

    def __init__(self, grid, head, match, layout=AS_FOUND, *, directions=(), is_town=None):
        self.grid, self.head, self.match, self.layout = grid, head, match, layout
        self.directions, self.is_town = {plain_key(title): title for title in directions}, is_town
        self.places = match.places()
        self.cells = {name: match.cell_of(name, head.unit) for name in self.places}
        self.columns = {name: YearColumn.parse(name) for name in self.places}
        self.kinds = RowKinds(grid, head, self.places, match.kind)
        self.items, self.faults, self.notes, self.left, self.read_rows = [], [], [], [], []
        self.section, self.town, self.skipped, self.headings = "", match.town, "", []
        self._since_total, self._in_part, self._flow, self._first = 0, False, PLAN, []
        self._above, self._repeated, self.is_planned = {}, set(), False
        keys = ("pk", "code", *match.kind.required, "town", "priority")
        self._keys = [self.places[name] for name in keys if name in self.places and name != "unit"]
        self._numbers = {name for name, cell in self.cells.items() if isinstance(cell, Number | Money)}
        self._unit = layout.unit or match.unit or head.unit or "counted" not in self.places
        self._uncounted = {
            name for name in self.places if match.is_money(name) and unit_of(match.names[self.places[name]]) is None
        }

    def reads_as(self, other):
        """Whether another reader would read the same: the sheet, what its columns are, what is said of it."""
        told = [(one.grid, one.head, one.match, one.layout, one.directions) for one in (self, other)]
        return told[0] == told[1]

    def read(self):
        """Read all rows; gives itself."""
        for index in range(min(self.head.first, len(self.grid.rows))):
            above = reasons.TITLE if index < self.head.top else reasons.HEAD
            above = above if index <= self.head.last else reasons.NUMBERING
            self._leave(index, above if any(self.grid.rows[index]) else reasons.EMPTY)
            own = [without_mark(cell) for cell in self.grid.rows[index] if cell]
            if above == reasons.TITLE and len(own) == 1:
                self.section = self._direction(own[0]) or self.section
                self._take_town(own[0])
        for index in range(self.head.first, len(self.grid.rows)):
            if why := self._why_left(index):
                self._leave(index, why)
            else:
                self.read_rows.append(index)
                self._read_row(self.grid.rows[index], index + 1)
        self._tell_rows()
        if not self.items and not self.faults:
            self.notes.append("Под шапкой нет ни одной строки с данными.")
        self._tell_columns()
        return self

    def _why_left(self, index):
        """Why a row is not read; «» where it is. What a person says of a row wins over what it looks like."""
        cells = self.grid.rows[index]
        if not any(cells):
            return reasons.EMPTY
        continues = self._continues(cells)
        if index in self.layout.taken:
            self.skipped = ""
            return ""
        why = reasons.SAID if index in self.layout.left else self.kinds.plain_reason(index)
        if why:
            if why in {reasons.SAID, reasons.HIDDEN, reasons.STRUCK} and not continues:
                self.skipped = reasons.ORPHAN
                self._end_section(index)
            return why
        if self.kinds.is_total(cells) and not self._is_own_total(cells):
            self.skipped, self._since_total = reasons.SUM_PARTS, 0
            return reasons.SUMMED
        if self.kinds.is_parts_label(cells):
            return reasons.PARTS_FOLLOW
        if self.skipped and (continues or self.kinds.source_of(cells)):
            return self.skipped
        is_part = self.kinds.is_part(cells) or (self._in_part and self.kinds.is_unnumbered(cells))
        self._in_part = is_part and not self.kinds.source_of(cells)
        if self._in_part:
            return self.skipped or reasons.PART_ABOVE
        self.skipped = ""
        return self._why_heading(index) or ("" if self._says_anything(cells) else reasons.NOTHING)

    def _why_heading(self, index):
        """Whether a row is the heading of a direction, known or not."""
        told = self.kinds.section_text(index)
        if told is None:
            return reasons.HEADING if self.kinds.is_bare_name(self.grid.rows[index]) else ""
        text, is_record = told
        if found := self._direction(text):
            self.section, self.skipped, self._since_total = found, reasons.SUM_PARTS, 0
            return reasons.SECTION
        if text in self.match.headings:
            return reasons.HEADING
        if self._take_town(text):
            return reasons.TOWN
        if is_record:
            return ""
        self.headings.append(text)
        is_sure = "direction" in self.places or len(self.directions) == 1 or (self.match.direction and not self.section)
        self._end_section(index)
        if is_sure:
            return reasons.HEADING
        cells = self.grid.rows[index]
        place = next(place for place, cell in enumerate(cells) if cell.removeprefix(MERGED) == text)
        self.faults.append(
            Fault(index + 1, place + 1, self.match.names[place] if place < len(self.match.names) else "",
                  f"«{text[:80]}»: в строке одна ячейка, и направления с таким названием в программе нет")
        )  # fmt: skip
        return reasons.SECTION

    def _end_section(self, index):
        """What stands under a heading that nobody knows, or that stays out, is not of the section above it."""
        text, is_record = self.kinds.section_text(index) or ("", True)
        if not is_record or self._direction(text):
            self.section = ""

    def _direction(self, text):
        """The direction that a heading names; None where it names none."""
        ways = [self.match.headings.get(text, text), text, re.sub(r"^[\w.]{1,12}[.):]?\s+", "", text, count=1)]
        ways += [found[1] for found in [DIRECTION.match(text)] if found]
        keys = [key for way in ways for key in (plain_key(way), plain_key(way).strip(' .:"'))]
        return next((self.directions[key] for key in keys if key in self.directions), None)

    def _take_town(self, text):
        """Whether a heading names a town, and nothing else does: all below it is that town's."""
        if self.is_town is None or "town" in self.places or self.match.town or not self.is_town(text):
            return False
        self.town = text
        return True

    def _is_own_total(self, cells):
        """Whether «всего» under a measure is its own: it alone stands since the last total, without a sum."""
        item = self.items[-1] if self._since_total == 1 else None
        is_bare = item is not None and not (item.money or item.spent or item.sums or item.get("stated_total"))
        return is_bare and self.match.kind.code == "measures" and self.kinds.is_bare_total(cells)

    def _leave(self, row, why):
        """Note a row that is not read."""
        self.left.append(Left(row, shown(self.grid.rows[row])[:120], why))

    def _tell_rows(self):
        """Rows left for a reason that nobody expects are named."""
        lines = {}
        for one in self.left:
            if one.why not in reasons.EXPECTED:
                lines.setdefault(one.why, []).append(one.line)
        if reasons.SUMMED in lines:
            self.notes.append(f"Строки итогов пропущены: {listed(lines.pop(reasons.SUMMED))}.")
        self.notes += [f"Не внесли строки ({why}): {listed(found)}." for why, found in lines.items()]
        if self._repeated:
            self.notes.append(f"«То же» читаем как ячейку выше, строки: {listed(sorted(self._repeated))}.")

    def _tell_columns(self):
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
        year = name.partition(":")[2]
        ways = (name, f"estimate:{year}", f"target:{year}") if name.startswith(("actual:", "estimate:")) else (name,)
        place = next((self.places[one] for one in ways if one in self.places), None)
        if place is None:
            self.faults.append(Fault(line, 0, "", text))
        else:
            self.faults.append(Fault(line, place + 1, self.match.names[place], text))

    def _says_anything(self, cells):
        """Whether a row has anything of its own in the columns that go in; money by sources continues a measure."""
        if self.match.kind.code == "measures":
            return any(place < len(cells) and cells[place] for place in self.places.values())
        own = [cells[place] for place in self.places.values() if place < len(cells)]
        return any(cell and not cell.startswith(MERGED) for cell in own)

    def _read_row(self, cells, line):
        item, source = Item(line), self.kinds.source_of(cells) if self.items else ""
        passed, is_own_total = {"source", "counted", FLOW}, self._is_own_total(cells)
        if source or is_own_total or (self._continues(cells) and self.items):
            item = self.items[-1]
        else:
            self.items.append(item)
            self._since_total, self._first = self._since_total + 1, self._own_keys(cells)
            item.values |= {name: text for name, text in (("direction", self.section), ("town", self.town)) if text}
        if source or is_own_total:
            passed |= {self.match.kind.required[0]}
            self._since_total = 0 if is_own_total else self._since_total
        if source:
            item.open_parts()
        elif "source" in self.places:
            source = self._read(cells, line, "source", item)
        self._flow = self._read(cells, line, FLOW, item) if FLOW in self.places else PLAN
        counted = self._counted_in(cells)
        if counted == WORKS:
            self._tell_works(cells, line)
            passed |= self._uncounted
        for name in self.places:
            if name not in passed and (value := self._read(cells, line, name, item, counted)) is not None:
                self._put(item, name, value, source, line)
        if "unit" in self.match.kind.required:
            self._take_unit(item, cells)

    def _counted_in(self, cells):
        """How many thousand roubles a row counts in by its own cell, or `WORKS`; None where it does not say."""
        place = self.places.get("counted", len(cells))
        text = cells[place].removeprefix(MERGED) if place < len(cells) else ""
        if is_blank(text):
            return None
        return unit_of(text) or WORKS

    def _tell_works(self, cells, line):
        unit = cells[self.places["counted"]].removeprefix(MERGED)
        for name in self._uncounted:
            if text := self.kinds.cell(cells, self.places[name]):
                head = self.match.names[self.places[name]]
                self.notes.append(f"Строка {line}, «{head}»: {text} ({unit}) — не деньги, не внесли.")

    def _take_unit(self, item, cells):
        """Where no cell says what an indicator is measured in, its name does, or what was said of the whole table."""
        if item.get("unit") or not item.get("name"):
            return
        name, unit = unit_in(item.values["name"])
        if unit:
            item.cells |= {"name": item.values["name"], "unit": self.kinds.cell(cells, self.places.get("unit"))}
            item.values |= {"name": name, "unit": unit}
        elif self.match.unit_name:
            item.values["unit"] = self.match.unit_name

    def _continues(self, cells):
        """Whether a row says more about the measure above: another source of its money, another unit of it."""
        if not {"source", "counted", FLOW} & self.places.keys() and not self.skipped:
            return False
        own = self._own_keys(cells)
        return not any(own) or (FLOW in self.places and own == self._first and self.match.kind.by_year != "")

    def _own_keys(self, cells):
        """What a row says in the columns that tell records apart."""
        return [self.kinds.cell(cells, place) for place in self._keys]

    def _read(self, cells, line, name, item, counted=None):
        """The value of a cell; None where it is empty, says that nothing is known, or is wrong."""
        place = self.places[name]
        text = self._as_above(cells[place] if place < len(cells) else "", name, item, line)
        if text[:1] in _MARKED:
            if text.startswith(MERGED) and item.line != line:
                return None
            if why := self._why_unread(text, name):
                self._wrong(item, line, name, why)
                return None
            text = text.removeprefix(MERGED)
        if (name in self._numbers or name == "source") and refers(text):
            self.notes.append(f"Строка {line}, «{self.match.names[place]}»: «{text[:40]}», числа нет.")
        elif not is_blank(text):
            return self._value(text, line, name, item, counted)
        return None

    def _why_unread(self, text, name):
        """Why a cell with a mark has no value; «» where it has one."""
        if text.startswith(MERGED) and name in self._numbers:
            return "ячейка объединена на несколько строк: напишите число в каждой"
        text = text.removeprefix(MERGED)
        if text == FORMULA:
            return "в ячейке формула: вставьте её значение"
        return f"в ячейке ошибка Excel {text[1:]}: исправьте её" if text.startswith(ERROR) else ""

    def _as_above(self, text, name, item, line):
        """What a cell says, or the one above it where it only says «то же», or is empty and a person said so."""
        if name in self._numbers:
            return text
        is_same = is_ditto(text)
        if is_same or (not text and name in self.match.below and item.line == line):
            if is_same and name in self._above:
                self._repeated.add(line)
                item.cells[name] = text
            return self._above.get(name, text)
        if text:
            self._above[name] = text.removeprefix(MERGED)
        return text

    def _value(self, text, line, name, item, counted):
        cell = self.cells[name]
        if name in self._uncounted and not counted and not self._unit:
            self._wrong(
                item, line, name, "не сказано, в чём эта сумма: заполните единицу в строке или назовите одну на всех"
            )
            return None
        if counted and name in self._uncounted:
            cell = replace(cell, factor=counted)
        try:
            value = cell.read(text)
        except ValueError as error:
            self._wrong(item, line, name, str(error))
            return None
        if text.endswith("%"):
            item.percents.add(name)
        return value

    def _wrong(self, item, line, name, text):
        item.is_broken = True
        item.wrong.add(name)
        self.fault(line, name, text)

    def _put(self, item, name, value, source, line):
        if column := self.columns[name]:
            self._put_by_year(item, name, column, value, source, line)
        elif name == "stated_total" and source not in {None, "", "all"}:
            item.sums[None, source] = value
        elif item.line == line or name not in item.values:
            item.values[name] = value
        elif item.values[name] != value:
            self._wrong(item, line, name, f"в строке {item.line} о той же мере сказано иное")

    def _put_by_year(self, item, name, column, value, source, line):
        column = column.of_flow(self._flow)
        if column is None:
            words = f"«{self.match.names[self.places[name]]}»: {value}"
            self.notes.append(f"Строка {line}, {words} — не план и не факт, не внесли.")
        elif column.is_kept:
            self._put_money(item, name, column, value, source, line)
        elif column.what == "sum":
            item.sums[column.year, column.source] = value
        elif column.what == "base":
            item.values |= {"base_year": column.year, "base_value": value}
            if name in item.percents:
                item.percents.add("base_value")
        elif column.what == "estimate":
            if ("actual", column.year) not in item.figures:
                item.figures |= {("actual", column.year): value, ("is_preliminary", column.year): True}
                self._mark_percent(item, name, column)
        else:
            item.figures[column.what, column.year] = value
            self._mark_percent(item, name, column)
            if column.what == "actual":
                item.figures.pop(("is_preliminary", column.year), None)

    @staticmethod
    def _mark_percent(item, name, column):
        if name in item.percents and column.what != "target":
            item.percents |= {f"{what}:{column.year}" for what in ("actual", "estimate")}

    def _put_money(self, item, name, column, value, source, line):
        whose = column.source or source or self.match.source
        told = (column.year or self.match.year, whose)
        key = (told[0], "extra" if whose == LOANS else whose)
        sums = item.spent if column.what == "spent" else item.money
        if whose == "all":
            if column.what == "money":
                item.sums[column.year, ""] = value
        elif not whose:
            self._wrong(item, line, name, "не сказано, чьи это деньги: назовите источник")
        elif (column.what, *told) in item.named:
            words = f"деньги этого источника за {key[0] or 'этот'} год уже стоят в строке"
            self._wrong(item, line, name, f"{words} {item.named[column.what, *told]}")
        else:
            item.named[column.what, *told] = line
            total, *first = sums.get(key, (0, line, name))
            sums[key] = (total + value, *first)
            if not column.source and not source:
                item.unsourced.add((column.what, *told))
