"""Official papers in a real browser: the choice and the page to be printed, on a phone and on a desk."""

import pytest
from playwright.sync_api import expect

from tests import factories


@pytest.fixture
def programme(town, region):
    """Two measures, one of them answers a priority."""
    direction = factories.direction(region, title="Городская среда")
    factories.link(
        factories.priority(factories.strategy(town), title="Дворы"),
        factories.measure(town, title="Двор на Советской", direction=direction),
    )
    factories.measure(region, title="Обучение глав", direction=direction)


@pytest.mark.parametrize("pixels", [390, 1280])
def test_papers_are_accessible_and_never_scroll_sideways(
    page, programme, approver, enter, axe, sideways, width, shot, pixels
):
    enter(approver)
    width(pixels)
    found = {}
    for name, address in (("choice", "/office/papers/"), ("templates", "/office/papers/templates/")):
        page.goto(address)
        shot(page, f"papers-{name}-{pixels}")
        found[name] = (axe(page), sideways(page))

    assert found == {name: ([], 0) for name in ("choice", "templates")}


def test_a_paper_is_made_by_one_click(page, programme, approver, enter, axe, shot):
    enter(approver)
    page.goto("/office/papers/")
    page.get_by_role("button", name="Страница для печати и PDF").click()
    shot(page, "papers-print")

    expect(page.get_by_role("rowheader", name="Двор на Советской")).to_have_count(1)
    assert axe(page) == []
