"""What tests of the two-minute report share: the answers of a form, the files that are kept."""

import uuid

from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from strategies.models import ProgressReport
from tests.conftest import StrictClient

ON_PLAN = {"state": "on_plan", "percent": "45", "text": "Опоры стоят, тянем кабель."}


def form_url(measure, period="2026-q3"):
    """The address of the form."""
    return reverse(f"office:report_{measure._meta.model_name}", args=[measure.pk, period])


def answers(**changes):
    """A filled form with a key of its own."""
    return ON_PLAN | {"key": str(uuid.uuid4()), "seen_version": ""} | changes


def upload(content, name="снимок.jpg"):
    """A file of a form."""
    return SimpleUploadedFile(name, content)


def kept_files():
    """Names of everything that the evidence store holds."""
    return sorted(storages["evidence"].listdir("")[1])


def browser(person):
    """A browser of a person."""
    client = StrictClient()
    client.force_login(person)
    return client


def only_report():
    """The one report there is."""
    return ProgressReport.objects.get()
