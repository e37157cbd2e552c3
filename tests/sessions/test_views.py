import datetime
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from municipalities.models import Municipality
from sessions.models import Session
from tests import factories
from tests.pages import text, texts

PLANNED = Session.Status.PLANNED


def at(*date):
    return datetime.datetime(*date, 8, tzinfo=datetime.UTC)


def ahead(days):
    return timezone.now() + datetime.timedelta(days=days)


def titles(response):
    return texts(response, "p", css="rows__title")


def queries_of(client, page):
    with CaptureQueriesContext(connection) as queries:
        response = client.get(page)
    assert response.status_code == 200
    return len(queries)


def test_session_list_puts_the_nearest_first_then_the_past_and_the_undated_last(client, town):
    factories.session(town, title="Без даты", starts_at=None, date_note="Начало апреля, год не указан")
    factories.session(town, title="Лето", starts_at=at(2018, 6, 22))
    factories.session(town, title="Зима", starts_at=at(2019, 1, 15))
    factories.session(town, title="Дальше", starts_at=ahead(20), status=Session.Status.ANNOUNCED)
    factories.session(town, title="Скоро", starts_at=ahead(5), status=Session.Status.ANNOUNCED)

    response = client.get("/sessions/")

    assert titles(response) == ["Скоро", "Дальше", "Зима", "Лето", "Без даты"]
    assert texts(response, "h2")[:5] == ["Найдено 5 сессий", "Ближайшие", "2019", "2018", "Дата не найдена"]
    assert texts(response, "h3") == ["Январь", "Июнь"]
    assert texts(response, "span", css="rows__date")[-2:] == ["Начало апреля, год не указан", "предложений не найдено"]


def test_session_list_row_tells_what_is_known(client, town, region):
    minutes = factories.document(town, kind="minutes", title="Протокол")
    with_minutes = factories.session(town, title="С протоколом", minutes=minutes, place="Дом культуры")
    factories.proposal(town, session=with_minutes)
    factories.proposal(town, session=with_minutes, public_text="")
    factories.proposal(town, session=with_minutes, status="hidden")
    factories.session(region, title="Областная", place="Самара", starts_at=at(2018, 6, 1))

    response = client.get("/sessions/")

    assert texts(response, "p", css="rows__meta") == [
        "Прошла Протокол есть 1 предложение",
        "Прошла Протокол не найден предложений не найдено",
    ]
    assert texts(response, "p", css="rows__text") == [
        "Стратегическая сессия, Сызрань",
        "Стратегическая сессия, Самара",
    ]


def test_session_list_says_that_nothing_is_announced(client, town):
    factories.session(town)

    assert text(client.get("/sessions/"), "section", css="sec--list").endswith("Объявленных сессий нет.")
    of_town = text(client.get("/sessions/", {"town": "syzran"}), "section", css="sec--list")
    assert of_town.endswith("По этому отбору объявленных сессий нет.")


def test_session_list_without_sessions_says_so(client, db):
    assert text(client.get("/sessions/"), "div", css="empty") == (
        "Сессий пока нет. Когда город или область назначит дату, она появится здесь."
    )


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"q": "набережная"}, ["Слушания о набережной"]),
        ({"level": "regional"}, ["Форум"]),
        ({"kind": "hearing"}, ["Слушания о набережной"]),
        ({"town": "chapaevsk"}, ["Встреча"]),
        ({"year": "2018"}, ["Форум", "Слушания о набережной"]),
        ({"status": "cancelled"}, ["Встреча"]),
        ({"region": "samara-oblast"}, ["Встреча", "Форум", "Слушания о набережной"]),
        ({"region": "saratov-oblast"}, []),
    ],
)
def test_session_filters_choose(client, town, other_town, region, other_region, query, expected):
    factories.session(town, title="Слушания о набережной", kind="hearing", starts_at=at(2018, 3, 27))
    factories.session(region, title="Форум", kind="forum", starts_at=at(2018, 9, 4))
    factories.session(other_town, title="Встреча", status="cancelled", starts_at=at(2020, 5, 1))

    assert titles(client.get("/sessions/", query)) == expected


