"""Many approvers at once. SQLite lets one writer in at a time, so only PostgreSQL can show it.

Every report is tried by every thread, in an order of its own: one publishes it, the others are told. Nobody tries
again, so a deadlock would be seen.
"""

import datetime
import random
import threading
import time
from collections import Counter

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, connections, transaction
from django.urls import reverse

from accounts.models import JournalEntry, Role
from strategies import periods
from strategies.models import (
    Handover,
    Indicator,
    IndicatorValue,
    Measure,
    ProgressReport,
    ReportedActual,
    ReportedMilestone,
    ReportedSpending,
)
from tests import PATIENCE, factories
from tests.conftest import StrictClient, person
from tests.pages import text

THREADS, MEASURES = 8, 40
PERIODS = [(2025, "q3"), (2025, "q4"), (2026, "q1"), (2026, "q2"), (2026, "q3")]
NEW_DUE = datetime.date(2028, 6, 30)
# What the latest report says, and what the measure is after it.
LAST = [
    {"reported_status": "in_progress", "percent": 55},
    {"reported_status": "done", "percent": 100},
    {"reported_status": "not_done", "percent": 50, "reason_kind": "money"},
    {"reported_status": "postponed", "percent": 45, "reason_kind": "land", "postponed_to": NEW_DUE},
]


def _measure(town, direction, number):
    """A measure with two milestones, money and a figure of its own."""
    measure = factories.measure(town, direction=direction, title=f"Мера {number}", start=datetime.date(2025, 1, 1))
    for title in ("Проект", "Стройка"):
        measure.milestones.create(title=title, due=datetime.date(2026, 5, 1))
    for year in (2025, 2026):
        measure.fundings.create(year=year, source="local", planned=900)
    measure.indicators.create(name="Построено", unit="км")
    return measure


def _reports(measure, number):
    """The five submitted reports of a measure, not saved."""
    for at, (year, period) in enumerate(PERIODS):
        says = LAST[number % len(LAST)] if at == len(PERIODS) - 1 else {"percent": 10 * (at + 1)}
        yield ProgressReport(
            measure=measure, year=year, period=period, period_end=periods.bounds(year, period)[1], status="submitted",
            text="Работаем.", **({"reported_status": "in_progress"} | says),
        )  # fmt: skip


def _parts(report, number, shared):
    """Parts of a report, not saved: the earlier periods say other things than the later ones."""
    at, measure = PERIODS.index((report.year, report.period)), report.measure
    points, money, own = measure.milestones.all(), measure.fundings.all(), measure.indicators.get()
    day = datetime.date(2026, 1, 1) + datetime.timedelta(days=at)
    ticked = {0: [], 1: points[:1], 2: [], 3: points[:1], 4: points}[at]
    spent = {one: (100 if one.year == 2026 else 10) * (at + 1) for one in money if at < 4 or one.year == 2026}
    # Many measures answer for the same figures of the town, each in an order of its own.
    figures = {own: at} | dict.fromkeys(shared if number % 2 else shared[::-1], 7)
    return [
        *(ReportedMilestone(report=report, milestone=one, done_on=day) for one in ticked),
        *(ReportedSpending(report=report, funding=one, spent=sum_) for one, sum_ in spent.items()),
        *(ReportedActual(report=report, indicator=one, year=2026, actual=figure) for one, figure in figures.items()),
    ]


def _in_threads(*acts):
    """Run acts in threads of their own from one starting line; gives what each returned, and what broke."""
    line, said, broke = threading.Barrier(len(acts), timeout=PATIENCE), [], []

    def run(act):
        try:
            line.wait()
            said.append(act())
        except DatabaseError as error:
            broke.append(str(error))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    return threads, said, broke


def _ended(threads, said, broke):
    """Wait for the threads; gives how many acts came to their end, and fails where one broke."""
    for thread in threads:
        thread.join(PATIENCE)
    assert broke == []
    return len(said)


def _publish_all(order, approver, *, read_first):
    """Try to publish reports one by one; gives how each attempt ended.

    Args:
        read_first: take copies of all of them before the first attempt, as an old page would.
    """
    copies = ProgressReport.objects.in_bulk(order) if read_first else {}
    ends = Counter()
    for pk in order:
        try:
            (copies.get(pk) or ProgressReport.objects.get(pk=pk)).move_to("published", by=approver)
            ends["published"] += 1
        except ValidationError as refusal:
            ends[refusal.code] += 1
    return ends


