"""Every step of every record: each source × each target × each actor against a table written out here."""

import copy
import datetime
from contextlib import suppress
from unittest.mock import Mock

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import JournalEntry
from documents.models import Document
from strategies.models import Commitment, Finding, Measure, ReportingCycle
from tests import factories

ACTORS = [
    "editor", "head", "outsider", "region_editor", "approver", "other_approver", "wg_member", "region_admin",
    "admin_user",
]  # fmt: skip

# {source: {target: who}}; a pair that is not here is a step for nobody.
DOCUMENT_OF_TOWN = {
    "draft": {"published": {"head", "approver"}},
    "published": {"withdrawn": {"head", "approver"}},
    "withdrawn": {},
}
DOCUMENT_OF_REGION = {
    "draft": {"published": {"approver"}},
    "published": {"withdrawn": {"approver"}},
    "withdrawn": {},
}
STRATEGY = {
    "draft": {"discussion": {"region_editor"}, "approved": {"approver"}},
    "discussion": {"draft": {"region_editor"}, "approved": {"approver"}},
    "approved": {},
    "superseded": {},
}
PRIORITY = {"draft": {"published": {"approver"}}, "published": {"archived": {"approver"}}, "archived": {}}
PROGRAMME = {
    "draft": {"prepared": {"approver"}, "discussion": {"approver"}, "approved": {"approver"}},
    "prepared": {"discussion": {"approver"}, "approved": {"approver"}},
    "discussion": {"prepared": {"approver"}, "approved": {"approver"}},
    "approved": {"completed": {"approver"}},
    "completed": {},
}
MEASURE = {
    "draft": {"planned": {"approver"}},
    "planned": {"cancelled": {"approver"}},
    "in_progress": {"cancelled": {"approver"}},
    "postponed": {"cancelled": {"approver"}},
    "done": {},
    "not_done": {},
    "cancelled": {},
}
COMMITMENT_OF_REGION = {
    "draft": {"confirmed": {"approver"}},
    "confirmed": {"withdrawn": {"approver"}},
    "withdrawn": {},
}
COMMITMENT_OF_TOWN = {"draft": {"confirmed": {"head"}}, "confirmed": {"withdrawn": {"head"}}, "withdrawn": {}}
FINDING = {
    "open": {"accepted": {"region_editor", "approver"}, "dismissed": {"region_editor", "approver"}},
    "accepted": {"dismissed": {"region_editor", "approver"}},
    "dismissed": {"accepted": {"region_editor", "approver"}},
    "gone": {},
}
SESSION_OF_TOWN = {
    "planned": {"announced": {"editor", "head"}, "cancelled": {"head"}},
    "announced": {"held": {"editor", "head"}, "cancelled": {"head"}},
    "held": {"outcome": {"head"}},
    "outcome": {},
    "cancelled": {},
}
SESSION_OF_REGION = {
    "planned": {"announced": {"region_editor"}, "cancelled": {"approver"}},
    "announced": {"held": {"region_editor"}, "cancelled": {"approver"}},
    "held": {"outcome": {"approver"}},
    "outcome": {},
    "cancelled": {},
}


def _proposal(moderators, answerers):
    return {
        "new": {"on_review": moderators, "merged": moderators, "hidden": moderators},
        "on_review": {
            "accepted": answerers, "partly": answerers, "declined": answerers, "redirected": answerers,
            "merged": moderators, "hidden": moderators,
        },
        "accepted": {"hidden": moderators},
        "partly": {"hidden": moderators},
        "declined": {"hidden": moderators},
        "redirected": {"hidden": moderators},
        "merged": {"on_review": moderators, "hidden": moderators},
        "hidden": {},
    }  # fmt: skip


PROPOSAL_OF_TOWN = _proposal({"editor", "head"}, {"head"})
PROPOSAL_OF_REGION = _proposal({"region_editor"}, {"approver"})
REPORT_OF_TOWN = {
    "draft": {"submitted": {"head"}},
    "submitted": {"published": {"approver"}, "returned": {"approver"}},
    "returned": {"draft": {"editor", "head"}},
    "published": {},
}
REPORT_OF_REGION = {
    "draft": {"submitted": {"region_editor"}},
    "submitted": {"published": {"approver"}, "returned": {"approver"}},
    "returned": {"draft": {"region_editor"}},
    "published": {},
}