@pytest.mark.parametrize(
    "query", [{"level": "x"}, {"kind": "x"}, {"town": "нет"}, {"year": "x"}, {"status": "planned"}]
)
def test_session_filter_refuses_nonsense_with_a_message(client, town, query):
    factories.session(town)

    response = client.get("/sessions/", query)

    assert response.status_code == 200
    assert titles(response) == []
    assert text(response, "div", css="empty") == (
        "Отбор не сработал: исправьте отмеченное поле. Проверьте слова или снимите часть условий. Показать все сессии"
    )


@pytest.mark.parametrize("page", ["0", "-1", "9", "abc"])
def test_session_list_has_no_such_page(client, town, page):
    factories.session(town)

    assert client.get("/sessions/", {"page": page}).status_code == 404


def test_session_list_is_paged(client, town):
    for day in range(16):
        factories.session(town, title=f"С{day:02}", starts_at=at(2018, 1, 1) + datetime.timedelta(days=day))

    first, second = client.get("/sessions/"), client.get("/sessions/?page=2")

    assert (len(titles(first)), titles(second)) == (15, ["С00"])
    assert [one for one in texts(second, "h2") if one == "Ближайшие"] == []


@pytest.mark.parametrize("rows", [1, 3])
def test_session_list_costs_the_same_queries(client, town, region, rows):
    for _ in range(rows):
        session = factories.session(town, minutes=factories.document(town), host=None)
        factories.proposal(town, session=session)
        factories.session(region, host=town)

    assert queries_of(client, "/sessions/") == 6


def test_planned_session_is_seen_by_officials_of_its_town_and_region_only(
    client, town, outsider, other_approver, editor, region_editor
):
    session = factories.session(town, status=PLANNED, starts_at=ahead(9), slug="later", title="Готовится")
    page = session.get_absolute_url()

    def seen_by(user):
        client.logout()
        if user:
            client.force_login(user)
        return client.get(page).status_code, titles(client.get("/sessions/"))

    assert seen_by(None) == (404, [])
    assert seen_by(outsider) == (404, [])
    assert seen_by(other_approver) == (404, [])
    assert seen_by(editor) == (200, ["Готовится"])
    assert seen_by(region_editor) == (200, ["Готовится"])


def test_session_page_of_an_unknown_slug_is_404(client, db):
    assert client.get("/sessions/nowhere/").status_code == 404


def test_session_page_tells_who_when_where(client, region, town, other_town):
    session = factories.session(
        region, title="Малые города", summary="Говорили о городах.", host=town,
        starts_at=at(2018, 8, 14), has_time=False, number_in_series=5,
        place="Новокуйбышевск", participants="главы городов", agenda="Итоги\n\nДискуссия",
    )  # fmt: skip
    session.towns.set([town, other_town])

    response = client.get(session.get_absolute_url())

    assert text(response, "p", css="kicker") == "Стратегическая сессия областного уровня, № 5 в серии"
    assert text(response, "h1") == "Малые города"
    assert text(response, "p", css="lead") == "Говорили о городах. Что решили, неизвестно: протокол не найден."
    assert texts(response, "ul", css="head__meta") == [
        "14 августа 2018 года, вторник Сызрань Прошла Протокол не найден"
    ]
    assert texts(response, "ol", css="prio") == ["Итоги Дискуссия"]
    assert texts(response, "dd") == [
        "Сызрань, Чапаевск",
        "Главы городов",
        "Не указано",
        "Новокуйбышевск",
        "Не найдено",
    ]


def test_session_page_without_anything_is_honest(client, town):
    session = factories.session(town, starts_at=None, date_note="Начало 2018 года")

    response = client.get(session.get_absolute_url())

    assert texts(response, "ul", css="head__meta") == [
        "дата не найдена Начало 2018 года Сызрань Прошла Протокол не найден"
    ]
    assert texts(response, "div", css="empty") == [
        "Что сказали на сессии, не найдено. В открытых источниках её предложений нет. Когда найдётся протокол, каждое "
        "получит номер и ответ.",
        "Протокол и резолюция не найдены. В открытых источниках их нет. Если протокол есть у вас, передайте его в "
        "администрацию города: после проверки он появится здесь.",
        "Источник не указан. Запись внёс сотрудник без ссылки на источник. Ссылку добавят, когда найдут.",
    ]