def _wait_until_blocked(number):
    """Wait until so many sessions of this database stand before a lock."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            if cursor.fetchone()[0] >= number:
                return
        time.sleep(0.05)
    pytest.fail(f"{number} sessions did not come to the lock")


if connection.vendor == "postgresql":

    @pytest.fixture
    def queue(transactional_db, town):
        """200 submitted reports of 40 measures; gives their numbers."""
        direction = factories.direction(town.region)
        shared = [factories.make(Indicator, municipality=town, name=name, unit="%") for name in ("Дороги", "Свет")]
        for indicator in shared:
            factories.make(IndicatorValue, indicator=indicator, year=2026, target=7)
        measures = dict(enumerate(_measure(town, direction, number) for number in range(MEASURES)))
        reports = {
            number: ProgressReport.objects.bulk_create(_reports(measure, number))
            for number, measure in measures.items()
        }
        parts = [part for number, own in reports.items() for one in own for part in _parts(one, number, shared)]
        for model in (ReportedMilestone, ReportedSpending, ReportedActual):
            model.objects.bulk_create(part for part in parts if isinstance(part, model))
        return [one.pk for own in reports.values() for one in own]

    @pytest.fixture
    def approvers(region):
        return [person(f"approver-{number}", Role.REGION_APPROVER, region=region) for number in range(THREADS)]

    @pytest.mark.invariant(19)
    def test_200_reports_published_by_8_threads_are_published_once(queue, approvers):
        orders = [random.Random(number).sample(queue, len(queue)) for number in range(THREADS)]

        started = _in_threads(
            *[
                lambda order=order, by=by, number=number: _publish_all(order, by, read_first=number % 2 == 0)
                for number, (order, by) in enumerate(zip(orders, approvers, strict=True))
            ]
        )

        assert _ended(*started) == THREADS
        ends = sum(started[1], Counter())
        assert (len(queue), ends["published"], sum(ends.values())) == (200, 200, 200 * THREADS)
        assert set(ends) == {"published", "changed_meanwhile", "no_such_move"}
        assert set(ProgressReport.objects.values_list("status", "row_version")) == {("published", 2)}
        steps = JournalEntry.objects.filter(content_type__model="progressreport").values_list("object_id", "to_status")
        assert sorted(steps) == sorted((pk, "published") for pk in queue)
        _assert_measures_say_what_the_latest_report_says()
        assert set(IndicatorValue.objects.filter(indicator__measure=None).values_list("actual", flat=True)) == {7}

    def _assert_measures_say_what_the_latest_report_says():
        measures = Measure.objects.prefetch_related("milestones", "fundings", "indicators__values", "due_changes")
        for number, measure in enumerate(measures.order_by("pk")):
            last = LAST[number % len(LAST)]
            assert (measure.status, measure.percent) == (last["reported_status"], last["percent"])
            assert measure.postponed_to == last.get("postponed_to")
            assert [change.new_due for change in measure.due_changes.all()] == [NEW_DUE] * ("postponed_to" in last)
            assert [point.done_on for point in measure.milestones.all()] == [datetime.date(2026, 1, 5)] * 2
            assert [(money.year, money.spent) for money in measure.fundings.all()] == [(2025, 40), (2026, 500)]
            assert [value.actual for own in measure.indicators.all() for value in own.values.all()] == [4]
            assert _steps_are_a_chain(measure)

    def _steps_are_a_chain(measure):
        """Every step of the journal begins where the one before it ended."""
        steps = list(JournalEntry.objects.about(measure).values_list("from_status", "to_status"))
        return [start for start, _end in steps] == ["planned", *[end for _start, end in steps[:-1]]]

    def test_two_approvers_on_the_review_page_at_once(transactional_db, town, approvers):
        report = factories.report(factories.measure(town), status="submitted")
        url, browsers = reverse("office:review_detail", args=[report.pk]), [StrictClient(), StrictClient()]
        for browser, approver in zip(browsers, approvers[:2], strict=True):
            browser.force_login(approver)
        decision = {"do": "publish", "seen_version": report.row_version}

        with transaction.atomic():
            # Both have read the report and stand before the door when it opens.
            ProgressReport.objects.select_for_update().get(pk=report.pk)
            started = _in_threads(*[lambda one=one: one.post(url, decision) for one in browsers])
            _wait_until_blocked(2)

        assert _ended(*started) == 2
        published, told = sorted(started[1], key=lambda response: response.status_code)
        assert (published.status_code, told.status_code) == (302, 409)
        assert "Отчёт уже опубликовал(а) approver-" in text(told, "main")
        assert JournalEntry.objects.about(report).count() == 1
        assert Measure.objects.values_list("status", "percent", "row_version").get() == ("in_progress", 40, 2)

    @pytest.mark.invariant(32)
    @pytest.mark.parametrize("first", ["publication", "handover"])
    def test_duties_pass_on_while_a_report_on_them_is_published(
        transactional_db, town, approvers, head, editor, region_admin, first
    ):
        measure = factories.measure(town, owner=head)
        report = factories.report(measure, status="submitted")
        acts = {
            "publication": lambda: report.move_to("published", by=approvers[0]),
            "handover": lambda: Handover.perform(
                territory=measure.territory, from_user=head, to_user=editor, reason="Отпуск", by=region_admin
            ),
        }
        queue = [acts.pop(first), *acts.values()]

        with transaction.atomic():
            # Both come to the measure, in this order, and stand before it when it is let go.
            Measure.objects.select_for_update(no_key=True).get(pk=measure.pk)
            started = []
            for number, act in enumerate(queue, 1):
                started.append(_in_threads(act))
                _wait_until_blocked(number)

        assert [_ended(*one) for one in started] == [1, 1]
        measure.refresh_from_db()
        assert (measure.owner, measure.status, measure.percent, measure.row_version) == (editor, "in_progress", 40, 3)
        kept = measure.history.latest("history_id")
        assert (kept.owner, kept.status, kept.percent) == (editor, "in_progress", 40)
        assert ProgressReport.objects.get().status == "published"
