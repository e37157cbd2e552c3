"""What a page says is so: things are counted and not papers, a figure of the whole needs everybody's word."""

import datetime
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from config.templatetags.site import day
from exchange.papers.visit import visit_words
from municipalities.models import Head, Municipality
from strategies.models import Funding
from tests import factories
from tests.pages import text, texts

SOON = timezone.now() + datetime.timedelta(days=20)


@pytest.fixture
def half_silent(town, editor):
    """A priority with two measures: one is done, of the other nothing was heard."""
    priority = factories.priority(factories.strategy(town))
    done, silent = (factories.measure(town) for _ in range(2))
    for measure in (done, silent):
        factories.link(priority, measure)
    factories.report(done, by=editor, status="published", reported_status="done", percent=100)
    factories.report(done, by=editor, status="published", reported_status="done", percent=100, period="q2")
    type(done).objects.filter(pk=done.pk).update(status="done", percent=100)
    return priority


@pytest.mark.invariant(69)
def test_done_counts_things_and_says_how_many_of_all(client, town, half_silent):
    assert text(client.get("/"), "ul", css="four") == "2 обещано 1 сделано 0 опаздывает 1 без отчётов"
    page = client.get(town.get_absolute_url())
    assert text(page, "ul", css="tally") == (
        "2 обещано 1 из 2 сделано Сделано — значит, отчёт принят 0 опаздывает Срок прошёл, а отчёта нет 1 без отчётов"
    )
    assert text(page, "p", css="lead") == "Городу обещали 2 дела. Сделано 1, о 1 нет отчётов."
    assert "Сызрань: сделано 1 из 2" in page.content.decode()
    assert texts(client.get("/"), "p", css="lead")[1] == "Записано 2 обещания. Сделано 1, о 1 нет отчётов."


@pytest.mark.invariant(70)
def test_figure_of_the_whole_needs_the_word_of_all(client, town, half_silent):
    pages = ["/", "/towns/", town.get_absolute_url(), half_silent.get_absolute_url()]

    shown = {page: text(client.get(page), "main") for page in pages}

    assert {page: re.findall(r"Готово[^.]*100 %", words) for page, words in shown.items()} == dict.fromkeys(pages, [])
    assert "По 1 мере из 2 готово 100 %" in shown[town.get_absolute_url()]
    assert "По 1 мере из 2 готово 100 %" in shown[half_silent.get_absolute_url()]


def test_figure_of_the_whole_is_said_when_all_have_reported(client, town, half_silent, editor):
    silent = half_silent.measure_links.get(measure__percent=None).measure
    factories.report(silent, by=editor, status="published", percent=50)
    type(silent).objects.filter(pk=silent.pk).update(status="in_progress", percent=50)

    assert "Готово в среднем 75 %" in text(client.get(half_silent.get_absolute_url()), "main")


def test_link_of_the_half_silent_is_drawn_half(client, half_silent):
    chain = client.get(half_silent.get_absolute_url()).context["chain"]

    assert (chain.percent, chain.reported, chain.measures, chain.filled) == (100, 1, 2, 50)


def test_map_says_done_of_what_is_done_only(client, town, half_silent):
    town.latitude, town.longitude = 53.1, 48.4
    town.save()

    labels = re.findall(r'aria-label="(Сызрань: [^"]*)"', client.get("/").content.decode())

    assert labels in ([], ["Сызрань: сделано 1 из 2"])


def test_method_page_and_headline_count_the_same(client, town, half_silent):
    page = client.get(reverse("strategies:priority_progress", args=[half_silent.pk]))

    assert page.status_code == 200
    assert len(page.context["progress"].counted) == 1


@pytest.mark.invariant(72)
def test_session_of_the_future_is_ahead_and_lacks_nothing(client, town):
    priority = factories.priority(factories.strategy(town))
    session = factories.session(town, status="announced", starts_at=SOON)
    session.priorities.add(priority)

    words = text(client.get(priority.get_absolute_url()), "main")
    listed = text(client.get(town.get_absolute_url()), "section", id="meeting")

    assert f"О нём будут говорить {day(SOON)}.".replace("\xa0", " ") in words
    assert ("Впереди" in words, day(SOON).replace("\xa0", " ") in listed) == (True, True)
    assert [found for found in (words, listed) if "Протокол не найден" in found] == []


def test_session_of_the_past_without_minutes_says_so(client, town):
    priority = factories.priority(factories.strategy(town))
    factories.session(town, status="held").priorities.add(priority)

    words = text(client.get(priority.get_absolute_url()), "main")

    assert ("О нём говорили на 1 сессии." in words, "Протокол не найден" in words) == (True, True)


def test_town_counts_the_sessions_that_it_lists(client, region, town, other_town):
    factories.session(town, title="Своя")
    factories.session(region, title="Гостья", host=town)
    factories.session(region, title="Общая").towns.add(town, other_town)
    factories.session(town, title="Отменённая", status="cancelled")

    response = client.get(town.get_absolute_url())
    listed = client.get("/sessions/", {"town": town.slug})

    assert response.context["session_total"] == 3
    assert "Всего 3 сессии и обсуждения" in text(response, "section", id="meeting")
    assert {"Своя", "Гостья", "Общая"} <= set(re.findall("Своя|Гостья|Общая", text(listed, "main")))


