import pytest
from django.utils import timezone

from municipalities.models import Population
from sessions.models import Practice
from tests import factories
from tests.pages import text, texts

URL = "/towns/syzran/similar/"


@pytest.fixture
def peopled(town, other_town):
    """Two towns of about one size."""
    for place, people in ((town, 60_000), (other_town, 72_000)):
        factories.make(Population, municipality=place, year=2024, people=people)
    return town


def done(measure):
    """The measure with its published report that says so."""
    report = factories.report(measure, period="q3")
    type(report).objects.filter(pk=report.pk).update(status="published", published_at=timezone.now())
    type(measure).objects.filter(pk=measure.pk).update(status="done", percent=100)
    return measure


def test_similar_page_shows_side_by_side_what_the_towns_chose_and_what_worked(client, peopled, other_town, region):
    priority = factories.priority(factories.strategy(other_town), sphere="urban")
    worked = done(factories.measure(other_town))
    hidden = factories.measure(other_town, status="draft")
    factories.make(Practice, municipality=other_town, region_name="Самарская область", title="Дворы силами жителей")
    response = client.get(URL)
    assert texts(response, "p", css="rows__title") == ["Чапаевск"]
    rows = texts(response, "tr")
    assert rows[1].startswith("Сызрань 60 000")
    assert rows[1].endswith("не найдено не найдено пока нет не найдено")
    for shown in ("Городская среда", priority.title, worked.title, "Дворы силами жителей"):
        assert shown in rows[2]
    assert rows[2].count(worked.title) == 2
    assert hidden.title not in response.content.decode()


def test_similar_page_calls_nothing_done_without_a_published_report(client, peopled, other_town):
    measure = factories.measure(other_town)
    type(measure).objects.filter(pk=measure.pk).update(status="done", percent=100)
    assert texts(client.get(URL), "tr")[2].endswith("пока нет не найдено")


def test_similar_page_without_people_says_what_is_missing(client, town, other_town):
    assert text(client.get(URL), "div", css="empty").startswith("Население города не найдено.")


def test_similar_page_without_a_match_says_so(client, town):
    factories.make(Population, municipality=town, year=2024, people=60_000)
    assert text(client.get(URL), "div", css="empty").startswith("Похожих городов не нашлось.")


def test_similar_page_is_linked_from_the_town(client, peopled):
    assert f'href="{URL}"' in client.get("/towns/syzran/").content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_similar_page_costs_the_same_with_any_number_of_rows(
    django_assert_num_queries, client, peopled, other_town, rows
):
    for _number in range(rows):
        factories.priority(factories.strategy(other_town))
        done(factories.measure(other_town))
    with django_assert_num_queries(8):
        client.get(URL)
