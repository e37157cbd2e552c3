"""A table of strategies: documents of towns with their years and texts. New ones come as drafts."""

from strategies.models import Strategy

from .identity import Twins, mark, plain_key
from .planner import LOST, Planner

PUBLIC = "стратегию уже видят все: её правят в мастерской, таблица меняет только черновики"
LIKELY = "похоже на «{}»: скажите, один это документ или разные"


class Strategies(Planner):
    """Strategies of a region's towns. What everybody sees already is not changed by a table."""

    model = Strategy
    columns = {"municipality": "town"}
    plain_fields = (
        "title", "kind", "version", "year_from", "year_to", "mission", "main_goal", "summary", "status_note",
        "discussion_from", "discussion_to", "act_number", "act_date", "adopted_by", "note", "sources",
    )  # fmt: skip

    def prepare(self):
        """Strategies of the region by town and title: two queries."""
        self.records = self.ground.known(Strategy)
        self.by_title = {}
        for one in self.records.values():
            self.by_title.setdefault((one.municipality_id, plain_key(one.title)), []).append(one)
        self.twins = Twins(
            lambda: [(one.municipality_id, one.title, one) for one in self.records.values()],
            lambda: [(self._place(item), item.get("title"), item.line) for item in self.reader.items],
        )

    def _place(self, item):
        try:
            town = self.ground.town(item.get("town")) if item.get("town") else self.scope.town
        except ValueError:
            return LOST
        return town.pk if town else None

    def plan_item(self, item):
        """Plan one strategy."""
        town = self.resolve(item, "town", self.ground.town) if item.get("town") else self.scope.town
        record = self._find(item, town)
        if record is None:
            self._plan_new(item, town)
        elif record is not LOST and self.meet(item, record):
            self._plan_old(item, record, town)

    def _find(self, item, town):
        number, title = item.get("pk"), item.get("title")
        if number is not None and number in self.records:
            return self.records[number]
        if number is not None:
            self.wrong(item, "pk", f"стратегии с номером {number} в области нет; у новой этот столбец пуст")
        elif not title:
            self.wrong(item, "title", "нет названия")
        elif town is None and not item.get("town"):
            self.wrong(item, "town", "не сказано, какого города стратегия")
        if item.is_broken or town is None:
            return LOST
        named = self.by_title.get((town.pk, plain_key(title)), [])
        found = [one for one in named if item.get("version") in {None, one.version}]
        if len(found) > 1:
            self.wrong(item, "title", f"версий этого документа {len(found)}: назовите версию или номер на сайте")
            return LOST
        return found[0] if found else self._of_twin(item, town) if not named else None

    def _of_twin(self, item, town):
        title = item.get("title")
        records, rows = self.twins.of(town.pk, title, item.line)
        if not records and not rows:
            return None
        known = records[0].title if records else rows[0][1]
        found = self.ask_same(item, "title", title, records=records, rows=rows, words=LIKELY.format(known[:80]))
        if found is not None and found is not LOST:
            item.values["title"] = found.title
        return found

    def _plan_new(self, item, town):
        record = Strategy(municipality=town, created_by=self.by, is_sample=self.scope.region.is_sample)
        earlier = self.earlier(item, "new", Strategy, town.pk, plain_key(item.get("title")), item.get("version") or 1)
        if earlier:
            self.wrong(item, "title", f"повторяет строку {earlier}")
        self.set_plain(item, record, is_new=True)
        self.check(item, record)
        self.added(item, record)
        self.book.meant.add(mark(record))

    def _plan_old(self, item, record, town):
        if town and town.pk != record.municipality_id:
            self.wrong(item, "town", f"стратегия принадлежит городу {record.municipality}: города не меняют")
        self.book.meant.add(mark(record))
        changed = self.set_plain(item, record, is_new=False)
        if changed and record.is_public:
            self.wrong(item, min(changed), PUBLIC)
        if changed:
            self.check(item, record)
            self.changed(item, record, changed)
        self.settle(item, bool(changed))

    def missing(self):
        """Drafted and living strategies of the region (or town) that the table does not name."""
        town = self.scope.town
        return [
            str(one) for pk, one in self.records.items()
            if pk not in self.met and one.status != Strategy.Status.SUPERSEDED
            and (town is None or one.municipality_id == town.pk)
        ]  # fmt: skip

    def save(self):
        """Write the strategies; yields how many are written."""
        yield from self.create(self.made)
        yield from self.update(self.touched.values())
