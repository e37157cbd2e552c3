"""Who comes into the workshop: every actor at its door and at each of its lists."""

import pytest
from django.contrib import admin
from django.urls import reverse

from accounts.models import RoleAssignment, User

PEOPLE = {User, RoleAssignment}


def _lists():
    return sorted((model._meta.app_label, model._meta.model_name, model) for model in admin.site._registry)


def test_admin_site_holds_only_our_own_models(db):
    names = [f"{app}.{model}" for app, model, _ in _lists()]

    assert names == [
        "accounts.journalentry",
        "accounts.roleassignment",
        "accounts.user",
        "discussions.consenttext",
        "discussions.proposal",
        "discussions.refusedpost",
        "discussions.section",
        "discussions.session",
        "documents.document",
        "exchange.columnmatch",
        "exchange.papertemplate",
        "municipalities.municipality",
        "municipalities.region",
        "strategies.commitment",
        "strategies.finding",
        "strategies.gapanswer",
        "strategies.goal",
        "strategies.indicator",
        "strategies.measure",
        "strategies.priority",
        "strategies.programme",
        "strategies.programmedirection",
        "strategies.progressreport",
        "strategies.strategy",
    ]


@pytest.mark.parametrize("address", [("index", []), *[(f"{app}_{name}_changelist", []) for app, name, _ in _lists()]])
def test_admin_sends_a_visitor_to_the_one_sign_in(client, db, address):
    url = reverse(f"admin:{address[0]}")

    response = client.get(url)

    assert (response.status_code, response.url) == (302, f"{reverse('account_login')}?next={url}")


def test_admin_login_sends_a_visitor_to_the_one_sign_in(client, db):
    response = client.get(reverse("admin:login"))

    assert (response.status_code, response.url) == (302, f"{reverse('account_login')}?next=/admin/")


@pytest.mark.parametrize("actor", ["head", "editor", "wg_member"])
def test_admin_refuses_whoever_does_not_work_for_a_region(client, request, actor):
    client.force_login(request.getfixturevalue(actor))

    codes = {client.get(reverse(f"admin:{app}_{name}_changelist")).status_code for app, name, _ in _lists()}
    door = [client.get(reverse(f"admin:{page}")).status_code for page in ("index", "login", "autocomplete")]

    assert (codes, door) == ({403}, [403, 403, 403])


@pytest.mark.parametrize("actor", ["region_editor", "approver", "other_approver"])
def test_admin_opens_every_list_but_people_to_region_staff(client, request, actor):
    client.force_login(request.getfixturevalue(actor))

    codes = {model: client.get(reverse(f"admin:{app}_{name}_changelist")).status_code for app, name, model in _lists()}

    assert codes == {model: 403 if model in PEOPLE else 200 for model in codes}
    assert client.get(reverse("admin:index")).status_code == 200
    assert client.get(reverse("admin:login")).url == reverse("admin:index")


@pytest.mark.parametrize("actor", ["region_admin", "admin_user"])
def test_admin_opens_every_list_to_administrators(client, request, actor):
    client.force_login(request.getfixturevalue(actor))

    codes = {client.get(reverse(f"admin:{app}_{name}_changelist")).status_code for app, name, _ in _lists()}

    assert codes == {200}


def test_admin_closes_to_staff_whose_account_is_switched_off(client, region_editor):
    client.force_login(region_editor)
    region_editor.is_active = False
    region_editor.save()

    assert client.get(reverse("admin:index")).status_code == 302


def test_admin_is_russian_and_keeps_the_content_policy(client, approver):
    client.force_login(approver)

    response = client.get(reverse("admin:index"))
    page = response.content.decode()

    assert response.headers["Content-Language"] == "ru"
    assert "Мастерская региона" in page
    assert "css/admin_site.css" in page
    assert "<style" not in page
    assert " style=" not in page


def test_admin_never_bulk_deletes(client, admin_user, rf):
    request = rf.get("/admin/")
    request.user = admin_user

    offered = [name for page in admin.site._registry.values() for name in page.get_actions(request)]

    assert [name for name in offered if not name.startswith("move_to_")] == []
