import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from sessions.models import Proposal
from tests import factories
from tests.pages import text, texts

S = Proposal.Status
SECRET = "МАРФА-ТАЙНАЯ"
PRIVATE = {
    "text": f"Меня зовут {SECRET}", "author_name": SECRET, "author_email": "marfa-taynaya@example.org",
    "consent_version": "1",
}  # fmt: skip


def days_ago(days):
    return timezone.localdate() - datetime.timedelta(days=days)


def since(year, month, day):
    """Days from a day to today."""
    return (timezone.localdate() - datetime.date(year, month, day)).days


def moment(days):
    return timezone.now() - datetime.timedelta(days=days)


def answered(status, **fields):
    return {"status": status, "answer": "Потому что берег топит.", "answered_at": moment(20)} | fields


def waiting(days, *, term=30):
    """Words that came through the site some days ago."""
    return {
        "channel": "site", "received_at": moment(days), "said_on": days_ago(days).isoformat(),
        "answer_due": days_ago(days - term),
    }  # fmt: skip


def queries_of(client, page):
    with CaptureQueriesContext(connection) as queries:
        response = client.get(page)
    assert response.status_code == 200
    return len(queries)


def answer_of(response):
    return text(response, "section", id="answer")


def steps(response):
    return texts(response, "div", css="spine__body")


CASES = {
    S.NEW: (waiting(20), "Город ещё не ответил. Ответ обещан до"),
    S.ON_REVIEW: (waiting(50) | {"status": S.ON_REVIEW}, "ждёт ответа 20 дней сверх срока"),
    S.ACCEPTED: (answered(S.ACCEPTED), "Учтено Потому что берег топит."),
    S.PARTLY: (answered(S.PARTLY), "Учтено частично Потому что берег топит."),
    S.DECLINED: (answered(S.DECLINED), "Отклонено Потому что берег топит."),
    S.REDIRECTED: (
        answered(S.REDIRECTED, redirected_to="Министерство транспорта"),
        "Передано Кому: Министерство транспорта. Потому что берег топит.",
    ),
}


@pytest.mark.invariant(45)
@pytest.mark.parametrize("status", S)
def test_proposal_ends_in_a_stated_outcome_or_a_visible_wait_in_every_state(client, town, status):
    if status == S.MERGED:
        main = factories.proposal(town, number="СЗ-2026-0003", **answered(S.ACCEPTED))
        proposal = factories.proposal(town, status=S.MERGED, merged_into=main, **PRIVATE)
        words = "Учтено Потому что берег топит."
    elif status == S.HIDDEN:
        hidden = factories.proposal(town, status=S.HIDDEN)
        assert client.get(hidden.get_absolute_url()).status_code == 404
        return
    else:
        fields, words = CASES[status]
        proposal = factories.proposal(town, **(PRIVATE | fields))

    page, listed = client.get(proposal.get_absolute_url()), client.get("/proposals/")

    assert words in answer_of(page)
    assert len(texts(listed, "p", css="rows__meta")) == Proposal.objects.public().count()
    for response in (page, listed):
        assert SECRET not in response.content.decode()
        assert "marfa" not in response.content.decode()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        (waiting(20), "Ждёт ответа 20 дней."),
        (waiting(50), "ждёт ответа 20 дней сверх срока."),
        ({"said_on": days_ago(0).isoformat()}, "Ждёт ответа с сегодняшнего дня. Срок ответа не назначали."),
        ({"said_on": "2018"}, f"Ждёт ответа не меньше {since(2018, 12, 31)} дн"),
        ({"said_on": "2018-06"}, f"Ждёт ответа не меньше {since(2018, 6, 30)} дн"),
        ({"said_on": str(timezone.localdate().year)}, "Ждёт ответа. Срок ответа не назначали."),
        ({"said_on": ""}, "Ждёт ответа. Когда это сказали, мы не нашли."),
    ],
)
def test_proposal_says_how_long_it_waits(client, town, fields, words):
    proposal = factories.proposal(town, **fields)

    assert words in answer_of(client.get(proposal.get_absolute_url()))
    assert words in text(client.get("/proposals/"), "p", css="rows__meta")


def test_proposal_of_a_source_counts_its_wait_from_the_day_it_was_said(client, town):
    proposal = factories.proposal(town, said_on=days_ago(100).isoformat())
    session = factories.session(town, starts_at=moment(200))
    undated = factories.proposal(town, said_on="", session=session)

    assert "Ждёт ответа 100 дней. Срок ответа не назначали." in answer_of(client.get(proposal.get_absolute_url()))
    assert "Ждёт ответа 200 дней. Срок ответа не назначали." in answer_of(client.get(undated.get_absolute_url()))


