"""Strategies, goals and priorities: what the database and the door refuse."""

import datetime

import pytest
from django.core.exceptions import ValidationError

from accounts.models import JournalEntry
from strategies.models import Goal, Measure, Priority, Strategy
from strategies.priorities.models import PROMISED
from tests import factories
from tests.refusals import codes, database_refuses, database_refuses_change, messages


@pytest.mark.invariant(2)
@pytest.mark.parametrize(("first", "last"), [(2030, 2018), (2020, 2020)])
def test_strategy_years_out_of_order_are_refused(town, first, last):
    record = factories.strategy(town, year_from=2018, year_to=2030)

    database_refuses_change(record, year_from=first, year_to=last)
    record.year_from, record.year_to = first, last
    assert messages(record.full_clean, exclude=["created_by"]) == ["Первый год должен быть раньше последнего."]


@pytest.mark.invariant(3)
def test_strategy_second_approved_in_a_town_is_refused(town, other_town):
    factories.strategy(town, status="approved")
    factories.strategy(other_town, status="approved")
    second = factories.strategy(
        town, act=factories.document(town), act_number="5", act_date=datetime.date(2025, 1, 1), adopted_by="Дума"
    )

    database_refuses_change(second, status="approved")


@pytest.mark.invariant(3)
def test_strategy_move_to_second_approved_without_supersedes_is_refused(town, approver):
    first = factories.strategy(town, status="approved")
    second = factories.strategy(
        town, act=first.act, act_number="5", act_date=datetime.date(2025, 1, 1), adopted_by="Дума"
    )

    assert messages(second.move_to, "approved", by=approver) == [
        "У города уже есть утверждённая стратегия: укажите, что новая её заменяет."
    ]
    assert second.status == "discussion"
    assert JournalEntry.objects.count() == 0


@pytest.mark.invariant(3)
def test_strategy_version_twice_is_refused(town, other_town):
    factories.strategy(town, title="Стратегия", version=2)
    factories.strategy(other_town, title="Стратегия", version=2)
    factories.strategy(town, title="Стратегия", version=3)

    database_refuses(Strategy, Strategy(municipality=town, title="Стратегия", version=2))


@pytest.mark.invariant(3)
def test_strategy_approval_supersedes_the_former_version(town, approver):
    former = factories.strategy(town, status="approved", title="Стратегия", version=1)
    new = factories.strategy(
        town, title="Стратегия", version=2, supersedes=former, act=factories.document(town), act_number="5",
        act_date=datetime.date(2025, 1, 1), adopted_by="Дума",
    )  # fmt: skip

    new.move_to("approved", by=approver)

    assert dict(Strategy.objects.values_list("version", "status")) == {1: "superseded", 2: "approved"}
    assert list(JournalEntry.objects.about(former).values_list("from_status", "to_status", "actor", "reason")) == [
        ("approved", "superseded", approver.pk, "Утверждена новая версия.")
    ]


@pytest.mark.invariant(3)
def test_strategy_failed_approval_leaves_the_former_in_force(town, approver):
    former = factories.strategy(town, status="approved", title="Стратегия", version=1)
    new = factories.strategy(town, title="Стратегия", version=2, supersedes=former)

    with pytest.raises(ValidationError):
        new.move_to("approved", by=approver)

    assert dict(Strategy.objects.values_list("version", "status")) == {1: "approved", 2: "discussion"}
    assert JournalEntry.objects.count() == 0


@pytest.mark.invariant(4)
@pytest.mark.parametrize(
    "missing",
    [{"act_number": ""}, {"act_date": None}, {"adopted_by": ""}, {"act": None}],
    ids=lambda one: next(iter(one)),
)
def test_strategy_approved_without_its_act_is_refused(town, approver, missing):
    in_force = factories.strategy(town, status="approved")
    whole = {"act": in_force.act, "act_number": "5", "act_date": datetime.date(2025, 1, 1), "adopted_by": "Дума"}
    draft = factories.strategy(town, supersedes=in_force, **(whole | missing))

    database_refuses_change(in_force, **missing)
    assert messages(draft.move_to, "approved", by=approver) == [
        "Чтобы утвердить стратегию, укажите номер и дату решения, кто его принял, и сам документ."
    ]


