"""What was hidden or withdrawn is nowhere: pages, feeds, files, the list of changes; what was erased is in no table."""

import re

import pytest
from django.contrib.admin.models import ADDITION, CHANGE, DELETION, LogEntry
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, models
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse

from accounts.models import JournalEntry, Role
from documents.models import Document
from sessions.models import Proposal
from tests import factories
from tests.admin_pages import page, save
from tests.conftest import person
from tests.test_personal_data import cells_with_mark, filled, pages_with_mark, routes

PHONE = re.compile("927.?000.?11.?22")
WORDS = "Верните мне забор, Мира 5, тел. 8 927 000-11-22"
REASON = "чужие персональные данные"


def spoken(town, **fields):
    return factories.proposal(town, **({"text": WORDS, "public_text": WORDS, "status": "new"} | fields))


def hide(proposal, by):
    proposal.move_to("hidden", by=by, reason=REASON)


def _new(town, head):
    proposal = spoken(town)
    hide(proposal, head)
    return proposal


def _answered(town, head):
    proposal = spoken(town)
    proposal.move_to("on_review", by=head)
    proposal.answer = f"Вы писали «{WORDS}». Забор вернут."
    proposal.move_to("accepted", by=head)
    hide(proposal, head)
    return proposal


def _merged(town, head):
    proposal = spoken(town)
    proposal.merge_into(factories.proposal(town, status="new", public_text="Забор"), by=head)
    hide(proposal, head)
    return proposal


def _main(town, head):
    proposal = spoken(town)
    factories.proposal(town, status="new", public_text="Забор").merge_into(proposal, by=head)
    proposal.refresh_from_db()
    hide(proposal, head)
    return proposal


def _renewed(town, head):
    """The text for all and the answer were changed, and another answer waits."""
    proposal = _revise(spoken(town), head, public_text=f"{WORDS}, дом")
    proposal.move_to("on_review", by=head)
    proposal.answer = f"Вы писали «{WORDS}». Забор вернут."
    proposal.move_to("accepted", by=head)
    _revise(proposal, head, answer=f"Забор по жалобе «{WORDS}» вернули.")
    editor = person("second-editor", Role.MUNICIPAL_EDITOR, municipality=town)
    _revise(proposal, editor, answer=f"Вернули: {WORDS}")
    hide(proposal, head)
    return proposal


def _revise(proposal, by, **words):
    for name, said in words.items():
        setattr(proposal, name, said)
    proposal.why = f"Жалоба: {WORDS}"
    proposal.save_edited(by=by, known_version=proposal.row_version)
    return proposal


def public_addresses(town):
    """Every public page that names the town, or any of the words said there."""
    said = Proposal.objects.all()
    numbers = [one.pk for one in said if one.status == "hidden"]
    known = {"slug": [town.slug], "number": [one.number for one in said], "pk": numbers}
    for route in routes(get_resolver()):
        if not route.startswith(("admin/", "office/", "accounts/")):
            for address in filled(route, known):
                yield from (address, f"/en{address}")


@pytest.mark.invariant(74)
def test_hidden_words_stand_on_no_page_and_erased_ones_in_no_table(town, head):
    """Words that were hidden new, answered, joined to others, with others joined to them, corrected: all at once."""
    hidden = [way(town, head) for way in (_new, _answered, _merged, _main, _renewed)]

    found, opened = pages_with_mark(None, public_addresses(town), PHONE)
    assert (found, opened > 30) == ([], True)

    for proposal in hidden:
        proposal.erase_words(by=head, reason=REASON)

    assert cells_with_mark(PHONE) == set()
    for proposal in hidden:
        entry = JournalEntry.objects.about(proposal).last()
        assert (entry.record_title, entry.reason, entry.is_public) == (
            f"Предложение {proposal.number}", f"Слова стёрты. {REASON}", False,
        )  # fmt: skip


def test_list_of_changes_names_hidden_words_by_kind_and_number(client, town, head):
    proposal = _new(town, head)

    page = client.get("/").content.decode()

    assert f"{town.name}: Предложение {proposal.number}" in page
    assert REASON in page
    assert client.get(town.get_absolute_url()).status_code == 200


