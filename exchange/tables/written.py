"""What an import wrote, so that it can be told and taken back: rows made, fields changed, promises moved."""

import hashlib
import json

from django.apps import apps

AT_ONCE = 500
UNMARKED = {"search_stems"}  # made anew from the rest


class Written:
    """Gathers what is written, in order; `to_keep` gives it for JSON when all is done.

    A step is of one model and of one kind: `made` (rows), `changed` (fields of rows) or `promised` (changed through a
    door that keeps its own story: it is changed back through the same door).
    """

    def __init__(self):
        self.steps = []

    def made(self, records):
        """Note new rows of one model."""
        if records:
            rows = self._step(type(records[0]), "made")
            rows.update({str(one.pk): {} for one in records})

    def changed(self, before, records, *, kind="changed"):
        """Note rows that stood otherwise before.

        Args:
            before: {pk: {attribute: what stood}}.
            records: the rows as they are written.
            kind: `changed` or `promised`.
        """
        for one in records:
            told = {
                name: [old, getattr(one, name)] for name, old in before[one.pk].items() if old != getattr(one, name)
            }
            if told:
                self._step(type(one), kind)[str(one.pk)] = told

    def _step(self, model, kind):
        label = model._meta.label
        if not self.steps or (self.steps[-1]["model"], self.steps[-1]["kind"]) != (label, kind):
            self.steps.append({"model": label, "kind": kind, "rows": {}})
        return self.steps[-1]["rows"]

    def to_keep(self, region):
        """What is kept of an import of a region, ready for JSON, each row with a mark of how it stands now."""
        steps = []
        for step in self.steps:
            marks = marks_of(apps.get_model(step["model"]), step["rows"])
            rows = {pk: {"mark": marks.get(pk, ""), "fields": fields} for pk, fields in step["rows"].items()}
            steps.append(step | {"rows": rows})
        return json.loads(json.dumps({"region": region.pk, "steps": steps}, default=_as_text))


def _as_text(value):
    """A date, a moment (to the microsecond) or a decimal as JSON keeps it."""
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def stored(model, records, fields, *, lock=True):
    """{pk: {attribute: what stands}} of rows that are to change, held until the end of the transaction."""
    rows = model._base_manager.order_by("pk")
    rows = rows.select_for_update(no_key=True) if lock else rows
    names = [model._meta.get_field(name).attname for name in sorted(fields)]
    found = rows.filter(pk__in=[one.pk for one in records]).values_list("pk", *names)
    return {pk: dict(zip(names, values, strict=True)) for pk, *values in found}


def marks_of(model, pks):
    """{number as a text: a mark of all that stands in the row}; another mark means that somebody wrote there."""
    names = [field.attname for field in model._meta.concrete_fields if field.name not in UNMARKED]
    marks, pks = {}, list(pks)
    for start in range(0, len(pks), AT_ONCE):
        rows = model._base_manager.filter(pk__in=pks[start : start + AT_ONCE]).order_by()
        for pk, *values in rows.values_list("pk", *names):
            marks[str(pk)] = hashlib.blake2b(repr(values).encode(), digest_size=8).hexdigest()
    return marks
