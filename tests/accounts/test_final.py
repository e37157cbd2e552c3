"""Rows that are final: neither the ORM nor SQL changes or deletes them, on both databases."""

import importlib
import types

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import ProtectedError

from accounts.final import protect, release
from accounts.models import JournalEntry
from accounts.models.journal import JournalIsFinal
from documents.evidence import check_evidence
from strategies.models import (
    Evidence,
    ExpectedReport,
    Handover,
    HandoverItem,
    Indicator,
    IndicatorValue,
    ProgressReport,
    TargetChange,
)
from tests import factories, files
from tests.strategies.reporting.answers import upload

JOURNAL, REPORTS = "accounts_journalentry", "strategies_progressreport"
PUBLISHED = "OLD.status = 'published'"
EVIDENCE, REPORTING = "strategies_evidence", "strategies.migrations.0007_reporting_is_final"


@pytest.fixture
def triggers(db):
    """The triggers of the migrations, put back: on SQLite the suite runs without them. A test's rollback drops them."""
    protect(connection, JOURNAL)
    protect(connection, REPORTS, condition=PUBLISHED)


@pytest.fixture
def entry(triggers, town, approver):
    """An entry of the journal about a published paper."""
    paper = factories.document(town, status="draft")
    paper.move_to("published", by=approver)
    return JournalEntry.objects.about(paper).get()


@pytest.fixture
def published(triggers, town, approver, editor):
    """A published report."""
    report = factories.report(factories.measure(town), by=editor, status="submitted")
    report.move_to("published", by=approver)
    return report


def refused(sql, *params):
    """Run SQL past the ORM and give what the database says."""
    with pytest.raises(DatabaseError) as refusal, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)
    return str(refusal.value).splitlines()[0]


def test_journal_entry_save_again_is_refused(entry):
    entry.reason = "Другая причина"

    with pytest.raises(JournalIsFinal) as refusal:
        entry.save()

    assert str(refusal.value) == "Записи журнала не меняют и не удаляют."
    assert JournalEntry.objects.get().reason == ""


def test_journal_entry_delete_is_refused(entry):
    with pytest.raises(JournalIsFinal):
        entry.delete()

    assert JournalEntry.objects.count() == 1


def test_journal_queryset_update_and_delete_are_refused(entry):
    with pytest.raises(JournalIsFinal):
        JournalEntry.objects.update(reason="Другая причина")
    with pytest.raises(JournalIsFinal):
        JournalEntry.objects.all().delete()
    with pytest.raises(JournalIsFinal), transaction.atomic():
        JournalEntry.objects.bulk_update([entry], ["to_status"])

    assert JournalEntry.objects.values_list("reason", "to_status").get() == ("", "published")


@pytest.mark.invariant(29)
def test_journal_sql_is_refused_by_the_database(entry):
    assert refused(f"UPDATE {JOURNAL} SET reason = 'x'") == f"final: {JOURNAL}"
    assert refused(f"DELETE FROM {JOURNAL} WHERE id = %s", entry.pk) == f"final: {JOURNAL}"
    assert JournalEntry.objects.values_list("pk", "reason").get() == (entry.pk, "")


def test_journal_keeps_the_actor_from_deletion(entry):
    with pytest.raises(ProtectedError):
        entry.actor.delete()


@pytest.mark.invariant(20)
def test_published_report_sql_is_refused_by_the_database(published):
    assert refused(f"UPDATE {REPORTS} SET text = 'x'") == f"final: {REPORTS}"
    assert refused(f"DELETE FROM {REPORTS} WHERE id = %s", published.pk) == f"final: {REPORTS}"
    assert ProgressReport.objects.values_list("status", "text").get() == ("published", "Сделали первый участок.")


@pytest.mark.invariant(20)
def test_published_report_orm_is_refused_by_the_database(published):
    published.text = "Другой текст"
    with pytest.raises(DatabaseError), transaction.atomic():
        published.save()
    with pytest.raises(DatabaseError), transaction.atomic():
        ProgressReport.objects.update(percent=99)
    with pytest.raises(DatabaseError), transaction.atomic():
        ProgressReport.objects.all().delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        published.delete()

    assert ProgressReport.objects.values_list("percent", "text").get() == (40, "Сделали первый участок.")


