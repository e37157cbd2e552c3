"""What sums mean, in SQL of our own: the statements know nothing of the code (docs/invariants.md, 69–71, 78–83).

What is counted is public, not cancelled, and no step of preparation of a programme that is not approved yet.
"""

import datetime
from decimal import Decimal

from django.db import connection
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

PUBLIC_MEASURE = """m.status IN ('planned', 'in_progress', 'postponed', 'done', 'not_done')
    AND p.status IN ('prepared', 'discussion', 'approved', 'completed')"""
MEASURES = """strategies_measure m
    JOIN strategies_programmedirection d ON d.id = m.direction_id JOIN strategies_programme p ON p.id = d.programme_id
    JOIN municipalities_region r ON r.id = p.region_id"""
LATE = """m.status IN ('planned', 'in_progress', 'postponed') AND COALESCE(m.postponed_to, m.due) < %(on)s
    AND COALESCE(m.postponed_to, m.due) >= r.joined_on"""
HEARD = "EXISTS (SELECT 1 FROM strategies_progressreport o WHERE o.measure_id = m.id AND o.status = 'published')"
STEP = """(p.kind = 'action' AND p.status = 'prepared' AND m.municipality_id IS NULL
    AND NOT EXISTS (SELECT 1 FROM strategies_funding f WHERE f.measure_id = m.id))"""
PUBLIC_PRIORITY = """strategies_priority q JOIN strategies_strategy s ON s.id = q.strategy_id
    WHERE q.status = 'published' AND s.status IN ('discussion', 'approved', 'superseded')"""
PUBLIC_SESSION = "x.status IN ('announced', 'held', 'outcome')"
PUBLIC_WORDS = """w.public_text <> ''
    AND w.status IN ('new', 'on_review', 'accepted', 'partly', 'declined', 'redirected', 'merged')"""
WORDS = f"SELECT COUNT(*) FROM discussions_proposal w WHERE {PUBLIC_WORDS}"


def ask(sql, **known):
    """The one value of a statement."""
    with connection.cursor() as cursor:
        cursor.execute(sql, known)
        return cursor.fetchone()[0]


def rows(sql, **known):
    """All rows of a statement."""
    with connection.cursor() as cursor:
        cursor.execute(sql, known)
        return cursor.fetchall()


def number(value):
    """A sum as a plain number to compare: SQLite gives floats for what PostgreSQL gives exactly."""
    return None if value is None else Decimal(str(value)).quantize(Decimal("0.01"))


def same(said, sql, **known):
    """Fail unless a page says what a statement finds."""
    found = ask(sql, **known)
    exact = number(found) if isinstance(said, Decimal) or isinstance(found, (float, Decimal)) else found
    assert (number(said) if isinstance(exact, Decimal) else said) == exact, sql


def day(value):
    """A date, or the local day of a moment, as either database gives it; None stays None."""
    if isinstance(value, str):
        value = parse_datetime(value) if len(value) > 10 else parse_date(value)
    if not isinstance(value, datetime.datetime):
        return value
    return timezone.localtime(value if value.tzinfo else value.replace(tzinfo=datetime.UTC)).date()
