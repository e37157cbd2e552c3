"""A reporting period for everybody: what was asked, who reported, what stood at the close and what came after."""

import datetime
import re

import pytest
from django.core.cache import cache

from strategies.models import Funding, Measure, ReportingCycle
from tests import factories
from tests.pages import text, texts
from tests.strategies.published import at, reported

IN_TIME, LATE = at(datetime.date(2026, 10, 15)), at(datetime.date(2026, 10, 17))


def page(client, cycle, **query):
    cache.clear()  # what tests do by hand makes no new edition
    return client.get(cycle.get_absolute_url(), query)


def lead(response):
    """The sentence of the page after how much was asked."""
    return text(response, "p", css="lead").partition(". ")[2]


def lines(response):
    """Rows of what was asked, as a reader hears them."""
    section = texts(response, "section", id="rows")[0]
    return (
        section.partition("На день закрытия Срок Обещано, млн руб. Потрачено, млн руб. После закрытия ")[2]
        or (section.partition("О чём Город Отчёт ")[2])
    )


@pytest.fixture
def programme(region):
    return factories.programme(region, title="Программа")


@pytest.fixture
def direction(region, programme):
    return factories.direction(region, programme=programme)


def close(cycle, approver):
    cycle.refresh_from_db()
    cycle.move_to("closed", by=approver)


def test_cycle_page_says_what_was_asked_and_who_reported(
    client, town, other_town, region, programme, direction, approver
):
    bridge, square = (factories.measure(town, title=title, direction=direction) for title in ("Мост", "Сквер"))
    factories.measure(region, title="Школа", direction=direction)
    factories.priority(factories.strategy(other_town), title="Река")
    cycle = factories.cycle(programme, period="q3")
    reported(bridge, "q3", submitted_at=LATE, day=datetime.date(2026, 10, 20))
    factories.report(square, status="submitted", period="q3", text="Тайна")

    response = page(client, cycle)

    assert lead(response) == "Вышел 1. Область проверяет 1. Нет 2."
    assert texts(response, "tbody")[0] == "Сызрань 2 1 1 0 Чапаевск 1 0 0 1 Весь регион 1 0 0 1"
    assert re.sub(r"прошёл \d+ \w+ назад", "прошёл", lines(response)) == (
        "Мост Сызрань Выполняется 40 % отчёт вышел 20 октября 2026 Сдан с опозданием на 2 дня "
        "Сквер Сызрань Сдан, область проверяет "
        "Река приоритет, на который мер нет Чапаевск Отчёта нет срок прошёл Школа весь регион Отчёта нет срок прошёл"
    )


@pytest.mark.parametrize("status", ["draft", "returned"])
def test_cycle_page_says_nothing_of_a_report_that_the_region_has_not_received(
    client, town, programme, direction, approver, status
):
    measure = factories.measure(town, direction=direction)
    cycle = factories.cycle(programme, period="q3")
    factories.report(measure, status=status, period="q3", text="Тайна")

    response = page(client, cycle)

    assert texts(response, "span", css="st") == ["Отчёта нет"]
    assert text(response, "p", css="lead").endswith("Вышло 0. Нет 1.")


def test_cycle_page_waits_quietly_until_the_day_has_passed(client, town, programme, direction, approver):
    factories.measure(town, direction=direction)
    cycle = factories.cycle(programme, period="q3")
    ReportingCycle.objects.filter(pk=cycle.pk).update(due_on=datetime.date(2100, 1, 15))

    response = page(client, cycle)

    assert texts(response, "span", css="st") == ["Отчёта пока нет"]
    assert "Отчёты принимают до 15 января 2100 года." in text(response, "main")


def test_closed_cycle_keeps_what_was_published_and_shows_later_words_beside_it(
    client, town, programme, direction, approver
):
    bridge, square, school = (
        factories.measure(town, title=title, direction=direction, status="in_progress", percent=percent)
        for title, percent in (("Мост", 40), ("Сквер", 10), ("Школа", None))
    )
    factories.make(Funding, measure=bridge, year=2026, source="local", planned=1000, spent=400)
    cycle = factories.cycle(programme, period="q3")
    first = reported(bridge, "q3", submitted_at=IN_TIME, day=datetime.date(2026, 10, 16))
    close(cycle, approver)
    Measure.objects.filter(pk=bridge.pk).update(title="Новый мост", percent=90, due=datetime.date(2030, 1, 1))
    Funding.objects.update(planned=5000, spent=5000)
    reported(bridge, "q3", percent=30, corrects=first, day=datetime.date(2026, 11, 5))
    reported(square, "q3", percent=20, submitted_at=LATE, day=datetime.date(2026, 11, 6))

    response = page(client, cycle)

    assert lead(response) == "К закрытию вышел 1. Позже вышел ещё 1. Нет 1."
    assert texts(response, "tbody")[0] == "Сызрань 3 1 1 0 1"
    assert lines(response) == (
        "Мост Сызрань Выполняется 40 % отчёт вышел 16 октября 2026 31 декабря 2027 1,0 0,4 "
        "исправлен 5 ноября 2026: выполняется, 30 % "
        "Сквер Сызрань Отчёта нет состояние меры тогда: выполняется, 10 % 31 декабря 2027 не найдено не найдено "
        "вышел позже 6 ноября 2026: выполняется, 20 % "
        "Школа Сызрань Отчёта нет состояние меры тогда: выполняется 31 декабря 2027 не найдено не найдено"
    )


