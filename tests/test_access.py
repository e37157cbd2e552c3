"""Who opens what: one table, address × object × actor → status code. An address without a row fails the run."""

import datetime
import re

import pytest
from django.db import transaction
from django.urls import URLResolver, get_resolver, reverse
from django.utils import timezone, translation

from accounts.letters import stop_token
from strategies.letters import form_link
from strategies.models import Handover, ReportingCycle
from tests import factories
from tests.conftest import StrictClient

ACTORS = [
    "visitor", "head", "outsider", "editor", "region_editor", "approver", "other_approver", "wg_member",
    "region_admin", "admin_user",
]  # fmt: skip

TABLE = """
#                                                          vis head outs edit r-ed appr o-ap wg  r-ad adm
home                                           GET  -      200  200  200  200  200  200  200  200  200  200
home                                           POST -      405  405  405  405  405  405  405  405  405  405
municipality_list                              GET  -      200  200  200  200  200  200  200  200  200  200
municipality_list                              POST -      405  405  405  405  405  405  405  405  405  405
municipality_detail                            GET  public 200  200  200  200  200  200  200  200  200  200
municipality_detail                            POST public 405  405  405  405  405  405  405  405  405  405
municipality_progress                          GET  public 200  200  200  200  200  200  200  200  200  200
municipality_progress                          POST public 405  405  405  405  405  405  405  405  405  405
about                                          GET  -      200  200  200  200  200  200  200  200  200  200
about                                          POST -      405  405  405  405  405  405  405  405  405  405
reading_preferences                            GET  -      200  200  200  200  200  200  200  200  200  200
reading_preferences                            POST -      302  302  302  302  302  302  302  302  302  302
healthz                                        GET  -      200  200  200  200  200  200  200  200  200  200
healthz                                        POST -      405  405  405  405  405  405  405  405  405  405
robots                                         GET  -      200  200  200  200  200  200  200  200  200  200
robots                                         POST -      405  405  405  405  405  405  405  405  405  405
sitemap                                        GET  -      200  200  200  200  200  200  200  200  200  200
sitemap                                        POST -      200  200  200  200  200  200  200  200  200  200
strategies:strategy_detail                     GET  public 200  200  200  200  200  200  200  200  200  200
strategies:strategy_detail                     POST public 405  405  405  405  405  405  405  405  405  405
strategies:priority_detail                     GET  public 200  200  200  200  200  200  200  200  200  200
strategies:priority_detail                     POST public 405  405  405  405  405  405  405  405  405  405
strategies:priority_detail                     GET  draft  404  200  404  200  200  200  404  200  200  200
strategies:priority_detail                     GET  inner  404  200  404  200  200  200  404  200  200  200
strategies:town_reports                        GET  public 200  200  200  200  200  200  200  200  200  200
strategies:town_reports                        POST public 405  405  405  405  405  405  405  405  405  405
strategies:priority_progress                   GET  public 200  200  200  200  200  200  200  200  200  200
strategies:priority_progress                   POST public 405  405  405  405  405  405  405  405  405  405
strategies:priority_progress                   GET  draft  404  200  404  200  200  200  404  200  200  200
strategies:priority_progress                   GET  inner  404  200  404  200  200  200  404  200  200  200
strategies:priority_reports                    GET  public 200  200  200  200  200  200  200  200  200  200
strategies:priority_reports                    POST public 405  405  405  405  405  405  405  405  405  405
strategies:priority_reports                    GET  draft  404  200  404  200  200  200  404  200  200  200
strategies:priority_reports                    GET  inner  404  200  404  200  200  200  404  200  200  200
strategies:goal_progress                       GET  public 200  200  200  200  200  200  200  200  200  200
strategies:goal_progress                       POST public 405  405  405  405  405  405  405  405  405  405
strategies:goal_progress                       GET  inner  404  200  404  200  200  200  404  200  200  200
strategies:programme                           GET  -      200  200  200  200  200  200  200  200  200  200
strategies:programme                           POST -      405  405  405  405  405  405  405  405  405  405
strategies:silence                             GET  -      200  200  200  200  200  200  200  200  200  200
strategies:silence                             POST -      405  405  405  405  405  405  405  405  405  405
strategies:ledger                              GET  -      200  200  200  200  200  200  200  200  200  200
strategies:ledger                              POST -      405  405  405  405  405  405  405  405  405  405
strategies:cycle_detail                        GET  open   200  200  200  200  200  200  200  200  200  200
strategies:cycle_detail                        POST open   405  405  405  405  405  405  405  405  405  405
strategies:cycle_detail                        GET  draft  404  404  404  404  200  200  404  200  200  200
strategies:measure_detail                      GET  public 200  200  200  200  200  200  200  200  200  200
strategies:measure_detail                      POST public 405  405  405  405  405  405  405  405  405  405
strategies:measure_detail                      GET  draft  404  200  404  200  200  200  404  200  200  200
strategies:measure_detail                      GET  inner  404  200  404  200  200  200  404  200  200  200
sessions:session_list                          GET  -      200  200  200  200  200  200  200  200  200  200
sessions:session_list                          POST -      405  405  405  405  405  405  405  405  405  405
sessions:session_detail                        GET  public 200  200  200  200  200  200  200  200  200  200
sessions:session_detail                        POST public 405  405  405  405  405  405  405  405  405  405
sessions:session_detail                        GET  draft  404  200  404  200  200  200  404  200  200  200
proposals:proposal_list                        GET  -      200 200 200 200 200 200 200 200 200 200
proposals:proposal_list                        POST -      405 405 405 405 405 405 405 405 405 405
proposals:proposal_detail                      GET  public 200 200 200 200 200 200 200 200 200 200
proposals:proposal_detail                      POST public 405 405 405 405 405 405 405 405 405 405
proposals:proposal_detail                      GET  draft  404 404 404 404 404 404 404 404 404 404
documents:document_list                        GET  -      200  200  200  200  200  200  200  200  200  200
documents:document_list                        POST -      405  405  405  405  405  405  405  405  405  405
documents:document_detail                      GET  public 200  200  200  200  200  200  200  200  200  200
documents:document_detail                      POST public 405  405  405  405  405  405  405  405  405  405
documents:document_detail                      GET  draft  404  200  404  200  200  200  404  200  200  200
account_login                                  GET  -      200  302  302  302  302  302  302  302  302  302
account_login                                  POST -      200  302  302  302  302  302  302  302  302  302
account_logout                                 GET  -      302  200  200  200  200  200  200  200  200  200
account_logout                                 POST -      302  302  302  302  302  302  302  302  302  302
account_inactive                               GET  -      200  200  200  200  200  200  200  200  200  200
account_inactive                               POST -      405  405  405  405  405  405  405  405  405  405
account_signup                                 GET  -      200  302  302  302  302  302  302  302  302  302
account_signup                                 POST -      200  302  302  302  302  302  302  302  302  302
account_reauthenticate                         GET  -      302  200  200  200  200  200  200  200  200  200
account_reauthenticate                         POST -      302  200  200  200  200  200  200  200  200  200
account_change_password                        GET  -      302  200  200  200  200  200  200  200  200  200
account_change_password                        POST -      302  200  200  200  200  200  200  200  200  200
account_reset_password                         GET  -      200  200  200  200  200  200  200  200  200  200
account_reset_password                         POST -      200  200  200  200  200  200  200  200  200  200
mfa_index                                      GET  -      302  200  200  200  200  200  200  200  200  200
mfa_index                                      POST -      302  405  405  405  405  405  405  405  405  405
after_login                                    GET  -      302  302  302  302  302  302  302  302  302  302
after_login                                    POST -      302  302  302  302  302  302  302  302  302  302
letters_stop                                   GET  letter 200  200  200  200  200  200  200  200  200  200
letters_stop                                   POST letter 200  200  200  200  200  200  200  200  200  200
office:go                                      GET  letter 302  302  403  403  403  403  403  403  403  403
office:go                                      POST letter 302  405  405  405  405  405  405  405  405  403
office:letters                                 GET  -      302  200  200  200  200  200  200  200  200  403
office:letters                                 POST -      302  302  302  302  302  302  302  302  302  403
office:review                                  GET  -      302  403  403  403  403  200  200  403  403  403
office:review                                  POST -      302  403  403  403  403  302  302  403  403  403
office:review_detail                           GET  sent   302  403  403  403  403  200  404  403  403  403
office:review_detail                           POST sent   302  403  403  403  403  422  404  403  403  403
office:review_detail                           GET  draft  302  403  403  403  403  404  404  403  403  403
office:cycles                                  GET  -      302  403  403  403  200  200  200  403  200  403
office:cycles                                  POST -      302  403  403  403  404  404  404  403  404  403
office:cycle_detail                            GET  open   302  403  403  403  200  200  404  403  200  403
office:cycle_detail                            POST open   302  403  403  403  405  405  405  403  405  403
office:cycle_close                             GET  open   302  403  403  403  403  200  404  403  403  403
office:cycle_close                             POST open   302  403  403  403  403  302  404  403  403  403
office:silence                                 GET  -      302  200  200  200  200  200  200  200  200  403
office:silence                                 POST -      302  405  405  405  405  405  405  405  405  403
office:handovers                               GET  -      302  200  200  200  200  200  200  200  200  403
office:handovers                               POST -      302  405  405  405  405  405  405  405  405  403
office:handover_new                            GET  -      302  200  200  403  200  200  200  403  200  403
office:handover_new                            POST -      302  422  422  403  404  404  422  403  404  403
office:handover_detail                         GET  act    302  200  404  200  200  200  404  200  200  403
office:handover_detail                         POST act    302  405  405  405  405  405  405  405  405  403
admin:index                                    GET  -      302  403  403  403  200  200  200  403  200  200
admin:index                                    POST -      302  403  403  403  200  200  200  403  200  200
admin:login                                    GET  -      302  403  403  403  302  302  302  403  302  302
admin:login                                    POST -      302  403  403  403  302  302  302  403  302  302
admin:logout                                   GET  -      302  302  302  302  405  405  405  302  405  405
admin:logout                                   POST -      302  302  302  302  200  200  200  302  200  200
admin:password_change                          GET  -      302  403  403  403  200  200  200  403  200  200
admin:password_change                          POST -      302  403  403  403  200  200  200  403  200  200
admin:autocomplete                             GET  -      302  403  403  403  200  200  200  403  200  200
admin:autocomplete                             POST -      302  403  403  403  405  405  405  403  405  405
admin:jsi18n                                   GET  -      302  403  403  403  200  200  200  403  200  200
admin:jsi18n                                   POST -      302  403  403  403  405  405  405  403  405  405
admin:view_on_site                             GET  -      302  403  403  403  404  404  404  403  404  404
admin:view_on_site                             POST -      302  403  403  403  404  404  404  403  404  404
admin:app_list                                 GET  -      302  403  403  403  200  200  200  403  200  200
admin:app_list                                 POST -      302  403  403  403  200  200  200  403  200  200
admin:strategies_strategy_changelist           GET  -      302  403  403  403  200  200  200  403  200  200
admin:strategies_strategy_changelist           POST -      302  403  403  403  200  200  200  403  200  200
admin:strategies_strategy_add                  GET  -      302  403  403  403  200  200  200  403  403  200
admin:strategies_strategy_add                  POST -      302  403  403  403  200  200  200  403  403  200
admin:strategies_strategy_change               GET  public 302  403  403  403  200  200  302  403  200  200
admin:strategies_strategy_change               POST public 302  403  403  403  200  200  302  403  403  200
admin:strategies_strategy_change               GET  draft  302  403  403  403  200  200  302  403  200  200
admin:strategies_strategy_change               POST draft  302  403  403  403  200  200  302  403  403  200
admin:strategies_strategy_delete               GET  public 302  403  403  403  403  403  302  403  403  403
admin:strategies_strategy_delete               POST public 302  403  403  403  403  403  302  403  403  403
admin:strategies_strategy_delete               GET  draft  302  403  403  403  200  200  302  403  403  200
admin:strategies_strategy_delete               POST draft  302  403  403  403  200  200  302  403  403  200
admin:strategies_strategy_history              GET  public 302  403  403  403  200  200  403  403  200  200
admin:strategies_strategy_history              POST public 302  403  403  403  200  200  403  403  200  200
admin:strategies_strategy_simple_history       GET  public 302  403  403  403  200  200  403  403  200  200
admin:strategies_strategy_simple_history       POST public 302  403  403  403  403  403  403  403  403  403
admin:strategies_priority_move                 GET  draft  302  403  403  403  200  200  404  403  200  200
admin:strategies_priority_move                 POST draft  302  403  403  403  200  302  404  403  200  200
admin:discussions_session_move_date            GET  draft  302  403  403  403  200  200  404  403  200  200
admin:discussions_session_move_date            POST draft  302  403  403  403  200  200  404  403  200  200
admin:strategies_progressreport_change         GET  draft  302  403  403  403  200  200  302  403  200  200
admin:strategies_progressreport_change         POST draft  302  403  403  403  403  403  403  403  403  200
admin:strategies_measure_change                GET  draft  302  403  403  403  200  200  302  403  200  200
admin:strategies_measure_change                POST draft  302  403  403  403  200  200  302  403  403  200
admin:accounts_user_changelist                 GET  -      302  403  403  403  403  403  403  403  200  200
admin:accounts_user_changelist                 POST -      302  403  403  403  403  403  403  403  200  200
admin:accounts_user_add                        GET  -      302  403  403  403  403  403  403  403  200  200
admin:accounts_user_add                        POST -      302  403  403  403  403  403  403  403  200  200
admin:accounts_roleassignment_changelist       GET  -      302  403  403  403  403  403  403  403  200  200
admin:accounts_roleassignment_changelist       POST -      302  403  403  403  403  403  403  403  200  200
admin:accounts_roleassignment_add              GET  -      302  403  403  403  403  403  403  403  200  200
admin:accounts_roleassignment_add              POST -      302  403  403  403  403  403  403  403  200  200
admin:accounts_journalentry_changelist         GET  -      302  403  403  403  200  200  200  403  200  200
admin:accounts_journalentry_changelist         POST -      302  403  403  403  200  200  200  403  200  200
admin:accounts_journalentry_add                GET  -      302  403  403  403  403  403  403  403  403  403
admin:accounts_journalentry_add                POST -      302  403  403  403  403  403  403  403  403  403
"""

