"""A priority's page says who closes its gap, by when and why it is empty; a town's page leads to its coverage."""

import pytest
from django.core.cache import cache

from config.templatetags.site import day
from strategies.coverage.gaps import Kind
from tests import factories
from tests.pages import texts

from .test_gaps import ago, agree, answer, promise


@pytest.fixture
def river(town):
    return factories.priority(factories.strategy(town), title="Река")


def closing(client, priority):
    """What the page says of who closes the gap; nothing where there is none."""
    cache.clear()
    found = texts(client.get(priority.get_absolute_url()), "p", css="spine__why")
    return [one.removeprefix("Кто закроет пробел ") for one in found if one.startswith("Кто закроет пробел")]


def test_priority_without_a_measure_says_that_nobody_closes_its_gap(client, river):
    assert closing(client, river) == ["Не решено. Охват города"]


def test_priority_says_who_closes_its_gap_by_when_and_why(client, river, head):
    head.post, head.first_name, head.last_name = "глава города", "Анна", "Иванова"
    head.save()
    answer(river, Kind.NO_MEASURE, due=ago(2), owner=head, responsible="Минприроды", why="Ждём изысканий.")

    said = f"Минприроды (глава города Анна Иванова), до {day(ago(2))}. Просрочено на 2 дня Ждём изысканий. Охват города"
    assert closing(client, river) == [said.replace("\u00a0", " ")]


def test_priority_whose_gap_stays_says_why(client, river):
    answer(river, Kind.NO_MEASURE, decision="stays", due=None, why="Уже в нацпроекте.")

    assert closing(client, river) == ["Министерство, остаётся пустым. Уже в нацпроекте. Охват города"]


@pytest.mark.invariant(50)
def test_priority_says_nothing_of_a_gap_that_is_closed_and_asks_anew_of_another_one(client, river, town):
    answer(river, Kind.NO_MEASURE)
    link = factories.link(river, factories.measure(town))
    waiting = closing(client, river)
    answer(river, Kind.NOT_AGREED, why="Ждём думу.", decision="stays", due=None)
    answered = closing(client, river)
    agree(link)

    assert (waiting, answered, closing(client, river)) == (
        ["Не решено. Охват города"], ["Министерство, остаётся пустым. Ждём думу. Охват города"], [],
    )  # fmt: skip


def test_word_of_one_side_leaves_the_gap_open(client, river, town):
    promise(factories.link(river, factories.measure(town)), "region")

    assert len(closing(client, river)) == 1


@pytest.mark.parametrize("former", ["archived", "superseded", "outside"])
def test_former_priorities_and_towns_outside_the_programme_have_no_gap(client, town, approver, former):
    strategy = factories.strategy(town, status="superseded" if former == "superseded" else "discussion")
    priority = factories.priority(strategy, status="archived" if former == "archived" else "published")
    if former == "outside":
        town.in_programme = False
        town.save()
    client.force_login(approver)

    assert closing(client, priority) == []


def test_town_page_leads_to_its_coverage(client, river, town):
    page = client.get(town.get_absolute_url()).content.decode()

    assert f'href="/programme/coverage/?town={town.slug}"' in page
