"""Reminders of what was sent back, of what the region is late with, and notices that could not leave at once."""

import datetime

import pytest
from django.core import mail
from django.utils import timezone

from accounts.models import Letter, Role, RoleAssignment, User
from strategies.models import ProgressReport, ReportingCycle
from strategies.reporting import letters
from tests import factories
from tests.conftest import person
from tests.strategies.post import DUE, NBSP, at, days, opened_by, owe, reachable, returned_on, run


@pytest.fixture
def square(town):
    """A measure of the town that owes a report."""
    measure = factories.measure(town, title="Осветить сквер")
    owe(measure.direction)
    return measure


# ——— Returned reports ———


def test_reminder_of_a_returned_report_counts_from_the_return(square, head):
    reachable(head)
    returned_on(DUE + days(4), square)

    assert [len(run(DUE + days(4 + after))) for after in range(9)] == [0, 1, 0, 0, 0, 0, 0, 1, 0]


def test_reminder_of_a_returned_report_counts_from_the_last_return(square, head, approver, editor):
    reachable(head)
    report = factories.report(square, by=editor, year=2026, period="q3", status="submitted")
    report.move_to("returned", by=approver, reason="Приложите фото.")
    ProgressReport.objects.filter(pk=report.pk).update(created_at=at(DUE))
    today = timezone.localdate()

    assert [len(run(today + days(after))) for after in (0, 1, 2, 7)] == [0, 1, 0, 1]


def test_reminder_of_a_returned_report_goes_on_while_it_is_mended(square, head):
    reachable(head)
    report = returned_on(DUE, square)
    ProgressReport.objects.filter(pk=report.pk).update(status="draft")

    assert run(DUE + days(1)) == [("syzran-head", "Отчёты: вернули 1")]


@pytest.mark.parametrize("status", ["submitted", "published"])
def test_reminder_of_a_returned_report_ends_when_it_is_handed_in(square, head, status):
    reachable(head)
    report = returned_on(DUE, square)
    ProgressReport.objects.filter(pk=report.pk).update(status=status)

    assert run(DUE + days(1)) == []


def test_reminder_of_a_returned_correction_opens_the_correction(square, head):
    reachable(head)
    ReportingCycle.objects.update(status="closed")
    former = factories.report(square, year=2026, period="q3", status="published")
    returned_on(DUE, square, corrects=former)

    assert run(DUE + days(1)) == [("syzran-head", "Отчёты: вернули 1")]
    assert opened_by(mail.outbox[0]) == (head.pk, f"/office/reports/{former.pk}/correct/")


def test_reminder_of_a_returned_report_stays_in_its_town(square, head, outsider):
    reachable(head, outsider)
    returned_on(DUE, square)

    assert [who for who, _subject in run(DUE + days(1))] == ["syzran-head"]


# ——— What the region is late with ———


@pytest.fixture
def waiting(square, head, editor):
    """A report handed in on a Monday, so that the region has until the next Monday, the 19th."""
    report = factories.report(square, by=editor, year=2026, period="q3", status="submitted", submitted_by=head)
    ProgressReport.objects.filter(pk=report.pk).update(submitted_at=at(datetime.date(2026, 10, 12)))
    return report


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (datetime.date(2026, 10, 16), 0),
        (datetime.date(2026, 10, 19), 0),  # the last day
        (datetime.date(2026, 10, 20), 1),
        (datetime.date(2026, 10, 21), 1),  # every working day
        (datetime.date(2026, 10, 24), 0),  # a Saturday
        (datetime.date(2026, 10, 26), 1),
        (datetime.date(2026, 11, 4), 0),  # a holiday
    ],
)
def test_reminder_tells_approvers_on_working_days_what_waits_too_long(waiting, approver, other_approver, day, expected):
    reachable(approver, other_approver)

    assert run(day) == [("approver", "Отчёты: ждут вашего решения 1")] * expected


def test_reminder_to_an_approver_opens_the_review(waiting, approver):
    reachable(approver)

    run(datetime.date(2026, 10, 21))

    text = mail.outbox[0].body.replace(NBSP, " ")
    assert opened_by(mail.outbox[0]) == (approver.pk, f"/office/review/{waiting.pk}/")
    assert "Решить надо было до 19 октября 2026 года, область опаздывает на 2 дня." in text
    assert "List-Unsubscribe" not in mail.outbox[0].message()


def test_reminder_to_an_approver_leaves_out_what_they_wrote_themselves(waiting, approver, region):
    second = person("second-approver", Role.REGION_APPROVER, region=region)
    reachable(approver, second)
    ProgressReport.objects.update(created_by=approver)

    assert [who for who, _subject in run(datetime.date(2026, 10, 21))] == ["second-approver"]


# ——— Notices that wait ———


@pytest.fixture
def notice(square, head, editor):
    """A returned report whose notice could not leave."""
    reachable(head, editor)
    report = factories.report(square, by=head, year=2026, period="q3", status="returned", return_comment="Где фото?")
    Letter.plan([head], "returned", letters.notice_key(report), day=timezone.localdate())
    return report


def notices():
    return [message.subject for message in mail.outbox if message.subject.startswith(("Вернули", "Опубликован"))]


def test_waiting_notice_leaves_with_the_next_reminders_once(notice):
    for expected in (["Вернули на доработку: Осветить сквер"], []):
        run(timezone.localdate())
        assert notices() == expected


@pytest.mark.parametrize("status", ["draft", "submitted"])
def test_waiting_notice_of_what_was_mended_meanwhile_is_not_sent(notice, status):
    ProgressReport.objects.update(status=status)

    run(timezone.localdate())

    assert notices() == []


def test_waiting_notice_is_not_sent_to_those_who_work_elsewhere_now(notice, head, other_town):
    RoleAssignment.objects.filter(user=head).update(municipality=other_town)

    run(timezone.localdate())

    assert notices() == []


def test_waiting_notice_grows_old(notice):
    run(timezone.localdate() + days(8))

    assert notices() == []


def test_waiting_publications_come_in_one_letter(town, head, editor):
    reachable(head, editor)
    for number in range(3):
        report = factories.report(
            factories.measure(town, title=f"Мера {number}"), by=head, status="published", published_at=timezone.now()
        )
        Letter.plan([head, editor], "published", letters.notice_key(report), day=timezone.localdate())
    User.objects.filter(pk=editor.pk).update(wants_publication_notices=False)

    assert run(timezone.localdate()) == [("syzran-head", "Опубликованы отчёты: 3")]
    assert [f"Мера {number} (Сызрань)" in mail.outbox[0].body for number in range(3)] == [True] * 3
    assert Letter.objects.unsent().filter(user=head).count() == 0