@pytest.mark.invariant(20)
def test_unpublished_report_may_still_change(triggers, town, editor):
    report = factories.report(factories.measure(town), by=editor)

    ProgressReport.objects.update(text="Исправили опечатку.")

    report.refresh_from_db()
    assert report.text == "Исправили опечатку."
    assert report.delete()[0] == 1


@pytest.mark.invariant(20)
def test_published_report_is_followed_by_a_correction_and_both_stay(published, approver, editor):
    correction = factories.report(
        published.measure, by=editor, corrects=published, percent=30, text="Сделали меньше.", status="submitted"
    )

    correction.move_to("published", by=approver)

    assert list(ProgressReport.objects.public().order_by("pk").values_list("pk", "percent")) == [
        (published.pk, 40),
        (correction.pk, 30),
    ]


def test_protect_twice_changes_nothing(entry):
    protect(connection, JOURNAL)

    assert refused(f"DELETE FROM {JOURNAL}") == f"final: {JOURNAL}"


def test_release_lets_rows_go(entry):
    release(connection, JOURNAL)

    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {JOURNAL} SET reason = 'x'")

    assert JournalEntry.objects.get().reason == "x"


# ——— Evidence, closed cycles, handed over duties, promised figures ———


@pytest.fixture
def reporting_triggers(db):
    """The triggers of the migration itself, put back."""
    editor = types.SimpleNamespace(connection=connection)
    for operation in importlib.import_module(REPORTING).Migration.operations:
        operation.code(None, editor)


@pytest.fixture
def shown(reporting_triggers, town, head, approver):
    """(a published report with a photo, a draft with a photo) of two measures."""
    reports = [factories.report(factories.measure(town), by=head) for _number in range(2)]
    for report in reports:
        Evidence.attach(report, [check_evidence(upload(files.photo()))], stage="after", by=head)
    reports[0].move_to("submitted", by=head)
    reports[0].move_to("published", by=approver)
    return reports


def rows(model):
    """Everything that a table holds."""
    return list(model.objects.order_by("pk").values())


@pytest.mark.invariant(35)
def test_evidence_of_a_published_report_is_refused_to_sql_by_the_database(shown):
    published, draft = shown
    photo, other = published.evidence.get(), draft.evidence.get()
    before = rows(Evidence)
    names = ", ".join(f'"{field.column}"' for field in Evidence._meta.fields if field.column not in {"id", "sha256"})

    for sql, params in (
        (f"UPDATE {EVIDENCE} SET caption = 'x' WHERE id = %s", [photo.pk]),
        (f"UPDATE {EVIDENCE} SET sha256 = 'x', file = 'other.jpg' WHERE id = %s", [photo.pk]),
        (f"UPDATE {EVIDENCE} SET report_id = %s WHERE id = %s", [draft.pk, photo.pk]),
        (f"UPDATE {EVIDENCE} SET report_id = %s WHERE id = %s", [published.pk, other.pk]),
        (f"DELETE FROM {EVIDENCE} WHERE id = %s", [photo.pk]),
        (f"INSERT INTO {EVIDENCE} ({names}, sha256) SELECT {names}, 'x' FROM {EVIDENCE} WHERE id = %s", [photo.pk]),
    ):
        assert refused(sql, *params) == f"final: {EVIDENCE}", sql

    assert rows(Evidence) == before


