"""Where silence reigns: what nobody answers for, what nothing was heard of, in one's own territory only."""

import datetime

import pytest
from django.utils import timezone

from accounts.models import RoleAssignment
from tests import factories
from tests.conftest import StrictClient
from tests.pages import text, texts

SILENCE = "/office/silence/"


def browser(someone):
    """A browser of a person."""
    client = StrictClient()
    client.force_login(someone)
    return client


def ago(days):
    """The day that many days ago."""
    return timezone.localdate() - datetime.timedelta(days=days)


def measure(town, *, days, **fields):
    """A measure that began some days ago and was never reported on."""
    return factories.measure(town, start=ago(days), **fields)


def shown(someone, page=""):
    """Titles of the list, as it stands."""
    return [row["record"].title for row in browser(someone).get(SILENCE + page).context["rows"]]


def test_silence_lists_silent_and_ownerless_the_longest_first(town, head):
    measure(town, days=50, title="Ничья", owner=None)
    measure(town, days=300, title="Молчит", owner=head)
    measure(town, days=107, title="Ещё в срок", owner=head)
    measure(town, days=108, title="Уже молчит", owner=head)
    measure(town, days=400, title="Кончена", owner=head, status="done", percent=100)
    priority = factories.priority(factories.strategy(town), title="Без меры", published_at=timezone.now())

    response = browser(head).get(SILENCE)

    assert shown(head) == ["Молчит", "Уже молчит", "Ничья", priority.title]
    assert response.context["counts"] == {"watched": 5, "silent": 2, "ownerless": 2}
    page = text(response, "main")
    assert "Нет сведений 300 дней" in page
    assert "отчётов ещё не было" in page
    assert texts(response, "span", css="st") == [
        "Нет сведений 300 дней", "Нет сведений 108 дней", "Никто не отвечает", "Никто не отвечает",
    ]  # fmt: skip
    assert "Отвечает syzran-head." in page


def test_silence_ends_with_a_published_report(town, head, editor, approver):
    silent = measure(town, days=300, owner=head)
    assert shown(head) == [silent.title]

    factories.report(silent, by=editor, status="submitted").move_to("published", by=approver)

    assert shown(head) == []
    assert text(browser(head).get(SILENCE), "div", css="empty").startswith("Никто не молчит.")


def test_silence_counts_an_owner_whose_role_has_ended_as_nobody(town, head, editor):
    measure(town, days=10, title="Аллея", owner=editor)
    assert shown(head) == []

    RoleAssignment.objects.filter(user=editor).update(valid_to=ago(1))

    assert shown(head) == ["Аллея"]
    assert "Отвечал(а) syzran-editor, роль закончилась." in text(browser(head).get(SILENCE), "main")


def test_silence_is_of_one_s_own_territory(
    town, other_town, region, head, outsider, approver, other_approver, wg_member
):
    measure(town, days=5, title="Сызрань")
    measure(other_town, days=4, title="Чапаевск")
    measure(region, days=3, title="Область")

    seen = {one.username: shown(one) for one in (head, outsider, approver, other_approver, wg_member)}

    everything = ["Сызрань", "Чапаевск", "Область"]
    assert seen == {
        "syzran-head": ["Сызрань"], "chapaevsk-head": ["Чапаевск"], "approver": everything, "other-approver": [],
        "wg-member": everything,
    }  # fmt: skip


def test_silence_leads_to_handing_over_those_who_may(town, region, head, editor, approver):
    own = measure(town, days=300, owner=editor)
    measure(town, days=200)
    measure(region, days=100)

    def links(someone):
        page = browser(someone).get(SILENCE).content.decode()
        return [part.split('"')[0] for part in page.split('href="/office/handovers/new/')[1:]]

    assert links(head) == [
        f"?place=town-{town.pk}&amp;from={editor.pk}", f"?place=town-{town.pk}&amp;from=nobody",
    ]  # fmt: skip
    assert links(approver) == [*links(head), f"?place=region-{region.pk}&amp;from=nobody"]
    assert links(editor) == []
    assert browser(head).get(f"/office/handovers/new/?place=town-{town.pk}&from={editor.pk}").context["measures"] == [
        own
    ]


def test_silence_of_an_empty_town(head):
    assert text(browser(head).get(SILENCE), "div", css="empty").startswith("Следить не за чем.")


def test_silence_asks_a_stranger_to_sign_in(client, admin_user):
    assert client.get(SILENCE).url == f"/accounts/login/?next={SILENCE}"
    assert browser(admin_user).get(SILENCE).status_code == 403


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize(("who", "queries"), [("head", 11), ("approver", 12)])
def test_silence_costs_the_same_for_any_number_of_records(
    request, town, editor, who, queries, number, django_assert_num_queries
):
    direction = factories.direction(town.region)
    strategy = factories.strategy(town)
    for _number in range(number):
        factories.measure(town, direction=direction, owner=editor, start=datetime.date(2026, 1, 1))
        factories.priority(strategy, published_at=timezone.now() - datetime.timedelta(days=900))
    client = browser(request.getfixturevalue(who))
    client.get(SILENCE)

    with django_assert_num_queries(queries):
        response = client.get(SILENCE)

    assert response.context["page_obj"].paginator.count == 2 * number
    assert len(texts(response, "h1")) == 1
