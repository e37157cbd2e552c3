"""A database made by `migrate` alone keeps what is final: nobody has to remember the triggers."""

import sqlite3

import pytest
from django.db import connection

from tests.migrated_database import sqlite_clone

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


@pytest.mark.invariant(20)
@pytest.mark.invariant(29)
def test_migrate_makes_the_triggers(db, tmp_path):
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'O' ORDER BY tgname")
            found = cursor.fetchall()
    else:
        # A file that only `migrate` has touched: the test database itself runs without triggers.
        database = sqlite3.connect(sqlite_clone("triggers", tmp_path))
        found = database.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name NOT LIKE '%words%' ORDER BY name"
        ).fetchall()
        database.close()

    assert [name for (name,) in found] == TRIGGERS
