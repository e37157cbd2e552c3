"""What tests of the review share: reports that wait, buttons that are pressed, what is told."""

import datetime

from django.utils import timezone

from accounts.models import JournalEntry
from strategies.models import ProgressReport
from tests import factories
from tests.pages import text

QUEUE = "/office/review/"


def url(report):
    """The page of one report."""
    return f"{QUEUE}{report.pk}/"


def waiting(subject, by, *, days=0, **fields):
    """A report that was handed in some days ago."""
    at = timezone.now() - datetime.timedelta(days=days)
    return factories.report(subject, by=by, status="submitted", submitted_by=by, submitted_at=at, **fields)


def decide(client, report, do, **data):
    """Press a button on the page as it was opened."""
    return client.post(url(report), {"do": do, "seen_version": report.row_version} | data)


def steps(report):
    """[(from, to, who)] of the journal."""
    return list(JournalEntry.objects.about(report).values_list("from_status", "to_status", "actor__username"))


def states():
    """States of all reports, in the order of their making."""
    return list(ProgressReport.objects.order_by("pk").values_list("status", flat=True))


def told(response):
    """Messages of a page, in order; they are on it."""
    said = [str(message).replace("\u00a0", " ") for message in response.context["messages"]]
    assert text(response, "div", css="messages") == " ".join(" ".join(said).split())
    return said
