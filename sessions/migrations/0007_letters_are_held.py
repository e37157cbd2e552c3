from django.db import migrations, models
from django.db.models import F


def mark_those_written_to(apps, schema_editor):
    """Whoever left an address before was written to at once: nobody gets the number again."""
    proposals = apps.get_model("discussions", "Proposal").objects.exclude(author_email="")
    proposals.update(received_told_at=F("received_at"))


class Migration(migrations.Migration):
    dependencies = [("discussions", "0006_journal_without_words")]

    operations = [
        migrations.AddField(
            model_name="proposal",
            name="received_told_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="о номере написали автору"),
        ),
        migrations.AddField(
            model_name="proposal",
            name="letter_held_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="письмо автору в руках с"),
        ),
        migrations.RunPython(mark_those_written_to, migrations.RunPython.noop, elidable=True),
    ]
