"""What stands in a strategy of a town, goals and priorities: which strategy a row means."""

import re

from strategies.models import Strategy

from .identity import Twins, mark, plain_key
from .planner import LOST, Planner

# «Цель 1. Удобный город», «Задача 1.2) …», «1.2. …»: the number that a text carries before itself.
_NUMBERED = re.compile(
    r"(?i)\s*(?:(?:цель|задача|подцель|подзадача)\s*(?:№\s*)?)?(\d+(?:\.\d+)*)\s*[.):—–-]*(?:\s+(?=\S)|\s*$)"
)


class InStrategy(Planner):
    """A table of what stands in strategies; `noun` is what a row is called: «приоритет», «цель»."""

    noun = ""

    def read_strategies(self):
        """Strategies by town, those of the same workbook among them."""
        self.of_town = {}
        for one in self.ground.strategies.values():
            self.of_town.setdefault(one.municipality_id, []).append(one)
        self.meant = [one for one in self.ground.strategies.values() if mark(one) in self.book.meant]

    def strategy(self, item):
        """The strategy that a row speaks of; None where it is not said: the fault is noted.

        Named; or the one that the workbook is about; or the only one in force, discussed or drafted of the town.
        """
        town = self.resolve(item, "town", self.ground.town) if item.get("town") else self.scope.town
        if town is None and not item.get("town") and not item.get("strategy") and len(self.meant) == 1:
            return self.meant[0]
        if town is None:
            if not item.get("town"):
                self.wrong(item, "town", f"не сказано, какого города {self.noun}")
            return None
        of_town, title = self.of_town.get(town.pk, []), item.get("strategy")
        meant = [one for one in self.meant if one.municipality_id == town.pk]
        found = _named(meant, title) or _named(of_town, title) if title else meant or _likely(of_town)
        if len(found) != 1:
            what = "стратегий с таким названием" if title else "действующих стратегий"
            words = f"{what} у города {len(found)}: назовите стратегию точно"
            self.wrong(item, "strategy" if title else "town", words)
            return None
        return found[0]

    def read_twins(self, named):
        """Names of records and rows by which likely same ones are found.

        Args:
            named: the field with the name.
        """
        self.of_line = {}  # {row: a mark of its strategy}
        self.twins = Twins(
            lambda: [("", getattr(one, named), one) for one in self.records.values()],
            lambda: [("", item.get(named), item.line) for item in self.reader.items],
        )

    def twin(self, item, named, strategy, words):
        """What a person says of a row whose name is likely that of another in its strategy, as `ask_same`."""
        records, rows = self.twins.of("", item.get(named), item.line, taken=self.met)
        records = [one for one in records if one.strategy_id == strategy.pk]
        rows = [(line, text) for line, text in rows if self.of_line.get(line) == mark(strategy)]
        if not records and not rows:
            return None
        known = getattr(records[0], named) if records else rows[0][1]
        found = self.ask_same(item, named, item.get(named), records=records, rows=rows, words=words.format(known[:80]))
        if found is not None and found is not LOST:
            item.values[named] = getattr(found, named)  # the same by another spelling: the name stays
        return found

    def check_place(self, item, record):
        """What stands in a strategy stays in its town and strategy."""
        town, own = self.resolve(item, "town", self.ground.town), record.strategy
        if town and town.pk != own.municipality_id:
            self.wrong(item, "town", f"{self.noun} принадлежит городу {own.municipality}: города не меняют")
        title = item.get("strategy")
        if title and own not in _named(self.of_town[own.municipality_id], title):
            self.wrong(item, "strategy", f"{self.noun} стоит в стратегии «{own.title[:80]}»: стратегии не меняют")


def _named(of_town, title):
    """Strategies of a town that a table calls so."""
    exact = [one for one in of_town if strategy_name(one, of_town) == title]
    return exact or [one for one in of_town if plain_key(one.title) == plain_key(title)]


def _likely(of_town):
    """Strategies of a town that are meant where none is named."""
    own = [one for one in of_town if one.kind == Strategy.Kind.STRATEGY]
    live = [one for one in own if one.status in Strategy.LIVE]
    approved = [one for one in live if one.status == Strategy.Status.APPROVED]
    return approved or live or [one for one in own if one.status == Strategy.Status.DRAFT]


def strategy_name(strategy, of_town):
    """How a table names a strategy of a town: by its title where that is enough."""
    same = [one for one in of_town if plain_key(one.title) == plain_key(strategy.title)]
    return strategy.title if len(same) == 1 else f"{strategy.title}, версия {strategy.version} [{strategy.pk}]"


def goal_number(text):
    """The number that the text of a goal carries before itself; empty where it carries none."""
    found = _NUMBERED.match(text)
    return found[1] if found else ""


def bare_goal(text):
    """The text of a goal without the number before it."""
    return _NUMBERED.sub("", text, count=1)


def goal_names(goal):
    """How a table may name a goal: its text with the number or without, or the number alone."""
    number = goal_number(goal.text)
    words = {number, f"цель {number}", f"задача {number}"} if number else set()
    return {plain_key(goal.text), plain_key(bare_goal(goal.text))} | words
