from django.db import migrations

from accounts.final import ProtectRows


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_initial")]

    operations = [ProtectRows("accounts_journalentry")]
