"""The rules of tables are those of forms, asked of thousands of records without a query for each."""

import datetime

import pytest
from django.apps import apps
from django.db.models import CheckConstraint

from exchange.tables.checks import check_record
from municipalities.conditions import holds
from strategies.models import Funding, Indicator, IndicatorValue, Measure, Milestone, Priority, PriorityMeasure
from tests import factories

BROUGHT = (Measure, Funding, Milestone, PriorityMeasure, Priority, Indicator, IndicatorValue)


def constraints(model):
    """Check constraints of a model."""
    return [one for one in model._meta.constraints if isinstance(one, CheckConstraint)]


def test_every_model_that_tables_bring_is_understood():
    assert {model for model in BROUGHT if model in apps.get_models()} == set(BROUGHT)
    for model in BROUGHT:
        for constraint in constraints(model):
            holds(constraint, model())


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
