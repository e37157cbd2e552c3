"""What tests of public pages share: published reports as they stand, their photos and papers."""

import datetime

from django.core.files.base import ContentFile
from django.utils import timezone

from strategies.models import Evidence, ProgressReport
from tests import factories


def at(day):
    """Noon of a day."""
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(12)))


def reported(subject, period="q1", *, year=2026, day=datetime.date(2026, 4, 10), **fields):
    """A report on a measure or a priority that was published on a day; what it says is not carried to the measure."""
    defaults = {"text": "Сделали первый участок.", "percent": 40, "reported_status": "in_progress",
                "status": "published", "published_at": at(day)}  # fmt: skip
    name = subject._meta.model_name
    return factories.make(ProgressReport, year=year, period=period, **{name: subject}, **(defaults | fields))


def attach(report, *, kind="jpg", **fields):
    """Evidence of a report, its file a few bytes."""
    shape = {"stage": "during", "width": 1600, "height": 1200} if kind == "jpg" else {"stage": "paper"}
    defaults = shape | {"file_size": 2048, "sha256": str(report.evidence.count())}
    evidence = Evidence(report=report, file_type=kind, **(defaults | fields))
    evidence.file.save(f"{report.pk}-{evidence.sha256}.{kind}", ContentFile(b"x"), save=False)
    evidence.save()
    return evidence
