"""Who opens what: one table (`access.txt`), address × object × actor → status code. An address without a row fails."""

import copy
import datetime
import re
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import URLResolver, get_resolver, reverse
from django.utils import timezone, translation

from accounts.letters import stop_token
from documents.evidence import check_evidence
from exchange.models import TableImport
from sessions.models import Proposal
from strategies.models import Evidence, Finding, Handover, ProgrammeVersion, ProgressReport, ReportingCycle
from strategies.reporting.letters import form_link
from tests import factories, files
from tests.conftest import StrictClient

ACTORS = [
    "visitor", "head", "outsider", "editor", "region_editor", "approver", "other_approver", "wg_member",
    "region_admin", "admin_user",
]  # fmt: skip

STRANGERS = ["visitor", "outsider"]

TABLE = (Path(__file__).parent / "access.txt").read_text(encoding="utf-8")

# Pages of Django's admin and of sign-in that differ by record only: these rows of the table stand for all of a kind.
GROUPS = {
    r"admin:.*_changelist": "admin:strategies_strategy_changelist",
    r"admin:.*_add": "admin:strategies_strategy_add",
    r"admin:.*_change": "admin:strategies_strategy_change",
    r"admin:.*_delete": "admin:strategies_strategy_delete",
    r"admin:.*_simple_history": "admin:strategies_strategy_simple_history",
    r"admin:.*_history": "admin:strategies_strategy_history",
    r"admin:.*_move": "admin:strategies_priority_move",
    r"admin:.*_erase": "admin:documents_document_erase",
    r"admin:password_change(_done)?": "admin:password_change",
    # Short addresses of records lead to their pages; whatever else stands under /admin/ is not there.
    r"admin:admin/\w+/\w+/<path:object_id>/": "admin:strategies_strategy_change",
    r"admin:admin/\(\?P<url>\.\*\)\$": "admin:app_list",
    r"mfa_.*": "mfa_index",
    r"account_reset_password.*": "account_reset_password",
}


def rows():
    """[(name, method, which object, codes in the order of ACTORS)] from the table."""
    lines = (line.split() for line in TABLE.splitlines())
    return [
        (name, method, which, [int(code) for code in codes])
        for name, method, which, *codes in (line for line in lines if line and line[0] != "#")
    ]


def addresses(resolver, prefix="", namespace=""):
    """Every address of the site by its name with namespaces, or by its route where it has no name."""
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from addresses(entry, route, namespace + (f"{entry.namespace}:" if entry.namespace else ""))
        else:
            yield namespace + (entry.name or route)


@pytest.fixture
def clients(request):
    """{actor: a browser where they are signed in}, in the order of ACTORS."""
    found = {}
    for actor in ACTORS:
        found[actor] = StrictClient()
        if actor != "visitor":
            found[actor].force_login(request.getfixturevalue(actor))
    return found


