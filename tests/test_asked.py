"""Which tests PostgreSQL need not answer: those that ask what others ask and what no database answers otherwise."""

from collections import defaultdict

import pytest
from django.db import IntegrityError, connection

from municipalities.models import Region
from tests import asked as plugin
from tests.asked import COMPARES_LETTERS, FINAL, ODD, REFUSED, needless, own_ways, shape


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('SELECT 1 FROM "a" WHERE "id" IN (%s, %s, %s)', 'SELECT 1 FROM "a" WHERE "id" IN (%s)'),
        ('INSERT INTO "a" ("b", "c") VALUES (%s, %s), (%s, %s)', 'INSERT INTO "a" ("b", "c") VALUES (%s, %s)'),
        ('SAVEPOINT "s1_x1"', 'RELEASE SAVEPOINT "s2_x7"'),
    ],
)
def test_statement_is_the_same_for_any_number_of_values_and_rows(one, other):
    assert shape(one) == shape(other)


def test_statement_differs_by_what_it_asks():
    assert shape('SELECT 1 FROM "a" ORDER BY "b"') != shape('SELECT 1 FROM "a" ORDER BY "b" DESC')


def test_only_what_others_ask_is_left_out():
    asked = {
        "model": {"a", "b"},
        "rich page": {"a", "c", "d"},
        "poor page": {"b", "c"},
        "search": {"a", COMPARES_LETTERS},
        "letters elsewhere": {"b", COMPARES_LETTERS},
        "refusal": {"a", REFUSED},
        "long text": {"b", ODD},
        "final row": {"b", FINAL},
    }
    once = ["poor page", "rich page", "search", "unheard page", "refusal", "long text", "final row"]

    left_out = needless(asked, once, ["model", "letters elsewhere"])

    assert left_out == ["poor page"]
    assert needless({}, once, ["model"]) == []


@pytest.mark.parametrize(
    ("value", "seen"),
    [
        ("Город", []), ("Г" * 201, [ODD]), ("Го\x00род", [ODD]),
        (2**31 - 1, []), (2**31, [ODD]), (-(2**31) - 1, [ODD]), (None, []), (True, []), (1.5, []),
    ],
)  # fmt: skip
def test_what_postgresql_alone_may_refuse_is_asked_there(value, seen):
    assert list(own_ways('INSERT INTO "a" ("b") VALUES (%s)', (value,))) == seen
    assert list(own_ways('INSERT INTO "django_session" ("b") VALUES (%s)', (value,))) == []


@pytest.mark.parametrize(
    ("sql", "seen"),
    [
        ('UPDATE "strategies_progressreport" SET "text" = %s', [FINAL]),
        ('DELETE FROM "accounts_journalentry" WHERE 1', [FINAL]),
        ('INSERT INTO "strategies_evidence" ("b") VALUES (%s)', [FINAL]),
        ('INSERT INTO "strategies_progressreport" ("b") VALUES (%s)', []),
        ('UPDATE "strategies_measure" SET "text" = %s', []),
        ('SELECT 1 FROM "strategies_evidence"', []),
    ],
)
def test_change_of_what_triggers_keep_is_asked_where_they_are(sql, seen):
    assert list(own_ways(sql, ("Слова",))) == seen


def test_refusal_of_the_database_is_heard(region, monkeypatch):
    monkeypatch.setattr(plugin, "_now", "a test")
    monkeypatch.setattr(plugin, "_asked", defaultdict(set))

    with connection.execute_wrapper(plugin.note):
        Region.objects.first()
        heard = set(plugin._asked["a test"])
        with pytest.raises(IntegrityError):
            Region.objects.bulk_create([Region(name="Другая", slug=region.slug)])

    assert len(heard) == 1
    assert REFUSED in plugin._asked["a test"]
