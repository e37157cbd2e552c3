"""What an approver is told about a report: pure functions, records that no database has seen."""

import datetime
from decimal import Decimal

import pytest

from accounts.models import JournalEntry, User
from strategies.models import Funding, Indicator, Milestone, ProgressReport, ReportedActual
from strategies.reporting import review

TODAY = datetime.date(2026, 11, 24)
NOON = datetime.datetime(2026, 11, 24, 12, 5, tzinfo=datetime.UTC)


def report(**fields):
    """A report on a measure for the third quarter."""
    defaults = {"measure_id": 1, "year": 2026, "period": "q3", "period_end": datetime.date(2026, 9, 30),
                "reported_status": "in_progress", "percent": 40, "text": "Уложили основание."}  # fmt: skip
    return ProgressReport(**(defaults | fields))


def former(**fields):
    """The report before it."""
    defaults = {"period": "q2", "period_end": datetime.date(2026, 6, 30), "percent": 25, "text": "Сняли покрытие."}
    return report(**(defaults | fields))


def milestone(title="Проект готов", *, due, done_on=None, ticked_on=None):
    """A milestone with the day on which the report ticks it."""
    one = Milestone(title=title, due=due, done_on=done_on)
    one.ticked_on = ticked_on
    return one


def funding(said_before, said_now, *, planned=Decimal(1000), source="regional", year=2026):
    """A row of money with what two reports say."""
    one = Funding(year=year, source=source, planned=planned)
    one.said_before, one.said_now = said_before, said_now
    return one


def actual(value, *, target, before=None, **fields):
    """A figure of a report with its target and the earlier one."""
    one = ReportedActual(
        indicator=Indicator(name="Светильников", unit="шт."), year=2026, actual=value, deviation_reason="", **fields
    )
    one.target, one.said_before = target, before
    return one


@pytest.mark.parametrize(
    ("percent", "planned", "spent", "told"),
    [
        (40, 100, 58, "Деньги 58\u00a0%, готовность 40\u00a0%."),
        (40, 100, 55, None),
        (40, 1000, Decimal("551"), "Деньги 55\u00a0%, готовность 40\u00a0%."),
        (None, 100, 90, None),
        (40, None, 90, None),
        (40, 100, None, None),
        (40, 0, 90, None),
    ],
)
def test_spent_ahead_of_readiness_by_more_than_fifteen_points(percent, planned, spent, told):
    found = review.spent_ahead(percent, planned, spent)

    assert (found and found.detail) == told


@pytest.mark.parametrize(
    ("percent", "before", "told"), [(30, 40, True), (40, 40, False), (0, None, False), (None, 5, False)]
)
def test_fell_back_when_readiness_is_lower(percent, before, told):
    assert (review.fell_back(percent, before) is not None) == told


@pytest.mark.parametrize(
    ("status", "evidence", "told"), [("done", 0, True), ("done", 1, False), ("in_progress", 0, False)]
)
def test_done_without_proof(status, evidence, told):
    assert (review.done_without_proof(status, evidence) is not None) == told


def test_missed_milestones_are_named_with_their_day():
    passed = datetime.date(2026, 6, 30)
    rows = [
        milestone("Проект готов", due=passed),
        milestone("Торги прошли", due=passed, ticked_on=passed),
        milestone("Земля отведена", due=passed, done_on=passed),
        milestone("Работы приняты", due=datetime.date(2026, 12, 1)),
    ]

    assert review.missed_milestones(rows, TODAY).detail == "«Проект готов» — 30 июня 2026."
    assert review.missed_milestones(rows[1:], TODAY) is None


def test_missed_milestones_are_asked_of_the_period_only():
    on_the_last_day = milestone("Последний день", due=datetime.date(2026, 9, 30))
    after = milestone("После периода", due=datetime.date(2026, 10, 1))

    told = review.doubts(report(), former(), milestones=[on_the_last_day, after], on=TODAY)

    assert [one.detail for one in told] == ["«Последний день» — 30 сентября 2026."]


@pytest.mark.parametrize(
    ("new", "old", "told"),
    [
        ({"is_unchanged": True}, {"is_unchanged": True}, True),
        ({"is_unchanged": True}, {}, False),
        ({}, {"is_unchanged": True}, False),
        ({"is_unchanged": True, "corrects_id": 7}, {"is_unchanged": True}, False),
    ],
)
def test_unchanged_again(new, old, told):
    assert (review.unchanged_again(report(**new), former(**old)) is not None) == told


@pytest.mark.parametrize(
    ("new", "told"),
    [
        ({"text": "Сняли  покрытие.\n"}, True),
        ({"text": "Сняли покрытие и уложили основание."}, False),
        ({"text": "Сняли покрытие.", "is_unchanged": True}, False),
        ({"text": "Сняли покрытие.", "corrects_id": 7}, False),
    ],
)
def test_repeats_text(new, told):
    assert (review.repeats_text(report(**new), former()) is not None) == told


def test_doubts_come_in_the_order_of_weight():
    told = review.doubts(
        report(percent=20, text="Сняли покрытие."), former(), planned=Decimal(100), spent=Decimal(90), on=TODAY
    )

    assert [one.title for one in told] == [
        "Потрачено больше, чем сделано.",
        "Готовность стала меньше.",
        "Текст слово в слово повторяет прошлый отчёт.",
    ]


