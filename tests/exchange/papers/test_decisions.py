"""The list of instructions: what sessions with published results decided, as it stood by the end of a period."""

import datetime

import pytest

from exchange.papers.order import Scope
from sessions.models import Decision
from tests import factories
from tests.exchange.papers.reading import paper_of, sheet_rows, word_rows

JUNE = datetime.datetime(2026, 6, 22, 4, tzinfo=datetime.UTC)


@pytest.fixture
def session(town):
    """A session of June 2026 whose results are published, with three instructions."""
    minutes = factories.document(town, kind="minutes", title="Протокол", number="7")
    record = factories.session(town, title="Сессия о мостах", status="outcome", minutes=minutes, outcome="Решили.",
                               starts_at=JUNE)  # fmt: skip
    august, july = datetime.date(2026, 8, 1), datetime.date(2026, 7, 20)
    for number, text, due, done in ((1, "=Мост", august, july), (2, "Дорога", august, None), (3, "Сквер", None, None)):
        factories.make(Decision, session=record, number=number, text=text, due=due, responsible="Управа", done_on=done,
                       done_note="Сделано" if done else "")  # fmt: skip
    return record


def told(paper):
    return [[row.cells[name] for name in ("number", "text", "mark", "state")]
            for group in paper.groups for row in group.rows]  # fmt: skip


def test_instructions_stand_under_their_session_with_marks(session, town):
    paper = paper_of("orders", Scope(town.region, town=town))

    assert [group.title for group in paper.groups] == ["Сессия о мостах, 22.06.2026, протокол № 7"]
    assert told(paper) == [
        [1, "=Мост", "Сделано (20.07.2026)", "исполнено"], [2, "Дорога", "", "просрочено"], [3, "Сквер", "", "в работе"]
    ]  # fmt: skip
    assert [(total.label, total.figures["state"]) for total in paper.totals] == [
        ("Всего поручений", 3), ("из них: исполнено", 1), ("из них: в работе", 1), ("из них: просрочено", 1)
    ]  # fmt: skip


@pytest.mark.invariant(61)
def test_what_was_done_later_was_not_done_then(session, town):
    assert told(paper_of("orders", town.region, "2026-q2"))[0] == [1, "=Мост", "", "в работе"]
    # Done in July: in the fourth quarter there is nothing to tell of it any more.
    assert [row[1] for row in told(paper_of("orders", town.region, "2026-q4"))] == ["Дорога", "Сквер"]
    assert told(paper_of("orders", town.region, "2026-q1")) == []


def test_instructions_of_results_that_are_not_published_are_not_told(town):
    record = factories.session(town)
    factories.make(Decision, session=record, number=1, text="Тайно")

    assert told(paper_of("orders", town.region)) == []


def test_instructions_of_a_direction_are_those_that_became_its_measures(session, town, roads, parks):
    Decision.objects.filter(session=session, number=2).update(measure=factories.measure(town, direction=roads))

    papers = [told(paper_of("orders", Scope(town.region, direction=one))) for one in (roads, parks)]

    assert papers == [[[1, "Дорога", "", "просрочено"]], []]


def test_stranger_sees_no_instruction(session, other_region, other_town):
    papers = [told(paper_of("orders", scope)) for scope in (other_region, Scope(other_town.region, town=other_town))]

    assert papers == [[], []]


@pytest.mark.invariant(60)
def test_counts_are_the_same_in_word_and_in_the_sheet(session, region):
    paper = paper_of("orders", region)

    word = [row[-1] for row in word_rows(paper)[-4:]]
    sheet = [row[-1] for row in sheet_rows(paper) if row[0] in {total.label for total in paper.totals}]
    formulas = [row[-1] for row in sheet_rows(paper, values=False) if row[0] in {total.label for total in paper.totals}]
    assert (word, sheet) == (["3", "1", "1", "1"], [3, 1, 1, 1])
    assert formulas[0] == "=COUNT(A7:A10)"
    assert formulas[1] == '=COUNTIF(F7:F10,"исполнено")'


@pytest.mark.parametrize("more", [0, 3])
def test_list_costs_the_same_for_any_number_of_instructions(session, region, more, django_assert_num_queries):
    for number in range(more):
        factories.make(Decision, session=session, number=10 + number, text="Ещё")

    with django_assert_num_queries(1):
        assert paper_of("orders", region).row_count == 3 + more