def test_closed_cycle_tells_a_state_of_the_measure_that_differs_from_its_report(
    client, town, programme, direction, approver
):
    measure = factories.measure(town, title="Мост", direction=direction)
    cycle = factories.cycle(programme, period="q3")
    reported(measure, "q3", day=datetime.date(2026, 10, 16))
    close(cycle, approver)

    assert "состояние меры тогда: запланировано" in texts(page(client, cycle), "span", css="cellnote")


def test_closed_cycle_says_that_a_late_report_is_with_the_region(client, town, programme, direction, approver):
    measure = factories.measure(town, direction=direction)
    cycle = factories.cycle(programme, period="q3")
    close(cycle, approver)
    factories.report(measure, status="submitted", period="q3")

    assert texts(page(client, cycle), "span", css="st") == ["Отчёта нет", "Сдан, область проверяет"]


def test_cycle_page_does_not_lead_to_a_page_that_is_not_there(client, town, programme, approver):
    priority = factories.priority(factories.strategy(town), title="Река")
    cycle = factories.cycle(programme, period="q3")
    priority.move_to("archived", by=approver, reason="Сделано")

    response = page(client, cycle)

    assert lines(response).startswith("Река приоритет")
    assert priority.get_absolute_url() not in response.content.decode()


def test_cycle_page_may_show_one_town(client, town, other_town, programme, direction, approver):
    for place, title in ((town, "Мост"), (other_town, "Порт")):
        factories.measure(place, title=title, direction=direction)
    cycle = factories.cycle(programme, period="q3")

    shown = [
        [row.subject.title for row in page(client, cycle, town=slug).context["rows"]]
        for slug in ("syzran", "chapaevsk", "atlantida")
    ]

    assert shown == [["Мост"], ["Порт"], []]
    assert text(page(client, cycle, town="atlantida"), "div", css="empty").startswith(
        "У этого города ничего не просили."
    )


def test_cycle_page_of_nothing_says_so(client, programme, approver):
    assert text(page(client, factories.cycle(programme, period="q3")), "div", css="empty") == (
        "Отчитываться было не о чем. Список составляет сайт в день открытия периода: в него входят начатые открытые "
        "меры и приоритеты, на которые мер нет."
    )


def test_cycle_that_is_not_open_yet_stays_inside_the_region(client, programme, outsider, other_approver, region_editor):
    cycle = ReportingCycle.objects.create(
        programme=programme, year=2027, period="q1", due_on=datetime.date(2027, 4, 15)
    )
    seen = []
    for actor in (None, outsider, other_approver, region_editor):
        if actor:
            client.force_login(actor)
        seen.append(page(client, cycle).status_code)

    assert seen == [404, 404, 404, 200]


@pytest.mark.parametrize("address", ["/programme/periods/0/", "/programme/periods/abc/"])
def test_cycle_page_of_nothing_is_not_found(client, db, address):
    assert client.get(address).status_code == 404


def test_cycle_page_goes_on_page_by_page_without_a_gap(client, town, programme, direction, approver):
    made = {factories.measure(town, direction=direction, title="Мера").pk for _ in range(60)}
    cycle = factories.cycle(programme, period="q3")

    seen = [row.measure_id for number in (1, 2) for row in page(client, cycle, page=number).context["rows"]]

    assert (len(seen), set(seen)) == (60, made)
    assert page(client, cycle, page=3).status_code == 404


@pytest.mark.parametrize("is_closed", [False, True])
@pytest.mark.parametrize("rows", [1, 3])
def test_cycle_page_costs_the_same_with_any_number_of_rows(
    queries, town, other_town, programme, direction, approver, rows, is_closed
):
    measures = [factories.measure(town, direction=direction) for _ in range(rows)]
    priorities = [factories.priority(factories.strategy(other_town)) for _ in range(rows)]
    cycle = factories.cycle(programme, period="q3")
    first = [reported(one, "q3", percent=None if one in priorities else 10) for one in measures + priorities]
    if is_closed:
        close(cycle, approver)
    for report in first:
        reported(report.subject, "q3", percent=report.percent, corrects=report)

    assert queries(cycle.get_absolute_url()) == 6


def test_cycle_page_sets_no_cookie(client, programme, approver):
    assert dict(page(client, factories.cycle(programme, period="q3")).cookies) == {}
