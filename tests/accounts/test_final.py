"""Rows that are final: neither the ORM nor SQL changes or deletes them, on both databases."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import ProtectedError

from accounts.final import protect, release
from accounts.models import JournalEntry
from accounts.models.journal import JournalIsFinal
from strategies.models import ProgressReport
from tests import factories

JOURNAL, REPORTS = "accounts_journalentry", "strategies_progressreport"
PUBLISHED = "OLD.status = 'published'"


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
