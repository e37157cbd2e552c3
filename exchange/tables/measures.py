"""A table of measures: their texts, dates, money by years and sources, the priorities they answer, milestones."""

from django.core.exceptions import ValidationError

from exchange.sheets.marks import listed
from strategies.models import DueChange, Funding, Measure, Milestone, PriorityMeasure, ReportedSpending

from .checks import check_record
from .identity import plain_key
from .main_measures import settle_parts
from .measure_names import MeasureNames
from .measure_parts import new_link, plan_links, plan_points, plan_towns
from .money import new_sum, plan_money
from .planner import LOST, Planner
from .preview import is_same, shown

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
        self.records, self.new_codes = ground.known(Measure), {}
        for one in self.records.values():
            one._prefetched_objects_cache = {}
        self.names = MeasureNames(self)
        inside = {"measure__direction__programme": scope.programme}
        self.money = {
            (row.measure_id, row.year, row.source): row for row in Funding.objects.filter(**inside).order_by()
        }
        self.reported = self._reported() if any(item.spent for item in self.reader.items) else set()
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
        self.repeated = []
        self.new_money, self.changed_money, self.new_links = {}, {}, []
        self.sum_asked, self.link_asked = Funding(created_by_id=self.by_pk), PriorityMeasure()
        self.new_towns, self.new_points, self.moves = [], [], []
        said = self.reader.match.direction
        settle_parts(self)
        self.one_direction = next(
            (one for one in ground.directions.values() if len(ground.directions) == 1 or one.title == said), None
        )

    def _reported(self):
        """Rows of money whose spending a published report has told."""
        inside = {"funding__measure__direction__programme": self.scope.programme}
        told = ReportedSpending.objects.filter(report__status="published", **inside)
        return set(told.values_list("funding_id", flat=True))

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
        record = self.names.find(item, direction)
        if record is None:
            self._plan_new(item, town, direction)
        elif record is not LOST and self.meet(item, record):
            self._plan_old(item, record, town, direction)

    def _plan_new(self, item, town, direction):
        record = Measure(
            direction=direction or self.one_direction, municipality=town, created_by_id=self.by_pk,
            is_sample=self.scope.programme.is_sample,
        )  # fmt: skip
        if record.direction_id is None and item.get("direction") is None:
            self.wrong(item, "direction", NO_DIRECTION)
        code, place = plain_key(item.get("code") or ""), town.pk if town else None
        earlier = self.earlier(item, "new", Measure, plain_key(item.get("title")), place, code)
        if earlier:
            self.wrong(item, "title", f"повторяет строку {earlier}")
        elif code and self.new_codes.setdefault((code, place), item.line) != item.line:
            self.repeated.append(item.line)
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
            check_record(part, known=self.known)
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

    def tell(self):
        """Numbers that repeat: towns and sections count from one each."""
        if self.repeated:
            self.note(f"№ уже стоит у другой меры, строки: {listed(self.repeated)}. Различаем их по названию.")

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
        sums = [new_sum(self, key[1:], told) for key, told in self.new_money.items()]
        links = [new_link(self, PriorityMeasure(), *pair) for pair in self.new_links]
        beside = {
            DueChange: self.moves, Funding: sums, PriorityMeasure: links,
            Milestone: self.new_points,
        }  # fmt: skip
        for model, rows in beside.items():
            for _some in self.create(rows, model):
                yield 0
        money = [(row, {"planned", "spent", "note", "sources"}) for row in self.changed_money.values()]
        for _some in self.update(money, Funding):
            yield 0
        through = Measure.towns.through
        rows = [through(measure_id=measure.pk, municipality_id=town.pk) for measure, town in self.new_towns]
        for _some in self.create(rows, through):
            yield 0
