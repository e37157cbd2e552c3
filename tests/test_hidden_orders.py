"""A number in somebody's words: published, joined, hidden, erased, restored, withdrawn in every order: nowhere left."""

import copy
import itertools
import re
from contextlib import suppress

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import get_resolver, reverse

from accounts.models import JournalEntry
from sessions.models import Decision, Proposal
from tests import factories
from tests.test_personal_data import filled, pages_with_mark, routes

SAID, WRITTEN = "8 927 000-11-22", "8 927 000-33-44"
MARK = re.compile("927.?000.?(11.?22|33.?44)")
REASON = "чужие персональные данные"
SPOKEN = ("/sessions/", "/proposals/", "/towns/", "/documents/", "/calendar")  # where words of people may stand
KINDS = ("measures", "priorities", "indicators", "values")


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


def restore(case):
    """A page that was opened before everything is sent once more; what was joined is parted again."""
    old = copy.copy(case.opened)
    old.public_text = old.public_text or f"Верните мне забор, {SAID}"
    with suppress(ValidationError):
        old.save_edited(by=case.head, known_version=old.row_version)
    case.words.refresh_from_db()
    if case.words.status == "merged":
        case.words.move_to("on_review", by=case.head)


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
        self.opened = Proposal.objects.get(pk=self.words.pk)
        self.paper = factories.document(town, title=f"Список {number}: {WRITTEN}", kind="minutes")
        session.documents.add(self.paper)

    def go(self, order):
        """Take the steps; what is refused in its turn is tried once more at the end."""
        late = [step for step in order if not _taken(step, self)]
        for step in late:
            _taken(step, self)

    @property
    def looks(self):
        """What its pages are made of but for its number: cases that look the same are opened once."""
        about = JournalEntry.objects.about(self.words).values_list("from_status", "to_status", "reason")
        stored = Proposal.objects.values_list("status", "text", "public_text", "merged_into").get(pk=self.words.pk)
        return stored, tuple(self.words.history.values_list("status", "text", "public_text")), tuple(about)

    @property
    def addresses(self):
        """Its own pages: those of everybody, of the office, of the workshop, and the paper with its file."""
        words, paper = self.words, self.paper
        admin = [
            reverse(f"admin:{name}_{page}", args=[one.pk])
            for name, one in (("discussions_proposal", words), ("documents_document", paper))
            for page in ("change", "history")
        ]
        public = [words.get_absolute_url(), paper.get_absolute_url()]
        return public, [reverse("office:proposal", args=[words.pk]), *admin]


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


def gone(town, head):
    """(the session, its cases): one for every order of the steps, gone through; the others at every place between."""
    session = factories.session(town, status="outcome", outcome="Решили", minutes=factories.document(
        town, kind="minutes", title="Протокол"))  # fmt: skip
    main = factories.proposal(town, public_text="Заборы", session=session)
    factories.make(Decision, session=session, number=1, text="Заборы вернуть")
    orders = list(itertools.permutations(STEPS))
    cases = [Case(session, main, head, number) for number in range(len(orders))]
    for number, (case, order) in enumerate(zip(cases, orders, strict=True)):
        steps = list(order)
        steps.insert(number % 5, restore)
        steps.insert(number // 4 % 6, withdraw)
        case.go(steps)
    assert set(Proposal.objects.exclude(pk=main.pk).values_list("status", flat=True)) == {"hidden"}
    return session, cases


def files_of(session, town, programme):
    """Everything that the office gives as a file or a page to print."""
    papers = [
        f"/office/papers/?paper={paper}&scope=town-{town.pk}&year=all&format={form}"
        for paper in ("plan", "orders") for form in ("docx", "xlsx", "page")
    ]  # fmt: skip
    tables = [f"/office/tables/export/?kind={kind}&programme={programme.pk}&format=csv" for kind in KINDS]
    minutes = [f"/office/sessions/{session.pk}/minutes{end}" for end in (".docx", "/")]
    return papers + tables + minutes + [f"/office/towns/{town.slug}/visit/?format=docx"]


@pytest.mark.slow
@pytest.mark.walk
@pytest.mark.invariant(74)
def test_number_is_on_no_page_and_in_no_table_in_any_order(town, head, outsider, approver):
    """For strangers and in files before it is erased everywhere; in no column, journal and history after that."""
    session, cases = gone(town, head)
    different = list({case.looks: case for case in cases}.values())
    programme = factories.direction(town.region).programme
    known = {"slug": [town.slug, session.slug], "number": [cases[0].words.number], "kind": ["plan"],
             "pk": [session.pk]}  # fmt: skip
    everywhere = {address for route in routes(get_resolver()) for address in filled(route, known)}
    inside = {one for one in everywhere if one.startswith(("/admin/", "/office/"))}
    spoken = {f"/en{one}" for one in everywhere if one.startswith(SPOKEN) or one == "/"}
    public = {one for case in different for one in case.addresses[0]}
    # Whether a stranger is let in does not hang on the order: one of each kind of row is asked.
    office = {one for case in {case.looks[0]: case for case in different}.values() for one in case.addresses[1]}

    found = [
        pages_with_mark(None, sorted((everywhere - inside) | spoken | public), MARK),
        pages_with_mark(outsider, sorted(inside | office), MARK),
        pages_with_mark(approver, files_of(session, town, programme), MARK),
    ]

    opened = [number for _where, number in found]
    assert ([where for where, _number in found], len(different) > 5) == ([[], [], []], True)
    assert all(number > least for number, least in zip(opened, (30, 10, 10), strict=True)), opened

    for case in cases:  # what somebody typed once more after the words were erased
        erase(case)

    assert columns_with(re.compile("927.?000.?11.?22")) == set()
    assert {column.split(".")[0] for column in columns_with(re.compile("927.?000.?33.?44"))} <= {
        "documents_document", "documents_historicaldocument",
    }  # fmt: skip
