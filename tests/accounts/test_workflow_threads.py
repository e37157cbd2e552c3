"""Two people at the door at the same moment. SQLite lets one writer in at a time, so only PostgreSQL can show it."""

import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections

from accounts.models import JournalEntry
from strategies.models import Measure, ProgressReport
from tests import PATIENCE, factories

if connection.vendor == "postgresql":

    def _at_once(*acts):
        """Run acts in threads of their own from one starting line; gives what each said, sorted."""
        line, said = threading.Barrier(len(acts), timeout=PATIENCE), []

        def run(act):
            try:
                line.wait()
                act()
                said.append("done")
            except ValidationError as refusal:
                said.append(refusal.code)
            finally:
                connections.close_all()

        threads = [threading.Thread(target=run, args=(act,)) for act in acts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE)
        return sorted(said)

    @pytest.mark.django_db(transaction=True)
    def test_move_to_by_two_people_at_once_happens_once(town, approver):
        record = factories.document(town, status="draft")
        copies = [type(record).objects.get(pk=record.pk) for _ in range(2)]

        said = _at_once(*[lambda copy=copy: copy.move_to("published", by=approver) for copy in copies])

        assert said == ["changed_meanwhile", "done"]
        assert JournalEntry.objects.about(record).count() == 1

    @pytest.mark.django_db(transaction=True)
    @pytest.mark.invariant(19)
    def test_two_reports_of_a_measure_published_at_once_leave_the_later_one(town, approver, editor):
        measure = factories.measure(town)
        copies = [
            factories.report(measure, by=editor, status="submitted", period=period, percent=percent)
            for period, percent in (("q1", 20), ("q2", 50))
        ]
        copies = [ProgressReport.objects.get(pk=copy.pk) for copy in copies]

        said = _at_once(*[lambda copy=copy: copy.move_to("published", by=approver) for copy in copies])

        assert said == ["done", "done"]
        assert Measure.objects.values_list("status", "percent").get() == ("in_progress", 50)
        assert ProgressReport.objects.public().count() == 2
