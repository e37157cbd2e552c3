"""Four figures of one kind, counted once and said everywhere; the first row of a list is the one that hurts most."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from strategies.models import Funding, Measure
from strategies.reporting.deeds import Figures, TownFigures, figures_by_town, figures_of, figures_of_town, worst_first
from tests import factories

ON = datetime.date(2026, 11, 25)
PAST = datetime.date(2026, 9, 1)


def put(measure, **fields):
    """The measure as it stands after reports or acts."""
    Measure.objects.filter(pk=measure.pk).update(**fields)


@pytest.fixture
def world(region, town, other_town, editor):
    """Two towns, deeds in every state, shared ones, a step of preparation and what counts nowhere."""
    direction = factories.direction(region)
    made = {
        name: factories.measure(town, direction=direction, title=name)
        for name in ("finished", "running", "late", "silent", "cancelled", "draft")
    }
    for name in ("finished", "running"):
        factories.report(made[name], by=editor, status="published", published_at=timezone.now())
    factories.report(made["silent"], by=editor, status="submitted")
    put(made["finished"], status="done", percent=100)
    put(made["running"], status="in_progress", percent=40)
    put(made["late"], due=PAST)
    put(made["cancelled"], status="cancelled")
    put(made["draft"], status="draft")
    made["shared"] = factories.measure(region, direction=direction, title="shared")
    made["shared"].towns.add(town, other_town)
    prepared = factories.direction(region, programme=factories.programme(region, kind="action", status="prepared"))
    made["step"] = factories.measure(region, direction=prepared, title="step")
    made["step"].towns.add(town)
    made["paid"] = factories.measure(region, direction=prepared, title="paid")
    factories.make(Funding, measure=made["paid"], year=2026, source="regional", planned=100)
    return made


def test_deeds_are_promises_that_nobody_took_back(world):
    assert set(Measure.objects.deeds().values_list("title", flat=True)) == {
        "finished", "running", "late", "silent", "shared", "paid",
    }  # fmt: skip


def test_figures_count_things_and_shared_ones_apart(region, town, other_town, world):
    shared = Figures(promised=1, silent=1)
    of_town = TownFigures(Figures(promised=4, done=1, late=1, silent=2), shared)

    assert figures_of_town(town, ON) == of_town
    assert figures_of_town(other_town, ON) == TownFigures(shared=shared)
    assert figures_by_town(region, ON) == {town.pk: of_town, other_town.pk: TownFigures(shared=shared)}
    deeds = Measure.objects.deeds().filter(direction__programme__region=region)
    assert figures_of(deeds, ON) == Figures(promised=6, done=1, late=1, silent=4)
    assert figures_of(Measure.objects.none(), ON) == Figures()


def test_what_is_late_comes_first_and_what_is_finished_last(town, world):
    rows = worst_first(Measure.objects.deeds().of_town(town), ON)

    assert [row.title for row in rows] == ["late", "silent", "shared", "running", "finished"]
    assert [row.last_report_at is not None for row in rows] == [False, False, False, True, True]


@pytest.mark.parametrize("rows", [1, 3])
def test_figures_cost_the_same_queries_for_any_number_of_rows(region, town, other_town, rows):
    direction = factories.direction(region)
    for _number in range(rows):
        factories.measure(town, direction=direction)
        factories.measure(region, direction=direction).towns.add(town, other_town)

    with CaptureQueriesContext(connection) as queries:
        found = (figures_by_town(region, ON), figures_of_town(town, ON))

    assert found[0][town.pk] == found[1] == TownFigures(*[Figures(promised=rows, silent=rows)] * 2)
    assert len(queries) == 3
