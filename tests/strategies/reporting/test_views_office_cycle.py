"""The office's reporting periods: opened by a button, watched by town, closed after a question."""

import pytest
from django.utils import timezone

from accounts.models import JournalEntry, Role
from municipalities.numbers import NBSP, days
from strategies import periods
from strategies.models import Measure, Programme, ReportingCycle
from tests import factories
from tests.conftest import StrictClient, person
from tests.pages import text, texts

CYCLES = "/office/cycles/"


def browser(someone):
    """A browser of a person."""
    client = StrictClient()
    client.force_login(someone)
    return client


def url(cycle):
    """The page of a period."""
    return f"{CYCLES}{cycle.pk}/"


@pytest.fixture
def programme(region):
    return factories.programme(region, title="Малые города")


@pytest.fixture
def direction(region, programme):
    return factories.direction(region, programme=programme)


@pytest.fixture
def last():
    """(year, period, its code) of the last finished quarter."""
    year, period = periods.last_finished("quarter", timezone.localdate())
    return year, period, periods.code(year, period)


def ask_to_open(client, programme, code):
    """Press «Открыть приём»."""
    return client.post(CYCLES, {"programme": programme.pk, "period": code})


# ——— Opening ———


@pytest.mark.parametrize(
    ("who", "codes"),
    [
        ("head", (403, 403)), ("outsider", (403, 403)), ("editor", (403, 403)), ("wg_member", (403, 403)),
        ("other_approver", (200, 404)), ("region_admin", (200, 403)),
    ],
)  # fmt: skip
def test_period_is_not_opened_by_a_stranger(request, programme, last, who, codes):
    client = browser(request.getfixturevalue(who))

    assert (client.get(CYCLES).status_code, ask_to_open(client, programme, last[2]).status_code) == codes
    assert ReportingCycle.objects.count() == 0


@pytest.mark.parametrize("who", ["region_editor", "approver"])
def test_period_is_opened_by_a_button(request, programme, last, who):
    someone = request.getfixturevalue(who)
    client = browser(someone)
    assert [row["code"] for row in client.get(CYCLES).context["to_open"]] == [last[2]]

    response = ask_to_open(client, programme, last[2])

    cycle = ReportingCycle.objects.get()
    assert response.url == url(cycle)
    assert (cycle.year, cycle.period, cycle.status, cycle.created_by) == (*last[:2], "open", someone)
    assert texts(client.get(response.url), "div", css="messages") == [
        f"Приём отчётов открыт: {cycle.period_label}. Ждём 0 отчётов."
    ]
    assert client.get(CYCLES).context["to_open"] == []
    assert "Открывать нечего." in text(client.get(CYCLES), "main")


def test_period_opened_twice_stays_one(programme, last, approver, region_editor):
    ask_to_open(browser(region_editor), programme, last[2])

    response = browser(approver).post(CYCLES, {"programme": programme.pk, "period": last[2]}, follow=True)

    assert "Приём уже был открыт" in text(response, "div", css="messages")
    assert JournalEntry.objects.about(ReportingCycle.objects.get()).count() == 1


@pytest.mark.parametrize(
    ("number", "code", "answer"),
    [(None, "2001-q1", 302), (None, "2099-q1", 302), (None, "2026-h1", 302), (None, "вчера", 404), ("x", None, 404),
     ("9" * 30, None, 404), ("0", None, 404)],
)  # fmt: skip
def test_period_by_a_forged_form_is_not_opened(programme, last, approver, number, code, answer):
    response = browser(approver).post(CYCLES, {"programme": number or programme.pk, "period": code or last[2]})

    assert response.status_code == answer
    assert ReportingCycle.objects.count() == 0


def test_periods_of_programmes_that_are_not_in_force_are_not_offered(region, approver, last):
    prepared = factories.programme(region, status="prepared")
    client = browser(approver)

    response = client.get(CYCLES)

    assert "Программ, которые действуют, нет." in text(response, "main")
    assert ask_to_open(client, prepared, last[2]).status_code == 404


def test_periods_of_other_programmes_stand_apart(region, approver, programme):
    state = factories.programme(region, kind=Programme.Kind.STATE, rhythm="year")

    context = browser(approver).get(CYCLES).context

    assert [row["programme"] for row in context["to_open"]] == [programme]
    assert [(row["programme"], row["code"]) for row in context["to_open_other"]] == [
        (state, f"{timezone.localdate().year - 1}-year")
    ]