def test_list_of_changes_names_a_withdrawn_document_by_kind_and_number(client, town, head):
    document = factories.document(town, title="Список 8 927 000-11-22", kind="minutes", number="5")
    document.move_to("withdrawn", by=head, reason=REASON)

    page = client.get("/").content.decode()

    assert f"{town.name}: Протокол № 5" in page
    assert PHONE.search(page) is None
    assert PHONE.search(JournalEntry.objects.about(document).get().record_title) is None


def test_list_of_changes_says_what_everybody_may_read_as_it_stands_now(client, town, head):
    proposal = spoken(town, public_text="Старый текст")
    proposal.move_to("on_review", by=head)
    Proposal.objects.filter(pk=proposal.pk).update(public_text="Новый текст")

    assert f"{town.name}: {proposal.number}: Новый текст" in client.get("/").content.decode()


def test_words_are_erased_by_whoever_moderates_and_only_when_hidden(town, head, outsider):
    proposal = spoken(town)

    with pytest.raises(ValidationError, match="Сначала скройте"):
        proposal.erase_words(by=head, reason=REASON)
    hide(proposal, head)
    with pytest.raises(ValidationError, match="почему слова стирают"):
        proposal.erase_words(by=head, reason=" ")
    with pytest.raises(PermissionDenied):
        proposal.erase_words(by=outsider, reason=REASON)

    proposal.refresh_from_db()
    assert proposal.text == WORDS


@pytest.mark.invariant(74)
def test_erased_words_are_gone_from_every_field_that_a_person_fills(town, head):
    """Whatever a form lets people write in, but for what the site numbers itself."""
    own = {"number", "author_name", "author_email", "consent_version", "said_on", "secret_hash"}
    filled = [
        field.name for field in Proposal._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField) and not field.choices and field.name not in own
        and field.name != "search_stems"
    ]  # fmt: skip
    proposal = spoken(town, **dict.fromkeys(filled, "тел. 8 927 000-11-22"))
    hide(proposal, head)

    proposal.erase_words(by=head, reason=REASON)

    assert (cells_with_mark(PHONE), len(filled)) == (set(), len(Proposal.WORDS))


@pytest.mark.invariant(74)
def test_withdrawn_paper_is_erased_with_its_file_by_whoever_withdraws_it(
    client, town, region, approver, outsider, committed
):
    paper = factories.document(
        region, title=WORDS, kind="minutes", number="5", adopted_by=WORDS, note=WORDS, sources=WORDS, url="",
        file_type="docx", file_size=9, has_text=True, file=SimpleUploadedFile("а.docx", WORDS.encode()),
    )  # fmt: skip
    client.force_login(approver)
    erase = page("documents_document_erase", paper.pk)
    assert client.get(erase).status_code == 404  # everybody may read it still
    with pytest.raises(ValidationError, match="Сначала отзовите"):
        paper.erase_words(by=approver, reason=REASON)
    with committed():
        paper.move_to("withdrawn", by=approver, reason=REASON)
    with pytest.raises(PermissionDenied):
        paper.erase_words(by=outsider, reason=REASON)
    assert "Стереть слова" in client.get(page("documents_document_change", paper.pk)).content.decode()

    with committed():
        done = client.post(erase, {"reason": REASON})

    assert (done.status_code, cells_with_mark(PHONE)) == (302, set())
    assert [storages[name].exists(paper.file.name) for name in ("default", "evidence")] == [False, False]
    assert str(Document.objects.get()) == "Протокол № 5"
    assert client.get(erase).status_code == 404  # nothing is left to erase


@pytest.mark.invariant(74)
@pytest.mark.parametrize("said", ["сосед, 8 (927) 000-11-22", "писал a.b@example.org", "тел. 332-11-22"])
def test_reason_that_the_journal_would_keep_tells_no_telephone_and_no_mail(town, head, said):
    proposal, paper = spoken(town), factories.document(town)

    for record, status in ((proposal, "hidden"), (paper, "withdrawn")):
        with pytest.raises(ValidationError, match="Уберите из причины"):
            record.move_to(status, by=head, reason=said)
    hide(proposal, head)
    with pytest.raises(ValidationError, match="Уберите из причины"):
        proposal.erase_words(by=head, reason=said)

    assert JournalEntry.objects.about(proposal).count() == 1


