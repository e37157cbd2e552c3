from django.db import migrations

from accounts.final import ProtectRows

# A promise once given keeps its words: another one is a new row, after the old is withdrawn with a reason.
WORDS = " OR ".join(
    f"COALESCE(OLD.{name} <> NEW.{name}, (OLD.{name} IS NULL) <> (NEW.{name} IS NULL))"
    for name in ("link_id", "side", "kind", "amount", "year", "condition")
)


class Migration(migrations.Migration):
    dependencies = [("strategies", "0008_commitments")]

    operations = [
        ProtectRows("strategies_commitment", events=("UPDATE",), condition=f"OLD.status <> 'draft' AND ({WORDS})"),
        ProtectRows("strategies_commitment", events=("DELETE",), condition="OLD.status <> 'draft'"),
        ProtectRows("strategies_programmeversion"),
        ProtectRows("strategies_versionchange"),
    ]
