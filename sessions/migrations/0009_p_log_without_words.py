"""The workshop's log kept titles of proposals and documents, which are people's words: it goes by kind, as the journal."""

from django.db import migrations


def forget_titles(apps, schema_editor):
    """Replace titles that the log copied by the kind: the record is named by its number there."""
    entries = apps.get_model("admin", "LogEntry").objects
    for label, model in (("discussions", "proposal"), ("documents", "document")):
        name = apps.get_model(label, model)._meta.verbose_name.capitalize()
        entries.filter(content_type__app_label=label, content_type__model=model).update(object_repr=name)


class Migration(migrations.Migration):
    dependencies = [
        ("admin", "0003_logentry_add_action_flag_choices"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("discussions", "0008_revisions"),
        ("documents", "0003_withdrawn_files"),
    ]

    operations = [migrations.RunPython(forget_titles, migrations.RunPython.noop)]
