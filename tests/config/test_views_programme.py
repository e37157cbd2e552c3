import datetime

import pytest

from strategies.models import Funding, ReportingCycle
from tests import factories
from tests.pages import text, texts


def money(measure, year=2026, source="federal", planned=None, spent=None):
    return factories.make(Funding, measure=measure, year=year, source=source, planned=planned, spent=spent)


def test_programme_page_without_a_programme_says_what_will_come(client, region):
    response = client.get("/programme/")

    assert text(response, "h1") == "Программа и меры"
    assert texts(response, "div", css="empty") == [
        "Мер нет. Когда область пообещает что-то городам, здесь появятся срок, деньги и ответственный.",
        "Программы действий области нет. Документ не найден, и специалист области его ещё не внёс. Когда программа "
        "появится, её направления и меры встанут в этот список. В нём то, что обещали другие программы и конкурсы.",
        "Мер пока нет. Когда область пообещает что-то городам, здесь будет видно, что выполнено, что идёт и что "
        "опаздывает.",
        "Никто ни с чем не опаздывает. Просроченное появится здесь на следующий день после срока, чей бы он ни был.",
        "Сравнивать пока не с чем. При закрытии отчётного периода сайт сохраняет, что тогда было выполнено, просрочено "
        "и потрачено. После первого закрытия здесь будет видно, что изменилось.",
        "Отчётных периодов ещё не открывали. Когда область откроет период, здесь будет видно, о чём просили "
        "отчитаться, кто отчитался и кто опоздал.",
    ]


def test_programme_page_lists_periods_that_were_opened_and_leads_to_silence_and_the_ledger(client, region):
    programme = factories.programme(region, title="Программа")
    factories.cycle(programme, period="q2")
    cycle = factories.cycle(programme, period="q3")
    ReportingCycle.objects.create(programme=programme, year=2027, period="q1", due_on=datetime.date(2027, 4, 15))

    response = client.get("/programme/")

    assert text(response, "section", id="periods") == (
        "Отчётные периоды О чём просили отчитаться и кто отчитался до 15 октября 2026 III квартал 2026 года "
        "Идёт приём. Программа до 15 июля 2026 II квартал 2026 года Идёт приём. Программа"
    )
    assert text(response, "div", css="sec--quiet") == (
        "О чём нет сведений и кого спросить "
        "Охват: какой приоритет остался без меры и кто закроет пробел "
        "Версии программы: что обещали по каждому акту и чем они отличаются "
        "Обещано сначала и обещано сейчас: перенесённые сроки, сниженные планы, отменённые меры"
    )
    ways = (cycle.get_absolute_url(), "/programme/silence/", "/programme/changes/")
    assert [f'href="{url}"' in response.content.decode() for url in ways] == [True, True, True]


def test_programme_page_stands_on_an_empty_site(client, db):
    assert client.get("/programme/").status_code == 200


def test_programme_page_names_a_programme_in_force_with_its_act(client, region):
    programme = factories.programme(region, title="Программа действий", act_title="Постановление от 01.02.2026 № 7")

    response = client.get("/programme/")

    assert text(response, "section", id=f"p{programme.pk}") == (
        "О программе области Программа действий Действует. Постановление от 01.02.2026 № 7."
    )
    assert (text(response, "h1"), texts(response, "div", css="note")) == ("Программа и меры", [])


def test_programme_page_warns_that_a_prepared_one_is_not_yet_a_programme(client, region):
    programme = factories.programme(region, title="Программа", status="prepared", status_note="готовилась в 2018 году")
    steps = factories.direction(region, programme=programme, title="Подготовка")
    factories.measure(region, title="Собрать группу", direction=steps, start=None, due=None, responsible="")

    response = client.get("/programme/")

    assert text(response, "section", id=f"p{programme.pk}").startswith(
        "О программе области Программа Готовилась в 2018 году."
    )
    assert text(response, "div", css="note--warn") == (
        "Это ещё не программа. В списке меры поддержки городов из других документов, ниже этапы её подготовки. "
        "Когда программу утвердят, её направления и меры встанут в этот список."
    )
    assert text(response, "section", id="preparation") == (
        "Как готовят программу срок не найден Собрать группу Кто отвечает, не найдено."
    )
    assert texts(response, "table", css="measures") == []


def test_programme_page_keeps_measures_with_money_of_a_prepared_programme_in_the_tables(client, region):
    programme = factories.programme(region, status="prepared")
    measure = factories.measure(region, title="Мост", direction=factories.direction(region, programme=programme))
    money(measure, planned=1000)

    response = client.get("/programme/")

    assert len(texts(response, "table", css="measures")) == 1
    assert texts(response, "section", id="preparation") == []


