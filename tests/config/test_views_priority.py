import datetime
import re

import pytest
from django.utils import timezone

from config.templatetags.site import day
from strategies.models import Funding, Indicator, IndicatorValue
from tests import factories
from tests.pages import text, texts
from tests.strategies.published import PAPER, PHOTO, reported


def page(client, priority):
    return client.get(f"/priorities/{priority.pk}/")


def spine(response):
    """The four steps as a reader hears them."""
    heads, bodies = texts(response, "div", css="spine__head"), texts(response, "div", css="spine__body")
    steps = [f"{head} {body}" for head, body in zip(heads, bodies, strict=True)]
    assert text(response, "ol", css="spine") == " ".join(steps)
    return steps


def states(response):
    return [str(state) for _name, _word, state in response.context["chain"].links]


@pytest.fixture
def priority(town):
    return factories.priority(
        factories.strategy(town, title="Проект стратегии", status_note="тема сессии"), title="Набережная"
    )


@pytest.fixture
def approved(town):
    return factories.priority(factories.strategy(town, title="Стратегия", status="approved"), title="Набережная")


def promise(priority, *, kind="action", planned=None, agreed=False, **fields):
    """A public measure that answers a priority; agreed: with the word of both sides."""
    town = priority.strategy.municipality
    programme = factories.programme(town.region, title=f"Программа {kind}", kind=kind)
    measure = factories.measure(town, direction=factories.direction(town.region, programme=programme), **fields)
    if planned is not None:
        factories.make(Funding, measure=measure, year=2026, source="federal", planned=planned)
    (factories.agreed_link if agreed else factories.link)(priority, measure)
    return measure


def test_priority_page_of_a_bare_draft_says_what_is_missing_at_each_step(client, priority):
    response = page(client, priority)

    assert text(response, "h1") == "Набережная"
    assert text(response, "p", css="lead") == (
        "Кто о нём говорил, не найдено. Стратегия — проект. Мер нет. Что сделано, неизвестно: отчётов нет."
    )
    assert spine(response) == [
        "Сказано Записей нет Записей о том, кто просил об этом, не найдено. Слова с сессий и предложения жителей "
        "появятся здесь, когда их внесут с датой и протоколом.",
        "Выбрано Проект Когда Дата решения не найдена. Стратегия на 2018–2030 годы Кто Город Сызрань "
        "Документ Номер и дата решения не найдены Стратегия Проект стратегии Цель Цель не указана "
        "Чего не хватает Тема сессии. Приоритет есть в проекте, а документа об утверждении нет.",
        "Обещано Мер нет Мера пока не назначена. Когда область или конкурс пообещают что-то по этому "
        "приоритету, здесь появятся срок, деньги и ответственный. Кто закроет пробел Не решено. Охват города",
        "Сделано Отчётов нет Отчётов нет. Отчитываться не о чем: мер нет. Звено заполнится, когда появится мера и "
        "первый отчёт по ней.",
    ]
    assert states(response) == ["no", "part", "gap", "no"]


def test_priority_page_counts_days_of_a_gap_from_the_act(client, approved):
    response = page(client, approved)

    days = (timezone.localdate() - datetime.date(2019, 2, 21)).days
    assert response.context["gap"] == {"since": datetime.date(2019, 2, 21), "days": days}
    assert spine(response)[2].endswith(
        "Считаем с 21 февраля 2019 года. Когда область или конкурс пообещают что-то по этому приоритету, здесь "
        "появятся срок, деньги и ответственный. Кто закроет пробел Не решено. Охват города"
    )


def test_priority_page_counts_days_of_a_gap_from_publication_where_no_act_is_known(client, town):
    published = timezone.now() - datetime.timedelta(days=5)
    priority = factories.priority(factories.strategy(town), published_at=published)

    assert page(client, priority).context["gap"]["days"] == 5


