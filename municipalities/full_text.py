"""Full text on both databases: an index of the keys that rows keep in `search_stems`, asked by the lookup `words`.

SQLite has a table of FTS5 beside each table of records, which triggers keep; PostgreSQL an index (GIN) of the same
keys. Both change in the transaction that changes a row, whoever writes it, and give the same rows.
Source of both designs: sqlite.org/fts5.html (external content tables), postgresql.org/docs/current/textsearch.html.
"""

from django.db import connection, migrations, models
from django.db.models.lookups import Lookup

from municipalities.search import key_of_stem

COLUMN = "search_stems"
# Signs that a key may begin with to be told from words of the text; no word begins with one.
MARKS = "@"
VECTOR = "array_to_tsvector(array_remove(string_to_array({column}, ' '), ''))"


@models.TextField.register_lookup
class Words(Lookup):
    """Rows whose keys hold every key that is asked: one with a digit whole, others also as a beginning."""

    lookup_name = "words"
    prepare_rhs = False

    def as_postgresql(self, compiler, connection):
        """Lexemes of a query stand in quotes; `:*` asks for a beginning."""
        column, params = self.process_lhs(compiler, connection)
        asked = " & ".join(f"'{key}'" if _is_whole(key) else f"'{key}':*" for key in self.rhs)
        return f"{VECTOR.format(column=column)} @@ %s::tsquery", [*params, asked]

    def as_sqlite(self, compiler, connection):
        """The words table is asked by the number of the row."""
        quote, table = connection.ops.quote_name, self.lhs.target.model._meta.db_table
        words = quote(f"{table}_words")
        row = f"{compiler.quote_name_unless_alias(self.lhs.alias)}.{quote('id')}"
        asked = " ".join(f'"{key}"' if _is_whole(key) else f'"{key}"*' for key in self.rhs)
        return f"{row} IN (SELECT rowid FROM {words} WHERE {words} MATCH %s)", [asked]  # noqa: S608 - names of tables


def _is_whole(key):
    return any(map(str.isdigit, key))


def _put(row):
    return f"(rowid, {COLUMN}) VALUES ({row}.id, {row}.{COLUMN})"


def _take(words, row):
    return _told(words, f"({words}, rowid, {COLUMN}) VALUES ('delete', {row}.id, {row}.{COLUMN});")


def _told(words, what):
    return f"INSERT INTO {words} {what}"


def _made(vendor, table):
    words = f"{table}_words"
    if vendor == "postgresql":
        yield f"CREATE INDEX IF NOT EXISTS {words} ON {table} USING gin ({VECTOR.format(column=COLUMN)})"
        return
    yield (
        f"CREATE VIRTUAL TABLE IF NOT EXISTS {words} USING fts5({COLUMN}, content='{table}', content_rowid='id', "
        f"tokenize=\"unicode61 remove_diacritics 0 tokenchars '{MARKS}'\")"
    )
    yield (
        f"CREATE TRIGGER IF NOT EXISTS {words}_insert AFTER INSERT ON {table} "
        f"BEGIN INSERT INTO {words} {_put('new')}; END"
    )
    yield f"CREATE TRIGGER IF NOT EXISTS {words}_delete AFTER DELETE ON {table} BEGIN {_take(words, 'old')} END"
    yield (
        f"CREATE TRIGGER IF NOT EXISTS {words}_update AFTER UPDATE OF {COLUMN} ON {table} "
        f"WHEN old.{COLUMN} <> new.{COLUMN} "
        f"BEGIN {_take(words, 'old')} INSERT INTO {words} {_put('new')}; END"
    )


def _gone(vendor, table):
    words = f"{table}_words"
    if vendor == "postgresql":
        yield f"DROP INDEX IF EXISTS {words}"
        return
    for event in ("insert", "delete", "update"):
        yield f"DROP TRIGGER IF EXISTS {words}_{event}"
    yield f"DROP TABLE IF EXISTS {words}"


def index_words(table, connection):
    """Make the index of a table's keys anew."""
    with connection.cursor() as cursor:
        for statement in (*_gone(connection.vendor, table), *_made(connection.vendor, table)):
            cursor.execute(statement)
        if connection.vendor == "sqlite":
            cursor.execute(_told(f"{table}_words", f"({table}_words) VALUES ('rebuild')"))


def rebuild_words(table):
    """Make the index anew where it may have gone apart from its rows; that of PostgreSQL never does."""
    if connection.vendor == "sqlite":
        index_words(table, connection)


def forget_words(table):
    """Let nothing be left of keys that rows do not hold any more: SQLite keeps them until it tidies up by itself."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(_told(f"{table}_words", f"({table}_words) VALUES ('optimize')"))


def _drop_words(table, connection):
    with connection.cursor() as cursor:
        for statement in _gone(connection.vendor, table):
            cursor.execute(statement)


class IndexWords(migrations.RunPython):
    """Migration operation: index the keys of a table. Repeat it after a migration that rebuilds the table on SQLite."""

    def __init__(self, table):
        super().__init__(
            lambda _apps, editor: index_words(table, editor.connection),
            lambda _apps, editor: _drop_words(table, editor.connection),
        )


class StemsToKeys(migrations.RunPython):
    """Migration operation: what a table kept as stems, before 2026-12, becomes keys."""

    def __init__(self, app, model):
        def rewrite(apps, _editor):
            rows = apps.get_model(app, model)._base_manager.only("pk", COLUMN).exclude(search_stems="").order_by("pk")
            last = 0
            while batch := list(rows.filter(pk__gt=last)[:1000]):
                last = batch[-1].pk
                for row in batch:
                    unique = dict.fromkeys(map(_key_of_kept, row.search_stems.split()))
                    row.search_stems = f" {' '.join(unique)} "
                rows.model._base_manager.bulk_update(batch, [COLUMN])

        super().__init__(rewrite, migrations.RunPython.noop)


def _key_of_kept(stem):
    return stem[0] + key_of_stem(stem[1:]) if stem[0] in MARKS else key_of_stem(stem)
