from django.db import migrations, models

from municipalities.full_text import IndexWords, StemsToKeys
from municipalities.search import index_text


def fill(apps, _editor):
    """Keys of the names of heads, of whom none were kept before."""
    for head in apps.get_model("municipalities", "Head").objects.all():
        head.search_stems = index_text(head.name)
        head.save(update_fields=["search_stems"])


class Migration(migrations.Migration):
    dependencies = [("municipalities", "0006_joined_on")]

    operations = [
        migrations.AddField("head", "search_stems", models.TextField(blank=True, editable=False, default=""), False),
        StemsToKeys("municipalities", "Municipality"),
        migrations.RunPython(fill, migrations.RunPython.noop),
        IndexWords("municipalities_municipality"),
        IndexWords("municipalities_head"),
    ]
