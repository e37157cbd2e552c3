"""Rows of a grid as items: values by field, where each stands, every fault by row and column, every row left."""

import re

from exchange.sheets import row_kinds as reasons
from exchange.sheets.grid import MERGED, without_mark
from exchange.sheets.heads import AS_FOUND
from exchange.sheets.marks import listed
from exchange.sheets.row_kinds import RowKinds, shown

from .fields import FLOW
from .identity import plain_key
from .items import Fault, Item, Left
from .matching import STATUS_HEAD
from .row_values import RowValues

DIRECTION = re.compile(
    r"(?i)(?:основное )?(?:направление|раздел|подпрограмма|блок|глава|часть)\s*(?:№\s*)?[\d.IVXА-Я]*[.:)]*"
    r"\s*[—–-]?\s*[«\"]?(.*?)[»\"]?$"
)


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
        self.kinds = RowKinds(grid, head, self.places, match.kind)
        self.items, self.faults, self.notes, self.left, self.read_rows = [], [], [], [], []
        self.section, self.town, self.skipped, self.headings = "", match.town, "", []
        self._since_total, self._in_part, self._first = 0, False, []
        keys = ("pk", "code", *match.kind.required, "town", "priority")
        self._keys = [self.places[name] for name in keys if name in self.places and name != "unit"]
        self._sorted, self._values = [], RowValues(self)  # rows whose cells are not read yet, and what reads them
        self._is_sorted = self._is_read = self.is_planned = False

    def reads_as(self, other):
        """Whether another reader would read the same: the sheet, what its columns are, what is said of it."""
        told = [(one.grid, one.head, one.match, one.layout, one.directions) for one in (self, other)]
        return told[0] == told[1]

    def sort(self):
        """Say of every row whether it is read, and whose it is; what its cells say is not read yet. Gives itself."""
        if self._is_sorted:
            return self
        self._is_sorted = True
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
                self._sort_row(self.grid.rows[index], index + 1)
        return self

    def read(self):
        """Read all rows; gives itself."""
        if self._is_read:
            return self
        self._is_read = True
        self.sort()._take_values()
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
        if self._since_total != 1 or self.match.kind.code != "measures" or not self.kinds.is_bare_total(cells):
            return False
        self._take_values()
        item = self.items[-1]
        return not (item.money or item.spent or item.sums or item.get("stated_total"))

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
        if self._values.repeated:
            self.notes.append(f"«То же» читаем как ячейку выше, строки: {listed(sorted(self._values.repeated))}.")

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

    def _sort_row(self, cells, line):
        """Whose a row is that is read: an item of its own, or the one above it; what it says is read later."""
        self.read_rows.append(line - 1)
        source = self.kinds.source_of(cells) if self.items else ""
        is_own_total = not source and self._is_own_total(cells)
        if not (source or is_own_total or (self._continues(cells) and self.items)):
            item = Item(line)
            self.items.append(item)
            self._since_total, self._first = self._since_total + 1, self._own_keys(cells)
            item.values |= {name: text for name, text in (("direction", self.section), ("town", self.town)) if text}
        elif source or is_own_total:
            self._since_total = 0 if is_own_total else self._since_total
        self._sorted.append((line, self.items[-1], source, is_own_total))

    def _take_values(self):
        """Read what the rows say that are sorted so far."""
        for line, item, source, is_own_total in self._sorted:
            self._values.take(self.grid.rows[line - 1], line, item, source, is_own_total=is_own_total)
        self._sorted = []

    def _continues(self, cells):
        """Whether a row says more about the measure above: another source of its money, another unit of it."""
        if not {"source", "counted", FLOW} & self.places.keys() and not self.skipped:
            return False
        own = self._own_keys(cells)
        return not any(own) or (FLOW in self.places and own == self._first and self.match.kind.by_year != "")

    def _own_keys(self, cells):
        """What a row says in the columns that tell records apart."""
        return [self.kinds.cell(cells, place) for place in self._keys]
