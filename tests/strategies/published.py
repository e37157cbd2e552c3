"""What tests of public pages share: published reports as they stand, their photos, papers and money."""

import datetime

from django.core.files.base import ContentFile
from django.utils import timezone

from strategies.models import Evidence, Funding, ProgressReport, ReportedSpending
from tests import factories

PHOTO = {"file_type": "jpg", "stage": "during", "width": 1600, "height": 1200}
PAPER = {"file_type": "pdf", "stage": "paper"}


def at(day):
    """Noon of a day."""
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(12)))


def reported(subject, period="q1", *, year=2026, day=datetime.date(2026, 4, 10), shows=(), spent=(), **fields):
    """A report on a measure or a priority that was published on a day; its state is not carried to the measure.

    Args:
        subject: the measure or the priority.
        shows: fields of photos and papers over `PHOTO` and `PAPER`.
        spent: {source: thousand roubles} since the start; the measure's money says so too.
    """
    defaults = {"text": "Сделали первый участок.", "percent": 40, "reported_status": "in_progress"}
    name = subject._meta.model_name
    report = factories.make(ProgressReport, year=year, period=period, **{name: subject}, **(defaults | fields))
    for number, one in enumerate(shows):
        show(report, sha256=str(number), **one)
    for source, money in dict(spent).items():
        spend(report, source, money)
    # What comes with a report comes before it is published: after that the database refuses.
    ProgressReport.objects.filter(pk=report.pk).update(status="published", published_at=at(day))
    report.refresh_from_db()
    return report


def show(report, *, sha256="1", **fields):
    """A photo or a paper of a report that is not published yet, its file a few bytes."""
    evidence = Evidence(report=report, sha256=sha256, file_size=2048, **fields)
    evidence.file.save(f"{report.pk}-{sha256}.{evidence.file_type}", ContentFile(b"x"), save=False)
    evidence.save()
    return evidence


def spend(report, source, money):
    """Money that a report names for a source of 2026."""
    funding, _is_new = Funding.objects.get_or_create(measure=report.measure, year=2026, source=source)
    ReportedSpending.objects.create(report=report, funding=funding, spent=money)
    Funding.objects.filter(pk=funding.pk).update(spent=money)