@pytest.fixture
def objects(town, region, head, editor, region_editor):
    """{kind: {which: arguments of the address}}: of each kind one record that everybody sees and one draft."""
    strategies = {
        "public": factories.strategy(town, published_at=timezone.now()),
        "draft": factories.strategy(town, status="draft"),
    }
    programmes = {"public": factories.programme(region), "draft": factories.programme(region, status="draft")}
    measures = {
        "public": factories.measure(town, direction=factories.direction(region, programme=programmes["public"])),
        "draft": factories.measure(
            town, direction=factories.direction(region, programme=programmes["public"]), status="draft"
        ),
        # A promise of a programme that is itself a draft is not public either.
        "inner": factories.measure(town, direction=factories.direction(region, programme=programmes["draft"])),
    }
    priorities = {
        "public": factories.priority(strategies["public"]),
        "draft": factories.priority(strategies["public"], status="draft"),
        "inner": factories.priority(strategies["draft"]),
    }
    soon = timezone.now() + datetime.timedelta(days=20)
    sessions = {
        "public": factories.session(town),
        "draft": factories.session(town, status="planned", starts_at=soon),
    }
    documents = {
        "public": factories.document(town),
        "draft": factories.document(town, status="draft"),
        "withdrawn": factories.document(town, status="withdrawn"),
    }
    reports = {
        "draft": factories.report(measures["public"], by=editor),
        "sent": factories.report(measures["public"], by=editor, period="q2", status="submitted", submitted_by=head),
        "public": factories.report(measures["public"], by=editor, year=2025, period="q4"),
    }
    photo = check_evidence(SimpleUploadedFile("photo.jpg", files.photo()))
    evidence = {"draft": Evidence.attach(reports["draft"], [photo], stage="after", by=head)[0]}
    evidence["public"] = Evidence.objects.get(pk=evidence["draft"].pk)
    evidence["public"].pk, evidence["public"].report = None, reports["public"]
    evidence["public"].save()
    # A published report takes nothing any more, so its photo came first.
    ProgressReport.objects.filter(pk=reports["public"].pk).update(status="published", published_at=timezone.now())
    factories.measure(town, owner=editor)
    town.takes_proposals = True
    town.save()
    _mine, secret = Proposal.receive(region=region, town=town, text="Скамейки", channel="site")
    versions = {
        which: factories.make(ProgrammeVersion, programme=programme, number=1)
        for which, programme in programmes.items()
    }
    act = Handover.perform(territory=(region.pk, town.pk), from_user=editor, to_user=head, reason="Назначение", by=head)
    table = TableImport.begin(b"rows", "План.csv", by=region_editor, region=region)
    table.close({"measures": [1, 0]}, {"region": region.pk, "steps": []})
    numbers = {
        kind: {which: [record.pk] for which, record in records.items()}
        for kind, records in {
            "strategy": strategies, "programme": programmes, "measure": measures, "priority": priorities,
            "document": documents, "progressreport": reports, "session": sessions,
            "evidence": evidence, "version": versions,
        }.items()
    }  # fmt: skip
    return numbers | {
        "form": {which: [measures[which].pk, "2026-q3"] for which in ("public", "draft")},
        "priority_form": {which: [priorities[which].pk, "2026-q3"] for which in ("public", "draft")},
        "town": {"public": [town.slug]},
        "finding": {
            "public": [Finding.objects.create(region=region, kind="money_sum", key="x", text="Не сходится").pk]
        },
        "link": {
            which: [factories.link(factories.priority(strategies["public"]), measures[which]).pk]
            for which in ("public", "draft", "inner")
        },
        "proposal": {"draft": [factories.proposal(town, public_text="").pk]},
        "number": {
            "public": [factories.proposal(town).number],
            "draft": [factories.proposal(town, status="hidden").number],
        },
        "slug": {which: [session.slug] for which, session in sessions.items()},
        "secret": {"secret": [secret]},
        "stop": {"letter": [stop_token(head, "early")]},
        "go": {"letter": [form_link(head, "measure", (measures["public"].pk, "2026-q1")).split("/")[-2]]},
        "cycle": {
            "open": [factories.cycle(programmes["public"]).pk],
            "draft": [
                ReportingCycle.objects.create(
                    programme=programmes["public"], year=2026, period="q2", due_on=soon.date()
                ).pk
            ],
        },
        "goal": {
            "public": [factories.goal(strategies["public"]).pk],
            "inner": [factories.goal(strategies["draft"]).pk],
        },
        "handover": {"act": [act.pk]},
        "table": {"table": [table.pk]},
        "gap": {which: ["no_measure", priorities[which].pk] for which in ("public", "draft", "inner")},
        "paper_template": {"public": [factories.paper_template(region).pk]},
        "history": {"public": [strategies["public"].pk, strategies["public"].history.first().pk]},
        "move": {"draft": [priorities["draft"].pk, "published"]},
    }


KINDS = {
    "municipality_detail": "town",
    "municipality_progress": "town",
    "municipality_similar": "town",
    "municipality_figures": "town",
    "municipality_documents": "town",
    "municipality_people": "town",
    "office:visit": "town",
    "office:remind": "town",
    "strategies:strategy_detail": "town",
    "strategies:town_reports": "town",
    "strategies:priority_progress": "priority",
    "strategies:priority_reports": "priority",
    "strategies:goal_progress": "goal",
    "strategies:cycle_detail": "cycle",
    "strategies:priority_detail": "priority",
    "strategies:measure_detail": "measure",
    "strategies:version_detail": "version",
    "sessions:session_detail": "slug",
    "sessions:session_results": "slug",
    "sessions:session_calendar": "slug",
    "calendar:town": "town",
    "proposals:proposal_detail": "number",
    "sessions:propose": "slug",
    "proposals:propose_town": "town",
    "proposals:mine": "secret",
    "documents:document_detail": "document",
    "letters_stop": "stop",
    "strategies:evidence": "evidence",
    "strategies:evidence_small": "evidence",
    "office:report_measure": "form",
    "office:report_priority": "priority_form",
    "office:report_correct": "progressreport",
    "office:report_detail": "progressreport",
    "office:evidence_remove": "evidence",
    "office:table": "table",
    "office:table_file": "table",
    "office:table_wrong": "table",
    "office:table_back": "table",
    "office:go": "go",
    "office:session_minutes": "session",
    "office:session_minutes_page": "session",
    "office:session": "session",
    "office:session_decisions": "session",
    "office:session_hall": "session",
    "office:session_import": "session",
    "office:proposal": "proposal",
    "office:review_detail": "progressreport",
    "office:programme_detail": "programme",
    "office:programme_edit": "programme",
    "office:programme_revise": "programme",
    "office:cycle_detail": "cycle",
    "office:cycle_close": "cycle",
    "office:handover_detail": "handover",
    "office:paper_template": "paper_template",
    "office:commitment": "link",
    "office:gap": "gap",
    "office:finding": "finding",
    "admin:strategies_priority_move": "move",
    "admin:discussions_session_move_date": "session",
    "admin:strategies_strategy_simple_history": "history",
}


