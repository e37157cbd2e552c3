"""People and roles in the workshop: kept by the administrator of the region, each for the own region only."""

import datetime

from django.utils import timezone
from model_bakery import baker

from accounts.models import Role, RoleAssignment, User
from tests.admin_pages import complaints, page, save
from tests.conftest import person

NEW = {"username": "ivanova", "last_name": "Иванова", "first_name": "Анна", "post": "специалист",
       "password1": "длинный-пароль-7", "password2": "длинный-пароль-7"}  # fmt: skip


def test_administrator_adds_a_person_with_the_first_role(client, region_admin, town):
    client.force_login(region_admin)

    response = save(
        client, "accounts_user_add",
        changes=NEW | {"role_assignments-0-role": "municipal_editor", "role_assignments-0-municipality": town.pk},
    )  # fmt: skip

    user = User.objects.get(username="ivanova")
    role = user.role_assignments.get()
    assert response.status_code == 302
    assert (user.check_password("длинный-пароль-7"), user.post, user.is_superuser) == (True, "специалист", False)
    assert (role.role, role.municipality, role.created_by) == ("municipal_editor", town, region_admin)


def test_administrator_adds_nobody_without_a_role_or_with_one_elsewhere(client, region_admin, other_region):
    client.force_login(region_admin)

    bare = save(client, "accounts_user_add", changes=NEW)
    strange = save(
        client, "accounts_user_add",
        changes=NEW | {"role_assignments-0-role": "region_editor", "role_assignments-0-region": other_region.pk},
    )  # fmt: skip

    assert (bare.status_code, strange.status_code) == (200, 200)
    assert len(complaints(strange)) > 0
    assert not User.objects.filter(username="ivanova").exists()


def test_person_page_offers_no_groups_permissions_or_powers(client, region_admin, region_editor, admin_user):
    url = page("accounts_user_change", region_editor.pk)

    client.force_login(region_admin)
    by_admin = set(client.get(url).context["adminform"].form.fields)
    raised = save(client, "accounts_user_change", region_editor.pk, changes={"is_superuser": "on", "is_staff": "on"})
    client.force_login(admin_user)
    by_operator = set(client.get(url).context["adminform"].form.fields)

    assert by_admin == {"username", "password", "last_name", "first_name", "post", "email", "is_active", "seen"}
    assert by_operator - by_admin == {"is_superuser"}
    assert raised.status_code == 302
    assert User.objects.values_list("is_superuser", "is_staff").get(pk=region_editor.pk) == (False, False)


def test_administrator_sets_the_password_of_own_people_only(
    client, region_admin, region_editor, other_region, admin_user
):
    client.force_login(region_admin)
    both = person("both", Role.REGION_EDITOR, region=other_region)
    baker.make(
        RoleAssignment, user=both, role=Role.WG_MEMBER, region=region_admin.role_assignments.get().region,
        municipality=None, valid_from=timezone.localdate(), valid_to=None, acting=False,
    )  # fmt: skip
    foreign = person("foreign", Role.REGION_EDITOR, region=other_region)
    baker.make(
        RoleAssignment, user=admin_user, role=Role.WG_MEMBER, region=region_admin.role_assignments.get().region,
        municipality=None, valid_from=timezone.localdate(), valid_to=None, acting=False,
    )  # fmt: skip
    new = {"password1": "совсем-другой-8", "password2": "совсем-другой-8", "usable_password": "true"}

    codes = {
        user.username: client.post(page("auth_user_password_change", user.pk), new | {"set-password": "1"}).status_code
        for user in (region_editor, both, foreign, admin_user)
    }

    changed = [user.username for user in User.objects.order_by("pk") if user.check_password("совсем-другой-8")]
    assert changed == ["editor"]
    assert codes == {"editor": 302, "both": 403, "foreign": 404, "admin": 404}


def test_roles_end_by_a_date_and_are_never_deleted(client, region_admin, region_editor):
    client.force_login(region_admin)
    role = region_editor.role_assignments.get()

    deleted = client.post(page("accounts_roleassignment_delete", role.pk), {"post": "yes"})
    today = timezone.localdate()
    ended = save(client, "accounts_roleassignment_change", role.pk, changes={"valid_to": today.strftime("%d.%m.%Y")})

    assert (deleted.status_code, ended.status_code) == (403, 302)
    assert RoleAssignment.objects.get(pk=role.pk).valid_to == today


def test_role_page_tells_of_a_second_head(client, region_admin, head, town, region_editor):
    client.force_login(region_admin)

    response = save(
        client, "accounts_roleassignment_add",
        changes={"user": region_editor.pk, "role": "municipal_head", "municipality": town.pk,
                 "valid_from": datetime.date.today().strftime("%d.%m.%Y")},
    )  # fmt: skip

    assert complaints(response)[0] == "В эти дни у города уже есть глава. Закончите прежний срок или отметьте «врио»."
