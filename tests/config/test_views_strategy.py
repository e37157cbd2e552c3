import datetime

import pytest

from strategies.models import Goal
from tests import factories
from tests.pages import text, texts
from tests.strategies.published import reported


def test_strategy_page_of_a_town_without_documents_says_so(client, town):
    response = client.get("/towns/syzran/strategy/")

    assert text(response, "p", css="lead") == "Стратегия города не найдена."
    assert text(response, "div", css="empty") == (
        "Стратегии и планов города мы не нашли. Документ внесёт специалист области, когда получит его от города: "
        "здесь появятся решение думы, цели и приоритеты. Что известно о городе Сызрань"
    )


def test_strategy_page_puts_the_approved_one_first_then_drafts_then_other_plans(client, town):
    factories.strategy(town, title="Концепция села", kind="plan")
    factories.strategy(town, title="Стратегия 2036")
    factories.strategy(town, title="Стратегия 2030", status="approved")

    titles = texts(client.get("/towns/syzran/strategy/"), "h2", css="sec__title")

    assert titles == ["Стратегия 2030", "Стратегия 2036", "Концепция села", "Версии и решения"]


def test_strategy_page_gives_the_passport_of_an_approved_one(client, town):
    approved = factories.strategy(
        town, title="Стратегия 2030", status="approved", mission="Город для людей", main_goal="Больше жителей",
        sources="https://example.org/a",
    )  # fmt: skip

    response = client.get("/towns/syzran/strategy/")

    assert text(response, "p", css="lead") == (
        "Стратегия утверждена 21 февраля 2019 года, решение № 432, Дума городского округа."
    )
    section = text(response, "section", id=f"s{approved.pk}")
    assert section == (
        "Стратегия 2030 Стратегия развития Утверждена Решение от 21.02.2019 № 432 Кто утвердил Дума городского округа "
        "Документ Решение Думы об утверждении стратегии от 21.02.2019 № 432 Годы 2018–2030 Миссия Город для людей "
        "Главная цель Больше жителей Цели и приоритеты не найдены. Их внесёт специалист области, когда получит текст "
        "документа. Источник: example.org"
    )


def test_strategy_page_says_what_is_missing_in_a_draft(client, town):
    draft = factories.strategy(
        town, title="Проект", year_from=None, year_to=None, status_note="тема сессии",
        discussion_from=datetime.date(2026, 3, 1), discussion_to=datetime.date(2026, 3, 15),
    )  # fmt: skip

    response = client.get("/towns/syzran/strategy/")

    assert text(response, "p", css="lead") == "Есть проект стратегии. Решение об утверждении не найдено."
    assert texts(response, "dl", css="facts") == [
        "Решение Номер и дата решения не найдены Кто утвердил Сведений об утверждении нет Документ Документ не найден "
        "Годы Не найдены Что известно тема сессии Обсуждение с 1 марта 2026 года по 15 марта 2026 года "
        "Главная цель Не найдена"
    ]
    assert draft.get_absolute_url() == f"/towns/syzran/strategy/#s{draft.pk}"


def test_strategy_page_hangs_priorities_under_goals_three_levels_deep(client, town):
    strategy = factories.strategy(town)
    top = factories.goal(strategy, text="Цель А")
    middle = factories.goal(strategy, text="Цель Б", parent=top)
    low = factories.goal(strategy, text="Цель В", parent=middle)
    factories.priority(strategy, title="Набережная", goal=low)
    factories.priority(strategy, title="Свободный")
    factories.priority(strategy, title="Черновик", status="draft")

    response = client.get("/towns/syzran/strategy/")

    assert texts(response, "ul", css="tree") == ["Цель А Цель Б Цель В Набережная"]
    assert texts(response, "h3", css="side-h") == ["Цели и приоритеты", "Приоритеты без цели"]
    assert texts(response, "p", css="rows__title") == ["Набережная", "Свободный"]


def test_strategy_page_folds_what_was_replaced_and_lists_every_version(client, town):
    former = factories.strategy(town, title="Стратегия", status="superseded")
    factories.strategy(town, title="Стратегия", version=2, status="approved", supersedes=former)

    response = client.get("/towns/syzran/strategy/")

    assert len(texts(response, "details", css="more")) == 1
    assert text(response, "section", id="versions") == (
        "Версии и решения Прежние версии не стираем Версии документов города и решения о них "
        "Документ Версия Состояние Решение Кто утвердил "
        "Стратегия 2 Утверждена от 21.02.2019 № 432 Дума городского округа "
        "Стратегия 1 Заменена новой от 21.02.2019 № 432 Дума городского округа"
    )


@pytest.mark.parametrize(
    ("actor", "seen"), [(None, []), ("outsider", []), ("other_approver", []), ("region_editor", ["Тайная"])]
)
def test_strategy_page_keeps_drafts_inside_the_region(client, town, request, actor, seen):
    factories.strategy(town, title="Тайная", status="draft")
    if actor:
        client.force_login(request.getfixturevalue(actor))

    titles = texts(client.get("/towns/syzran/strategy/"), "h2", css="sec__title")

    assert titles[:-1] == seen


def test_strategy_page_of_an_unknown_town_is_not_found(client, town):
    assert client.get("/towns/atlantida/strategy/").status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_strategy_page_costs_the_same_with_any_number_of_rows(queries, town, rows):
    direction = factories.direction(town.region)
    for number in range(rows):
        strategy = factories.strategy(town, kind="plan", title=f"План {number}")
        goal = factories.goal(strategy)
        Goal.objects.create(strategy=strategy, parent=goal, text="ниже")
        priority = factories.priority(strategy, goal=goal)
        factories.link(priority, reported(factories.measure(town, direction=direction)).measure)

    assert queries("/towns/syzran/strategy/") == 6


def test_strategy_page_sets_no_cookie(client, town):
    assert dict(client.get("/towns/syzran/strategy/").cookies) == {}
