import datetime
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from model_bakery import baker

from municipalities.models import Head, Municipality, Population
from strategies.models import Indicator, IndicatorValue
from tests import factories
from tests.pages import text, texts
from tests.strategies.published import PAPER, PHOTO, reported


@pytest.fixture
def district(region):
    return baker.make(Municipality, region=region, name="Нефтегорский район", slug="neftegorsky", kind="district")


def names(response):
    return texts(response, "span", css="town__name")


def test_town_list_leaves_districts_out_and_reference_towns_last(client, town, other_town, district, region):
    baker.make(Municipality, region=region, name="Абаза", slug="abaza", kind="town", is_reference=True)

    assert names(client.get("/towns/")) == ["Сызрань", "Чапаевск", "Абаза"]


@pytest.mark.parametrize("query", ["сызрань", "СЫЗРАНЬ", "Сызрани", "сыз"])
def test_town_search_knows_russian_letters_and_leads_straight_to_the_only_town(client, town, other_town, query):
    assert client.get("/towns/", {"q": query}).headers["Location"] == "/towns/syzran/"
    assert client.get("/en/towns/", {"q": query, "size": ""}).headers["Location"] == "/en/towns/syzran/"


def test_town_search_with_several_answers_or_conditions_is_a_list_that_says_what_was_asked(client, town):
    baker.make(Municipality, region=town.region, name="Сызранка", slug="syzranka", kind="town")
    both = client.get("/towns/", {"q": "сыз"})
    one = client.get("/towns/", {"q": "сыз", "kind": "urban_okrug"})
    wrong = client.get("/towns/", {"q": "сыз", "kind": "x"})

    assert (names(both), names(one), names(wrong)) == (["Сызранка", "Сызрань"], ["Сызрань"], [])
    assert [text(page, "h1") for page in (both, one, wrong)] == [
        "Города: «сыз»", "Города: «сыз», городской округ", "Города",
    ]  # fmt: skip
    assert "<title>Города: «сыз», городской округ —" in one.content.decode()
    assert [text(page, "details", css="fold").partition(" Регион")[0] for page in (client.get("/towns/"), one)] == [
        "Отбор", "Отбор: городской округ",
    ]  # fmt: skip
    assert [page.content.decode().count('<details class="fold" open>') for page in (one, wrong)] == [0, 1]


def test_town_search_for_an_unknown_word_offers_all_towns(client, town):
    response = client.get("/towns/", {"q": "Атлантида"})

    assert text(response, "div", css="empty") == (
        "Таких городов не нашлось. Проверьте название или снимите часть условий. Показать все города"
    )


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"region": "saratov-oblast"}, ["Балаково"]),
        ({"kind": "urban_okrug"}, ["Сызрань", "Чапаевск"]),
        ({"in_programme": "no"}, ["Балаково"]),
        ({"in_programme": "yes", "size": "large"}, ["Сызрань"]),
        ({"size": "unknown"}, ["Балаково", "Чапаевск"]),
    ],
)
def test_town_filters_choose(client, town, other_town, other_region, query, expected):
    baker.make(Municipality, region=other_region, name="Балаково", slug="balakovo", kind="town")
    baker.make(Population, municipality=town, year=2021, people=165_725)

    assert names(client.get("/towns/", query)) == expected


@pytest.mark.parametrize(
    "query", [{"region": "нет"}, {"size": "гигант"}, {"kind": "1"}, {"in_programme": "может быть"}]
)
def test_town_filter_with_nonsense_says_so_and_shows_nothing(client, town, query):
    response = client.get("/towns/", query)

    assert response.status_code == 200
    assert names(response) == []
    assert text(response, "h2", id="h-list") == "Проверьте отбор"


@pytest.mark.parametrize("page", ["0", "7", "буква", "-1"])
def test_town_list_page_that_does_not_exist_is_404(client, town, page):
    assert client.get("/towns/", {"page": page}).status_code == 404


@pytest.mark.parametrize("rows", [1, 3, 51])
def test_town_list_costs_the_same_queries_for_any_number_of_rows(client, region, rows):
    for number in range(rows):
        baker.make(Municipality, region=region, name=f"Город {number}", slug=f"town-{number}", kind="town")

    with CaptureQueriesContext(connection) as queries:
        response = client.get("/towns/")

    assert len(names(response)) == min(rows, 50)
    assert len(queries) == 4


def test_town_page_of_an_empty_town_is_honest(client, town):
    response = client.get("/towns/syzran/")

    assert text(response, "p", css="lead") == ("Что выбрал город, не найдено. Мер нет. Отчётов о сделанном нет.")
    assert [empty.split(".")[0] for empty in texts(response, "div", css="empty")] == [
        "Мы не нашли, что выбрал город",
        "Опозданий не видно, потому что ещё нет отчётов",
        "Сравнивать не с чем",
        "Опубликованных отчётов нет",
        "Сессий не найдено, новых не объявили",
        "Предложений из города не найдено",
        "Население не найдено",
        "Мер для города нет",
        "Документов города не найдено",
    ]


