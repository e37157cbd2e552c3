"""What the cells of a row say: values by field, put into the item of the row; every fault by its row and column."""

from dataclasses import replace

from exchange.sheets.cells import Money, Number, is_blank, is_ditto, refers
from exchange.sheets.columns import LOANS, PLAN, YearColumn
from exchange.sheets.grid import ERROR, FORMULA, MERGED
from exchange.sheets.measured import unit_in
from exchange.sheets.spelling import unit_of

from .fields import FLOW
from .items import Item

MARKED = {FORMULA, ERROR, MERGED}
MOST_KNOWN = 500  # texts of a column that are remembered: what stands in more rows than one is understood once
WORKS = 0  # a row counts kilometres or places, not money


class RowValues:
    """Reads the cells of rows, in the order of the rows: «то же» is what stands above.

    Args:
        reader: the `Reader` that has sorted the rows; it is told faults and notes.
    """

    def __init__(self, reader):
        self.reader, self.match, self.places, self.kinds = reader, reader.match, reader.places, reader.kinds
        match, head = reader.match, reader.head
        self.cells = {name: match.cell_of(name, head.unit) for name in self.places}
        self.columns = {name: YearColumn.parse(name) for name in self.places}
        self.repeated = set()  # lines with «то же» in them
        self._last = Item(0)
        self._above, self._flow, self._known = {}, PLAN, {name: {} for name in self.places}
        self._numbers = {name for name, cell in self.cells.items() if isinstance(cell, Number | Money)}
        self._unit = reader.layout.unit or match.unit or head.unit or "counted" not in self.places
        self._uncounted = {
            name for name in self.places if match.is_money(name) and unit_of(match.names[self.places[name]]) is None
        }
        self._usual = [name for name in self.places if name not in {"source", "counted", FLOW}]

    def take(self, cells, line, item, source, *, is_own_total):
        """Read a row into an item, its own or the one of the rows above that it says more of.

        Args:
            source: whose money the row is of, where it names that in place of a title.
            is_own_total: whether it is the total of the item alone.
        """
        if item.line == line:
            self._last.close()
            self._last = item
        passed = {self.match.kind.required[0]} if source or is_own_total else set()
        if source:
            item.open_parts()
        elif "source" in self.places:
            source = self._read(cells, line, "source", item)
        self._flow = self._read(cells, line, FLOW, item) if FLOW in self.places else PLAN
        counted = self._counted_in(cells)
        if counted == WORKS:
            self._tell_works(cells, line)
            passed |= self._uncounted
        for name in self._usual:
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
                self.reader.notes.append(f"Строка {line}, «{head}»: {text} ({unit}) — не деньги, не внесли.")

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

    def _read(self, cells, line, name, item, counted=None):
        """The value of a cell; None where it is empty, says that nothing is known, or is wrong."""
        place = self.places[name]
        text = cells[place] if place < len(cells) else ""
        if counted is None and (known := self._known[name].get(text)):
            if name not in self._numbers:
                self._above[name] = text
            return self._told(item, name, *known)
        text = self._as_above(text, name, item, line)
        if text[:1] in MARKED:
            if text.startswith(MERGED) and item.line != line:
                return None
            if why := self._why_unread(text, name):
                self._wrong(item, line, name, why)
                return None
            text = text.removeprefix(MERGED)
        if (name in self._numbers or name == "source") and refers(text):
            self.reader.notes.append(f"Строка {line}, «{self.match.names[place]}»: «{text[:40]}», числа нет.")
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
                self.repeated.add(line)
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
        known = self._known[name]
        if counted is None and len(known) < MOST_KNOWN and not is_ditto(text):
            known[text] = value, text.endswith("%")
        return self._told(item, name, value, text.endswith("%"))

    @staticmethod
    def _told(item, name, value, is_percent):
        if is_percent:
            item.percents |= {name}
        return value

    def _wrong(self, item, line, name, text):
        item.is_broken = True
        item.wrong |= {name}
        self.reader.fault(line, name, text)

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
            self.reader.notes.append(f"Строка {line}, {words} — не план и не факт, не внесли.")
        elif column.is_kept:
            self._put_money(item, name, column, value, source, line)
        elif column.what == "sum":
            item.sums[column.year, column.source] = value
        elif column.what == "base":
            item.values |= {"base_year": column.year, "base_value": value}
            if name in item.percents:
                item.percents |= {"base_value"}
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
                item.unsourced |= {(column.what, *told)}
