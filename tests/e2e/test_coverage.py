"""Coverage in a real browser: readable and reachable by keyboard on a phone and on a desk; the office answers a gap."""

import datetime
import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from strategies.models import GapAnswer
from tests import factories

# Asked in one frame: while a page scrolls, two questions are about two moments.
HEAD_STANDS = """table => {
  const [head, box] = [table.querySelector("thead th"), table].map(node => node.getBoundingClientRect())
  return table.scrollTop > 100 && Math.abs(head.top - box.top) <= 2
}"""
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


def test_coverage_pages_are_accessible_and_never_scroll_sideways(page, programme, look):
    for name, address in (("all", COVERAGE), ("town", f"{COVERAGE}?town=syzran"), ("gaps", GAPS)):
        page.goto(address)
        look(f"coverage-{name}", 390, 1280)


def test_long_matrix_keeps_its_heads_and_scrolls_by_keyboard(page, programme):
    page.goto(COVERAGE)
    table = page.get_by_role("region", name="Таблица: города и направления")
    expect(table.locator("thead th").first).to_be_visible()

    table.focus()
    for _ in range(5):
        page.keyboard.press("PageDown")

    page.wait_for_function(HEAD_STANDS, arg=table.element_handle())


def test_keyboard_goes_from_a_town_to_its_table(page, programme):
    page.goto(COVERAGE)
    link = page.get_by_role("link", name="Сызрань")
    link.focus()
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Приоритеты и меры: Сызрань")).to_be_visible()
    expect(page).to_have_url(re.compile(r"\?town=syzran#h-town$"))


def test_phone_reads_the_matrix_as_a_list(page, programme, width):
    width(390)
    page.goto(COVERAGE)
    expect(page.locator("table.mx")).to_be_hidden()
    page.locator(".only-narrow li", has_text="Сызрань").get_by_role("link").click()

    expect(page.get_by_role("heading", name="Приоритеты и меры: Сызрань")).to_be_visible()


def test_office_matrix_goes_from_a_cell_to_whose_word_is_missing(page, programme, enter, region_editor, look):
    enter(region_editor)
    page.goto("/office/programme/coverage/")
    look("office-coverage", 1280, 390)
    page.get_by_role("link", name="Сызрань").first.click()
    expect(page).to_have_url(re.compile(r"\?town=syzran#h-town$"))
    page.get_by_role("heading", name="Приоритеты и меры: Сызрань").wait_for()
    look("office-coverage-town", 390, 1280)
    page.get_by_role("link", name="ждём область и город").nth(1).click()  # the first one is the cell of the town
    expect(page).to_have_url(re.compile(r"/office/commitments/\d+/$"))


def test_region_answers_a_gap_in_the_browser(page, programme, enter, region_editor, look):
    enter(region_editor)
    page.goto(OFFICE)
    look("office-gaps", 1280, 390)
    page.get_by_role("link", name="Река", exact=True).first.click()
    page.get_by_label("Кто закрывает").fill("Минприроды")
    page.get_by_role("button", name="Записать ответ").click()
    page.locator(".field__error").first.wait_for()
    look("office-gap", 390, 1280)
    expect(page.get_by_label("Кто закрывает")).to_have_value("Минприроды")
    page.get_by_label("К какому дню").fill((timezone.localdate() + datetime.timedelta(days=20)).isoformat())
    page.get_by_label("Почему пусто").fill("Ждём изысканий.")
    page.get_by_role("button", name="Записать ответ").click()
    expect(page).to_have_url(re.compile(r"/office/programme/gaps/\?kind=no_measure$"))
    assert GapAnswer.objects.get().responsible == "Минприроды"
