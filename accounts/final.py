"""Rows that the database itself keeps from change: triggers on SQLite and PostgreSQL.

The ORM already refuses; the trigger makes raw SQL, the shell and other programs refuse too.
"""

from django.db import migrations


def _statements(vendor, table, events, condition):
    for event in events:
        name = f"{table}_no_{event.lower()}"
        if vendor == "sqlite":
            when = f"WHEN ({condition})" if condition else ""
            yield (
                f'CREATE TRIGGER IF NOT EXISTS "{name}" BEFORE {event} ON "{table}" {when} '
                f"BEGIN SELECT RAISE(ABORT, 'final: {table}'); END"
            )
        else:
            # The condition stands in the body: WHEN of PostgreSQL may not look at other tables.
            yield (
                f'CREATE OR REPLACE FUNCTION "{name}"() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN '
                f"IF {condition or 'TRUE'} THEN RAISE EXCEPTION 'final: %', TG_TABLE_NAME USING ERRCODE = '23514'; "
                f"END IF; RETURN COALESCE(NEW, OLD); END $$"
            )
            yield f'DROP TRIGGER IF EXISTS "{name}" ON "{table}"'
            yield f'CREATE TRIGGER "{name}" BEFORE {event} ON "{table}" FOR EACH ROW EXECUTE FUNCTION "{name}"()'


def protect(connection, table, *, events=("UPDATE", "DELETE"), condition=""):
    """Create the triggers of a table; running it again changes nothing.

    Args:
        connection: a database connection.
        table: the table's name.
        events: which changes are refused.
        condition: SQL about `OLD` and `NEW`; empty: every row is final.
    """
    with connection.cursor() as cursor:
        for statement in _statements(connection.vendor, table, events, condition):
            cursor.execute(statement)


def release(connection, table, *, events=("UPDATE", "DELETE")):
    """Drop the triggers of a table: for reversed migrations, and for tests that empty tables on SQLite."""
    on_table = "" if connection.vendor == "sqlite" else f' ON "{table}"'
    with connection.cursor() as cursor:
        for event in events:
            cursor.execute(f'DROP TRIGGER IF EXISTS "{table}_no_{event.lower()}"{on_table}')


class ProtectRows(migrations.RunPython):
    """Migration operation that makes rows of a table final. Repeat it after a migration that rebuilds the table."""

    def __init__(self, table, *, events=("UPDATE", "DELETE"), condition=""):
        super().__init__(
            lambda apps, editor: protect(editor.connection, table, events=events, condition=condition),
            lambda apps, editor: release(editor.connection, table, events=events),
        )


class ReleaseRows(migrations.RunPython):
    """Migration operation that lets rows go, the reverse of `ProtectRows`.

    SQLite renames no table that a trigger of another table names: before a migration rebuilds progress reports, release
    their parts, and protect both again after it.
    """

    def __init__(self, table, *, events=("UPDATE", "DELETE"), condition=""):
        super().__init__(
            lambda apps, editor: release(editor.connection, table, events=events),
            lambda apps, editor: protect(editor.connection, table, events=events, condition=condition),
        )
