"""The office's handing over: where, whose, what exactly, to whom and why; then the act to be printed."""

import pytest
from model_bakery import baker

from strategies.models import Handover, Measure
from tests import factories
from tests.conftest import StrictClient
from tests.pages import text, texts

ACTS, NEW = "/office/handovers/", "/office/handovers/new/"


def browser(someone):
    """A browser of a person."""
    client = StrictClient()
    client.force_login(someone)
    return client


def act_of(town, giver, taker):
    """An act of a town."""
    return Handover.perform(
        territory=(town.region_id, town.pk), from_user=giver, to_user=taker, reason="Назначение", by=taker
    )


def owners():
    """Logins of the owners of measures."""
    return list(Measure.objects.order_by("pk").values_list("owner__username", flat=True))


# ——— Acts ———


def test_acts_are_listed_in_their_territory(town, editor, head, outsider, approver, other_approver):
    factories.measure(town, owner=editor)
    act = act_of(town, editor, head)

    rows = texts(browser(head).get(ACTS), "tr")

    assert rows[1].split(" от ")[0] == f"№ {act.pk}"
    assert rows[1].endswith("Сызрань syzran-editor syzran-head 1")
    seen = {one.username: len(browser(one).get(ACTS).context["acts"]) for one in (outsider, approver, other_approver)}
    assert seen == {"chapaevsk-head": 0, "approver": 1, "other-approver": 0}


def test_acts_are_none_yet(editor, head):
    assert text(browser(editor).get(ACTS), "div", css="empty").startswith("Актов нет.")
    assert texts(browser(editor).get(ACTS), "a", css="btn") == []
    assert texts(browser(head).get(ACTS), "a", css="btn") == ["Передать дела"]


def test_act_is_printable_with_its_list_and_signatures(town, editor, head):
    type(head).objects.filter(pk=head.pk).update(first_name="Иван", last_name="Котов", post="глава города")
    head.refresh_from_db()
    measure = factories.measure(town, title="Аллея", owner=editor)
    factories.priority(factories.strategy(town), title="Тихие дворы", owner=editor)
    factories.report(measure, by=editor)
    act = act_of(town, editor, head)

    response = browser(editor).get(act.get_absolute_url())

    assert text(response, "h1") == f"Акт передачи дел № {act.pk}"
    assert texts(response, "tr")[1:] == [
        "1 Аллея мера запланировано 31 декабря 2027",
        "2 Тихие дворы приоритет опубликован —",
        "3 I квартал 2026 года: Аллея отчёт черновик —",
    ]
    assert texts(response, "p", css="signs__line") == ["Передал(а) syzran-editor", "Принял(а) глава города Иван Котов"]
    assert "Основание Назначение" in text(response, "dl")
    assert "Всего: 3 дела." in text(response, "main")


def test_act_is_not_opened_by_a_stranger(client, town, editor, head, outsider, other_approver, admin_user):
    factories.measure(town, owner=editor)
    url = act_of(town, editor, head).get_absolute_url()

    assert client.get(url).status_code == 302
    assert [browser(one).get(url).status_code for one in (outsider, other_approver, admin_user)] == [404, 404, 403]


# ——— A new act ———


@pytest.mark.parametrize("who", ["editor", "wg_member"])
def test_new_act_is_not_for_those_who_may_not_hand_over(request, town, editor, head, who):
    factories.measure(town, owner=editor)
    client = browser(request.getfixturevalue(who))

    codes = (client.get(NEW).status_code, client.post(f"{NEW}?place=town-{town.pk}&from={editor.pk}").status_code)

    assert codes == (403, 403)
    assert (Handover.objects.count(), owners()) == (0, ["syzran-editor"])


def test_head_chooses_whose_duties_and_sees_them_all(town, head, editor, approver):
    measure = factories.measure(town, title="Аллея", owner=editor)
    factories.measure(town, title="Ничья")
    factories.priority(factories.strategy(town), title="Тихие дворы", owner=editor)
    factories.report(measure, by=editor)
    client = browser(head)

    people = client.get(NEW)
    assert text(people, "strong") == "Сызрань, глава города"
    assert text(people, "ul", css="rows") == (
        "syzran-editor 1 мера, 1 приоритет Ничьи дела 1 мера, 0 приоритетов: никто не отвечает лично"
    )
    preview = client.get(f"{NEW}?place=town-{town.pk}&from={editor.pk}")
    assert texts(preview, "tr")[1:] == [
        "Аллея мера Запланировано 31 декабря 2027",
        "Тихие дворы приоритет Опубликован —",
        "I квартал 2026 года: Аллея отчёт Черновик —",
    ]
    assert texts(preview, "option") == ["Выберите человека", "approver", "syzran-head"]

    response = client.post(
        f"{NEW}?place=town-{town.pk}&from={editor.pk}", {"to_user": head.pk, "reason": "Отпуск"}, follow=True
    )

    act = Handover.objects.get()
    assert response.redirect_chain == [(act.get_absolute_url(), 302)]
    assert (act.from_user, act.to_user, act.reason, act.created_by, act.items.count()) == (
        editor, head, "Отпуск", head, 3,
    )  # fmt: skip
    assert text(response, "div", css="messages") == "Дела переданы. Распечатайте акт и подпишите."
    assert owners() == ["syzran-head", None]