@pytest.mark.invariant(35)
def test_evidence_of_a_published_report_is_refused_to_the_orm_by_the_database(shown):
    published, _draft = shown
    photo = published.evidence.get()
    before = rows(Evidence)

    for change in (
        photo.delete,
        photo.save,
        lambda: Evidence.objects.update(caption="Другая подпись"),
        Evidence.objects.all().delete,
        lambda: Evidence.objects.create(report=published, file="x.jpg", file_type="jpg", file_size=1, sha256="x"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()

    assert rows(Evidence) == before


@pytest.mark.invariant(35)
def test_evidence_of_a_draft_may_still_change(shown):
    _published, draft = shown

    draft.evidence.update(caption="Опоры")
    draft.evidence.get().remove()

    assert Evidence.objects.count() == 1


@pytest.fixture
def kept(reporting_triggers, town, head, editor, approver):
    """{table: its model}, each with a row that is final."""
    measure = factories.measure(town, owner=head)
    cycle = factories.cycle(measure.direction.programme)
    cycle.move_to("closed", by=approver)
    Handover.perform(territory=town.territory, from_user=head, to_user=editor, reason="Отпуск", by=approver)
    indicator = factories.make(Indicator, measure=measure, name="Светильники", unit="шт.")
    value = factories.make(IndicatorValue, indicator=indicator, year=2027, target=10)
    value.change_target(8, reason="Нет денег", by=approver)
    return {model._meta.db_table: model for model in (ExpectedReport, Handover, HandoverItem, TargetChange)}


CHANGES = {
    "strategies_expectedreport": ["percent_then = 99", "title_then = 'x'", "frozen_at = NULL", "report_id = NULL"],
    "strategies_handover": ["reason = 'x'", "to_user_id = from_user_id"],
    "strategies_handoveritem": ["title = 'x'", "state = 'x'"],
    "strategies_targetchange": ["old_target = 8", "reason = 'x'"],
}


@pytest.mark.invariant(34)
@pytest.mark.invariant(36)
@pytest.mark.parametrize("table", CHANGES)
def test_what_was_kept_is_refused_to_sql_by_the_database(kept, table):
    before = rows(kept[table])
    assert len(before) == 1

    for change in CHANGES[table]:
        assert refused(f"UPDATE {table} SET {change}") == f"final: {table}", change
    assert refused(f"DELETE FROM {table}") == f"final: {table}"

    assert rows(kept[table]) == before


@pytest.mark.invariant(34)
def test_what_was_kept_does_not_go_with_what_it_hangs_on(kept):
    [row] = ExpectedReport.objects.all()
    [change] = TargetChange.objects.all()
    [act] = Handover.objects.all()

    for owner in (row.cycle, change.value, change.value.indicator, act):
        with pytest.raises(DatabaseError), transaction.atomic():
            owner.delete()

    assert [model.objects.count() for model in kept.values()] == [1, 1, 1, 1]


@pytest.mark.invariant(34)
def test_row_of_an_open_cycle_may_still_change(reporting_triggers, town):
    factories.cycle(factories.measure(town).direction.programme)

    ExpectedReport.objects.update(title_then="Название")

    assert ExpectedReport.objects.all().delete()[0] == 1


@pytest.mark.invariant(54)
def test_a_given_promise_keeps_its_words_and_never_goes(db, town, head):
    editor = types.SimpleNamespace(connection=connection)
    for operation in importlib.import_module("strategies.migrations.0009_commitments_are_final").Migration.operations:
        operation.code(None, editor)
    link = factories.link(factories.priority(factories.strategy(town)), factories.measure(town))
    given = factories.commitment(link, "town", amount=None, condition="Если купят землю")
    drafted = factories.commitment(link, "region", status="draft")

    for field, value in (("kind", "host"), ("amount", 5), ("year", 2030), ("condition", ""), ("side", "region")):
        told = refused(f"UPDATE strategies_commitment SET {field} = %s WHERE id = %s", value, given.pk)
        assert "final: strategies_commitment" in told
    assert "final" in refused("DELETE FROM strategies_commitment WHERE id = %s", given.pk)

    given.move_to("withdrawn", by=head, reason="Землю отдали под школу")
    type(drafted).objects.filter(pk=drafted.pk).update(amount=700, year=2030)
    drafted.refresh_from_db()

    assert (given.status, drafted.amount, drafted.year) == ("withdrawn", 700, 2030)
    assert "final" in refused("DELETE FROM strategies_commitment WHERE id = %s", given.pk)
