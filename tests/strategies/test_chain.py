"""Every state of every step of the chain, by the rules of the design language."""

import datetime
from types import SimpleNamespace

import pytest

from municipalities.models import Region
from sessions.models import Session
from strategies.chain import (
    Chain,
    State,
    chosen_state,
    done_state,
    measure_chain,
    measures_states,
    priority_chain,
    promised_state,
    said_by,
    said_state,
)
from strategies.models import Measure, Priority, Programme, ProgrammeDirection, Strategy

ON = datetime.date(2026, 11, 23)


def promise(status="planned", *, due=None, percent=None, postponed_to=None, is_agreed=True, is_written=False):
    region = Region(joined_on=datetime.date(2010, 1, 1))
    measure = Measure(
        status=status, due=due, percent=percent, postponed_to=postponed_to,
        direction=ProgrammeDirection(programme=Programme(region=region)),
    )  # fmt: skip
    measure.is_written, measure.is_agreed, measure.pk = is_written, is_agreed, 1
    return measure


def talk(status="held", starts_at=ON):
    return SimpleNamespace(status=status, starts_at=starts_at, Status=Session.Status)


def words(said_on=""):
    return SimpleNamespace(said_on=said_on)


@pytest.mark.parametrize(
    ("confirmed", "known", "state"), [(True, True, State.YES), (False, True, State.PART), (False, False, State.NO)]
)
def test_said_is_whole_with_a_date(confirmed, known, state):
    assert said_state(confirmed=confirmed, known=known) == state


@pytest.mark.parametrize(
    ("sessions", "proposals", "state"),
    [
        ([], [], State.NO),
        ([talk("held")], [], State.YES),
        ([talk("outcome")], [], State.YES),
        ([talk("held", None)], [], State.PART),
        ([talk("announced")], [], State.NO),
        ([talk("cancelled")], [], State.NO),
        ([], [words("2018-06")], State.YES),
        ([], [words()], State.PART),
        ([talk("cancelled")], [words()], State.PART),
    ],
)
def test_said_by_counts_sessions_that_took_place_and_words(sessions, proposals, state):
    assert said_by(sessions, proposals) == state


@pytest.mark.parametrize(
    ("approved", "drafted", "state"), [(True, True, State.YES), (False, True, State.PART), (False, False, State.NO)]
)
def test_chosen_is_half_without_an_act(approved, drafted, state):
    assert chosen_state(approved=approved, drafted=drafted) == state


@pytest.mark.parametrize(
    ("confirmed", "known", "chosen", "state"),
    [
        (True, True, True, State.YES),
        (False, True, True, State.PART),
        (False, False, True, State.GAP),
        (False, False, False, State.NO),
    ],
)
def test_promised_is_a_gap_when_a_choice_has_no_answer(confirmed, known, chosen, state):
    assert promised_state(confirmed=confirmed, known=known, chosen=chosen) == state


@pytest.mark.parametrize(
    ("measures", "done", "overdue", "percent", "state"),
    [
        (0, 0, 0, None, State.NO),
        (2, 0, 0, None, State.NO),
        (2, 2, 0, 100, State.YES),
        (2, 1, 1, 60, State.LATE),
        (2, 0, 1, None, State.LATE),
        (2, 1, 0, 60, State.RUN),
        (2, 0, 0, 0, State.RUN),
    ],
)
def test_done_follows_reports_and_dates(measures, done, overdue, percent, state):
    assert done_state(measures=measures, done=done, overdue=overdue, percent=percent) == state


def test_percent_of_a_set_is_unknown_not_zero_where_nothing_is_known():
    assert measures_states([promise(), promise()], on=ON, chosen=True, agreed={1})["percent"] is None


def test_cancelled_measures_promise_nothing():
    states = measures_states([promise("cancelled", due=ON)], on=ON, chosen=True, agreed={1})

    assert states == {
        "promised": State.GAP, "done": State.NO, "percent": None, "reported": 0, "measures": 0,
    }  # fmt: skip


