from django.db import migrations

from accounts.final import ProtectRows
from strategies.final import protect_reports


class Migration(migrations.Migration):
    dependencies = [("strategies", "0006_reports_submitted_at")]

    operations = [
        *protect_reports(),
        # What a closed cycle kept, what was handed over, which target was promised first.
        ProtectRows("strategies_expectedreport", condition="OLD.frozen_at IS NOT NULL"),
        ProtectRows("strategies_handover"),
        ProtectRows("strategies_handoveritem"),
        ProtectRows("strategies_targetchange"),
    ]
