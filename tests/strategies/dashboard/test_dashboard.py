import datetime

import pytest
from django.utils import timezone

from municipalities.models import Edition
from sessions.dashboard import dashboard_of, kept_dashboard
from sessions.lateness import region_lateness, towns_lateness
from strategies.dashboard.figures import collection_of, latest_cycles
from strategies.dashboard.states import ReportState
from strategies.models import GapAnswer, ReportingCycle
from tests import factories

ON = datetime.date(2026, 11, 25)
LONG_AGO = datetime.date(2026, 9, 1)


@pytest.fixture
def programme(region):
    return factories.programme(region)


@pytest.fixture
def direction(region, programme):
    return factories.direction(region, programme=programme)


def published(report):
    """The report as the region published it."""
    type(report).objects.filter(pk=report.pk).update(status="published", published_at=timezone.now())
    return report


def late_everywhere(town, region, direction):
    """A region where both sides are late with everything there is to be late with."""
    strategy = factories.strategy(town)
    chosen, bare = factories.priority(strategy), factories.priority(strategy)
    type(bare).objects.filter(pk=bare.pk).update(published_at=timezone.make_aware(datetime.datetime(2026, 1, 1)))
    late = factories.measure(town, direction=direction, due=LONG_AGO)
    factories.measure(region, direction=direction, due=datetime.date(2026, 8, 1))
    other = factories.measure(town, direction=direction)
    factories.commitment(factories.link(chosen, late), "town", days=50, on=ON)
    factories.commitment(factories.link(chosen, other), "region", days=60, on=ON)
    factories.cycle(direction.programme, period="q3")
    factories.report(late, period="q3", status="submitted",
                     submitted_at=timezone.make_aware(datetime.datetime(2026, 10, 20, 12)))  # fmt: skip
    factories.proposal(town, status="on_review", answer_due=datetime.date(2026, 10, 1))
    factories.proposal(town, municipality=None, status="new", answer_due=datetime.date(2026, 11, 1))


@pytest.mark.invariant(58)
def test_dashboard_is_late_with_what_the_pages_of_lateness_name(town, region, direction):
    late_everywhere(town, region, direction)
    found = dashboard_of(region, ON)
    for mine, whole in (
        (found.region_late, region_lateness(region, ON)),
        (found.towns_late, towns_lateness(region, ON)),
    ):
        assert [(p.kind, p.total, p.days, p.longest) for p in mine.parts] == [
            (p.kind, p.total, p.days, p.longest) for p in whole.parts
        ]
        assert (mine.total, mine.longest) == (whole.total, whole.longest)
    assert (found.region_late.total, found.towns_late.total) == (6, 5)


def test_dashboard_counts_towns_that_have_not_reported(town, other_town, region, direction):
    owed, returned, came = (factories.measure(town, direction=direction) for _ in range(3))
    factories.measure(other_town, direction=direction)
    factories.measure(region, direction=direction)
    finished = factories.measure(other_town, direction=direction)
    cycle = factories.cycle(direction.programme, period="q3")
    factories.report(returned, period="q3", status="returned", return_comment="Поправить")
    factories.report(came, period="q3", status="submitted")
    type(finished).objects.filter(pk=finished.pk).update(status="done", percent=100)
    found = dashboard_of(region, ON)
    assert (found.collection.cycles, found.collection.label, found.collection.is_due) == (
        (cycle,), "III квартал 2026 года", True,
    )  # fmt: skip
    assert dict(found.towns[town.pk].reports) == {"owed": 1, "returned": 1, "submitted": 1}
    assert found.towns[other_town.pk].reports[ReportState.OWED] == 1
    assert found.towns[None].reports[ReportState.OWED] == 1
    assert (found.asked_towns, found.owing_towns, found.owed) == (2, 2, 4)
    assert found.owed == cycle.expected.unanswered().count()
    assert owed.pk


def test_dashboard_knows_a_town_that_handed_everything_in(town, other_town, region, direction):
    factories.measure(other_town, direction=direction)
    measure = factories.measure(town, direction=direction)
    factories.cycle(direction.programme, period="q3")
    published(factories.report(measure, period="q3"))
    found = dashboard_of(region, ON)
    assert (found.asked_towns, found.owing_towns) == (2, 1)
    assert [found.towns[one.pk].report for one in (town, other_town)] == [ReportState.PUBLISHED, ReportState.OWED]


