"""The rules of the models for thousands of records at once: the same as a form asks, and no query for each."""

import functools

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import BooleanField, CheckConstraint, DateField, IntegerField

from municipalities.conditions import holds

REPEATING = (BooleanField, IntegerField, DateField)  # fields that hold the same in many records


@functools.cache
def _rules(model, unchecked=()):
    """(names of fields that repeat, names of fields that are not asked, the conditions of rows) of a model."""
    fields = model._meta.concrete_fields
    often = [one.name for one in fields if one.name not in unchecked and (one.choices or isinstance(one, REPEATING))]
    passed = {field.name for field in fields if field.is_relation}.union(unchecked)
    return often, passed, [one for one in model._meta.constraints if isinstance(one, CheckConstraint)]


def _held(record, fields):
    """{field: (model, field, type, value)} of some fields of a record."""
    values, model = vars(record), type(record)
    return {name: (model, name, type(values[name]), values[name]) for name in fields if name in values}


def check_record(record, *, unchecked=(), known=None):
    """Everything `full_clean` asks but relations, which are resolved already, and repeats, which the caller looks for.

    Args:
        unchecked: fields that are not looked at.
        known: what fields of the same table have held and their rules let pass; it grows, nothing of it is asked again.

    Raises:
        ValidationError: a field, `clean` or a constraint of the table refuses.
        UnknownCondition: a constraint that nobody here can judge: teach `conditions`, or the rule would be passed over.
    """
    often, passed, conditions = _rules(type(record), tuple(unchecked))
    known = set() if known is None else known
    held, errors = _held(record, often), {}
    new = [name for name, one in held.items() if one not in known]
    try:
        record.clean_fields(exclude=passed.union(held).difference(new))
        if new:
            known.update(set(held.values()).intersection(_held(record, new).values()))  # another value is asked again
    except ValidationError as error:
        errors = error.update_error_dict(errors)
    try:
        record.clean()
    except ValidationError as error:
        errors = error.update_error_dict(errors)
    if not errors:
        for constraint in conditions:
            if holds(constraint, record) is False:
                refusal = ValidationError(
                    constraint.get_violation_error_message(), code=constraint.violation_error_code
                )
                errors.setdefault(NON_FIELD_ERRORS, []).append(refusal)
    if errors:
        raise ValidationError(errors)
