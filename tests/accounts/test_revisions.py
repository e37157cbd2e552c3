"""What everybody reads is changed by two people and leaves a trace; one's own answer by oneself, with a trace too."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from accounts.models import JournalEntry, Revision, Role, WorkflowModel
from sessions.models import Proposal
from strategies.models import Measure, Priority
from tests import factories
from tests.accounts.revised import change, new_word, published, stored
from tests.conftest import person
from tests.refusals import codes

MODELS = [model for model in WorkflowModel.__subclasses__() if model.PUBLIC_WORDS]
WORDS = [(model, name) for model in (Priority, Measure, Proposal) for name in model.PUBLIC_WORDS]


@pytest.fixture
def second_approver(region):
    return person("second-approver", Role.REGION_APPROVER, region=region)


@pytest.fixture
def actors(editor, region_editor, approver, head):
    """{model: (who may only propose, who decides)}."""
    return {Priority: (region_editor, approver), Measure: (region_editor, approver), Proposal: (region_editor, head)}


def test_models_with_public_words_are_all_tried():
    assert set(MODELS) == {model for model, _name in WORDS}


@pytest.mark.invariant(92)
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
