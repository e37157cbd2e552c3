"""What everybody reads is changed by two people and leaves a trace; one's own answer by oneself, with a trace too."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts.models import JournalEntry, Revision, Role, WorkflowModel
from sessions.models import Proposal
from strategies.models import Measure, Priority
from tests import factories
from tests.conftest import person
from tests.refusals import codes

MODELS = [model for model in WorkflowModel.__subclasses__() if model.PUBLIC_WORDS]
WORDS = [(model, name) for model in (Priority, Measure, Proposal) for name in model.PUBLIC_WORDS]
WHY = "Опечатка в названии"


@pytest.fixture
def second_approver(region):
    return person("second-approver", Role.REGION_APPROVER, region=region)


def published(model, town):
    """A record that everybody reads; the answer to a proposal has been given."""
    if model is Priority:
        return factories.priority(factories.strategy(town), plain_text="Гулять у воды")
    if model is Measure:
        return factories.measure(
            town, **dict.fromkeys(set(Measure.PUBLIC_WORDS) - {"title", "responsible"}, "Прежние слова")
        )
    return factories.proposal(
        town, status="redirected", answer="Передали.", redirected_to="Минстрой",
        answered_at=datetime.datetime(2018, 7, 1, tzinfo=datetime.UTC),
    )  # fmt: skip


def change(record, by, *, why=WHY, **words):
    """Save other words, as a form does; gives the revision."""
    for name, said in words.items():
        setattr(record, name, said)
    record.why = why
    return record.save_edited(by=by, known_version=record.row_version)


def stored(record, name):
    return type(record).objects.values_list(name, flat=True).get(pk=record.pk)


def new_word(name):
    return "ecology" if name == "sphere" else "Новые слова"


@pytest.fixture
def actors(editor, region_editor, approver, head):
    """{model: (who may only propose, who decides)}."""
    return {Priority: (region_editor, approver), Measure: (region_editor, approver), Proposal: (region_editor, head)}


def test_models_with_public_words_are_all_tried():
    assert set(MODELS) == {model for model, _name in WORDS}


@pytest.mark.invariant(99)
@pytest.mark.parametrize(("model", "name"), WORDS)
def test_published_word_waits_for_another_person_and_the_former_one_stays(town, actors, model, name):
    record, (proposer, decider) = published(model, town), actors[model]
    former = stored(record, name)

    revision = change(record, proposer, **{name: new_word(name)})

    assert (revision.status, stored(record, name), getattr(record, name)) == ("proposed", former, former)
    assert revision.words == {name: [former, new_word(name)]}
    with pytest.raises(PermissionDenied):
        revision.accept(by=proposer, seen=revision.row_version)
    assert list(Revision.objects.to_decide_by(decider)) == [revision]
    assert stored(record, name) == former

    revision.accept(by=decider, seen=revision.row_version)

    assert (revision.status, revision.decided_by, stored(record, name)) == ("accepted", decider, new_word(name))
    assert list(Revision.objects.accepted().about(record)) == [revision]
    entry = JournalEntry.objects.about(record).get()
    assert (entry.to_status, entry.to_label, entry.actor, entry.is_public) == (
        "revised", "изменён текст", decider, True,
    )  # fmt: skip


@pytest.mark.parametrize(("model", "name"), WORDS)
def test_published_word_does_not_change_without_a_reason(town, actors, model, name):
    record = published(model, town)
    former = stored(record, name)

    assert codes(change, record, actors[model][0], why=" ", **{name: new_word(name)}) == ["reason_needed"]

    assert (stored(record, name), Revision.objects.count()) == (former, 0)


@pytest.mark.parametrize(("model", "name"), WORDS)
def test_published_word_does_not_slip_in_with_a_step(town, approver, head, model, name):
    record = published(model, town)
    if model is Measure:
        record.cancel_act = factories.document(town)
        record.save()
    former, status = stored(record, name), {Priority: "archived", Measure: "cancelled", Proposal: "hidden"}[model]
    setattr(record, name, new_word(name))

    refusal = codes(record.move_to, status, by=head if model is Proposal else approver, reason="Так")

    assert (refusal, stored(record, name)) == (["changed_meanwhile"], former)


@pytest.mark.parametrize("model", MODELS)
def test_what_nobody_reads_yet_is_edited_as_before(town, region_editor, model):
    draft = {
        Priority: lambda: factories.priority(factories.strategy(town), status="draft"),
        Measure: lambda: factories.measure(town, status="draft"),
        Proposal: lambda: factories.proposal(town, public_text="", answer="Готовим"),
    }[model]()

    assert change(draft, region_editor, why="", **dict.fromkeys(model.PUBLIC_WORDS, "ecology")) is None

    assert (stored(draft, next(iter(model.PUBLIC_WORDS))), Revision.objects.count()) == ("ecology", 0)


def test_other_fields_are_saved_while_the_words_wait(town, region_editor):
    priority = published(Priority, town)

    change(priority, region_editor, title="Набережная", order=7)

    assert Priority.objects.values_list("title", "order").get() == (priority.title, 7)
    assert Revision.objects.get().words["title"][1] == "Набережная"


def test_second_proposal_of_the_same_person_is_added_to_the_first(town, region_editor, approver):
    priority = published(Priority, town)
    first = change(priority, region_editor, title="Набережная")

    second = change(priority, region_editor, plain_text="У реки", why="И ещё")

    assert (second.pk, second.row_version, sorted(second.words), second.reason) == (
        first.pk, 2, ["plain_text", "title"], "И ещё",
    )  # fmt: skip
    # Whoever read the first does not let the second in unread.
    assert codes(first.accept, by=approver, seen=first.row_version) == ["changed_meanwhile"]


def test_proposal_of_another_person_waits_its_turn(town, region_editor, approver, second_approver):
    priority = published(Priority, town)
    change(priority, region_editor, title="Набережная")

    assert codes(change, priority, approver, title="Берег") == ["revision_waits"]

    assert Revision.objects.get().proposed_by == region_editor


def test_approver_does_not_accept_what_he_proposed_another_does(town, approver, second_approver):
    priority = published(Priority, town)
    revision = change(priority, approver, title="Набережная")

    with pytest.raises(PermissionDenied):
        revision.accept(by=approver, seen=1)
    revision.accept(by=second_approver, seen=1)

    assert stored(priority, "title") == "Набережная"


def test_strangers_neither_see_nor_decide(town, region_editor, other_approver, outsider, wg_member, editor, head):
    revision = change(published(Priority, town), region_editor, title="Набережная")

    for stranger in (other_approver, outsider, wg_member, editor, head):
        assert not Revision.objects.to_decide_by(stranger).exists()
        for act in (revision.accept, revision.decline):
            more = {"reason": "Нет"} if act == revision.decline else {}
            with pytest.raises(PermissionDenied):
                act(by=stranger, seen=1, **more)


def test_declined_words_do_not_appear_and_the_reason_stays(town, region_editor, approver):
    priority = published(Priority, town)
    revision = change(priority, region_editor, title="Набережная")

    assert codes(revision.decline, by=approver, seen=1, reason=" ") == ["reason_needed"]
    revision.decline(by=approver, seen=1, reason="Так в стратегии")

    assert (revision.status, revision.declined_because, stored(priority, "title")) == (
        "declined", "Так в стратегии", priority.title,
    )  # fmt: skip
    assert codes(revision.accept, by=approver, seen=1) == ["changed_meanwhile"]
    assert change(priority, approver, title="Берег").status == "proposed"


def test_decided_by_two_at_once_happens_once(town, region_editor, approver, second_approver):
    revision = change(published(Priority, town), region_editor, title="Набережная")
    copy = Revision.objects.get()

    revision.accept(by=approver, seen=1)

    assert codes(copy.decline, by=second_approver, seen=1, reason="Нет") == ["changed_meanwhile"]
    assert JournalEntry.objects.count() == 1


def test_accepted_words_obey_the_rules_of_the_record(town, region_editor, approver):
    priority = published(Priority, town)
    factories.priority(priority.strategy, title="Набережная")
    revision = change(priority, region_editor, title="Набережная")

    with pytest.raises(ValidationError, match="уже есть"):
        revision.accept(by=approver, seen=1)

    assert (Revision.objects.get().status, stored(priority, "title")) == ("proposed", priority.title)


def test_archived_priority_does_not_wait_for_words(town, region_editor, approver):
    priority = published(Priority, town)
    change(priority, region_editor, title="Набережная")

    priority.move_to("archived", by=approver, reason="Сделано")

    assert (Revision.objects.get().status, Revision.objects.get().decided_by) == ("declined", approver)


# -- whose words they are ---------------------------------------------------------------------------------------------


def test_head_gives_a_new_answer_alone_and_both_are_dated_and_named(client, town, head):
    head.post, head.first_name, head.last_name = "Глава", "Анна", "Ильина"
    head.save()
    proposal = factories.proposal(town, status="on_review", answer="Поставим в мае.")
    proposal.move_to("accepted", by=head)

    revision = change(proposal, head, answer="Поставим в июне.", why="Опоздал подрядчик")

    page = client.get(proposal.get_absolute_url()).content.decode()
    proposal.refresh_from_db()
    assert (revision.status, proposal.answer, proposal.status) == ("accepted", "Поставим в июне.", "accepted")
    assert proposal.answer_renewed_at > proposal.answered_at
    assert page.index("Поставим в июне.") < page.index("Прежний ответ") < page.index("Поставим в мае.")
    assert page.count("Глава Анна Ильина") >= 2
    assert "Опоздал подрядчик" in page


@pytest.mark.parametrize("who", ["editor", "region_editor", "approver", "admin_user"])
def test_answer_of_a_head_waits_for_the_head_whoever_else_rewrites_it(request, town, head, who):
    proposal = published(Proposal, town)

    revision = change(proposal, request.getfixturevalue(who), answer="Другое.")

    assert (revision.status, stored(proposal, "answer")) == ("proposed", "Передали.")
    assert list(Revision.objects.to_decide_by(head)) == [revision]


@pytest.mark.parametrize(("who", "waits"), [("region_editor", True), ("approver", False)])
def test_answer_of_the_region_is_the_approvers_word(request, town, who, waits):
    proposal = factories.proposal(
        town, municipality=None, status="accepted", answer="Учтём.", answered_at=timezone.now()
    )

    revision = change(proposal, request.getfixturevalue(who), answer="Учтём в плане.")

    assert (revision.status == "proposed") == waits


def test_moderator_mends_the_text_for_all_at_once_with_a_trace(client, town, editor):
    proposal = factories.proposal(town, public_text="Лафки у реки")

    change(proposal, editor, public_text="Лавки у реки", why="Опечатка")

    page = client.get(proposal.get_absolute_url()).content.decode()
    assert page.index("Лавки у реки") < page.index("Прежний текст") < page.index("Лафки у реки")


def test_text_with_personal_data_is_not_shown_as_the_former_one(client, town, editor):
    proposal = factories.proposal(town, public_text="Звоните 8 927 000-11-22")
    proposal.drops_former = True

    change(proposal, editor, public_text="Лавки", why="Телефон жителя")

    page = client.get(proposal.get_absolute_url()).content.decode()
    assert "927" not in page
    assert "Прежний текст не показан" in page
    assert "927" not in str(Revision.objects.get().words)


def test_merged_words_follow_a_head_who_was_faster(town, editor, head):
    proposal = published(Proposal, town)
    waiting = change(Proposal.objects.get(pk=proposal.pk), editor, answer="От редактора.")
    change(Proposal.objects.get(pk=proposal.pk), head, answer="От главы.")

    assert codes(waiting.accept, by=head, seen=1) == ["changed_meanwhile"]
    waiting.decline(by=head, seen=1, reason="Ответил сам")
    assert stored(proposal, "answer") == "От главы."


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

    assert "до этого все видят прежний текст" in waits
    assert stored(proposal, "answer") == "Ответили."
