"""The two sides' promises in the office: each side writes, gives and takes back its own word only."""

import itertools

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from model_bakery import baker

from accounts.models import JournalEntry, Role, RoleAssignment
from strategies.models import Commitment, Side
from tests import factories
from tests.conftest import StrictClient
from tests.pages import text, texts

LIST = "/office/commitments/"
FILLED = {"kind": "fund", "amount": "1 234,5", "year": "2027", "condition": "при софинансировании", "seen_version": ""}
OF_TOWN = FILLED | {"kind": "cofund"}
PEOPLE = ["head", "editor", "outsider", "region_editor", "approver", "region_admin", "wg_member", "other_approver"]


@pytest.fixture
def link(town):
    strategy = factories.strategy(town, status="approved")
    priority = factories.priority(strategy, title="Набережная")
    return factories.link(priority, factories.measure(town, title="Аллея", sources="https://example.org/a"))


def url(link):
    return f"{LIST}{link.pk}/"


def browser(person):
    client = StrictClient()
    client.force_login(person)
    return client


def words():
    """[(side, status, amount)] of all promises."""
    return [(one.side, one.status, one.amount) for one in Commitment.objects.order_by("pk")]


def ticked(draft):
    """What a tick on the list says: the draft as it was seen."""
    return f"{draft.pk}-{draft.row_version}"


def told(response):
    return [str(message) for message in response.context["messages"]]


@pytest.mark.invariant(54)
def test_side_is_spoken_for_by_its_own_people_only(link, request, case):
    """Roles × actions × sides: nobody writes, gives or takes back for the other side."""
    browsers = {actor: browser(request.getfixturevalue(actor)) for actor in PEOPLE}
    for actor, do, side in itertools.product(PEOPLE, ["save", "confirm", "withdraw"], ["region", "town"]):
        with case(f"{actor} {do} {side}"):
            speak(browsers[actor], link, actor, do, side)


def speak(client, link, actor, do, side):
    """One of them tries to write, to give or to take back for a side: done, or refused and nothing changed."""
    if do == "withdraw":
        given = factories.commitment(link, side)
    before = words()
    may = {
        ("region", "save"): {"region_editor", "approver"}, ("town", "save"): {"editor", "head"},
        ("region", "confirm"): {"approver"}, ("town", "confirm"): {"head"},
        ("region", "withdraw"): {"approver"}, ("town", "withdraw"): {"head"},
    }[side, do]  # fmt: skip
    filled = {"region": FILLED, "town": OF_TOWN}[side]
    if do == "withdraw":
        filled = {"given": given.pk, "seen_version": given.row_version}

    response = client.post(url(link), {"side": side, "do": do, "reason": "Денег нет"} | filled)

    if actor in may:
        assert response.status_code == 302
        assert [status for _side, status, _amount in words()] == [
            {"save": "draft", "confirm": "confirmed", "withdraw": "withdrawn"}[do]
        ]
    else:
        assert response.status_code == (404 if actor in {"outsider", "other_approver"} else 403)
        assert words() == before


def test_visitor_signs_in_first(client, link):
    assert client.get(LIST).status_code == 302
    refused = client.post(url(link), {"side": "town", "do": "confirm"} | OF_TOWN)
    assert (refused.status_code, texts(refused, "textarea")) == (403, ["1 234,5", "при софинансировании"])
    assert words() == []


@pytest.mark.invariant(55)
def test_side_never_sees_the_draft_of_the_other(link, request, case):
    for side in Side:
        factories.commitment(link, side, status="draft", condition=f"тайна стороны {side}")
    of_region = ("region_editor", "approver", "wg_member", "region_admin")
    for actor, sees in [("head", "town"), ("editor", "town"), *((one, "region") for one in of_region)]:
        with case(actor):
            client = browser(request.getfixturevalue(actor))
            addresses = (url(link), f"{LIST}?state=drafts", f"{LIST}?state=silent", link.measure.get_absolute_url())

            own, *others = (client.get(address).content.decode() for address in addresses)

            other = {"town": "region", "region": "town"}[sees]
            assert [f"тайна стороны {other}" in page for page in (own, *others)] == [False] * 4
            assert f"тайна стороны {sees}" in own


@pytest.mark.parametrize("actor", ["outsider", "other_approver"])
def test_strangers_find_no_link(link, request, actor):
    factories.commitment(link, "region", condition="видно всем")
    client = browser(request.getfixturevalue(actor))

    assert client.get(url(link)).status_code == 404
    assert "Аллея" not in client.get(LIST).content.decode()


@pytest.mark.parametrize("hidden", ["measure", "priority", "cancelled"])
def test_link_that_is_not_public_is_not_there(link, head, hidden):
    if hidden == "cancelled":
        link.measure.cancel_act = factories.document(link.measure.municipality)
        link.measure.status = "cancelled"
        link.measure.save()
    else:
        record = getattr(link, hidden)
        type(record).objects.filter(pk=record.pk).update(status="draft")

    assert browser(head).get(url(link)).status_code == 404
    assert browser(head).post(url(link), {"side": "town", "do": "confirm"} | OF_TOWN).status_code == 404


