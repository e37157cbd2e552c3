"""Writing one row: the record it meets, what differs, the checks of the model, the save."""

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import Q
from django.utils import timezone

REASON = "Загрузка региона из файлов"


class Writer:
    """Writes the rows of one table; meets existing records by key, so it asks for them once.

    Args:
        table: the layout of the file.
        region: the region whose records may be met; None while the region itself is written.
        counts: takes what was done.
    """

    def __init__(self, table, region, counts):
        self.table, self.region, self.counts = table, region, counts
        self.model = table.model
        self.has_status = any(column.name == "status" for column in table.columns)
        records = list(self._records_in_scope())
        self.by_key = {self._key_of(record): record for record in records}
        self.by_also = {value: record for record in records if (value := getattr(record, table.also or "pk"))}
        self.as_loaded = self._as_loaded() if records else None

    def _records_in_scope(self):
        condition = Q()
        for lookup in self.table.scope:
            condition |= Q(**{lookup: self.region})
        return self.model._default_manager.filter(condition)

    def _as_loaded(self):
        """What earlier loads last wrote, by record; None for models without a history: there the file is right."""
        if not hasattr(self.model, "history"):
            return None
        loads = self.model.history.filter(history_change_reason=REASON).order_by("history_id")
        return {load.id: load for load in loads}

    def _is_edited(self, record):
        """Whether people have changed what a load wrote, or entered the record themselves. A move is no edit."""
        if self.as_loaded is None:
            return False
        loaded = self.as_loaded.get(record.pk)
        return loaded is None or any(getattr(record, name) != getattr(loaded, name) for name in self._single_fields())

    def _single_fields(self):
        names = (column.field_name for column in self.table.columns if column.field_name)
        fields = (self.model._meta.get_field(name) for name in names)
        return [field.attname for field in fields if not field.many_to_many]

    def _key_of(self, record):
        names = (self.table.column(name).field_name for name in self.table.key)
        values = (getattr(record, self._attname(name)) for name in names)
        return tuple("" if value is None else value for value in values)

    def _key_of_row(self, values):
        return tuple("" if values.get(name) is None else _plain(values[name]) for name in self.table.key)

    def write(self, row, values):
        """Write a row.

        Args:
            row: the row, for its initial status.
            values: its values by column, references resolved to records.

        Returns:
            The record.

        Raises:
            ValidationError: the model refuses.
        """
        record = self.by_key.get(self._key_of_row(values)) or self.by_also.get(values.get(self.table.also or None))
        fields, many = self._fields(values)
        if record is None:
            record = self._create(fields, row)
            self._add_missing(record, many)
            self.counts.added += 1
        else:
            self._update(record, fields, many, row)
        return record

    def _fields(self, values):
        """Values by the model's field, and those of many-to-many fields apart."""
        fields, many = dict(self.table.fixed), {}
        if self.table.has_region:
            fields["region"] = self.region
        names = {column.name: column.field_name for column in self.table.columns}
        for name, value in values.items():
            if isinstance(value, list):
                many[name] = value
            elif names.get(name, name) is not None:
                fields[names.get(name, name)] = value
        if self.table.prepare:
            self.table.prepare(fields)
        return fields, many

    def _create(self, fields, row):
        record = self.model(**fields)
        if self.has_status:
            record.status = row.get("status")
            if record.is_public:
                record.published_at = timezone.now()
        refused = {}
        self._note_refusals(refused, lambda: record.full_clean(exclude=["created_by"]))
        if self.has_status and record.status != self.model._meta.get_field("status").default:
            # Whatever the door asks before a status, an import must bring too.
            self._note_refusals(refused, lambda: record.check_move(record.status, by=None, reason=REASON))
        if refused:
            raise ValidationError(refused)
        self._save(record)
        return record

    def _update(self, record, fields, many, row):
        """Bring a record to what the file says, unless people have edited it: then theirs stays, and that is told.

        Empty cells are absent from `fields`: they never erase what people entered.
        """
        changed = {
            name: value for name, value in fields.items() if getattr(record, self._attname(name)) != _plain(value)
        }
        missing = self._missing(record, many)
        if not changed and not missing:
            self.counts.unchanged += 1
        elif self._is_edited(record):
            self.counts.kept.append(row.problem(f"«{record}» правили на сайте: оставлено как там"))
        else:
            if changed:
                self._change(record, changed)
            self._add_missing(record, missing)
            self.counts.changed += 1

    def _change(self, record, changed):
        if self.table.check_change:
            self.table.check_change(record, changed)
        if self.table.write_change and self.table.write_change(record, changed, REASON):
            return
        for name, value in changed.items():
            setattr(record, name, value)
        record.full_clean(exclude=["created_by"])
        if self.has_status:
            record.row_version += 1
        self._save(record)

    def _missing(self, record, many):
        """Targets of many-to-many fields that the record does not have yet; those it has are never taken away."""
        missing = {}
        for name, targets in many.items():
            known = set(getattr(record, name).values_list("pk", flat=True))
            if left := [target for target in targets if target.pk not in known]:
                missing[name] = left
        return missing

    def _add_missing(self, record, many):
        for name, targets in many.items():
            getattr(record, name).add(*targets)

    def _note_refusals(self, refused, check):
        try:
            check()
        except ValidationError as error:
            error.update_error_dict(refused)

    def _attname(self, name):
        return self.model._meta.get_field(name).attname

    def _save(self, record):
        record._change_reason = REASON
        record.save()


def _plain(value):
    return getattr(value, "pk", value)


def refusal_texts(error, table):
    """What a ValidationError says, a text for each fault, with the names of columns instead of fields."""
    columns = {column.field_name: column.name for column in table.columns}
    texts = []
    for name, messages in error.message_dict.items():
        where = "" if name == NON_FIELD_ERRORS else f"{columns.get(name, name)}: "
        texts += [where + message for message in messages]
    return texts