def test_moved_date_counts_for_lateness():
    late = promise("postponed", due=datetime.date(2026, 1, 1), postponed_to=datetime.date(2026, 11, 22))
    ahead = promise("postponed", due=datetime.date(2026, 1, 1), postponed_to=ON)

    assert [measures_states([one], on=ON, chosen=True, agreed={1})["done"] for one in (late, ahead)] == [
        State.LATE,
        State.NO,
    ]


@pytest.mark.parametrize(
    ("status", "chosen"), [("approved", State.YES), ("superseded", State.YES), ("discussion", State.PART)]
)
def test_priority_chain_is_chosen_by_the_act_of_its_strategy(status, chosen):
    priority = Priority(strategy=Strategy(status=status))

    assert priority_chain(priority, said=State.NO, measures=[], agreed=set(), on=ON) == Chain(
        State.NO, chosen, State.GAP, State.NO
    )


@pytest.mark.parametrize(
    ("statuses", "chosen"),
    [
        ([], State.NO),
        (["discussion"], State.PART),
        (["discussion", "approved"], State.YES),
        (["superseded"], State.YES),
    ],
)
def test_measure_chain_is_chosen_by_the_best_of_its_priorities(statuses, chosen):
    priorities = [Priority(strategy=Strategy(status=status)) for status in statuses]
    measure = promise("in_progress", due=ON, is_written=True, percent=40)

    chain = measure_chain(measure, said=State.PART, priorities=priorities, on=ON)

    assert chain == Chain(State.PART, chosen, State.YES, State.RUN, 40, 1, 1)


@pytest.mark.parametrize(
    ("measure", "agreed", "promised"),
    [
        (promise(due=ON, is_written=True), {1}, State.YES),
        (promise(due=ON, is_written=True), set(), State.PART),
        (promise(due=ON), {1}, State.PART),
        (promise("cancelled", due=ON, is_written=True), {1}, State.GAP),
    ],
)
def test_priority_is_promised_whole_once_both_sides_have_confirmed(measure, agreed, promised):
    priority = Priority(strategy=Strategy(status="approved"))

    chain = priority_chain(priority, said=State.NO, measures=[measure], agreed=agreed, on=ON)

    assert chain.promised == promised


@pytest.mark.parametrize(("is_agreed", "promised"), [(True, State.YES), (False, State.PART)])
def test_measure_is_promised_whole_once_both_sides_have_confirmed(is_agreed, promised):
    measure = promise(due=ON, is_written=True, is_agreed=is_agreed)

    assert measure_chain(measure, said=State.NO, priorities=[], on=ON).promised == promised


def test_measure_chain_of_a_cancelled_measure_promises_nothing():
    priorities = [Priority(strategy=Strategy(status="approved"))]

    chain = measure_chain(promise("cancelled", due=ON), said=State.YES, priorities=priorities, on=ON)

    assert chain == Chain(State.YES, State.YES, State.NO, State.NO)


@pytest.mark.parametrize(
    ("chain", "joined"),
    [
        (Chain(State.NO, State.NO, State.NO, State.NO), [False, False, False]),
        (Chain(State.PART, State.NO, State.NO, State.NO), [False, False, False]),
        (Chain(State.YES, State.PART, State.GAP, State.NO), [False, False, False]),
        (Chain(State.YES, State.YES, State.PART, State.NO), [True, False, False]),
        (Chain(State.YES, State.YES, State.YES, State.LATE), [True, True, True]),
        (Chain(State.YES, State.YES, State.YES, State.RUN, 40), [True, True, True]),
        (Chain(State.YES, State.YES, State.YES, State.YES), [True, True, True]),
    ],
)
def test_chain_joins_confirmed_neighbours_only(chain, joined):
    assert [chain.joined(name) for name in ("said", "chosen", "promised")] == joined
