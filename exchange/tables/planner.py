"""What all kinds of tables share: find the record of a row, set its fields, note what changed, write all of it."""

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from accounts.models import Revision, WorkflowModel

from .checks import check_record
from .ground import Ground
from .preview import AT_ONCE, Edit, Preview, is_same, shown

UNCHECKED = ("search_stems",)
WORDS = "Внесено таблицей"
WHY_NEEDED = (
    "это уже опубликовано: напишите причину в столбце «причина» или одну на всю таблицу; правка уйдёт на утверждение"
)
TO_DECIDE = "{} (уйдёт на утверждение)"
LOST = object()  # stands for a record where a row does not say which: the fault is noted


class Planner:
    """Plans one table and writes it.

    A kind says `model` and `plain_fields` (set as they stand) and has `prepare` (read what rows are compared with),
    `plan_item` (plan one row), `missing` (titles of records that the table does not name) and `save` (write all that is
    planned; yields how many records after each batch).

    Args:
        scope: where the table goes.
        by: who brings it.
        reason: why what was promised changes, for rows without a reason of their own.
    """

    model = None
    plain_fields = ()
    columns = {}  # {field of the model: field of the table} where they are called otherwise

    def __init__(self, scope, *, by, reason=""):
        self.scope, self.by, self.reason = scope, by, reason.strip()
        self.ground = Ground(scope)
        self.made, self.touched = [], {}
        self.met = {}
        self.preview = None

    def plan_steps(self, reader):
        """Plan the rows of a reader into `self.preview`; yields how many are planned now and then."""
        self.reader, self.preview = reader, Preview()
        self.prepare()
        self.waiting = self._waiting()
        for number, item in enumerate(reader.items, start=1):
            before = len(reader.faults)
            edits = len(self.preview.edits)
            self.plan_item(item)
            if len(reader.faults) > before:
                item.is_broken = True
            if item.is_broken:
                del self.preview.edits[edits:]
            if number % AT_ONCE == 0:
                yield number
        self.preview.faults = sorted(set(reader.faults))
        self.preview.notes = reader.notes + self.preview.notes
        self.preview.missing = self.missing()

    def _waiting(self):
        """{id: revision} of the region's records of the model that wait already."""
        if not getattr(self.model, "PUBLIC_WORDS", None):
            return {}
        kind = ContentType.objects.get_for_model(self.model)
        rows = Revision.objects.waiting().filter(content_type=kind, region=self.scope.region).with_people()
        return {one.object_id: one for one in rows}

    def reason_of(self, item):
        """Why a promise changes: the row's own words, or those said for the whole table."""
        return (item.get("reason") or self.reason).strip()

    def resolve(self, item, name, find, *args):
        """What a name in a cell means; None where the cell is empty or wrong: then the fault is noted."""
        text = item.get(name)
        if text is None:
            return None
        try:
            return find(text, *args)
        except ValueError as error:
            self.wrong(item, name, str(error))
            return None

    def wrong(self, item, name, text):
        """Note a fault of a row; a cell that cannot be read is told once."""
        item.is_broken = True
        if name not in item.wrong:
            self.reader.fault(item.line, name, text)

    def meet(self, item, record):
        """Note that a row speaks of a record; False where another row has already."""
        if record.pk is None:
            return True
        earlier = self.met.setdefault(record.pk, item.line)
        if earlier != item.line:
            name = "pk" if item.get("pk") else self.reader.match.kind.required[0]
            self.wrong(item, name, f"о том же сказано в строке {earlier}")
        return earlier == item.line

    def edit(self, item, record, name, old, new, *, what=""):
        """Note a changed field; `what`: its words where no column is called so."""
        label = what or self.reader.match.kind.label_of(name)
        if name in _published(record):
            label = TO_DECIDE.format(label)
        self.preview.edits.append(Edit(item.line, str(record)[:200], label, shown(old), shown(new)))

    def set_plain(self, item, record, *, is_new):
        """Set fields taken as they stand; gives the names of the changed ones. An empty cell changes nothing."""
        changed = set()
        for name in self.plain_fields:
            value = item.get(name)
            if value is None:
                continue
            old = getattr(record, name)
            if is_same(old, value) or self.is_proposed(record, name, value):
                continue
            if not is_new:
                self.edit(item, record, name, old, value)
            setattr(record, name, value)
            changed.add(name)
        return changed

    def is_proposed(self, record, name, value):
        """Whether the person has proposed these published words already and they wait."""
        waiting = self.waiting.get(record.pk)
        is_own = waiting is not None and waiting.proposed_by_id == self.by.pk and name in waiting.words
        return is_own and is_same(waiting.words[name][1], value)

    def check(self, item, record):
        """Ask the rules of the model; faults stand beside their columns."""
        try:
            check_record(record, unchecked=UNCHECKED)
        except ValidationError as refusal:
            self.refuse(item, refusal, self.columns)

    def refuse(self, item, refusal, columns):
        """Note what a model refused as faults of a row, beside the columns of its fields."""
        item.is_broken = True
        kind = self.reader.match.kind
        for name, messages in refusal.message_dict.items():
            column = columns.get(name, name)
            is_told = name == NON_FIELD_ERRORS or column in self.reader.places or kind.field(name) is None
            for message in messages:
                self.reader.fault(item.line, column, message if is_told else f"{kind.label_of(name)}: {message}")

    def added(self, item, record, told=()):
        """Note a new record and what is told of it."""
        if not item.is_broken:
            self.made.append(record)
            words = ", ".join(str(one) for one in told if one)
            self.preview.added.append((item.line, f"{str(record)[:200]}{words and ' — '}{words}"))

    def changed(self, item, record, fields):
        """Note a record with changed fields; published words among them need a reason and become a revision."""
        for name in sorted(_published(record) & set(fields)):
            self._check_word(item, record, name)
        if not item.is_broken:
            self.touched.setdefault(record.pk, (record, set()))[1].update(fields)

    def _check_word(self, item, record, name):
        waiting, record.why = self.waiting.get(record.pk), self.reason_of(item)
        if not record.why:
            self.wrong(item, name, WHY_NEEDED)
        if waiting is not None and waiting.proposed_by_id != self.by.pk:
            self.wrong(item, name, waiting.told)

    def note(self, text):
        """Tell something that is no fault."""
        self.preview.notes.append(text)

    def settle(self, item, is_changed):
        """Count a record that was there."""
        if item.is_broken:
            return
        if is_changed:
            self.preview.changed += 1
        else:
            self.preview.same += 1

    def create(self, records):
        """Write new records, with history where the model keeps one; yields how many after each batch."""
        for start in range(0, len(records), AT_ONCE):
            batch = records[start : start + AT_ONCE]
            self._keep_stems(batch)
            if hasattr(self.model, "history"):
                bulk_create_with_history(batch, self.model, **self._history)
            else:
                self.model._base_manager.bulk_create(batch)
            yield len(batch)

    def update(self, pairs, model=None):
        """Write changed records, batch by batch, if nobody wrote them meanwhile; yields how many after each batch."""
        model, pairs = model or self.model, list(pairs)
        for start in range(0, len(pairs), AT_ONCE):
            batch = [record for record, _fields in pairs[start : start + AT_ONCE]]
            fields = set().union(*(fields for _record, fields in pairs[start : start + AT_ONCE]))
            if hasattr(model, "row_version"):
                self._claim(model, batch)
                fields |= {"row_version"}
            for record, changed in pairs[start : start + AT_ONCE]:
                if _published(record) & changed:
                    record.hold_words(by=self.by)
            fields |= self._keep_stems(batch)
            if hasattr(model, "history"):
                bulk_update_with_history(batch, model, sorted(fields), **self._history)
            else:
                model._base_manager.bulk_update(batch, sorted(fields))
            yield len(batch)

    @property
    def _history(self):
        return {"batch_size": AT_ONCE, "default_user": self.by, "default_change_reason": WORDS}

    @staticmethod
    def _keep_stems(records):
        """Give records what search finds them by; gives names of the fields set."""
        found = [record for record in records if hasattr(record, "stems_to_keep")]
        for record in found:
            record.search_stems = record.stems_to_keep()
        return {"search_stems"} if found else set()

    @staticmethod
    def _claim(model, records):
        """Lock rows that are to change; whoever saved one since it was read was faster."""
        rows = model._base_manager.select_for_update(no_key=True).filter(pk__in=[one.pk for one in records])
        now = dict(rows.order_by("pk").values_list("pk", "row_version"))
        if any(now.get(one.pk) != one.row_version for one in records):
            raise ValidationError(
                "Пока таблица вносилась, записи изменил кто-то другой. Ничего не внесли: проверьте её ещё раз.",
                code="changed_meanwhile",
            )
        for one in records:
            one.row_version += 1


def _published(record):
    """Names of the record's words that a table may only propose to change."""
    return record.published_words(vars(record)) if isinstance(record, WorkflowModel) and record.pk else set()
