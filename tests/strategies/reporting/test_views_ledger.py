"""The public ledger: what was promised first and what is promised now, why and on what paper."""

import datetime

import pytest

from strategies.models import DueChange, Indicator, IndicatorValue
from tests import factories
from tests.pages import text, texts
from tests.strategies.published import PAPER, PHOTO, reported

DAY = datetime.date


def lines(response):
    """Lines of the ledger as a reader hears them."""
    found = texts(response, "tbody")
    return found[0] if found else ""


def moved(measure, old, new, **fields):
    """A move of a date, and the measure as it stands after it."""
    defaults = {"reason": "Поставка сорвана", "decided_on": DAY(2026, 10, 2)}
    change = factories.make(DueChange, measure=measure, old_due=old, new_due=new, **(defaults | fields))
    type(measure).objects.filter(pk=measure.pk).update(postponed_to=new)
    return change


def target(owner, *, direction="higher", first=10, year=2027, **fields):
    """A promised value of an indicator of a priority or a town."""
    indicator = factories.make(
        Indicator, name="Дворы", unit="ед.", direction=direction, **{owner._meta.model_name: owner}
    )
    return factories.make(IndicatorValue, indicator=indicator, year=year, target=first, **fields)


@pytest.fixture
def decider(approver):
    """An approver with a post and a name."""
    approver.post, approver.first_name, approver.last_name = "министр", "Пётр", "Петров"
    approver.save()
    return approver


def test_ledger_gives_moved_dates_with_first_and_present_promise_and_papers(client, town, decider):
    measure = factories.measure(town, title="Мост", due=DAY(2026, 9, 30))
    report = reported(
        measure, "q3", reported_status="postponed", reason_kind="money", postponed_to=DAY(2029, 1, 31),
        shows=[PAPER | {"caption": "Приказ.pdf"}, PHOTO],
    )  # fmt: skip
    moved(measure, DAY(2026, 9, 30), DAY(2027, 6, 30), document=factories.document(town), created_by=decider)
    moved(
        measure, DAY(2027, 6, 30), DAY(2029, 1, 31), decided_on=DAY(2026, 11, 1), reason="Нет денег",
        paper="Приказ № 7", report=report,
    )  # fmt: skip

    response = client.get("/programme/changes/")

    assert lines(response) == (
        "Мост 1 ноября 2026, срок перенесён 30 сентября 2026 31 января 2029 этим решением: 30 июня 2027 → "
        "31 января 2029 Нет денег Приказ № 7; отчёт: III квартал 2026 года; Приказ.pdf (PDF, 2,0 КБ) "
        "имя и должность не указаны "
        "Мост 2 октября 2026, срок перенесён 30 сентября 2026 31 января 2029 этим решением: 30 сентября 2026 → "
        "30 июня 2027 Поставка сорвана Решение Думы об утверждении стратегии от 21.02.2019 № 432 министр Пётр Петров"
    )


def test_ledger_gives_a_date_that_was_never_named_before(client, town):
    measure = factories.measure(town, title="Мост", due=None, due_note="до конца года")
    moved(measure, None, DAY(2027, 6, 30))

    assert lines(client.get("/programme/changes/")) == (
        "Мост 2 октября 2026, срок перенесён срок не был назван 30 июня 2027 Поставка сорвана не найден "
        "имя и должность не указаны"
    )


def test_ledger_gives_lowered_targets_and_leaves_raised_ones_out(client, town, decider):
    priority = factories.priority(factories.strategy(town), title="Дворы и скверы")
    lowered, withdrawn = target(priority), target(priority, year=2024, actual=10)
    worse, better = target(town, direction="lower"), target(town, direction="lower", year=2026)
    lowered.change_target(8, reason="Нет денег", by=decider, paper="Решение № 5")
    lowered.change_target(9, reason="Нашли немного", by=decider)
    withdrawn.change_target(None, reason="Пересчитали", by=decider)
    worse.change_target(12, reason="Закрылся центр", by=decider, document=factories.document(town))
    better.change_target(7, reason="Лучше, чем ждали", by=decider)

    response = client.get("/programme/changes/")

    day = texts(response, "span", css="cellnote")[0].split(",")[0]
    assert lines(response) == (
        f"Сызрань {day}, план снижен: Дворы, ед., 2027 10 12 Закрылся центр "
        "Решение Думы об утверждении стратегии от 21.02.2019 № 432 министр Пётр Петров "
        f"Дворы и скверы {day}, план снижен: Дворы, ед., 2024 10 план снят Пересчитали не найден министр Пётр Петров "
        f"Дворы и скверы {day}, план снижен: Дворы, ед., 2027 10 9 этим решением: 10 → 8 Нет денег Решение № 5 "
        "министр Пётр Петров"
    )


def test_ledger_gives_cancelled_measures_with_the_act_and_the_reason(client, town, decider):
    measure = factories.measure(town, title="Мост", cancel_act=factories.document(town, title="Акт", number="9"))
    measure.move_to("cancelled", by=decider, reason="Русло пересохло")
    factories.measure(town, title="Старая", status="cancelled", cancel_act=factories.document(town, title="Акт"))

    response = client.get("/programme/changes/")

    day = texts(response, "span", css="cellnote")[0].split(",")[0]
    assert lines(response) == (
        f"Мост {day}, мера отменена 31 декабря 2027 ничего: мера отменена Русло пересохло Акт от 21.02.2019 № 9 "
        "министр Пётр Петров "
        "Старая 21 февраля 2019, мера отменена 31 декабря 2027 ничего: мера отменена причина не найдена "
        "Акт от 21.02.2019 № 432 имя и должность не указаны"
    )


