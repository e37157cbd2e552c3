"""A telephone number in somebody's words: published, joined, hidden, erased, withdrawn in every order: nowhere left."""

import itertools
import re

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import get_resolver

from sessions.models import Decision, Proposal
from tests import factories
from tests.test_personal_data import filled, pages_with_mark, routes

SAID, WRITTEN = "8 927 000-11-22", "8 927 000-33-44"
MARK = re.compile("927.?000.?(11.?22|33.?44)")
REASON = "чужие персональные данные"


def publish(case):
    case.words.refresh_from_db()
    case.words.public_text = f"Верните забор, {SAID}"
    case.words.full_clean(exclude=["created_by"])
    case.words.save_edited(by=case.head, known_version=case.words.row_version)


def join(case):
    case.words.refresh_from_db()
    case.words.merge_into(case.main, by=case.head)


def hide(case):
    case.words.refresh_from_db()
    case.words.move_to("hidden", by=case.head, reason=REASON)


def erase(case):
    case.words.refresh_from_db()
    case.words.erase_words(by=case.head, reason=REASON)


def withdraw(case):
    case.paper.refresh_from_db()
    case.paper.move_to("withdrawn", by=case.head, reason=REASON)


STEPS = (publish, join, hide, erase)


class Case:
    """Somebody's words with a number in them, and a paper with another one."""

    def __init__(self, session, main, head, number):
        self.main, self.head = main, head
        town = session.municipality
        self.words = factories.proposal(
            town, session=session, number=f"СЗ-2026-{number:04}", text=f"Верните мне забор, {SAID}", public_text="",
        )  # fmt: skip
        self.paper = factories.document(town, title=f"Список {number}: {WRITTEN}", kind="minutes")
        session.documents.add(self.paper)

    def go(self, order):
        """Take the steps; what is refused in its turn is tried once more at the end."""
        late = [step for step in order if not _taken(step, self)]
        for step in late:
            _taken(step, self)


def _taken(step, case):
    try:
        step(case)
    except ValidationError:
        return False
    return True


def columns_with(mark):
    """{table.column} of the whole database where the mark stands, read past the ORM."""
    found = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            described = connection.introspection.get_table_description(cursor, table)
            for column in (one.name for one in described):
                cursor.execute(f'SELECT CAST("{column}" AS TEXT) FROM "{table}"')
                if any(mark.search(text) for (text,) in cursor.fetchall() if text):
                    found.add(f"{table}.{column}")
    return found


def gone(town, head, steps):
    """(the session, its cases): one for every order of the steps, each gone through; the paper goes at every place."""
    session = factories.session(town, status="announced")
    main = factories.proposal(town, public_text="Заборы", session=session)
    factories.make(Decision, session=session, number=1, text="Заборы вернуть")
    orders = list(itertools.permutations(steps))
    cases = [Case(session, main, head, number) for number in range(len(orders))]
    for number, (case, order) in enumerate(zip(cases, orders, strict=True)):
        place = number % (len(order) + 1)
        case.go((*order[:place], withdraw, *order[place:]))
    assert set(Proposal.objects.exclude(pk=main.pk).values_list("status", flat=True)) == {"hidden"}
    return session, cases


@pytest.mark.slow
@pytest.mark.walk
@pytest.mark.invariant(74)
def test_number_in_hidden_words_and_withdrawn_papers_is_on_no_page_in_any_order(town, head, outsider):
    session, cases = gone(town, head, (publish, join, hide))
    known = {"slug": [town.slug, session.slug], "number": [case.words.number for case in cases], "kind": ["plan"],
             "pk": [cases[0].paper.pk, cases[-1].words.pk, session.pk]}  # fmt: skip
    addresses = {address for route in routes(get_resolver()) for address in filled(route, known)}
    addresses |= {case.paper.get_absolute_url() for case in cases}
    english = {f"/en{one}" for one in addresses if not one.startswith(("/admin/", "/office/", "/accounts/"))}

    found = [
        pages_with_mark(None, sorted(addresses | english), MARK),
        pages_with_mark(outsider, sorted(addresses), MARK),
    ]

    assert ([where for where, _opened in found], [opened > 30 for _where, opened in found]) == ([[], []], [True, True])


@pytest.mark.slow
@pytest.mark.invariant(74)
def test_number_in_erased_words_is_in_no_column_in_any_order(town, head):
    _session, cases = gone(town, head, STEPS)

    for case in cases:  # what somebody typed once more after the words were erased
        erase(case)

    assert columns_with(re.compile("927.?000.?11.?22")) == set()
    assert {column.split(".")[0] for column in columns_with(re.compile("927.?000.?33.?44"))} <= {
        "documents_document", "documents_historicaldocument",
    }  # fmt: skip