CYCLE = {"planned": {"open": {"region_editor", "approver"}}, "open": {"closed": {"approver"}}, "closed": {}}


def _cycle(town):
    programme = factories.programme(town.region)
    return factories.make(
        ReportingCycle, programme=programme, year=2026, period="q1", due_on=programme.due_day(2026, "q1")
    )


def _strategy(town):
    return factories.strategy(
        town, act=factories.document(town), act_number="432", act_date=datetime.date(2019, 2, 21), adopted_by="Дума"
    )


def _measure(town):
    return factories.measure(
        town, cancel_act=factories.document(town), postponed_to=datetime.date(2028, 3, 1), title="Набережная"
    )


def _programme(town):
    return factories.programme(
        town.region, act=factories.document(town.region), act_title="Постановление № 1",
        act_date=datetime.date(2026, 1, 10), discussion_from=datetime.date(2025, 10, 1),
        discussion_to=timezone.localdate(),
    )  # fmt: skip


def _commitment(town, **fields):
    link = factories.link(factories.priority(factories.strategy(town)), factories.measure(town))
    return factories.make(Commitment, link=link, amount=500, year=2027, **fields)


def _finding(town):
    return factories.make(Finding, region=town.region, kind="money_sum", key="a" * 64, text="Итог не сходится.")


def _session(owner):
    minutes = factories.document(owner, kind=Document.Kind.MINUTES, title="Протокол сессии")
    return factories.session(owner, minutes=minutes, outcome="Договорились о трёх приоритетах.")


def _proposal_record(town, **fields):
    return factories.proposal(
        town,
        merged_into=factories.proposal(town, **fields),
        redirected_to="министерство",
        answer="Учтём в плане.",
        answered_at=datetime.datetime(2018, 7, 1, tzinfo=datetime.UTC),
        **fields,
    )


# Each record is ready for every step, so that only the table decides.
CASES = {
    "document of a town": (DOCUMENT_OF_TOWN, lambda town: factories.document(town)),
    "document of a region": (DOCUMENT_OF_REGION, lambda town: factories.document(town.region)),
    "strategy": (STRATEGY, _strategy),
    "priority": (PRIORITY, lambda town: factories.priority(factories.strategy(town))),
    "programme": (PROGRAMME, _programme),
    "measure of a town": (MEASURE, _measure),
    "measure of the region": (MEASURE, lambda town: _measure(town.region)),
    "commitment of the region": (COMMITMENT_OF_REGION, lambda town: _commitment(town, side="region", kind="fund")),
    "commitment of a town": (COMMITMENT_OF_TOWN, lambda town: _commitment(town, side="town", kind="cofund")),
    "finding": (FINDING, _finding),
    "session of a town": (SESSION_OF_TOWN, _session),
    "session of the region": (SESSION_OF_REGION, lambda town: _session(town.region)),
    "proposal about a town": (PROPOSAL_OF_TOWN, _proposal_record),
    "proposal about the region": (PROPOSAL_OF_REGION, lambda town: _proposal_record(town, municipality=None)),
    "report of a town": (REPORT_OF_TOWN, lambda town: factories.report(factories.measure(town))),
    "report of the region": (REPORT_OF_REGION, lambda town: factories.report(factories.measure(town.region))),
    "report on a priority": (
        REPORT_OF_TOWN,
        lambda town: factories.report(factories.priority(factories.strategy(town))),
    ),
    "reporting cycle": (CYCLE, _cycle),
}

# What a record of a state must hold besides.
NEEDED = {
    (Measure, "done"): {"percent": 100},
    (Commitment, "withdrawn"): {"withdrawn_because": "Денег не дали."},
    (Finding, "accepted"): {"settled_because": "Так и есть."},
    (Finding, "dismissed"): {"settled_because": "Это разные улицы."},
}


@pytest.fixture
def actors(request):
    """Everybody who may try, by name; the visitor has no account."""
    return {"visitor": AnonymousUser()} | {name: request.getfixturevalue(name) for name in ACTORS}


def _row(record):
    """The stored row, {column: value}; past the ORM, which would compose the question anew thousands of times."""
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT * FROM "{record._meta.db_table}" WHERE id = %s', [record.pk])
        return dict(zip((column[0] for column in cursor.description), cursor.fetchone(), strict=True))


