"""An answer to a gap: one subject, one answer for each gap, who, why and by when; by the database too."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from strategies.models import GapAnswer
from tests import factories
from tests.refusals import database_refuses, messages

from .test_gaps import ago, answer


@pytest.fixture
def river(town):
    return factories.priority(factories.strategy(town), title="Река")


def whole(**fields):
    return {"kind": "no_measure", "responsible": "Министерство", "why": "Ждём.", "due": timezone.localdate()} | fields


@pytest.mark.invariant(50)
def test_answer_is_about_one_gap_of_a_priority_or_of_a_measure(river, town):
    measure = factories.measure(town)

    for fields in (
        {},
        {"priority": river, "measure": measure},
        {"priority": river, "kind": "no_money"},
        {"measure": measure, "kind": "no_measure"},
    ):
        database_refuses(GapAnswer, GapAnswer(**whole(**fields)))


@pytest.mark.invariant(50)
def test_gap_has_one_answer(river, town):
    measure = factories.measure(town)
    for subject, kind in ((river, "no_measure"), (measure, "no_money")):
        answer(subject, kind)
        database_refuses(GapAnswer, GapAnswer(**whole(**{subject._meta.model_name: subject}, kind=kind)))


@pytest.mark.invariant(52)
def test_answer_names_who_why_and_by_when(river):
    for fields in ({"why": ""}, {"responsible": ""}, {"due": None}):
        database_refuses(GapAnswer, GapAnswer(**whole(priority=river, **fields)))
    answer(river, "no_measure", decision="stays", due=None)


@pytest.mark.invariant(52)
def test_answer_names_only_people_of_the_region_or_of_the_town(river, head, region_editor, outsider, other_approver):
    for person in (head, region_editor):
        answer(river, "no_measure", owner=person).delete()
    for person in (outsider, other_approver):
        refused = GapAnswer(**whole(priority=river, owner=person))
        assert messages(refused.full_clean, exclude=["created_by"]) == [
            "Отвечать может тот, кто работает в области или в этом городе."
        ]
        with pytest.raises(ValidationError) as raised:
            refused.clean()
        assert [error.code for error in raised.value.error_dict["owner"]] == ["stranger"]


@pytest.mark.parametrize(
    ("fields", "days"), [({"due": -3}, 3), ({"due": 0}, 0), ({"due": 5}, 0), ({"due": None, "decision": "stays"}, 0)]
)
def test_answer_is_late_by_its_own_day(river, fields, days):
    due = fields.pop("due")
    due = None if due is None else timezone.localdate() + datetime.timedelta(days=due)

    assert answer(river, "no_measure", due=due, **fields).days_late(timezone.localdate()) == days


def test_answers_are_chosen_by_region_editor_and_day(river, town, other_region, region_editor, approver, wg_member,
                                                     other_approver, admin_user):  # fmt: skip
    late = answer(river, "no_measure", due=ago(1))
    poor = answer(factories.measure(town), "no_money")

    assert set(GapAnswer.objects.of_region(town.region)) == {late, poor}
    assert not GapAnswer.objects.of_region(other_region).exists()
    assert list(GapAnswer.objects.overdue(timezone.localdate())) == [late]
    assert [
        GapAnswer.objects.editable_by(user).count()
        for user in (region_editor, approver, admin_user, wg_member, other_approver)
    ] == [2, 2, 2, 0, 0]
