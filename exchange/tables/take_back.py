"""An import taken back: what it made goes, what it changed stands as before; whole, while nothing is built on it."""

import datetime

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from simple_history.utils import bulk_update_with_history

from municipalities.models import Edition, Region
from strategies.models import DueChange, IndicatorValue

from .written import AT_ONCE, marks_of

WORDS = "Внесённая таблица взята обратно"
SHOWN = 10


def take_back_steps(kept, *, by):
    """Take an import back in one transaction; yields (how far, of how much) rows are done.

    Exhausted, everything stands as before the import; closed before, nothing is changed. Versions of rows only grow,
    the history keeps both steps, and a promised date or figure goes back the way it came: by a change with a reason.

    Args:
        kept: what `take_in_steps` gave to `keep`.
        by: who takes it back.

    Raises:
        ValidationError: somebody wrote in a row since, or built on it. Nothing is changed.
    """
    steps = [(apps.get_model(step["model"]), step["kind"], step["rows"]) for step in kept["steps"]]
    total, done = sum(len(rows) for _model, _kind, rows in steps), 0
    yield 0, total
    with transaction.atomic():
        Region.objects.select_for_update(no_key=True).only("pk").get(pk=kept["region"])
        if refusals := take_back_refusals(kept):
            raise ValidationError(_told(refusals), code="built_on")
        for model, kind, rows in reversed(steps):
            for batch in _batches(rows):
                _UNDO[kind](model, batch, by)
                done += len(batch)
                yield done, total
        Edition.bump(kept["region"])


def take_back_refusals(kept):
    """Why an import cannot be taken back, in words; empty where it can."""
    steps = [(apps.get_model(step["model"]), step["kind"], step["rows"]) for step in kept["steps"]]
    return [*_touched(steps), *_built_on(steps), *_final(steps)]


def _told(refusals):
    more = f" И ещё: {len(refusals) - SHOWN}." if len(refusals) > SHOWN else ""
    return f"Взять обратно нельзя: {' '.join(refusals[:SHOWN])}{more} Ничего не изменили."


def _batches(rows):
    rows = list(rows.items())
    for start in range(0, len(rows), AT_ONCE):
        yield dict(rows[start : start + AT_ONCE])


# ——— What forbids ———


def _touched(steps):
    """Rows that somebody wrote in since."""
    for model, _kind, rows in steps:
        marks = marks_of(model, rows)
        changed = [pk for pk, row in rows.items() if marks.get(pk) != row["mark"]]
        for pk, name in _names(model, changed):
            yield f"«{name}» с тех пор изменили." if pk in marks else f"{name} с тех пор удалили."


def _built_on(steps):
    """Rows that something else refers to, which the import has not made."""
    made = {}
    for model, kind, rows in steps:
        if kind == "made":
            made.setdefault(model, set()).update(map(int, rows))
    for model, pks in made.items():
        for relation in _relations(model):
            child, column = relation.related_model, relation.field.attname
            for batch in _batches(dict.fromkeys(pks)):
                found = child._base_manager.filter(**{f"{column}__in": list(batch)}).order_by()
                found = found.exclude(pk__in=_few(made.get(child, ())))
                for pk, above in found.values_list("pk", column):
                    if pk not in made.get(child, ()):
                        ((_pk, name),) = _names(model, [str(above)])
                        yield f"На «{name}» уже опирается другое ({child._meta.verbose_name})."


def _few(pks):
    """Numbers that a query may name; where there are too many the rows themselves are asked."""
    return pks if len(pks) <= AT_ONCE else ()


def _relations(model):
    """Relations of rows that refer to a model, hidden ones too; of its history none."""
    return [
        relation for relation in model._meta.get_fields(include_hidden=True)
        if relation.auto_created and not relation.concrete and (relation.one_to_many or relation.one_to_one)
        and not hasattr(relation.related_model, "history_date")
    ]  # fmt: skip


def _final(steps):
    """Dates named for the first time by a change that everybody reads: there is no date to go back to."""
    for model, kind, rows in steps:
        if model is DueChange and kind == "made":
            for one in DueChange.objects.filter(pk__in=rows, old_due=None).select_related("measure"):
                yield f"У «{one.measure}» срок назвали впервые, и это видно всем: прежней даты нет."


def _names(model, pks):
    """[(number, how people call the row)] of rows that are there; of those that are gone their kind and number."""
    found = {str(one.pk): str(one) for one in model._base_manager.filter(pk__in=pks[: SHOWN + 1])}
    return [(pk, found.get(pk, f"{model._meta.verbose_name} № {pk}")[:80]) for pk in pks]


# ——— What is done ———


def _unmake(model, rows, by):
    """Take rows away that the import made; a moved date stays in its story and moves back."""
    if model is DueChange:
        _move_back(rows, by)
        return
    records = list(model._base_manager.filter(pk__in=rows))
    if hasattr(model, "history"):
        _keep_end(model, records, by)
    found = model._base_manager.filter(pk__in=rows)
    found._raw_delete(found.db)  # nothing refers to them: that is asked before


def _keep_end(model, records, by):
    """The history of rows that go: who took them back and when."""
    past, now = model.history.model, timezone.now()
    model.history.bulk_create(
        [
            past(
                history_date=now, history_user=by, history_change_reason=WORDS, history_type="-",
                **{field.attname: getattr(one, field.attname) for field in past.tracked_fields},
            )
            for one in records
        ],
        batch_size=AT_ONCE,
    )  # fmt: skip


def _move_back(rows, by):
    today = timezone.localdate()
    DueChange.objects.bulk_create(
        DueChange(
            measure_id=one.measure_id, old_due=one.new_due, new_due=one.old_due, reason=WORDS, decided_on=today,
            created_by=by, is_sample=one.is_sample,
        )
        for one in DueChange.objects.filter(pk__in=rows).order_by("pk")
    )  # fmt: skip


def _restore(model, rows, by):
    """Give changed rows what stood in them; their versions grow, so that no form open meanwhile is believed."""
    records = list(model._base_manager.select_for_update(no_key=True).filter(pk__in=rows).order_by("pk"))
    names = {name for row in rows.values() for name in row["fields"]}
    for one in records:
        for name, (old, _new) in rows[str(one.pk)]["fields"].items():
            setattr(one, name, _value(model, name, old))
        if hasattr(one, "row_version"):
            one.row_version = rows[str(one.pk)]["fields"].get("row_version", [0, one.row_version])[1] + 1
    fields = sorted({_field(model, name).name for name in names})
    if hasattr(model, "history"):
        bulk_update_with_history(
            records, model, fields, batch_size=AT_ONCE, default_user=by, default_change_reason=WORDS
        )
    else:
        model._base_manager.bulk_update(records, fields)


def _promise_back(model, rows, by):
    """Promise the former figures again, through the same door."""
    for value in IndicatorValue.objects.filter(pk__in=rows).order_by("pk"):
        fields = {name: _value(model, name, old) for name, (old, _new) in rows[str(value.pk)]["fields"].items()}
        target = fields.pop("target")
        for name, old in fields.items():
            setattr(value, name, old)
        value.change_target(target, reason=WORDS, by=by)


def _field(model, name):
    return next(field for field in model._meta.concrete_fields if field.attname == name)


def _value(model, name, kept):
    """What a field held, from what JSON keeps of it."""
    field = _field(model, name)
    value = field.to_python(kept) if not field.is_relation else kept
    if isinstance(value, datetime.datetime) and timezone.is_naive(value):
        return timezone.make_aware(value)
    return value


_UNDO = {"made": _unmake, "changed": _restore, "promised": _promise_back}
