"""The door of status: stale copies, reasons, rollback, who sees and who edits."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.models import JournalEntry
from documents.models import Document
from strategies.models import Measure, Priority, ProgressReport, Strategy
from tests import factories


def test_move_to_stale_copy_is_refused_and_happens_once(town, approver):
    record = factories.document(town, status="draft")
    stale = Document.objects.get(pk=record.pk)
    record.move_to("published", by=approver)

    with pytest.raises(ValidationError) as refusal:
        stale.move_to("published", by=approver)

    assert refusal.value.code == "changed_meanwhile"
    assert refusal.value.messages == [
        "Запись уже изменил кто-то другой. Обновите страницу и посмотрите, что изменилось."
    ]
    assert JournalEntry.objects.about(record).count() == 1


def test_move_to_after_somebody_edited_the_text_is_refused(town, approver, region_editor):
    record = factories.document(town, status="draft")
    stale = Document.objects.get(pk=record.pk)
    record.title = "Другое название"
    record.save_edited(by=region_editor, known_version=1)

    with pytest.raises(ValidationError) as refusal:
        stale.move_to("published", by=approver)

    assert refusal.value.code == "changed_meanwhile"
    assert Document.objects.values_list("status", "title").get() == ("draft", "Другое название")
    assert JournalEntry.objects.count() == 0


def test_save_edited_stale_copy_is_refused_and_loses_nothing(town, region_editor):
    record = factories.document(town)
    stale = Document.objects.get(pk=record.pk)
    record.title = "Первый"
    record.save_edited(by=region_editor, known_version=1)
    stale.title = "Второй"

    with pytest.raises(ValidationError) as refusal:
        stale.save_edited(by=region_editor, known_version=1)

    assert refusal.value.code == "changed_meanwhile"
    assert Document.objects.values_list("title", "row_version").get() == ("Первый", 2)
    assert stale.title == "Второй"


@pytest.mark.invariant(19)
def test_report_published_twice_from_two_copies_counts_once(town, approver, editor):
    measure = factories.measure(town)
    first = factories.report(measure, by=editor, status="submitted")
    second = ProgressReport.objects.get(pk=first.pk)
    first.move_to("published", by=approver)

    with pytest.raises(ValidationError) as refusal:
        second.move_to("published", by=approver)

    assert refusal.value.code == "changed_meanwhile"
    assert JournalEntry.objects.about(first).count() == 1
    assert JournalEntry.objects.about(measure).count() == 1


@pytest.mark.parametrize("reason", ["", "   "])
def test_move_to_without_a_needed_reason_is_refused(town, approver, reason):
    record = factories.document(town)

    with pytest.raises(ValidationError) as refusal:
        record.move_to("withdrawn", by=approver, reason=reason)

    assert refusal.value.code == "reason_needed"
    assert refusal.value.messages == ["Напишите причину: её увидят все."]
    assert Document.objects.get().status == "published"


def test_move_to_first_publication_sets_its_moment_once(town, approver):
    record = factories.document(town, status="draft")
    assert record.published_at is None

    record.move_to("published", by=approver)
    published_at = record.published_at
    record.move_to("withdrawn", by=approver, reason="Отменено.")

    assert published_at is not None
    assert Document.objects.get().published_at == published_at


def test_follow_to_refuses_steps_that_people_take(town, approver):
    record = factories.measure(town)

    with pytest.raises(ValidationError) as refusal:
        record.follow_to("cancelled", by=approver, reason="Отменена.")

    assert refusal.value.code == "no_such_move"
    assert Measure.objects.get().status == "planned"


def test_move_to_by_a_stranger_after_dismissal_is_refused(town, approver):
    record = factories.document(town, status="draft")
    approver.is_active = False

    with pytest.raises(PermissionDenied):
        record.move_to("published", by=approver)


# Who sees a hidden record of town A and who may change its texts.
SEE_A_TOWN = {"editor", "head", "region_editor", "approver", "wg_member", "region_admin", "admin_user"}
SEE_THE_REGION = {"region_editor", "approver", "wg_member", "region_admin", "admin_user"}
EDIT_BY_REGION = {"region_editor", "approver", "admin_user"}
EDIT_BY_ALL = EDIT_BY_REGION | {"editor", "head"}
EVERYBODY = ["visitor", "outsider", "other_approver", *sorted(SEE_A_TOWN)]

HIDDEN = {
    "document": (lambda town: factories.document(town, status="draft"), SEE_A_TOWN, EDIT_BY_ALL),
    "strategy": (lambda town: factories.strategy(town, status="draft"), SEE_A_TOWN, EDIT_BY_REGION),
    "priority": (
        lambda town: factories.priority(factories.strategy(town), status="draft"), SEE_A_TOWN, EDIT_BY_REGION,
    ),
    "programme": (lambda town: factories.programme(town.region, status="draft"), SEE_THE_REGION, EDIT_BY_REGION),
    "measure": (lambda town: factories.measure(town, status="draft"), SEE_A_TOWN, EDIT_BY_REGION),
    "session": (lambda town: factories.session(town, status="planned"), SEE_A_TOWN, EDIT_BY_ALL),
    "proposal": (lambda town: factories.proposal(town, status="hidden"), SEE_A_TOWN, EDIT_BY_ALL),
    "report": (
        lambda town: factories.report(factories.measure(town)), SEE_A_TOWN,
        {"editor", "head", "region_editor", "admin_user"},
    ),
}  # fmt: skip


def _who(request, records):
    everybody = {name: AnonymousUser() if name == "visitor" else request.getfixturevalue(name) for name in EVERYBODY}
    return {name for name, actor in everybody.items() if records(actor).exists()}


@pytest.mark.invariant(16)
@pytest.mark.invariant(29)
@pytest.mark.parametrize("name", HIDDEN)
def test_hidden_record_is_seen_and_edited_only_inside_its_territory(name, town, request):
    build, seen, edited = HIDDEN[name]
    record = build(town)
    rows = type(record).objects.filter(pk=record.pk)

    assert not rows.public().exists()
    assert not record.is_public
    assert _who(request, rows.visible_to) == seen
    assert _who(request, rows.editable_by) == edited


@pytest.mark.invariant(29)
@pytest.mark.parametrize(
    "build",
    [
        factories.document,
        factories.strategy,
        lambda town: factories.priority(factories.strategy(town)),
        lambda town: factories.programme(town.region),
        factories.measure,
        factories.session,
        factories.proposal,
        lambda town: factories.report(factories.measure(town), status="published"),
    ],
)
def test_public_record_is_seen_by_everybody(build, town, request):
    record = build(town)
    rows = type(record).objects.filter(pk=record.pk)

    assert rows.public().get() == record
    assert _who(request, rows.visible_to) == set(EVERYBODY)


@pytest.mark.invariant(29)
def test_public_leaves_out_what_stands_in_a_hidden_frame(town):
    hidden_strategy = factories.strategy(town, status=Strategy.Status.DRAFT)
    factories.priority(hidden_strategy, status=Priority.Status.PUBLISHED)
    hidden_programme = factories.programme(town.region, status="draft")
    measure = factories.measure(town, direction=factories.direction(town.region, programme=hidden_programme))
    factories.report(measure, status="published")

    assert Priority.objects.public().count() == 0
    assert Measure.objects.public().count() == 0
    assert ProgressReport.objects.public().count() == 0


@pytest.mark.invariant(29)
def test_journal_visible_to_is_public_or_of_the_own_territory(town, approver, region_editor, outsider, editor):
    priority = factories.priority(factories.strategy(town), status="draft")
    priority.move_to("published", by=approver)
    report = factories.report(factories.measure(town), by=editor, status="returned")
    report.move_to("draft", by=editor)

    seen = {
        name: list(JournalEntry.objects.visible_to(actor).order_by("pk").values_list("to_status", flat=True))
        for name, actor in {
            "visitor": AnonymousUser(), "outsider": outsider, "editor": editor, "region_editor": region_editor,
        }.items()
    }  # fmt: skip

    assert seen == {
        "visitor": ["published"],
        "outsider": ["published"],
        "editor": ["published", "draft"],
        "region_editor": ["published", "draft"],
    }
