"""Gaps of the programme: drawn from records, each with the day it began, who closes it and since when it is late."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import JournalEntry, RoleAssignment
from strategies.coverage.gaps import (
    Closing,
    Kind,
    days_of_late_gaps,
    gap_about,
    gap_summary,
    gap_total,
    gaps_of,
    late_gaps,
    read_gaps,
)
from strategies.models import Commitment, Funding, GapAnswer, Measure, PriorityMeasure, Strategy
from tests import factories

WHOLE = [Kind.NO_MEASURE, Kind.NOT_AGREED, Kind.NO_TOWN, Kind.NO_MONEY, Kind.NO_DATE, Kind.NO_OWNER]


def today():
    return timezone.localdate()


def ago(days):
    return today() - datetime.timedelta(days=days)


def moment(days):
    return timezone.now() - datetime.timedelta(days=days)


def told(region, **which):
    """(kind, title of the subject) of the gaps, in their order."""
    return [(gap.kind, gap.subject.title) for gap in read_gaps(gaps_of(region, today(), **which), region, today())]


def whole_measure(town, owner, **fields):
    """A measure with money, a date and a person."""
    measure = factories.measure(town, owner=owner, **fields)
    factories.make(Funding, measure=measure, year=2026, source="local", planned=900)
    return measure


def promise(link, side, **fields):
    """A confirmed promise of a side."""
    kind = "fund" if side == "region" else "cofund"
    return factories.make(
        Commitment, link=link, side=side, kind=kind, amount=500, year=2027, status="confirmed", **fields
    )


def agree(link):
    for side in ("region", "town"):
        promise(link, side)
    return link


def answer(subject, kind, **fields):
    """What the region says of a gap: closed within a month."""
    defaults = {"responsible": "Министерство", "why": "Готовят проект.", "due": today() + datetime.timedelta(days=30)}
    return factories.make(GapAnswer, **{subject._meta.model_name: subject}, kind=kind, **(defaults | fields))


@pytest.fixture
def gappy(town, head):
    """A town with one gap of each kind, and what has none."""
    strategy = factories.strategy(town)
    factories.priority(strategy, title="Без меры")
    waiting = factories.priority(strategy, title="Не подтверждён")
    agreed = factories.priority(strategy, title="Подтверждён")
    factories.link(waiting, whole_measure(town, head, title="Целая"))
    agree(factories.link(agreed, whole_measure(town, head, title="Согласованная")))
    whole_measure(town, head, title="Ничья тема")
    poor = factories.measure(town, owner=head, title="Без денег")
    vague = whole_measure(town, head, title="Без срока", due=None)
    nobodys = whole_measure(town, None, title="Без человека")
    for one in (poor, vague, nobodys):
        agree(factories.link(agreed, one))
    return strategy


@pytest.mark.invariant(50)
def test_each_kind_of_gap_is_drawn_from_records(gappy, region):
    assert told(region) == [
        (Kind.NO_MEASURE, "Без меры"),
        (Kind.NOT_AGREED, "Не подтверждён"),
        (Kind.NO_TOWN, "Ничья тема"),
        (Kind.NO_MONEY, "Без денег"),
        (Kind.NO_DATE, "Без срока"),
        (Kind.NO_OWNER, "Без человека"),
    ]
    assert gap_total(region, today()) == len(WHOLE)


@pytest.mark.invariant(50)
def test_gap_is_gone_once_its_reason_is(gappy, region, head):
    measure = Measure.objects.get(title="Ничья тема")
    agree(factories.link(gappy.priorities.get(title="Без меры"), measure))
    agree(PriorityMeasure.objects.get(measure__title="Целая"))
    factories.make(Funding, measure=Measure.objects.get(title="Без денег"), year=2027, source="local", planned=0)
    Measure.objects.filter(title="Без срока").update(postponed_to=today())
    Measure.objects.filter(title="Без человека").update(owner=head)

    assert told(region) == []


@pytest.mark.parametrize("one_side", ["region", "town"])
def test_word_of_one_side_alone_does_not_close_the_gap(gappy, region, one_side):
    promise(PriorityMeasure.objects.get(measure__title="Целая"), one_side)

    assert told(region, kinds=[Kind.NOT_AGREED]) == [(Kind.NOT_AGREED, "Не подтверждён")]


def test_drafts_former_and_foreign_records_are_no_gaps(town, region, other_region):
    factories.priority(factories.strategy(town), status="draft")
    factories.priority(factories.strategy(town), status="archived")
    factories.priority(factories.strategy(town, status="draft"))
    factories.priority(factories.strategy(town, status="superseded"))
    factories.measure(town, status="draft", due=None)
    factories.measure(town, status="cancelled", due=None)
    factories.measure(town, status="done", percent=100, due=None)
    factories.measure(
        town, direction=factories.direction(region, programme=factories.programme(region, status="draft"))
    )
    factories.measure(region, direction=factories.direction(region, programme=factories.programme(
        region, status="prepared")))  # fmt: skip
    outside = factories.make(type(town), region=region, name="Самара", slug="samara", kind="town")
    factories.priority(factories.strategy(outside))
    abroad = factories.make(type(town), region=other_region, name="Балаково", slug="balakovo", kind="town",
                            in_programme=True)  # fmt: skip
    factories.priority(factories.strategy(abroad), title="Порт")
    factories.measure(abroad, title="Мост")

    assert told(region) == []
    assert [title for _kind, title in told(other_region)] == ["Порт", "Мост", "Мост", "Мост"]


def test_cancelled_or_draft_measure_leaves_the_priority_empty(town, region):
    priority = factories.priority(factories.strategy(town), title="Река")
    for status in ("draft", "cancelled"):
        factories.link(priority, factories.measure(town, status=status))

    assert told(region) == [(Kind.NO_MEASURE, "Река")]


def test_gap_of_a_measure_named_by_region_belongs_to_its_towns(town, other_town, region):
    shared = factories.measure(region, title="Школа")
    shared.towns.add(town)
    factories.measure(other_town, title="Сквер")

    assert told(region, kinds=[Kind.NO_TOWN], towns=[town]) == [(Kind.NO_TOWN, "Школа")]


def test_gaps_of_a_sphere_are_its_priorities_and_the_measures_that_answer_them(gappy, region, town):
    factories.priority(gappy, title="Туризм", sphere="tourism")

    assert told(region, sphere="tourism") == [(Kind.NO_MEASURE, "Туризм")]
    assert [title for _kind, title in told(region, sphere="urban")] == [
        "Без меры", "Не подтверждён", "Без денег", "Без срока", "Без человека",
    ]  # fmt: skip


# ——— Since when ———


def since(region, kind):
    return {gap.subject.title: gap.since for gap in read_gaps(gaps_of(region, today(), kinds=[kind]), region, today())}


def test_priority_is_empty_since_the_act_or_since_it_was_published_here(town, region):
    act = factories.strategy(town, status="approved")
    factories.priority(act, title="По решению", published_at=moment(3))
    factories.priority(factories.strategy(town), title="По проекту", published_at=moment(40))
    later = factories.strategy(town, title="Будущее")
    Strategy.objects.filter(pk=later.pk).update(act_date=today() + datetime.timedelta(days=5))
    factories.priority(later, title="Решение впереди", published_at=moment(2))

    assert since(region, Kind.NO_MEASURE) == {
        "По решению": datetime.date(2019, 2, 21), "По проекту": ago(40), "Решение впереди": ago(2),
    }  # fmt: skip


def test_priority_is_empty_again_since_its_measure_was_cancelled(town, region, approver):
    priority = factories.priority(factories.strategy(town, status="approved"), title="Река")
    measure = factories.measure(town, cancel_act=factories.document(region))
    factories.link(priority, measure)
    measure.move_to("cancelled", by=approver, reason="Денег нет.")

    assert since(region, Kind.NO_MEASURE) == {"Река": today()}


def test_measure_that_nobody_confirmed_does_not_stop_the_days_of_its_priority(town, region, approver):
    priority = factories.priority(factories.strategy(town), title="Река", published_at=moment(90))
    link = factories.link(priority, factories.measure(town, published_at=moment(60)))
    before = since(region, Kind.NOT_AGREED)
    agreed = agree(link).commitments.get(side="region")
    meanwhile = since(region, Kind.NOT_AGREED)
    agreed.move_to("withdrawn", by=approver, reason="Денег нет.")

    assert [before, meanwhile, since(region, Kind.NOT_AGREED)] == [{"Река": ago(90)}, {}, {"Река": today()}]
    assert JournalEntry.objects.filter(to_status="withdrawn").count() == 1


def test_measure_is_nobodys_since_the_role_of_its_owner_ended(town, region, head):
    factories.measure(town, owner=head, title="Мост", published_at=moment(90))
    factories.measure(town, title="Сквер", published_at=moment(80))
    RoleAssignment.objects.filter(user=head).update(valid_to=ago(10))

    assert since(region, Kind.NO_OWNER) == {"Сквер": ago(80), "Мост": ago(10)}


# ——— Answers and lateness ———


@pytest.mark.invariant(51)
def test_gap_without_an_answer_makes_the_region_late_after_its_days(town, region):
    region.gap_days = 30
    strategy = factories.strategy(town)
    for days in (29, 30, 31, 45):
        factories.priority(strategy, title=f"{days}", published_at=moment(days))

    gaps = read_gaps(late_gaps(region, today()), region, today())

    assert [(gap.subject.title, gap.days, gap.days_late, gap.closing) for gap in gaps] == [
        ("45", 45, 15, Closing.NOBODY), ("31", 31, 1, Closing.NOBODY),
    ]  # fmt: skip
    assert sorted(days_of_late_gaps(region, today())) == [(1, 1), (15, 1)]
    assert gap_summary(region, today()) == {"total": 4, "nobody": 4, "late": 2}
    assert gap_summary(region, today(), towns=[]) == {}


@pytest.mark.invariant(51)
def test_gap_past_its_promised_day_makes_the_region_late_and_one_that_stays_does_not(town, region):
    strategy = factories.strategy(town)
    promised, stays, in_time = (
        factories.priority(strategy, title=title, published_at=moment(900)) for title in ("Обещан", "Пустой", "В срок")
    )
    answer(promised, Kind.NO_MEASURE, due=ago(7))
    answer(stays, Kind.NO_MEASURE, decision="stays", due=None)
    answer(in_time, Kind.NO_MEASURE, due=today())

    gaps = read_gaps(gaps_of(region, today()), region, today())

    assert [(gap.subject.title, gap.days_late, gap.closing) for gap in gaps] == [
        ("Обещан", 7, Closing.PREPARING), ("В срок", 0, Closing.PREPARING), ("Пустой", 0, Closing.STAYS),
    ]  # fmt: skip
    assert days_of_late_gaps(region, today()) == [(7, 1)]
    assert gap_summary(region, today()) == {"total": 3, "nobody": 0, "late": 1}


@pytest.mark.parametrize(
    ("closing", "expected"),
    [
        ("late", ["Давно", "Обещан"]),
        ("nobody", ["Давно", "Новый"]),
        ("preparing", ["Обещан"]),
        ("stays", ["Пустой"]),
        ("", ["Давно", "Обещан", "Новый", "Пустой"]),
    ],
)
def test_gaps_are_chosen_by_how_far_the_answer_is(town, region, closing, expected):
    strategy = factories.strategy(town)
    factories.priority(strategy, title="Давно", published_at=moment(90))
    factories.priority(strategy, title="Новый", published_at=moment(1))
    answer(factories.priority(strategy, title="Обещан"), Kind.NO_MEASURE, due=ago(7))
    answer(factories.priority(strategy, title="Пустой"), Kind.NO_MEASURE, decision="stays", due=None)

    assert [title for _kind, title in told(region, closing=closing)] == expected


def test_answer_to_another_gap_of_the_same_measure_is_not_an_answer_to_this_one(town, region):
    measure = factories.measure(town)
    answer(measure, Kind.NO_MONEY)

    gaps = read_gaps(gaps_of(region, today()), region, today())

    assert {gap.kind: gap.answer is not None for gap in gaps} == {
        Kind.NO_MONEY: True, Kind.NO_TOWN: False, Kind.NO_OWNER: False,
    }  # fmt: skip


@pytest.mark.invariant(50)
def test_answer_outlives_its_gap_unseen(town, region, gappy):
    priority = gappy.priorities.get(title="Без меры")
    answer(priority, Kind.NO_MEASURE)
    before = gap_about(Kind.NO_MEASURE, priority, today()).answer
    factories.link(priority, factories.measure(town))

    assert (before.why, gap_about(Kind.NO_MEASURE, priority, today())) == ("Готовят проект.", None)
    assert gap_about(Kind.NOT_AGREED, priority, today()).answer is None
    assert GapAnswer.objects.count() == 1


def test_nobody_is_told_of_a_gap_in_what_is_not_public(town, region):
    draft = factories.priority(factories.strategy(town), status="draft")
    measure = factories.measure(town, status="draft")

    assert [gap_about(Kind.NO_MEASURE, draft, today()), gap_about(Kind.NO_MONEY, measure, today())] == [None, None]


@pytest.mark.parametrize("rows", [1, 3])
def test_gaps_are_read_by_four_queries(town, region, rows):
    strategy, direction = factories.strategy(town), factories.direction(region)
    for _ in range(rows):
        answer(factories.priority(strategy), Kind.NO_MEASURE)
        factories.measure(town, direction=direction)

    with CaptureQueriesContext(connection) as caught:
        gaps = read_gaps(gaps_of(region, today()), region, today())

    assert (len(gaps), len(caught)) == (rows * 4, 4)
