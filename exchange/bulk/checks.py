"""The rules of the models for thousands of records at once: the same as a form asks, and no query for each."""

import operator

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import CheckConstraint, F, Q

_COMPARE = {"gt": operator.gt, "gte": operator.ge, "lt": operator.lt, "lte": operator.le}


class UnknownCondition(Exception):
    """A constraint says something that this module cannot judge: teach it, or the rule would be passed over."""


def check_record(record, *, unchecked=()):
    """Everything `full_clean` asks but relations, which are resolved already, and repeats, which the caller looks for.

    Raises:
        ValidationError: a field, `clean` or a constraint of the table refuses.
    """
    relations = [field.name for field in record._meta.concrete_fields if field.is_relation]
    errors = {}
    try:
        record.clean_fields(exclude={*relations, *unchecked})
    except ValidationError as error:
        errors = error.update_error_dict(errors)
    try:
        record.clean()
    except ValidationError as error:
        errors = error.update_error_dict(errors)
    if not errors:
        for constraint in record._meta.constraints:
            if isinstance(constraint, CheckConstraint) and holds(constraint.condition, record) is False:
                refusal = ValidationError(
                    constraint.get_violation_error_message(), code=constraint.violation_error_code
                )
                errors.setdefault(NON_FIELD_ERRORS, []).append(refusal)
    if errors:
        raise ValidationError(errors)


def holds(condition, record):
    """Whether a condition holds for a record: True, False, or None where SQL would say NULL."""
    if isinstance(condition, Q):
        answers = [holds(part, record) for part in condition.children]
        answer = _both(answers) if condition.connector == Q.AND else _either(answers)
        if condition.connector not in {Q.AND, Q.OR}:
            raise UnknownCondition(condition.connector)
        return None if answer is None else answer != condition.negated
    if not isinstance(condition, tuple):
        raise UnknownCondition(repr(condition))
    lookup, wanted = condition
    name, _joint, how = lookup.partition("__")
    value = _value(record, name)
    wanted = _value(record, wanted.name) if isinstance(wanted, F) else wanted
    if how == "isnull":
        return (value is None) == wanted
    if value is None or wanted is None:
        return None
    if how in {"", "exact"}:
        return value == wanted
    if how == "in":
        return value in wanted
    if how in _COMPARE:
        return _COMPARE[how](value, wanted)
    raise UnknownCondition(lookup)


def _value(record, name):
    return getattr(record, record._meta.get_field(name).attname)


def _both(answers):
    return False if False in answers else None if None in answers else True


def _either(answers):
    return True if True in answers else None if None in answers else False
