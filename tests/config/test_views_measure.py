import datetime

import pytest
from django.utils import timezone

from config.templatetags.site import day
from strategies.models import DueChange, Funding, Indicator, IndicatorValue, Milestone
from tests import factories
from tests.pages import text, texts
from tests.strategies.published import PAPER, PHOTO, reported

NOTHING_TO_COMPARE = (
    "Сравнивать не с чем. Опубликованных отчётов нет. С первым же отчётом здесь будет видно, что изменилось за период."
)
TWENTY_DAYS_AGO = timezone.localdate() - datetime.timedelta(days=20)
NOTHING_SAID = (
    "Учтённых предложений нет. Записей о том, что кто-то об этом просил, не найдено. Появятся, когда предложение "
    "отнесут к мере или к её приоритету."
)
NO_REPORTS = (
    "Опубликованных отчётов нет. Отчёт сдаёт глава города, публикует область. До этого звено «Сделано» остаётся пустым."
)


def page(client, measure):
    return client.get(f"/measures/{measure.pk}/")


def section(response, name):
    return text(response, "section", id=name)


def test_measure_page_says_what_is_not_known(client, town, region):
    programme = factories.programme(region, title="Конкурс", kind="federal")
    measure = factories.measure(
        town,
        title="Аллея",
        direction=factories.direction(region, programme=programme),
        responsible="",
        start=None,
        due=None,
    )

    response = page(client, measure)

    assert text(response, "p", css="lead") == (
        "Сумма не найдена. Срок не найден. Обещано в 2026 году. Отчётов о ходе работ пока нет."
    )
    assert text(response, "dl", css="facts") == (
        "Что Аллея Кто обещал Конкурс (федеральный конкурс). Акт не найден. Кто отвечает Не найдено Срок Не найден "
        "(обещано в 2026 году) Деньги Сумма не найдена Города Сызрань Приоритеты Связанных приоритетов нет"
    )
    assert texts(response, "div", css="empty") == [
        NOTHING_SAID,
        NOTHING_TO_COMPARE,
        NO_REPORTS,
        "Сумма по годам не найдена. В источниках её нет. Появится, когда область внесёт деньги с годом и источником.",
        "Контрольных точек нет. Их никто не назначил. Когда назначат, здесь будет видно, какая пройдена, а какая "
        "опаздывает.",
        "В журнале шагов нет. Запись внесли вместе с данными региона. Каждый следующий шаг появится здесь с датой, "
        "именем и причиной.",
    ]


def test_measure_page_gives_the_promise_in_full(client, town, region):
    programme = factories.programme(region, title="Программа действий", act_title="Постановление № 7")
    measure = factories.measure(
        town, title="Аллея", direction=factories.direction(region, programme=programme), responsible="Министерство",
        co_executors="Администрация", description="Путь к ГЭС", sources="https://example.org/a",
    )  # fmt: skip
    factories.make(Funding, measure=measure, year=2026, source="federal", planned=107_100)

    response = page(client, measure)

    assert text(response, "p", css="lead") == (
        "Обещано 107,1 млн рублей. Срок — 31 декабря 2027 года. Обещано в 2026 году. Отчётов о ходе работ пока нет."
    )
    assert section(response, "promise") == (
        "Обещание Что Аллея Путь к ГЭС Кто обещал Программа действий (программа действий). Постановление № 7. "
        "Кто отвечает Министерство Соисполнители Администрация Срок с 1 января 2026 года до 31 декабря 2027 года "
        "(обещано в 2026 году) "
        "Деньги 107,1 млн рублей Города Сызрань Приоритеты Связанных приоритетов нет Источник: example.org"
    )


def test_measure_page_draws_its_chain_from_records(client, town):
    strategy = factories.strategy(town, status="approved")
    priority = factories.priority(strategy, title="Набережная")
    factories.session(town, title="Сессия Сызрани").priorities.add(priority)
    measure = factories.measure(town, sources="https://example.org/a", start=TWENTY_DAYS_AGO)
    factories.agreed_link(priority, measure)

    response = page(client, measure)

    assert text(response, "ol", css="chain-row") == (
        "Сказано Сессия Сызрани, 22 июня 2018 года Выбрано Приоритет «Набережная», утверждена "
        "Обещано Программа области Сделано Отчётов нет, 20 дней"
    )
    assert [str(state) for _name, _word, state in response.context["chain"].links] == ["yes", "yes", "yes", "no"]


