import datetime

import pytest
from django.utils import timezone

from tests import factories
from tests.pages import text, texts

URL = "/programme/late/"
LONG_AGO = datetime.date(2026, 9, 1)


@pytest.fixture
def direction(region):
    return factories.direction(region)


def test_lateness_page_names_what_the_region_is_late_with(client, town, region, direction):
    late = factories.measure(region, direction=direction, due=LONG_AGO)
    factories.measure(town, direction=direction, due=LONG_AGO)
    response = client.get(URL)
    days = (timezone.localdate() - LONG_AGO).days
    assert text(response, "h1") == "Что просрочила область"
    assert text(response, "p", css="lead").startswith(f"Область опаздывает с 1 делом. Самое давнее ждёт {days} ")
    assert texts(response, "p", css="rows__title") == [late.title]


def test_lateness_page_names_what_the_towns_are_late_with(client, town, other_town, region, direction):
    first = factories.measure(town, direction=direction, due=LONG_AGO)
    second = factories.measure(other_town, direction=direction, due=LONG_AGO + datetime.timedelta(days=3))
    factories.measure(region, direction=direction, due=LONG_AGO)
    assert texts(client.get(URL + "?side=town"), "p", css="rows__title") == [first.title, second.title]
    chosen = client.get(URL + f"?town={other_town.slug}")
    assert text(chosen, "h1") == "Что просрочено: Чапаевск"
    assert texts(chosen, "p", css="rows__title") == [second.title]


def test_lateness_page_of_the_region_keeps_to_the_town_asked_for(client, town, other_town, region, direction):
    named = factories.measure(region, direction=direction, due=LONG_AGO)
    named.towns.add(town)
    factories.measure(region, direction=direction, due=LONG_AGO).towns.add(other_town)
    factories.measure(region, direction=direction, due=LONG_AGO)
    factories.measure(town, direction=direction, due=LONG_AGO)
    response = client.get(URL + f"?side=region&town={town.slug}")
    assert text(response, "h1") == "Что область просрочила для города: Сызрань"
    assert texts(response, "p", css="rows__title") == [named.title]
    assert client.get(URL + f"?side=region&town={other_town.slug}").context["late"].total == 1
    assert client.get(URL + "?side=region").context["late"].total == 3


def test_lateness_page_of_one_kind_has_pages(client, town, region, direction):
    for number in range(52):
        factories.measure(town, direction=direction, due=LONG_AGO - datetime.timedelta(days=number))
    address = URL + "?side=town&kind=measures"
    assert len(texts(client.get(URL + "?side=town"), "p", css="rows__title")) == 5
    first, second = client.get(address), client.get(address + "&page=2")
    shown = [texts(page, "p", css="rows__title") for page in (first, second)]
    assert [len(titles) for titles in shown] == [50, 2]
    assert not set(shown[0]) & set(shown[1])


def test_lateness_page_without_anything_late_says_so(client, region):
    response = client.get(URL + "?side=town")
    assert "Просроченного нет." in text(response, "p", css="lead")
    assert text(response, "div", css="empty").startswith("Просроченного нет.")


def test_lateness_page_stands_on_an_empty_site_and_says_when_the_filter_is_wrong(client, db):
    assert client.get(URL).status_code == 200


def test_lateness_page_says_when_the_filter_is_wrong(client, region):
    response = client.get(URL + "?kind=nothing")
    assert text(response, "div", css="empty").startswith("Отбор не сработал")


@pytest.mark.parametrize("rows", [1, 3])
def test_lateness_page_costs_the_same_with_any_number_of_rows(django_assert_num_queries, client, town, direction, rows):
    for _number in range(rows):
        factories.measure(town, direction=direction, due=LONG_AGO)
    with django_assert_num_queries(8):
        client.get(URL + "?side=town")
