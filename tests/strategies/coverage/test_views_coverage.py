"""The public pages of coverage and of gaps: what is without a measure, who closes it, filters in the address."""

import datetime

import pytest
from django.core.cache import cache
from django.utils import timezone

from config.templatetags.site import day_short
from municipalities.models import Population
from strategies.coverage.gaps import Kind
from tests import factories
from tests.pages import text, texts

from .test_gaps import ago, agree, answer, moment, promise

COVERAGE, GAPS = "/programme/coverage/", "/programme/gaps/"


def rows(response):
    """Rows of the matrix of towns, as a person reads them."""
    return texts(response, "tr")


def towns(response):
    return [row.town.name for row in response.context["matrix"].rows] if response.context["matrix"] else []


@pytest.fixture
def two_towns(town, other_town):
    """Сызрань: a gap, a measure that waits and an agreed one; Чапаевск: a measure without a priority."""
    strategy = factories.strategy(town)
    factories.priority(strategy, title="Река", sphere="ecology", published_at=moment(40))
    factories.link(factories.priority(strategy, title="Дворы", published_at=moment(5)), factories.measure(town))
    direction = factories.direction(town.region, title="Туризм")
    agree(factories.link(factories.priority(strategy, title="Порт", sphere="tourism"), factories.measure(town)))
    factories.measure(other_town, direction=direction, title="Причал")
    return strategy


def test_coverage_page_says_in_a_sentence_what_is_without_a_measure(client, two_towns, town, region):
    for number in range(3):
        factories.make(type(town), region=region, name=f"Город {number}", slug=f"t{number}", kind="town",
                       in_programme=True)  # fmt: skip
    for _ in range(4):
        factories.priority(two_towns, sphere="ecology")

    assert text(client.get(COVERAGE), "p", css="lead") == (
        "В программе 5 городов. Города выбрали 7 приоритетов. На 5 не ответил никто. "
        "У 1 мера есть, но обеими сторонами не подтверждена. Обе стороны подтвердили меру у 1. "
        "Больше всего пробелов в сфере «Экология»: без меры 5 приоритетов из 5."
    )


def test_coverage_page_shows_towns_by_spheres(client, two_towns):
    shown = rows(client.get(COVERAGE))[:4]

    assert shown == [
        "Город Городская среда Экология Туризм Без меры Не подтверждено",
        "Сызрань ждём область и город нет меры подтверждено 1 1",
        "Чапаевск —ничего —ничего только мера 0 0",
        "Без меры 0 1 0 1 1",
    ]


def test_coverage_page_says_who_closes_each_gap_of_a_priority(client, two_towns, head):
    head.post, head.first_name, head.last_name = "глава города", "Анна", "Иванова"
    head.save()
    river = two_towns.priorities.get(title="Река")
    answer(river, Kind.NO_MEASURE, due=ago(2), owner=head, responsible="Минприроды", why="Ждём изысканий.")

    shown = text(client.get(COVERAGE), "table", css="gaps")

    assert shown == (
        "Пробелы программы и кто их закрывает Пробел Кто закрывает Срок Что решили "
        "Река Сызрань: на приоритет не отвечает ни одна мера Минприроды глава города Анна Иванова "
        f"{day_short(ago(2))} Просрочено на 2 дня Ждём изысканий. "
        "Дворы Сызрань: мера есть, но обеими сторонами не подтверждена не решено — Кто закроет, не решено 5 дней"
    ).replace("\u00a0", " ")


@pytest.mark.invariant(51)
def test_gap_that_nobody_took_says_its_days_and_then_that_the_region_is_late(client, two_towns, region):
    shown = texts(client.get(GAPS, {"kind": "no_measure"}), "td")

    assert shown == ["не решено", "—", "Кто закроет, не решено 40 дней Область опаздывает на 10 дней"]


def test_gap_that_stays_empty_says_why_and_has_no_day(client, two_towns):
    answer(two_towns.priorities.get(title="Река"), Kind.NO_MEASURE, decision="stays", due=None, why="Уже в нацпроекте.")

    shown = texts(client.get(GAPS, {"kind": "no_measure"}), "td")

    assert shown == ["Министерство", "—", "Остаётся пустым Уже в нацпроекте."]