def test_measure_page_without_priorities_says_so_in_its_chain(client, town):
    assert text(page(client, factories.measure(town, start=TWENTY_DAYS_AGO)), "ol", css="chain-row") == (
        "Сказано Записей о сказанном не найдено Выбрано С приоритетами городов мера не связана "
        "Обещано Программа области. Документа или другого источника нет Сделано Отчётов нет, 20 дней"
    )


def publish(report, *, head, approver):
    report.created_by = head
    report.save()
    report.move_to("submitted", by=head)
    report.move_to("published", by=approver)


@pytest.fixture
def named(head, approver):
    """A head and an approver with posts and names."""
    for user, post, first, last in ((head, "глава города", "Анна", "Иванова"), (approver, "министр", "Пётр", "Петров")):
        user.post, user.first_name, user.last_name = post, first, last
        user.save()
    return {"head": head, "approver": approver}


def test_measure_page_shows_reports_latest_first_and_a_correction_beside_what_it_corrects(client, town, named):
    measure = factories.measure(town)
    first = factories.report(measure, text="Договор", percent=20)
    publish(first, **named)
    publish(factories.report(measure, text="Договор подписан", percent=15, corrects=first), **named)
    publish(factories.report(measure, period="q2", text="Сняли покрытие", percent=25, problems="Дождь"), **named)

    response = page(client, measure)

    by = f"Сдал: глава города Анна Иванова. Опубликовал: министр Пётр Петров, {day(timezone.now())}."
    by = by.replace("\u00a0", " ")
    assert section(response, "reports") == (
        "Отчёты Опубликованный отчёт не меняют, его исправляют новым; видны оба Выполняется 25 % "
        f"II квартал 2026 года Выполняется 15 → 25 % Сняли покрытие Что мешает: Дождь {by} "
        "I квартал 2026 года Исправление: в прежнем отчёте стояло 20 % Выполняется 15 % Договор подписан "
        f"{by} Показать прежний отчёт Выполняется 20 % Договор {by}"
    )
    assert response.context["percents"] == [15, 25]


def test_measure_page_never_shows_a_login_name(client, town, head, approver):
    measure = factories.measure(town)
    publish(factories.report(measure), head=head, approver=approver)

    shown = text(page(client, measure), "main")

    assert ("syzran-head" in shown, "approver" in shown) == (False, False)


def test_measure_page_keeps_unpublished_reports_inside(client, town):
    measure = factories.measure(town)
    for period, status in (("q1", "draft"), ("q2", "submitted"), ("q3", "returned")):
        factories.report(measure, status=status, period=period, text="Тайный отчёт")

    assert texts(page(client, measure), "div", css="empty")[:3] == [NOTHING_SAID, NOTHING_TO_COMPARE, NO_REPORTS]


def test_measure_page_strikes_the_old_date_through_and_keeps_it(client, town):
    measure = factories.measure(
        town, due=datetime.date(2026, 9, 30), status="postponed", postponed_to=datetime.date(2030, 6, 30)
    )
    factories.make(
        DueChange, measure=measure, old_due=datetime.date(2026, 9, 30), new_due=datetime.date(2030, 6, 30),
        reason="Поставка светильников", decided_on=datetime.date(2026, 10, 2), document=factories.document(town),
    )  # fmt: skip

    response = page(client, measure)

    assert texts(response, "s") == ["30 сентября 2026 года", "30 сентября 2026"]
    assert section(response, "due-changes") == (
        "Сдвиги срока Прежние даты не стираем Сдвиги срока Когда решили Было Стало Причина Кто решил Документ "
        "2 октября 2026 30 сентября 2026 30 июня 2030 Поставка светильников имя и должность не указаны "
        "Решение Думы об утверждении стратегии от 21.02.2019 № 432 Все перенесённые сроки и сниженные планы"
    )


def test_measure_page_keeps_an_unpublished_paper_inside(client, town):
    measure = factories.measure(town, basis=factories.document(town, title="Тайна", status="draft"))

    facts = text(page(client, measure), "dl", css="facts")

    assert ("Основание Документ не опубликован" in facts, "Тайна" in facts) == (True, False)


def test_measure_page_lays_money_out_by_year_and_source(client, town):
    measure = factories.measure(town)
    factories.make(Funding, measure=measure, year=2026, source="federal", planned=107_100, spent=42_800)
    factories.make(Funding, measure=measure, year=2026, source="local")

    assert section(page(client, measure), "money") == (
        "Деньги Потраченное — по опубликованным отчётам, а где у строки назван источник — по нему "
        "Деньги по годам и источникам "
        "Год и источник Обещано, млн руб. Потрачено, млн руб. Отклонение Доля "
        "2026, федеральный бюджет 107,1 42,8 −60 % "
        "2026, местный бюджет не найдено не найдено — Всего 107,1 42,8 −60 % "
        "Отклонение = (потрачено − обещано) : обещано. Пока работа идёт, минус значит лишь, что потрачено ещё не всё."
    )


