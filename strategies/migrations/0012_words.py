from django.db import migrations

from municipalities.full_text import IndexWords, StemsToKeys


class Migration(migrations.Migration):
    dependencies = [("strategies", "0011_p_gap_words")]

    operations = [
        StemsToKeys("strategies", "Priority"),
        IndexWords("strategies_priority"),
        StemsToKeys("strategies", "Measure"),
        IndexWords("strategies_measure"),
    ]