def test_promise_is_given_with_the_numbers_people_write(link, head):
    client = browser(head)

    response = client.post(url(link), {"side": "town", "do": "confirm"} | OF_TOWN, follow=True)

    given = Commitment.objects.get()
    assert (given.side, given.kind, given.amount, given.year, given.condition, given.status, given.created_by) == (
        "town", "cofund", 1234.5, 2027, "при софинансировании", "confirmed", head,
    )  # fmt: skip
    assert told(response) == ["Обещание дано: его видят все."]
    assert JournalEntry.objects.about(given).values_list("actor__username", "to_status", "is_public").get() == (
        "syzran-head", "confirmed", True,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "label", "error"),
    [
        ({"year": ""}, "year", "Назовите год: без него обещание не дать."),
        ({"amount": ""}, "amount", "Назовите сумму: вы обещаете деньги."),
        ({"amount": "много"}, "amount", "Введите число."),
        ({"kind": ""}, "kind", "Выберите, что даёте."),
        ({"kind": "fund"}, "kind", "Выберите корректный вариант. fund нет среди допустимых значений."),
    ],
)
def test_promise_that_lacks_something_is_refused_and_nothing_typed_is_lost(link, head, changes, label, error):
    response = browser(head).post(url(link), {"side": "town", "do": "confirm"} | OF_TOWN | changes)

    assert response.status_code == 422
    assert response.context["panels"][0]["form"].errors[label] == [error]
    assert texts(response, "p", css="field__error") == [error]
    assert text(response, "textarea") == "при софинансировании"
    assert words() == []


def test_draft_is_kept_incomplete_and_edited_by_its_side(link, editor, head):
    client = browser(editor)
    client.post(url(link), {"side": "town", "do": "save"} | OF_TOWN | {"amount": ""})
    draft = Commitment.objects.get()

    client.post(url(link), {"side": "town", "do": "save", "seen_version": "1"} | {"kind": "land", "year": "2028"})
    draft.refresh_from_db()
    assert (draft.kind, draft.year, draft.row_version, draft.status) == ("land", 2028, 2, "draft")
    assert "Подтвердить за город" not in client.get(url(link)).content.decode()

    # The head had the page open before: he is told, and his words are not lost.
    late = browser(head).post(
        url(link), {"side": "town", "do": "confirm", "seen_version": "1", "kind": "host", "year": "2026"}
    )
    assert late.status_code == 422
    assert words() == [("town", "draft", None)]
    assert "запись изменил кто-то другой" in text(late, "div", css="note--bad")


def test_promise_taken_back_leaves_room_for_a_new_one(link, approver):
    client = browser(approver)
    client.post(url(link), {"side": "region", "do": "confirm"} | FILLED)
    given = Commitment.objects.get()
    back = {"side": "region", "do": "withdraw", "given": given.pk, "seen_version": given.row_version}
    assert client.post(url(link), back | {"reason": " "}).status_code == 422
    assert client.post(url(link), back | {"reason": "Без причины", "seen_version": "1"}).status_code == 422
    client.post(url(link), back | {"reason": "Средства сняли"})
    client.post(url(link), {"side": "region", "do": "confirm"} | FILLED | {"amount": "500"})

    assert words() == [("region", "withdrawn", 1234.5), ("region", "confirmed", 500)]
    assert Commitment.objects.first().withdrawn_because == "Средства сняли"
    # Given twice: the second is refused, in the words of the rule.
    again = client.post(url(link), {"side": "region", "do": "confirm"} | FILLED)
    said = text(again, "p", css="lead")
    assert said.startswith("Ваша сторона обещание уже дала: чтобы дать другое, отзовите прежнее.")
    assert (again.status_code, texts(again, "textarea")) == (409, ["1 234,5", "при софинансировании"])
    # Nor is the new promise taken back from a page that showed the former one.
    late = client.post(url(link), back | {"reason": "Средства сняли"})
    assert (late.status_code, texts(late, "textarea"), len(words())) == (409, ["Средства сняли"], 2)


@pytest.mark.parametrize("data", [{"side": "town", "do": "delete"}, {"side": "both", "do": "save"}, {}])
def test_unknown_steps_are_not_found(link, head, data):
    assert browser(head).post(url(link), data).status_code == 404


def test_list_shows_what_waits_for_whom_and_for_how_long(link, head, approver):
    factories.commitment(link, "region", days=12)

    of_town = browser(head).get(LIST)
    assert text(of_town, "h1") == "Подтвердите, что даёт город: 1"
    assert texts(of_town, "ul", css="states") == [
        "Ждут нас 1 Черновики 0 Ждём область 0 Никто не обещал 0 Подтвердили оба 0 Отозвано 0"
    ]
    assert texts(of_town, "span", css="rows__date")[0] == "ждут нас 12 дней"
    of_region = browser(approver).get(LIST)
    assert of_region.context["state"] == "theirs"
    assert texts(of_region, "span", css="rows__date")[0] == "ждём город 12 дней"

    factories.commitment(link, "town")
    assert browser(head).get(LIST).context["state"] == "agreed"
    assert text(browser(head).get(f"{LIST}?state=ours"), "div", css="empty").startswith("Ждать вас некому.")