def test_measure_page_adds_money_up_by_source_and_gives_the_reason_of_a_deviation(client, town):
    measure = factories.measure(town)
    factories.make(Funding, measure=measure, year=2026, source="federal", planned=1000, spent=1500)
    factories.make(Funding, measure=measure, year=2027, source="federal", planned=1000)
    factories.make(Funding, measure=measure, year=2027, source="local", planned=500, spent=500)
    reported(measure, reason_kind="procurement", deviation_reason="торги прошли раньше")

    shown = section(page(client, measure), "money")

    assert shown[shown.index("Все годы") :] == (
        "Все годы, федеральный бюджет 2,0 1,5 50 % Всего 2,5 2,0 33 % "
        "Отклонение = (потрачено − обещано) : обещано. Пока работа идёт, минус значит лишь, что потрачено ещё не всё. "
        "1 строка в отклонение не вошла: известна только одна сумма. "
        "Причина из последнего отчёта: Закупка: торги прошли раньше"
    )


def test_measure_page_tells_milestones_passed_late_and_ahead(client, town):
    measure, today = factories.measure(town), timezone.localdate()
    for title, due, done_on in (
        ("Договор", datetime.date(2026, 3, 15), datetime.date(2026, 3, 14)),
        ("Светильники", today - datetime.timedelta(days=5), None),
        ("Приёмка", today + datetime.timedelta(days=1), None),
    ):
        factories.make(Milestone, measure=measure, title=title, due=due, done_on=done_on)

    assert texts(page(client, measure), "span", css="st")[2:] == [
        "Пройдено 14 марта 2026",
        "Просрочено на 5 дней",
        "Впереди",
    ]


def test_measure_page_of_a_late_measure_says_how_late(client, town):
    due = timezone.localdate() - datetime.timedelta(days=1)
    measure = factories.measure(town, start=None, due=due, sources="https://example.org/a")

    response = page(client, measure)

    assert (texts(response, "span", css="st")[0], str(response.context["chain"].done)) == (
        "Просрочено на 1 день", "late"
    )  # fmt: skip


def test_measure_page_shows_indicators_and_journal(client, town, approver):
    approver.post = "министр"
    approver.save()
    measure = factories.measure(town, status="draft")
    measure.move_to("planned", by=approver, reason="Включена в программу")
    indicator = factories.make(Indicator, measure=measure, name="Дорожки", unit="км")
    factories.make(IndicatorValue, indicator=indicator, year=2027, target=5)

    response = page(client, measure)

    assert text(response, "figcaption").startswith("Дорожки, км")
    assert section(response, "history").endswith("Черновик → запланировано Кто: министр. Причина: Включена в программу")


def test_measure_page_of_a_cancelled_measure_shows_the_act(client, town):
    act = factories.document(town, title="Постановление об отмене", number="9")
    measure = factories.measure(town, status="cancelled", cancel_act=act)

    response = page(client, measure)

    assert text(response, "p", css="lead") == (
        "Сумма не найдена. Срок — 31 декабря 2027 года. Обещано в 2026 году. Мера отменена."
    )
    assert text(response, "dl", css="facts").endswith("Акт об отмене Постановление об отмене от 21.02.2019 № 9")
    assert str(response.context["chain"].promised) == "no"


@pytest.mark.parametrize(
    ("actor", "code"), [(None, 404), ("outsider", 404), ("other_approver", 404), ("region_editor", 200)]
)
@pytest.mark.parametrize("hidden", ["measure", "programme"])
def test_measure_page_keeps_drafts_inside_the_region(client, town, region, request, actor, code, hidden):
    programme = factories.programme(region, status="draft" if hidden == "programme" else "approved")
    status = "draft" if hidden == "measure" else "planned"
    measure = factories.measure(town, status=status, direction=factories.direction(region, programme=programme))
    if actor:
        client.force_login(request.getfixturevalue(actor))

    assert page(client, measure).status_code == code


def test_measure_page_never_shows_a_hidden_priority(client, town):
    measure = factories.measure(town)
    factories.link(factories.priority(factories.strategy(town, status="draft"), title="Тайный"), measure)
    factories.link(factories.priority(factories.strategy(town), title="Черновик", status="draft"), measure)

    assert texts(page(client, measure), "dd")[-1] == "Связанных приоритетов нет"


