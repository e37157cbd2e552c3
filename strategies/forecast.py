"""When a measure will be done if it goes on as reported so far. Pure functions: no queries, no clock.

The line through the reports is the Theil–Sen one: its slope is the median of the slopes of all pairs of points, so that
one wrong report does not turn it (H. Theil, «A rank-invariant method of linear and polynomial regression analysis»,
1950; P. K. Sen, «Estimates of the regression coefficient based on Kendall's tau», J. Amer. Statist. Assoc. 63, 1968).
"""

import datetime
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from math import ceil
from statistics import mean, median, quantiles

MIN_POINTS = 4
WHOLE = 100
HORIZON_DAYS = 3653  # ten years: farther than that nobody sees


class Outlook(StrEnum):
    """What the pace of reports says about the end of the work."""

    AHEAD = "ahead"  # a range of dates to come
    PASSED = "passed"  # by the reports it should be done already
    UNSEEN = "unseen"  # at this pace the end is not in sight


@dataclass(frozen=True)
class Forecast:
    """A forecast of completion.

    `expected`, `earliest`, `latest`: dates after the day of the question; `latest` is None where the slow end of the
    range lies beyond ten years; all three are None unless the outlook is `AHEAD`. `error`: the mean absolute error of
    the same forecast in the past, percentage points, None where there was nothing to try it on; `trials`: how often.
    """

    outlook: Outlook
    points: int
    expected: datetime.date | None = None
    earliest: datetime.date | None = None
    latest: datetime.date | None = None
    error: float | None = None
    trials: int = 0

    @property
    def error_rounded(self):
        """The error in whole percentage points, None where there is none."""
        return None if self.error is None else round(self.error)


def slopes(points):
    """Slopes between all pairs of points of different days, per cent a day, in order of size."""
    return sorted((b[1] - a[1]) / (b[0] - a[0]) for a, b in combinations(points, 2) if a[0] != b[0])


def value_at(points, slope, day):
    """What the line of a slope gives for a day: the median of percent + slope × (day − its day) over the points."""
    return median(percent + slope * (day - then) for then, percent in points)


def day_of_whole(points, slope):
    """The day when the line of a slope comes to 100 %: the median of day + (100 − percent) / slope over the points.

    Every summand falls as the slope grows, so a faster slope never ends later.
    """
    return median(then + (WHOLE - percent) / slope for then, percent in points)


def past_errors(points):
    """How far off the line was each time: it is laid through the first points, of four days or more, and asked for the
    next one.

    Returns:
        Absolute errors in percentage points, oldest first; the guess is kept inside 0–100.
    """
    errors = []
    for known in range(MIN_POINTS, len(points)):
        former, (day, percent) = points[:known], points[known]
        if not _are_enough(former):
            continue
        guess = value_at(former, median(slopes(former)), day)
        errors.append(abs(min(max(guess, 0), WHOLE) - percent))
    return errors


def forecast(points, *, on):
    """The forecast of completion from the history of reports.

    Args:
        points: (last day of the period, percent) of counting reports on an open measure, in any order; those without a
            percentage (None) are passed over.
        on: the day of the question.

    Returns:
        A `Forecast`, its range that of the 25th and the 75th percentile of the slopes; None where nothing may be said:
        fewer than four periods with a percentage, the work is done, or the reports do not grow.
    """
    known = sorted((day.toordinal(), percent) for day, percent in points if percent is not None)
    if not _are_enough(known) or max(percent for _day, percent in known) >= WHOLE:
        return None
    found = slopes(known)
    middle = median(found)
    if middle <= 0:
        return None
    slow, _middle, fast = quantiles(found, n=4, method="inclusive")
    errors = past_errors(known)
    said = {"points": len(known), "error": mean(errors) if errors else None, "trials": len(errors)}
    today = on.toordinal()
    expected, last = _whole_day(day_of_whole(known, middle)), today + HORIZON_DAYS
    if expected > last:
        return Forecast(Outlook.UNSEEN, **said)
    if expected <= today:
        return Forecast(Outlook.PASSED, **said)
    earliest = max(_whole_day(day_of_whole(known, fast)), today + 1)
    latest = _whole_day(day_of_whole(known, slow)) if slow > 0 else None
    return Forecast(
        Outlook.AHEAD,
        expected=datetime.date.fromordinal(expected),
        earliest=datetime.date.fromordinal(earliest),
        latest=datetime.date.fromordinal(latest) if latest is not None and latest <= last else None,
        **said,
    )


def _are_enough(points):
    return len({day for day, _percent in points}) >= MIN_POINTS


def _whole_day(ordinal):
    # The day by which the line has come to 100 %; a hair of a day is a rounding error of the division.
    return ceil(ordinal - 1e-6)
