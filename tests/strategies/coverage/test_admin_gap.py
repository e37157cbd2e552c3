"""Answers to gaps in the workshop: read by the region's own people, written in the office only."""

import pytest

from strategies.coverage.gaps import Kind
from tests import factories
from tests.admin_pages import page

from .test_gaps import answer


@pytest.fixture
def river(town):
    return answer(factories.priority(factories.strategy(town), title="Река"), Kind.NO_MEASURE)


def shown(client, user):
    client.force_login(user)
    return list(client.get(page("strategies_gapanswer_changelist")).context["cl"].queryset)


def test_answers_are_listed_for_the_regions_own_people(client, river, town, approver, other_approver):
    poor = answer(factories.measure(town), Kind.NO_MONEY)

    assert [set(shown(client, user)) for user in (approver, other_approver)] == [{river, poor}, set()]


def test_answer_is_read_and_not_written(client, river, region_editor):
    client.force_login(region_editor)
    codes = [
        client.get(page("strategies_gapanswer_change", river.pk)).status_code,
        client.post(page("strategies_gapanswer_change", river.pk), {"why": "Иначе."}).status_code,
        client.get(page("strategies_gapanswer_add")).status_code,
        client.post(page("strategies_gapanswer_delete", river.pk), {"post": "yes"}).status_code,
    ]

    river.refresh_from_db()
    assert (codes, river.why) == ([200, 403, 403, 403], "Готовят проект.")


def test_answer_of_another_region_is_not_there(client, river, other_approver):
    client.force_login(other_approver)

    assert client.get(page("strategies_gapanswer_change", river.pk)).status_code == 302
