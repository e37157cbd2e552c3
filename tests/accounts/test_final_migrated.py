"""A database made by `migrate` alone keeps what is final: nobody has to remember the triggers."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]
PARTS = [f"strategies_{name}" for name in ("evidence", "reportedactual", "reportedmilestone", "reportedspending")]
WHOLE = ["accounts_journalentry"] + [
    f"strategies_{name}"
    for name in (
        "commitment", "expectedreport", "handover", "handoveritem", "progressreport", "programmeversion",
        "targetchange", "versionchange",
    )
]  # fmt: skip
TRIGGERS = sorted(
    [f"{table}_no_{event}" for table in WHOLE for event in ("delete", "update")]
    + [f"{table}_no_{event}" for table in PARTS for event in ("delete", "insert", "update")]
)  # fmt: skip


def _migrated_file(path):
    """A new SQLite file that only `migrate` has touched: the test database itself runs without triggers."""
    environment = os.environ | {
        "SECRET_KEY": "only-for-tests", "DEBUG": "1", "DATABASE_URL": f"sqlite:///{path}",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }  # fmt: skip
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity=0"], cwd=ROOT, env=environment, check=True, timeout=120
    )
    return sqlite3.connect(path)


@pytest.mark.invariant(20)
@pytest.mark.invariant(29)
def test_migrate_makes_the_triggers(db, tmp_path):
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'O' ORDER BY tgname")
            found = cursor.fetchall()
    else:
        database = _migrated_file(tmp_path / "new.sqlite3")
        found = database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' ORDER BY name").fetchall()
        database.close()

    assert [name for (name,) in found] == TRIGGERS
