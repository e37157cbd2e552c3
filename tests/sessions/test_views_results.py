import datetime
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from sessions.models import Decision, PriorityVote, Proposal, Session
from tests import factories
from tests.pages import text, texts

S = Proposal.Status


def day(days):
    return timezone.localdate() + datetime.timedelta(days=days)


def answered(status, answer="Потому что берег топит.", **fields):
    return {"status": status, "answer": answer, "answered_at": timezone.now()} | fields


def waiting(term):
    return {"channel": "site", "received_at": timezone.now(), "answer_due": day(term)}


def queries_of(client, page):
    with CaptureQueriesContext(connection) as queries:
        response = client.get(page)
    assert response.status_code == 200
    return len(queries)


def results_of(session):
    return f"/sessions/{session.slug}/results/"


def facts(response):
    """The counts of the page as {name: text}."""
    section = response.content.decode().split('id="outcomes"')[1].split("</dl>")[0]
    pairs = re.findall(r"<dt>(.*?)</dt>\s*<dd>(.*?)</dd>", section, re.S)
    return {name: " ".join(words.split()) for name, words in pairs}


def outcome(town, **fields):
    """A session whose outcome is published with its minutes."""
    minutes = factories.document(town, kind="minutes", title="Протокол")
    fields |= {"minutes": minutes, "status": Session.Status.OUTCOME, "outcome": "Решили"}
    # Open to residents for a while after it was held.
    return factories.session(town, proposals_until=day(30), **fields)


@pytest.fixture
def session(town):
    """A session with a proposal of every outcome."""
    session = outcome(town, title="О набережной")
    strategy = factories.strategy(town, status="approved")
    idle, started, finished = (factories.priority(strategy) for _one in range(3))
    factories.link(started, factories.measure(town, status="in_progress"))
    factories.link(started, factories.measure(town, status="done", percent=100))
    factories.link(finished, factories.measure(town, status="done", percent=100))
    factories.link(finished, factories.measure(town, status="cancelled", cancel_act=factories.document(town)))
    draft = factories.priority(strategy, status="draft")

    def said(text, **fields):
        return factories.proposal(town, session=session, public_text=text, **fields)

    main = said("Берег", priority=idle, **answered(S.ACCEPTED))
    said("Свет", priority=started, **answered(S.PARTLY))
    said("Мост", priority=finished, **answered(S.ACCEPTED))
    said("Сразу мера", measure=factories.measure(town, status="done", percent=100), **answered(S.ACCEPTED))
    said("В черновике", priority=draft, **answered(S.ACCEPTED))
    said("Тоже берег", status=S.MERGED, merged_into=main)
    said("Фонтан", priority=finished, **answered(S.DECLINED, "Нет воды."))
    said("Автобус", **answered(S.REDIRECTED, "Это дело области.", redirected_to="Министерство транспорта"))
    said("Только хочу", priority=finished, **waiting(5))
    said("Опоздали", **waiting(-5))
    said("Из газеты", priority=finished)
    factories.proposal(town, session=session, status=S.HIDDEN, public_text="Скрытое")
    factories.proposal(town, session=session, public_text="")
    factories.proposal(town, public_text="Чужое", **answered(S.ACCEPTED))
    return session


def test_results_count_every_outcome_once(client, session):
    response = client.get(results_of(session))

    assert text(response, "p", css="bar-key") == (
        "Учтено 4 Учтено частично 1 Отклонено 1 Передано 1 Объединено 1 Ждёт ответа, срок не вышел 1 "
        "Ответ опаздывает 1 Ответа не записано 1"
    )
    assert facts(response) == {
        "Вошли в приоритеты": "4 из 11",
        "Стали мерами": "4 из 11",
        "Сделаны": "3 из 11",
        "Ждут ответа": "2 из 11. У 1 срок ответа прошёл.",
    }
    assert "На сессии записано 11 предложен" in text(response, "p", css="lead")
    assert "Скрытое" not in response.content.decode()


def test_results_list_reasons_and_what_is_late(client, session):
    response = client.get(results_of(session))

    declined, redirected = text(response, "section", id="declined"), text(response, "section", id="redirected")
    assert re.sub(r"П-\d+", "П", declined) == "Отклонено и почему Фонтан П. Причина: Нет воды."
    assert re.sub(r"П-\d+", "П", redirected) == (
        "Передано другим Автобус П. Кому: Министерство транспорта. Это дело области."
    )
    late = text(response, "section", id="late")
    assert "Опоздали" in late
    assert "Только хочу" not in late


def test_results_print_a_code_of_their_own_address(client, session):
    response = client.get(results_of(session))

    assert f"http://testserver{results_of(session)}" in text(response, "section", id="code")
    assert 'class="qr"' in response.content.decode()
    assert "style=" not in response.content.decode()


def test_results_show_votes_for_public_priorities_the_most_first(client, town, session):
    strategy = factories.strategy(town)
    few, many = factories.priority(strategy, title="Мало"), factories.priority(strategy, title="Много")
    draft = factories.priority(strategy, title="Тайный", status="draft")
    for priority, method, count in ((few, "hands", 3), (many, "stickers", 40), (draft, "hands", 99)):
        factories.make(PriorityVote, session=session, priority=priority, method=method, count=count)

    assert text(client.get(results_of(session)), "section", id="votes").endswith(
        "Много 40 Наклейки Мало 3 Поднятые руки"
    )
    assert "Много 40 Наклейки" in text(client.get(session.get_absolute_url()), "section", id="votes")


