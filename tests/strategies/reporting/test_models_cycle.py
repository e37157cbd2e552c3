"""Reporting periods: who is asked at the opening, what is late, what the close keeps for good."""

import datetime
import threading

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, connections, transaction
from django.utils import timezone

from accounts.final import protect
from accounts.models import JournalEntry
from strategies.models import ExpectedReport, Funding, Measure, Programme, ProgressReport, ReportingCycle
from tests import PATIENCE, factories
from tests.refusals import codes, messages

Q1_END = datetime.date(2026, 3, 31)
FROZEN = "OLD.frozen_at IS NOT NULL"


@pytest.fixture
def programme(region):
    return factories.programme(region)


@pytest.fixture
def measure(town, programme):
    return factories.measure(town, direction=factories.direction(town.region, programme=programme))


def published(measure, editor, approver, **fields):
    """A report that the region has published."""
    report = factories.report(measure, by=editor, status="submitted", **fields)
    report.move_to("published", by=approver)
    return report


def closed(cycle, approver):
    """The cycle, closed by hand."""
    cycle.move_to("closed", by=approver)
    return cycle


def asked(cycle):
    """[(title, town)] of what a cycle asks about."""
    rows = cycle.expected.order_by("pk").select_related("measure", "priority", "municipality")
    return [(row.subject.title, row.municipality and row.municipality.name) for row in rows]


# ——— Opening ———


def test_cycle_asks_about_open_measures_that_have_begun(town, region, programme):
    direction = factories.direction(region, programme=programme)
    factories.measure(town, title="Идёт", direction=direction, start=Q1_END)
    factories.measure(town, title="Без начала", direction=direction, start=None)
    factories.measure(region, title="Общая", direction=direction)
    factories.measure(town, title="Ещё не началась", direction=direction, start=Q1_END + datetime.timedelta(days=1))
    factories.measure(town, title="Черновик", direction=direction, status="draft")
    factories.measure(town, title="Кончена", direction=direction, status="done", percent=100)
    factories.measure(town, title="Отменена", direction=direction, status="cancelled")
    factories.measure(town, title="Другой программы")

    assert asked(factories.cycle(programme)) == [("Идёт", "Сызрань"), ("Без начала", "Сызрань"), ("Общая", None)]


def test_cycle_asks_about_priorities_that_no_measure_answers(town, region, programme, other_region):
    strategy = factories.strategy(town)
    factories.priority(strategy, title="Без меры")
    answered = factories.priority(strategy, title="С мерой")
    factories.link(answered, factories.measure(town))
    cancelled = factories.priority(strategy, title="Мера отменена")
    factories.link(cancelled, factories.measure(town, status="cancelled"))
    factories.priority(strategy, title="Черновик", status="draft")
    factories.priority(factories.strategy(town, status="superseded"), title="Старая стратегия")

    assert asked(factories.cycle(programme)) == [("Без меры", "Сызрань"), ("Мера отменена", "Сызрань")]
    # Other programmes and other regions ask about their measures only.
    state = factories.programme(region, kind=Programme.Kind.STATE)
    assert asked(factories.cycle(state)) == []
    assert asked(factories.cycle(factories.programme(other_region))) == []


def test_cycle_does_not_ask_a_town_outside_the_programme_about_its_priorities(town, programme):
    factories.priority(factories.strategy(town))
    town.in_programme = False
    town.save()

    assert asked(factories.cycle(programme)) == []


def test_cycle_is_due_on_a_working_day_of_the_programme(programme):
    programme.report_day = 18  # a Saturday in April 2026

    assert factories.cycle(programme).due_on == datetime.date(2026, 4, 20)


def test_cycle_opens_once(measure, programme, approver, region_editor):
    cycle, is_opened = ReportingCycle.start(programme, 2026, "q1", by=region_editor)
    again, is_opened_again = ReportingCycle.start(programme, 2026, "q1", by=approver)

    assert (is_opened, is_opened_again, again) == (True, False, cycle)
    assert cycle.expected.count() == 1
    assert list(JournalEntry.objects.about(cycle).values_list("to_status", "actor__username")) == [("open", "editor")]


def test_cycle_opens_by_the_calendar_without_a_person(programme):
    cycle = factories.cycle(programme)

    assert (cycle.status, cycle.created_by) == ("open", None)
    assert JournalEntry.objects.about(cycle).get().actor is None


def test_cycle_opened_by_a_stranger_leaves_nothing(programme, head, other_approver, wg_member, region_admin):
    for stranger in (head, other_approver, wg_member, region_admin):
        with pytest.raises(PermissionDenied):
            ReportingCycle.start(programme, 2026, "q1", by=stranger)

    assert ReportingCycle.objects.count() == 0


