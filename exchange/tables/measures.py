"""A table of measures: their texts, dates, money by years and sources, the priorities they answer, milestones."""

from django.core.exceptions import ValidationError

from strategies.models import DueChange, Funding, Measure, Milestone, PriorityMeasure

from .checks import check_record
from .measure_parts import plan_links, plan_points, plan_towns
from .money import plan_money
from .planner import LOST, Planner
from .preview import AT_ONCE, is_same, shown
from .rows import are_alike, plain_key

REASON_NEEDED = "это уже обещано ({old}): напишите причину в столбце «причина» или одну на всю таблицу"
NO_DIRECTION = (
    "не сказано, какого направления мера: выберите его в «Поправить столбцы», одно на всю таблицу, или добавьте столбец"
)


class Measures(Planner):
    """Measures of one programme. New ones come as drafts; what is promised changes with a reason only."""

    model = Measure
    columns = {"municipality": "town"}
    plain_fields = (
        "code", "title", "description", "expected_result", "responsible", "co_executors", "start",
        "funding_note", "is_flagship", "note", "sources",
    )  # fmt: skip

    def prepare(self):
        """Measures of the programme with their money, links, towns and milestones: five queries."""
        scope, ground = self.scope, self.ground
        self.records = ground.measures
        self.by_code, self.by_title, self.new_keys = {}, {}, {}
        for one in self.records.values():
            one._prefetched_objects_cache = {}
            if one.code.strip():
                self.by_code.setdefault(plain_key(one.code), []).append(one)
            self.by_title.setdefault((plain_key(one.title), one.municipality_id), []).append(one)
        inside = {"measure__direction__programme": scope.programme}
        self.money = {
            (row.measure_id, row.year, row.source): row for row in Funding.objects.filter(**inside).order_by()
        }
        self.linked, self.named, self.points = {}, {}, {}
        if "priorities" in self.reader.places or "town" in self.reader.places:
            self._read_links(inside)
        if "towns" in self.reader.places:
            rows = Measure.towns.through.objects.filter(**inside)
            for measure, town in rows.values_list("measure_id", "municipality_id"):
                self.named.setdefault(measure, set()).add(town)
        if "milestones" in self.reader.places:
            for point in Milestone.objects.filter(**inside):
                of_measure = self.points.setdefault(point.measure_id, {})
                of_measure.setdefault(plain_key(point.title), {})[point.due] = point
        self.new_money, self.changed_money, self.new_links = [], [], []
        self.new_towns, self.new_points, self.moves = [], [], []
        said = self.reader.match.direction
        self.one_direction = next(
            (one for one in ground.directions.values() if len(ground.directions) == 1 or one.title == said), None
        )

    def _read_links(self, inside):
        for one in self.records.values():
            one._prefetched_objects_cache["priority_links"] = []
        for link in PriorityMeasure.objects.filter(**inside).order_by("pk"):
            link.priority = self.ground.priorities[link.priority_id]
            link.measure = self.records[link.measure_id]
            link.measure._prefetched_objects_cache["priority_links"].append(link)
            self.linked.setdefault(link.measure_id, set()).add(link.priority_id)

    # ——— One row ———

    def plan_item(self, item):
        """Plan one measure."""
        town = self.resolve(item, "town", self.ground.town)
        if item.get("town") is None and self.scope.town:
            town = self.scope.town
        direction = self.resolve(item, "direction", self.ground.direction)
        record = self._find(item, town)
        if record is None:
            self._plan_new(item, town, direction)
        elif record is not LOST and self.meet(item, record):
            self._plan_old(item, record, town, direction)

    def _find(self, item, town):
        """The measure that a row speaks of: by its number on the site, its code, its title and town."""
        number, code, title = item.get("pk"), item.get("code"), item.get("title")
        if number is not None:
            if number in self.records:
                return self.records[number]
            self.wrong(item, "pk", f"меры с номером {number} в этой программе нет; у новой меры этот столбец пуст")
            return LOST
        if code and (found := self._of_code(code, title, town)):
            if title and len(found) == 1 and not self._is_called(found[0], title, item):
                return LOST
            return self._only(item, "code", found, f"мер с номером «{code}»")
        if not title:
            self.wrong(item, "title", "нет названия")
            return LOST
        found = self.by_title.get((plain_key(title), town.pk if town else None), [])
        if code:
            # A measure that has a number of its own is another one, whatever it is called.
            found = [one for one in found if not one.code.strip()]
        return self._only(item, "title", found, "мер с таким названием в этом городе")

    def _of_code(self, code, title, town):
        """Measures of a number. Towns count from one each: another town's measure of another name is another one."""
        return [
            one for one in self.by_code.get(plain_key(code), [])
            if not title or town is None or one.municipality_id == town.pk or plain_key(one.title) == plain_key(title)
        ]  # fmt: skip

    def _is_called(self, record, title, item):
        """Whether a measure found by its number may be the one of a title; a new title of the same is told."""
        if plain_key(record.title) == plain_key(title):
            return True
        told = f"под № {record.code} на сайте стоит «{record.title[:80]}»"
        if are_alike(record.title, title):
            self.note(f"Строка {item.line}: {told}, она получит это название.")
            return True
        self.wrong(
            item, "code", f"{told}: если это другая мера, дайте ей другой № или не вносите столбец с номерами; если "
            f"та же, поставьте {record.pk} в столбец «номер на сайте»",
        )  # fmt: skip
        return False

    def _only(self, item, name, found, what):
        if len(found) > 1:
            self.wrong(
                item, name, f"{what} в программе {len(found)}: не понять, о какой речь; выгрузите таблицу с сайта"
            )
            return LOST
        return found[0] if found else None

    def _plan_new(self, item, town, direction):
        record = Measure(
            direction=direction or self.one_direction, municipality=town, created_by=self.by,
            is_sample=self.scope.programme.is_sample,
        )  # fmt: skip
        if record.direction_id is None and item.get("direction") is None:
            self.wrong(item, "direction", NO_DIRECTION)
        code = item.get("code")
        key = ("code", plain_key(code)) if code else (plain_key(item.get("title") or ""), town.pk if town else None)
        earlier = self.new_keys.setdefault(key, item.line)
        if earlier != item.line:
            self.wrong(item, "code" if code else "title", f"повторяет строку {earlier}")
        due = item.get("due")
        if due:
            record.due, record.due_note = due.day, due.words
            record.start = due.start
        record.due_note = item.get("due_note") or record.due_note
        record.stated_total = item.get("stated_total")
        self.set_plain(item, record, is_new=True)
        if record.direction_id is None:
            return
        self.check(item, record)
        self._plan_parts(item, record)
        money = f"{shown(sum(value for value, *_where in item.money.values()))} тыс. руб." if item.money else ""
        when = f"срок {shown(record.due)}" if record.due else record.due_note[:60]
        self.added(item, record, (town, when, money))

    def _plan_old(self, item, record, town, direction):
        was_start = record.start
        changed = self.set_plain(item, record, is_new=False)
        total, old = item.get("stated_total"), record.stated_total
        if total is not None and total != old:
            if old is not None:
                self.need_reason(item, record, "stated_total", shown(old))
            self.edit(item, record, "stated_total", old, total)
            record.stated_total = total
            changed.add("stated_total")
        changed |= self._plan_place(item, record, town, direction)
        changed |= self._plan_due(item, record, was_start)
        if changed:
            self.check(item, record)
        parts = self._plan_parts(item, record, check_all=bool(changed & {"start", "due", "postponed_to"}))
        if changed:
            self.changed(item, record, changed)
        self.settle(item, bool(changed) or parts)

    def _plan_parts(self, item, record, *, check_all=False):
        """Whether anything beside the measure's own fields changes."""
        touched = plan_money(self, item, record, check_all=check_all)
        for plan in (plan_links, plan_towns, plan_points):
            touched = plan(self, item, record) or touched
        return touched

    def check_part(self, item, part, name):
        """Ask the rules of what stands beside a measure; faults stand at a column."""
        try:
            check_record(part)
        except ValidationError as refusal:
            start, due = part.measure.start, part.measure.due_now
            if "year" in refusal.message_dict and start and due and start > due:
                return  # the dates themselves are told already
            self.wrong(item, name, " ".join(refusal.messages))

    def need_reason(self, item, record, name, old):
        """Refuse to change a promise without a reason; gives the reason."""
        reason = self.reason_of(item)
        if record.is_public and not reason:
            self.wrong(item, name, REASON_NEEDED.format(old=old))
        if record.is_public and reason:
            record._change_reason = reason[:100]
        return reason

    def _plan_place(self, item, record, town, direction):
        changed = set()
        if item.get("town") is not None and town and town.pk != record.municipality_id:
            if record.is_public:
                self.wrong(
                    item, "town", f"мера уже обещана городу {record.municipality or '(всей области)'}: города не меняют"
                )
            self.edit(item, record, "town", record.municipality, town)
            record.municipality = town
            changed.add("municipality")
        if direction and direction.pk != record.direction_id:
            self.edit(item, record, "direction", record.direction, direction)
            record.direction = direction
            changed.add("direction")
        return changed

    def _plan_due(self, item, record, was_start):
        """The date and its words. A promised date moves with a story, and words do not take its place."""
        changed, due, words = set(), item.get("due"), item.get("due_note")
        if due and due.start and due.start != record.start and item.get("start") is None:
            self.edit(item, record, "start", was_start, due.start)
            record.start = due.start
            changed.add("start")
        if due and due.day and due.day != record.due_now:
            changed |= self._move(item, record, due.day)
        if due and due.words and words is None and not is_same(record.due_note, due.words):
            if record.is_public and record.due_now:
                self.wrong(item, "due", f"срок уже обещан датой ({shown(record.due_now)}): словами его не заменяют")
            elif record.due:
                self.edit(item, record, "due", record.due, due.words)
                record.due = None
                changed.add("due")
            words = due.words
        is_proposed = words is not None and self.is_proposed(record, "due_note", words)
        if words is not None and not is_same(record.due_note, words) and not is_proposed:
            self.edit(item, record, "due_note", record.due_note, words)
            record.due_note = words
            changed.add("due_note")
        return changed

    def _move(self, item, record, day):
        old = record.due_now
        self.edit(item, record, "due", old or record.due_note, day)
        if not record.is_public:
            record.due = day
            return {"due"}
        reason = self.need_reason(item, record, "due", shown(old or record.due_note))
        if old is None and not record.due_note:
            record.due = day
            return {"due"}
        if not reason:
            return set()
        try:
            self.moves.append(record.change_due(day, reason=reason, by=self.by))
        except ValidationError as refusal:
            self.wrong(item, "due", " ".join(refusal.messages))
        return {"postponed_to"}

    # ——— All rows ———

    def missing(self):
        """Measures of the programme (and town) that the table does not name."""
        town = self.scope.town
        return [
            one.title for pk, one in self.records.items()
            if pk not in self.met and (town is None or one.municipality_id == town.pk)
        ]  # fmt: skip

    def save(self):
        """Write measures, then their parts; yields how many measures are written."""
        yield from self.create(self.made)
        yield from self.update(self.touched.values())
        for model, rows in ((DueChange, self.moves), (Funding, self.new_money), (PriorityMeasure, self.new_links),
                            (Milestone, self.new_points)):  # fmt: skip
            for start in range(0, len(rows), AT_ONCE):
                model.objects.bulk_create(rows[start : start + AT_ONCE])
                yield 0
        for start in range(0, len(self.changed_money), AT_ONCE):
            Funding.objects.bulk_update(self.changed_money[start : start + AT_ONCE], ["planned", "note"])
            yield 0
        through = Measure.towns.through
        through.objects.bulk_create(
            [through(measure_id=measure.pk, municipality_id=town.pk) for measure, town in self.new_towns],
            batch_size=AT_ONCE,
        )
