"""What all kinds of tables share: find the record of a row, set its fields, note what changed, write all of it."""

from dataclasses import dataclass, field

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from accounts.models import Revision, WorkflowModel

from .answers import NEW, SAME_ROW, UNASKED, Likely
from .checks import check_record
from .ground import Ground
from .preview import AT_ONCE, Edit, Preview, is_same, shown
from .written import Written, stored

UNCHECKED = ("search_stems",)
WORDS = "Внесено таблицей"
WHY_NEEDED = (
    "это уже опубликовано: напишите причину в столбце «причина» или одну на всю таблицу; правка уйдёт на утверждение"
)
TO_DECIDE = "{} (уйдёт на утверждение)"
LOST = object()  # stands for a record where a row does not say which: the fault is noted


@dataclass
class Book:
    """What the sheets of one workbook know of each other: records made by those before, and who said what first."""

    fresh: dict = field(default_factory=dict)  # {model: [new records]}
    said: dict = field(default_factory=dict)  # {what is said: (sheet, line)}
    meant: set = field(default_factory=set)  # marks of the strategies that it names on a sheet of their own
    goals: dict = field(default_factory=dict)  # {(a mark of the strategy, number of a goal): goal}


class Planner:
    """Plans one table and writes it.

    A kind says `model` and `plain_fields` (set as they stand) and has `prepare` (read what rows are compared with),
    `plan_item` (plan one row), `missing` (titles of records that the table does not name) and `save` (write all that is
    planned; yields how many records after each batch).

    Args:
        scope: where the table goes.
        by: who brings it.
        reason: why what was promised changes, for rows without a reason of their own.
        answers: what was said to the questions of the preview.
        book: what the sheets of one workbook know of each other.
    """

    model = None
    plain_fields = ()
    columns = {}  # {field of the model: field of the table} where they are called otherwise

    def __init__(self, scope, *, by, reason="", answers=UNASKED, book=None):
        self.scope, self.by, self.reason, self.answers = scope, by, reason.strip(), answers
        self.by_pk = by.pk  # a person of a request is asked for anew each time
        self.book = book or Book()
        self.ground = Ground(scope, self.book.fresh, self.book.meant)
        self.made, self.touched, self.revisions = [], {}, []
        self.met, self.written, self.known = {}, Written(), set()
        self.preview = None

    def plan_steps(self, reader):
        """Plan the rows of a reader into `self.preview`; yields how many are planned now and then."""
        self.reader, self.preview, reader.is_planned = reader, Preview(), True
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
            item.shed()
            if number % AT_ONCE == 0:
                yield number
        self.tell()
        self.preview.faults = sorted(set(reader.faults))
        self.preview.notes = reader.notes + self.preview.notes
        self.preview.missing = self.missing()
        self.book.fresh.setdefault(self.model, []).extend(self.made)

    def tell(self):
        """Tell what only all rows together say. Kinds override it."""

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

    def ask_same(self, item, name, title, *, records=(), rows=(), words):
        """Whom a row speaks of that is likely of a known thing, as a person says.

        Args:
            name: the field to blame while nothing is said.
            title: what the row calls it.
            records, rows: what it is likely the same as; rows as (line, title).
            words: the question, as a fault says it.

        Returns:
            The record, None where the row is of another thing, or LOST where it is asked or left out.
        """
        said, known = self.answers.same.get(item.line, ""), {one.pk: one for one in records}
        if not (said in known or said == NEW or (said == SAME_ROW and rows)):
            said = ""
            self.wrong(item, name, words)
        told = tuple((one.pk, str(one)) for one in records)
        self.preview.likely.append(Likely(item.line, title, told, tuple(rows), said))
        if said == SAME_ROW:
            self.note(f"Строка {item.line} повторяет строку {rows[0][0]}: не вносим.")
        return None if said == NEW else known.get(said, LOST)

    def meet(self, item, record):
        """Note that a row speaks of a record; False where another row has already."""
        if record.pk is None:
            return True
        item.keep_own_words(record)
        self.met.setdefault(record.pk, item.line)
        earlier = self.earlier(item, self.model, record.pk)
        if earlier:
            name = "pk" if item.get("pk") else self.reader.match.kind.required[0]
            self.wrong(item, name, f"о том же сказано в строке {earlier}")
        return not earlier

    def earlier(self, item, *key):
        """Which row of the workbook says the same before this one, in words; empty where none does."""
        here = (self.reader.grid.sheet, item.line)
        sheet, line = self.book.said.setdefault(key, here)
        if (sheet, line) == here:
            return ""
        return f"{line}" if sheet == here[0] else f"{line} листа «{sheet}»"

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
        is_own = waiting is not None and waiting.proposed_by_id == self.by_pk and name in waiting.words
        return is_own and is_same(waiting.words[name][1], value)

    def check(self, item, record):
        """Ask the rules of the model; faults stand beside their columns."""
        try:
            check_record(record, unchecked=UNCHECKED, known=self.known)
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
        if waiting is not None and waiting.proposed_by_id != self.by_pk:
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

    def create(self, records, model=None):
        """Write new records, with history where the model keeps one; yields how many after each batch."""
        model = model or self.model
        for start in range(0, len(records), AT_ONCE):
            batch = records[start : start + AT_ONCE]
            self._keep_stems(batch)
            if hasattr(model, "history"):
                bulk_create_with_history(batch, model, **self._history)
            else:
                model._base_manager.bulk_create(batch)
            self.written.made(batch)
            yield len(batch)

    def update(self, pairs, model=None):
        """Write changed records, batch by batch, if nobody wrote them meanwhile; yields how many after each batch."""
        model, pairs = model or self.model, list(pairs)
        own = {name for name in ("row_version", "search_stems") if hasattr(model, name)}
        for start in range(0, len(pairs), AT_ONCE):
            some = pairs[start : start + AT_ONCE]
            batch = [record for record, _fields in some]
            fields = own.union(*(changed for _record, changed in some))
            before = stored(model, batch, fields)
            if "row_version" in own:
                self._claim(before, batch)
            for record, changed in some:
                if _published(record) & changed:
                    self._hold_words(record)
            self._keep_stems(batch)
            if hasattr(model, "history"):
                bulk_update_with_history(batch, model, sorted(fields), **self._history)
            else:
                model._base_manager.bulk_update(batch, sorted(fields))
            self.written.changed(before, batch)
            self._note_revisions()
            yield len(batch)

    def _hold_words(self, record):
        """Published words become a revision that waits; it is noted as written, new or with more words in it."""
        former = self.waiting.get(record.pk)
        stood = (
            {field.attname: getattr(former, field.attname) for field in Revision._meta.concrete_fields}
            if former
            else {}
        )
        revision = record.hold_words(by=self.by)
        if revision is not None:
            self.revisions.append((revision, stood))

    def _note_revisions(self):
        self.written.made([one for one, stood in self.revisions if not stood])
        known = {one.pk: stood for one, stood in self.revisions if stood}
        self.written.changed(known, [one for one, stood in self.revisions if stood])
        self.revisions = []

    @property
    def _history(self):
        return {"batch_size": AT_ONCE, "default_user": self.by, "default_change_reason": WORDS}

    @staticmethod
    def _keep_stems(records):
        """Give records what search finds them by."""
        for record in records:
            if hasattr(record, "stems_to_keep"):
                record.search_stems = record.stems_to_keep()

    @staticmethod
    def _claim(before, records):
        """Refuse where somebody saved a record since it was read; the rows are locked."""
        if any(one.pk not in before or before[one.pk]["row_version"] != one.row_version for one in records):
            raise ValidationError(
                "Пока таблица вносилась, записи изменил кто-то другой. Ничего не внесли: проверьте её ещё раз.",
                code="changed_meanwhile",
            )
        for one in records:
            one.row_version += 1


def _published(record):
    """Names of the record's words that a table may only propose to change."""
    return record.published_words(vars(record)) if isinstance(record, WorkflowModel) and record.pk else set()
