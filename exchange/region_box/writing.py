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
        self.by_also = {getattr(record, table.also): record for record in records} if table.also else {}
        self.edited_by_people = self._edited_by_people() if records else frozenset()

    def _records_in_scope(self):
        condition = Q()
        for lookup in self.table.scope:
            condition |= Q(**{lookup: self.region})
        return self.model._default_manager.filter(condition)

    def _edited_by_people(self):
        """Ids of records that somebody has edited or moved on the site: the history says who."""
        if not hasattr(self.model, "history"):
            return frozenset()
        return frozenset(self.model.history.filter(history_user__isnull=False).values_list("id", flat=True))

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
        record = self.by_key.get(self._key_of_row(values)) or self.by_also.get(values.get(self.table.also))
        fields, many = self._fields(values)
        if record is None:
            record = self._create(fields, row)
            self._add_missing(record, many)
            self.counts.added += 1
        else:
            self._update(record, fields, many)
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
        # Whatever the door asks before a status, an import must bring too.
        problems = (
            [] if not self.has_status else _refusals(lambda: record.check_move(record.status, by=None, reason=REASON))
        )
        problems += _refusals(lambda: record.full_clean(exclude=["created_by"]))
        if problems:
            raise ValidationError(problems)
        self._save(record)
        return record

    def _update(self, record, fields, many):
        """Bring a record to what the file says, unless people have worked on it.

        Empty cells are absent from `fields`: they never erase what people entered.
        """
        changed = {
            name: value for name, value in fields.items() if getattr(record, self._attname(name)) != _plain(value)
        }
        missing = self._missing(record, many)
        if not changed and not missing:
            self.counts.unchanged += 1
        elif record.pk in self.edited_by_people:
            self.counts.kept += 1
        else:
            if changed:
                self._change(record, changed)
            self._add_missing(record, missing)
            self.counts.changed += 1

    def _change(self, record, changed):
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

    def _attname(self, name):
        return self.model._meta.get_field(name).attname

    def _save(self, record):
        record._change_reason = REASON
        record.save()


def _plain(value):
    return getattr(value, "pk", value)


def _refusals(check):
    try:
        check()
    except ValidationError as error:
        return [error]
    return []


def refusal_texts(error, table):
    """What a ValidationError says, a text for each fault, with the names of columns instead of fields."""
    columns = {column.field_name: column.name for column in table.columns}
    if not hasattr(error, "error_dict"):
        return [" ".join(error.messages)] if len(error.messages) == 1 else list(error.messages)
    texts = []
    for name, messages in error.message_dict.items():
        where = "" if name == NON_FIELD_ERRORS else f"{columns.get(name, name)}: "
        texts += [where + message for message in messages]
    return texts
