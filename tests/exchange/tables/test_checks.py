"""The rules of tables are those of forms, asked of thousands of records without a query for each."""

import datetime

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db.models import CheckConstraint

from exchange.tables.checks import _rules, check_record
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


def test_what_was_let_pass_is_not_asked_again_and_nothing_else_is_let_pass(town):
    """One set serves a whole table: of good values only, and not of those that nobody has looked at."""
    known = set()
    for year in (2019, 1700, 2019, 1700):
        measure = factories.measure(town)
        measure.promised_year = year
        if year == 1700:
            check_record(measure, unchecked=["promised_year"], known=known)
            with pytest.raises(ValidationError) as refusal:
                check_record(measure, known=known)
            assert set(refusal.value.message_dict) == {"promised_year"}
        else:
            check_record(measure, known=known)


@pytest.mark.parametrize("model", BROUGHT)
def test_rules_of_fields_that_repeat_ask_nothing_of_their_record(model):
    """A field of Django's own is judged by its value alone, so that an equal value need not be asked again."""
    often, _relations, _conditions = _rules(model)

    fields = [model._meta.get_field(name) for name in often]
    assert [one.name for one in fields if not type(one).__module__.startswith("django.db.models")] == []
