"""A marked author is looked for everywhere: pages, feeds, files, tables, logs, the cache, letters to others."""

import datetime
import io
import itertools
import logging
import pickle
import re
import zipfile

import pytest
from django.apps import apps
from django.core import mail
from django.core.cache import cache
from django.core.management import call_command
from django.db import models
from django.urls import URLResolver, get_resolver, reverse
from django.utils import timezone

from sessions.models import Proposal
from tests import PATIENCE, factories
from tests.conftest import StrictClient
from tests.sessions.proposing import consent, secret_in, send
from tests.strategies.reporting.test_letters import REFUSING

NAME, ADDRESS = "Ярослав Меченый", "marked@example.org"
MARK = re.compile("Меченый|marked@|marked%40", re.IGNORECASE)
AUTHOR = {"name": NAME, "email": ADDRESS, "consent": "on"}


def routes(resolver, prefix=""):
    """Every address of the site as it is written, with its arguments in brackets."""
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from routes(entry, route)
        else:
            yield route


def filled(route, known):
    """Addresses of a route with every combination of known arguments; none where an argument is not known."""
    names = re.findall(r"<(?:\w+:)?(\w+)>", route)
    for values in itertools.product(*(known.get(name, []) for name in names)):
        address = route
        for value in values:
            address = re.sub(r"<(?:\w+:)?\w+>", str(value), address, count=1)
        yield "/" + address


def content_of(response):
    """What is read in an answer: text, also inside of a packed document, and its headers."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if content.startswith(b"PK"):
        packed = zipfile.ZipFile(io.BytesIO(content))
        content = b"".join(packed.read(name) for name in packed.namelist())
    return content.decode("utf-8", errors="replace") + str(response.headers)


def pages_with_mark(actor, addresses, mark=MARK):
    """(addresses where the mark is found, how many addresses answered) for a person, or for a visitor."""
    client = StrictClient()
    if actor is not None:
        client.force_login(actor)
    found, opened = [], 0
    for address in addresses:
        response = client.get(address, follow=False)
        opened += response.status_code == 200
        if mark.search(content_of(response)):
            found.append(address)
    return found, opened


def cells_with_mark(mark=MARK):
    """{(table, column)} of the database where the mark is found."""
    found = set()
    for model in apps.get_models(include_auto_created=True):
        texts = [
            field
            for field in model._meta.concrete_fields
            if isinstance(field, models.CharField | models.TextField | models.JSONField)
        ]
        for row in model._base_manager.values_list(*(field.name for field in texts)) if texts else ():
            found |= {
                (model._meta.db_table, field.column)
                for field, value in zip(texts, row, strict=True)
                if mark.search(str(value))
            }
    return found


@pytest.fixture
def session(town):
    """An announced session of a town that also takes proposals on any day."""
    town.takes_proposals = True
    town.save()
    soon = timezone.now() + datetime.timedelta(days=10)
    return factories.session(town, status="announced", starts_at=soon)


@pytest.fixture
def author(client, session, region, settings, caplog, django_capture_on_commit_callbacks):
    """(proposal, secret) of the marked author, who first made every mistake, while everything is logged."""
    caplog.set_level(logging.DEBUG)
    settings.PROPOSALS_PER_HOUR = 100
    text = consent(region)
    send(client, session, token="", **AUTHOR)
    send(client, session, consent_text=text, age=-PATIENCE, **AUTHOR)  # too quickly, on the slowest machine
    send(client, session, consent_text=text, **(AUTHOR | {"consent": ""}))
    send(client, session, consent_text=text, website="х", **AUTHOR)
    send(client, session, consent_text=text, **(AUTHOR | {"email": f"{ADDRESS}@"}))
    with django_capture_on_commit_callbacks(execute=True):
        response = send(client, session, consent_text=text, **AUTHOR)
    return Proposal.objects.get(), secret_in(response)


@pytest.fixture
def answered(author, town, region, editor, head, django_capture_on_commit_callbacks):
    """The marked author's proposal, merged with that of another author, who is mailed the answer too."""
    proposal, _secret = author
    other, _secret = Proposal.receive(
        region=region, town=town, text="То же", channel="site", session=proposal.session, author_name="Анна",
        author_email="anna@example.org", consent_version="2026-1", consented_at=timezone.now(),
    )  # fmt: skip
    other.public_text, other.answer = "Скамейки у остановки", "Скамейки поставят в мае."
    other.priority = factories.priority(factories.strategy(town))
    other.save()
    factories.link(other.priority, factories.measure(town))
    proposal.public_text = "Скамейки"
    proposal.save()
    with django_capture_on_commit_callbacks(execute=True):
        proposal.merge_into(other, by=editor)
        other.move_to("on_review", by=editor)
        other.move_to("accepted", by=head)
    return proposal, other