def test_coverage_page_of_a_town_shows_its_priorities_by_measures(client, two_towns, town):
    factories.measure(town, title="Ничья", responsible="", due=None)

    response = client.get(COVERAGE, {"town": "syzran"})

    assert towns(response) == ["Сызрань"]
    assert text(response, "h2", id="h-town") == "Приоритеты и меры: Сызрань"
    priorities = response.context["table"].priorities
    assert [(one.title, one.is_empty) for one in priorities] == [("Река", True), ("Дворы", False), ("Порт", False)]
    assert [one.title for one in response.context["table"].loose] == ["Ничья"]
    assert [one for one in texts(response, "p") if one.startswith("Пустые")] == [
        "Пустые строки: Река.", "Пустые столбцы: Ничья.",
    ]  # fmt: skip


def test_thin_cell_says_what_its_measure_lacks(client, town):
    strategy = factories.strategy(town)
    factories.link(factories.priority(strategy), factories.measure(town, due=None))

    page = client.get(COVERAGE, {"town": "syzran"})

    assert texts(page, "small")[-1] == "нет денег, срока, ответственного"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ["Сызрань", "Чапаевск"]),
        ({"state": "gap"}, ["Сызрань"]),
        ({"state": "waiting"}, ["Сызрань"]),
        ({"state": "only"}, ["Чапаевск"]),
        ({"state": "none"}, ["Чапаевск"]),
        ({"state": "gap", "sphere": "tourism"}, []),
        ({"town": "chapaevsk"}, ["Чапаевск"]),
        ({"size": "small"}, ["Чапаевск"]),
        ({"size": "unknown"}, ["Сызрань"]),
    ],
)
def test_coverage_filters_choose_towns(client, two_towns, other_town, query, expected):
    factories.make(Population, municipality=other_town, year=2025, people=30_000)

    assert towns(client.get(COVERAGE, query)) == expected


def test_coverage_filter_by_sphere_leaves_one_column(client, two_towns):
    shown = rows(client.get(COVERAGE, {"sphere": "ecology"}))[:3]

    assert shown == [
        "Город Экология Без меры Не подтверждено", "Сызрань нет меры 1 0", "Чапаевск —ничего 0 0",
    ]  # fmt: skip


@pytest.mark.parametrize("query", [{"town": "atlantida"}, {"state": "шум"}, {"sphere": "шум"}, {"size": "шум"}])
@pytest.mark.parametrize("address", [COVERAGE, GAPS])
def test_filter_with_nonsense_says_so_and_shows_nothing(client, two_towns, address, query):
    if address == GAPS:
        query = {"closing" if name == "state" else name: value for name, value in query.items()}

    response = client.get(address, query)

    assert (response.status_code, texts(response, "h2")[0], texts(response, "table")) == (200, "Проверьте отбор", [])


def test_many_towns_are_looked_for_by_name_and_paged(client, town, region):
    for number in range(70):
        factories.make(type(town), region=region, name=f"Город {number:02}", slug=f"t{number}", kind="town",
                       in_programme=True)  # fmt: skip

    first, second = client.get(COVERAGE), client.get(COVERAGE, {"page": 2})
    found = client.get(COVERAGE, {"q": "сызрань"})

    assert [len(towns(one)) for one in (first, second)] == [50, 21]
    assert set(towns(first)) | set(towns(second)) == {*(f"Город {n:02}" for n in range(70)), "Сызрань"}
    assert (towns(found), text(found, "h2", id="h-town")) == (["Сызрань"], "Приоритеты и меры: Сызрань")
    assert towns(client.get(COVERAGE, {"town": "t3"})) == ["Город 03"]
    assert client.get(COVERAGE, {"page": 3}).status_code == 404


