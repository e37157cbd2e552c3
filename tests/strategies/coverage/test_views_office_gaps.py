"""Gaps in the office: the work list, and who closes a gap, by when and why; the region answers, others read."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from strategies.coverage.gaps import Kind
from strategies.models import GapAnswer
from tests import factories
from tests.conftest import StrictClient, person
from tests.pages import text, texts

from .test_gaps import ago, answer, moment

LIST = "/office/programme/gaps/"


def address(subject, kind=Kind.NO_MEASURE):
    return reverse("office:gap", args=[kind, subject.pk])


def ahead(days):
    return timezone.localdate() + datetime.timedelta(days=days)


def said(**fields):
    """A whole answer as the form sends it."""
    return {"decision": "preparing", "responsible": "Минприроды", "owner": "", "due": ahead(30).isoformat(),
            "why": "Ждём изысканий.", "seen": "0"} | fields  # fmt: skip


def titles(response):
    return [gap.subject.title for gap in response.context["gaps"]]


@pytest.fixture
def river(town):
    """A priority without a measure for 40 days."""
    return factories.priority(factories.strategy(town), title="Река", published_at=moment(40))


@pytest.fixture
def editing(client, region_editor):
    client.force_login(region_editor)
    return client


@pytest.fixture
def named_editor(region_editor):
    region_editor.post, region_editor.first_name, region_editor.last_name = "консультант", "Олег", "Петров"
    region_editor.save()
    return region_editor


def test_work_list_shows_gaps_of_the_region_with_what_is_late(editing, river, other_town):
    factories.measure(other_town, title="Причал")

    response = editing.get(LIST)

    assert titles(response) == ["Река", "Причал", "Причал", "Причал"]
    assert texts(response, "dd") == ["1", "4"]
    assert text(response, "h2", id="h-list") == "4 пробела"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"closing": "late"}, ["Река"]),
        ({"closing": "nobody"}, ["Река", "Причал", "Причал", "Причал"]),
        ({"closing": "stays"}, []),
        ({"kind": "no_money"}, ["Причал"]),
        ({"town": "syzran"}, ["Река"]),
        ({"kind": "шум"}, []),
    ],
)
def test_work_list_filters_choose(editing, river, other_town, query, expected):
    factories.measure(other_town, title="Причал")

    assert titles(editing.get(LIST, query)) == expected


def test_towns_read_their_own_gaps_and_are_told_whom_to_ask(client, river, other_town, outsider, head, named_editor):
    factories.measure(other_town, title="Причал")
    shown = {}
    for user in (head, outsider):
        client.force_login(user)
        response = client.get(LIST)
        shown[user] = (set(titles(response)), text(response, "div", css="note"))

    note = "Отвечает на пробелы область. Спросить можно: консультант Олег Петров."
    assert shown == {head: ({"Река"}, note), outsider: ({"Причал"}, note)}


def test_another_region_sees_its_own_gaps_only(client, river, other_approver):
    client.force_login(other_approver)

    assert titles(client.get(LIST, {"region": "samara-oblast"})) == []


@pytest.mark.invariant(52)
def test_region_says_who_closes_a_gap_by_when_and_why(editing, river, region_editor):
    response = editing.post(address(river), said(owner=region_editor.pk))

    kept = GapAnswer.objects.get()
    assert (response.status_code, response.url) == (302, f"{LIST}?kind=no_measure")
    assert (kept.subject, kept.kind, kept.decision, kept.responsible, kept.owner, kept.due, kept.why) == (
        river, "no_measure", "preparing", "Минприроды", region_editor, ahead(30), "Ждём изысканий.",
    )  # fmt: skip
    assert (kept.created_by, kept.history.get().history_user) == (region_editor, region_editor)
    page = StrictClient().get("/programme/gaps/")
    assert texts(page, "td")[0] == "Минприроды"


def test_gap_that_stays_empty_needs_no_day(editing, river):
    editing.post(address(river), said(decision="stays", due=ahead(5).isoformat()))

    assert GapAnswer.objects.values_list("decision", "due").get() == ("stays", None)


@pytest.mark.invariant(52)
@pytest.mark.parametrize(
    ("fields", "field", "error"),
    [
        ({"responsible": " "}, "responsible", "Назовите, кто закрывает пробел."),
        ({"why": ""}, "why", "Напишите, почему пусто: это прочтут все."),
        ({"due": ""}, "due", "Назовите день, к которому пробел закроют."),
        ({"due": "2020-01-01"}, "due", "Этот день уже прошёл: назовите день впереди."),
        ({"decision": "шум"}, "decision", "Выберите корректный вариант. шум нет среди допустимых значений."),
    ],
)
def test_answer_that_lacks_something_is_not_kept_and_typed_words_stay(editing, river, fields, field, error):
    response = editing.post(address(river), said(**{"why": "Набранное", "responsible": "Отдел"} | fields))

    assert (response.status_code, GapAnswer.objects.count()) == (422, 0)
    assert response.context["form"].errors == {field: [error]}
    if field != "why":
        assert text(response, "textarea") == "Набранное"


def test_answer_may_not_name_a_stranger(editing, river, outsider):
    response = editing.post(address(river), said(owner=outsider.pk))

    assert (response.status_code, list(response.context["form"].errors), GapAnswer.objects.count()) == (
        422, ["owner"], 0,
    )  # fmt: skip


def test_answer_is_changed_and_its_past_stays_readable(editing, river, named_editor):
    kept = answer(river, Kind.NO_MEASURE, why="Сначала так.")
    seen = editing.get(address(river)).context["form"]["seen"].value()

    response = editing.post(address(river), said(seen=seen, why="Теперь иначе."))

    assert response.status_code == 302
    kept.refresh_from_db()
    assert kept.why == "Теперь иначе."
    steps = texts(editing.get(address(river)), "p", css="rows__text")
    assert [step.rsplit(". ", 1)[-1] for step in steps] == ["Теперь иначе.", "Сначала так."]


def test_late_answer_may_keep_its_past_day_but_not_get_a_new_one(editing, river):
    kept = answer(river, Kind.NO_MEASURE, due=ago(3))
    seen = kept.history.first().pk

    same = editing.post(address(river), said(seen=seen, due=ago(3).isoformat(), why="Опаздываем."))
    moved = editing.post(address(river), said(seen=kept.history.first().pk, due=ago(1).isoformat()))

    assert (same.status_code, moved.status_code) == (302, 422)
    kept.refresh_from_db()
    assert (kept.due, kept.why) == (ago(3), "Опаздываем.")


def test_two_people_at_once_lose_nothing(editing, river, approver):
    approver.first_name, approver.last_name, approver.post = "Ирина", "Белова", "министр"
    approver.save()
    other = StrictClient()
    other.force_login(approver)
    other.post(address(river), said(why="Первое слово."))

    second = editing.post(address(river), said(why="Второе слово."))

    assert second.status_code == 422
    assert GapAnswer.objects.get().why == "Первое слово."
    assert "ответ изменил министр Ирина Белова" in text(second, "div", css="note--bad")
    assert text(second, "textarea") == "Второе слово."
    assert texts(second, "p", css="rows__text")[0].endswith("Первое слово.")
    again = editing.post(address(river), said(why="Второе слово.", seen=second.context["form"]["seen"].value()))
    assert (again.status_code, GapAnswer.objects.get().why) == (302, "Второе слово.")


def test_gap_of_unconfirmed_measures_leads_to_whose_word_is_missing(client, river, town, region_editor, head):
    link = factories.link(river, factories.measure(town, title="Берег"))
    factories.link(river, factories.measure(town, title="Черновик", status="draft"))
    factories.commitment(link, "region")

    for user in (region_editor, head):
        client.force_login(user)
        page = client.get(address(river, Kind.NOT_AGREED))
        assert texts(page, "ul", css="rows") == ["ждём город Берег"]
        assert reverse("office:commitment", args=[link.pk]) in page.content.decode()


def test_each_gap_leads_to_where_it_is_closed(editing, river, town, region):
    measure = factories.measure(town)
    notes = {kind: text(editing.get(address(measure, kind)), "p", css="note") for kind in ("no_town", "no_owner")}
    notes["no_measure"] = text(editing.get(address(river)), "p", css="note")

    closes = "Как только запись появится, пробел закроется сам."
    assert notes == {
        "no_town": f"Связать с приоритетом можно в карточке меры. {closes}",
        "no_owner": f"Назначить, кто отвечает, можно на странице «Где молчат». {closes}",
        "no_measure": "Связать готовую меру можно в карточке приоритета, внести новую — в мастерской или таблицей. "
        + closes,
    }


def test_day_is_asked_for_while_the_gap_is_being_closed_only(editing, river):
    labels = [texts(editing.get(address(river)), "label")[4]]
    answer(river, Kind.NO_MEASURE, decision="stays", due=None)
    labels.append(texts(editing.get(address(river)), "label")[4])

    assert labels == ["К какому дню", "К какому дню (можно не заполнять)"]


@pytest.mark.parametrize("who", ["head", "editor", "wg_member", "region_admin"])
def test_others_read_the_gap_and_cannot_answer(client, request, river, who):
    answer(river, Kind.NO_MEASURE, why="Ждём изысканий.")
    client.force_login(request.getfixturevalue(who))

    page, refused = client.get(address(river)), client.post(address(river), said(why="Чужое"))

    assert (page.status_code, texts(page, "form", css="form"), refused.status_code) == (200, [], 403)
    assert texts(page, "dd")[-1] == "Ждём изысканий."
    assert GapAnswer.objects.get().why == "Ждём изысканий."


@pytest.mark.parametrize("who", ["outsider", "other_approver"])
def test_strangers_find_no_gap_of_another_town_or_region(client, request, river, town, who):
    poor = factories.measure(town)
    client.force_login(request.getfixturevalue(who))

    codes = [
        (client.get(where).status_code, client.post(where, said()).status_code)
        for where in (address(river), address(poor, Kind.NO_MONEY))
    ]

    assert (codes, GapAnswer.objects.count()) == ([(404, 404)] * 2, 0)


def test_town_named_by_a_region_wide_measure_reads_its_gap(client, region, town, other_town, head, outsider):
    shared = factories.measure(region)
    shared.towns.add(town)
    codes = {}
    for user in (head, outsider):
        client.force_login(user)
        codes[user.username] = client.get(address(shared, Kind.NO_MONEY)).status_code

    assert codes == {"syzran-head": 200, "chapaevsk-head": 404}


def test_gap_of_a_draft_or_of_a_wrong_kind_is_not_there(editing, town, river):
    draft = factories.priority(factories.strategy(town), status="draft")
    wrong = [address(draft), reverse("office:gap", args=["шум".encode().hex(), river.pk]),
             reverse("office:gap", args=["no_money", river.pk])]  # fmt: skip

    assert [editing.get(one).status_code for one in wrong] == [404, 404, 404]


@pytest.mark.invariant(50)
def test_closed_gap_takes_no_answer_and_keeps_the_former_one(editing, river, town):
    answer(river, Kind.NO_MEASURE, why="Прежнее.")
    factories.link(river, factories.measure(town))

    page, posted = editing.get(address(river)), editing.post(address(river), said())

    assert text(page, "div", css="empty").startswith("Этого пробела больше нет.")
    assert (texts(page, "form", css="form"), posted.status_code) == ([], 409)
    assert said()["why"] in texts(posted, "textarea")
    assert GapAnswer.objects.get().why == "Прежнее."


def test_answer_of_a_measure_is_kept_apart_by_kind(editing, town):
    measure = factories.measure(town)

    for kind in (Kind.NO_MONEY, Kind.NO_TOWN):
        assert editing.post(address(measure, kind), said(why=kind)).status_code == 302

    assert set(GapAnswer.objects.values_list("measure", "kind", "why")) == {
        (measure.pk, "no_money", "no_money"), (measure.pk, "no_town", "no_town"),
    }  # fmt: skip


def test_deputy_of_the_region_answers_only_on_days_of_the_role(client, river, region):
    former = person("former", Role.REGION_EDITOR, region=region)
    former.role_assignments.update(valid_to=ago(1))
    client.force_login(former)

    assert (client.get(LIST).status_code, client.post(address(river), said()).status_code) == (403, 403)


@pytest.mark.parametrize("rows", [1, 3])
def test_work_list_asks_the_same_number_of_queries(editing, river, other_town, region, rows, django_assert_num_queries):
    direction = factories.direction(region)
    for _ in range(rows):
        answer(factories.measure(other_town, direction=direction), Kind.NO_MONEY)
    editing.get(LIST)

    with django_assert_num_queries(10):
        editing.get(LIST)