def test_ledger_keeps_what_nobody_sees_inside(client, town, region, decider):
    hidden = factories.direction(region, programme=factories.programme(region, status="draft"))
    moved(factories.measure(town, status="draft"), DAY(2027, 12, 31), DAY(2028, 1, 1))
    moved(factories.measure(town, direction=hidden), DAY(2027, 12, 31), DAY(2028, 1, 1))
    target(factories.priority(factories.strategy(town), status="draft")).change_target(8, reason="Тайна", by=decider)
    factories.measure(town, status="cancelled", direction=hidden, cancel_act=factories.document(town))
    paper = factories.document(town, title="Тайный акт", status="draft")
    moved(factories.measure(town, title="Мост"), DAY(2027, 12, 31), DAY(2028, 1, 1), document=paper)

    response = client.get("/programme/changes/")

    assert lines(response) == (
        "Мост 2 октября 2026, срок перенесён 31 декабря 2027 1 января 2028 Поставка сорвана Документ не опубликован "
        "имя и должность не указаны"
    )


def test_ledger_filters_by_town_and_keeps_shared_measures_that_name_it(client, town, other_town, region, decider):
    shared = factories.measure(region, title="Общая")
    shared.towns.add(town)
    for measure in (factories.measure(town, title="Мост"), factories.measure(other_town, title="Чужая"), shared):
        moved(measure, measure.due, DAY(2028, 1, 1))
    target(town).change_target(8, reason="Нет денег", by=decider)
    target(other_town).change_target(8, reason="Нет денег", by=decider)

    seen = {
        slug: sorted(entry.subject.pk for entry in client.get("/programme/changes/", {"town": slug}).context["entries"])
        for slug in ("syzran", "chapaevsk", "")
    }

    own = [entry.pk for entry in (town, shared, type(shared).objects.get(title="Мост"))]
    assert seen["syzran"] == sorted(own)
    assert seen["chapaevsk"] == sorted([other_town.pk, type(shared).objects.get(title="Чужая").pk])
    assert len(seen[""]) == 5


def test_ledger_is_about_one_region(client, town, other_region):
    abroad = factories.make(type(town), region=other_region, name="Балаково", slug="balakovo", kind="town")
    for place, title in ((town, "Мост"), (abroad, "Порт")):
        moved(factories.measure(place, title=title), DAY(2027, 12, 31), DAY(2028, 1, 1))

    shown = [
        [entry.subject.title for entry in client.get("/programme/changes/", {"region": slug}).context["entries"]]
        for slug in ("samara-oblast", "saratov-oblast")
    ]

    assert shown == [["Мост"], ["Порт"]]


def test_ledger_without_lines_says_what_will_come(client, region):
    assert text(client.get("/programme/changes/"), "div", css="empty") == (
        "Обещаний пока не меняли. Когда срок перенесут, план снизят или меру отменят, здесь появится строка "
        "с прежним и новым обещанием, причиной и документом."
    )


def test_ledger_filter_with_nonsense_says_so(client, town):
    response = client.get("/programme/changes/", {"town": "atlantida"})

    assert (response.status_code, text(response, "h2", id="h-list")) == (200, "Проверьте отбор")


def test_ledger_stands_on_an_empty_site(client, db):
    assert client.get("/programme/changes/").status_code == 200


def test_ledger_goes_on_page_by_page_newest_first(client, town):
    direction = factories.direction(town.region)
    for number in range(60):
        measure = factories.measure(town, direction=direction)
        moved(measure, measure.due, DAY(2028, 1, 1), decided_on=DAY(2026, 1, 1) + datetime.timedelta(days=number))

    pages = [client.get("/programme/changes/", {"page": number}) for number in (1, 2)]

    days = [entry.decided_on for page in pages for entry in page.context["entries"]]
    assert days == sorted(days, reverse=True)
    assert (len(set(days)), client.get("/programme/changes/", {"page": 3}).status_code) == (60, 404)


@pytest.mark.parametrize("rows", [1, 3])
def test_ledger_costs_the_same_with_any_number_of_rows(queries, town, decider, rows):
    direction = factories.direction(town.region)
    act = factories.document(town)
    for _row in range(rows):
        measure = factories.measure(town, direction=direction)
        report = reported(measure, shows=[PAPER])
        moved(measure, measure.due, DAY(2028, 1, 1), report=report, document=act, created_by=decider)
        target(factories.priority(factories.strategy(town))).change_target(8, reason="Нет денег", by=decider)
        factories.measure(town, direction=direction, cancel_act=act).move_to("cancelled", by=decider, reason="Нет")

    assert queries("/programme/changes/?town=syzran") == 11


def test_measure_page_leads_to_the_ledger(client, town):
    measure = factories.measure(town)
    moved(measure, measure.due, DAY(2028, 1, 1))

    assert 'href="/programme/changes/"' in client.get(measure.get_absolute_url()).content.decode()


def test_indicator_shows_its_former_target_and_why_it_changed(client, town, decider):
    value = target(factories.priority(factories.strategy(town)), first=10)
    value.change_target(8, reason="Нет денег", by=decider)

    response = client.get(value.indicator.priority.get_absolute_url())

    assert text(response, "s") == "10"
    assert texts(response, "span", css="cellnote")[0].endswith(": 10 → 8. Нет денег")


def test_ledger_sets_no_cookie(client, region):
    assert dict(client.get("/programme/changes/").cookies) == {}


def test_single_figure_of_a_town_shows_its_former_target_and_the_deviation(client, town, decider):
    value = target(town, year=2024, actual=8, deviation_reason="Не успели")
    value.change_target(9, reason="Нет денег", by=decider)

    shown = texts(client.get("/towns/syzran/figures/"), "td", css="num")

    assert shown == ["10 9", "8, −11 % Хуже планаНе успели"]