def test_town_page_shows_lateness_with_its_reason(client, town):
    measure = factories.measure(town, title="Освещение", due=datetime.date(2026, 1, 31))
    factories.make(
        measure.due_changes.model, measure=measure, old_due=datetime.date(2025, 1, 31), new_due=measure.due,
        reason="Торги не состоялись", decided_on=datetime.date(2025, 2, 1),
    )  # fmt: skip

    response = client.get("/towns/syzran/")

    late = text(response, "section", id="late")
    assert "Просрочено" in late
    assert "Причина: Торги не состоялись" in late


def test_town_page_keeps_drafts_inside(client, town, outsider, region_editor):
    factories.priority(factories.strategy(town, status="draft"), title="Тайный приоритет", status="draft")
    factories.measure(town, title="Тайная мера", status="draft")
    factories.session(town, title="Тайная сессия", status="planned")
    factories.document(town, title="Тайный документ", status="draft")
    factories.proposal(town, public_text="", text="Тайные слова")
    factories.priority(factories.strategy(town), title="Открытый приоритет")

    for actor in (None, outsider):
        if actor:
            client.force_login(actor)
        page = client.get("/towns/syzran/").content.decode()
        assert "Открытый приоритет" in page
        assert "Тайн" not in page


def test_town_page_shows_people_heads_and_figures_with_sources(client, town):
    baker.make(Population, municipality=town, year=2021, people=165_725, sources="https://example.org/census")
    baker.make(Head, municipality=town, name="Пётр Первый", post="глава города", since="2021-08", order=2)
    indicator = factories.make(Indicator, municipality=town, name="Дворы", unit="ед.")
    factories.make(
        IndicatorValue, indicator=indicator, year=2023, target=10, actual=7, deviation_reason="не успели",
        sources="https://example.org/yards",
    )  # fmt: skip

    response = client.get("/towns/syzran/")

    meta = text(response, "ul", css="head__meta")
    assert "165 725 жителей, 2021" in meta
    assert "глава города Пётр Первый (с августа 2021 года)" in meta
    figures = text(response, "section", id="indicators") if texts(response, "section", id="indicators") else ""
    assert "Сильно хуже плана" in figures
    assert "example.org" in figures


def test_town_page_of_a_reference_town_says_so(client, region):
    baker.make(Municipality, region=region, name="Абаза", slug="abaza", kind="town", is_reference=True)

    response = client.get("/towns/abaza/")

    assert text(response, "p", css="lead") == (
        "Город взят из справочника городов России. Его регион здесь программу не ведёт, поэтому приоритетов, мер и "
        "отчётов нет."
    )


def test_town_page_of_an_unknown_town_is_404(client, region):
    assert client.get("/towns/atlantida/").status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_town_page_costs_the_same_queries_for_any_number_of_rows(client, town, rows):
    direction = factories.direction(town.region)
    session = factories.session(town)
    for number in range(rows):
        priority = factories.priority(factories.strategy(town))
        measure = factories.measure(town, direction=direction)
        factories.link(priority, measure)
        factories.make(measure.fundings.model, measure=measure, year=2026, source="regional", planned=100)
        session.priorities.add(priority)
        factories.proposal(town, priority=priority)
        factories.document(town, number=str(number))
        indicator = factories.make(Indicator, priority=priority, name=f"Показатель {number}", unit="ед.")
        factories.make(IndicatorValue, indicator=indicator, year=2027, target=10)
        reported(factories.priority(priority.strategy), percent=None)
        reported(measure, corrects=reported(measure, shows=[PHOTO]), shows=[PAPER])

    with CaptureQueriesContext(connection) as queries:
        response = client.get("/towns/syzran/")

    assert response.status_code == 200
    assert len(queries) == 23
    # What authors wrote and who they are is not even read.
    assert [
        query["sql"] for query in queries if '"author_email" AS' in query["sql"] or '."author_email",' in query["sql"]
    ] == []


def test_town_page_keeps_priorities_of_one_strategy_together(client, town):
    first, second = factories.strategy(town, title="Первая"), factories.strategy(town, title="Вторая", version=1)
    for order in (1, 2):
        for strategy in (first, second):
            factories.priority(strategy, order=order)

    response = client.get("/towns/syzran/")

    assert [kicker.split(",")[0] for kicker in texts(response, "p", css="kicker")] == ["Первая", "Вторая"]


def test_town_with_an_announced_session_only_has_said_nothing_yet(client, town):
    soon = timezone.now() + datetime.timedelta(days=10)
    factories.session(town, starts_at=soon, status="announced")

    response = client.get("/towns/")

    assert "Цепочка. сказано: нет" in response.content.decode()


def test_town_that_takes_proposals_leads_to_the_form(client, town, other_town):
    town.takes_proposals = True
    town.save()

    pages = [client.get(one.get_absolute_url()) for one in (town, other_town)]

    assert [texts(page, "a", css="btn") for page in pages] == [["Предложить городу"], []]


def test_figure_without_a_source_leaves_its_cell_empty(client, town):
    baker.make(Population, municipality=town, year=2021, people=165_725)
    baker.make(Population, municipality=town, year=2020, people=166_000, sources="https://example.org/a ; Газета")

    page = client.get("/towns/syzran/").content.decode()

    # `td:empty` hides such a cell on a narrow screen: not even a space may stand in it.
    link = '<a href="https://example.org/a" rel="nofollow noopener">example.org</a>'
    assert re.findall(r'<td data-label="Источник">(.*?)</td>', page, re.S) == [f"{link}, Газета", ""]