def test_list_counts_what_came(town, direction, programme, editor, approver, other_approver):
    measures = [factories.measure(town, direction=direction) for _number in range(3)]
    factories.cycle(programme)
    factories.report(measures[0], by=editor, status="submitted")

    response = browser(approver).get(CYCLES)

    assert texts(response, "tr")[1:] == [
        "I квартал 2026 года, Малые города Малые города Идёт приём 15 апреля 2026 1 из 3"
    ]
    assert texts(browser(other_approver).get(CYCLES), "tr") == []


# ——— One period ———


def test_period_names_who_has_not_reported_and_whom_to_ask(
    town, other_town, region, direction, programme, head, editor, approver
):
    type(head).objects.filter(pk=head.pk).update(first_name="Иван", last_name="Котов", post="глава города")
    owned = factories.measure(town, title="Аллея", direction=direction, owner=editor)
    drafted = factories.measure(town, title="Бассейн", direction=direction)
    sent = factories.measure(town, title="Сдана", direction=direction)
    returned = factories.measure(other_town, title="Вокзал", direction=direction)
    factories.measure(region, title="Форум", direction=direction)
    cycle = factories.cycle(programme)
    factories.report(drafted, by=editor)
    factories.report(sent, by=editor, status="submitted")
    factories.report(returned, by=editor, status="submitted").move_to("returned", by=approver, reason="Где фото?")

    response = browser(approver).get(url(cycle))

    late = days((timezone.localdate() - cycle.due_on).days).replace(NBSP, " ")
    told = [
        (text_of["town"] and text_of["town"].name, text_of["head"], [row.subject.title for row in text_of["rows"]])
        for text_of in response.context["towns"]
    ]
    assert told == [
        ("Сызрань", "глава города Иван Котов", ["Аллея", "Бассейн"]), ("Чапаевск", "", ["Вокзал"]),
        (None, "", ["Форум"]),
    ]  # fmt: skip
    page = text(response, "main")
    assert "Спросить: глава города Иван Котов" in page
    assert "Кого спросить, неизвестно: имени главы города нет" in page
    assert "Отвечает syzran-editor." in page
    assert "Просили поправить: Где фото?" in page
    assert [one.split()[0] for one in texts(response, "span", css="st")[1:]] == [
        "Просрочено",
        "Черновик",
        "На",
        "Просрочено",
    ]
    assert f"Просрочено на {late}" in page
    assert response.context["counts"] == {
        "asked": 5, "received": 1, "published": 0, "waiting": 1, "returned": 1, "draft": 1, "nothing": 2, "released": 0,
    }  # fmt: skip
    assert owned.title in page


def test_period_in_time_says_only_that_there_is_no_report(town, direction, programme, approver):
    factories.measure(town, direction=direction)
    cycle = factories.cycle(programme)
    ReportingCycle.objects.update(due_on=timezone.localdate())

    response = browser(approver).get(url(cycle))

    assert texts(response, "span", css="st") == ["Идёт приём", "Отчётов нет"]


def test_period_does_not_wait_for_what_is_finished_meanwhile(town, direction, programme, approver):
    finished, waits = (factories.measure(town, direction=direction) for _number in range(2))
    cycle = factories.cycle(programme)
    Measure.objects.filter(pk=finished.pk).update(status="done", percent=100)
    client = browser(approver)

    response = client.get(url(cycle))

    counts = response.context["counts"]
    assert (counts["asked"], counts["received"], counts["nothing"], counts["released"]) == (2, 0, 1, 1)
    assert [row.subject for row in response.context["rows"]] == [waits]
    assert texts(client.get(f"{url(cycle)}close/"), "tr")[1:] == ["Сызрань 1"]


def test_period_that_everybody_reported_on(town, direction, programme, editor, approver):
    factories.report(factories.measure(town, direction=direction), by=editor, status="published")

    response = browser(approver).get(url(factories.cycle(programme)))

    assert text(response, "div", css="empty") == "Отчитались все. По этому периоду 1 отчёт, ждать больше нечего."


def test_period_of_nothing_says_why(programme, approver):
    response = browser(approver).get(url(factories.cycle(programme)))

    assert text(response, "div", css="empty").startswith("Отчитываться не о чем.")


@pytest.mark.parametrize(
    ("who", "answers"),
    [("head", (403, 403, 403)), ("wg_member", (403, 403, 403)), ("other_approver", (404, 404, 404)),
     ("region_editor", (200, 403, 403)), ("region_admin", (200, 403, 403))],
)  # fmt: skip
def test_period_is_not_closed_by_a_stranger(request, programme, who, answers):
    cycle = factories.cycle(programme)
    client = browser(request.getfixturevalue(who))

    seen = (
        client.get(url(cycle)).status_code,
        client.get(f"{url(cycle)}close/").status_code,
        client.post(f"{url(cycle)}close/", {"seen_version": cycle.row_version}).status_code,
    )

    assert seen == answers
    assert ReportingCycle.objects.get().status == "open"