def test_of_many_towns_priorities_without_any_measure_come_first(client, town, region):
    for number in range(60):
        factories.make(type(town), region=region, name=f"Город {number:02}", slug=f"t{number}", kind="town",
                       in_programme=True)  # fmt: skip
    strategy = factories.strategy(town)
    factories.link(factories.priority(strategy, title="Дворы", published_at=moment(90)), factories.measure(town))
    shown = [[gap.subject.title for gap in client.get(COVERAGE).context["gaps"]]]
    factories.priority(strategy, title="Река")
    cache.clear()

    shown.append([gap.subject.title for gap in client.get(COVERAGE).context["gaps"]])

    assert shown == [["Дворы"], ["Река"]]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"kind": "no_measure"}, ["Река"]),
        ({"kind": "not_agreed"}, ["Дворы"]),
        ({"kind": "no_town"}, ["Причал"]),
        ({"town": "chapaevsk"}, ["Причал"] * 3),
        ({"closing": "late"}, ["Река"]),
        ({"sphere": "ecology"}, ["Река"]),
        ({"closing": "stays"}, []),
    ],
)
def test_gaps_page_filters_choose(client, two_towns, query, expected):
    response = client.get(GAPS, query)

    assert [gap.subject.title for gap in response.context["gaps"]] == expected


def test_gaps_page_has_a_sentence_and_an_empty_state(client, region):
    response = client.get(GAPS)

    assert text(response, "p", css="lead") == (
        "Здесь то, чего не хватает: приоритет без меры, мера без денег, срока или ответственного. "
        "На ответ у области 30 дней."
    )
    assert text(response, "div", css="empty").startswith("Пробелов нет. Пробел появится здесь")


def test_pages_are_about_one_region(client, two_towns, other_region):
    shown = [
        [client.get(address, {"region": slug}).context[name] for slug in ("samara-oblast", "saratov-oblast")]
        for address, name in ((COVERAGE, "region"), (GAPS, "region"))
    ]

    assert [[one.slug for one in pair] for pair in shown] == [["samara-oblast", "saratov-oblast"]] * 2
    assert text(client.get(COVERAGE, {"region": "saratov-oblast"}), "div", css="empty").startswith(
        "Городов в программе нет."
    )


@pytest.mark.parametrize("address", [COVERAGE, GAPS])
def test_pages_stand_on_an_empty_site(client, db, address):
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("address", [COVERAGE, GAPS])
def test_pages_answer_conditional_requests(client, two_towns, address):
    etag = client.get(address).headers["ETag"]

    assert client.get(address, headers={"If-None-Match": etag}).status_code == 304


def test_drafts_stand_on_no_page(client, two_towns, town):
    factories.priority(two_towns, title="Тайна", status="draft")
    factories.measure(town, title="Тайная мера", status="draft", due=None)

    shown = [client.get(address, {"town": "syzran"}).content.decode() for address in (COVERAGE, GAPS)]

    assert ["Тайн" in page for page in shown] == [False, False]


@pytest.mark.parametrize("number", [1, 3])
def test_pages_ask_the_same_number_of_queries_however_many_rows(client, queries, region, town, number):
    direction = factories.direction(region)
    for place in [town, *(factories.make(type(town), region=region, name=f"Город {n}", slug=f"t{n}", kind="town",
                                         in_programme=True) for n in range(number))]:  # fmt: skip
        strategy = factories.strategy(place)
        answer(factories.priority(strategy), Kind.NO_MEASURE)
        link = factories.link(factories.priority(strategy), factories.measure(place, direction=direction))
        promise(link, "region")
        answer(factories.measure(place, direction=direction), Kind.NO_MONEY)

    # One query of each is the number of the site's edition.
    assert [queries(COVERAGE), queries(f"{COVERAGE}?town=syzran"), queries(GAPS)] == [11, 13, 8]


def test_programme_leads_to_coverage(client, region):
    response = client.get("/programme/")

    assert "Охват: какой приоритет остался без меры и кто закроет пробел" in texts(response, "a")


def test_date_of_a_gap_is_not_in_the_future(client, town):
    factories.priority(factories.strategy(town), published_at=timezone.now() + datetime.timedelta(days=3))

    assert texts(client.get(GAPS), "td")[-1] == "Кто закроет, не решено"
