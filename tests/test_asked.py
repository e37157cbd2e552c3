"""Which tests of pages PostgreSQL need not answer: none that asks what no other test asks."""

import pytest

from tests.asked import COMPARES_LETTERS, needless, shape


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
    }
    pages = ["poor page", "rich page", "search", "unheard page"]

    left_out = needless(asked, pages, ["model", "letters elsewhere"])

    assert left_out == ["poor page"]
    assert needless({}, pages, ["model"]) == []
