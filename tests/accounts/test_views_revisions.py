"""What everybody sees of a correction, and the page of the office where corrections wait."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Revision, Role, RoleAssignment
from sessions.models import Proposal
from strategies.models import Measure, Priority
from tests.accounts.revised import WHY, change, published, stored
from tests.conftest import person

# -- what everybody sees ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", [Priority, Measure])
@pytest.mark.parametrize("times", [1, 3])
def test_page_shows_what_stood_when_why_and_by_whom(client, town, region_editor, approver, model, times):
    region_editor.post = "Редактор области"
    region_editor.save()
    record, former = published(model, town), []
    for number in range(times):
        record.refresh_from_db()
        former.append(record.title)
        change(record, region_editor, title=f"Название {number}", why=f"Причина {number}").accept(by=approver, seen=1)

    page = client.get(record.get_absolute_url()).content.decode()

    assert [f"<s>{title}</s>" in page for title in former] == [True] * times
    assert [f"Причина {number}" in page for number in range(times)] == [True] * times
    assert ("Прежний текст" in page, "Кто предложил: Редактор области" in " ".join(page.split())) == (True, True)


@pytest.mark.parametrize("model", [Priority, Measure])
def test_page_does_not_show_words_that_wait(client, town, region_editor, model):
    record = published(model, town)
    former = record.title
    change(record, region_editor, title="Набережная")

    page = client.get(record.get_absolute_url()).content.decode()

    assert (former in page, "Набережная" in page, "Прежний текст" in page) == (True, False, False)


def test_home_page_tells_of_a_changed_text(client, town, region_editor, approver):
    change(published(Priority, town), region_editor, title="Набережная").accept(by=approver, seen=1)

    assert f"Изменён текст. {WHY}" in client.get("/").content.decode()


# -- the office -------------------------------------------------------------------------------------------------------

OFFICE = "/office/revisions/"


def test_office_lists_counts_accepts_and_sends_back(client, town, region_editor, approver):
    priority = published(Priority, town)
    revision = change(priority, region_editor, title="Набережная")
    client.force_login(approver)

    home, listed = client.get("/office/").content.decode(), client.get(OFFICE).content.decode()
    refused = client.post(OFFICE, {"do": "decline", "revision": revision.pk, "seen_version": 1, "reason": ""})
    stale = client.post(OFFICE, {"do": "accept", "revision": revision.pk, "seen_version": 9})
    done = client.post(OFFICE, {"do": "accept", "revision": revision.pk, "seen_version": 1}, follow=True)

    assert "ждут вашего решения — 1." in home
    assert (f"<del>{priority.title}</del>" in listed, "<ins>Набережная</ins>" in listed, WHY in listed) == (True,) * 3
    assert (refused.status_code, "Напишите, почему возвращаете." in refused.content.decode()) == (422, True)
    assert (stale.status_code, "Обновите страницу" in stale.content.decode()) == (422, True)
    assert ("Приняли" in done.content.decode(), stored(priority, "title")) == (True, "Набережная")
    assert "Правок, которые ждут вашего решения, нет." in done.content.decode()


def test_reason_typed_while_somebody_else_decided_is_not_lost(client, town, region_editor, approver):
    revision = change(published(Priority, town), region_editor, title="Набережная")
    second = person("second-approver", Role.REGION_APPROVER, region=town.region)
    revision.accept(by=second, seen=1)
    client.force_login(approver)

    response = client.post(
        OFFICE, {"do": "decline", "revision": revision.pk, "seen_version": 1, "reason": "Так в стратегии"}
    )

    page = response.content.decode()
    assert (response.status_code, "изменил кто-то другой" in page, "Так в стратегии" in page) == (422, True, True)


def test_office_shows_the_author_why_it_was_sent_back(client, town, region_editor, approver):
    revision = change(published(Priority, town), region_editor, title="Набережная")
    client.force_login(approver)
    client.post(OFFICE, {"do": "decline", "revision": revision.pk, "seen_version": 1, "reason": "Так в акте"})
    client.force_login(region_editor)

    page = client.get(OFFICE).content.decode()

    assert ("Так в акте" in page, "Набережная" in page) == (True, True)


def test_author_takes_a_revision_back_and_nobody_else_does(client, town, region_editor, outsider):
    revision = change(published(Priority, town), region_editor, title="Набережная")
    post = {"do": "withdraw", "revision": revision.pk, "seen_version": 1}

    client.force_login(outsider)
    assert client.post(OFFICE, post).status_code == 404
    assert client.post(OFFICE, post | {"do": "accept"}).status_code == 404
    client.force_login(region_editor)
    assert client.post(OFFICE, post | {"do": "accept"}).status_code == 404
    assert client.post(OFFICE, post).status_code == 302
    revision.refresh_from_db()
    assert revision.status == "declined"


@pytest.mark.parametrize("number", [1, 3])
def test_office_asks_the_same_however_many_wait(
    client, town, region_editor, approver, number, django_assert_max_num_queries
):
    for _one in range(number):
        change(published(Priority, town), region_editor, title="Набережная")
    client.force_login(approver)
    client.get(OFFICE)

    with django_assert_max_num_queries(14):
        client.get(OFFICE)


def test_page_of_moderation_gives_a_new_answer(client, town, head):
    proposal = published(Proposal, town)
    client.force_login(head)
    address = reverse("office:proposal", args=[proposal.pk])
    post = {"do": "renew", "answer": "Ответили.", "redirected_to": "Минтранс", "seen_version": 1}

    refused = client.post(address, post | {"why": ""})
    done = client.post(address, post | {"why": "Ответило министерство"}, follow=True)

    proposal.refresh_from_db()
    assert (refused.status_code, "Ответили." in refused.content.decode()) == (422, True)
    assert (proposal.answer, proposal.redirected_to, proposal.status) == ("Ответили.", "Минтранс", "redirected")
    assert "Прежний текст остался виден" in done.content.decode()


def test_editor_of_the_town_proposes_a_new_answer_and_the_head_accepts(client, town, editor, head):
    proposal = published(Proposal, town)
    client.force_login(editor)
    address = reverse("office:proposal", args=[proposal.pk])
    post = {"do": "renew", "answer": "Ответили.", "redirected_to": "Минстрой", "seen_version": 1, "why": "Пришёл ответ"}

    waits = client.post(address, post, follow=True).content.decode()
    client.force_login(head)
    client.post(OFFICE, {"do": "accept", "revision": Revision.objects.get().pk, "seen_version": 1})

    assert "До решения все видят прежний текст" in waits
    assert stored(proposal, "answer") == "Ответили."


# -- nobody to decide -------------------------------------------------------------------------------------------------

NOBODY = "Принять её сейчас некому: кроме того, кто предложил, роли «утверждающий региона» нет ни у кого."


@pytest.mark.invariant(94)
def test_only_approver_is_told_that_nobody_else_may_accept(client, town, region, approver):
    change(published(Priority, town), approver, title="Набережная")
    client.force_login(approver)

    alone = " ".join(client.get(reverse("office:revisions")).content.decode().split())
    person("second-approver", Role.REGION_APPROVER, region=region)
    with_second = " ".join(client.get(reverse("office:revisions")).content.decode().split())

    assert (NOBODY in alone, "Дать роль" in alone) == (True, False)
    assert (NOBODY in with_second, "ему придёт письмо" in with_second) == (False, True)


@pytest.mark.parametrize("is_active", [True, False])
def test_whoever_has_left_decides_on_nothing(town, region, approver, is_active):
    second = person("second-approver", Role.REGION_APPROVER, region=region)
    second.is_active = is_active
    second.save()

    assert change(published(Priority, town), approver, title="Набережная").has_decider is is_active


def test_approver_of_another_region_is_nobody_here(town, approver, other_approver, outsider, head):
    assert change(published(Priority, town), approver, title="Набережная").has_decider is False


def test_whoever_gives_roles_is_led_to_where_they_are_given(client, town, region, approver):
    change(published(Priority, town), approver, title="Набережная")
    RoleAssignment.objects.create(
        user=approver, role=Role.ADMIN, region=region, valid_from=timezone.localdate(), is_sample=False
    )
    client.force_login(approver)

    assert reverse("admin:accounts_roleassignment_add") in client.get(reverse("office:revisions")).content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_page_of_revisions_asks_as_often_for_one_as_for_many(client, town, approver, rows):
    for _ in range(rows):
        change(published(Priority, town), approver, title="Набережная")
    client.force_login(approver)
    with CaptureQueriesContext(connection) as asked:
        client.get(reverse("office:revisions"))
    assert len([one for one in asked.captured_queries if "accounts_roleassignment" in one["sql"]]) == 3