def test_priority_page_names_the_act_and_the_goal(client, approved):
    approved.goal = factories.goal(approved.strategy, text="Город у воды")
    approved.save()

    assert spine(page(client, approved))[1] == (
        "Выбрано Утверждена Когда 21 февраля 2019 года. Стратегия на 2018–2030 годы Кто Дума городского округа "
        "Документ Решение Думы об утверждении стратегии от 21.02.2019 № 432 Стратегия Стратегия Цель Город у воды"
    )


def test_priority_page_gives_sessions_and_words(client, priority, town):
    minutes = factories.document(town, kind="minutes", title="Протокол сессии", number="1")
    session = factories.session(town, title="Сессия Сызрани", venue="Дом молодёжи", minutes=minutes)
    session.priorities.add(priority)
    factories.proposal(town, number="П-11", public_text="Набережная у кремля", priority=priority, speaker="жители")
    factories.proposal(town, public_text="", priority=priority)
    factories.proposal(town, public_text="Скрытое", status="hidden", priority=priority)

    response = page(client, priority)

    assert re.sub(r"\d+ д[а-я]+\.", "N дней.", spine(response)[0]) == (
        "Сказано Есть записи Сессия Сызрани Когда 22 июня 2018 года "
        "Где и кто Стратегическая сессия, муниципальная, прошла. Дом молодёжи "
        "Документ Протокол сессии от 21.02.2019 № 1 П-11, 22 июня 2018 года Ответа не записано "
        "жители Набережная у кремля"
    )
    assert text(response, "p", css="lead").startswith("О нём 1 предложение. Стратегия — проект.")


def test_priority_page_does_not_take_a_cancelled_session_for_words(client, priority, town):
    factories.session(town, status="cancelled").priorities.add(priority)

    assert states(page(client, priority))[0] == "no"


def test_priority_page_keeps_a_planned_session_inside(client, priority, town):
    factories.session(town, title="Тайная", status="planned").priorities.add(priority)

    assert spine(page(client, priority))[0].startswith("Сказано Записей нет Записей о том")


def test_priority_page_never_adds_up_promises_of_the_region_and_of_others(client, approved):
    promise(
        approved, title="Мост", planned=1000, responsible="Министерство", sources="https://example.org/a", start=None
    )
    promise(approved, kind="federal", title="Сквер", planned=2500, responsible="", due=None, start=None)

    response = page(client, approved)

    assert text(response, "p", css="lead") == (
        "Кто о нём говорил, не найдено. Стратегия утверждена. По программе области обещано 1,0 млн рублей. "
        "Другая поддержка — 2,5 млн рублей. Что сделано, неизвестно: отчётов нет."
    )
    assert spine(response)[2] == (
        "Обещано Есть записи 2 меры По программе области: 1,0 млн рублей. "
        "Другая поддержка (федеральный конкурс): 2,5 млн рублей. "
        "Запланировано 31 декабря 2027, обещано в 2026 году Мост 1,0 млн рублей. "
        "Программа action (программа действий). "
        "Отвечает: Министерство. Стороны не подтвердили Источник: example.org "
        "Запланировано срок не найден, обещано в 2026 году Сквер 2,5 млн рублей. "
        "Программа federal (федеральный конкурс). "
        "Кто отвечает, не найдено. Стороны не подтвердили "
        "Чего не хватает Обеими сторонами не подтверждено: мера считается обещанной, когда своё слово дали и область, "
        "и город. Чего не хватает Без точного срока 1 мера. Ответственный не найден у 1 меры. "
        "Кто закроет пробел Не решено. Охват города"
    )


def test_priority_page_counts_done_by_the_latest_counting_reports(client, approved):
    measure = promise(approved, title="Мост", status="in_progress", sources="https://example.org/a", agreed=True)
    measure.percent = 40
    measure.save()
    first = factories.report(measure, status="published", text="Первый", percent=20)
    factories.report(measure, status="published", text="Исправлен", percent=40, corrects=first)
    factories.report(measure, status="submitted", text="Тайный", period="q2")

    response = page(client, approved)

    by = "Сдал: имя и должность не указаны. Опубликовал: имя и должность не указаны."
    assert spine(response)[3] == (
        "Сделано Есть записи о 1 мере есть отчёт I квартал 2026 года Мост "
        f"Исправление: в прежнем отчёте стояло 20 % Выполняется 40 % Исправлен {by} "
        f"Показать прежний отчёт Выполняется 20 % Первый {by}"
    )
    assert text(response, "p", css="lead").endswith("Готово 40 %.")
    assert states(response) == ["no", "yes", "yes", "run"]