def test_word_that_is_late_says_by_how_many_days(link, head, approver):
    factories.commitment(link, "region", days=45)

    page = browser(head).get(LIST)
    assert texts(page, "p", css="rows__meta")[0].startswith("ждут нас 45 дней Просрочено на 15 дней")
    assert text(page, "p", css="muted").endswith("ждут 30 дней, дольше — опоздание, и его видят все.")
    assert "Просрочено на 15 дней" in texts(browser(head).get("/office/"), "section", css="sec--quiet")[0]
    assert texts(browser(approver).get(LIST), "p", css="rows__meta")[0].startswith("ждём город 45 дней Просрочено на")


@pytest.mark.invariant(54)
def test_one_person_never_speaks_for_both_sides(link, head, region):
    baker.make(RoleAssignment, user=head, role=Role.REGION_APPROVER, region=region, valid_to=None, acting=False)
    client = browser(head)
    client.post(url(link), {"side": "town", "do": "confirm"} | OF_TOWN)

    refused = client.post(url(link), {"side": "region", "do": "confirm", "kind": "do", "year": "2027"})

    said = text(refused, "div", css="note--bad")
    assert said == "Не сохранено. За другую сторону слово дали вы: за эту его даёт другой человек."
    assert list(Commitment.objects.order_by("pk").values_list("side", "status")) == [
        ("town", "confirmed"), ("region", "draft"),
    ]  # fmt: skip


def test_region_filters_by_town(link, other_town, approver, other_region):
    other = factories.link(factories.priority(factories.strategy(other_town)), factories.measure(other_town))
    client = browser(approver)

    assert [row.pk for row in client.get(f"{LIST}?state=silent&town=chapaevsk").context["rows"]] == [other.pk]
    assert len(client.get(f"{LIST}?state=silent").context["rows"]) == 2
    assert client.get(f"{LIST}?state=silent&town=nowhere").context["rows"] == []


def test_head_confirms_ticked_drafts_of_his_own_side_only(link, head, other_town):
    own = factories.commitment(link, "town", status="draft")
    of_region = factories.commitment(link, "region", status="draft")
    foreign = factories.commitment(
        factories.link(factories.priority(factories.strategy(other_town)), factories.measure(other_town)), "town",
        status="draft",
    )  # fmt: skip
    client = browser(head)

    assert client.post(LIST, {"commitment": [ticked(of_region), ticked(foreign)]}).status_code == 404
    assert client.post(LIST, {"commitment": ["x"]}).status_code == 404
    everything = {"commitment": [ticked(own), ticked(of_region), ticked(foreign)]}
    response = client.post(f"{LIST}?state=drafts", everything, follow=True)

    assert told(response) == ["Подтверждено: 1\u00a0обещание."]
    assert dict(Commitment.objects.values_list("pk", "status")) == {
        own.pk: "confirmed", of_region.pk: "draft", foreign.pk: "draft",
    }  # fmt: skip


def test_editor_cannot_confirm_ticked_drafts(link, editor, region_editor):
    drafts = [factories.commitment(link, side, status="draft") for side in ("town", "region")]
    for person in (editor, region_editor):
        assert browser(person).post(LIST, {"commitment": [ticked(draft) for draft in drafts]}).status_code == 403
    assert {status for _side, status, _amount in words()} == {"draft"}


def test_ticked_draft_that_is_not_ready_is_told_and_stays(link, head):
    draft = factories.commitment(link, "town", status="draft", year=None)

    response = browser(head).post(LIST, {"commitment": [ticked(draft)]}, follow=True)

    assert told(response) == ["«Аллея»: Чтобы подтвердить, назовите год, а для денег — и сумму."]
    assert words() == [("town", "draft", None)]


@pytest.mark.invariant(84)
def test_ticked_draft_that_somebody_rewrote_meanwhile_is_not_confirmed(link, head):
    draft = factories.commitment(link, "town", status="draft")
    seen = ticked(draft)
    Commitment.objects.update(row_version=draft.row_version + 1, condition="Другое")

    response = browser(head).post(LIST, {"commitment": [seen]}, follow=True)

    assert [word.split(":")[0] for word in told(response)] == ["«Аллея»"]
    assert [status for _side, status, _amount in words()] == ["draft"]


@pytest.mark.parametrize("rows", [1, 3])
def test_list_costs_the_same_queries(link, town, head, approver, rows):
    while link.priority.measure_links.count() < rows:
        factories.link(link.priority, factories.measure(town))
    for one in link.priority.measure_links.all():
        factories.commitment(one, "region", days=3)
        factories.commitment(one, "town", status="draft")
    for person, queries in ((head, 10), (approver, 12)):
        client = browser(person)
        client.get(LIST)
        with CaptureQueriesContext(connection) as caught:
            assert len(client.get(f"{LIST}?state=drafts" if person == head else LIST).context["rows"]) == rows
        assert len(caught) == queries
