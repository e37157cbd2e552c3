"""Numbered lines of a pasted text: goals, priorities under them, and the tables that stand between."""

import re
from dataclasses import dataclass

from exchange.sheets.grid import Grid, clean_text
from exchange.sheets.heads import find_head, has_known_head
from exchange.sheets.meaning import recognise_all
from exchange.tables.fields import INDICATORS, KINDS

from .choice import IN_TABLE, NOT_IN, Choice
from .confidence import DOUBTFUL, SURE

GOAL, PRIORITY = "goal", "priority"
WHAT = [("", [(GOAL, "цель"), (PRIORITY, "приоритет"), (NOT_IN, "пропустить")])]
MOST_LINES, DEEPEST = 400, 3
BY_WORD = {"цель": GOAL, "задача": GOAL, "приоритет": PRIORITY}
_NUMBERED = re.compile(
    r"^(?:(цель|задача|приоритет)\s*(?:№\s*)?)?(\d{1,2}(?:\.\d{1,2}){0,3})(?:[.)]\s*|\s+|:\s*)(?=\S)(.*)$", re.I
)
# «I. Цель» stands above «1.1»; «а) …» below whatever is numbered before it.
_ROMAN = re.compile(r"^(?:((?i:цель|задача|приоритет))\s*(?:№\s*)?)?([IVXХ]{1,5})[.)]\s*(?=\S)(.*)$")
_LETTER = re.compile(r"^()([а-я])\)\s*(?=\S)(.*)$")


@dataclass
class Line:
    """A line of the text.

    Attributes:
        number: its place, the first at 0.
        numeral: as it stands, «1.2»; empty where there is none.
        level: how deep, the outermost at 1; 0 without a numeral.
        text: without the numeral.
        what: what the site takes it for, and how sure it is.
        choice: what it is, as the page asks it.
    """

    number: int
    text: str
    numeral: str = ""
    level: int = 0
    what: str = NOT_IN
    sure: str = ""
    choice: Choice = None
    parent: object = None

    @property
    def line(self):
        """Its number as people count."""
        return self.number + 1

    @property
    def is_letter(self):
        """Whether its numeral is a letter: «а)»."""
        return self.numeral.islower()

    @property
    def shown(self):
        """The line with its numeral."""
        return f"{self.numeral}. {self.text}" if self.numeral else self.text


