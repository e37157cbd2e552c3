from django.db import migrations

from municipalities.full_text import IndexWords, StemsToKeys


class Migration(migrations.Migration):
    dependencies = [("documents", "0003_withdrawn_files")]

    operations = [
        StemsToKeys("documents", "Document"),
        IndexWords("documents_document"),
    ]
