"""Rows that the database itself keeps from change: triggers on SQLite and PostgreSQL.

The ORM already refuses; the trigger makes raw SQL, the shell and other programs refuse too.
"""

from django.db import migrations


def _statements(vendor, table, events, condition):
    when = f"WHEN ({condition})" if condition else ""
    for event in events:
        name = f"{table}_no_{event.lower()}"
        if vendor == "sqlite":
            yield (
                f'CREATE TRIGGER IF NOT EXISTS "{name}" BEFORE {event} ON "{table}" {when} '
                f"BEGIN SELECT RAISE(ABORT, 'final: {table}'); END"
            )
        else:
            yield (
                "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN RAISE EXCEPTION 'final: %', TG_TABLE_NAME; END $$"
            )
            yield f'DROP TRIGGER IF EXISTS "{name}" ON "{table}"'
            yield (
                f'CREATE TRIGGER "{name}" BEFORE {event} ON "{table}" FOR EACH ROW {when} EXECUTE FUNCTION refuse_change()'
            )


def protect(connection, table, *, events=("UPDATE", "DELETE"), condition=""):
    """Create the triggers of a table; running it again changes nothing.

    Args:
        connection: a database connection.
        table: the table's name.
        events: which changes are refused.
        condition: SQL about `OLD`; empty: every row is final.
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

    def __init__(self, table, *, condition=""):
        super().__init__(
            lambda apps, editor: protect(editor.connection, table, condition=condition),
            lambda apps, editor: release(editor.connection, table),
        )
