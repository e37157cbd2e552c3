"""Rules of a row judged without the database: what they say, the database says too."""

import datetime
import itertools
import random

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db.models import DateField, DateTimeField, F, Q
from django.utils import timezone

from municipalities.conditions import UnknownCondition, holds, judge_of
from municipalities.models import Municipality, Record
from tests import factories

RULES = [
    (model, constraint)
    for model in apps.get_models() if issubclass(model, Record)
    for constraint in model._meta.constraints if constraint.condition is not None
]  # fmt: skip
ONLY_THE_DATABASE = ["municipality_oktmo_digits"]  # a pattern
DAY = datetime.date(2026, 3, 1)


def said(condition):
    """Yield (field, what it is compared with) of a condition."""
    for part in condition.children:
        if isinstance(part, Q):
            yield from said(part)
        else:
            yield part[0].partition("__")[0], part[1]


def values_of(field, constants):
    """What to try in a field: nothing, what the condition names, and a value or two beside it."""
    if field.is_relation:
        return [None, 1]
    if isinstance(field, DateTimeField):
        return [None, *(timezone.make_aware(datetime.datetime(2026, 3, day)) for day in (1, 2))]
    if isinstance(field, DateField):
        return [None, DAY, DAY + datetime.timedelta(days=1)]
    named = {one for constant in constants for one in (constant if isinstance(constant, list) else [constant])}
    if field.get_internal_type() == "BooleanField":
        return [True, False]
    if field.get_internal_type() in {"CharField", "TextField", "FileField"}:
        return [*sorted(one for one in named if isinstance(one, str)), "", "иное"]
    return [None, -1, 0, 1, *sorted(one for one in named if type(one) is int)]


@pytest.mark.slow
@pytest.mark.django_db
def test_rules_are_judged_as_the_database_judges_them(case):
    chance = random.Random(1)
    for model, constraint in RULES:
        if constraint.name in ONLY_THE_DATABASE:
            continue
        constants = {}
        for name, wanted in said(constraint.condition):
            constants.setdefault(name, []).extend([] if isinstance(wanted, bool | F) else [wanted])
            if isinstance(wanted, F):
                constants.setdefault(wanted.name, [])
        fields = {name: model._meta.get_field(name) for name in constants}
        rows = list(itertools.product(*(values_of(field, constants[name]) for name, field in fields.items())))
        for row in chance.sample(rows, min(len(rows), 16)):
            record = model(**{field.attname: value for field, value in zip(fields.values(), row, strict=True)})
            with case(f"{constraint.name} {row}"):
                answer = constraint.condition.check(record._get_field_expression_map(model._meta))
                assert (holds(constraint, record) is not False) == answer


def test_only_what_is_named_here_is_asked_of_the_database():
    unknown = []
    for model, constraint in RULES:
        try:
            holds(constraint, model())
        except UnknownCondition:
            unknown.append(constraint.name)

    assert unknown == ONLY_THE_DATABASE


def test_condition_that_is_not_understood_is_never_passed_over():
    for condition in (Q(title__regex="a"), Q(title="a") ^ Q(title="b"), Q(title=None)):
        with pytest.raises(UnknownCondition):
            judge_of(condition)


def test_record_that_breaks_a_rule_is_refused_in_the_words_of_the_rule(town):
    measure = factories.measure(town)
    measure.start, measure.due = DAY, DAY - datetime.timedelta(days=1)

    with pytest.raises(ValidationError, match="Начало должно быть не позже срока"):
        measure.full_clean()
    with pytest.raises(ValidationError, match="ОКТМО состоит"):
        Municipality(region=town.region, name="Город", slug="city", kind="urban_okrug", oktmo="123").full_clean()
    assert Municipality(oktmo="123").get_constraints()[0][1] != []


def test_repeats_are_looked_for_only_among_rows_of_the_condition(town, other_town):
    type(town).objects.filter(pk=other_town.pk).update(proposal_prefix="СЗ")
    asked = []
    for town.proposal_prefix in ("", "СЗ"):
        asked.append([one.name for _model, constraints in town.get_constraints() for one in constraints])

    assert asked == [ONLY_THE_DATABASE, ["municipality_oktmo_digits", "municipality_prefix_once"]]
    with pytest.raises(ValidationError, match="С этих букв начинаются номера другого города"):
        town.validate_constraints()
