"""A table of priorities: what towns chose, strategy by strategy. New ones come as drafts."""

from strategies.models import Goal, Priority, Strategy

from .planner import LOST, Planner
from .rows import plain_key


class Priorities(Planner):
    """Priorities of a region's towns."""

    model = Priority
    plain_fields = ("title", "plain_text", "sphere", "order", "note", "sources")

    def prepare(self):
        """Priorities, strategies and goals of the region: four queries."""
        rows = Priority.objects.filter(strategy__municipality__region=self.scope.region).order_by("pk")
        self.records = {one.pk: one for one in rows.defer("search_stems")}
        self.by_title, self.of_town, self.new_keys, self.goals = {}, {}, {}, {}
        for one in self.records.values():
            one.strategy = self.ground.strategies[one.strategy_id]
            self.by_title.setdefault((one.strategy_id, plain_key(one.title)), []).append(one)
        for one in self.ground.strategies.values():
            self.of_town.setdefault(one.municipality_id, []).append(one)
        if "goal" in self.reader.places:
            goals = Goal.objects.filter(strategy__municipality__region=self.scope.region).order_by("pk")
            self.goals = {(one.strategy_id, plain_key(one.text)): one for one in goals}
            by_pk = {one.pk: one for one in self.goals.values()}
            for one in self.records.values():
                if one.goal_id in by_pk:
                    one.goal = by_pk[one.goal_id]

    def plan_item(self, item):
        """Plan one priority."""
        record, strategy = self._find(item), None
        if record is None:
            strategy = self._strategy(item)
            record = self._by_title(item, strategy) if strategy else LOST
        if record is None:
            self._plan_new(item, strategy)
        elif record is not LOST and self.meet(item, record):
            self._check_place(item, record)
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

    def _strategy(self, item):
        """The strategy that a row speaks of: named, or the only living one of the town."""
        town = self.resolve(item, "town", self.ground.town) if item.get("town") else self.scope.town
        if town is None:
            if not item.get("town"):
                self.wrong(item, "town", "не сказано, какого города приоритет")
            return None
        found, title = self.of_town.get(town.pk, []), item.get("strategy")
        if title:
            found = [
                one for one in found if title in {strategy_name(one, found)} or plain_key(one.title) == plain_key(title)
            ]
            exact = [one for one in found if strategy_name(one, self.of_town[town.pk]) == title]
            found = exact or found
        else:
            found = [one for one in found if one.status in Strategy.LIVE and one.kind == Strategy.Kind.STRATEGY]
            approved = [one for one in found if one.status == Strategy.Status.APPROVED]
            found = approved or found
        if len(found) != 1:
            what = "стратегий с таким названием" if title else "действующих стратегий"
            words = f"{what} у города {len(found)}: назовите стратегию точно"
            self.wrong(item, "strategy" if title else "town", words)
            return None
        return found[0]

    def _by_title(self, item, strategy):
        found = self.by_title.get((strategy.pk, plain_key(item.get("title"))), [])
        if len(found) > 1:
            self.wrong(
                item, "title", f"приоритетов с таким названием в стратегии {len(found)}: выгрузите таблицу с сайта"
            )
            return LOST
        return found[0] if found else None

    def _plan_new(self, item, strategy):
        record = Priority(strategy=strategy, created_by=self.by, is_sample=strategy.is_sample)
        earlier = self.new_keys.setdefault((strategy.pk, plain_key(item.get("title"))), item.line)
        if earlier != item.line:
            self.wrong(item, "title", f"повторяет строку {earlier}")
        self.set_plain(item, record, is_new=True)
        self._plan_goal(item, record)
        self.check(item, record)
        self.added(item, record)

    def _plan_goal(self, item, record):
        text = item.get("goal")
        if text is None or (record.goal_id and plain_key(record.goal.text) == plain_key(text)):
            return set()
        goal = self.goals.get((record.strategy_id, plain_key(text)))
        if goal is None:
            self.wrong(item, "goal", f"«{text[:80]}»: такой цели в стратегии нет")
            return set()
        if record.pk:
            self.edit(item, record, "goal", record.goal, goal)
        record.goal = goal
        return {"goal"}

    def _check_place(self, item, record):
        """A priority stays in its town and strategy."""
        town = self.resolve(item, "town", self.ground.town)
        if town and town.pk != record.strategy.municipality_id:
            self.wrong(item, "town", f"приоритет принадлежит городу {record.strategy.municipality}: города не меняют")
        title, own = item.get("strategy"), record.strategy
        name = strategy_name(own, self.of_town[own.municipality_id])
        if title and title != name and plain_key(title) != plain_key(own.title):
            self.wrong(item, "strategy", f"приоритет стоит в стратегии «{own.title[:80]}»: стратегии не меняют")

    def _check_title(self, item, record):
        key = (record.strategy_id, plain_key(record.title))
        if any(one.pk != record.pk for one in self.by_title.get(key, [])) or key in self.new_keys:
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


def strategy_name(strategy, of_town):
    """How a table names a strategy of a town: by its title where that is enough."""
    same = [one for one in of_town if plain_key(one.title) == plain_key(strategy.title)]
    return strategy.title if len(same) == 1 else f"{strategy.title}, версия {strategy.version} [{strategy.pk}]"