def test_nobody_s_duties_are_taken_by_oneself(town, head):
    factories.measure(town)
    url = f"{NEW}?place=town-{town.pk}&from=nobody&to=me"
    client = browser(head)

    assert client.get(url).context["form"]["to_user"].value() == head.pk
    client.post(url, {"to_user": head.pk, "reason": "Назначение"})

    assert owners() == ["syzran-head"]
    assert Handover.objects.get().from_user is None


def test_region_chooses_the_place_first(region, town, other_town, approver, other_region):
    factories.measure(town)
    factories.priority(factories.strategy(other_town))
    baker.make("municipalities.Municipality", region=region, name="Пустой", slug="empty")
    factories.measure(baker.make("municipalities.Municipality", region=other_region, name="Чужой", slug="foreign"))

    response = browser(approver).get(NEW)

    assert texts(response, "option") == [
        "Выберите место", "Самарская область: меры на весь регион", "Сызрань", "Чапаевск",
    ]  # fmt: skip


def test_region_passes_on_measures_on_the_whole_region(region, region_editor, approver):
    factories.measure(region, owner=region_editor)

    browser(approver).post(
        f"{NEW}?place=region-{region.pk}&from={region_editor.pk}", {"to_user": approver.pk, "reason": "Отпуск"}
    )

    assert owners() == ["approver"]
    assert Handover.objects.get().territory == (region.pk, None)


def test_head_reaches_no_other_place(town, other_town, region, head, outsider, editor):
    factories.measure(town, owner=editor)
    data = {"to_user": outsider.pk, "reason": "Отпуск"}
    client = browser(outsider)

    for place in (f"town-{town.pk}", f"region-{region.pk}", "town-x", "x", f"town-{'9' * 30}"):
        url = f"{NEW}?place={place}&from={editor.pk}"
        assert (client.get(url).status_code, client.post(url, data).status_code) == (404, 404)
    # Not even by naming the person without the place: their own town has nothing of theirs.
    assert client.post(f"{NEW}?from={editor.pk}", data).status_code == 404
    assert (Handover.objects.count(), owners()) == (0, ["syzran-editor"])


@pytest.mark.parametrize(
    ("taker", "reason", "told"),
    [
        ("", "Отпуск", "Выберите, кто принимает дела."),
        ("outsider", "Отпуск", "Выберите корректный вариант. Вашего варианта нет среди допустимых значений."),
        ("wg_member", "Отпуск", "Выберите корректный вариант. Вашего варианта нет среди допустимых значений."),
        ("editor", "Отпуск", "Выберите корректный вариант. Вашего варианта нет среди допустимых значений."),
        ("head", "   ", "Напишите основание: без него акт не составить."),
    ],
)
def test_new_act_tells_what_is_wrong_and_keeps_what_was_typed(request, town, head, editor, taker, reason, told):
    factories.measure(town, owner=editor)
    to_user = request.getfixturevalue(taker).pk if taker else ""
    url = f"{NEW}?place=town-{town.pk}&from={editor.pk}"

    response = browser(head).post(url, {"to_user": to_user, "reason": reason})

    assert (response.status_code, text(response, "p", css="field__error")) == (422, told)
    assert response.context["form"]["reason"].value() == reason
    assert (Handover.objects.count(), owners()) == (0, ["syzran-editor"])


def test_whoever_hands_over_second_is_told_that_nothing_is_left(town, head, editor, approver):
    """The page was open when a colleague was quicker: it is no missing page. Of a stranger it stays one."""
    factories.measure(town, owner=editor)
    url, data = f"{NEW}?place=town-{town.pk}&from={editor.pk}", {"to_user": head.pk, "reason": "Отпуск"}
    assert browser(head).post(url, data).status_code == 302

    late = browser(head).post(url, data)

    assert (late.status_code, Handover.objects.count()) == (422, 1)
    assert "Открытых дел за этим человеком здесь не осталось." in text(late, "div", css="empty")
    assert browser(head).post(f"{NEW}?place=town-{town.pk}&from={approver.pk}", data).status_code == 404


def test_new_act_for_duties_that_are_gone_meanwhile_is_refused(town, head, editor, approver):
    factories.measure(town, owner=editor)
    url = f"{NEW}?place=town-{town.pk}&from=nobody"

    response = browser(head).post(url, {"to_user": approver.pk, "reason": "Отпуск"})

    assert response.status_code == 422
    assert "Передавать нечего" in text(response, "main")
    assert Handover.objects.count() == 0


def test_new_act_with_nothing_at_all_says_so(head, region_admin):
    assert "Передавать нечего." in text(browser(head).get(NEW), "main")
    assert browser(head).post(NEW, {"to_user": head.pk, "reason": "Отпуск"}).status_code == 422
    assert "Передавать нечего." in text(browser(region_admin).get(NEW), "main")


# ——— The price ———


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize(("address", "queries"), [("people", 9), ("preview", 11), ("act", 5), ("acts", 4)])
def test_handing_over_costs_the_same_for_any_number_of_duties(
    town, head, editor, approver, address, queries, number, django_assert_num_queries
):
    direction = factories.direction(town.region)
    strategy = factories.strategy(town)
    for _number in range(number):
        factories.priority(strategy, owner=editor)
        factories.report(factories.measure(town, direction=direction, owner=editor), by=editor)
    place = f"{NEW}?place=town-{town.pk}"
    at = {"people": place, "preview": f"{place}&from={editor.pk}", "acts": ACTS}.get(address)
    if address in {"act", "acts"}:
        at = at or act_of(town, editor, head).get_absolute_url()
    client = browser(head)
    client.get(at)

    with django_assert_num_queries(queries):
        response = client.get(at)

    assert response.status_code == 200