QUERIES = {"admin:autocomplete": "?app_label=strategies&model_name=priority&field_name=strategy"}


def arguments(name, which, objects):
    """What an address needs to name one record."""
    if name == "admin:app_list":
        return ["strategies"]
    if name == "admin:view_on_site":
        return [0, 0]
    if which == "-":
        return []
    found = re.fullmatch(r"admin:[a-z]+_([a-z]+)_(change|delete|history|erase)", name)
    return objects[KINDS.get(name) or found[1]][which]


def codes_seen(clients, method, url):
    """{actor: what they are answered}. What one changes, the next one does not find."""
    seen = {}
    for actor, client in clients.items():
        cookies = copy.deepcopy(client.cookies)
        with transaction.atomic():
            seen[actor] = client.generic(method, url).status_code
            transaction.set_rollback(True)
        client.cookies = cookies
    return seen


def part(name):
    """The part of the site where an address is, as its names begin."""
    namespace = name.partition(":")[0]
    return namespace if namespace in {"admin", "office"} else "public"


def asked_of(expected, is_quick):
    """Who asks for a row of the table: each actor in one of the two tests, nobody in both.

    On every run those are asked who must not come in; the officials' own ways, and what is open to all, in the whole
    check.

    Args:
        expected: {actor: code} of the row.
        is_quick: whether it is the test of every run.
    """
    is_open = all(expected[one] == 200 for one in STRANGERS)
    quick = [] if is_open else STRANGERS
    return quick if is_quick else [one for one in ACTORS if one not in quick]


@pytest.mark.parametrize("where", ["admin", "office", "public"])
@pytest.mark.parametrize(
    "is_quick",
    [True, pytest.param(False, marks=[pytest.mark.slow, pytest.mark.walk])],
    ids=["strangers", "the rest"],
)
def test_access_follows_the_table(clients, objects, case, where, is_quick):
    for name, method, which, codes in rows():
        expected = dict(zip(ACTORS, codes, strict=True))
        who = asked_of(expected, is_quick)
        if who and part(name) == where:
            with case(f"{method} {name} {which}"):
                url = reverse(name, args=arguments(name, which, objects)) + QUERIES.get(name, "")
                seen = codes_seen({actor: clients[actor] for actor in who}, method, url)
                assert seen == {actor: expected[actor] for actor in who}


@pytest.mark.slow
@pytest.mark.walk
def test_access_in_english_is_the_same(clients, objects, case):
    """A language is a way to the same view: who sees everything and who sees only what is public are enough."""
    readers = {actor: clients[actor] for actor in ("visitor", "approver")}
    for name, method, which, codes in rows():
        if method == "GET" and ":" in name and part(name) == "public":
            with case(f"{name} {which}"):
                with translation.override("en"):
                    url = reverse(name, args=arguments(name, which, objects))
                expected = dict(zip(ACTORS, codes, strict=True))
                assert url.startswith("/en/")
                assert codes_seen(readers, "GET", url) == {actor: expected[actor] for actor in readers}


def test_access_table_names_every_address_and_both_methods():
    known = {(name, method) for name, method, _which, _codes in rows()}
    missing = []
    for address in addresses(get_resolver()):
        row = next((row for pattern, row in GROUPS.items() if re.fullmatch(pattern, address)), address)
        missing += [(address, method) for method in ("GET", "POST") if (row, method) not in known]

    assert missing == []
