"""A process of its own that publishes a report and stands still where it is told, to be killed there.

A line that comes in is worked off by a fork with a connection of its own:

* `prepare`: make a submitted report that speaks of everything a report can speak of; answers `prepared`;
* a number: publish it and stop after so many writes, counted from 1; answers `stopped <pid> <table>`, or
  `published <pid>` where there are no more writes; then `ended <signal>` when the fork is no more.
"""

import datetime
import os
import sys
import time

from django.db import connection
from django.test import override_settings

from accounts.models import Role, User
from municipalities.models import Municipality, Region
from strategies.models import (
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
from tests.conftest import person

WRITES = {"INSERT", "UPDATE", "DELETE"}


def prepare():
    """A submitted report on a measure, its milestone, money and figure, with a moved date."""
    region = factories.make(Region, name="Самарская область", slug="samara-oblast", oktmo="36000000", is_active=True)
    town = factories.make(
        Municipality, region=region, name="Сызрань", slug="syzran", kind="urban_okrug", oktmo="36735000"
    )
    head = person("head", Role.MUNICIPAL_HEAD, municipality=town)
    User.objects.filter(pk=head.pk).update(email="head@example.org")
    person("approver", Role.REGION_APPROVER, region=region)
    measure = factories.measure(town)
    point = factories.make(Milestone, measure=measure, title="Проект", due=datetime.date(2026, 5, 1))
    money = factories.make(Funding, measure=measure, year=2026, source="regional", planned=100)
    indicator = factories.make(Indicator, measure=measure, name="Построено", unit="км")
    factories.make(IndicatorValue, indicator=indicator, year=2026, target=10)
    report = factories.report(
        measure, by=head, reported_status="postponed", percent=40, reason_kind="season",
        postponed_to=datetime.date(2028, 6, 30),
    )  # fmt: skip
    factories.make(ReportedMilestone, report=report, milestone=point, done_on=datetime.date(2026, 3, 1))
    factories.make(ReportedSpending, report=report, funding=money, spent=40)
    factories.make(ReportedActual, report=report, indicator=indicator, year=2026, actual=10)
    report.move_to("submitted", by=head)
    say("prepared")


def say(*words):
    """A line to whoever started the process."""
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def stand(*words):
    """Say where we are and wait to be killed."""
    say(*words)
    time.sleep(600)


def stopping_after(number):
    """A wrapper of statements that stands still after so many writes."""
    written = 0

    def wrapper(execute, sql, params, many, context):
        nonlocal written
        result = execute(sql, params, many, context)
        is_write = sql.split(maxsplit=1)[0] in WRITES
        written += is_write
        if is_write and written == number:
            stand("stopped", os.getpid(), sql.split('"')[1])
        return result

    return wrapper


def publish(number):
    """Publish the report, or stop on the way."""
    report, approver = ProgressReport.objects.get(), User.objects.get(username="approver")
    with override_settings(SITE_URL=""), connection.execute_wrapper(stopping_after(number)):
        report.move_to("published", by=approver)
    stand("published", os.getpid())


def main():
    """Work off lines until there are no more."""
    for line in sys.stdin:
        child = os.fork()
        if not child:
            prepare() if line.strip() == "prepare" else publish(int(line))
            os._exit(0)
        _pid, status = os.waitpid(child, 0)
        say("ended", os.waitstatus_to_exitcode(status))
