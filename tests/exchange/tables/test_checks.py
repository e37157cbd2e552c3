"""The rules of tables are those of forms: what the checks for many records say, the database says too."""

import datetime

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db.models import CheckConstraint, Q
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exchange.tables.checks import UnknownCondition, check_record, holds
from strategies.models import Funding, Indicator, IndicatorValue, Measure, Milestone, Priority, PriorityMeasure
from tests import factories

BROUGHT = (Measure, Funding, Milestone, PriorityMeasure, Priority, Indicator, IndicatorValue)
ANY = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
days = st.none() | st.dates(datetime.date(2020, 1, 1), datetime.date(2020, 1, 3))
VALUES = {
    "start": days, "due": days, "postponed_to": days, "status": st.sampled_from(["draft", "done", "postponed"]),
    "percent": st.none() | st.sampled_from([-1, 0, 50, 100]), "planned": st.none() | st.sampled_from([-1, 0, 1]),
    "spent": st.none() | st.sampled_from([-1, 0, 1]), "municipality_id": st.none() | st.just(1),
    "priority_id": st.none() | st.just(1), "measure_id": st.none() | st.just(1), "target": st.none() | st.just(1),
    "actual": st.none() | st.just(1), "is_preliminary": st.booleans(),
}  # fmt: skip


def constraints(model):
    """Check constraints of a model."""
    return [one for one in model._meta.constraints if isinstance(one, CheckConstraint)]


@pytest.mark.django_db
@pytest.mark.parametrize("model", [model for model in BROUGHT if constraints(model)])
@ANY
@given(data=st.data())
def test_constraints_are_judged_as_the_database_judges_them(model, data):
    names = [name for name in VALUES if any(field.attname == name for field in model._meta.concrete_fields)]
    record = model(**{name: data.draw(VALUES[name], name) for name in names})

    for constraint in constraints(model):
        try:
            constraint.validate(model, record)
            is_let_in = True
        except ValidationError:
            is_let_in = False
        assert (holds(constraint.condition, record) is not False) == is_let_in, constraint.name


def test_condition_that_is_not_understood_is_never_passed_over():
    for condition in (Q(title__regex="a"), Q(title="a") ^ Q(title="b")):
        with pytest.raises(UnknownCondition):
            holds(condition, Measure())


def test_every_model_that_tables_bring_is_understood():
    assert {model for model in BROUGHT if model in apps.get_models()} == set(BROUGHT)
    for model in BROUGHT:
        for constraint in constraints(model):
            holds(constraint.condition, model())


def test_checks_ask_what_a_form_asks_and_no_query(town, django_assert_num_queries):
    measure = factories.measure(town)
    measure.title, measure.due = "", datetime.date(2045, 1, 1)
    assert (measure.direction.programme, measure.municipality) != (None, None)
    measure._prefetched_objects_cache = {"priority_links": []}

    with django_assert_num_queries(0), pytest.raises(Exception) as refusal:  # noqa: PT011 - its words are looked at
        check_record(measure)

    assert refusal.value.message_dict == {
        "title": ["Это поле не может быть пустым."], "due": ["Срок должен быть внутри лет программы."],
    }  # fmt: skip
