"""Handing over: everything that a person answers for in a territory passes on by one act, or nothing does."""

import datetime
import threading

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, connections, transaction
from django.utils import timezone

from accounts.final import protect
from accounts.models import Role, RoleAssignment, User
from strategies.models import Handover, HandoverItem, Measure, Priority
from tests import PATIENCE, factories
from tests.conftest import person
from tests.refusals import codes, messages


@pytest.fixture
def place(town):
    """The territory of town A."""
    return town.region_id, town.pk


def perform(place, giver, taker, by, reason="Назначение"):
    """Hand over."""
    return Handover.perform(territory=place, from_user=giver, to_user=taker, reason=reason, by=by)


def lines(act):
    """[(title, state, due)] of an act."""
    return list(act.items.order_by("pk").values_list("title", "state", "due"))


def owners(model):
    """Logins of the owners, in the order of making."""
    return list(model.objects.order_by("pk").values_list("owner__username", flat=True))


def test_everything_open_passes_on_with_its_reports(town, other_town, place, editor, head):
    moved = factories.measure(town, title="Аллея", owner=editor, postponed_to=datetime.date(2028, 3, 1))
    factories.measure(town, title="Черновик", owner=editor, status="draft", due=None)
    factories.measure(town, title="Кончена", owner=editor, status="done", percent=100)
    factories.measure(other_town, title="В другом городе", owner=editor)
    factories.measure(town, title="Чужая", owner=head)
    strategy = factories.strategy(town)
    factories.priority(strategy, title="Тихие дворы", owner=editor)
    factories.priority(strategy, title="В архиве", owner=editor, status="archived")
    factories.report(moved, by=editor, status="returned")
    factories.report(moved, by=editor, period="q2", status="published")

    act = perform(place, editor, head, head, reason="  Отпуск ")

    assert lines(act) == [
        ("Аллея", "запланировано", datetime.date(2028, 3, 1)),
        ("Тихие дворы", "опубликован", None),
        ("I квартал 2026 года: Аллея", "на доработке", None),
    ]
    assert (act.from_user, act.to_user, act.reason, act.created_by) == (editor, head, "Отпуск", head)
    assert owners(Measure) == ["syzran-head", "syzran-editor", "syzran-editor", "syzran-editor", "syzran-head"]
    assert owners(Priority) == ["syzran-head", "syzran-editor"]


def test_what_passes_on_remembers_the_act(town, place, editor, head):
    measure = factories.measure(town, owner=editor)

    act = perform(place, editor, head, head)

    measure.refresh_from_db()
    assert measure.row_version == 2
    assert measure.history.first().history_change_reason == str(act)


def test_duties_of_nobody_are_those_without_a_person_in_force(town, place, editor, head):
    today = timezone.localdate()
    gone = person("gone", Role.MUNICIPAL_EDITOR, municipality=town)
    RoleAssignment.objects.filter(user=gone).update(valid_to=today - datetime.timedelta(days=1))
    closed = person("closed", Role.MUNICIPAL_EDITOR, municipality=town)
    User.objects.filter(pk=closed.pk).update(is_active=False)
    for owner in (None, gone, closed, editor):
        factories.measure(town, owner=owner)

    act = perform(place, None, head, head)

    assert act.items.count() == 3
    assert owners(Measure) == ["syzran-head", "syzran-head", "syzran-head", "syzran-editor"]
    assert str(act) == "ничьи дела → syzran-head"


def test_measures_on_the_whole_region_pass_apart_from_those_of_towns(region, town, region_editor, approver):
    wide = factories.measure(region, owner=region_editor)
    of_town = factories.measure(town, owner=region_editor, direction=wide.direction)

    act = perform((region.pk, None), region_editor, approver, approver)

    assert [item.measure for item in act.items.all()] == [wide]
    assert owners(Measure) == ["approver", "editor"]
    # Somebody of the region may take over in a town, too.
    assert [item.measure for item in perform((region.pk, town.pk), region_editor, approver, approver).items.all()] == [
        of_town
    ]


@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("head", True), ("region_editor", True), ("approver", True), ("region_admin", True), ("editor", False),
        ("outsider", False), ("other_approver", False), ("wg_member", False),
    ],
)  # fmt: skip
def test_handing_over_is_for_the_head_and_the_region(request, town, place, editor, head, who, may):
    factories.measure(town, owner=editor)
    by = request.getfixturevalue(who)

    if may:
        assert perform(place, editor, head, by).items.count() == 1
    else:
        with pytest.raises(PermissionDenied):
            perform(place, editor, head, by)
        assert (Handover.objects.count(), owners(Measure)) == (0, ["syzran-editor"])


