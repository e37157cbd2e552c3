"""The workshop does not let an open item lose its last responsible person."""

from django.utils import timezone

from accounts.models import RoleAssignment
from strategies.models import Handover
from tests import factories
from tests.admin_pages import complaints, save

HAND_OVER = "За этим человеком есть открытые дела: сначала передайте их другому в кабинете, «Передача дел»."


def hand_over(town, giver, taker):
    """Everything that the giver answers for in the town passes on."""
    Handover.perform(territory=(town.region_id, town.pk), from_user=giver, to_user=taker, reason="Отпуск", by=taker)


def test_account_with_open_duties_is_closed_only_after_handing_over(client, region_admin, town, editor, head):
    factories.measure(town, owner=editor)
    client.force_login(region_admin)

    refused = save(client, "accounts_user_change", editor.pk, changes={"is_active": None})

    assert (refused.status_code, refused.context["adminform"].form.non_field_errors()) == (200, [HAND_OVER])
    editor.refresh_from_db()
    assert editor.is_active

    hand_over(town, editor, head)
    closed = save(client, "accounts_user_change", editor.pk, changes={"is_active": None})

    editor.refresh_from_db()
    assert (closed.status_code, editor.is_active) == (302, False)


def test_last_role_with_open_duties_ends_only_after_handing_over(client, region_admin, town, editor, head):
    factories.priority(factories.strategy(town), owner=editor)
    role = editor.role_assignments.get()
    client.force_login(region_admin)
    today = {"valid_to": timezone.localdate().strftime("%d.%m.%Y")}

    refused = save(client, "accounts_roleassignment_change", role.pk, changes=today)

    assert (refused.status_code, complaints(refused)) == (200, [HAND_OVER])
    assert RoleAssignment.objects.get(pk=role.pk).valid_to is None

    hand_over(town, editor, head)
    ended = save(client, "accounts_roleassignment_change", role.pk, changes=today)

    assert ended.status_code == 302
    assert RoleAssignment.objects.get(pk=role.pk).valid_to == timezone.localdate()


def test_role_ended_in_the_person_s_own_page_is_refused_too(client, region_admin, town, editor):
    factories.measure(town, owner=editor)
    client.force_login(region_admin)
    today = timezone.localdate().strftime("%d.%m.%Y")

    refused = save(client, "accounts_user_change", editor.pk, changes={"role_assignments-0-valid_to": today})

    assert (refused.status_code, complaints(refused)) == (200, [HAND_OVER])
    assert editor.role_assignments.get().valid_to is None
