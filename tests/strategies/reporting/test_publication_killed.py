"""A process that is killed while it publishes leaves all or nothing: no half of a report, on both databases.

The database is a real one that another process writes to: on SQLite a file with the tables of the test database.
"""

import itertools
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection

from tests import PATIENCE

ROOT = Path(__file__).resolve().parents[3]
START = (
    "import django; django.setup();from tests.strategies.reporting import publishing_process; publishing_process.main()"
)
# What publication writes, in its order. Everything before the last one is gone when the process is killed.
EDITION = "municipalities_edition"
WRITTEN = {
    "strategies_progressreport", "accounts_letter", "strategies_milestone", "strategies_indicatorvalue",
    "strategies_funding", "strategies_duechange", "strategies_measure", "strategies_historicalmeasure",
    "accounts_journalentry", EDITION,
}  # fmt: skip


class Publisher:
    """The other process, and what its database holds."""

    def __init__(self, url, read_all, *, start=START):
        self.read_all = read_all
        environment = os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "config.settings_test"}
        self.process = subprocess.Popen(
            [sys.executable, "-c", start], cwd=ROOT, env=environment, text=True, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )  # fmt: skip

    def tell(self, line):
        """Send a line and give the words of the answer."""
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()
        return self.hear()

    def hear(self):
        return self.process.stdout.readline().split()

    def publish_and_kill(self, number):
        """Publish, kill after so many writes (or, where there are no more, when it is done); gives where it stood."""
        state, pid, *table = self.tell(number)
        assert state in {"stopped", "published"}
        os.kill(int(pid), signal.SIGKILL)
        assert self.hear() == ["ended", str(-signal.SIGKILL)]
        return state, *table

    def read(self, sql):
        """The rows of a statement."""
        return self.read_all([sql])[0]

    def tables(self):
        """{table: its rows}: everything that the database keeps."""
        names = self._names()
        found = self.read_all([f'SELECT * FROM "{table}"' for table in names])
        return {table: sorted(map(repr, rows)) for table, rows in zip(names, found, strict=True)}

    def _names(self):
        if connection.vendor == "sqlite":
            return [name for (name,) in self.read("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return [name for (name,) in self.read("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]

    def write(self, sql):
        """Change something past the process, while it waits."""
        self.read_all([sql], commits=True)

    def end(self):
        """Let the process go."""
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait(PATIENCE)


def _sqlite(path):
    """(address, how to read it) of a new file."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(path)])

    def read_all(statements, *, commits=False):
        database = sqlite3.connect(path)
        try:
            found = [database.execute(sql).fetchall() for sql in statements]
            if commits:
                database.commit()
            return found
        finally:
            database.close()

    return f"sqlite:///{path}", read_all


def _postgresql():
    """(address, how to read it) of the test database."""

    def read_all(statements, *, commits=False):
        found = []
        with connection.cursor() as cursor:
            for sql in statements:
                cursor.execute(sql)
                found.append([] if commits else cursor.fetchall())
        return found

    address = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    return address, read_all


@pytest.fixture
def publisher(transactional_db, tmp_path):
    """Another process, with a report to publish."""
    url, read_all = _sqlite(tmp_path / "shared.sqlite3") if connection.vendor == "sqlite" else _postgresql()
    publisher = Publisher(url, read_all)
    try:
        assert publisher.tell("prepare") == ["prepared"]
        assert publisher.hear() == ["ended", "0"]
        yield publisher
    finally:
        publisher.end()


def _facts(read):
    """What a publication sets, read past the ORM."""
    return (
        read("SELECT status, percent, postponed_to FROM strategies_measure"),
        read("SELECT status FROM strategies_progressreport"),
        read("SELECT done_on FROM strategies_milestone"),
        read("SELECT actual FROM strategies_indicatorvalue"),
        read("SELECT spent FROM strategies_funding"),
        read("SELECT to_status FROM accounts_journalentry ORDER BY id"),
    )


@pytest.mark.slow
def test_publication_killed_at_any_write_leaves_all_or_nothing(publisher):
    before, stops = publisher.tables(), []
    for number in itertools.count(1):
        state, *table = publisher.publish_and_kill(number)
        if state == "published":
            break
        stops += table
        if table == [EDITION]:  # it is said to kept pages once all is committed
            break
        assert publisher.tables() == before, (number, table)

    after = publisher.tables()
    assert set(stops) == WRITTEN
    assert {table for table in after if after[table] != before[table]} - {"sqlite_sequence"} == WRITTEN
    measure, report, milestone, value, funding, journal = (
        [tuple(map(str, row)) for row in rows] for rows in _facts(publisher.read)
    )
    assert (measure, report, milestone) == ([("postponed", "40", "2028-06-30")], [("published",)], [("2026-03-01",)])
    assert [float(actual) for (actual,) in value] == [10]
    assert [float(spent) for (spent,) in funding] == [40]
    assert [to for (to,) in journal] == ["submitted", "in_progress", "postponed", "published"]
