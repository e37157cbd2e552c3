"""The journal is final, and what people said must not be: rows about proposals and documents go by kind and number."""

from django.db import migrations
from django.utils.text import capfirst

from accounts.final import ProtectRows, ReleaseRows


def _proposal(record):
    return f"{capfirst(record.get_kind_display())} {record.number}"


def _document(record):
    kind = capfirst(record.get_kind_display())
    return f"{kind} № {record.number}" if record.number else kind


def forget_titles(apps, schema_editor):
    """Replace titles that the journal copied by kind and number."""
    entries = apps.get_model("accounts", "JournalEntry").objects
    for label, model, name_of in (("discussions", "proposal", _proposal), ("documents", "document", _document)):
        of_kind = entries.filter(content_type__app_label=label, content_type__model=model)
        records = apps.get_model(label, model).objects
        for pk in of_kind.order_by("object_id").values_list("object_id", flat=True).distinct():
            record = records.filter(pk=pk).first()
            title = name_of(record)[:300] if record else f"№ {pk}"
            of_kind.filter(object_id=pk).update(record_title=title)


class Migration(migrations.Migration):
    dependencies = [
        ("discussions", "0005_authors_told"),
        ("documents", "0002_invariants"),
        ("accounts", "0005_letters"),
    ]

    operations = [
        ReleaseRows("accounts_journalentry"),
        migrations.RunPython(forget_titles, migrations.RunPython.noop),
        ProtectRows("accounts_journalentry"),
    ]