@pytest.mark.parametrize(
    ("fields", "year", "period", "code"),
    [
        ({}, 2026, "h1", "rhythm"),
        ({"rhythm": "half"}, 2026, "q1", "rhythm"),
        ({"rhythm": "year"}, 2026, "q1", "rhythm"),
        ({}, 2099, "q1", "future"),
        ({"status": "prepared"}, 2026, "q1", "not_in_force"),
        ({"status": "completed"}, 2026, "q1", "not_in_force"),
    ],
)
def test_cycle_that_cannot_be_opened_leaves_nothing(region, fields, year, period, code):
    assert codes(ReportingCycle.start, factories.programme(region, **fields), year, period, by=None) == [code]
    assert ReportingCycle.objects.count() == 0


# ——— Who owes what ———


def test_expected_reports_are_owed_by_their_town(
    town, region, programme, head, editor, outsider, region_editor, approver
):
    direction = factories.direction(region, programme=programme)
    own = factories.measure(town, direction=direction)
    wide = factories.measure(region, direction=direction)
    cycle = factories.cycle(programme)

    owed = {
        person.username: [row.subject for row in cycle.expected.owed_by(person)]
        for person in (head, editor, outsider, region_editor, approver)
    }

    assert owed == {
        "syzran-head": [own], "syzran-editor": [own], "chapaevsk-head": [], "editor": [wide], "approver": [],
    }  # fmt: skip


def test_expected_reports_are_seen_in_their_territory(
    town, measure, programme, head, outsider, approver, other_approver
):
    cycle = factories.cycle(programme)

    seen = {
        person.username: cycle.expected.visible_to(person).count()
        for person in (head, outsider, approver, other_approver)
    }

    assert seen == {"syzran-head": 1, "chapaevsk-head": 0, "approver": 1, "other-approver": 0}


@pytest.mark.parametrize(
    ("status", "is_unanswered"),
    [(None, True), ("draft", True), ("returned", True), ("submitted", False), ("published", False)],
)
def test_expected_report_is_unanswered_until_the_region_has_it(measure, programme, editor, status, is_unanswered):
    cycle = factories.cycle(programme)
    if status:
        factories.report(measure, by=editor, status=status)
    factories.report(measure, by=editor, period="q2", status="submitted")  # of another period

    row = cycle.expected.with_report().get()

    assert row.report_status == status
    assert cycle.expected.unanswered().exists() == is_unanswered
    assert row.is_overdue(cycle.due_on + datetime.timedelta(days=1)) == is_unanswered
    assert row.is_overdue(cycle.due_on) is False


def test_cycle_counts_what_came(town, region, programme, editor, approver):
    direction = factories.direction(region, programme=programme)
    measures = [factories.measure(town, direction=direction) for _number in range(4)]
    priority = factories.priority(factories.strategy(town))
    cycle = factories.cycle(programme)
    factories.report(measures[0], by=editor)
    factories.report(measures[1], by=editor, status="submitted")
    published(measures[2], editor, approver)
    factories.report(priority, by=editor, status="submitted", percent=None)

    def counts():
        found = ReportingCycle.objects.with_counts().get(pk=cycle.pk)
        return found.asked, found.received

    assert counts() == (5, 3)
    closed(cycle, approver)
    assert counts() == (5, 1)  # what was published stays


def test_late_submission_is_taken_and_marked(measure, programme, head):
    cycle = factories.cycle(programme)
    assert cycle.due_on < timezone.localdate()
    report = factories.report(measure, by=head)

    report.move_to("submitted", by=head)

    assert timezone.localtime(report.submitted_at).date() > cycle.due_on
    assert cycle.expected.unanswered().count() == 0


# ——— The close ———


def kept(cycle):
    """What the rows of a closed cycle say."""
    return list(
        cycle.expected.order_by("pk").values_list(
            "title_then", "status_then", "percent_then", "due_then", "planned_then", "spent_then", "report"
        )
    )


def test_closing_keeps_what_was_published(town, region, programme, editor, approver):
    direction = factories.direction(region, programme=programme)
    done, silent = (factories.measure(town, title=title, direction=direction) for title in ("Аллея", "Дворец"))
    for source, planned in (("regional", 100), ("local", 20)):
        factories.make(Funding, measure=done, year=2026, source=source, planned=planned, spent=7)
    priority = factories.priority(factories.strategy(town), title="Тихие дворы")
    cycle = factories.cycle(programme)
    report = published(done, editor, approver)

    closed(cycle, approver)

    assert kept(cycle) == [
        ("Аллея", "in_progress", 40, done.due, 120, 14, report.pk),
        ("Дворец", "planned", None, silent.due, None, None, None),
        ("Тихие дворы", "published", None, None, None, None, None),
    ]
    assert cycle.expected.filter(frozen_at__isnull=True).count() == 0
    assert priority.expected_reports.get().cycle == cycle