# Pages of Django's admin and of sign-in that differ by record only: these rows of the table stand for all of a kind.
GROUPS = {
    r"admin:.*_changelist": "admin:strategies_strategy_changelist",
    r"admin:.*_add": "admin:strategies_strategy_add",
    r"admin:.*_change": "admin:strategies_strategy_change",
    r"admin:.*_delete": "admin:strategies_strategy_delete",
    r"admin:.*_simple_history": "admin:strategies_strategy_simple_history",
    r"admin:.*_history": "admin:strategies_strategy_history",
    r"admin:.*_move": "admin:strategies_priority_move",
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
def objects(town, region, head, editor):
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
    documents = {"public": factories.document(town), "draft": factories.document(town, status="draft")}
    reports = {
        "draft": factories.report(measures["public"], by=editor),
        "sent": factories.report(measures["public"], by=editor, period="q2", status="submitted", submitted_by=head),
    }
    factories.measure(town, owner=editor)
    act = Handover.perform(territory=(region.pk, town.pk), from_user=editor, to_user=head, reason="Назначение", by=head)
    numbers = {
        kind: {which: [record.pk] for which, record in records.items()}
        for kind, records in {
            "strategy": strategies, "programme": programmes, "measure": measures, "priority": priorities,
            "document": documents, "progressreport": reports, "session": sessions,
        }.items()
    }  # fmt: skip
    return numbers | {
        "town": {"public": [town.slug]},
        "number": {
            "public": [factories.proposal(town).number],
            "draft": [factories.proposal(town, status="hidden").number],
        },
        "slug": {which: [session.slug] for which, session in sessions.items()},
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
        "history": {"public": [strategies["public"].pk, strategies["public"].history.first().pk]},
        "move": {"draft": [priorities["draft"].pk, "published"]},
    }


KINDS = {
    "municipality_detail": "town",
    "municipality_progress": "town",
    "strategies:strategy_detail": "town",
    "strategies:town_reports": "town",
    "strategies:priority_progress": "priority",
    "strategies:priority_reports": "priority",
    "strategies:goal_progress": "goal",
    "strategies:cycle_detail": "cycle",
    "strategies:priority_detail": "priority",
    "strategies:measure_detail": "measure",
    "sessions:session_detail": "slug",
    "proposals:proposal_detail": "number",
    "documents:document_detail": "document",
    "letters_stop": "stop",
    "office:go": "go",
    "office:review_detail": "progressreport",
    "office:cycle_detail": "cycle",
    "office:cycle_close": "cycle",
    "office:handover_detail": "handover",
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
    found = re.fullmatch(r"admin:[a-z]+_([a-z]+)_(change|delete|history)", name)
    return objects[KINDS.get(name) or found[1]][which]


def codes_seen(clients, method, url):
    """What each actor is answered. What one changes, the next one does not find."""
    seen = []
    for client in clients.values():
        with transaction.atomic():
            seen.append(client.generic(method, url).status_code)
            transaction.set_rollback(True)
    return seen


NAMES = list(dict.fromkeys(name for name, *_rest in rows()))
PUBLIC_NAMES = [name for name in NAMES if ":" in name and not name.startswith(("admin:", "office:"))]


@pytest.mark.parametrize("name", NAMES)
def test_access_follows_the_table(clients, objects, name):
    asked = [row for row in rows() if row[0] == name]

    seen = [
        (name, method, which, codes_seen(clients, method, reverse(name, args=arguments(name, which, objects)) + query))
        for name, method, which, _codes in asked
        for query in [QUERIES.get(name, "")]
    ]

    assert seen == asked


@pytest.mark.parametrize("name", PUBLIC_NAMES)
def test_access_in_english_is_the_same(clients, objects, name):
    asked = [row for row in rows() if row[:2] == (name, "GET")]

    with translation.override("en"):
        urls = [reverse(name, args=arguments(name, which, objects)) for _name, _method, which, _codes in asked]
    seen = [codes_seen(clients, "GET", url) for url in urls]

    assert all(url.startswith("/en/") for url in urls)
    assert seen == [codes for *_rest, codes in asked]


def test_access_table_names_every_address_and_both_methods():
    known = {(name, method) for name, method, _which, _codes in rows()}
    missing = []
    for address in addresses(get_resolver()):
        row = next((row for pattern, row in GROUPS.items() if re.fullmatch(pattern, address)), address)
        missing += [(address, method) for method in ("GET", "POST") if (row, method) not in known]

    assert missing == []
