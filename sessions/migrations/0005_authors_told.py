from django.db import migrations, models
from django.db.models import F


def mark_those_written_to(apps, schema_editor):
    """Whoever was answered before was written to at once: nobody hears the same answer again."""
    proposals = apps.get_model("discussions", "Proposal").objects.exclude(author_email="")
    answered = ("accepted", "partly", "declined", "redirected")
    proposals.filter(status__in=answered).update(answer_told_at=F("answered_at"))
    merged = proposals.filter(status="merged", merged_into__status__in=answered).order_by()
    for pk, at in list(merged.values_list("pk", "merged_into__answered_at")):
        proposals.filter(pk=pk).update(answer_told_at=at)


class Migration(migrations.Migration):
    dependencies = [
        ("discussions", "0004_results_sent"),
    ]

    operations = [
        migrations.AddField(
            model_name="proposal",
            name="answer_told_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="об ответе написали автору"),
        ),
        migrations.AddField(
            model_name="proposal",
            name="done_told_at",
            field=models.DateTimeField(
                blank=True, editable=False, null=True, verbose_name="о сделанном написали автору"
            ),
        ),
        migrations.RunPython(mark_those_written_to, migrations.RunPython.noop, elidable=True),
    ]