def test_session_page_shows_words_with_their_fate_and_chain(client, town):
    session = factories.session(town)
    approved = factories.strategy(town, status="approved")
    chosen = factories.priority(approved, title="Набережная")
    factories.agreed_link(chosen, factories.measure(town, title="Свет", sources="https://example.org/"))
    factories.proposal(
        town, session=session, number="П-1", public_text="Осветить набережную", priority=chosen, speaker="жители",
        status="accepted", answer="Взяли в план.", answered_at=at(2018, 7, 1),
    )  # fmt: skip
    draft = factories.priority(approved, title="Тайный приоритет", status="draft")
    factories.proposal(town, session=session, number="П-2", public_text="Починить мост", priority=draft)
    factories.proposal(town, session=session, number="П-3", public_text="Скрытое", status="hidden")

    response = client.get(session.get_absolute_url())

    assert texts(response, "p", css="bar-key") == ["Учтено 1 Ответа не записано 1"]
    assert texts(response, "h3", css="rows__title") == ["Осветить набережную", "Починить мост"]
    assert texts(response, "span", css="glyph") == [
        "Цепочка. сказано: есть, выбрано: есть, обещано: есть, сделано: нет.",
        "Цепочка. сказано: есть, выбрано: нет, обещано: нет, сделано: нет.",
    ]
    rows = [re.sub(r"ответа \d+ д\w+", "ответа N дней", row) for row in texts(response, "div", css="rows__state")]
    assert rows == [
        "П-1, предложение. Жители, 22 июня 2018 года. Ответ 1 июля 2018 года: Взяли в план. Приоритет: Набережная "
        "Учтено",
        "П-2, предложение. Кто сказал, не указано, 22 июня 2018 года. Ответа не записано",
    ]


@pytest.mark.invariant(15)
def test_session_page_never_shows_the_author_or_the_original_words(client, town, admin_user):
    session = factories.session(town)
    factories.proposal(
        town, session=session, text="ДОСЛОВНО-МЕТКА", public_text="Нужен парк", author_name="ИМЯ-МЕТКА",
        author_email="metka@example.org", consent_version="1",
    )  # fmt: skip
    factories.proposal(town, session=session, text="ДОСЛОВНО-МЕТКА", public_text="")

    def shown_to(user):
        if user:
            client.force_login(user)
        pages = [client.get(session.get_absolute_url()), client.get("/sessions/"), client.get(town.get_absolute_url())]
        content = "".join(page.content.decode() for page in pages)
        return [mark for mark in ("ДОСЛОВНО-МЕТКА", "ИМЯ-МЕТКА", "metka@example.org") if mark in content]

    assert shown_to(None) == []
    assert shown_to(admin_user) == []


def test_session_page_shows_the_first_fifty_words(client, town):
    session = factories.session(town)
    for _ in range(51):
        factories.proposal(town, session=session)

    response = client.get(session.get_absolute_url())

    assert len(texts(response, "h3", css="rows__title")) == 50
    assert texts(response, "p", css="bar-key") == ["Ответа нет 51"]
    assert texts(response, "p", css="muted") == ["Показаны первые 50 записей из 51.", "Все предложения сессии"]


def _session_with(town, region, rows):
    session = factories.session(region, host=town, number_in_series=1, minutes=factories.document(region))
    for number in range(rows):
        chosen = factories.priority(factories.strategy(town))
        measure = factories.measure(town)
        factories.link(chosen, measure)
        factories.proposal(town, session=session, priority=chosen, measure=measure)
        session.sections.create(title=f"Секция {number}")
        session.practices.create(region_name="Крым", municipality=town)
        session.documents.add(factories.document(region))
        session.priorities.add(chosen)
        session.towns.add(factories.make(Municipality, region=region, name=f"Г{number}", slug=f"g{number}"))
        session.date_changes.create(new_starts_at=at(2018, 7, 1), reason="Ремонт зала")
        factories.session(region, number_in_series=number + 2)
    return session


@pytest.mark.parametrize("rows", [1, 3])
def test_session_page_costs_the_same_queries(client, town, region, rows):
    session = _session_with(town, region, rows)

    assert queries_of(client, session.get_absolute_url()) == 17


def test_session_page_keeps_the_old_date_and_the_reason(client, town, head):
    session = factories.session(town, status="announced", starts_at=ahead(5))
    was = timezone.localtime(session.starts_at).date()
    session.move_date(ahead(9), None, by=head, reason="Ремонт зала")

    response = client.get(session.get_absolute_url())

    assert len(texts(response, "s")) == 1
    assert texts(response, "td")[2] == "Ремонт зала"
    assert texts(response, "s")[0].split()[0] == str(was.day)