def test_programme_page_never_shows_a_draft_programme_or_its_measures(client, region, town):
    draft = factories.programme(region, title="Тайная", status="draft")
    factories.measure(town, title="Тайная мера", direction=factories.direction(region, programme=draft))

    response = client.get("/programme/")

    assert (text(response, "h1"), texts(response, "table", css="measures")) == ("Программа и меры", [])


def test_programme_page_lays_measures_out_by_direction(client, region, town):
    own = factories.direction(region, programme=factories.programme(region, title="Программа"), title="Среда")
    contest = factories.programme(region, title="Конкурс", kind="federal")
    other = factories.direction(region, programme=contest, title="Среда")
    first = factories.measure(town, title="Аллея", direction=own, due=datetime.date(2030, 5, 1), responsible="")
    money(first, planned=107_100)
    factories.measure(region, title="Грант", direction=other, start=None, due=None, due_note="ежегодно")

    response = client.get("/programme/")

    heads = "Мера Кто отвечает Срок Млн руб. Города Состояние"
    assert texts(response, "table", css="measures") == [
        f"Среда Программа {heads} Аллея не найдено 1 мая 2030 обещано в 2026 году. 107,1 Сызрань Запланировано",
        f"Среда Конкурс (федеральный конкурс) {heads} Грант Администрация ежегодно обещано в 2026 году. "
        "не найдено весь регион "
        "Запланировано",
    ]


def test_programme_page_keeps_promised_and_spent_and_both_kinds_of_promise_apart(client, region, town):
    own = factories.measure(town, start=None, due=None)
    money(own, 2026, planned=1000, spent=400)
    money(own, 2026, source="local", planned=None, spent=None)
    contest = factories.direction(region, programme=factories.programme(region, kind="federal"))
    other = factories.measure(town, direction=contest, start=None, due=None)
    money(other, 2027, planned=2500)
    money(factories.measure(town, status="cancelled", start=None, due=None), 2026, planned=99_000)

    details = texts(client.get("/programme/"), "details", css="more")

    heads = "Год Чьи деньги Обещано, млн руб. Потрачено, млн руб."
    assert details == [
        "По программе области: обещано, млн рублей: 1,0 Программа области: деньги по годам и источникам "
        f"{heads} 2026 федеральный бюджет 1,0 0,4 2026 местный бюджет не найдено не найдено Всего 1,0 0,4",
        "Другая поддержка: обещано, млн рублей: 2,5 Другая поддержка: деньги по годам и источникам "
        f"{heads} 2027 федеральный бюджет 2,5 не найдено Всего 2,5 не найдено",
    ]


def test_programme_page_is_the_done_step_when_reports_are_asked_for(client, region, town):
    response = client.get("/programme/", {"reported": "yes"})

    assert (response.context["step"], client.get("/programme/").context["step"]) == ("done", "promised")
    assert (text(response, "h1"), texts(response, "div", css="empty")[0]) == (
        "Программа и меры: есть отчёты",
        "Мер с опубликованными отчётами нет. Отчёт появляется здесь, когда город сдал его, а область проверила и "
        "опубликовала. Показать все меры",
    )


@pytest.mark.parametrize(("rows", "shown"), [(1, "Найдена 1 мера"), (3, "Найдены 3 меры"), (13, "Найдено 13 мер")])
def test_programme_page_costs_the_same_with_any_number_of_rows(queries, client, region, town, other_town, rows, shown):
    direction = factories.direction(region)
    for number in range(rows):
        measure = factories.measure(region if number % 2 else town, direction=direction)
        measure.towns.add(town, other_town)
        money(measure, planned=number)

        factories.make(
            ReportingCycle, programme=direction.programme, year=2000 + number // 4, status="open",
            period=("q1", "q2", "q3", "q4")[number % 4], due_on=datetime.date(2100, 4, 15),
        )  # fmt: skip

    assert queries("/programme/") == 25  # 13 of them for the figures, which are kept
    assert text(client.get("/programme/"), "h2", id="h-m") == shown


def test_programme_pages_follow_each_other_without_a_gap(client, region, town):
    direction = factories.direction(region)
    made = {factories.measure(town, direction=direction, title="Мера").pk for _number in range(15)}

    seen = [measure.pk for page in (1, 2) for measure in client.get(f"/programme/?page={page}").context["measures"]]

    assert (len(seen), set(seen)) == (15, made)


@pytest.mark.parametrize("page", ["0", "2", "-1", "много", "99999999999999999999"])
def test_programme_page_of_a_bad_number_is_not_found(client, town, page):
    factories.measure(town)

    assert client.get("/programme/", {"page": page}).status_code == 404


def test_programme_page_sets_no_cookie(client, region):
    assert dict(client.get("/programme/").cookies) == {}
