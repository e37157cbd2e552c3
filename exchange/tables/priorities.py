"""A table of priorities: what towns chose, strategy by strategy. New ones come as drafts."""

from strategies.models import Goal, Priority

from .identity import mark, plain_key
from .in_strategy import InStrategy, goal_names, goal_number
from .planner import LOST

LIKELY = "похоже на «{}»: скажите, один это приоритет или разные"


class Priorities(InStrategy):
    """Priorities of a region's towns."""

    model, noun = Priority, "приоритет"
    plain_fields = ("title", "plain_text", "sphere", "order", "note", "sources")

    def prepare(self):
        """Priorities, strategies and goals of the region: four queries."""
        rows = Priority.objects.filter(strategy__municipality__region=self.scope.region).order_by("pk")
        self.records = {one.pk: one for one in rows.defer("search_stems")}
        self.by_title, self.goals = {}, {}
        for one in self.records.values():
            one.strategy = self.ground.strategies[one.strategy_id]
            self.by_title.setdefault((one.strategy_id, plain_key(one.title)), []).append(one)
        self.read_strategies()
        self.read_twins("title")
        if "goal" in self.reader.places:
            self._read_goals()

    def _read_goals(self):
        """Goals by their texts, with their numbers and without, those of the same workbook among them."""
        goals = Goal.objects.filter(strategy__municipality__region=self.scope.region).order_by("pk")
        by_pk = {one.pk: one for one in goals}
        for one in by_pk.values():
            one.strategy = self.ground.strategies[one.strategy_id]
        for one in (*by_pk.values(), *self.ground.new(Goal).values()):
            for name in goal_names(one):
                self.goals.setdefault((mark(one.strategy), name), one)
        for one in self.records.values():
            if one.goal_id in by_pk:
                one.goal = by_pk[one.goal_id]

    def plan_item(self, item):
        """Plan one priority."""
        record, strategy = self._find(item), None
        if record is None:
            strategy = self.strategy(item)
            record = self._by_title(item, strategy) if strategy else LOST
        if record is None:
            self._plan_new(item, strategy)
        elif record is not LOST and self.meet(item, record):
            self.check_place(item, record)
            changed = self.set_plain(item, record, is_new=False) | self._plan_goal(item, record)
            if changed:
                self._check_title(item, record)
                self.check(item, record)
                self.changed(item, record, changed)
            self.settle(item, bool(changed))

    def _find(self, item):
        number = item.get("pk")
        if number is None:
            if not item.get("title"):
                self.wrong(item, "title", "нет названия")
                return LOST
            return None
        if number not in self.records:
            self.wrong(item, "pk", f"приоритета с номером {number} в области нет; у нового этот столбец пуст")
            return LOST
        return self.records[number]

    def _by_title(self, item, strategy):
        self.of_line[item.line] = mark(strategy)
        found = self.by_title.get((strategy.pk, plain_key(item.get("title"))), [])
        if len(found) > 1:
            self.wrong(
                item, "title", f"приоритетов с таким названием в стратегии {len(found)}: выгрузите таблицу с сайта"
            )
            return LOST
        return found[0] if found else self.twin(item, "title", strategy, LIKELY)

    def _plan_new(self, item, strategy):
        record = Priority(strategy=strategy, created_by=self.by, is_sample=strategy.is_sample)
        earlier = self.earlier(item, "new", Priority, mark(strategy), plain_key(item.get("title")))
        if earlier:
            self.wrong(item, "title", f"повторяет строку {earlier}")
        self.set_plain(item, record, is_new=True)
        self._plan_goal(item, record)
        self.check(item, record)
        self.added(item, record)

    def _plan_goal(self, item, record):
        text = item.get("goal")
        if text is None or (record.goal and plain_key(record.goal.text) == plain_key(text)):
            return set()
        place = mark(record.strategy)
        goal = self.goals.get((place, plain_key(text))) or self.book.goals.get((place, goal_number(f"{text} ") or text))
        if goal is None:
            self.wrong(item, "goal", f"«{text[:80]}»: такой цели в стратегии нет")
            return set()
        if goal == record.goal:
            return set()
        if record.pk:
            self.edit(item, record, "goal", record.goal, goal)
        record.goal = goal
        return {"goal"}

    def _check_title(self, item, record):
        key = (record.strategy_id, plain_key(record.title))
        is_new = ("new", Priority, *key) in self.book.said
        if any(one.pk != record.pk for one in self.by_title.get(key, [])) or is_new:
            self.wrong(item, "title", "такой приоритет в этой стратегии уже есть")
        self.by_title.setdefault(key, []).append(record)

    def missing(self):
        """Priorities of the region (or town) that the table does not name; archived ones are past."""
        town = self.scope.town
        return [
            one.title for pk, one in self.records.items()
            if pk not in self.met and one.status != Priority.Status.ARCHIVED
            and (town is None or one.strategy.municipality_id == town.pk)
        ]  # fmt: skip

    def save(self):
        """Write the priorities; yields how many are written."""
        yield from self.create(self.made)
        yield from self.update(self.touched.values())
