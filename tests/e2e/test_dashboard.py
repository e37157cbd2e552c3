"""The region at a glance and what it leads to, in a real browser: axe, both widths, two sheets of paper."""

import datetime
import re

import pytest

from municipalities.models import Population
from tests import factories

LONG = "Очень длинное название меры о благоустройстве набережной и центральной площади. "
LONG_AGO = datetime.date(2026, 9, 1)


@pytest.fixture
def busy(town, other_town, region):
    """A region with much to do, and a town with more of everything than its card can hold."""
    direction = factories.direction(region)
    for place, people in ((town, 60_000), (other_town, 72_000)):
        factories.make(Population, municipality=place, year=2024, people=people)
        factories.priority(factories.strategy(place))
        for number in range(15):
            factories.measure(place, direction=direction, due=LONG_AGO, title=f"{number}. {LONG * 3}")
            factories.proposal(place, public_text=f"{number}. {LONG * 5}")
    factories.cycle(direction.programme, period="q3")
    return town


def test_dashboard_and_what_it_leads_to_are_readable(page, enter, wg_member, busy, look):
    enter(wg_member)
    for name, address in (
        ("dashboard", "/office/dashboard/"), ("lateness", "/programme/late/?side=town"),
        ("similar", "/towns/syzran/similar/"), ("visit", "/office/towns/syzran/visit/"),
    ):  # fmt: skip
        page.goto(address)
        look(name, 390, 1280)


def test_card_of_a_town_with_much_to_say_is_two_sheets(page, enter, wg_member, busy):
    enter(wg_member)
    page.goto("/office/towns/syzran/visit/")
    sheets = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page[^s]", sheets)) == 2