def test_later_correction_stands_beside_the_kept_row(measure, programme, editor, approver):
    cycle = factories.cycle(programme)
    report = published(measure, editor, approver)
    closed(cycle, approver)
    before = kept(cycle)
    assert cycle.expected.said_since().count() == 0

    correction = published(measure, editor, approver, corrects=report, percent=30)

    measure.refresh_from_db()
    assert measure.percent == 30
    assert kept(cycle) == before
    assert [(row.report_id, row.counting_now) for row in cycle.expected.said_since()] == [(report.pk, correction.pk)]


def test_report_after_the_close_stands_beside_the_empty_row(measure, programme, editor, approver):
    cycle = closed(factories.cycle(programme), approver)

    late = published(measure, editor, approver)

    row = cycle.expected.said_since().get()
    assert (row.report, row.percent_then, row.counting_now) == (None, None, late.pk)


def test_report_of_another_period_says_nothing_of_a_closed_one(measure, programme, editor, approver):
    cycle = closed(factories.cycle(programme), approver)

    published(measure, editor, approver, period="q2")

    assert cycle.expected.said_since().count() == 0


def test_open_cycle_has_said_nothing_since(measure, programme, editor, approver):
    cycle = factories.cycle(programme)
    published(measure, editor, approver)

    assert cycle.expected.said_since().count() == 0


@pytest.mark.parametrize("who", ["head", "region_editor", "region_admin", "other_approver"])
def test_closing_is_the_approvers(request, measure, programme, who):
    cycle = factories.cycle(programme)

    with pytest.raises(PermissionDenied):
        cycle.move_to("closed", by=request.getfixturevalue(who))

    assert ExpectedReport.objects.get().frozen_at is None


def test_closed_cycle_is_not_opened_again(measure, programme, approver):
    cycle = closed(factories.cycle(programme), approver)

    assert ReportingCycle.start(programme, 2026, "q1", by=approver) == (cycle, False)
    assert codes(cycle.move_to, "open", by=approver) == ["no_such_move"]


def test_kept_row_is_refused_to_sql_by_the_database(measure, programme, approver):
    protect(connection, "strategies_expectedreport", condition=FROZEN)
    cycle = factories.cycle(programme)
    ExpectedReport.objects.update(title_then="пока можно")
    closed(cycle, approver)

    for sql in ("UPDATE strategies_expectedreport SET percent_then = 99", "DELETE FROM strategies_expectedreport"):
        with pytest.raises(DatabaseError) as refusal, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
        assert str(refusal.value).splitlines()[0] == "final: strategies_expectedreport"

    assert kept(cycle) == [(measure.title, "planned", None, measure.due, None, None, None)]


def test_measure_cancelled_after_the_close_stays_in_the_list(measure, programme, approver, town):
    cycle = closed(factories.cycle(programme), approver)
    measure.cancel_act = factories.document(town)
    measure.move_to("cancelled", by=approver, reason="Решение Думы.")

    assert kept(cycle)[0][:2] == (measure.title, "planned")


def test_cycle_of_another_rhythm_does_not_pass(programme):
    cycle = ReportingCycle(programme=programme, year=2026, period="h1", due_on=datetime.date(2026, 7, 15))

    told = messages(cycle.full_clean, exclude=["created_by", "period_end"])

    assert told == ["По этой программе отчитываются в другом ритме."]


def test_open_cycle_is_closed_after_the_rhythm_has_changed(programme, approver):
    cycle = factories.cycle(programme)
    Programme.objects.update(rhythm="half")

    ReportingCycle.objects.get().move_to("closed", by=approver)

    cycle.refresh_from_db()
    assert cycle.status == "closed"


def test_cycle_due_before_its_period_does_not_pass(programme):
    cycle = ReportingCycle(programme=programme, year=2026, period="q1", due_on=datetime.date(2025, 12, 31))

    assert messages(cycle.full_clean, exclude=["created_by", "period_end"]) == ["Срок сдачи раньше начала периода."]


if connection.vendor == "postgresql":

    @pytest.mark.django_db(transaction=True)
    def test_two_starts_at_once_open_one_cycle(measure, programme):
        line, said = threading.Barrier(4, timeout=PATIENCE), []

        def run():
            try:
                line.wait()
                said.append(ReportingCycle.start(Programme.objects.get(pk=programme.pk), 2026, "q1", by=None)[1])
            except ValidationError as refusal:
                said.append(refusal.code)
            finally:
                connections.close_all()

        threads = [threading.Thread(target=run) for _number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE)

        assert sorted(said) == [False, False, False, True]
        assert (ReportingCycle.objects.get().status, ExpectedReport.objects.count()) == ("open", 1)
        assert JournalEntry.objects.filter(to_status="open").count() == 1


def test_publication_of_a_report_leaves_the_open_row_alone(measure, programme, editor, approver):
    cycle = factories.cycle(programme)

    published(measure, editor, approver)

    row = cycle.expected.get()
    assert (row.frozen_at, row.report, row.title_then) == (None, None, "")
    assert Measure.objects.get().status == "in_progress"
    assert ProgressReport.objects.get().status == "published"