def test_cancelled_session_says_why(client, town, head):
    session = factories.session(town, status="announced", starts_at=ahead(5))
    session.move_to("cancelled", by=head, reason="Нет света в зале")

    response = client.get(session.get_absolute_url())

    assert text(response, "p", css="lead") == "Сессия отменена."
    assert texts(response, "div", css="note") == ["Сессия не состоится. Причина: Нет света в зале"]


def test_announced_session_takes_words(client, town):
    until = timezone.localdate() + datetime.timedelta(days=3)
    session = factories.session(town, status="announced", starts_at=ahead(5), proposals_until=until)

    response = client.get(session.get_absolute_url())

    assert text(response, "p", css="lead") == "Сессия ещё впереди."
    assert texts(response, "div", css="note")[0].startswith("Предложения принимают. Последний день — ")
    assert texts(response, "div", css="empty")[1] == ("Итогов пока нет. Их публикуют вместе с протоколом после сессии.")


def test_results_are_shown_with_the_minutes_and_only_when_published(client, town, head):
    minutes = factories.document(town, kind="minutes", title="Протокол встречи")
    session = factories.session(town, minutes=minutes, outcome="Решили строить.")
    page = session.get_absolute_url()

    before = texts(client.get(page), "section", id="results")
    session.move_to("outcome", by=head)
    client.force_login(head)
    after = texts(client.get(page), "section", id="results")

    paper = "HTML Протокол встречи Протокол № 432 от 21 февраля 2019 года"
    assert before == [
        f"Итоги {paper} Итоги словами пока не опубликованы. Протокол уже есть, краткие итоги внесёт тот, кто проводил "
        "сессию."
    ]
    assert after == [f"Итоги Решили строить. {paper}"]


def test_draft_minutes_and_materials_stay_inside(client, town):
    draft = factories.document(town, kind="minutes", title="Черновик протокола", status="draft")
    session = factories.session(town, minutes=draft)
    session.documents.add(draft)

    response = client.get(session.get_absolute_url())

    assert texts(response, "ul", css="docs") == []
    assert texts(response, "ul", css="head__meta") == [
        "22 июня 2018 года, пятница, 08:00 Сызрань Прошла Протокол не найден"
    ]


def test_guest_practices_name_their_region_and_say_what_is_not_known(client, town, region):
    session = factories.session(region)
    session.practices.create(region_name="Республика Крым", relation="invited", note="Город не назван")
    session.practices.create(region_name="Волгоградская область", town_name="Урюпинск", title="Столица провинции")

    response = client.get(session.get_absolute_url())

    assert texts(response, "section", id="practices") == [
        "Практики городов-гостей Что показывали и что можно перенять "
        "Практика не названа Республика Крым, город не назван. Регион приглашён, практика не названа. Город не назван "
        "Столица провинции Урюпинск, Волгоградская область. Показана на сессии."
    ]


def test_series_is_in_order_and_closed_by_the_forum_of_its_year(client, region, town):
    session = factories.session(region, title="Вторая", number_in_series=2, starts_at=at(2018, 8, 14))
    factories.session(region, title="Третья", number_in_series=3, starts_at=None, date_note="до 28 августа")
    factories.session(region, title="Первая", number_in_series=1, starts_at=at(2018, 7, 18))
    forum = factories.session(region, title="Форум", kind="forum", starts_at=at(2018, 9, 4))
    factories.session(region, title="Форум 2020", kind="forum", starts_at=at(2020, 9, 4))
    factories.session(region, title="Другая серия", number_in_series=1, starts_at=at(2021, 9, 4))
    factories.session(region, title="Тайная", number_in_series=4, status=PLANNED)
    expected = ["18 июля 2018 Первая 14 августа 2018 Вторая до 28 августа Третья 4 сентября 2018 Форум"]

    assert texts(client.get(session.get_absolute_url()), "ol", css="rows--dated") == expected
    assert texts(client.get(forum.get_absolute_url()), "ol", css="rows--dated") == expected
    assert text(client.get(session.get_absolute_url()), "p", css="kicker").endswith("№ 2 из 3 в серии")


def test_session_outside_a_series_has_no_place_in_it(client, town):
    assert texts(client.get(factories.session(town).get_absolute_url()), "section", id="series") == []
