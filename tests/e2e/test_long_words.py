"""A link of 92 signs without a blank, wherever people write, at 320 pixels: it breaks, and no page goes sideways."""

from django.apps import apps
from django.db import models
from django.urls import get_resolver

from accounts.models import Role
from documents.models import Document
from strategies.models import Measure
from tests import factories
from tests.conftest import person
from tests.test_personal_data import filled, routes
from tests.world import World

LINK = "https://example.org/" + "a" * 72
ROOM = ("accounts_", "auth_", "django_", "account_", "mfa_")
# What sticks out: the innermost elements beyond the window.
WIDEST = """[...document.querySelectorAll("main *")].filter(one => one.getBoundingClientRect().right > 321)
    .filter(one => ![...one.children].some(child => child.getBoundingClientRect().right > 321))
    .map(one => one.tagName + "." + one.className).slice(0, 5).join(" ")"""
KEPT = {
    "search_stems", "said_on", "since", "until", "slug", "secret_hash", "proposal_prefix", "file", "sources", "code",
    "author_name", "author_email", "redirected_to", "done_note",
}  # fmt: skip


def write_everywhere():
    """The link stands in every text of every record that people write."""
    for model in apps.get_models():
        if model._meta.db_table.startswith(ROOM) or model.__name__.startswith("Historical") or model is Document:
            continue
        texts = [
            field.name for field in model._meta.concrete_fields
            if isinstance(field, models.CharField | models.TextField) and not field.choices and not field.unique
            and field.name not in KEPT and (field.max_length is None or field.max_length >= len(LINK))
        ]  # fmt: skip
        if texts:
            model._base_manager.update(**dict.fromkeys(texts, LINK))


def addresses(world):
    """Every public address of the world's records."""
    known = {
        "slug": [world.town.slug, world.session.slug], "number": [world.proposal.number],
        "pk": [world.measure.pk, world.priority.pk, world.document.pk, world.cycle.pk],
    }  # fmt: skip
    for route in routes(get_resolver()):
        if (
            not route.startswith(("admin/", "office/", "accounts/", "healthz", "robots", "sitemap"))
            and "." not in route
        ):
            yield from filled(route, known)


def test_long_word_breaks_on_every_public_page_of_a_phone(region, page):
    world = World(region)
    world.session.status, world.session.minutes = "outcome", factories.document(world.town, kind="minutes")
    world.session.save()
    factories.proposal(
        world.town, session=world.session, status="declined", answer=LINK, answered_at=world.session.created_at
    )
    factories.report(factories.measure(world.town), status="published", text=LINK, deviation_reason=LINK)
    person("second", Role.WG_MEMBER, region=region)
    write_everywhere()
    Measure.objects.update(responsible=LINK)
    page.set_viewport_size({"width": 320, "height": 700})

    wide, seen = {}, 0
    for address in addresses(world):
        answer = page.goto(address)
        seen += answer.status == 200
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > 320:
            wide[address] = width, page.evaluate(WIDEST)

    assert (wide, seen > 25) == ({}, True)