def _entries():
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM accounts_journalentry")
        return cursor.fetchone()[0]


def _assert_step(record, target, actor):
    """The state is changed, and one entry of the journal says who moved it from where to where."""
    source = record.status
    with transaction.atomic():
        record.move_to(target, by=actor, reason="Так решили.")

        entries = JournalEntry.objects.about(record).values("from_status", "to_status", "actor", "reason")
        assert _row(record)["status"] == target
        assert record.status == target
        assert list(entries) == [
            {"from_status": source, "to_status": target, "actor": actor.pk, "reason": "Так решили."}
        ]
        transaction.set_rollback(True)


def _assert_refused(record, target, actor, error):
    """Nothing is changed and the journal is silent."""
    before = _row(record)
    with pytest.raises(error) as refusal:
        record.move_to(target, by=actor, reason="Так решили.")

    if error is ValidationError:
        assert refusal.value.code == "no_such_move"
    assert _row(record) == before
    assert record.status == before["status"]
    assert _entries() == 0


@pytest.mark.slow
@pytest.mark.invariant(29)
def test_move_to_follows_the_table(town, actors, case):
    for record_name, (table, build) in CASES.items():
        for source, targets in table.items():
            with case(f"{record_name}, {source}"):
                prepared = build(town)
                model = type(prepared)
                assert set(table) == set(model.Status.values)
                model.objects.filter(pk=prepared.pk).update(status=source, **NEEDED.get((model, source), {}))
                stored = model.objects.get(pk=prepared.pk)
                for name, actor in actors.items():
                    assert [move.status for move in stored.moves_for(actor)] == [
                        target for target, allowed in targets.items() if name in allowed
                    ], name
                    for target in table:
                        record = copy.copy(stored)
                        if name in targets.get(target, ()):
                            _assert_step(record, target, actor)
                        else:
                            error = PermissionDenied if target in targets else ValidationError
                            _assert_refused(record, target, actor, error)


def _memory(record):
    return {name: value for name, value in vars(record).items() if name != "_state"}


def test_check_of_a_step_changes_nothing(town, approver, case):
    """Neither in the database nor in memory, whether it lets through or refuses."""
    for name, (table, build) in CASES.items():
        for target in table:
            with case(f"{name}, {target}"), transaction.atomic():
                record = build(town)
                before = _memory(record)
                with CaptureQueriesContext(connection) as asked, suppress(ValidationError):
                    record.check_move(target, by=approver, reason="Так решили.")

                assert _memory(record) == before
                assert [
                    one["sql"] for one in asked if not one["sql"].startswith(("SELECT", "SAVEPOINT", "RELEASE"))
                ] == []
                transaction.set_rollback(True)


def test_step_that_breaks_at_its_end_leaves_the_record_as_it_was(town, actors, case, monkeypatch):
    monkeypatch.setattr(JournalEntry, "write", Mock(side_effect=ConnectionError))
    for name, (table, build) in CASES.items():
        record = build(town)
        before, related, row = _memory(record), dict(record._state.fields_cache), _row(record)
        for target, allowed in table[record.status].items():
            with case(f"{name}, {target}"), pytest.raises(ConnectionError):
                record.move_to(target, by=actors[min(allowed)], reason="Так решили.")

            assert (_memory(record), record._state.fields_cache, _row(record)) == (before, related, row)


def test_move_to_unknown_state_is_refused(town, approver, case):
    for name, (_table, build) in CASES.items():
        with case(name):
            record = build(town)

            with pytest.raises(ValidationError) as refusal:
                record.move_to("нет такого", by=approver, reason="Так решили.")

            assert refusal.value.code == "no_such_move"
            assert JournalEntry.objects.count() == 0


def test_moves_for_names_the_step_in_russian(town, approver):
    moves = factories.document(town, status="draft").moves_for(approver)

    assert [(move.status, str(move.label)) for move in moves] == [("published", "опубликован")]


def test_move_to_by_the_calendar_opens_a_cycle(town):
    record = _cycle(town)

    record.move_to("open", by=None)

    entry = JournalEntry.objects.about(record).get()
    assert (record.status, entry.to_status, entry.actor) == ("open", "open", None)
