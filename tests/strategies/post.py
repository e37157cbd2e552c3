"""What tests of letters share: people who can be written to, reports that are owed or sent back, a run of reminders."""

import datetime

from django.core import mail
from django.utils import timezone

from accounts.models import RoleAssignment, User
from strategies.models import ProgressReport, ReportingCycle
from strategies.reporting import letters, reminders
from tests import factories

DUE = datetime.date(2026, 10, 15)  # a Thursday; the 15th after the third quarter
NBSP = "\u00a0"


def days(number):
    """So many days."""
    return datetime.timedelta(days=number)


def at(day):
    """Noon of a day."""
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(12)))


def reachable(*people):
    """Give people an address and roles that began long ago."""
    for one in people:
        User.objects.filter(pk=one.pk).update(email=f"{one.username}@towns.example.ru")
        RoleAssignment.objects.filter(user=one).update(valid_from=datetime.date(2020, 1, 1))


def owe(direction):
    """Open the third quarter of the programme: its measures are asked for by `DUE`."""
    cycle, _is_new = ReportingCycle.start(direction.programme, 2026, "q3", by=None)
    assert cycle.due_on == DUE
    return cycle


def returned_on(day, subject, **fields):
    """A report of the third quarter sent back on a day."""
    report = factories.make(
        ProgressReport, year=2026, period="q3", text="Сделали.", percent=40, reported_status="in_progress",
        status="returned", return_comment="Приложите фото.", measure=subject, **fields,
    )  # fmt: skip
    ProgressReport.objects.filter(pk=report.pk).update(created_at=at(day))
    return report


def run(on):
    """Run the reminders of a day; [(to whom, subject)] of what left in it, sorted."""
    mail.outbox.clear()
    reminders.send_reminders(on)
    return sorted((message.to[0].split("@")[0], message.subject) for message in mail.outbox)


def opened_by(message):
    """(number of the person, form) of the first link of a letter."""
    return letters.read_form_token(message.body.split("/office/go/")[1].split("/")[0])
