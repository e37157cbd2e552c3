import datetime
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from model_bakery import baker

from config.sentences import deeds_sentence, three_words
from municipalities.models import Head, Municipality, Population
from strategies.models import Indicator, IndicatorValue
from strategies.reporting.deeds import Figures, TownFigures
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

    assert text(response, "p", css="lead") == "Обещаний городу не нашли."
    assert text(response, "ul", css="tally") == (
        "0 обещано 0 сделано Сделано — значит, отчёт принят 0 опаздывает Срок прошёл, а отчёта нет 0 без отчётов"
    )
    empty = [response, *(client.get(f"/towns/syzran/{part}/") for part in ("figures", "documents", "people"))]
    assert [words.split(".")[0] for page in empty for words in texts(page, "div", css="empty")] == [
        "Обещаний городу не нашли",
        "Опубликованных отчётов нет",
        "Предложений из города не найдено",
        "Мы не нашли, что выбрал город",
        "Не объявлена",
        "Население не найдено",
        "Документов города не найдено",
        "Кто возглавлял город, не найдено",
    ]


@pytest.mark.parametrize(
    ("own", "shared", "sentence", "words"),
    [
        ((), (), "Обещаний городу не нашли.", "дел не нашли"),
        ((), (2,), "Своих дел у города нет, есть 2 общих дела с другими городами.", "2 общих дела"),
        ((1, 0, 0, 1), (), "Городу обещали 1 дело. О нём не отчитались.", "1 дело, отчётов нет"),
        ((21, 0, 0, 21), (), "Городу обещали 21 дело. Ни об одном не отчитались.", "21 дело, отчётов нет"),
        ((5, 0, 1, 5), (), "Городу обещали 5 дел. Ни об одном не отчитались, опаздывает 1.", "опаздывает 1 из 5"),
        ((11, 1, 2, 7), (), "Городу обещали 11 дел. Сделано 1, опаздывают 2, о 7 нет отчётов.", "опаздывает 2 из 11"),
        ((3, 3, 0, 0), (1,), "Городу обещали 3 дела. Сделано 3.", "сделано 3 из 3"),
    ],
)
def test_state_of_a_town_is_said_of_things(own, shared, sentence, words):
    figures = TownFigures(Figures(*own), Figures(*shared))

    assert (deeds_sentence(figures), three_words(figures)) == (sentence, words)


def test_town_page_shows_lateness_with_its_reason(client, town):
    measure = factories.measure(town, title="Освещение", due=datetime.date(2026, 1, 31))
    factories.make(
        measure.due_changes.model, measure=measure, old_due=datetime.date(2025, 1, 31), new_due=measure.due,
        reason="Торги не состоялись", decided_on=datetime.date(2025, 2, 1),
    )  # fmt: skip

    response = client.get("/towns/syzran/")

    late = text(response, "section", id="deeds")
    assert "Просрочено" in late
    assert "Причина: Торги не состоялись." in late
    assert text(response, "li", css="is-bad") == "1 опаздывает Срок прошёл, а отчёта нет"


def test_figures_of_a_town_lead_to_as_many_rows_as_they_say(client, town, region):
    """Own deeds and, said apart, those that it shares: the list behind a figure holds both."""
    direction = factories.direction(region)
    past = timezone.localdate() - datetime.timedelta(days=3)
    for state in ({"status": "done", "percent": 100}, {"status": "planned"}):
        factories.measure(town, direction=direction, due=past, **state)
        factories.measure(region, direction=direction, due=past, **state).towns.add(town)

    page = client.get(town.get_absolute_url()).content.decode()

    tally = page.split('class="tally"')[1].split("</ul>")[0]
    assert re.findall(r"Ещё (\d) общ", tally)[-3:] == ["1", "1", "2"]
    for chosen, rows in (("status=done", 2), ("status=overdue", 2), ("reported=no", 4)):
        assert f'/programme/?town={town.slug}&amp;{chosen}"' in tally
        listed = client.get(f"/programme/?town={town.slug}&{chosen}").context
        assert listed["paginator"].count == rows


def test_town_leads_to_whom_to_ask_about_a_deed(client, town):
    measure = factories.measure(town)

    assert f'href="{measure.get_absolute_url()}#ask"' in client.get(town.get_absolute_url()).content.decode()
    assert 'id="ask"' in client.get(measure.get_absolute_url()).content.decode()


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
        pages = [page, *(client.get(f"/towns/syzran/{part}/").content.decode() for part in ("figures", "documents"))]
        assert [found for found in pages if "Тайн" in found] == []


def test_town_page_shows_people_heads_and_figures_with_sources(client, town):
    baker.make(Population, municipality=town, year=2021, people=165_725, sources="https://example.org/census")
    baker.make(Head, municipality=town, name="Пётр Первый", post="глава города", since="2021-08", order=2)
    indicator = factories.make(Indicator, municipality=town, name="Дворы", unit="ед.")
    factories.make(
        IndicatorValue, indicator=indicator, year=2023, target=10, actual=7, deviation_reason="не успели",
        sources="https://example.org/yards",
    )  # fmt: skip

    response = client.get("/towns/syzran/figures/")
    people = client.get("/towns/syzran/people/")

    assert "165 725 жителей, 2021" in text(response, "ul", css="head__meta")
    words = "глава города Пётр Первый (с августа 2021 года)"
    assert words in text(client.get("/towns/syzran/"), "ul", css="head__meta")
    assert (text(people, "p", css="lead"), "август 2021" in text(people, "section", id="heads")) == (words, True)
    figures = text(response, "section", id="indicators")
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
    assert len(queries) == 11
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

    assert [group["strategy"].title for group in response.context["groups"]] == ["Первая", "Вторая"]
    assert [len(row["priorities"]) for group in response.context["groups"] for row in group["rows"]] == [2, 2]


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

    page = client.get("/towns/syzran/figures/").content.decode()

    # `td:empty` hides such a cell on a narrow screen: not even a space may stand in it.
    link = '<a href="https://example.org/a" rel="nofollow noopener">example.org</a>'
    assert re.findall(r'<td data-label="Источник">(.*?)</td>', page, re.S) == [f"{link}, Газета", ""]
