from django.db import migrations

from accounts.final import ProtectRows


class Migration(migrations.Migration):
    dependencies = [("strategies", "0001_initial")]

    operations = [ProtectRows("strategies_progressreport", condition="OLD.status = 'published'")]
