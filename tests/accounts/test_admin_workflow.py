"""Steps in the workshop: through the door only, one by one or many at once, with the refusal in words."""

import pytest
from django.contrib.messages import get_messages

from accounts.models import JournalEntry
from strategies.models import Measure, Priority, Strategy
from tests import factories
from tests.admin_pages import page


def told(response):
    """What the page says after an act."""
    return [str(message) for message in get_messages(response.wsgi_request)]


def steps(client, name, record):
    """Names of the steps offered on a record's page."""
    return [label for label, _ in client.get(page(f"{name}_change", record.pk)).context["steps"]]


@pytest.fixture
def strategy(town):
    return factories.strategy(town)


def test_change_page_offers_the_steps_open_to_this_person(client, region_editor, approver, region_admin, town):
    draft = factories.strategy(town, status="draft")

    offered = {}
    for actor in (region_editor, approver, region_admin):
        client.force_login(actor)
        offered[actor.username] = steps(client, "strategies_strategy", draft)

    assert offered == {"editor": ["проект"], "approver": ["утверждена"], "region-admin": []}


def test_change_form_shows_the_status_and_does_not_take_one(client, approver, strategy):
    client.force_login(approver)

    form = client.get(page("strategies_strategy_change", strategy.pk)).context["adminform"]

    assert "status" not in form.form.fields
    assert "status" in form.readonly_fields


def test_step_page_moves_a_record_and_leaves_its_trace(client, approver, strategy):
    client.force_login(approver)
    priority = factories.priority(strategy, status="draft")
    url = page("strategies_priority_move", priority.pk, "published")

    asked = client.get(url)
    done = client.post(url, {"reason": "Решение Думы", "row_version": 1})

    priority.refresh_from_db()
    entry = JournalEntry.objects.get()
    assert (asked.status_code, done.status_code, done.url) == (
        200, 302, page("strategies_priority_change", priority.pk),
    )  # fmt: skip
    assert (priority.status, entry.actor, entry.reason) == ("published", approver, "Решение Думы")
    assert told(done) == [f"«{priority}»: теперь «опубликован»."]


def test_step_page_asks_again_where_the_reason_is_missing(client, approver, strategy):
    client.force_login(approver)
    priority = factories.priority(strategy)
    url = page("strategies_priority_move", priority.pk, "archived")

    refused = client.post(url, {"reason": " ", "row_version": 1})
    taken = client.post(url, {"reason": "Сделано раньше", "row_version": 1})

    assert refused.context["form"].errors == {"reason": ["Напишите причину: её увидят все."]}
    assert (taken.status_code, Priority.objects.get().status) == (302, "archived")


def test_step_page_says_why_a_record_is_not_ready(client, approver, town):
    client.force_login(approver)
    draft = factories.strategy(town, status="draft")
    priority = factories.priority(draft, status="draft")

    refused = [
        client.post(page("strategies_priority_move", priority.pk, "published"), {"row_version": 1}),
        client.post(page("strategies_strategy_move", draft.pk, "approved"), {"row_version": 1}),
    ]

    assert [response.context["form"].non_field_errors() for response in refused] == [
        ["Сначала вынесите стратегию на обсуждение или утвердите её: приоритет черновика не публикуют."],
        ["Чтобы утвердить стратегию, укажите номер и дату решения, кто его принял, и сам документ."],
    ]
    assert (Priority.objects.get().status, Strategy.objects.get().status) == ("draft", "draft")
    assert JournalEntry.objects.count() == 0


def test_step_page_refuses_a_role_that_may_not_and_a_page_that_is_old(client, region_editor, approver, strategy):
    priority = factories.priority(strategy, status="draft")
    url = page("strategies_priority_move", priority.pk, "published")

    client.force_login(region_editor)
    by_editor = client.post(url, {"row_version": 1})
    client.force_login(approver)
    old = client.post(url, {"row_version": 7})

    assert by_editor.context["form"].non_field_errors() == ["Нельзя: у вашей роли нет права на этот шаг."]
    assert old.context["form"].non_field_errors() == [
        "Запись уже изменил кто-то другой. Обновите страницу и посмотрите, что изменилось."
    ]
    assert Priority.objects.get().status == "draft"


