"""Coverage in a real browser: readable and reachable by keyboard on a phone and on a desk; the office answers a gap."""

import datetime

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from strategies.models import GapAnswer
from tests import factories

COVERAGE, GAPS, OFFICE = "/programme/coverage/", "/programme/gaps/", "/office/programme/gaps/"


@pytest.fixture
def programme(town, other_town, region):
    """Сызрань has every state of a cell, so many priorities and measures that its table scrolls; 20 towns more."""
    strategy = factories.strategy(town)
    direction = factories.direction(region, title="Городская среда")
    factories.priority(strategy, title="Река", sphere="ecology")
    for number in range(15):
        priority = factories.priority(strategy, title=f"Двор {number:02}")
        if number:
            factories.link(priority, factories.measure(town, title=f"Мера {number:02}", direction=direction))
    factories.measure(other_town, title="Причал", direction=factories.direction(region, title="Инициативы жителей"))
    for number in range(20):
        place = factories.make(type(town), region=region, name=f"Город {number:02}", slug=f"t{number}", kind="town",
                               in_programme=True)  # fmt: skip
        factories.priority(factories.strategy(place), sphere=["tourism", "social", ""][number % 3])
    return strategy


@pytest.mark.parametrize("pixels", [390, 1280])
def test_coverage_pages_are_accessible_and_never_scroll_sideways(page, programme, axe, sideways, width, shot, pixels):
    width(pixels)
    found = {}
    for name, address in (("all", COVERAGE), ("town", f"{COVERAGE}?town=syzran"), ("gaps", GAPS)):
        page.goto(address)
        shot(page, f"coverage-{name}-{pixels}")
        found[name] = (axe(page), sideways(page))

    assert found == {name: ([], 0) for name in ("all", "town", "gaps")}


def test_long_matrix_keeps_its_heads_and_scrolls_by_keyboard(page, programme):
    page.goto(COVERAGE)
    table = page.get_by_role("region", name="Таблица: города и направления")
    head = table.locator("thead th").first
    before = head.bounding_box()["y"]

    table.focus()
    for _ in range(5):
        page.keyboard.press("PageDown")
    page.wait_for_function("node => node.scrollTop > 100", arg=table.element_handle())

    assert abs(head.bounding_box()["y"] - table.bounding_box()["y"]) <= 2
    assert before >= table.bounding_box()["y"] - 900


def test_keyboard_goes_from_a_town_to_its_table(page, programme):
    page.goto(COVERAGE)
    link = page.get_by_role("link", name="Сызрань")
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**?town=syzran#h-town")

    expect(page.get_by_role("heading", name="Приоритеты и меры: Сызрань")).to_be_visible()


def test_phone_reads_the_matrix_as_a_list(page, programme, width):
    width(390)
    page.goto(COVERAGE)
    row = page.locator("table.mx tbody tr", has_text="Чапаевск").first

    assert row.locator("td:visible").count() == 3  # its measure, and two totals
    assert row.locator("td:visible").first.evaluate("node => getComputedStyle(node, '::before').content") == (
        '"Инициативы жителей"'
    )


@pytest.mark.parametrize("pixels", [390, 1280])
def test_office_matrix_goes_from_a_cell_to_whose_word_is_missing(
    page, programme, enter, region_editor, axe, sideways, width, shot, pixels
):
    width(pixels)
    enter(region_editor)
    page.goto("/office/programme/coverage/")
    shot(page, f"office-coverage-{pixels}")
    seen = [(axe(page), sideways(page))]
    page.get_by_role("link", name="Сызрань").first.click()
    page.wait_for_url("**?town=syzran#h-town")
    seen.append((axe(page), sideways(page)))
    page.get_by_role("link", name="ждём область и город").nth(1).click()  # the first one is the cell of the town
    page.wait_for_url("**/office/commitments/*/")

    assert seen == [([], 0)] * 2


@pytest.mark.parametrize("pixels", [390, 1280])
def test_region_answers_a_gap_in_the_browser(page, programme, enter, region_editor, axe, sideways, width, shot, pixels):
    width(pixels)
    enter(region_editor)
    page.goto(OFFICE)
    shot(page, f"office-gaps-{pixels}")
    seen = [(axe(page), sideways(page))]
    page.get_by_role("link", name="Река", exact=True).first.click()
    page.get_by_label("Кто закрывает").fill("Минприроды")
    page.get_by_role("button", name="Записать ответ").click()
    seen.append((axe(page), sideways(page)))
    shot(page, f"office-gap-{pixels}")
    assert page.get_by_label("Кто закрывает").input_value() == "Минприроды"
    page.get_by_label("К какому дню").fill((timezone.localdate() + datetime.timedelta(days=20)).isoformat())
    page.get_by_label("Почему пусто").fill("Ждём изысканий.")
    page.get_by_role("button", name="Записать ответ").click()
    page.wait_for_url("**/office/programme/gaps/?kind=no_measure")

    assert seen == [([], 0)] * 2
    assert GapAnswer.objects.get().responsible == "Минприроды"
