"""Numbers of a chart stand apart, also in the large letters of a narrow page."""

import itertools
import re
from dataclasses import dataclass

import pytest

from config import charts


@dataclass
class Value:
    year: int
    target: float | None
    actual: float | None
    is_preliminary: bool = False


def boxes(drawn):
    """(left, right, line) of each number over the axis, as wide as on a narrow page."""
    number = r'<text class="\w*" x="([\d.]+)" y="([\d.-]+)" text-anchor="(\w+)">([^<]+)'
    for x, y, anchor, said in re.findall(number, drawn):
        width = charts.SIGN * len(said)
        left = float(x) - {"start": 0, "middle": width / 2, "end": width}[anchor]
        yield left, left + width, float(y)


@pytest.mark.parametrize(
    "pairs",
    [
        [(400, 390), (350, 300), (300, None)],
        [(120, 121), (130, 112), (140, None)],
        [(50, 51), (55, 53), (60, 45), (65, 62), (75, None)],
        [(28169, 27333), (28500, 28000), (29000, 29500), (30000, None), (31000, 2)],
        [(0, 0), (None, 12345), (1.5, -2.5)],
    ],
)
def test_numbers_of_plan_and_fact_meet_nowhere(pairs):
    drawn = str(charts.plan_fact([Value(2020 + n, *pair) for n, pair in enumerate(pairs)], "x"))

    found = list(boxes(drawn))

    assert len(found) == sum(number is not None for pair in pairs for number in pair)
    assert [
        (one, other) for one, other in itertools.combinations(found, 2)
        if abs(one[2] - other[2]) < charts.LINE and one[0] < other[1] and other[0] < one[1]
    ] == []  # fmt: skip