def test_results_show_decisions_with_their_state(client, town, session):
    measure, draft = factories.measure(town, title="Укрепить берег"), factories.measure(town, status="draft")
    for number, fields in enumerate(
        (
            {"text": "Сделать", "done_on": day(-3), "done_note": "Сделали."},
            {"text": "Опоздать", "due": day(-4), "responsible": "Глава"},
            {"text": "Успеть", "due": day(4), "measure": measure},
            {"text": "Тайно", "measure": draft},
        ),
        start=1,
    ):
        factories.make(Decision, session=session, number=number, **fields)

    for page in (results_of(session), session.get_absolute_url()):
        response = client.get(page)
        rows = texts(response, "section", id="decisions")[0]
        assert "1. Сделать Кто отвечает, не указано. Сделали." in rows
        assert "Просрочено на 4 д" in rows
        assert "Исполняют" in rows
        assert "Стало мерой: Укрепить берег" in rows
        assert rows.count("Стало мерой") == 1


@pytest.mark.invariant(46)
def test_results_keep_decisions_back_until_the_outcome_is_published(client, town):
    session = factories.session(town)
    factories.make(Decision, session=session, number=1, text="Пока тайна")

    response = client.get(results_of(session))

    assert text(response, "section", id="decisions") == (
        "Решения сессии Решений пока нет. Решения сессии видны всем, когда опубликуют её итоги с протоколом."
    )
    assert "Пока тайна" not in client.get(session.get_absolute_url()).content.decode()


def test_regional_session_shows_what_became_of_the_words_of_sessions_it_gathered(client, region, town, session):
    regional = factories.session(region, title="Областная")
    session.gathered_in = regional
    session.save()
    factories.session(town, title="Тихая", gathered_in=regional)
    soon = timezone.now() + datetime.timedelta(days=9)
    factories.session(town, title="Тайная", gathered_in=regional, status="planned", starts_at=soon)

    for page in (regional.get_absolute_url(), results_of(regional)):
        rows = text(client.get(page), "section", id="gathered")
        assert "О набережной Сызрань, 22 июня 2018 11 4 4 3 1 2 у 1 срок прошёл" in rows
        assert "Тихая Сызрань, 22 июня 2018 предложений не найдено" in rows
        assert "Тайная" not in rows


def test_results_of_all_sessions_add_up(client, town, other_region, session):
    factories.session(town, title="Тихая")

    response = client.get("/sessions/results/")

    assert facts(response)["Вошли в приоритеты"] == "4 из 12"
    assert texts(response, "h3") == ["Самарская область"]
    rows = text(response, "section", id="sessions")
    assert "О набережной" in rows
    assert "Тихая" not in rows
    assert "Ещё у 1 сессии предложений не найдено." in rows


def test_results_without_words_say_so(client, town):
    session = factories.session(town)

    assert "Считать пока нечего." in text(client.get(results_of(session)), "section", id="outcomes")
    assert "Считать пока нечего." in text(client.get("/sessions/results/"), "section", id="outcomes")
    assert "Ни на одной сессии предложений не найдено." in text(
        client.get("/sessions/results/"), "section", id="sessions"
    )


def test_results_of_a_draft_are_seen_inside_only(client, town, head, outsider):
    soon = timezone.now() + datetime.timedelta(days=9)
    draft = factories.session(town, status="planned", starts_at=soon)

    seen = []
    for person in (None, outsider, head):
        if person:
            client.force_login(person)
        seen.append(client.get(results_of(draft)).status_code)

    assert seen == [404, 404, 200]


@pytest.mark.parametrize("rows", [1, 3])
def test_results_cost_the_same_queries(client, town, region, rows):
    regional = factories.session(region, proposals_until=day(30))
    strategy = factories.strategy(town)
    for number in range(rows):
        session = outcome(town, gathered_in=regional)
        priority = factories.priority(strategy)
        factories.link(priority, factories.measure(town))
        main = factories.proposal(town, session=regional, priority=priority, **answered(S.ACCEPTED))
        factories.proposal(town, session=session, status=S.MERGED, merged_into=main)
        for fields in (answered(S.DECLINED), answered(S.REDIRECTED, redirected_to="Туда"), waiting(-3)):
            factories.proposal(town, session=regional, **fields)
        factories.make(PriorityVote, session=regional, priority=priority, count=3)
        factories.make(Decision, session=session, number=number + 1, text="Сделать", measure=factories.measure(town))

    assert (queries_of(client, results_of(regional)), queries_of(client, "/sessions/results/")) == (15, 5)


def test_a_thesis_is_no_proposal(client, town):
    """The lead called every thesis a proposal; a page of the region's session counted three of them among four."""
    session = outcome(town)
    factories.proposal(town, session=session, public_text="Свет")
    for kind in ("thesis", "instruction"):
        factories.proposal(town, session=session, public_text="Города важны", kind=kind)

    words = "записано: предложений 1, тезисов и поручений 2."

    assert words in text(client.get(results_of(session)), "p", css="lead")
    assert words.capitalize() in text(client.get("/sessions/results/"), "p", css="lead")
    assert facts(client.get(results_of(session)))["Ждут ответа"].endswith("из 3")
