"""Sessions and proposals in the workshop: dates that move with a reason, authors that stay unseen."""

import datetime

import pytest
from django.utils import timezone

from accounts.models import JournalEntry
from sessions.models import DateChange, Session
from tests import factories
from tests.admin_pages import complaints, page, save

SOON = timezone.now() + datetime.timedelta(days=30)
NEW_DATE = {"starts_at_0": "01.12.2027", "starts_at_1": "10:00", "ends_at_0": "", "ends_at_1": "", "reason": "Паводок"}


@pytest.fixture
def announced(region):
    return factories.session(region, status="announced", starts_at=SOON, title="Итоговая сессия")


def test_session_page_takes_a_regional_session_with_sections_and_guests(client, region_editor, region, town):
    client.force_login(region_editor)

    response = save(
        client, "discussions_session_add",
        changes={
            "region": region.pk, "level": "regional", "kind": "strategic", "title": "Малые города",
            "slug": "malye-goroda",
            "starts_at_0": "14.08.2018", "starts_at_1": "10:00", "host": town.pk, "towns": [town.pk],
            "sections-TOTAL_FORMS": 1, "sections-0-title": "Экономика", "sections-0-order": 1,
            "practices-TOTAL_FORMS": 1, "practices-0-region_name": "Татарстан", "practices-0-relation": "shown",
            "practices-0-order": 0,
        },
    )  # fmt: skip

    session = Session.objects.get()
    assert response.status_code == 302
    assert (session.status, session.created_by, list(session.towns.all())) == ("planned", region_editor, [town])
    assert (session.sections.get().title, session.practices.get().region_name) == ("Экономика", "Татарстан")


def test_date_of_an_announced_session_moves_with_its_reason(client, approver, announced):
    client.force_login(approver)
    url = page("discussions_session_move_date", announced.pk)

    offered = client.get(page("discussions_session_change", announced.pk)).context["steps"]
    response = client.post(url, NEW_DATE)

    announced.refresh_from_db()
    change = DateChange.objects.get()
    assert [name for name, _ in offered] == ["отменена", "Перенести дату"]
    assert response.status_code == 302
    assert timezone.localtime(announced.starts_at).strftime("%d.%m.%Y %H:%M") == "01.12.2027 10:00"
    assert (change.old_starts_at, change.reason, JournalEntry.objects.get().reason) == (SOON, "Паводок", "Паводок")


def test_date_moves_neither_without_a_reason_nor_by_an_editor_nor_after_the_session(
    client, approver, region_editor, announced, region
):
    held = factories.session(region)
    client.force_login(approver)
    silent = client.post(page("discussions_session_move_date", announced.pk), NEW_DATE | {"reason": ""})
    late = client.post(page("discussions_session_move_date", held.pk), NEW_DATE)
    client.force_login(region_editor)
    by_editor = client.post(page("discussions_session_move_date", announced.pk), NEW_DATE)

    assert silent.context["form"].errors == {"reason": ["Напишите причину: её увидят все."]}
    assert late.context["form"].non_field_errors() == ["Дату меняют только до сессии."]
    assert by_editor.context["form"].non_field_errors() == ["Нельзя: у вашей роли нет права на этот шаг."]
    assert DateChange.objects.count() == 0


def test_date_of_an_announced_session_does_not_move_in_the_form(client, approver, announced):
    client.force_login(approver)

    save(
        client, "discussions_session_change", announced.pk,
        changes={"starts_at_0": "01.12.2027", "starts_at_1": "10:00", "place": "Дом культуры"},
    )  # fmt: skip

    announced.refresh_from_db()
    assert (announced.starts_at, announced.place) == (SOON, "Дом культуры")


def test_session_of_another_region_does_not_move(client, other_approver, announced):
    client.force_login(other_approver)

    assert client.post(page("discussions_session_move_date", announced.pk), NEW_DATE).status_code == 404


def test_author_of_a_proposal_is_shown_to_whoever_answers_and_to_nobody_else(
    client, approver, region_editor, region_admin, region, town
):
    author = {"author_name": "Мария Закрытая", "author_email": "maria@example.org", "consent_version": "1"}
    regional = factories.proposal(town, municipality=None, **author)
    municipal = factories.proposal(town, **author)

    seen = {}
    for actor in (approver, region_editor, region_admin):
        client.force_login(actor)
        pages = {
            "list": page("discussions_proposal_changelist"),
            "regional": page("discussions_proposal_change", regional.pk),
            "municipal": page("discussions_proposal_change", municipal.pk),
            "history": page("discussions_proposal_history", regional.pk),
        }
        texts = {name: client.get(url).content.decode() for name, url in pages.items()}
        seen[actor.username] = [
            name for name, text in texts.items() if "Закрытая" in text or "maria@example.org" in text
        ]

    assert seen == {"approver": ["regional"], "editor": [], "region-admin": []}


def test_author_of_a_proposal_is_not_changed_in_the_form(client, approver, town):
    client.force_login(approver)
    proposal = factories.proposal(town, municipality=None)

    response = save(
        client, "discussions_proposal_change", proposal.pk,
        changes={"author_name": "Кто-то", "consent_version": "1", "answer": "Учтём."},
    )  # fmt: skip

    proposal.refresh_from_db()
    assert (response.status_code, proposal.author_name, proposal.answer) == (302, "", "Учтём.")


def test_proposal_page_takes_sections_of_its_own_session_only(client, region_editor, region, town):
    client.force_login(region_editor)
    own, other = factories.session(region), factories.session(region)
    section = own.sections.create(title="Экономика")
    foreign = other.sections.create(title="Экология")
    proposal = factories.proposal(town, session=own)

    refused = save(client, "discussions_proposal_change", proposal.pk, changes={"section": foreign.pk})
    taken = save(client, "discussions_proposal_change", proposal.pk, changes={"section": section.pk})

    assert (len(complaints(refused)), taken.status_code) == (1, 302)
