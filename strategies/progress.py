"""Numbers about progress, each with its rule. Pure: no queries, no clock.

Blank is never zero: where something is missing the answer is None, never 0.
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.db import models
from django.db.models import Avg, Q
from django.utils.translation import gettext_lazy as _

GREEN_FROM = Decimal(95)
YELLOW_FROM = Decimal(80)
REASON_OVER = Decimal(5)
CANCELLED = "cancelled"  # `Measure.Status.CANCELLED`, a room higher


class Zone(models.TextChoices):
    """How an actual value stands to its target («светофор», `docs/numbers.md`)."""

    GREEN = "green", _("план выполнен")
    YELLOW = "yellow", _("хуже плана")
    RED = "red", _("сильно хуже плана")
    NONE = "none", _("нет данных")


def deviation(target, actual):
    """Deviation in per cent: (actual − target) / |target| × 100; None where a number is missing or the target is 0.

    A target may be negative (migration balance −200): a fact below it deviates downwards.
    Source: the column «отклонение» of regional monitoring forms (`docs/numbers.md`).
    """
    if target is None or actual is None or target == 0:
        return None
    return (Decimal(actual) - Decimal(target)) / abs(Decimal(target)) * 100


def compared(pairs):
    """Deviation of the sums of plan and fact over the pairs where both are known (invariant 78: blank is not zero).

    Args:
        pairs: (plan, fact), either may be None.

    Returns:
        (deviation in per cent or None, how many pairs are compared, how many have either).
    """
    known = [pair for pair in pairs if pair != (None, None)]
    both = [pair for pair in known if None not in pair]
    found = deviation(sum(plan for plan, _fact in both), sum(fact for _plan, fact in both)) if both else None
    return found, len(both), len(known)


def attainment(target, actual, *, lower_is_better=False):
    """Attainment in per cent: actual / target × 100, for reverse indicators target / actual × 100.

    Where a number is negative a quotient says nothing: there it is 100 + deviation, for reverse indicators
    100 − deviation. None where a number is missing or the divisor is 0 (invariant 25).
    """
    if target is None or actual is None:
        return None
    above, below = (target, actual) if lower_is_better else (actual, target)
    if min(target, actual) < 0:
        found = deviation(target, actual)
        return None if found is None else 100 - found if lower_is_better else 100 + found
    return None if below == 0 else Decimal(above) / Decimal(below) * 100


def zone(target, actual, *, lower_is_better=False):
    """The zone of an actual value: green from 95 % or as good as the target, yellow from 80 %, red below.

    A target of 0 that is missed is red: there is no share of nothing. NONE only where a number is missing.
    """
    if target is None or actual is None:
        return Zone.NONE
    share = attainment(target, actual, lower_is_better=lower_is_better)
    is_reached = actual <= target if lower_is_better else actual >= target
    if is_reached or (share is not None and share >= GREEN_FROM):
        return Zone.GREEN
    return Zone.YELLOW if share is not None and share >= YELLOW_FROM else Zone.RED


def needs_reason(target, actual):
    """Whether the deviation is over 5 % and so has to be explained (invariant 23); any fact beside a target of 0 is."""
    if target is None or actual is None:
        return False
    found = deviation(target, actual)
    return actual != target if found is None else abs(found) > REASON_OVER


class LeftOut(models.TextChoices):
    """Why something does not count in a figure."""

    CANCELLED = "cancelled", _("мера отменена")
    NO_REPORT = "no_report", _("отчёта с готовностью ещё нет")
    NO_MEASURES = "no_measures", _("мер нет, считать нечего")
    REGION_WIDE = "region_wide", _("мера на весь регион: её ведёт область")


@dataclass(frozen=True)
class Line:
    """One record of a computed figure: `figure` in per cent and `weight` as a share of one, or why it is left out."""

    record: object
    figure: int | None = None
    weight: Fraction | None = None
    left_out: LeftOut | None = None


@dataclass(frozen=True)
class Progress:
    """A computed readiness that can explain itself.

    `value`: whole per cent, None where nothing counts (blank is not zero); `exact`: the same before rounding; `counted`
    and `left_out`: lines in the order they came.
    """

    value: int | None
    exact: Fraction | None
    counted: tuple
    left_out: tuple

    @property
    def percent(self):
        """The value, as a chain calls it."""
        return self.value

    @property
    def reported(self):
        """How many are counted."""
        return len(self.counted)

    @property
    def measures(self):
        """How many would count if everybody had reported."""
        return len(self.counted) + sum(line.left_out == LeftOut.NO_REPORT for line in self.left_out)

    @property
    def is_whole(self):
        """Whether all that would count has reported."""
        return self.reported == self.measures

    @property
    def total(self):
        """The sum of the counted figures."""
        return sum(line.figure for line in self.counted)

    @property
    def exact_number(self):
        """The mean before rounding to whole per cent, with one decimal; None where there is none."""
        return None if self.exact is None else round(Decimal(self.exact.numerator) / self.exact.denominator, 1)

    @property
    def is_exact(self):
        """Whether nothing was rounded."""
        return self.exact == self.value


def readiness(measures, *, others=()):
    """Mean readiness of measures: the sum of the reported percentages divided by how many there are, whole per cent.

    Every reported measure weighs the same; a cancelled one and one without a reported percentage are left out, they are
    no zeros. A half goes to the even neighbour. Source: our own rule (`docs/numbers.md`).

    Args:
        measures: records with `status` and `percent`, each once.
        others: further lines that are left out, with their reasons.
    """
    reported = [one for one in measures if one.percent is not None and not _is_cancelled(one)]
    weight = Fraction(1, len(reported)) if reported else None
    exact = sum(one.percent for one in reported) * weight if reported else None
    return Progress(
        value=whole(exact),
        exact=exact,
        counted=tuple(Line(one, figure=one.percent, weight=weight) for one in reported),
        left_out=(
            *(
                Line(one, left_out=LeftOut.CANCELLED if _is_cancelled(one) else LeftOut.NO_REPORT)
                for one in measures
                if one.percent is None or _is_cancelled(one)
            ),
            *others,
        ),
    )


def mean_percent():
    """The mean of `readiness` for the database to compute over rows of measures; `whole` rounds it."""
    return Avg("percent", filter=~Q(status=CANCELLED))


def whole(mean):
    """A mean in whole per cent, a half to the even neighbour; None where nothing counts."""
    return None if mean is None else round(mean)


def _is_cancelled(measure):
    return measure.status == CANCELLED
