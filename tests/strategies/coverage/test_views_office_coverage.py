"""Coverage in the office: the region's matrix, whose cells lead to words of both sides and to gaps to be answered."""

import pytest
from django.urls import reverse

from strategies.coverage.gaps import Kind
from tests import factories
from tests.pages import text, texts

from .test_gaps import moment

PAGE = "/office/programme/coverage/"


@pytest.fixture
def town_with_words(town, other_town):
    """Сызрань: a priority without a measure, one that waits for the town; Чапаевск: one without a measure."""
    strategy = factories.strategy(town)
    factories.priority(strategy, title="Река", sphere="ecology", published_at=moment(40))
    link = factories.link(factories.priority(strategy, title="Дворы"), factories.measure(town, title="Аллея"))
    factories.commitment(link, "region")
    factories.priority(factories.strategy(other_town), title="Завод", sphere="economy")
    return link


def test_office_matrix_leads_to_gaps_and_to_whose_word_is_missing(client, region_editor, town_with_words):
    client.force_login(region_editor)

    page = client.get(PAGE)
    assert text(page, "h1") == "Охват: Самарская область"
    assert [gap.subject.title for gap in page.context["gaps"]] == ["Река", "Завод", "Дворы"]
    river = page.context["gaps"][0].subject
    assert reverse("office:gap", args=[Kind.NO_MEASURE, river.pk]) in page.content.decode()
    assert text(page, "h2", id="h-todo") == "Ответить на пробелы"

    of_town = client.get(PAGE, {"town": "syzran"})
    assert text(of_town, "h1") == "Охват: Сызрань"
    words = f'<a href="{reverse("office:commitment", args=[town_with_words.pk])}">ждём город</a>'
    assert words in of_town.content.decode()
    assert f"{reverse('office:gaps')}?town=syzran" in of_town.content.decode()
    assert words not in client.get("/programme/coverage/?town=syzran").content.decode()


def test_office_matrix_is_of_ones_own_region_and_of_the_region_alone(client, other_approver, head, wg_member,
                                                                      town_with_words):  # fmt: skip
    client.force_login(other_approver)
    page = client.get(PAGE, {"region": "samara-oblast"})
    assert (page.status_code, page.context["matrix"]) == (200, None)
    assert text(page, "div", css="empty").startswith("Городов в программе нет.")

    client.force_login(wg_member)
    assert text(client.get(PAGE), "h2", id="h-todo") == "Кто закрывает пробел"
    client.force_login(head)
    assert client.get(PAGE).status_code == 403


def test_office_matrix_says_what_is_wrong_with_the_question(client, region_editor, town_with_words):
    client.force_login(region_editor)

    assert text(client.get(PAGE, {"sphere": "шум"}), "h2", id="h-mx") == "Проверьте отбор"
    none = client.get(PAGE, {"state": "agreed"})
    assert texts(none, "b")[-1] == "Таких городов не нашлось."


@pytest.mark.parametrize("rows", [1, 3])
def test_office_matrix_asks_the_same_number_of_queries(
    client, region_editor, town, other_town, rows, django_assert_num_queries
):
    for strategy in (factories.strategy(town), factories.strategy(other_town)):
        for _ in range(rows):
            place = strategy.municipality
            factories.link(factories.priority(strategy), factories.measure(place))
    client.force_login(region_editor)
    client.get(PAGE)

    with django_assert_num_queries(12):
        client.get(PAGE)
    with django_assert_num_queries(14):  # with the priorities and measures of the town
        client.get(PAGE, {"town": "syzran"})
