"""A number in somebody's words, whatever was done with them and in whatever order: once hidden or erased, nowhere."""

import re

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import get_resolver, reverse

from sessions.models import Decision, Proposal
from tests import factories
from tests.spoken_states import ACTS, REASON, Case, is_erased, walked
from tests.test_personal_data import filled, pages_with_mark, routes

SAID, WRITTEN = "8 927 000-11-22", "8 927 000-33-44"
MARK = re.compile("927.?000.?(11.?22|33.?44)")
SPOKEN = ("/sessions/", "/proposals/", "/towns/", "/documents/", "/calendar")  # where words of people may stand
KINDS = ("measures", "priorities", "indicators", "values")


def rows_with(mark):
    """{table} of the whole database where the mark stands in any column, read past the ORM."""
    found = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            if any(mark.search(str(row)) for row in cursor.fetchall()):
                found.add(table)
    return found


def place_of(town):
    """A session with published results, where everything was said."""
    minutes = factories.document(town, kind="minutes", title="Протокол")
    session = factories.session(town, status="outcome", outcome="Решили", minutes=minutes)
    factories.make(Decision, session=session, number=1, text="Заборы вернуть")
    return session


def paper_of(session):
    """A published paper of the session with a number in its title and in its file."""
    paper = factories.document(
        session.municipality, title=f"Список: {WRITTEN}", kind="minutes", url="", file_type="docx", file_size=9,
        has_text=True, file=SimpleUploadedFile("список.docx", WRITTEN.encode()),
    )  # fmt: skip
    session.documents.add(paper)
    return paper


def own_pages(record, model):
    """Its pages in the office and in the workshop."""
    pages = [reverse(f"admin:{model}_{page}", args=[record.pk]) for page in ("change", "history")]
    return [*pages, reverse("office:proposal", args=[record.pk])] if isinstance(record, Proposal) else pages


def files_of(session, town, programme):
    """Everything that the office gives as a file or a page to print."""
    papers = [
        f"/office/papers/?paper={paper}&scope=town-{town.pk}&year=all&format={form}"
        for paper in ("plan", "orders") for form in ("docx", "xlsx", "page")
    ]  # fmt: skip
    tables = [f"/office/tables/export/?kind={kind}&programme={programme.pk}&format=csv" for kind in KINDS]
    minutes = [f"/office/sessions/{session.pk}/minutes{end}" for end in (".docx", "/")]
    return papers + tables + minutes + [f"/office/towns/{town.slug}/visit/?format=docx"]


def addresses(session, town, words):
    """(those of everybody, those of officials) as the site knows them, with the arguments of this world."""
    known = {"slug": [town.slug, session.slug], "number": [words.number], "kind": ["plan"], "pk": [session.pk]}
    everywhere = {address for route in routes(get_resolver()) for address in filled(route, known)}
    inside = {one for one in everywhere if one.startswith(("/admin/", "/office/"))}
    english = {f"/en{one}" for one in everywhere if one.startswith(SPOKEN) or one == "/"}
    return (everywhere - inside) | english, inside


@pytest.fixture
def states(town, head, editor):
    """(the session, {state that words come to: the acts}); where they are erased, no table holds the number."""
    session = place_of(town)
    erased = []

    def look(state):
        if is_erased(state):
            erased.append(rows_with(MARK))

    found, taken = walked(Case(session, head, editor, 3, SAID), look)

    assert erased == [set()] * len(erased) != []
    assert {state[0] for state in found} == {"new", "on_review", "merged", "redirected", "hidden"}
    assert taken == set(ACTS)
    return session, found


def brought(states, session, head, editor):
    """[(a case, the acts from its hiding on)]: the number is in sight still; one for all that the tables hold alike."""
    hidden = {(state[3], state[5]): path for state, path in reversed(states.items()) if state[0] == "hidden"}
    cases = []
    for number, path in enumerate(hidden.values(), start=4):
        at = path.index("hide")
        cases.append((Case(session, head, editor, number, SAID).go(path[:at]), path[at:]))
    return cases


@pytest.mark.slow
@pytest.mark.invariant(74)
def test_number_is_nowhere_whatever_was_done_in_whatever_order(
    states, town, head, editor, outsider, approver, committed
):
    """On no page, in no feed and no file while hidden, though pages with it were kept; in no table once erased."""
    session, found = states
    cases, papers = brought(found, session, head, editor), [paper_of(session) for _ in range(2)]
    programme = factories.direction(town.region).programme
    public, inside = addresses(session, town, cases[0][0].words)
    lists = ["/", "/en/", town.get_absolute_url(), session.get_absolute_url(), "/proposals/", "/documents/"]
    assert len(pages_with_mark(None, lists, MARK)[0]) > 2  # they are kept now, with the number

    with committed():
        papers[0].move_to("withdrawn", by=head, reason=REASON)
        for case, rest in cases:
            case.go(rest)
        papers[1].move_to("withdrawn", by=head, reason=REASON)

    if connection.vendor != "sqlite":  # what a page says to whom does not hang on the database
        assert pages_with_mark(None, lists, MARK)[0] == []
        return
    own = [case.words for case, _rest in cases]
    public |= {one.get_absolute_url() for one in (*own, *papers)} | {papers[0].file.url}
    office = [page for one in own[:3] for page in own_pages(one, "discussions_proposal")]
    seen = [
        pages_with_mark(None, sorted(public), MARK),
        pages_with_mark(outsider, sorted({*inside, *office, *own_pages(papers[0], "documents_document")}), MARK),
        pages_with_mark(approver, files_of(session, town, programme), MARK),
    ]
    opened = [number for _where, number in seen]
    assert ([where for where, _number in seen], len(cases) > 5) == ([[], [], []], True)
    assert all(number > least for number, least in zip(opened, (30, 10, 10), strict=True)), opened
    assert [storages["default"].exists(one.file.name) for one in papers] == [False, False]
