"""The rules of the models for thousands of records at once: the same as a form asks, and no query for each."""

import functools

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import BooleanField, CheckConstraint, DateField, IntegerField

from municipalities.conditions import holds

REPEATING = (BooleanField, IntegerField, DateField)  # fields that hold the same in many records


@functools.cache
def _rules(model):
    """(names of fields that repeat, names of the relations, the conditions of rows) of a model."""
    fields = model._meta.concrete_fields
    often = [one.name for one in fields if one.choices or isinstance(one, REPEATING)]
    relations = frozenset(field.name for field in fields if field.is_relation)
    return often, relations, [one for one in model._meta.constraints if isinstance(one, CheckConstraint)]


def _held(record, fields):
    """{(model, field, type, value)} of some fields of a record."""
    values, model = vars(record), type(record)
    return {(model, name, type(values[name]), values[name]) for name in fields if name in values}


def check_record(record, *, unchecked=(), known=None):
    """Everything `full_clean` asks but relations, which are resolved already, and repeats, which the caller looks for.

    Args:
        unchecked: fields that are not looked at.
        known: what fields of the same table have held and their rules let pass; it grows, nothing of it is asked again.

    Raises:
        ValidationError: a field, `clean` or a constraint of the table refuses.
        UnknownCondition: a constraint that nobody here can judge: teach `conditions`, or the rule would be passed over.
    """
    fields, relations, conditions = _rules(type(record))
    known = set() if known is None else known
    fields = [name for name in fields if name not in unchecked]
    held, errors = _held(record, fields), {}
    try:
        record.clean_fields(exclude=relations.union(unchecked, [one[1] for one in held & known]))
        if not held <= known:
            known |= held & _held(record, fields)  # what a rule has made another value is asked again
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
