import datetime

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from strategies.models import Measure, Programme, ProgressReport
from tests import factories
from tests.pages import text, texts


def test_home_without_a_region_says_what_will_come(client, db):
    response = client.get("/")

    assert text(response, "div", css="empty") == (
        "Регион ещё не внесён. Города, стратегии и программа появятся здесь, как только администратор загрузит папку "
        "региона командой load_region."
    )


def test_home_counts_only_what_is_recorded(client, town, other_town):
    strategy = factories.strategy(town)
    priority = factories.priority(strategy)
    factories.priority(strategy, status="draft")
    programme = factories.programme(town.region, kind=Programme.Kind.FEDERAL)
    measure = factories.measure(town, direction=factories.direction(town.region, programme=programme), sources="Акт")
    factories.link(priority, measure)
    factories.make(measure.fundings.model, measure=measure, year=2026, source="federal", planned=107_100)
    factories.proposal(town)

    response = client.get("/")

    assert text(response, "ul", css="four") == "1 обещано 0 сделано 0 опаздывает 1 без отчётов"
    assert text(response, "ul", css="names") == "Сызрань 1 дело, отчётов нет Чапаевск дел не нашли"


def test_home_shows_the_next_session_and_hides_the_planned_one(client, town):
    soon = timezone.now() + datetime.timedelta(days=10)
    factories.session(town, title="Объявленная", starts_at=soon, status="announced")
    factories.session(town, title="Ещё не объявленная", starts_at=soon, status="planned")

    response = client.get("/")

    assert [title for title in texts(response, "h3", css="rows__title") if "бъявленная" in title] == ["Объявленная"]


def test_home_of_a_stranger_region_shows_nothing_of_ours(client, town, other_region, settings):
    settings.HOME_REGION = other_region.slug
    factories.priority(factories.strategy(town))

    response = client.get("/")

    assert texts(response, "ul", css="names") == []


@pytest.mark.parametrize("rows", [1, 3])
def test_home_costs_the_same_queries_for_any_number_of_rows(client, town, rows):
    for number in range(rows):
        strategy = factories.strategy(town, version=number + 1)
        factories.link(factories.priority(strategy), factories.measure(town, status=Measure.Status.PLANNED))
        factories.proposal(town)
        factories.session(town)

    with CaptureQueriesContext(
        connection,
    ) as queries:
        response = client.get("/")

    assert response.status_code == 200
    assert len(queries) == 12


@pytest.mark.parametrize("rows", [1, 3])
def test_home_tells_of_reports_on_priorities_at_no_further_cost(client, town, head, approver, rows):
    for number in range(rows):
        priority = factories.priority(factories.strategy(town), title=f"Приоритет города {number}")
        report = factories.make(
            ProgressReport, priority=priority, year=2026, period="q1", text="Собрали людей.",
            reported_status="in_progress", created_by=head,
        )  # fmt: skip
        report.move_to("submitted", by=head)
        report.move_to("published", by=approver)
    client.get("/")  # content types are read once per process
    cache.clear()

    with CaptureQueriesContext(connection) as queries:
        response = client.get("/")

    told = [title for title in texts(response, "p", css="rows__title") if "Приоритет города" in title]
    assert told == [f"Сызрань: I квартал 2026 года: Приоритет города {number}" for number in reversed(range(rows))]
    assert len(queries) == 14
