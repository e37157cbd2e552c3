"""What paper is asked for: periods that have begun, places, words of the heading."""

import datetime
from decimal import Decimal

import pytest

from accounts.models import User
from exchange.papers.order import Scope, Term, scope_of, scopes
from exchange.papers.rows import Cell
from exchange.papers.words import heading, short_name, shown
from tests import factories

NOVEMBER = datetime.date(2026, 11, 25)


@pytest.mark.invariant(61)
@pytest.mark.parametrize(
    ("code", "start", "end", "is_now", "label"),
    [
        ("all", None, NOVEMBER, True, "весь срок"),
        ("2026-q3", datetime.date(2026, 7, 1), datetime.date(2026, 9, 30), False, "III квартал 2026 года"),
        ("2026-q4", datetime.date(2026, 10, 1), NOVEMBER, True, "IV квартал 2026 года"),
        ("2026-h1", datetime.date(2026, 1, 1), datetime.date(2026, 6, 30), False, "I полугодие 2026 года"),
        ("2025-year", datetime.date(2025, 1, 1), datetime.date(2025, 12, 31), False, "2025 год"),
        ("2026-year", datetime.date(2026, 1, 1), NOVEMBER, True, "2026 год"),
    ],
)
def test_term_stands_as_of_its_end_or_as_of_today(code, start, end, is_now, label):
    term = Term.parse(code, NOVEMBER)

    assert (term.start, term.end, term.is_now, term.label, term.code) == (start, end, is_now, label, code)


@pytest.mark.parametrize("code", ["", "2027-q1", "2026", "2026-q5", "1999-q1", "всё", "26-q1"])
def test_term_that_is_no_period_or_has_not_begun_is_refused(code):
    with pytest.raises(ValueError):  # noqa: PT011 - any wording
        Term.parse(code, NOVEMBER)


def test_places_are_those_of_the_person(region, other_region, town, other_town):
    programme = factories.programme(region, title="Наша")
    direction = factories.direction(region, programme=programme, title="Дороги")
    factories.programme(region, title="Тайная", status="draft")
    factories.direction(other_region)

    assert scopes({region.pk}, set()) == [
        ("Вся область", [(f"region-{region.pk}", "Самарская область: все программы")]),
        ("Программа", [(f"programme-{programme.pk}", "Наша")]),
        ("Направление", [(f"direction-{direction.pk}", "Дороги (Наша)")]),
        ("Город", [(f"town-{town.pk}", "Сызрань"), (f"town-{other_town.pk}", "Чапаевск")]),
    ]
    assert scopes(set(), {town.pk}) == [("Город", [(f"town-{town.pk}", "Сызрань")])]


@pytest.mark.parametrize("kind", ["region", "programme", "direction", "town"])
def test_place_of_an_address_is_ones_own(region, other_region, town, kind):
    direction = factories.direction(region)
    record = {"region": region, "programme": direction.programme, "direction": direction, "town": town}[kind]
    code = f"{kind}-{record.pk}"

    assert scope_of(code, {region.pk}, set()) == Scope(region, **({} if kind == "region" else {kind: record}))
    assert scope_of(code, {region.pk}, set()).code == code
    assert scope_of(code, {other_region.pk}, set()) is None


def test_heading_leaves_a_line_for_what_is_not_said(region):
    head = heading(Scope(region), Term.parse("2026-q3", NOVEMBER), phone="8 800")

    assert (head["as_of"], head["made_on"], head["annex"], head["phone"]) == (
        "30.09.2026",
        "25.11.2026",
        "_" * 20,
        "8 800",
    )


@pytest.mark.parametrize(
    ("value", "cell", "text"),
    [(None, Cell.MONEY, "—"), ("", Cell.TEXT, ""), (Decimal("0.00"), Cell.MONEY, "0,00"), (7, Cell.COUNT, "7"),
     (Decimal("-1234567.80"), Cell.MONEY, "−1\u00a0234\u00a0567,80"), (Decimal("12.5"), Cell.FIGURE, "12,5"),
     (Decimal(1200), Cell.FIGURE, "1\u00a0200"), (Decimal("-5"), Cell.PERCENT, "−5,0"),
     (datetime.date(2026, 3, 1), Cell.DAY, "01.03.2026"), ("до конца года", Cell.DAY, "до конца года")],
)  # fmt: skip
def test_figure_is_read_as_it_is_written_in_russian(value, cell, text):
    assert shown(value, cell) == text


@pytest.mark.parametrize(
    ("first", "last", "name"),
    [("Иван Петрович", "Седов", "И. П.\u00a0Седов"), ("", "Седов", "Седов"), ("Иван", "", ""),
     ("И.П.", "Седов", "И. П.\u00a0Седов")],
)  # fmt: skip
def test_name_of_a_signature(first, last, name):
    assert short_name(User(first_name=first, last_name=last)).strip() == name
