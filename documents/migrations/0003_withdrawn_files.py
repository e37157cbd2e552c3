"""Files of documents that were withdrawn before are taken out of sight too."""

from django.db import migrations

from documents.models import take_out_of_sight


def take_out(apps, schema_editor):
    """Move the files; those that are not there any more are passed over."""
    withdrawn = apps.get_model("documents", "Document").objects.filter(status="withdrawn").exclude(file="")
    for name in withdrawn.values_list("file", flat=True):
        take_out_of_sight(name)


class Migration(migrations.Migration):
    dependencies = [("documents", "0002_invariants")]

    operations = [migrations.RunPython(take_out, migrations.RunPython.noop)]