def test_period_is_closed_after_a_question(town, other_town, direction, programme, editor, approver, region_editor):
    measures = [factories.measure(place, direction=direction) for place in (town, town, other_town)]
    waits = factories.measure(town, direction=direction)
    cycle = factories.cycle(programme)
    factories.report(measures[0], by=editor, status="submitted").move_to("published", by=approver)
    factories.report(waits, by=editor, status="submitted")
    client = browser(approver)
    assert "Закрыть период" in texts(client.get(url(cycle)), "a", css="btn")
    assert "Закрыть период" not in texts(browser(region_editor).get(url(cycle)), "a", css="btn")

    question = client.get(f"{url(cycle)}close/")

    assert texts(question, "tr")[1:] == ["Сызрань 1", "Чапаевск 1"]
    assert "Ждёт проверки: 1 отчёт." in text(question, "div", css="note")
    assert "Сдано 2 из 4." in text(question, "main")
    seen = question.context["form"]["seen_version"].value()
    response = client.post(f"{url(cycle)}close/", {"seen_version": seen}, follow=True)
    assert text(response, "div", css="messages") == (
        "Период закрыт: I квартал 2026 года. Опубликованное сохранено как есть."
    )
    assert response.context["counts"] == {"asked": 4, "published": 1, "received": 1, "nothing": 3}
    assert "После закрытия ничего не пришло." in text(response, "main")
    # A closed period has nothing to ask.
    assert client.get(f"{url(cycle)}close/").url == url(cycle)


def test_period_closed_by_two_at_once_is_closed_once(programme, approver):
    cycle = factories.cycle(programme)
    client = browser(approver)
    data = {"seen_version": cycle.row_version}
    client.post(f"{url(cycle)}close/", data)

    response = client.post(f"{url(cycle)}close/", data, follow=True)

    assert "Запись уже изменил кто-то другой." in text(response, "div", css="messages")
    assert JournalEntry.objects.about(cycle).filter(to_status="closed").count() == 1


def test_period_is_not_closed_without_having_been_seen(programme, approver):
    cycle = factories.cycle(programme)

    response = browser(approver).post(f"{url(cycle)}close/", {})

    assert response.url == f"{url(cycle)}close/"
    assert ReportingCycle.objects.get().status == "open"


def test_period_closed_early_is_warned_of(programme, approver):
    cycle = factories.cycle(programme)
    ReportingCycle.objects.update(due_on=timezone.localdate())

    question = browser(approver).get(f"{url(cycle)}close/")

    assert "Срок сдачи ещё не прошёл." in text(question, "div", css="note--warn")


def test_closed_period_shows_what_came_later_beside_what_it_kept(town, direction, programme, editor, approver):
    measure = factories.measure(town, title="Аллея", direction=direction)
    late = factories.measure(town, title="Бассейн", direction=direction)
    cycle = factories.cycle(programme)
    first = factories.report(measure, by=editor, status="submitted")
    first.move_to("published", by=approver)
    cycle.move_to("closed", by=approver)
    for report in (
        factories.report(measure, by=editor, status="submitted", corrects=first, percent=30),
        factories.report(late, by=editor, status="submitted", percent=10),
    ):
        report.move_to("published", by=approver)

    response = browser(approver).get(url(cycle))

    rows = texts(response, "tr")[1:]
    assert [row.split(" опубликован")[0] for row in rows] == [
        "Аллея Выполняется 40 % Выполняется 30 %", "Бассейн отчёта не было Выполняется 10 %",
    ]  # fmt: skip
    assert [row.subject.title for row in response.context["rows"]] == ["Бассейн"]


# ——— The price ———


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize(("address", "queries"), [("list", 8), ("open", 11), ("close", 8), ("closed", 12)])
def test_periods_cost_the_same_for_any_number_of_reports(
    town, other_town, direction, programme, approver, editor, address, queries, number, django_assert_num_queries
):
    measures = [factories.measure(town, direction=direction, owner=editor) for _number in range(number)]
    person("other-head", Role.MUNICIPAL_HEAD, municipality=other_town)
    cycle = factories.cycle(programme)
    if address == "closed":
        cycle.move_to("closed", by=approver)
        for measure in measures:
            factories.report(measure, by=editor, status="published")
    else:
        factories.report(measures[0], by=editor)
    client = browser(approver)
    at = {"list": CYCLES, "close": f"{url(cycle)}close/"}.get(address, url(cycle))
    client.get(at)

    with django_assert_num_queries(queries):
        response = client.get(at)

    assert response.status_code == 200
