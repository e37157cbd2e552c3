from django.db import migrations

from municipalities.full_text import IndexWords, StemsToKeys


class Migration(migrations.Migration):
    dependencies = [("discussions", "0009_p_log_without_words")]

    operations = [
        StemsToKeys("discussions", "Session"),
        IndexWords("discussions_session"),
        StemsToKeys("discussions", "Proposal"),
        IndexWords("discussions_proposal"),
    ]
