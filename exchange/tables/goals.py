"""A table of goals: what a strategy wants to come to, goals inside goals by their numbers or by their names."""

import re

from strategies.models import Goal

from .ground import numbered
from .identity import mark, plain_key
from .in_strategy import InStrategy, bare_goal, goal_number
from .planner import LOST

LIKELY = "похоже на «{}»: скажите, одна это цель или разные"
ROMAN = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")
REASON_NEEDED = "эту цель уже видят все: напишите причину в столбце «причина» или одну на всю таблицу"


class Goals(InStrategy):
    """Goals of strategies of a region's towns."""

    model, noun = Goal, "цель"
    plain_fields = ("text", "order", "note", "sources")

    def prepare(self):
        """Goals and strategies of the region: three queries."""
        self.read_strategies()
        rows = Goal.objects.filter(strategy__municipality__region=self.scope.region).order_by("pk")
        self.records = {one.pk: one for one in rows}
        self.by_text, self.by_code, self.last = {}, {}, {}
        for one in self.records.values():
            one.strategy = self.ground.strategies[one.strategy_id]
            one.parent = self.records.get(one.parent_id)
            self._know(one)
        self.read_twins("text")

    def _know(self, goal):
        for name in {plain_key(goal.text), plain_key(bare_goal(goal.text))}:
            self.by_text.setdefault((mark(goal.strategy), name), []).append(goal)

    def plan_item(self, item):
        """Plan one goal."""
        number = item.get("pk")
        if number is not None and number not in self.records:
            self.wrong(item, "pk", f"цели с номером {number} в области нет; у новой этот столбец пуст")
            return
        record = self.records.get(number)
        if record is None and not item.get("text"):
            self.wrong(item, "text", "нет текста цели")
            return
        strategy = record.strategy if record else self.strategy(item)
        if strategy is None:
            return
        self.of_line[item.line] = mark(strategy)
        record = record or self._find(item, strategy)
        if record is None:
            self._plan_new(item, strategy)
        elif record is not LOST and self.meet(item, record):
            self._plan_old(item, record)

    def _find(self, item, strategy):
        """The goal of a text in a strategy; None where it is new, LOST where it is asked."""
        text = item.get("text")
        found = [one for one in self.by_text.get((mark(strategy), plain_key(text)), []) if one.pk]
        if len(found) > 1:
            self.wrong(item, "text", f"целей с таким текстом в стратегии {len(found)}: выгрузите таблицу с сайта")
            return LOST
        if found:
            return found[0]
        return self.twin(item, "text", strategy, LIKELY)

    def _plan_new(self, item, strategy):
        earlier = self.earlier(item, "new", Goal, mark(strategy), plain_key(item.get("text")), self._code(item))
        if earlier:
            self.wrong(item, "text", f"повторяет строку {earlier}")
        record = Goal(strategy=strategy, created_by=self.by, is_sample=strategy.is_sample)
        self.set_plain(item, record, is_new=True)
        self._place_in(item, record)
        self.check(item, record)
        self.added(item, record, (f"в цели «{str(record.parent)[:60]}»" if record.parent else "",))
        self._remember(item, record)

    def _plan_old(self, item, record):
        self.check_place(item, record)
        changed = self.set_plain(item, record, is_new=False)
        if self._place_in(item, record):
            changed.add("parent")
        if "text" in changed and record.strategy.is_public:
            record._change_reason = self.reason_of(item)[:100]
            if not record._change_reason:
                self.wrong(item, "text", REASON_NEEDED)
        if changed:
            self.check(item, record)
            self.changed(item, record, changed)
        self.settle(item, bool(changed))
        self._remember(item, record)

    def _remember(self, item, record):
        """Later rows may name a goal by its text or by its number."""
        self._know(record)
        if code := self._code(item):
            if code[0].isdecimal():
                self.last[mark(record.strategy)] = record
            self.by_code[mark(record.strategy), code] = self.book.goals[mark(record.strategy), code] = record

    @staticmethod
    def _code(item):
        """The number of a row, in its column or before its text."""
        code = (item.get("code") or goal_number(item.get("text") or "")).strip().rstrip(".)")
        return str(ROMAN.index(code)) if code in ROMAN[1:] else code

    def _place_in(self, item, record):
        """Put a goal into the one that the row names, or that its number stands under; gives whether it moves."""
        parent = self._parent(item, record)
        if parent is None or parent is record or parent == record.parent:
            return False
        if record.pk:
            self.edit(item, record, "parent", record.parent, parent)
        record.parent = parent
        return True

    def _parent(self, item, record):
        strategy, text = mark(record.strategy), item.get("parent")
        if text:
            if (number := numbered(text)) in self.records:
                return self.records[number]
            found = self.by_text.get((strategy, plain_key(text)), [])
            named = found[0] if len(found) == 1 else self.by_code.get((strategy, text.strip().rstrip(".")))
            return named or self._bring_parent(item, record.strategy, text, found)
        above = self._code(item).rpartition(".")[0]
        if re.fullmatch("[а-я]", self._code(item)):  # «а)» is of the goal with a number above it
            return self.last.get(strategy)
        if above and (strategy, above) not in self.by_code and not record.parent:
            self.note(f"Строка {item.line}: цели с № {above} выше нет, внесём без неё.")
        return self.by_code.get((strategy, above)) if above else None

    def _bring_parent(self, item, strategy, text, found):
        """A goal that is named only as the one above: it comes with the table."""
        if found:
            self.wrong(item, "parent", f"целей с таким текстом в стратегии {len(found)}: не понять, о какой речь")
            return None
        parent = Goal(strategy=strategy, text=text, created_by=self.by, is_sample=strategy.is_sample)
        self.check(item, parent)
        self.added(item, parent)
        self._know(parent)
        return parent

    def missing(self):
        """Goals that the table does not name, of the strategies that it speaks of."""
        spoken = set(self.of_line.values())
        return [str(one) for pk, one in self.records.items() if pk not in self.met and one.strategy_id in spoken]

    def save(self):
        """Write the goals, those above before those inside; yields how many are written."""
        for depth in sorted({_depth(one) for one in self.made}):
            yield from self.create([one for one in self.made if _depth(one) == depth])
        yield from self.update(self.touched.values())


def _depth(goal):
    depth = 0
    while goal.parent is not None and depth < 10:
        goal, depth = goal.parent, depth + 1
    return depth