@pytest.fixture
def known(author, answered):
    """{argument of an address: its values}."""
    (proposal, secret), (_same, other) = author, answered
    priority, session, town = other.priority, proposal.session, proposal.municipality
    measure = priority.measure_links.get().measure
    records = {one.pk for one in (proposal, other, priority, session, town, measure)}
    return {
        "slug": [town.slug, session.slug], "number": [proposal.number, other.number], "secret": [secret],
        "pk": sorted(records), "object_id": [proposal.pk], "status": ["on_review", "hidden"],
        "app_label": ["discussions"], "period": ["2026-q1"],
    }  # fmt: skip


def _public_pages_are_silent(known):
    """So are feeds and files."""
    addresses = [
        address
        for route in routes(get_resolver())
        if not route.startswith(("admin/", "office/", "accounts/"))
        for address in filled(route, known)
    ]

    found, opened = pages_with_mark(None, addresses)

    assert found == []
    assert opened >= 25


def _search_does_not_know_the_author(client, official):
    client.force_login(official)
    pages = [reverse("admin:discussions_proposal_changelist"), reverse("proposals:proposal_list")]

    for page in pages:
        for word in ("Меченый", "marked"):
            assert Proposal.objects.first().number not in client.get(page, {"q": word}).content.decode(), (page, word)
    assert Proposal.objects.search("Меченый").count() == 0


def _cache_does_not_hold_the_author(client, known):
    client.get(f"/sessions/{known['slug'][1]}/")

    kept = repr([(name, pickle.loads(value)) for name, value in cache._cache.items()])
    assert "page:" in kept
    assert MARK.findall(kept) == []


def _letters_go_to_the_author_alone_and_name_nobody():
    told = [(message.to, message.cc, message.bcc) for message in mail.outbox]
    bodies = [message.body + message.alternatives[0].content + message.subject for message in mail.outbox]

    assert sorted(told) == [(["anna@example.org"], [], []), ([ADDRESS], [], []), ([ADDRESS], [], [])]
    assert [body for body in bodies if MARK.search(body) or "Анна" in body or "anna@" in body] == []


def _withdrawal_leaves_nothing_in_any_table(client, author):
    client.post(reverse("proposals:mine", args=[author[1]]))

    assert cells_with_mark() == set()
    assert Proposal.objects.filter(text=author[0].text).count() == 1


def _term_that_has_passed_leaves_nothing_in_any_table():
    Proposal.objects.update(consented_at=timezone.now() - datetime.timedelta(days=1000))
    out = io.StringIO()

    call_command("forget_authors", stdout=out)

    assert cells_with_mark() == set()
    assert MARK.findall(out.getvalue()) == []


def test_author_is_found_in_two_cells_and_nowhere_else(known, author, region_editor, case):
    table = Proposal._meta.db_table
    with case("letters"):
        _letters_go_to_the_author_alone_and_name_nobody()
    with case("database"):
        assert cells_with_mark() == {(table, "author_name"), (table, "author_email")}
    with case("public pages"):
        _public_pages_are_silent(known)
    with case("search"):
        _search_does_not_know_the_author(StrictClient(), region_editor)
    with case("cache"):
        _cache_does_not_hold_the_author(StrictClient(), known)
    with case("withdrawn"):
        _withdrawal_leaves_nothing_in_any_table(StrictClient(), author)
    with case("term has passed"):
        _term_that_has_passed_leaves_nothing_in_any_table()


@pytest.mark.slow
@pytest.mark.walk
def test_author_is_shown_to_whoever_answers_and_to_nobody_else(
    known, author, editor, head, outsider, region_editor, approver, region_admin, case
):
    office, workshop, english = [], [], []
    for route in routes(get_resolver()):
        if route.startswith("office/"):
            office += filled(route, known)
        if route.startswith("admin/") and ("discussions" in route or "journal" in route or "object_id" not in route):
            workshop += filled(route, known)
        if route.startswith(("sessions/", "proposals/", "towns/")):
            english += (f"/en{address}" for address in filled(route, known))
    own = reverse("office:proposal", args=[author[0].pk])

    with case("pages in English"):
        assert pages_with_mark(None, english)[0] == []
    for stranger in (None, outsider, editor, region_editor, approver):
        with case(f"office for {stranger}"):
            assert pages_with_mark(stranger, office)[0] == []
    with case("office for the head"):
        assert pages_with_mark(head, office)[0] == [own]
    for official in (region_editor, region_admin):
        with case(f"workshop for {official}"):
            found, opened = pages_with_mark(official, workshop)
            assert found == []
            assert opened >= 20


def test_log_does_not_name_the_author(author, answered, client, settings, caplog, django_capture_on_commit_callbacks):
    settings.EMAIL_BACKEND = REFUSING
    proposal, secret = author
    with django_capture_on_commit_callbacks(execute=True):
        send(client, proposal.session, consent_text=consent(proposal.region, version="2"), **AUTHOR)
    client.post(reverse("proposals:mine", args=[secret]))
    call_command("forget_authors", stdout=io.StringIO())

    assert "A letter was not sent" in caplog.text
    assert MARK.findall(caplog.text) == []
