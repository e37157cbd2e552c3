"""One sheet on its way in: what the reader found in it, what the person says of it, what is left to choose."""

import re
from dataclasses import replace
from functools import cached_property

from django.core.exceptions import ValidationError

from exchange.sheets.cells import is_blank
from exchange.sheets.columns import SOURCE_WORDS
from exchange.sheets.grid import MERGED, without_mark
from exchange.sheets.heads import Layout, find_head, has_known_head, is_turned
from exchange.tables.fields import KINDS
from exchange.tables.matching import UNIT_WORDS, Match, by_words, own_match
from exchange.tables.memory import match_of, signature_of
from exchange.tables.rows import Reader

from .choice import IN_TABLE, NOT_IN, Question
from .columns import columns_of
from .left import left_of
from .once import ABOVE, BELOW, MOST_PAPER, MOST_UNIT, chosen_once, is_year, out_of, typed_once, unit_asked
from .values import groups_of, values_of

MOST_LEFT, TOP_ROWS = 200, 12
TURNED = (
    "лист «{}» лежит на боку: названия столбцов стоят друг под другом. Поверните его в Excel («Специальная "
    "вставка», «Транспонировать») и принесите заново; если это не так, назовите строки шапки"
)


class Sheet:
    """A sheet as the page of matching shows it.

    Args:
        number: its place in the file.
        grid: as it was read.
        said: what the person said of it: kind, head, unit, hidden, struck, columns (with `form`, the heads they are
            of), rest, once, values, taken, left, cells.
        intake: whose it is: its scope, its ground, what it remembers.
    """

    def __init__(self, number, grid, said, intake):
        self.number, self.said, self.intake = number, said, intake
        self.prefix, self.scope, self.ground = f"s{number}-", intake.scope, intake.ground
        self.read = grid
        self.title = grid.sheet or intake.table.file_name

    @cached_property
    def grid(self):
        """The sheet with the cells that were mended on the page."""
        cells = self.said.get("cells", {})
        if not cells:
            return self.read
        rows = [list(row) for row in self.read.rows]
        for address, text in cells.items():
            row, place = map(int, address.split(":"))
            if row < len(rows):
                rows[row] += [""] * (place + 1 - len(rows[row]))
                rows[row][place] = text
        return replace(self.read, rows=rows)

    # ——— What is on it, where its head is ———

    @cached_property
    def _guess(self):
        """(kind, `ColumnMatch` that knows it): what stands on the sheet by its heads."""
        heads = {}
        for kind in KINDS.values():
            try:
                heads[kind.code] = find_head(self.grid, kind, self._layout_said)
            except ValidationError:
                if self._lone(kind):
                    return kind, None
        kept = self.intake.remembered(heads)
        if kept is not None:
            return KINDS[kept.kind], kept
        suiting = [code for code in heads if has_known_head(self.grid, KINDS[code]) or self._layout_said.head]
        if not suiting:
            is_only = len(self.intake.grids) == 1 or self.intake.table.kind
            return (KINDS[self.intake.table.kind or "measures"] if is_only and heads else None), None
        if self.intake.table.kind in suiting:
            return KINDS[self.intake.table.kind], None
        return KINDS[max(suiting, key=lambda code: len(by_words(KINDS[code], heads[code].names).fields))], None

    @property
    def guessed_kind(self):
        """What stands on it by its heads; None where nothing of ours does."""
        return self._guess[0]

    def _lone(self, kind):
        """The head of a sheet of one column, (row, row): a column that is all that a kind needs; None for others."""
        if kind.code not in {"goals", "priorities"} or max(map(len, self.grid.rows)) > 1:
            return None
        row = next((row for row, cells in enumerate(self.grid.rows) if cells and cells[0]), 0)
        return (row, row) if kind.required[0] in by_words(kind, tuple(self.grid.rows[row])).fields.values() else None

    @cached_property
    def kind(self):
        """What stands on it; None where it does not go in, or is not chosen yet."""
        said = self.said.get("kind")
        if said:
            return KINDS.get(said)
        guess, kept = self._guess
        told = kept.columns if kept is not None else {}
        if guess is None or self.title in told.get("out", ()):
            return None
        is_taken = self.title in told.get("in", ()) or self.intake.claimed.get(guess.code) == self.number
        return guess if is_taken else None

    @property
    def is_unclear(self):
        """Whether a person has to say if it goes in: another sheet of the book holds the same."""
        guess, kept = self._guess
        is_out = kept is not None and self.title in kept.columns.get("out", ())
        return not self.said.get("kind") and self.kind is None and guess is not None and not is_out

    @cached_property
    def kept(self):
        """The `ColumnMatch` that knows its form; None where there is none."""
        if self.kind is None or self._guess[1] is None or self._guess[1].kind != self.kind.code:
            return None
        return self._guess[1]

    @cached_property
    def _layout_said(self):
        found = re.fullmatch(r"\s*(\d{1,5})\s*(?:[-–—]\s*(\d{1,5})\s*)?", self.said.get("head", ""))
        if not found:
            return Layout()
        top, last = int(found[1]) - 1, int(found[2] or found[1]) - 1
        return Layout(head=(top, last)) if 0 <= top <= last < top + 5 and last < len(self.grid.rows) else Layout()

    @cached_property
    def layout(self):
        """What is said of the sheet, as the reader takes it."""
        head = self._layout_said.head
        if head is None and self.kept is not None and self.kept.columns.get("head"):
            head = tuple(self.kept.columns["head"])
        if head is None and self.kind is not None:
            head = self._lone(self.kind)
        taken, left = set(self.said.get("taken", ())), set(self.said.get("left", ()))
        for name, rows in (("hidden", self.grid.hidden), ("struck", self.grid.struck)):
            if self.said.get(name) == "take":
                taken |= rows
        return Layout(head, self.unit_said, frozenset(taken - left), frozenset(left))

    @cached_property
    def head(self):
        """Where its head stands; None where the reader finds none."""
        if self.kind is None:
            return None
        try:
            return find_head(self.grid, self.kind, self.layout)
        except ValidationError:
            return None

    @property
    def head_rows(self):
        """The rows of its head as a person says them: «3–5»."""
        if self.said.get("head") or self.head is None:
            return self.said.get("head", "")
        top, last = self.head.top + 1, self.head.last + 1
        return f"{top}" if last == top else f"{top}–{last}"

    @property
    def top_rows(self):
        """The first rows as they stand, for whoever looks for the head: [(number, text)]."""
        return [
            (number, " · ".join(without_mark(cell) for cell in cells if cell)[:160])
            for number, cells in enumerate(self.grid.rows[:TOP_ROWS], start=1)
        ]

    # ——— Columns ———

    @cached_property
    def form(self):
        """What its form is known by: what was said of other columns does not count."""
        return signature_of(self.kind.code, self.head.names)

    @cached_property
    def found(self):
        """The match that is known without asking, else the one by the words of the heads."""
        own = own_match(self.kind, self.head.names)
        if own is not None:
            return own
        known = match_of(self.kind, self.head.names, self.kept.columns) if self.kept else None
        return known or by_words(self.kind, self.head.names, self.head.volumes)

    @property
    def is_known(self):
        """Whether the form needs no question: it is the site's own, or a person has answered before."""
        return self.kept is not None or own_match(self.kind, self.head.names) is not None

    @cached_property
    def columns(self):
        """`Column`s with a head, in order."""
        return columns_of(self)

    @property
    def has_unknown(self):
        """Whether a column of it is still to be chosen."""
        return any(one.choice.is_open for one in self.columns)

    @property
    def is_made(self):
        """Whether the site has made it itself of numbered lines: its columns are no question."""
        return bool(self.intake.outline) and own_match(self.kind, self.head.names) is not None

    @cached_property
    def match(self):
        """What each column is, as it stands now."""
        once, found = self.said.get("once", {}), self.found
        fields = {int(one.choice.name.rpartition("-")[2]): one.choice.value for one in self.columns}
        fields = {place: name for place, name in fields.items() if self.kind.allows(name)}
        year = once.get("year", "").strip()
        direction = once.get("direction") or found.direction
        return Match(
            self.kind, self.head.names, fields,
            source=once.get("source") if once.get("source") in SOURCE_WORDS else found.source,
            year=int(year) if re.fullmatch(r"\d{4}", year) else found.year,
            direction="" if direction == IN_TABLE else direction, paper=once.get("paper", "").strip()[:MOST_PAPER],
            unit_name=once.get("unit_name", self.found.unit_name).strip()[:MOST_UNIT],
            unit=self.unit_known, layout=self.layout, below=self._below,
            town="" if once.get("town") == IN_TABLE else once.get("town") or (self.town_named or ""),
            headings={} if "direction" in fields.values() else self.values.get("direction", {}),
        )  # fmt: skip

    @property
    def _below(self):
        """Fields whose empty cells say what stands above, as said now or before."""
        said = self.said.get("once", {})
        told = {name: said.get(f"below-{name}") for name in BELOW}
        return tuple(name for name, now in told.items() if now == ABOVE or (not now and name in self.found.below))

    @cached_property
    def town_named(self):
        """The town that the sheet is called after; None where a column, or the whole table, says the town."""
        is_said = self.scope.town or "town" in self.found.fields.values() or not self.kind.field("town")
        return self.ground.named(self.read.sheet) if not is_said and self.read.sheet else None

    # ——— What is said once ———

    @cached_property
    def unit_said(self):
        """What a person says money is counted in; None where they have not said it of this table."""
        return next((factor for factor in UNIT_WORDS if f"{factor:f}" == self.said.get("unit")), None)

    @cached_property
    def unit_known(self):
        """In what money is counted: as said now, as the file says, as said of the last such table."""
        return self.unit_said or self.head.unit or self.found.unit

    @cached_property
    def unit(self):
        """In what money is counted; None where no column needs it said."""
        return unit_asked(self)

    @cached_property
    def once(self):
        """Choices said once for the whole sheet, beside the unit."""
        return chosen_once(self)

    @cached_property
    def typed(self):
        """What is typed once for the whole sheet."""
        return typed_once(self)

    @cached_property
    def reader(self):
        """The rows, sorted by the match as it stands now: what their cells say is read when they are planned."""
        titles = [one.title for one in self.ground.directions.values()] if self.kind.code == "measures" else ()
        made = Reader(self.grid, self.head, self.match, self.layout, directions=titles, is_town=self.ground.is_town)
        known = self.intake.readings.get(self.number)
        if known is None or not known.reads_as(made):
            known = self.intake.readings[self.number] = made.sort()
        return known

    @cached_property
    def rows_out(self):
        """Places of the rows that are not read."""
        return {one.row for one in self.reader.left}

    @property
    def rows_in(self):
        """How many rows go in."""
        return len(self.grid.rows) - len(self.rows_out) if self.head else 0

    @cached_property
    def left(self):
        """`LeftRow`s: what stands on the sheet and does not go in."""
        return left_of(self)

    @property
    def left_total(self):
        """How many rows do not go in; a row that a person takes anyway is none of them."""
        return sum(not one.is_taken for one in self.left)

    @property
    def left_shown(self):
        """As many of them as a page shows."""
        return self.left[:MOST_LEFT]

    @property
    def left_places(self):
        """Places of the rows that a page shows as left out, for its form."""
        return ",".join(str(one.row) for one in self.left_shown)

    @cached_property
    def out(self):
        """Whether hidden and struck-out rows go in: a choice for each sort that the sheet has."""
        return out_of(self)

    # ——— Values ———

    @cached_property
    def values(self):
        """{field: {what stands in cells: what it means}}, as said now or before."""
        before = self.kept.columns.get("values", {}) if self.kept is not None else {}
        now = self.said.get("values", {})
        return {name: before.get(name, {}) | now.get(name, {}) for name in {*before, *now}}

    @cached_property
    def to_match(self):
        """Words of cells that are not understood as they stand."""
        return values_of(self)

    @cached_property
    def groups(self):
        """Names that are likely the same."""
        return groups_of(self)

    @cached_property
    def ready(self):
        """The sheet as it goes in: cells mended, words put for words."""
        places = {
            self.match.places()[name]: {text: meant for text, meant in words.items() if meant != NOT_IN}
            for name, words in self.values.items() if name in self.match.places()
        }  # fmt: skip
        if not any(places.values()):
            return self.grid
        rows = [list(row) for row in self.grid.rows]
        for cells in rows[self.head.first :]:
            for place, words in places.items():
                text = cells[place].removeprefix(MERGED) if place < len(cells) else ""
                if text in words:
                    cells[place] = (MERGED if cells[place].startswith(MERGED) else "") + words[text]
        return replace(self.grid, rows=rows)

    # ——— What is left ———

    @cached_property
    def choices(self):
        """Every choice of the sheet."""
        if self.head is None:
            return []
        found = [one.choice for one in self.columns] + [self.unit] * bool(self.unit) + self.once + self.out
        return found + [one.choice for one in self.to_match]

    @cached_property
    def questions(self):
        """`Question`s that stand between the sheet and its check."""
        if self.kind is None:
            return []
        if self.head is None:
            return [Question(f"{self.prefix}head", f"строки шапки листа «{self.title}»")]
        if not self.is_known and not self._layout_said.head and is_turned(self.grid, self.kind):
            return [Question(f"{self.prefix}head", TURNED.format(self.title))]
        found = [Question(one.name, one.short) for one in self.choices if one.is_open]
        found += [Question(one.name, one.label) for one in self.typed if one.is_needed and not is_year(one.value)]
        if not found:
            try:
                self.match.check()
            except ValidationError as refusal:
                found = [Question(f"{self.prefix}columns", words) for words in refusal.messages]
        return found

    @property
    def is_doubtful(self):
        """Whether a person has to look at it before it is checked."""
        return self.kind is not None and (not self.is_known or any(one.is_doubtful for one in self.choices))

    @property
    def is_blank(self):
        """Whether nothing stands on it."""
        return not any(not is_blank(cell) for row in self.grid.rows for cell in row)
