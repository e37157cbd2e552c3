"""Where nobody counts lateness yet, no page praises anybody for having none, nor threatens with it."""

import pytest
from django.utils import timezone

from exchange.papers.visit import visit_words
from municipalities.models import Region
from tests import factories
from tests.pages import text

NOT_COUNTED = "Регион не ведёт здесь программу: опозданий не считаем, пока он за неё не взялся."
JUDGED = (
    "не опаздывает", "ничего не просрочила", "Опозданий нет", "Просроченного нет", "Никто ни с чем", "опаздывает она",
    "На ответ у области", "считаем с", "мер опаздывают", "дел просрочила", "Опозданий не видно", "Обо всём есть",
)  # fmt: skip
PAGES = ["/programme/", "/programme/late/", "/programme/gaps/", "/programme/silence/", "/towns/syzran/"]


@pytest.fixture
def ground(town):
    """A region that has promised and chosen something and has never opened a period."""
    Region.objects.update(joined_on=None)
    factories.measure(town, start=None, due="2020-05-01")
    factories.priority(factories.strategy(town, status="approved"))
    return town


@pytest.mark.invariant(80)
@pytest.mark.parametrize("page", PAGES)
def test_page_neither_praises_nor_threatens_a_region_that_has_not_joined(client, ground, page):
    words = text(client.get(page), "main")

    assert [said for said in JUDGED if said in words] == []


@pytest.mark.parametrize("page", [PAGES[0], PAGES[1], PAGES[4]])
def test_page_says_that_nobody_counts(client, ground, page):
    assert NOT_COUNTED in text(client.get(page), "main")


@pytest.mark.parametrize("rows", [1, 3])
def test_dashboard_of_the_office_and_the_card_say_so_too(client, ground, approver, rows):
    for _ in range(rows):
        factories.measure(ground, start=None, due="2020-05-01")
    client.force_login(approver)

    words = text(client.get("/office/dashboard/"), "main")

    assert (NOT_COUNTED in words, [said for said in JUDGED if said in words]) == (True, [])
    town = type(ground).objects.with_people().with_region().get(pk=ground.pk)
    assert visit_words(town, timezone.localdate())["figures"][2]["value"] == "не считаем"