@pytest.mark.invariant(74)
def test_log_of_the_workshop_keeps_no_words(client, town, region, approver):
    """What the workshop notes of a person's steps outlives the words, and nothing takes it back."""
    proposal = spoken(town, municipality=None)
    draft, shown = (
        factories.document(region, title=f"Список: {WORDS}", kind="minutes", status=one)
        for one in ("draft", "published")
    )
    client.force_login(approver)

    save(client, "discussions_proposal_change", proposal.pk, changes={"speaker": "жители"})
    client.post(page("documents_document_move", shown.pk, "withdrawn"), {"reason": REASON, "row_version": 1})
    save(client, "documents_document_add", changes={
        "region": region.pk, "title": f"Второй список: {WORDS}", "kind": "minutes", "url": "https://example.org/a",
    })  # fmt: skip
    client.post(page("documents_document_delete", draft.pk), {"post": "yes"})

    assert sorted(LogEntry.objects.values_list("action_flag", "object_repr")) == [
        (ADDITION, "Протокол"), (CHANGE, f"Предложение {proposal.number}"), (CHANGE, "Протокол № 432"),
        (DELETION, "Протокол № 432"),
    ]  # fmt: skip


def test_page_of_a_proposal_erases_hidden_words(client, town, head):
    proposal = spoken(town)
    hide(proposal, head)
    client.force_login(head)
    page = reverse("office:proposal", args=[proposal.pk])
    assert "Стереть слова" in client.get(page).content.decode()

    stale = client.post(page, {"do": "erase", "reason": "", "seen_version": proposal.row_version})
    done = client.post(page, {"do": "erase", "reason": REASON, "seen_version": proposal.row_version}, follow=True)

    assert stale.status_code == 422
    assert "Слова стёрты насовсем" in done.content.decode()
    assert 'value="erase"' not in done.content.decode()
    assert "В поле стоят слова автора" not in done.content.decode()
    assert cells_with_mark(PHONE) == set()


def test_hiding_frees_what_was_merged_with_it(town, head, editor):
    main, other = spoken(town), factories.proposal(town, status="new", public_text="Забор")
    other.merge_into(main, by=editor)
    main.refresh_from_db()

    hide(main, head)

    other.refresh_from_db()
    assert (other.status, other.merged_into) == ("on_review", None)
    assert (
        JournalEntry.objects.about(other).last().reason == f"Предложение {main.number}, с которым объединили, скрыто."
    )


@pytest.mark.invariant(77)
def test_merging_is_undone_until_both_are_answered(town, head, editor):
    main, other = (factories.proposal(town, status="new", public_text="Забор") for _ in range(2))
    other.merge_into(main, by=editor)
    other.move_to("on_review", by=editor)
    assert (other.status, other.merged_into) == ("on_review", None)

    other.merge_into(main, by=editor)
    main.refresh_from_db()
    main.move_to("on_review", by=head)
    main.answer = "Вернут."
    main.move_to("accepted", by=head)
    other.refresh_from_db()
    with pytest.raises(ValidationError, match="уже ответили вместе"):
        other.move_to("on_review", by=editor)


def test_page_of_a_merged_proposal_parts_it(client, town, head, editor):
    main, other = (factories.proposal(town, status="new", public_text="Забор") for _ in range(2))
    other.merge_into(main, by=editor)
    client.force_login(head)
    page = reverse("office:proposal", args=[other.pk])
    assert "Взять на рассмотрение" not in client.get(page).content.decode()

    done = client.post(page, {"do": "part", "seen_version": other.row_version}, follow=True).content.decode()

    other.refresh_from_db()
    assert (other.status, other.merged_into, "Разъединили" in done) == ("on_review", None, True)


def test_list_of_changes_outlives_a_deleted_draft_and_reads_nothing_private(client, town, region_editor, head):
    strategy = factories.strategy(town, status="discussion")
    strategy.move_to("draft", by=region_editor)
    strategy.delete()
    spoken(town, public_text="Лавки").move_to("on_review", by=head)

    with CaptureQueriesContext(connection) as asked:
        page = client.get("/")

    assert (page.status_code, "Лавки" in page.content.decode()) == (200, True)
    assert [one["sql"] for one in asked if '"discussions_proposal"."text"' in one["sql"]] == []