def test_proposal_whose_measure_nobody_reports_on_says_for_how_long(client, town):
    chosen = factories.priority(factories.strategy(town, status="approved"))
    proposal = factories.proposal(town, priority=chosen, **answered(S.ACCEPTED))
    factories.link(chosen, factories.measure(town, start=days_ago(40)))
    factories.link(chosen, factories.measure(town, start=days_ago(60)))
    factories.link(chosen, factories.measure(town, start=days_ago(90), status="done", percent=100))

    assert steps(client.get(proposal.get_absolute_url()))[3].startswith("Отчётов нет, 60 дней.")


def test_proposal_without_an_answer_or_act_waits_for_a_measure_since_its_priority_came_out(client, town):
    chosen = factories.priority(factories.strategy(town), status="published", published_at=moment(15))
    proposal = factories.proposal(town, priority=chosen)

    assert steps(client.get(proposal.get_absolute_url()))[2].startswith("Мера пока не назначена, 15 дней. Считаем с ")


def test_proposal_path_is_drawn_from_the_records(client, town, approver):
    minutes = factories.document(town, kind="minutes", title="Протокол сессии")
    session = factories.session(town, title="Сессия о набережной", minutes=minutes)
    chosen = factories.priority(factories.strategy(town, status="approved", title="Стратегия"), title="Набережная")
    measure = factories.measure(town, title="Укрепить берег", sources="https://example.org/")
    factories.link(chosen, measure)
    proposal = factories.proposal(
        town, session=session, priority=chosen, speaker="жители", public_text="Починить берег", **answered(S.ACCEPTED)
    )
    report = factories.report(measure, status="published", published_at=timezone.now())

    response = client.get(proposal.get_absolute_url())

    said, selected, promised, done = steps(response)
    assert text(response, "h1") == "Починить берег"
    assert texts(response, "h2", css="spine__word") == ["Сказано", "Выбрано", "Обещано", "Сделано"]
    assert said == (
        "Когда 22 июня 2018 года Где Сессия о набережной, 22 июня 2018 года Кто Жители Документ Протокол сессии "
        "от 21.02.2019 № 432"
    )
    assert selected == (
        "Приоритет Набережная Когда 21 февраля 2019 года Кто Дума городского округа Документ "
        "Решение Думы об утверждении стратегии от 21.02.2019 № 432 Стратегия Стратегия"
    )
    assert promised.startswith("Запланировано 31 декабря 2027 обещано в 2026 году Укрепить берег сумма не найдена.")
    assert report.text in done


def test_proposal_step_that_did_not_come_is_said_with_its_days(client, town):
    chosen = factories.priority(factories.strategy(town, status="approved", act_date=days_ago(120)))
    since_act = factories.proposal(town, priority=chosen)
    since_answer = factories.proposal(town, priority=chosen, **answered(S.ACCEPTED))
    declined = factories.proposal(town, **answered(S.DECLINED))
    fresh = factories.proposal(town, **waiting(3))

    assert [steps(client.get(one.get_absolute_url()))[2].split(". ")[0] for one in (
        since_act, since_answer, declined, fresh,
    )] == [
        "Мера пока не назначена, 120 дней", "Мера пока не назначена, 20 дней",
        "Меры не будет: предложение отклонили", "Мера пока не назначена",
    ]  # fmt: skip


def test_proposal_counts_a_measure_that_is_cancelled_as_none(client, town):
    gone = factories.measure(town, title="Отменённая", status="cancelled", cancel_act=factories.document(town))
    proposal = factories.proposal(town, measure=gone, **answered(S.ACCEPTED))

    promised = steps(client.get(proposal.get_absolute_url()))[2]

    assert promised.startswith("Отменено")
    assert "Мера пока не назначена, 20 дней." in promised


@pytest.mark.invariant(44)
def test_proposal_shows_a_priority_chosen_by_its_author_as_a_wish(client, town):
    chosen = factories.priority(factories.strategy(town, status="approved"), title="Набережная")
    proposal = factories.proposal(town, priority=chosen, **waiting(3))

    selected = steps(client.get(proposal.get_absolute_url()))[1]

    assert selected == "Решения нет: предложение ждёт ответа. Автор отнёс его к приоритету «Набережная»."


def test_proposal_never_shows_a_draft_priority_or_measure(client, town):
    draft = factories.priority(factories.strategy(town), title="Тайный приоритет", status="draft")
    measure = factories.measure(town, title="Тайная мера", status="draft")
    proposal = factories.proposal(town, priority=draft, measure=measure, **answered(S.ACCEPTED))

    page = client.get(proposal.get_absolute_url()).content.decode()

    assert "Тайн" not in page


