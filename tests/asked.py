"""A pytest plug-in: what the tests asked SQLite, so that PostgreSQL is asked each statement once (`-p tests.asked`).

`ASKED` names a folder. A run on SQLite writes there which statements each test asked. A run on PostgreSQL reads it and
leaves out a test that is no proof on both (`once`, see conftest) when other tests that run ask all the statements that
it asks. Always asked on both is what databases answer in their own ways: what compares letters (LIKE, patterns), what
SQLite has refused, what PostgreSQL alone might refuse (a zero sign, a long text, a number of more than 32 bits; a
change of what triggers keep, which SQLite runs without here). A test that the folder does not know runs, and without
the folder all run.
"""

import json
import os
import re
from collections import defaultdict
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path

import pytest
from django.db import DatabaseError, connection
from django.db.models.sql.compiler import SQLCompiler

from tests.migrated_database import FINAL_TABLES

FOLDER = Path(os.environ.get("ASKED") or "nowhere")
LETTERS = re.compile(r"\bLIKE\b|\bREGEXP\b", re.IGNORECASE)
COMPARES_LETTERS, REFUSED, ODD, FINAL = "letters", "refused", "odd", "final"
# A test that says one of these is asked on both.
OWN_WAYS = {COMPARES_LETTERS, REFUSED, ODD, FINAL}
CHANGE = re.compile(r'(INSERT) INTO "(\w+)"|(UPDATE) "(\w+)"|(DELETE) FROM "(\w+)"')
LONG_TEXT, BIG_NUMBER = 200, 2**31
_asked = defaultdict(set)
_now = None
_as_sql = SQLCompiler.as_sql


@lru_cache(maxsize=20_000)
def shape(sql):
    """16 hex digits of a statement, the same for any number of values and rows; nothing for a savepoint."""
    if "SAVEPOINT" in sql[:24]:
        return ""
    values = re.sub(r"\((?:%s, )+%s\)", "(%s)", sql)
    rows = re.sub(r"(\([^()]*%s[^()]*\))(?:, \([^()]*%s[^()]*\))+$", r"\1", values)
    return blake2b(rows.encode(), digest_size=8).hexdigest()


def is_odd(value):
    """Whether a value that SQLite stores might be refused by PostgreSQL: it holds texts and numbers to their types."""
    if isinstance(value, str):
        return len(value) > LONG_TEXT or "\x00" in value
    return isinstance(value, int) and not -BIG_NUMBER <= value < BIG_NUMBER


def own_ways(sql, params):
    """What of `OWN_WAYS` is seen in a statement before it is executed. Texts that a browser's visit keeps are long."""
    if LETTERS.search(sql):
        yield COMPARES_LETTERS
    if any(map(is_odd, params or ())) and '"django_session"' not in sql:
        yield ODD
    if change := CHANGE.match(sql):
        event, table = filter(None, change.groups())
        if event in FINAL_TABLES.get(table, ()):
            yield FINAL


def note(execute, sql, params, many, context):
    """The wrapper of statements: remember whose it is."""
    if not _now:
        return execute(sql, params, many, context)
    heard = _asked[_now]
    heard |= {shape(sql), *own_ways(sql, params)} - {""}
    try:
        return execute(sql, params, many, context)
    except DatabaseError:
        heard.add(REFUSED)
        raise


def as_sql(compiler, *args, **kwargs):
    """SQLite leaves the lock out of a statement: on PostgreSQL it is another one."""
    sql, params = _as_sql(compiler, *args, **kwargs)
    query = compiler.query
    if _now and query.select_for_update:
        lock = (query.select_for_update_of, query.select_for_no_key_update, query.select_for_update_nowait)
        _asked[_now].add(shape(f"{sql} {lock} {query.select_for_update_skip_locked}"))
    return sql, params


def needless(asked, once, others):
    """Names of tests that ask nothing but what the others ask. Those that ask the most are kept first.

    Args:
        asked: {name: its statements}; a test that is not there is needed.
        once: names of the tests that may be left out.
        others: names of the tests that run anyway.
    """
    known = set().union(*(asked.get(name, ()) for name in others))
    left_out = []
    for name in sorted(once, key=lambda name: (-len(asked.get(name, ())), name)):
        if name in asked and not asked[name] & OWN_WAYS and asked[name] <= known:
            left_out.append(name)
        known |= asked.get(name, set())
    return left_out


def pytest_configure():
    """On SQLite, listen."""
    if FOLDER.is_dir() and connection.vendor == "sqlite":
        connection.execute_wrappers.append(note)
        SQLCompiler.as_sql = as_sql


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item):
    """What is asked from here on, fixtures included, is asked by this test."""
    global _now
    _now = item.nodeid
    try:
        return (yield)
    finally:
        _now = None


def pytest_unconfigure():
    """Write down what this process has heard."""
    if _asked:
        heard = {name: sorted(statements) for name, statements in _asked.items()}
        (FOLDER / f"{os.getpid()}.json").write_text(json.dumps(heard), encoding="utf-8")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items, config):
    """On PostgreSQL, leave out what asks nothing new."""
    if not FOLDER.is_dir() or connection.vendor == "sqlite":
        return
    asked = {}
    for file in sorted(FOLDER.glob("*.json")):
        asked |= {name: set(said) for name, said in json.loads(file.read_text(encoding="utf-8")).items()}
    once = {item.nodeid for item in items if item.get_closest_marker("once")}
    gone = set(needless(asked, once, {item.nodeid for item in items} - once))
    config.hook.pytest_deselected(items=[item for item in items if item.nodeid in gone])
    items[:] = [item for item in items if item.nodeid not in gone]
