"""Roles: in force by dates, scoped to a territory, one head at a time."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.db.models import ProtectedError
from django.utils import timezone

from accounts.models import Role, RoleAssignment, User
from strategies.models import Handover, Measure
from tests import factories
from tests.conftest import person
from tests.refusals import codes, database_refuses, messages

DAY = datetime.timedelta(days=1)
START, END = datetime.date(2024, 3, 1), datetime.date(2025, 2, 28)


def assign(user, role=Role.MUNICIPAL_HEAD, **fields):
    """A role of a person that passed every check."""
    return factories.make(RoleAssignment, user=user, role=role, **({"valid_from": START} | fields))


@pytest.mark.invariant(16)
@pytest.mark.parametrize(
    ("on", "held"), [(START - DAY, False), (START, True), (END, True), (END + DAY, False)], ids=str
)
def test_role_holds_from_its_first_to_its_last_day(town, on, held):
    user = person("head")
    assign(user, municipality=town, valid_to=END)

    assert user.acts_as(Role.MUNICIPAL_HEAD, territory=town.territory, on=on) is held
    assert RoleAssignment.objects.in_force(on).exists() is held


@pytest.mark.invariant(16)
def test_role_without_an_end_holds_on(town):
    user = person("head")
    assign(user, municipality=town)

    assert user.acts_as(Role.MUNICIPAL_HEAD, territory=town.territory, on=END.replace(year=2099)) is True


@pytest.mark.invariant(16)
def test_head_acts_only_for_the_own_town(head, town, other_town, region):
    assert head.acts_as(Role.MUNICIPAL_HEAD, territory=town.territory) is True
    assert head.acts_as(Role.MUNICIPAL_HEAD, territory=other_town.territory) is False
    assert head.acts_as(Role.MUNICIPAL_HEAD, territory=region.territory) is False
    assert head.acts_as(Role.MUNICIPAL_EDITOR, territory=town.territory) is False


def test_region_role_acts_for_every_town_of_its_region_only(approver, other_approver, town, other_town, region):
    for place in (town, other_town, region):
        assert approver.acts_as(Role.REGION_APPROVER, territory=place.territory) is True
        assert other_approver.acts_as(Role.REGION_APPROVER, territory=place.territory) is False


@pytest.mark.invariant(16)
def test_head_whose_term_is_over_moves_nothing(town):
    former = person("former")
    yesterday = timezone.localdate() - DAY
    assign(former, municipality=town, valid_to=yesterday)
    session = factories.session(town, status="planned")

    assert session.moves_for(former) == []
    with pytest.raises(PermissionDenied):
        session.move_to("announced", by=former)


def test_inactive_person_holds_no_role(head, town):
    User.objects.filter(pk=head.pk).update(is_active=False)
    gone = User.objects.get(pk=head.pk)

    assert gone.acts_as(Role.MUNICIPAL_HEAD, territory=town.territory) is False
    assert gone.municipality_ids(Role.MUNICIPAL_HEAD) == set()


@pytest.mark.invariant(17)
@pytest.mark.parametrize(
    ("first", "last"), [(START, END), (END, None), (START - DAY, START), (START + DAY, END - DAY), (START - DAY, None)]
)
@pytest.mark.usefixtures("checked")
def test_second_head_on_the_same_day_is_refused(town, first, last):
    assign(person("first"), municipality=town, valid_to=END)

    refusal = codes(assign, person("second"), municipality=town, valid_from=first, valid_to=last)

    assert refusal == ["second_head"]


@pytest.mark.invariant(17)
def test_heads_may_follow_each_other(town, other_town):
    assign(person("first"), municipality=town, valid_to=END)
    assign(person("second"), municipality=town, valid_from=END + DAY)
    assign(person("elsewhere"), municipality=other_town)

    assert RoleAssignment.objects.in_force(END).filter(municipality=town).count() == 1
    assert RoleAssignment.objects.in_force(END + DAY).filter(municipality=town).count() == 1


@pytest.mark.invariant(17)
def test_acting_head_stands_beside_the_head_and_may_do_the_same(town):
    assign(person("head"), municipality=town)
    acting = person("acting")
    assign(acting, municipality=town, acting=True)
    session = factories.session(town, status="planned")

    session.move_to("announced", by=acting)

    assert session.status == "announced"


@pytest.mark.invariant(17)
def test_two_open_heads_are_refused_by_the_database(town):
    assign(person("first"), municipality=town)

    database_refuses(RoleAssignment, RoleAssignment(user=person("second"), role=Role.MUNICIPAL_HEAD, municipality=town))


@pytest.mark.invariant(16)
@pytest.mark.parametrize("role", Role.values)
@pytest.mark.usefixtures("checked")
def test_role_on_the_wrong_ground_is_refused(town, region, role):
    is_municipal = role in {"municipal_head", "municipal_editor"}
    wrong = {"region": region} if is_municipal else {"municipality": town}
    user = person("somebody")

    database_refuses(RoleAssignment, RoleAssignment(user=user, role=role, **wrong))
    database_refuses(RoleAssignment, RoleAssignment(user=user, role=role, region=region, municipality=town))
    assert messages(assign, user, role, **wrong) == ["Роли города нужен город, роли региона — регион."]


def test_role_that_ends_before_it_starts_is_refused(region):
    user = person("somebody")

    database_refuses(
        RoleAssignment,
        RoleAssignment(user=user, role=Role.ADMIN, region=region, valid_from=START, valid_to=START - DAY),
    )


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"post": "Глава города", "first_name": "Анна", "last_name": "Ким"}, "Глава города Анна Ким"),
        ({"post": "Глава города"}, "Глава города"),
        ({}, ""),
    ],
)
def test_public_name_never_shows_the_login(fields, expected):
    assert User(username="login", **fields).public_name == expected


# ——— An open item does not lose its last responsible person ———

HAND_OVER = ["За этим человеком есть открытые дела: сначала передайте их другому в кабинете, «Передача дел»."]
DUTIES = {
    "measure": lambda town, **fields: factories.measure(town, **fields),
    "priority": lambda town, **fields: factories.priority(factories.strategy(town), **fields),
}


def today(days=0):
    """The date so many days from today."""
    return timezone.localdate() + days * DAY


def told(request, changes):
    """Fields of a role: days are counted from today, places and people are named by their fixtures."""
    days = {name: today(value) for name, value in changes.items() if name.startswith("valid_")}
    named = {"municipality", "user", "region"}
    found = {name: value and request.getfixturevalue(value) for name, value in changes.items() if name in named}
    return changes | days | found


def hand_over(town, giver, taker):
    """Everything passes to another person."""
    Handover.perform(territory=town.territory, from_user=giver, to_user=taker, reason="Назначение", by=taker)


@pytest.mark.invariant(32)
@pytest.mark.parametrize("kind", DUTIES)
@pytest.mark.parametrize(
    "changes",
    [
        {"valid_to": -1},
        {"valid_to": 0},
        {"valid_to": 90},
        {"valid_from": 1},
        {"municipality": "other_town"},
        {"user": "head"},
        {"role": Role.REGION_EDITOR, "municipality": None, "region": "region"},
    ],
    ids=["yesterday", "today", "in a quarter", "begins later", "elsewhere", "somebody else", "another ground"],
)
def test_last_role_over_open_duties_does_not_go_in_any_way(request, town, editor, head, kind, changes):
    item = DUTIES[kind](town, owner=editor)
    role = editor.role_assignments.get()
    for name, value in told(request, changes).items():
        setattr(role, name, value)

    assert messages(role.full_clean, exclude=["created_by"]) == HAND_OVER

    hand_over(town, editor, head)
    role.full_clean(exclude=["created_by"])
    assert type(item).objects.with_owner(today()).values_list("owner", "is_owned").get() == (head.pk, True)


@pytest.mark.invariant(32)
@pytest.mark.parametrize(
    ("other", "refused"),
    [
        ({"valid_from": -9}, False),
        ({"valid_from": 31}, False),  # begins the day after
        ({"valid_from": 32}, True),  # a day without anybody
        ({"valid_from": -9, "valid_to": 60}, False),
        ({"valid_from": -9, "valid_to": 30}, True),
        ({"valid_from": -9, "municipality": "other_town"}, True),
    ],
)
def test_role_over_open_duties_ends_where_another_one_goes_on(request, town, editor, other, refused):
    factories.measure(town, owner=editor)
    assign(editor, Role.MUNICIPAL_HEAD, acting=True, **({"municipality": town} | told(request, other)))
    role = editor.role_assignments.get(role=Role.MUNICIPAL_EDITOR)
    role.valid_to = today(30)

    if refused:
        assert messages(role.full_clean, exclude=["created_by"]) == HAND_OVER
    else:
        role.full_clean(exclude=["created_by"])


@pytest.mark.parametrize("status", ["done", "not_done", "cancelled"])
def test_role_ends_when_what_was_answered_for_is_finished(town, editor, status):
    measure = factories.measure(town, owner=editor)
    Measure.objects.filter(pk=measure.pk).update(status=status, percent=100 if status == "done" else 50)
    factories.priority(factories.strategy(town), owner=editor, status="archived")
    role = editor.role_assignments.get()
    role.valid_to = today()

    role.full_clean(exclude=["created_by"])


def test_role_that_has_ended_long_ago_may_be_mended(town, editor):
    factories.measure(town, owner=editor)
    old = assign(editor, municipality=town, valid_from=START, valid_to=END)
    old.valid_to = END - DAY

    old.full_clean(exclude=["created_by"])


def test_role_may_be_prolonged_over_open_duties(town, editor):
    factories.measure(town, owner=editor)
    role = editor.role_assignments.get()
    RoleAssignment.objects.filter(pk=role.pk).update(valid_to=today(10))
    role.valid_to = today(20)

    role.full_clean(exclude=["created_by"])


@pytest.mark.invariant(32)
@pytest.mark.parametrize("kind", DUTIES)
def test_account_with_open_duties_is_closed_after_they_are_handed_over(town, editor, head, kind):
    item = DUTIES[kind](town, owner=editor)
    editor.is_active = False
    assert messages(editor.full_clean) == HAND_OVER
    with pytest.raises(ProtectedError):
        User.objects.get(pk=editor.pk).delete()

    hand_over(town, editor, head)

    editor.full_clean()
    editor.save()
    assert type(item).objects.with_owner(today()).values_list("owner", "is_owned").get() == (head.pk, True)
