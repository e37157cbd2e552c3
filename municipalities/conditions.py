"""Conditions of rows judged without asking the database: a form saves a query for each rule of the table."""

import operator
from contextlib import suppress
from functools import lru_cache

from django.db.models import CheckConstraint, F, Q

_COMPARE = {
    "": operator.eq, "exact": operator.eq, "gt": operator.gt, "gte": operator.ge, "lt": operator.lt, "lte": operator.le,
    "in": lambda value, wanted: value in wanted,
}  # fmt: skip


class UnknownCondition(Exception):
    """A constraint says something that this module cannot judge: the database has to be asked."""


def holds(constraint, record):
    """Whether the condition of a constraint holds for a record: True, False, or None where SQL would say NULL.

    Raises:
        UnknownCondition: it cannot be judged here.
    """
    judge = _judges(type(record)).get(constraint.name)
    if judge is None:
        raise UnknownCondition(constraint.name)
    return judge(record)


def may_break(constraint, record):
    """Whether the database has to be asked: a check does not surely hold, or repeats are looked for among such rows."""
    try:
        is_met = holds(constraint, record)
    except (UnknownCondition, TypeError):  # or a value is no value of its field yet
        return True
    return is_met is False if isinstance(constraint, CheckConstraint) else is_met is not False


@lru_cache
def _judges(model):
    """{name of a constraint: its condition as a function of a record}; without those that cannot be judged here."""
    found = {}
    for owner in (model, *model._meta.all_parents):
        for constraint in owner._meta.constraints:
            if constraint.condition is not None:
                with suppress(UnknownCondition):
                    found[constraint.name] = judge_of(constraint.condition)
    return found


def judge_of(condition):
    """A condition as a function of a record.

    Raises:
        UnknownCondition: it says something that is not judged here.
    """
    if isinstance(condition, Q):
        if condition.connector not in {Q.AND, Q.OR}:
            raise UnknownCondition(condition.connector)
        parts = [judge_of(part) for part in condition.children]
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
    if how not in _COMPARE or wanted is None:
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
    return _first(False, parts, record)


def _either(parts, record):
    return _first(True, parts, record)


def _first(decides, parts, record):
    """What one part decides for all; None where none does and one is NULL."""
    answer = not decides
    for part in parts:
        said = part(record)
        if said is None:
            answer = None
        elif said is decides:
            return decides
    return answer
