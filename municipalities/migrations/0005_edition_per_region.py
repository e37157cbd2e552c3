from django.db import migrations, models


class Migration(migrations.Migration):
    """Editions are counted by region. The one number that was is of no use: kept pages go by another key now."""

    dependencies = [("municipalities", "0004_gap_days")]

    operations = [
        migrations.DeleteModel("Edition"),
        migrations.CreateModel(
            name="Edition",
            fields=[
                (
                    "region",
                    models.PositiveBigIntegerField(
                        primary_key=True, serialize=False, verbose_name="регион, 0 — общее"
                    ),
                ),
                ("number", models.PositiveBigIntegerField(default=1)),
                ("changed_at", models.DateTimeField(auto_now=True)),
            ],
            options={"verbose_name": "издание сайта", "verbose_name_plural": "издание сайта"},
        ),
    ]