def test_dashboard_counts_measures_by_status_without_drafts_and_strangers(town, region, other_region, direction):
    factories.measure(town, direction=direction, due=LONG_AGO)
    factories.measure(town, direction=direction, status="in_progress")
    factories.measure(town, direction=direction, status="cancelled")
    factories.measure(town, direction=direction, status="draft")
    factories.measure(other_region, due=LONG_AGO)
    found = dashboard_of(region, ON)
    assert found.status_counts == [("in_progress", 1), ("planned", 1)]
    assert (found.measures, found.cancelled, found.late_measures) == (2, 1, 1)
    assert (found.towns[town.pk].measures, found.towns[town.pk].late_measures) == (2, 1)


def test_dashboard_leaves_the_steps_to_prepare_the_programme_out_of_its_measures(town, region):
    prepared = factories.direction(region, programme=factories.programme(region, status="prepared"))
    factories.measure(region, direction=prepared, due=LONG_AGO)
    found = dashboard_of(region, ON)
    # The region is late with the step all the same.
    assert (found.measures, found.late_measures, found.region_late.total) == (0, 0, 1)


def test_dashboard_counts_priorities_that_no_measure_answers(town, region, direction):
    strategy = factories.strategy(town)
    factories.link(factories.priority(strategy), factories.measure(town, direction=direction))
    factories.priority(strategy)
    factories.priority(strategy, status="draft")
    found = dashboard_of(region, ON)
    assert (found.priorities, found.bare, found.towns[town.pk].bare) == (2, 1, 1)


def test_dashboard_counts_silence_as_the_page_of_silence_does(town, region, direction):
    old, heard = (factories.measure(town, direction=direction) for _ in range(2))
    published(factories.report(heard, period="q3"))
    found = dashboard_of(region, timezone.localdate())
    assert found.silent == 1
    assert old.pk


def test_dashboard_asks_the_same_number_of_questions_for_one_row_and_for_many(
    django_assert_num_queries, town, other_town, region, direction
):
    late_everywhere(town, region, direction)
    with django_assert_num_queries(14):
        dashboard_of(region, ON)
    for place in (town, other_town, town):
        strategy = factories.strategy(place)
        factories.priority(strategy)
        factories.measure(place, direction=direction, due=LONG_AGO)
        factories.proposal(place, status="on_review", answer_due=LONG_AGO)
    with django_assert_num_queries(14):
        dashboard_of(region, ON)


def test_dashboard_of_an_empty_region_is_empty(region):
    found = dashboard_of(region, ON)
    assert (found.collection, found.measures, found.priorities, found.silent) == (None, 0, 0, 0)
    assert (found.region_late.total, found.towns_late.total, found.asked_towns) == (0, 0, 0)


def test_dashboard_takes_gaps_that_wait_too_long_for_lateness_of_the_region(town, region, direction):
    bare = factories.priority(factories.strategy(town))
    type(bare).objects.filter(pk=bare.pk).update(published_at=timezone.make_aware(datetime.datetime(2026, 1, 1)))
    late = dashboard_of(region, ON).region_late
    assert (late.total, late.part("gaps").total) == (1, 1)
    factories.make(
        GapAnswer, priority=bare, kind="no_measure", decision="stays", why="Нет денег", responsible="Область"
    )
    assert dashboard_of(region, ON).region_late.total == 0


def test_collection_speaks_of_the_open_period_that_is_due(region, programme):
    assert collection_of([], ON) is None
    first = factories.cycle(programme, period="q1")
    second = factories.cycle(programme, period="q3")
    future = factories.cycle(programme, period="q4")
    cycles = latest_cycles(region)
    assert cycles == [future, second, first]
    assert collection_of(cycles, ON).cycles == (second,)
    assert collection_of(cycles, datetime.date(2026, 1, 10)).cycles == (future,)
    ReportingCycle.objects.update(status="closed")
    assert collection_of(latest_cycles(region), ON).cycles == (future,)


def test_kept_dashboard_is_counted_anew_when_the_region_has_changed(
    django_assert_num_queries, committed, town, region, direction
):
    factories.measure(town, direction=direction)
    assert kept_dashboard(region, ON, []).measures == 1
    factories.measure(town, direction=direction)
    with django_assert_num_queries(1):
        assert kept_dashboard(region, ON, []).measures == 1
    with committed():
        Edition.bump(region.pk + 1)
    assert kept_dashboard(region, ON, []).measures == 1
    with committed():
        Edition.bump(region.pk)
    assert kept_dashboard(region, ON, []).measures == 2