def test_doubts_of_a_good_first_report_are_none():
    assert review.doubts(report(), None, planned=Decimal(100), spent=Decimal(40), evidence=1, on=TODAY) == []


def lines(*args, **kwargs):
    """{label: (old, new, whether it is marked)} of a comparison."""
    return {line.label: (line.old, line.new, line.is_changed) for line in review.compare(*args, **kwargs)}


def test_compare_marks_only_what_changed():
    old = former(pace="on_plan", problems="Дожди.", next_steps="Укладка.")
    new = report(
        pace="behind", reason_kind="contractor", deviation_reason="поставка светильников", problems="Дожди.",
        next_steps="",
    )  # fmt: skip
    due = datetime.date(2026, 9, 30)

    found = lines(new, old, due_before=due, due_after=due)

    assert found == {
        "Состояние": (old, new, False),
        "Темп": ("по плану", "есть отставание", True),
        "Готовность": (25, 40, True),
        "Срок": (due, due, False),
        "Причина": ("", "Подрядчик: поставка светильников", True),
        "Что сделали": ("Сняли покрытие.", "Уложили основание.", True),
        "Что мешает": ("Дожди.", "Дожди.", False),
        "Что дальше": ("Укладка.", "", False),
    }


def test_compare_of_a_first_report_marks_nothing_but_a_moved_date():
    new = report(reported_status="postponed", deviation_reason="Подрядчик ушёл.", postponed_by="Приказ № 7")
    moved = datetime.date(2027, 6, 30)

    found = lines(new, None, due_before=datetime.date(2026, 9, 30), due_after=moved)

    assert {label for label, (_old, _new, is_changed) in found.items() if is_changed} == {"Срок"}
    assert review.compare(new, None, due_after=moved)[2].note == "бумага: Приказ № 7"


def test_compare_of_a_report_on_a_priority_has_neither_percent_nor_date():
    found = lines(report(measure_id=None, priority_id=3, percent=None), None)

    assert set(found) == {"Состояние", "Что сделали"}


def test_compare_adds_money_up():
    rows = [funding(Decimal(42), Decimal(62)), funding(Decimal(5), None, source="local", planned=Decimal(7)),
            funding(None, None, source="extra")]  # fmt: skip

    found = review.compare(report(), former(), fundings=rows)

    assert [(line.label, line.old, line.new, line.note, line.is_changed) for line in found if line.kind == "money"] == [
        ("Деньги, 2026, областной бюджет", 42, 62, "из 1\u00a0000 тыс. руб.", True),
        ("Деньги, 2026, местный бюджет", 5, None, "из 7 тыс. руб.", False),
        ("Деньги всего", 47, 67, "из 2\u00a0007 тыс. руб.", True),
    ]


def test_money_after_counts_rows_with_a_plan_only():
    rows = [funding(Decimal(42), Decimal(62)), funding(Decimal(5), None, source="local"),
            funding(None, Decimal(9), source="extra", planned=None)]  # fmt: skip

    assert review.money_after(rows) == (2000, 67)
    assert review.money_after([]) == (None, None)


def test_compare_tells_target_and_deviation_of_a_figure():
    rows = [
        actual(Decimal(11), target=Decimal(12), before=Decimal(5), is_preliminary=True),
        actual(Decimal(3), target=None),
    ]

    found = [line for line in review.compare(report(), former(), actuals=rows) if line.kind == "figure"]

    assert [(line.label, line.old, line.new, line.note) for line in found] == [
        ("Светильников, шт., 2026", 5, 11, "план 12, отклонение −8\u00a0%, предварительно"),
        ("Светильников, шт., 2026", None, 3, "план не найден"),
    ]


@pytest.mark.parametrize(
    ("submitted_at", "due_on", "days"),
    [
        (NOON, datetime.date(2026, 10, 15), 40),
        (NOON, TODAY, 0),
        (NOON, None, 0),
        (None, datetime.date(2026, 10, 15), 0),
    ],
)
def test_days_late_counts_from_the_due_day(submitted_at, due_on, days):
    assert review.days_late(report(submitted_at=submitted_at), due_on) == days


@pytest.mark.parametrize(
    ("status", "on", "told"),
    [
        ("published", TODAY, "Отчёт уже опубликовал(а) министр Анна Ким в\u00a016:05."),
        ("returned", TODAY + datetime.timedelta(days=1),
         "Отчёт уже вернул(а) городу министр Анна Ким 24 ноября 2026 года в\u00a016:05."),
    ],
)  # fmt: skip
def test_decision_is_told_with_name_and_hour(status, on, told):
    person = User(username="kim", first_name="Анна", last_name="Ким", post="министр")

    assert review.decision_told(JournalEntry(to_status=status, at=NOON, actor=person), on) == told


def test_decision_without_an_entry_is_not_told():
    assert review.decision_told(None, TODAY) == ""


def test_name_of_falls_back_to_the_login():
    assert review.name_of(User(username="kim")) == "kim"
    assert review.name_of(None) == "имя не указано"
