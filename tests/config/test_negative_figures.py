"""Figures below zero and at zero are judged by the direction of the indicator, and drawn, wherever they stand."""

import re
from types import SimpleNamespace

import pytest

from config import charts
from strategies.models import Indicator, IndicatorValue
from tests import factories
from tests.pages import text

DONE, RED, YELLOW = "План выполнен", "Сильно хуже плана", "Хуже плана"
# (plan, fact, direction, deviation, what is said): a share of a plan of zero is not a number, and is not shown.
FIGURES = [
    (-200, -400, "higher", "−100 %", RED), (-200, -100, "higher", "50 %", DONE), (-50, -10, "lower", "80 %", RED),
    (-50, -60, "lower", "−20 %", DONE), (5, 0, "lower", "−100 %", DONE), (5, 0, "higher", "−100 %", RED),
    (0, 0, "higher", "—", DONE), (0, 0, "lower", "—", DONE), (0, 5, "higher", "—", DONE), (0, 5, "lower", "—", RED),
    (-5, 5, "higher", "200 %", DONE), (-5, 5, "lower", "200 %", RED), (5, -5, "higher", "−200 %", RED),
    (5, -5, "lower", "−200 %", DONE), (-100, -110, "higher", "−10 %", YELLOW), (100, 110, "lower", "10 %", YELLOW),
]  # fmt: skip


@pytest.mark.invariant(25)
def test_page_judges_figures_by_their_direction(client, town):
    priority = factories.priority(factories.strategy(town))
    for number, (plan, fact, direction, _deviation, _said) in enumerate(FIGURES):
        one = factories.make(
            Indicator, priority=priority, name=f"П{number}", unit="ед.", direction=direction, order=number
        )
        factories.make(IndicatorValue, indicator=one, year=2025, target=plan, actual=fact, deviation_reason="Так вышло")

    shown = client.get(priority.get_absolute_url())

    rows = re.findall(r"2025 \S+ \S+ (—|[−\d]+\s%) (\D+?) Так вышло", text(shown, "main").replace("\u00a0", " "))
    assert [tuple(row) for row in rows] == [(deviation, said) for *_figures, deviation, said in FIGURES]


def test_bars_of_figures_below_zero_hang_from_the_line_of_zero():
    value = SimpleNamespace(year=2025, target=-200, actual=-400, is_preliminary=False)

    drawn = str(charts.plan_fact([value], "План и факт"))

    assert re.findall(r'<rect class="\w+" x="[\d.]+" y="([\d.]+)" width="[\d.]+" height="([\d.]+)"', drawn) == [
        ("40", "75"), ("40", "150"),
    ]  # fmt: skip
    assert 'd="M0 40H720"' in drawn
