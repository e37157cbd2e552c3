"""Lateness of both sides: late on the day after the term, not on it; by the same rules for the region and for towns."""

import datetime

import pytest
from django.utils import timezone

from strategies.dashboard.lateness import Kind, region_lateness, town_lateness, towns_lateness
from strategies.reporting.review import add_review_term
from tests import factories

ON = datetime.date(2026, 7, 1)  # a Wednesday
DAY = datetime.timedelta(days=1)


def told(lateness):
    """{kind: (how many, days, the longest)} of what is late."""
    return {str(part.kind): (part.total, part.days, part.longest) for part in lateness.parts if part.total}


def at(day):
    """Noon of a day."""
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(12)))


def test_lateness_of_nobody_is_empty(town):
    for lateness in (region_lateness(town.region, ON), town_lateness(town, ON), towns_lateness(town.region, ON)):
        assert (told(lateness), lateness.total, lateness.days, lateness.longest) == ({}, 0, 0, 0)
        assert lateness.part(Kind.GAPS).rows() == []


def test_lateness_of_reviews_counts_from_the_day_after_the_term(town, other_region, head):
    # Handed in on Monday, 22 June: five working days end on the 29th.
    reports = [
        factories.report(factories.measure(town), by=head, status="submitted", submitted_at=at(ON - 9 * DAY))
        for _number in range(2)
    ]
    due = reports[0].review_due

    assert due == datetime.date(2026, 6, 29)
    assert told(region_lateness(town.region, due)) == {}
    assert told(region_lateness(town.region, ON)) == {"reviews": (2, 4, 2)}
    assert told(region_lateness(other_region, ON)) == {}
    assert told(towns_lateness(town.region, ON)) == {}
    assert [add_review_term(report, ON) for report in reports] == [2, 2]
    row = region_lateness(town.region, ON).part(Kind.REVIEWS).rows()[0]
    assert (row.title, row.due_on, row.days, row.town) == (
        f"{reports[0].measure.title}: I квартал 2026 года", due, 2, town
    )  # fmt: skip


def test_lateness_of_reviews_keeps_the_term_of_each_programme(town, head):
    slow = factories.direction(town.region, programme=factories.programme(town.region, review_days=8))
    for direction in (slow, factories.direction(town.region)):
        measure = factories.measure(town, direction=direction)
        factories.report(measure, by=head, status="submitted", submitted_at=at(ON - 9 * DAY))

    part = region_lateness(town.region, ON).part(Kind.REVIEWS)

    assert (part.total, part.longest, [row.days for row in part.rows()]) == (1, 2, [2])


def test_lateness_of_measures_is_that_of_whoever_does_them(town, other_town, region):
    of_town = factories.measure(town, due=ON - DAY)
    of_region = factories.measure(region, due=ON - 10 * DAY)
    factories.measure(town, due=ON)
    factories.measure(town, due=ON - DAY, status="draft")
    factories.measure(town, due=ON - DAY, status="cancelled", cancel_act=factories.document(town))

    assert told(region_lateness(region, ON)) == {"measures": (1, 10, 10)}
    assert told(town_lateness(town, ON)) == {"measures": (1, 1, 1)}
    assert told(town_lateness(other_town, ON)) == {}
    assert told(towns_lateness(region, ON)) == {"measures": (1, 1, 1)}
    assert [row.url for row in region_lateness(region, ON).part("measures").rows()] == [of_region.get_absolute_url()]
    assert [row.title for row in town_lateness(town, ON).part("measures").rows()] == [of_town.title]


def test_lateness_of_reports_counts_open_periods_only(town, region):
    programme = factories.programme(region)
    direction = factories.direction(region, programme=programme)
    of_town, of_region = factories.measure(town, direction=direction), factories.measure(region, direction=direction)
    cycle = factories.cycle(programme)
    on = cycle.due_on + 3 * DAY

    assert told(town_lateness(town, cycle.due_on)) == {}
    assert told(town_lateness(town, on)) == {"reports": (1, 3, 3)}
    assert told(region_lateness(region, on)) == {"reports": (1, 3, 3)}
    assert town_lateness(town, on).part("reports").rows()[0].title == f"{of_town.title}: I квартал 2026 года"
    factories.report(of_town, status="submitted")
    assert told(town_lateness(town, on)) == {}
    type(cycle).objects.update(status="closed")
    assert told(region_lateness(region, on)) == {}
    assert of_region.reports.count() == 0


