"""The field history in the workshop is whole in Russian, for every kind of record that keeps one."""

import re

import pytest
from django.contrib import admin

from accounts.admin_history import ReadOnlyHistory
from tests import factories
from tests.admin_pages import page
from tests.pages import texts
from tests.world import World

# Latin words that are not English: logins of people, an address and a file in the data, the name of a digest.
NAMES = {"writer", "approver", "admin", "editor", "head", "https", "example", "org", "act", "SHA"}
KEEPING = [model for model, model_admin in admin.site._registry.items() if isinstance(model_admin, ReadOnlyHistory)]


@pytest.fixture
def world(region):
    return World(region)


def _latin(response):
    """Latin words that a person reads on a page, those of fields and buttons too."""
    markup = response.content.decode()
    said = " ".join(texts(response, "body") + re.findall(r'\s(?:title|alt|aria-label|placeholder)="([^"]*)"', markup))
    return set(re.findall(r"[A-Za-z]{2,}", said)) - NAMES


def test_history_of_every_kind_of_record_is_whole_in_russian(client, world, case):
    client.force_login(world.writer)

    for model in KEEPING:
        name = f"{model._meta.app_label}_{model._meta.model_name}"
        with case(name):
            record = model.objects.order_by("pk").first()
            record.save()
            version = record.history.earliest().history_id
            listed = client.get(page(f"{name}_history", record.pk))
            old = client.get(page(f"{name}_simple_history", record.pk, version))
            assert (listed.status_code, old.status_code) == (200, 200)
            assert (_latin(listed), _latin(old)) == (set(), set())


def test_history_tells_changes_in_the_words_of_the_forms(client, world):
    measure = factories.measure(world.town, direction=world.direction, title="Дорога")
    measure.title, measure.is_flagship, measure.due = "Мост", True, None
    measure._history_user = world.approver
    measure.save()
    client.force_login(world.writer)

    listed = client.get(page("strategies_measure_history", measure.pk))

    assert [line for line in texts(listed, "li") if "→" in line] == [
        "Срок: 31 декабря 2027 г. → пусто",
        "Флагманский проект: нет → да",
        "Название: Дорога → Мост",
    ]


def test_history_of_what_is_no_number_is_not_found(client, world, case):
    client.force_login(world.writer)

    for model in KEEPING:
        name = f"{model._meta.app_label}_{model._meta.model_name}"
        known = model.objects.order_by("pk").first().pk
        with case(name):
            for sent in ("9" * 5000, "9" * 20, "abc", "²", "-1"):
                asked = [(f"{name}_history", sent), (f"{name}_simple_history", sent, 1)]
                asked.append((f"{name}_simple_history", known, sent))
                assert {client.get(page(*one)).status_code for one in asked} == {404}