@pytest.mark.invariant(71)
def test_sums_leave_out_what_was_cancelled_and_say_of_how_many_they_are(client, region, town):
    paid, cancelled, unpaid = (factories.measure(town, title=title) for title in ("Мост", "Пляж", "Сквер"))
    for measure, planned in ((paid, 10_000), (cancelled, 500_000)):
        factories.make(measure.fundings.model, measure=measure, year=2026, source="local", planned=planned)
    type(cancelled).objects.filter(pk=cancelled.pk).update(status="cancelled")

    response = client.get(town.get_absolute_url())

    assert text(response, "ul", css="tally").startswith("2 обещано 10,0 млн на 2026 год, программа действий 0 из 2")
    assert text(response, "p", css="lead") == "Городу обещали 2 дела. Ни об одном не отчитались."
    assert ("510" in text(response, "main"), "Пляж" in text(response, "main")) == (False, False)
    assert "510" not in texts(client.get("/"), "p", css="chain-row__text")[2]


def test_measures_of_several_towns_are_counted_apart_where_they_are_listed(client, region, town, other_town):
    factories.measure(town)
    for _number in range(2):
        factories.measure(region).towns.add(town, other_town)

    response = client.get(town.get_absolute_url())

    assert text(response, "ul", css="tally").startswith("1 обещано Ещё 2 общих с другими городами 0 из 1 сделано")
    assert text(response, "p", css="lead").startswith("Городу обещали 1 дело.")
    assert len(texts(response, "p", css="deed__sum")) == 3


@pytest.mark.invariant(73)
@pytest.mark.parametrize(
    ("kind", "waits"),
    [("proposal", True), ("remark", True), ("position", True), ("thesis", False), ("instruction", False)],
)
def test_only_what_asks_waits_for_an_answer(client, town, kind, waits):
    session = factories.session(town)
    proposal = factories.proposal(
        town, status="new", kind=kind, channel="source", session=session, said_on="2018-06-22"
    )

    page = text(client.get(proposal.get_absolute_url()), "main")
    listed = client.get("/proposals/", {"status": "waiting"})
    outcomes = client.get(reverse("sessions:session_results", args=[session.slug])).context["outcomes"]

    assert ("Ждёт ответа" in page) is waits
    assert ("Ответа не записано." in page) is not waits
    assert (proposal.number in listed.content.decode()) is waits
    assert (outcomes.waiting, outcomes.not_asked, sum(number for *_kind, number in outcomes.answers)) == (
        waits,
        not waits,
        1,
    )


def test_promised_answer_is_waited_for_whatever_the_words_are(client, town):
    due = timezone.localdate() + datetime.timedelta(days=5)
    proposal = factories.proposal(town, status="new", kind="thesis", channel="hall", answer_due=due)

    assert "Ответ обещан до" in text(client.get(proposal.get_absolute_url()), "main")


@pytest.mark.invariant(70)
def test_no_tick_stands_on_silence(client, town, editor):
    silent, heard = (factories.measure(town, start=None, published_at=timezone.now()) for _number in range(2))
    factories.report(heard, by=editor, status="published", published_at=timezone.now())

    words = [text(client.get(one.get_absolute_url()), "p", css="fresh") for one in (silent, heard)]

    assert words[0].startswith("Отчётов не было, считаем с")
    assert words[1].startswith("Сведения сегодняшние Последний отчёт вышел")


@pytest.mark.parametrize(
    ("since", "until", "shown"),
    [
        ("2020", "", "глава округа Иван Ильин (с 2020 года)"),
        ("2020", "2125-12", "глава округа Иван Ильин (до декабря 2125 года)"),
        ("2020", "2025-12-10", "кто глава сейчас, не найдено; до 10 декабря 2025 года — Иван Ильин"),
        ("", "", "кто глава сейчас, не найдено; в источниках без дат — Иван Ильин"),
    ],
)
def test_nobody_is_head_after_the_term_or_without_dates(client, town, head, since, until, shown):
    factories.make(Head, municipality=town, name="Иван Ильин", post="глава округа", since=since, until=until)

    assert shown in text(client.get(town.get_absolute_url()), "ul", css="head__meta").replace("\xa0", " ")
    card = visit_words(Municipality.objects.with_region().with_people().get(pk=town.pk), timezone.localdate())
    assert ("не найдено" in card["head"]) is ("не найдено" in shown)


@pytest.mark.invariant(78)
def test_plan_and_fact_are_compared_where_both_are_known(client, region, town):
    measure = factories.measure(town)
    for year, planned, spent in ((2025, 1000, 900), (2026, 1000, None), (2027, None, 50)):
        factories.make(Funding, measure=measure, year=year, source="local", planned=planned, spent=spent)

    page = text(client.get(measure.get_absolute_url()), "section", id="money").replace("\xa0", " ")
    assert "−10 %" in page
    assert "2 строки в отклонение не вошли: известна только одна сумма." in page
