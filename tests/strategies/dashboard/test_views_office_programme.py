"""The hub of a region's programme: what there is to do, with counts, for its own people only."""

import pytest

from strategies.models import Commitment, Finding
from tests import factories
from tests.conftest import StrictClient
from tests.pages import texts

HUB = "/office/programme/"


def browser(someone):
    """A browser of a person."""
    client = StrictClient()
    client.force_login(someone)
    return client


def filled(town):
    """A region with a promise on its way, a promise of both sides, an open finding and programmes; all of it once."""
    programme = factories.programme(town.region, title="Программа действий", status="draft")
    other = factories.programme(town.region, title="Конкурс", kind="federal")
    direction = factories.direction(town.region, programme=other)
    for status in ("planned", "draft"):
        factories.measure(town, direction=direction, status=status)
    for one_sided in (True, False):
        link = factories.link(
            factories.priority(factories.strategy(town)), factories.measure(town, direction=direction)
        )
        given = {"link": link, "amount": 500, "year": 2027}
        factories.make(Commitment, side="region", kind="fund", status="draft" if one_sided else "confirmed", **given)
        factories.make(Commitment, side="town", kind="cofund", status="confirmed", **given)
    factories.make(Finding, region=town.region, kind="money_sum", key="a" * 64, text="Итог не сходится.")
    return programme, other


def test_programme_hub_counts_what_there_is_to_do(town, approver):
    programme, other = filled(town)

    response = browser(approver).get(HUB)

    assert response.context["counts"] == {"links": 2, "agreed": 1, "drafts": 1, "findings": 1}
    assert (response.context["programmes"], response.context["others"]) == ([programme], [other])
    assert [(one.measure_total, one.draft_total) for one in response.context["others"]] == [(3, 1)]
    assert "Другая поддержка: 1 программа" in texts(response, "summary")


@pytest.mark.parametrize("rows", [1, 3])
def test_programme_hub_asks_the_same_number_of_queries(town, wg_member, django_assert_num_queries, rows):
    for number in range(rows):
        factories.direction(town.region, programme=factories.programme(town.region, title=f"Программа {number}"))
    client = browser(wg_member)

    with django_assert_num_queries(8):
        response = client.get(HUB)

    assert len(response.context["programmes"]) == rows


def test_programme_hub_shows_a_stranger_nothing_of_another_region(town, other_approver):
    filled(town)

    response = browser(other_approver).get(HUB)

    assert response.context["counts"] == {"links": 0, "agreed": 0, "drafts": 0, "findings": 0}
    assert (response.context["programmes"], response.context["others"]) == ([], [])
    assert texts(response, "b")[-1] == "Программы действий нет."


def test_programme_hub_is_the_region_tab_only(town, head, approver):
    assert browser(head).get(HUB).status_code == 403
    tabs = texts(browser(head).get("/office/"), "nav")[0]
    assert "Программа" not in tabs
    assert "Программа" in texts(browser(approver).get("/office/"), "nav")[0]
