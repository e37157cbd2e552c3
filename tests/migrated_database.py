"""A database that the migrations have made once, cloned for every process of a run.

Migrating takes some twenty seconds, and each worker of `pytest -n` would pay them. The migrated database is kept under
a name made of the migrations' own bytes, so a changed migration makes a new one: a file in `.migrated/` on SQLite, a
template database on PostgreSQL. Each process gets a fresh copy, because transactional tests spoil it.
"""

import fcntl
import hashlib
import os
import shutil
from contextlib import contextmanager
from pathlib import Path

import django
from django.apps import apps
from django.core.management import call_command
from django.db import connection, connections

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / ".migrated"
# The triggers that migrations make are written here.
CALLED_BY_MIGRATIONS = ("accounts/final.py", "strategies/final.py")
# {table: what its triggers refuse, of some rows or of all}.
FINAL_TABLES = dict.fromkeys(
    (
        "accounts_journalentry", "strategies_progressreport", "strategies_expectedreport", "strategies_handover",
        "strategies_handoveritem", "strategies_targetchange", "strategies_commitment", "strategies_programmeversion",
        "strategies_versionchange",
    ),
    ("UPDATE", "DELETE"),
) | dict.fromkeys(
    (
        "strategies_reportedmilestone", "strategies_reportedactual", "strategies_reportedspending",
        "strategies_evidence",
    ),
    ("INSERT", "UPDATE", "DELETE"),
)  # fmt: skip


def migrations_hash():
    """16 hex digits that change with any migration of ours or of a library, with what ours call, and with Django."""
    digest = hashlib.sha256(django.__version__.encode())
    for called in CALLED_BY_MIGRATIONS:
        digest.update((ROOT / called).read_bytes())
    for config in sorted(apps.get_app_configs(), key=lambda config: config.label):
        for path in sorted((Path(config.path) / "migrations").glob("*.py")):
            digest.update(f"{config.label}/{path.name}".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


@contextmanager
def _alone(name):
    """Only one process at a time makes the database of that name; the others wait and then find it made."""
    KEPT.mkdir(exist_ok=True)
    with (KEPT / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def _connected_to(name):
    """The default connection, speaking to another database meanwhile."""
    settings, before = connection.settings_dict, connection.settings_dict["NAME"]
    connection.close()
    settings["NAME"] = str(name)
    try:
        yield
    finally:
        connection.close()
        settings["NAME"] = before


def _migrate():
    call_command("migrate", verbosity=0, interactive=False, run_syncdb=True)


def sqlite_clone(worker, folder):
    """A copy of the migrated file in the folder; gives its path."""
    made = KEPT / f"{migrations_hash()}.sqlite3"
    with _alone(made.stem):
        if not made.exists():
            fresh = made.with_suffix(".making")
            fresh.unlink(missing_ok=True)
            with _connected_to(fresh):
                _migrate()
                # The log is folded into the file: what is copied is one file.
                with connection.cursor() as cursor:
                    cursor.execute("PRAGMA journal_mode=DELETE")
            fresh.replace(made)
    return shutil.copy(made, folder / f"{worker}.sqlite3")


def _postgres_clone(worker):
    """A copy of the migrated template database on the same server; gives its name."""
    template, name = f"migrated_{migrations_hash()}", f"test_{worker}_{os.getpid()}"
    with _alone(template), connection._nodb_cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [template])
        if not cursor.fetchone():
            cursor.execute(f'DROP DATABASE IF EXISTS "{template}_making"')
            cursor.execute(f'CREATE DATABASE "{template}_making"')
            with _connected_to(f"{template}_making"):
                _migrate()
            cursor.execute(f'ALTER DATABASE "{template}_making" RENAME TO "{template}"')
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return name


def clone(worker, folder):
    """Make this process's own copy of the migrated database and set it as the test database.

    `worker` is the name of the process among those of the run; `folder` an existing folder for the SQLite file.
    Nothing is left to migrate: Django only looks for tables that are missing.
    """
    settings = connections["default"].settings_dict
    name = sqlite_clone(worker, folder) if connection.vendor == "sqlite" else _postgres_clone(worker)
    settings["TEST"] |= {"NAME": str(name), "MIGRATE": False}