@pytest.mark.parametrize("rows", [1, 3])
def test_measure_page_costs_the_same_with_any_number_of_rows(queries, town, region, rows):
    measure = factories.measure(region)
    strategy = factories.strategy(town, status="approved")
    for number in range(rows):
        measure.towns.add(town)
        priority = factories.priority(strategy)
        factories.agreed_link(priority, measure)
        factories.session(town).priorities.add(priority)
        factories.proposal(town, priority=priority)
        factories.proposal(town, measure=measure, session=factories.session(town))
        report = reported(measure, "q1", year=2000 + number, shows=[PHOTO, PAPER])
        factories.make(Milestone, measure=measure, title="Точка", due=datetime.date(2026, 3, 15))
        factories.make(
            DueChange, measure=measure, new_due=datetime.date(2026, 3, 15), reason="Причина", report=report,
            decided_on=datetime.date(2026, 3, 15), document=factories.document(town),
        )  # fmt: skip
        indicator = factories.make(Indicator, measure=measure, name="Дорожки", unit="км")
        factories.make(IndicatorValue, indicator=indicator, year=2027, target=5)
        Funding.objects.create(measure=measure, year=2000 + number, source="federal", planned=1)

    assert queries(f"/measures/{measure.pk}/") == 23


def test_measure_page_names_the_proposals_it_grew_from(client, town, other_town):
    strategy = factories.strategy(town, status="approved")
    chosen, measure = factories.priority(strategy), factories.measure(town)
    factories.link(chosen, measure)
    answered = {"answer": "Да", "answered_at": timezone.now(), "channel": "site"}
    grown = [
        factories.proposal(town, priority=chosen, status="accepted", **answered),
        factories.proposal(town, measure=measure, status="partly", **answered),
        factories.proposal(town, priority=chosen),  # a source names the priority
    ]
    strangers = [
        factories.proposal(town, priority=chosen, channel="site"),  # only a wish
        factories.proposal(town, priority=chosen, status="declined", **answered),
        factories.proposal(town, priority=chosen, status="hidden", **answered),
        factories.proposal(town, priority=chosen, public_text=""),
        factories.proposal(town, priority=factories.priority(strategy), status="accepted", **answered),
        factories.proposal(other_town, status="accepted", **answered),
    ]

    response = page(client, measure)

    said, links = section(response, "said"), response.content.decode()
    assert [one.number in said for one in (*grown, *strangers)] == [True] * 3 + [False] * 6
    assert [f'href="{one.get_absolute_url()}"' in links for one in grown] == [True] * 3
    assert text(response, "ol", css="chain-row").startswith(
        f"Сказано Предложения жителей: {grown[0].number}, {grown[1].number} и другие"
    )


def test_measure_page_leads_to_the_session_before_the_words(client, town):
    priority, measure = factories.priority(factories.strategy(town, status="approved")), factories.measure(town)
    factories.link(priority, measure)
    session = factories.session(town, title="Сессия Сызрани")
    session.priorities.add(priority)
    proposal = factories.proposal(town, measure=measure)

    response = page(client, measure)

    assert text(response, "ol", css="chain-row").startswith(
        f"Сказано Сессия Сызрани, 22 июня 2018 года. Предложения жителей: {proposal.number} "
    )
    assert f'<a href="{session.get_absolute_url()}">Сессия Сызрани</a>, ' in response.content.decode()


def test_measure_page_never_reads_what_the_author_wrote(client, town):
    measure = factories.measure(town)
    factories.proposal(
        town, measure=measure, text="Тайные слова", public_text="Мост", author_name="Марфа", consent_version="1",
    )  # fmt: skip

    response = page(client, measure)

    assert "Мост" in section(response, "said")
    assert [mark in response.content.decode() for mark in ("Тайные слова", "Марфа")] == [False, False]


def test_measure_that_grew_from_words_alone_is_said(client, town):
    measure = factories.measure(town)
    factories.proposal(town, measure=measure)

    assert page(client, measure).context["chain"].said == "yes"


@pytest.mark.parametrize("address", ["/measures/0/", "/measures/999999/", "/measures/abc/", "/measures/-1/"])
def test_measure_page_of_a_bad_number_is_not_found(client, db, address):
    assert client.get(address).status_code == 404


def test_measure_page_sets_no_cookie(client, town):
    assert dict(page(client, factories.measure(town)).cookies) == {}
