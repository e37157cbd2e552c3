from django.db import migrations
from django.db.models import F
from django.db.models.functions import Coalesce


def fill(apps, schema_editor):
    """Reports handed in before the moment was kept: the nearest moment known."""
    reports = apps.get_model("strategies", "ProgressReport").objects
    reports.filter(status__in=["submitted", "published"], submitted_at=None).update(
        submitted_at=Coalesce(F("published_at"), F("created_at"))
    )


class Migration(migrations.Migration):
    dependencies = [("strategies", "0005_reporting")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