def test_step_page_does_not_exist_for_strangers_nonsense_and_consequences(client, other_approver, approver, town):
    measure = factories.measure(town)

    client.force_login(other_approver)
    strange = client.get(page("strategies_measure_move", measure.pk, "cancelled")).status_code
    client.force_login(approver)
    codes = [
        client.post(page("strategies_measure_move", number, status)).status_code
        for number, status in ((measure.pk, "done"), (measure.pk, "nonsense"), (10**6, "cancelled"), ("x", "cancelled"))
    ]

    assert (strange, codes, Measure.objects.get().status) == (404, [404] * 4, "planned")


def test_action_moves_many_rows_and_names_those_that_refuse(client, approver, town):
    client.force_login(approver)
    ready, draft = factories.strategy(town), factories.strategy(town, status="draft")
    first, second = (factories.priority(ready, status="draft", title=title) for title in ("Первый", "Второй"))
    early = factories.priority(draft, status="draft", title="Рано")
    done = factories.priority(ready, title="Уже")
    rows = {"action": "move_to_published", "_selected_action": [first.pk, second.pk, early.pk, done.pk]}
    url = page("strategies_priority_changelist")

    asked = client.post(url, rows)
    moved = client.post(url, rows | {"confirmed": "1", "reason": "Решение"})

    assert (asked.status_code, len(asked.context["records"]), moved.status_code) == (200, 4, 302)
    assert sorted(told(moved)) == [
        "«Рано»: Сначала вынесите стратегию на обсуждение или утвердите её: приоритет черновика не публикуют.",
        "«Уже»: Такого перехода нет.",
        "Переведено в состояние «опубликован»: 2.",
    ]
    assert list(Priority.objects.order_by("pk").values_list("status", flat=True)) == [
        "published", "published", "draft", "published",
    ]  # fmt: skip
    assert JournalEntry.objects.filter(reason="Решение").count() == 2


def test_action_asks_for_a_reason_where_one_is_needed(client, approver, strategy):
    client.force_login(approver)
    priority = factories.priority(strategy)
    rows = {"action": "move_to_archived", "_selected_action": [priority.pk], "confirmed": "1"}
    url = page("strategies_priority_changelist")

    refused = client.post(url, rows | {"reason": ""})
    taken = client.post(url, rows | {"reason": "Сделано"})

    assert (refused.status_code, taken.status_code, Priority.objects.get().status) == (200, 302, "archived")


def test_action_refuses_a_role_in_words_and_never_reaches_another_region(
    client, region_editor, other_approver, strategy
):
    priority = factories.priority(strategy, status="draft", title="Парк")
    rows = {"action": "move_to_published", "_selected_action": [priority.pk], "confirmed": "1", "reason": ""}
    url = page("strategies_priority_changelist")

    client.force_login(region_editor)
    by_editor = told(client.post(url, rows))
    client.force_login(other_approver)
    by_stranger = client.post(url, rows)

    assert by_editor == ["«Парк»: Нельзя: у вашей роли нет права на этот шаг."]
    assert by_stranger.status_code == 302
    assert (Priority.objects.get().status, JournalEntry.objects.count()) == ("draft", 0)


def test_what_is_saved_in_the_workshop_is_public_a_moment_later(client, approver, strategy, town, committed):
    visitor = type(client)()
    priority = factories.priority(strategy, status="draft", title="Тихие дворы")
    before = visitor.get(town.get_absolute_url()).content.decode()

    client.force_login(approver)
    with committed():
        client.post(page("strategies_priority_move", priority.pk, "published"), {"reason": "", "row_version": 1})
    after = visitor.get(town.get_absolute_url()).content.decode()

    assert ("Тихие дворы" in before, "Тихие дворы" in after) == (False, True)