def test_priority_page_says_what_is_late_and_why(client, approved):
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    late = promise(approved, title="Мост", start=None, due=yesterday, sources="https://example.org/a")
    promise(approved, title="Сквер", start=None, due=yesterday)
    factories.report(
        late, status="published", reported_status="postponed", deviation_reason="Нет подрядчика",
        postponed_to=yesterday, percent=None,
    )  # fmt: skip

    response = page(client, approved)

    assert spine(response)[3].endswith(
        "Что опаздывает и почему Мост: Просрочено на 1 день Нет подрядчика "
        "Сквер: Просрочено на 1 день причина не названа"
    )
    assert states(response)[3] == "late"


def test_priority_page_leaves_hidden_and_cancelled_measures_uncounted(client, approved):
    promise(approved, status="draft", title="Тайная")
    promise(approved, status="cancelled", planned=1000)

    response = page(client, approved)

    assert ("Тайная" in text(response, "main"), states(response)[2]) == (False, "gap")


def test_priority_page_shows_indicators(client, priority):
    indicator = factories.make(Indicator, priority=priority, name="Набережные", unit="км", base_year=2018, base_value=1)
    factories.make(IndicatorValue, indicator=indicator, year=2026, target=5, actual=4, deviation_reason="Дожди")

    response = page(client, priority)

    assert text(response, "tbody") == "2026 5 4 −20 % Хуже плана Дожди"


def test_priority_page_tells_its_history_by_post_and_name_without_the_login(client, town, approver):
    approver.post, approver.first_name, approver.last_name = "министр", "Пётр", "Петров"
    approver.save()
    priority = factories.priority(factories.strategy(town), status="draft")
    priority.move_to("published", by=approver, reason="Дума обсудила")

    response = page(client, priority)

    today = day(timezone.now()).replace("\u00a0", " ").removesuffix(" года")
    assert text(response, "section", id="history") == (
        f"История состояния {today} Черновик → опубликован Кто: министр Пётр Петров. Причина: Дума обсудила"
    )
    assert "approver" not in text(response, "main")


@pytest.mark.parametrize(
    ("actor", "code"), [(None, 404), ("outsider", 404), ("other_approver", 404), ("region_editor", 200)]
)
@pytest.mark.parametrize("hidden", ["priority", "strategy"])
def test_priority_page_keeps_drafts_inside_the_region(client, town, request, actor, code, hidden):
    strategy = factories.strategy(town, status="draft" if hidden == "strategy" else "discussion")
    priority = factories.priority(strategy, status="draft" if hidden == "priority" else "published")
    if actor:
        client.force_login(request.getfixturevalue(actor))

    assert page(client, priority).status_code == code


@pytest.mark.parametrize("rows", [1, 3])
def test_priority_page_costs_the_same_with_any_number_of_rows(queries, town, priority, rows):
    for number in range(rows):
        factories.session(town).priorities.add(priority)
        factories.proposal(town, priority=priority)
        measure = promise(priority, kind="other", planned=number, agreed=True)
        reported(measure, corrects=reported(measure, shows=[PHOTO]), shows=[PAPER])
        indicator = factories.make(Indicator, priority=priority, name=f"Показатель {number}", unit="км")
        factories.make(IndicatorValue, indicator=indicator, year=2027, target=5)

    assert queries(f"/priorities/{priority.pk}/") == 21


@pytest.mark.parametrize("address", ["/priorities/0/", "/priorities/999999/", "/priorities/abc/"])
def test_priority_page_of_a_bad_number_is_not_found(client, db, address):
    assert client.get(address).status_code == 404


def test_priority_page_sets_no_cookie(client, priority):
    assert dict(page(client, priority).cookies) == {}
