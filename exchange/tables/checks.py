"""The rules of the models for thousands of records at once: the same as a form asks, and no query for each."""

import operator
from functools import lru_cache

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import CheckConstraint, F, Q

_COMPARE = {
    "": operator.eq, "exact": operator.eq, "gt": operator.gt, "gte": operator.ge, "lt": operator.lt, "lte": operator.le,
    "in": lambda value, wanted: value in wanted,
}  # fmt: skip


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
    judge = _kept(condition) if isinstance(condition, Q) else _compiled(condition)
    return judge(record)


@lru_cache(maxsize=200)
def _kept(condition):
    return _compiled(condition)


def _compiled(condition):
    """A condition as a function of a record."""
    if isinstance(condition, Q):
        if condition.connector not in {Q.AND, Q.OR}:
            raise UnknownCondition(condition.connector)
        parts = [_compiled(part) for part in condition.children]
        join = _both if condition.connector == Q.AND else _either
        if condition.negated:
            return lambda record: _not(join(parts, record))
        return lambda record: join(parts, record)
    if not isinstance(condition, tuple):
        raise UnknownCondition(repr(condition))
    lookup, wanted = condition
    name, _joint, how = lookup.partition("__")
    if how == "isnull":
        return lambda record: (_value(record, name) is None) == wanted
    if how not in _COMPARE:
        raise UnknownCondition(lookup)
    compare, is_field = _COMPARE[how], isinstance(wanted, F)

    def judge(record):
        value, other = _value(record, name), _value(record, wanted.name) if is_field else wanted
        return None if value is None or other is None else compare(value, other)

    return judge


def _value(record, name):
    value = getattr(record, _attname(type(record), name))
    if value is None:
        # Not empty while it is of a record that comes with the same workbook and has no number yet.
        return record._state.fields_cache.get(name)
    return value


@lru_cache(maxsize=500)
def _attname(model, name):
    return model._meta.get_field(name).attname


def _not(answer):
    return None if answer is None else not answer


def _both(parts, record):
    answers = [part(record) for part in parts]
    return False if False in answers else None if None in answers else True


def _either(parts, record):
    answers = [part(record) for part in parts]
    return True if True in answers else None if None in answers else False
