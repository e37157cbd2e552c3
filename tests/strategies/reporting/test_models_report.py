"""Progress reports: what they must hold, and what their publication sets."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from accounts.models import JournalEntry
from strategies.models import (
    DueChange,
    Funding,
    Indicator,
    IndicatorValue,
    Milestone,
    ProgressReport,
    ReportedActual,
    ReportedMilestone,
    ReportedSpending,
)
from tests import factories
from tests.refusals import codes, database_refuses_change, messages

DONE = {"reported_status": "done", "percent": 100}
POSTPONED = {"reported_status": "postponed", "percent": 50, "deviation_reason": "Подрядчик ушёл."}
NEW_DUE = datetime.date(2028, 6, 30)


def submitted(measure, editor, **fields):
    """A report that waits for the approver."""
    return factories.report(measure, by=editor, status="submitted", **fields)


@pytest.mark.invariant(1)
@pytest.mark.parametrize(
    ("status", "percent"), [("done", 99), ("done", None), ("in_progress", 100), ("in_progress", 101)]
)
def test_report_percent_is_100_exactly_when_done(town, editor, status, percent):
    record = factories.report(factories.measure(town), by=editor)

    database_refuses_change(record, reported_status=status, percent=percent)
    record.reported_status, record.percent = status, percent
    assert messages(record.full_clean, exclude=["created_by"]) == [
        "Готовность от 0 до 100 %, и 100 % — только если мера выполнена."
    ]


@pytest.mark.invariant(1)
def test_measure_percent_is_100_exactly_when_done(town):
    record = factories.measure(town, status="in_progress", percent=99)

    database_refuses_change(record, percent=100)
    database_refuses_change(record, status="done")
    type(record).objects.filter(pk=record.pk).update(status="done", percent=100)


@pytest.mark.invariant(1)
def test_report_in_progress_without_percent_is_not_submitted(town, head):
    record = factories.report(factories.measure(town), by=head, percent=None)

    assert messages(record.move_to, "submitted", by=head) == ["Укажите готовность в процентах."]


@pytest.mark.invariant(18)
def test_report_is_not_accepted_by_who_drafted_or_submitted_it(town, approver, region, editor):
    drafted = factories.report(factories.measure(town), by=approver, status="submitted")
    sent = factories.report(factories.measure(town), by=editor, submitted_by=approver, status="submitted")

    for record in (drafted, sent):
        for target in ("published", "returned"):
            with pytest.raises(PermissionDenied):
                record.move_to(target, by=approver, reason="Проверено.")
        assert record.moves_for(approver) == []


@pytest.mark.invariant(18)
def test_report_is_accepted_by_another_person(town, approver, head):
    record = factories.report(factories.measure(town), by=head)

    record.move_to("submitted", by=head)
    record.move_to("published", by=approver)

    row = ProgressReport.objects.get()
    assert (row.status, row.submitted_by, row.created_by) == ("published", head, head)


@pytest.mark.invariant(19)
def test_report_second_published_for_a_period_is_refused(town, editor, approver):
    measure = factories.measure(town)
    submitted(measure, editor).move_to("published", by=approver)
    second = factories.report(measure, by=editor, year=2026, period="q2", status="submitted")

    database_refuses_change(second, period="q1", status="published")
    ProgressReport.objects.filter(pk=second.pk).update(period="q1")
    second.refresh_from_db()
    assert messages(second.move_to, "published", by=approver) == [
        "Отчёт за этот период уже опубликован: сдайте исправление."
    ]


@pytest.mark.invariant(19)
def test_report_correction_of_the_latest_sets_the_measure(town, editor, approver):
    measure = factories.measure(town)
    first = submitted(measure, editor, **DONE)
    first.move_to("published", by=approver)
    measure.refresh_from_db()
    assert (measure.status, measure.percent) == ("done", 100)

    submitted(measure, editor, corrects=first, percent=70).move_to("published", by=approver)

    measure.refresh_from_db()
    assert (measure.status, measure.percent) == ("in_progress", 70)


@pytest.mark.invariant(19)
def test_report_correction_of_an_older_period_does_not_override_a_later_one(town, editor, approver):
    measure = factories.measure(town)
    first = submitted(measure, editor, percent=20)
    first.move_to("published", by=approver)
    submitted(measure, editor, period="q2", percent=60).move_to("published", by=approver)

    correction = submitted(measure, editor, corrects=first, percent=10)
    correction.move_to("published", by=approver)

    measure.refresh_from_db()
    assert (measure.status, measure.percent) == ("in_progress", 60)
    assert sorted(ProgressReport.objects.counting().values_list("percent", flat=True)) == [10, 60]


@pytest.mark.invariant(19)
def test_report_second_correction_of_one_report_is_refused(town, editor, approver):
    measure = factories.measure(town)
    first = submitted(measure, editor)
    first.move_to("published", by=approver)
    submitted(measure, editor, corrects=first, percent=30).move_to("published", by=approver)
    again = submitted(measure, editor, corrects=first, percent=35)

    database_refuses_change(again, status="published")
    assert messages(again.move_to, "published", by=approver) == ["Этот отчёт уже исправлен: исправьте исправление."]


@pytest.mark.invariant(20)
@pytest.mark.usefixtures("checked")
def test_report_correction_of_another_period_or_of_a_draft_is_refused(town, editor, approver):
    measure = factories.measure(town)
    first = submitted(measure, editor)
    assert codes(factories.report, measure, by=editor, corrects=first) == ["not_published"]
    first.move_to("published", by=approver)

    assert codes(factories.report, measure, by=editor, corrects=first, period="q2") == ["other_period"]
    assert codes(factories.report, factories.measure(town), by=editor, corrects=first) == ["other_period"]


@pytest.mark.invariant(21)
@pytest.mark.usefixtures("checked")
def test_report_for_a_future_period_is_refused(town, editor):
    measure, year = factories.measure(town), timezone.localdate().year

    assert messages(factories.report, measure, by=editor, year=year + 1) == [
        "Отчёт за период, который ещё не начался, не сдают."
    ]
    assert factories.report(measure, by=editor, year=year).period_end == datetime.date(year, 3, 31)


@pytest.mark.invariant(22)
def test_report_done_needs_all_milestones(town, head):
    measure = factories.measure(town)
    left = factories.make(Milestone, measure=measure, title="Открытие", due=datetime.date(2026, 5, 1))
    record = factories.report(measure, by=head, **DONE)

    assert messages(record.move_to, "submitted", by=head) == [
        "Мера выполнена, когда пройдены все контрольные точки. Осталось: Открытие."
    ]
    factories.make(ReportedMilestone, report=record, milestone=left, done_on=datetime.date(2026, 3, 1))
    record.move_to("submitted", by=head)

    assert record.status == "submitted"


@pytest.mark.invariant(22)
@pytest.mark.usefixtures("checked")
def test_milestone_done_in_the_future_is_refused(town, editor):
    measure = factories.measure(town)
    milestone = factories.make(Milestone, measure=measure, title="Открытие", due=datetime.date(2026, 5, 1))
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    record = factories.report(measure, by=editor)
    refusal = ["Контрольная точка не может произойти в будущем."]

    assert messages(factories.make, ReportedMilestone, report=record, milestone=milestone, done_on=tomorrow) == refusal
    milestone.done_on = tomorrow
    assert messages(milestone.full_clean, exclude=["created_by"]) == refusal
    milestone.done_on = timezone.localdate()
    milestone.full_clean(exclude=["created_by"])


@pytest.mark.invariant(23)
@pytest.mark.parametrize("fields", [{"reported_status": "not_done"}, {"reported_status": "postponed"}])
@pytest.mark.usefixtures("checked")
def test_report_failure_without_a_reason_is_refused(town, editor, fields):
    record = factories.report(factories.measure(town), by=editor)

    database_refuses_change(record, postponed_to=NEW_DUE, deviation_reason="", **fields)
    assert messages(
        factories.report, factories.measure(town), by=editor, postponed_to=NEW_DUE, deviation_reason="", **fields
    ) == ["Напишите причину: почему не выполнено или перенесено."]


@pytest.mark.invariant(11)
@pytest.mark.usefixtures("checked")
def test_report_postponed_without_a_new_date_is_refused(town, editor):
    record = factories.report(factories.measure(town), by=editor)

    database_refuses_change(record, **POSTPONED)
    assert messages(factories.report, record.measure, by=editor, period="q2", **POSTPONED) == ["Укажите новый срок."]


@pytest.mark.invariant(11)
def test_report_postponement_keeps_the_old_date_and_the_reason(town, editor, approver):
    measure = factories.measure(town)
    record = submitted(measure, editor, postponed_to=NEW_DUE, **POSTPONED)

    record.move_to("published", by=approver)

    measure.refresh_from_db()
    assert (measure.status, measure.due, measure.postponed_to, measure.due_now) == (
        "postponed", datetime.date(2027, 12, 31), NEW_DUE, NEW_DUE,
    )  # fmt: skip
    assert list(DueChange.objects.values_list("measure", "old_due", "new_due", "reason", "report")) == [
        (measure.pk, datetime.date(2027, 12, 31), NEW_DUE, "Подрядчик ушёл.", record.pk)
    ]
    database_refuses_change(DueChange.objects.get(), reason="")


def _full_report(town, editor):
    measure = factories.measure(town)
    milestone = factories.make(Milestone, measure=measure, title="Проект", due=datetime.date(2026, 5, 1))
    funding = factories.make(Funding, measure=measure, year=2026, source="regional", planned=100)
    indicator = factories.make(Indicator, measure=measure, name="Построено", unit="км")
    factories.make(IndicatorValue, indicator=indicator, year=2026, target=10)
    record = submitted(measure, editor)
    factories.make(ReportedMilestone, report=record, milestone=milestone, done_on=datetime.date(2026, 3, 1))
    factories.make(ReportedSpending, report=record, funding=funding, spent=40)
    factories.make(
        ReportedActual, report=record, indicator=indicator, year=2026, actual=8, is_preliminary=True,
        deviation_reason="Поздняя весна.",
    )  # fmt: skip
    return record


def _facts(measure):
    measure.refresh_from_db()
    return (
        measure.status,
        measure.percent,
        list(measure.milestones.values_list("done_on", flat=True)),
        list(measure.fundings.values_list("spent", flat=True)),
        list(IndicatorValue.objects.values_list("target", "actual", "is_preliminary", "deviation_reason")),
    )


@pytest.mark.invariant(24)
def test_report_facts_become_public_with_its_publication(town, editor, approver):
    record = _full_report(town, editor)
    assert _facts(record.measure) == ("planned", None, [None], [None], [(10, None, False, "")])

    record.move_to("published", by=approver)

    assert _facts(record.measure) == (
        "in_progress", 40, [datetime.date(2026, 3, 1)], [40], [(10, 8, True, "Поздняя весна.")],
    )  # fmt: skip
    assert list(
        JournalEntry.objects.about(record.measure).values_list("from_status", "to_status", "actor", "reason")
    ) == [("planned", "in_progress", approver.pk, str(record))]


def test_report_whose_consequence_fails_leaves_nothing(town, editor, approver):
    record = _full_report(town, editor)
    # A measure of a region that the programme does not serve any more cannot be taken over.
    type(record.measure).objects.filter(pk=record.measure_id).update(due=datetime.date(2035, 1, 1))

    with pytest.raises(ValidationError):
        record.move_to("published", by=approver)

    assert _facts(record.measure) == ("planned", None, [None], [None], [(10, None, False, "")])
    assert ProgressReport.objects.get().status == record.status == "submitted"
    assert JournalEntry.objects.count() == 0


def test_report_on_a_cancelled_measure_is_not_submitted(town, head):
    record = factories.report(factories.measure(town, status="cancelled"), by=head)

    assert codes(record.move_to, "submitted", by=head) == ["measure_closed"]


def test_report_returned_carries_the_comment(town, editor, approver):
    record = submitted(factories.measure(town), editor)

    record.move_to("returned", by=approver, reason="Не хватает сумм.")

    assert ProgressReport.objects.values_list("status", "return_comment").get() == ("returned", "Не хватает сумм.")


@pytest.mark.parametrize(
    ("period", "end", "label"),
    [
        ("q1", datetime.date(2024, 3, 31), "I квартал 2024 года"),
        ("h1", datetime.date(2024, 6, 30), "I полугодие 2024 года"),
        ("h2", datetime.date(2024, 12, 31), "II полугодие 2024 года"),
        ("year", datetime.date(2024, 12, 31), "2024 год"),
    ],
)
def test_report_period_has_its_end_and_label(town, editor, period, end, label):
    record = factories.report(factories.measure(town), by=editor, year=2024, period=period)

    assert (record.period_end, str(record.period_label)) == (end, label)
