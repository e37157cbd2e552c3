from django.db import migrations

from accounts.final import ProtectRows

PARTS = ["strategies_reportedmilestone", "strategies_reportedactual", "strategies_reportedspending"]
# Whose report is asked about: a part may not come to a published report, leave it or change in it.
ROWS = {"INSERT": "NEW.report_id", "UPDATE": "OLD.report_id, NEW.report_id", "DELETE": "OLD.report_id"}
PUBLISHED = "EXISTS (SELECT 1 FROM strategies_progressreport WHERE status = 'published' AND id IN ({}))"


class Migration(migrations.Migration):
    dependencies = [("strategies", "0003_invariants")]

    operations = [
        ProtectRows(part, events=(event,), condition=PUBLISHED.format(row))
        for part in PARTS
        for event, row in ROWS.items()
    ]
