"""The workshop: people who add the same name or number at one moment. One has it, the others are told in words."""

import datetime
from collections import Counter

import pytest
from django.contrib import admin
from django.db.models import UniqueConstraint
from django.test import Client
from django.utils import timezone

from tests import factories
from tests.admin_pages import page, typed
from tests.crowd import Crowd

SIZE = 4
MARK = "Набрано человеком"
NUMBERED = {"exchange_papertemplate"}  # the system gives the number (`test_crowds.py`)
PASSWORD = "длинный-пароль-7"


def user(world):
    return {"username": "ivanova", "last_name": MARK, "first_name": "Анна", "post": "специалист",
            "password1": PASSWORD, "password2": PASSWORD, "role_assignments-0-role": "municipal_editor",
            "role_assignments-0-municipality": world.town.pk}  # fmt: skip


def head_of_a_town(world):
    today = timezone.localdate()
    world.town.role_assignments.all().update(valid_to=today - datetime.timedelta(days=1))
    return {"user": world.editor.pk, "role": "municipal_head", "municipality": world.town.pk,
            "valid_from": f"{today:%d.%m.%Y}", "note": MARK}  # fmt: skip


def region(world):
    return {"name": "Новая область", "slug": "novaya", "note": MARK}


def town(world):
    return {"region": world.region.pk, "name": "Новый", "slug": "novy", "kind": "urban_okrug", "note": MARK}


def strategy(world):
    return {"municipality": world.town.pk, "title": "Стратегия", "version": 2, "year_from": 2026, "year_to": 2036,
            "note": MARK}  # fmt: skip


def programme(world):
    return {"region": world.region.pk, "title": "Программа", "code": "p-1", "note": MARK}


def direction(world):
    return {"programme": factories.programme(world.region).pk, "title": "Дороги", "note": MARK}


def priority(world):
    return {"strategy": factories.strategy(world.town).pk, "title": "Набережная", "sphere": "urban",
            "plain_text": MARK}  # fmt: skip


def consent(world):
    return {"region": world.region.pk, "version": "2", "text": MARK, "operator": "Область", "withdrawal": "a@b.ru"}


def proposal(world):
    return {"region": world.region.pk, "municipality": world.town.pk, "number": "СЫ-1", "text": MARK, "said_on": "2018"}


def session(world):
    return {"region": world.region.pk, "municipality": world.town.pk, "level": "municipal", "kind": "strategic",
            "title": MARK, "slug": "sessiya"}  # fmt: skip


def report(world):
    return {"measure": factories.measure(world.town).pk, "year": 2026, "period": "q1", "text": MARK, "percent": 5,
            "reported_status": "in_progress"}  # fmt: skip


ADDS = {
    "accounts_user": user, "accounts_roleassignment": head_of_a_town, "municipalities_region": region,
    "municipalities_municipality": town, "strategies_strategy": strategy, "strategies_programme": programme,
    "strategies_programmedirection": direction, "strategies_priority": priority, "discussions_consenttext": consent,
    "discussions_proposal": proposal, "discussions_session": session, "strategies_progressreport": report,
}  # fmt: skip


def test_every_page_that_adds_something_unique_is_tried(admin_user, rf):
    request = rf.get("/")
    request.user = admin_user
    unique = {
        f"{model._meta.app_label}_{model._meta.model_name}"
        for model, its_admin in admin.site._registry.items()
        if its_admin.has_add_permission(request)
        and (
            any(field.unique and field.editable and not field.primary_key for field in model._meta.fields)
            or any(isinstance(one, UniqueConstraint) for one in model._meta.constraints)
        )
    }
    assert unique == set(ADDS) | NUMBERED


@pytest.mark.invariant(90)
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", ADDS)
def test_second_who_adds_the_same_is_told_in_words(name, people, admin_user):
    url, model, changes = page(f"{name}_add"), _model(name), ADDS[name](people)
    opened = Client()
    opened.force_login(admin_user)
    data, before = typed(opened.get(url), changes), model.objects.count()

    said = Crowd(admin_user, SIZE).post(url, lambda number: data)

    told = [one for one in said if one.status_code == 200]
    assert Counter(one.status_code for one in said) == {302: 1, 200: SIZE - 1}, [
        one.context["errors"] for one in told if one.context
    ]
    assert model.objects.count() == before + 1
    assert all(one.context["errors"] and MARK in one.content.decode() for one in told)


def _model(name):
    app, _line, kind = name.partition("_")
    return next(one for one in admin.site._registry if (one._meta.app_label, one._meta.model_name) == (app, kind))