class Outline:
    """A pasted text: lines that stand alone, and tables.

    Args:
        text: as it was pasted.
        said: {number of a line: what it is}, as a person says it.
        owners: {«table:row»: the priority of an indicator}, as a person says it.
    """

    def __init__(self, text, said, owners):
        self.lines, self.tables, self.owners = [], [], owners
        self._split(text)
        self._guess()
        for line in self.lines:
            value = said.get(str(line.number), "")
            is_said = value in {GOAL, PRIORITY, NOT_IN}
            label = f"Строка {line.line}: что это"
            line.choice = Choice(
                f"line-{line.number}", label, WHAT, value if is_said else line.what, "" if is_said else line.sure
            )
        self._settle()

    @property
    def is_too_long(self):
        """Whether there are more lines than a person looks through on one page."""
        return len(self.lines) > MOST_LINES

    @property
    def is_one(self):
        """Whether there are numbered lines in it; else the whole text is a table."""
        return any(line.level for line in self.lines)

    def _split(self, text):
        table = []
        for number, raw in enumerate(text.splitlines()):
            cells = [clean_text(cell) for cell in raw.split("\t")]
            numbered = _numbered(" ".join(cell for cell in cells if cell)) if len(cells) < 3 else None
            is_item = numbered and (len(cells) == 1 or re.fullmatch(r"[\d.]+[.)]?", cells[0]) and not table)
            if len(cells) > 1 and not is_item:
                table.append(cells)
                continue
            if table:
                self.tables.append(table)
                table = []
            if any(cells):
                above = next((line.level for line in reversed(self.lines) if line.level and not line.is_letter), 0)
                self.lines.append(_line(number, " ".join(filter(None, cells)), numbered, above))
        if table:
            self.tables.append(table)

    def _guess(self):
        """Goals are what has something under it; priorities are the innermost lines."""
        numbered = [line for line in self.lines if line.level]
        deepest = max((line.level for line in numbered), default=0)
        for place, line in enumerate(numbered):
            below = numbered[place + 1] if place + 1 < len(numbered) else None
            above = numbered[place - 1].level if place else 0
            if line.what:
                line.sure = SURE
            elif deepest == 1:
                line.what, line.sure = PRIORITY, DOUBTFUL
            else:
                has_more = below is not None and below.level > line.level
                line.what = GOAL if has_more or line.level == 1 else PRIORITY
                is_clear = (has_more or line.level > 1) and line.level <= above + 1 and not line.is_letter
                line.sure = SURE if is_clear else DOUBTFUL

    def _settle(self):
        """What stands under what, by what each line is said to be."""
        open_goals = []
        for line in self.lines:
            if line.choice.value not in {GOAL, PRIORITY}:
                continue
            while open_goals and line.level and open_goals[-1].level >= line.level:
                open_goals.pop()
            line.parent = open_goals[-1] if open_goals else None
            if line.choice.value == GOAL:
                open_goals.append(line)

    def of(self, what):
        """The lines that are said to be goals, or priorities."""
        return [line for line in self.lines if line.choice.value == what]

    @property
    def tree(self):
        """[(line, [lines under it])] of goals and priorities, for the page."""
        found = []
        for line in self.lines:
            if line.choice.value == NOT_IN:
                continue
            if line.parent is None:
                found.append((line, []))
            elif found:
                found[-1][1].append(line)
        return found

    # ——— Sheets ———

    @property
    def grids(self):
        """The text as sheets: goals, priorities, then its tables."""
        made = [("Цели", self._goals()), ("Приоритеты", self._priorities())]
        found = [Grid(rows, title) for title, rows in made if rows]
        for number, rows in enumerate(self.tables, start=1):
            grid = Grid([list(row) for row in rows], f"Таблица {number}")
            found.append(self._owned(grid, number))
        return found

    def _goals(self):
        kind, goals = KINDS.get("goals"), self.of(GOAL)
        if not kind or not goals:
            return []
        head = [kind.label_of("text"), kind.label_of("parent")]
        return [head, *([line.text, line.parent.text if line.parent else ""] for line in goals)]

    def _priorities(self):
        kind, rows = KINDS["priorities"], self.of(PRIORITY)
        if not rows:
            return []
        head = [kind.label_of("title"), kind.label_of("goal")]
        return [head, *([line.text, line.parent.text if line.parent and "goals" in KINDS else ""] for line in rows)]

    # ——— Whose the indicators are ———

    def _owned(self, grid, number):
        """A table of indicators with a column of priorities, if priorities stand beside it and it has none."""
        head = self._head_of_indicators(grid)
        if head is None:
            return grid
        width = max(len(row) for row in grid.rows)
        for row, cells in enumerate(grid.rows):
            cells += [""] * (width - len(cells))
            owner = self.owner(number, row, cells[0]).value if row >= head.first and any(cells) else ""
            is_head = row == head.top
            cells.append(KINDS["indicators"].label_of("priority") if is_head else "" if owner == IN_TABLE else owner)
        return grid

    def _head_of_indicators(self, grid):
        if not self.of(PRIORITY) or not has_known_head(grid, INDICATORS):
            return None
        head = find_head(grid, INDICATORS)
        fields = recognise_all(INDICATORS, head.names, head.volumes)
        return None if {"priority", "measure"} & set(fields.values()) else head

    def owner(self, number, row, name):
        """The choice whose an indicator is: a priority of the text, or the town."""
        titles = [line.text for line in self.of(PRIORITY)]
        said = self.owners.get(f"{number}:{row}", "")
        likely = max(titles, key=lambda title: _common(title, name), default="")
        found = likely if _common(likely, name) else IN_TABLE
        value = said if said in titles or said == IN_TABLE else found
        label = f"К какому приоритету показатель «{name}»"
        groups = [("", [(IN_TABLE, "показатель города"), *((title, title) for title in titles)])]
        return Choice(f"owner-{number}:{row}", label, groups, value, "" if said else DOUBTFUL)

    @property
    def indicators(self):
        """[(name of an indicator, whose it is)] of the tables."""
        found = []
        for number, rows in enumerate(self.tables, start=1):
            grid = Grid([list(row) for row in rows])
            head = self._head_of_indicators(grid)
            if head is not None:
                found += [
                    (cells[0], self.owner(number, row, cells[0]))
                    for row, cells in enumerate(grid.rows) if row >= head.first and cells[0]
                ]  # fmt: skip
        return found


def _line(number, text, numbered, above):
    """A line; `above`: the level of the last numbered line before it."""
    if not numbered:
        return Line(number, text)
    word, numeral, rest = numbered
    level = above + 1 if numeral.islower() else numeral.count(".") + 1
    return Line(number, rest, numeral, level, BY_WORD.get(word, ""))


def _numbered(text):
    """(word, numeral, rest) of a numbered line; None where it has no numeral, or is a year or a date."""
    found = next((one for way in (_NUMBERED, _ROMAN, _LETTER) if (one := way.match(text.strip()))), None)
    if not found or not re.search(r"[^\W\d]", found[3]):
        return None
    return (found[1] or "").lower(), found[2], found[3].strip()


def _common(one, other):
    """How many words two names have in common, by their beginnings."""
    words = [{word[:5] for word in re.findall(r"[^\W\d]{4,}", text.lower().replace("ё", "е"))} for text in (one, other)]
    return len(words[0] & words[1])