def test_head_hands_over_nothing_of_the_whole_region(region, head, region_editor):
    factories.measure(region, owner=region_editor)

    with pytest.raises(PermissionDenied):
        perform((region.pk, None), region_editor, head, head)


@pytest.mark.parametrize("who", ["outsider", "other_approver", "wg_member", "region_admin"])
def test_taking_over_asks_for_a_working_role_there(request, town, place, editor, head, who):
    factories.measure(town, owner=editor)

    told = messages(perform, place, editor, request.getfixturevalue(who), head)

    assert told == ["Этот человек здесь не работает: сначала дайте ему роль."]
    assert (Handover.objects.count(), owners(Measure)) == (0, ["syzran-editor"])


def test_handing_over_to_oneself_or_without_a_reason_is_refused(town, place, editor, head):
    factories.measure(town, owner=editor)

    assert messages(perform, place, editor, editor, head) == ["Передать дела можно только другому человеку."]
    assert messages(perform, place, editor, head, head, reason="   ") == ["Это поле не может быть пустым."]
    assert (Handover.objects.count(), owners(Measure)) == (0, ["syzran-editor"])


def test_handing_over_nothing_makes_no_act(town, place, editor, head):
    assert codes(perform, place, editor, head, head) == ["nothing"]
    assert Handover.objects.count() == 0


def test_handing_over_that_fails_half_way_changes_nothing(town, place, editor, head, monkeypatch):
    for _number in range(3):
        factories.measure(town, owner=editor)
    saved, save = [], Measure.save

    def break_at_the_second(self, *args, **kwargs):
        saved.append(self.pk)
        if len(saved) == 2:
            raise DatabaseError("disk full")
        save(self, *args, **kwargs)

    monkeypatch.setattr(Measure, "save", break_at_the_second)
    with pytest.raises(DatabaseError):
        perform(place, editor, head, head)

    assert (Handover.objects.count(), HandoverItem.objects.count()) == (0, 0)
    assert owners(Measure) == ["syzran-editor"] * 3


def test_acts_are_seen_in_their_territory(town, place, editor, head, outsider, approver, other_approver, admin_user):
    factories.measure(town, owner=editor)
    perform(place, editor, head, head)

    seen = {
        one.username: Handover.objects.visible_to(one).count()
        for one in (editor, head, outsider, approver, other_approver, admin_user)
    }

    assert seen == {
        "syzran-editor": 1, "syzran-head": 1, "chapaevsk-head": 0, "approver": 1, "other-approver": 0, "admin": 1,
    }  # fmt: skip


def test_act_is_refused_to_sql_by_the_database(town, place, editor, head):
    tables = ("strategies_handover", "strategies_handoveritem")
    for table in tables:
        protect(connection, table)
    factories.measure(town, owner=editor)
    act = perform(place, editor, head, head)

    for table, field in zip(tables, ("reason", "title"), strict=True):
        for sql in (f"UPDATE {table} SET {field} = 'x'", f"DELETE FROM {table}"):
            with pytest.raises(DatabaseError) as refusal, transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(sql)
            assert str(refusal.value).splitlines()[0] == f"final: {table}"
    assert (Handover.objects.get().reason, act.items.count()) == ("Назначение", 1)


# ——— An open item does not lose its last responsible person ———


def test_account_with_open_duties_is_not_closed(town, editor):
    measure = factories.measure(town, owner=editor)
    editor.is_active = False

    assert messages(editor.clean) == [
        "За этим человеком есть открытые дела: сначала передайте их другому в кабинете, «Передача дел»."
    ]
    Measure.objects.filter(pk=measure.pk).update(owner=None)
    editor.clean()


def test_last_role_does_not_end_while_there_are_open_duties(town, editor, head, place):
    factories.priority(factories.strategy(town), owner=editor)
    role = editor.role_assignments.get()
    role.valid_to = timezone.localdate()

    assert codes(role.clean) == [None]
    perform(place, editor, head, head)
    role.clean()


if connection.vendor == "postgresql":

    @pytest.mark.django_db(transaction=True)
    def test_two_handovers_at_once_make_one_act(town, place, editor, head, approver):
        for _number in range(3):
            factories.measure(town, owner=editor)
        line, said = threading.Barrier(2, timeout=PATIENCE), []

        def run(taker):
            try:
                line.wait()
                said.append(perform(place, editor, taker, head).items.count())
            except ValidationError as refusal:
                said.append(refusal.code)
            finally:
                connections.close_all()

        threads = [threading.Thread(target=run, args=(taker,)) for taker in (head, approver)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE)

        assert sorted(said, key=str) == [3, "nothing"]
        assert len(set(owners(Measure))) == 1