@pytest.mark.invariant(4)
def test_strategy_approved_by_a_hidden_act_is_refused(town, approver):
    record = factories.strategy(
        town, act=factories.document(town, status="draft"), act_number="5", act_date=datetime.date(2025, 1, 1),
        adopted_by="Дума",
    )  # fmt: skip

    assert codes(record.move_to, "approved", by=approver) == ["act_not_public"]


@pytest.mark.invariant(5)
def test_priority_of_a_draft_strategy_is_not_published(town, approver):
    hidden = factories.priority(factories.strategy(town, status="draft"), status="draft")
    shown = factories.priority(factories.strategy(town), status="draft")

    assert codes(hidden.move_to, "published", by=approver) == ["strategy_not_public"]
    shown.move_to("published", by=approver)

    assert list(Priority.objects.public()) == [shown]


@pytest.mark.invariant(5)
def test_strategy_with_public_priorities_does_not_go_back_to_draft(town, region_editor, approver):
    record = factories.strategy(town)
    priority = factories.priority(record)

    assert codes(record.move_to, "draft", by=region_editor) == ["has_public_priorities"]
    priority.move_to("archived", by=approver, reason="Объединили с другим.")
    record.move_to("draft", by=region_editor)

    assert Strategy.objects.get().status == "draft"


def test_priority_title_twice_in_a_strategy_is_refused(town):
    strategy = factories.strategy(town)
    factories.priority(strategy, title="Набережная")

    database_refuses(Priority, Priority(strategy=strategy, title="Набережная"))


def test_priority_goal_of_another_strategy_is_refused(town):
    strange = factories.goal(factories.strategy(town))
    record = factories.priority(factories.strategy(town))
    record.goal = strange

    assert messages(record.full_clean, exclude=["created_by"]) == ["Цель должна быть из той же стратегии."]


def _tree(strategy, levels):
    rows, above = [], None
    for _level in range(levels):
        above = factories.goal(strategy, parent=above)
        rows.append(above)
    return rows


@pytest.mark.invariant(7)
@pytest.mark.usefixtures("checked")
def test_goal_fourth_level_is_refused(town):
    strategy = factories.strategy(town)
    deepest = _tree(strategy, 3)[-1]

    assert messages(factories.goal, strategy, parent=deepest) == ["Глубже трёх уровней цели не вкладывают."]


@pytest.mark.invariant(7)
def test_goal_moved_with_its_children_below_three_levels_is_refused(town):
    strategy = factories.strategy(town)
    pair = _tree(strategy, 2)
    top = _tree(strategy, 2)
    top[0].parent = pair[0]
    top[0].full_clean(exclude=["created_by"])
    top[0].parent = pair[1]

    assert messages(top[0].full_clean, exclude=["created_by"]) == ["Глубже трёх уровней цели не вкладывают."]


@pytest.mark.invariant(7)
def test_goal_cycle_is_refused(town):
    first, second, third = _tree(factories.strategy(town), 3)
    first.parent = third

    assert messages(first.full_clean, exclude=["created_by"]) == ["Цель не может входить сама в себя."]
    assert messages(_own_parent, second) == ["Цель не может входить сама в себя."]
    database_refuses_change(second, parent=second)


def _own_parent(goal):
    goal.parent = goal
    goal.full_clean(exclude=["created_by"])


@pytest.mark.invariant(7)
@pytest.mark.usefixtures("checked")
def test_goal_under_another_strategy_is_refused(town):
    strange = factories.goal(factories.strategy(town))

    assert messages(factories.goal, factories.strategy(town), parent=strange) == [
        "Цели должны быть из одной стратегии."
    ]
    assert Goal.objects.count() == 1


@pytest.mark.usefixtures("checked")
def test_strategy_supersedes_of_another_town_is_refused(town, other_town):
    strange = factories.strategy(other_town)

    with pytest.raises(ValidationError):
        factories.strategy(town, supersedes=strange)


def test_promised_statuses_are_those_of_public_measures_that_are_not_cancelled():
    """Priorities stand below measures and name their statuses by words: a new one has to be named here too."""
    assert set(PROMISED) == Measure.PUBLIC - {Measure.Status.CANCELLED}