def test_merged_proposal_shows_the_path_of_the_main_one_and_the_main_one_lists_it(client, town):
    chosen = factories.priority(factories.strategy(town, status="approved"), title="Набережная")
    main = factories.proposal(town, number="СЗ-2026-0003", priority=chosen, **answered(S.ACCEPTED))
    merged = [
        factories.proposal(town, number=f"СЗ-2026-{n:04}", status=S.MERGED, merged_into=main) for n in range(10, 13)
    ]
    factories.proposal(town, number="СЗ-2026-0020", status=S.MERGED, merged_into=main, public_text="")

    response = client.get(merged[0].get_absolute_url())

    assert text(response, "div", css="note").startswith("Объединено Объединено с СЗ-2026-0003. Учтено")
    assert steps(response)[1].startswith("Приоритет Набережная")
    note = text(client.get(main.get_absolute_url()), "div", css="note")
    assert note.startswith("С ним объединили 3 таких же предложен")
    assert note.endswith("Ответ общий для всех: СЗ-2026-0012, СЗ-2026-0011, СЗ-2026-0010.")


def test_merged_proposal_whose_main_one_is_hidden_says_so(client, town):
    main = factories.proposal(town, number="СЗ-2026-0003", status=S.HIDDEN, public_text="Секретные слова")
    merged = factories.proposal(town, status=S.MERGED, merged_into=main)

    response = client.get(merged.get_absolute_url())

    assert answer_of(response).startswith("Ответ города Отказать без причины нельзя Ответ на предложение")
    assert "Объединено с предложением, которое потом скрыли." in text(response, "div", css="note")
    assert "СЗ-2026-0003" not in response.content.decode()


def test_proposal_tells_who_answered_by_post_and_name(client, town, head):
    head.post, head.first_name, head.last_name = "Глава города", "Анна", "Белова"
    head.save()
    proposal = factories.proposal(town, status=S.ON_REVIEW, answer="Берём в план.")
    proposal.move_to(S.ACCEPTED, by=head)

    response = client.get(proposal.get_absolute_url())

    assert "Кто ответил: Глава города Анна Белова." in answer_of(response)
    assert "Кто: Глава города Анна Белова." in text(response, "section", id="history")


def test_proposal_that_is_not_moderated_is_not_found(client, town):
    proposal = factories.proposal(town, public_text="")

    assert client.get(proposal.get_absolute_url()).status_code == 404
    assert client.get("/proposals/СЗ-1900-0001/").status_code == 404


def test_proposal_list_finds_by_an_exact_number(client, town):
    proposal = factories.proposal(town, number="СЗ-2026-0003")
    factories.proposal(town, number="СЗ-2026-0004", status=S.HIDDEN)

    response = client.get("/proposals/", {"number": " сз-2026-0003 "})

    assert (response.status_code, response["Location"]) == (302, proposal.get_absolute_url())
    assert texts(client.get("/proposals/", {"number": "СЗ-2026-0004"}), "h3") == []
    assert len(texts(client.get("/proposals/", {"number": "СЗ-2026"}), "h3")) == 1


def test_proposal_list_filters_by_town_state_and_session(client, town, other_town):
    session = factories.session(town)
    factories.proposal(town, public_text="Здесь", session=session)
    factories.proposal(other_town, public_text="Там", **answered(S.DECLINED))
    factories.proposal(town, public_text="Опоздали", **waiting(50))

    def found(**query):
        return sorted(texts(client.get("/proposals/", query), "h3"))

    assert found() == ["Здесь", "Опоздали", "Там"]
    assert found(town="chapaevsk") == ["Там"]
    assert found(status="declined") == ["Там"]
    assert found(status="late") == ["Опоздали"]
    assert found(session=session.slug) == ["Здесь"]
    assert found(q="опоздание") in ([], ["Опоздали"])
    assert found(town="chapaevsk", status="new") == []


def test_proposal_list_pages_without_counting(client, town):
    for _one in range(16):
        factories.proposal(town)

    with CaptureQueriesContext(connection) as queries:
        first = client.get("/proposals/")

    assert not [query for query in queries.captured_queries if "COUNT(" in query["sql"]]
    assert (len(texts(first, "h3")), text(first, "h2", id="h-list")) == (15, "Все предложения")
    assert text(first, "nav", css="pages") == "Страница 1 Дальше"
    assert text(client.get("/proposals/?page=2"), "nav", css="pages") == "Назад Страница 2"
    assert client.get("/proposals/?page=3").status_code == 404


def test_proposal_pages_ask_the_same_number_of_queries_for_any_number_of_records(client, town):
    def more(count):
        chosen = factories.priority(factories.strategy(town))
        main = factories.proposal(town, priority=chosen)
        for _one in range(count):
            measure = factories.measure(town)
            factories.link(chosen, measure)
            factories.report(measure, status="published", published_at=timezone.now())
            factories.proposal(town, status=S.MERGED, merged_into=main)
            factories.proposal(town, priority=factories.priority(chosen.strategy), measure=measure)
        return main

    few = more(1)
    client.get(few.get_absolute_url())
    pages = [(queries_of(client, f"{few.get_absolute_url()}?1"), queries_of(client, "/proposals/?status=new"))]
    many = more(10)
    pages.append((queries_of(client, f"{many.get_absolute_url()}?1"), queries_of(client, "/proposals/?status=new&")))

    assert pages[0] == pages[1]