@pytest.fixture
def link(town):
    return factories.link(factories.priority(factories.strategy(town)), factories.measure(town))


@pytest.mark.parametrize(("given", "late"), [("region", "town"), ("town", "region")])
def test_lateness_of_commitments_is_that_of_the_side_that_owes_a_word(link, town, given, late):
    factories.commitment(link, given, published_at=at(ON - 40 * DAY))
    sides = {"region": region_lateness(town.region, ON), "town": town_lateness(town, ON)}

    assert told(sides.pop(late)) == {"commitments": (1, 10, 10)}
    assert told(sides.popitem()[1]) == {}
    term = {"region": region_lateness(town.region, ON - 10 * DAY), "town": town_lateness(town, ON - 10 * DAY)}
    assert [told(one) for one in term.values()] == [{}, {}]


def test_lateness_of_the_region_is_told_for_one_town(town, other_town, region, head):
    direction = factories.direction(region)
    for place, number in ((town, 1), (other_town, 2)):
        for _number in range(number):
            measure = factories.measure(place, direction=direction)
            factories.report(measure, by=head, status="submitted", submitted_at=at(ON - 40 * DAY))
            priority = factories.priority(factories.strategy(place))
            type(priority).objects.filter(pk=priority.pk).update(published_at=at(ON - 400 * DAY))
            factories.commitment(factories.link(priority, measure), "town", published_at=at(ON - 40 * DAY))
            shared = factories.measure(region, direction=direction, due=ON - DAY)
            shared.towns.add(place)
    factories.measure(region, direction=direction, due=ON - DAY)

    def totals(place=None):
        return {part.kind: part.total for part in region_lateness(region, ON, place).parts if part.total}

    assert totals(town) == dict.fromkeys(("reviews", "measures", "commitments", "gaps"), 1)
    assert totals(other_town) == dict.fromkeys(("reviews", "measures", "commitments", "gaps"), 2)
    assert totals() == {"reviews": 3, "measures": 4, "commitments": 3, "gaps": 3}
    rows = [row for part in region_lateness(region, ON, town).parts for row in part.rows()]
    assert {row.town for row in rows} == {town, None}


def test_lateness_of_commitments_ends_with_an_answer(link, town, head):
    factories.commitment(link, "region", published_at=at(ON - 40 * DAY))
    factories.commitment(link, "town", status="draft")
    assert told(town_lateness(town, ON)) == {"commitments": (1, 10, 10)}

    answer = link.commitments.get(side="town")
    answer.move_to("confirmed", by=head)
    assert told(town_lateness(town, ON)) == {}

    # Taken back with a reason: that is an answer, too.
    answer.move_to("withdrawn", by=head, reason="Участок продали")
    assert told(town_lateness(town, ON)) == {}


def test_lateness_of_commitments_leaves_out_what_waits_for_nobody(link, town):
    factories.commitment(link, "region", published_at=at(ON - 40 * DAY))
    measure = link.measure
    type(measure).objects.update(status="draft")
    assert told(town_lateness(town, ON)) == {}
    type(measure).objects.update(status="done", percent=100)
    assert told(town_lateness(town, ON)) == {}


def test_lateness_takes_the_same_queries_for_one_and_many(town, django_assert_num_queries):
    def read():
        lateness = town_lateness(town, ON)
        return [row.days for part in lateness.parts for row in part.rows()]

    priority = factories.priority(factories.strategy(town))
    for total in (1, 3):
        while priority.measure_links.count() < total:
            late = factories.measure(town, due=ON - DAY)
            factories.commitment(factories.link(priority, late), "region", published_at=at(ON - 40 * DAY))
        with django_assert_num_queries(5):
            assert read() == [1] * total + [10] * total
