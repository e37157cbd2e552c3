"""Numbers about progress, each with its rule. Pure functions: no queries, no clock.

Blank is never zero: where something is missing the answer is None, never 0.
"""

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

GREEN_FROM = Decimal(95)
YELLOW_FROM = Decimal(80)
REASON_OVER = Decimal(5)


class Zone(models.TextChoices):
    """How an actual value stands to its target («светофор», `docs/domain.md`)."""

    GREEN = "green", _("план выполнен")
    YELLOW = "yellow", _("ниже плана")
    RED = "red", _("сильно ниже плана")
    NONE = "none", _("нет данных")


def deviation(target, actual):
    """Deviation in per cent: (actual − target) / target × 100; None where a number is missing or the target is 0.

    Source: the column «отклонение» of regional monitoring forms (`docs/domain.md`, monitoring report).
    """
    if target is None or actual is None or target == 0:
        return None
    return (Decimal(actual) - Decimal(target)) / Decimal(target) * 100


def attainment(target, actual, *, lower_is_better=False):
    """Attainment in per cent: actual / target × 100, for reverse indicators target / actual × 100.

    None where a number is missing or the divisor is 0 (invariant 25).
    """
    if target is None or actual is None:
        return None
    above, below = (target, actual) if lower_is_better else (actual, target)
    return None if below == 0 else Decimal(above) / Decimal(below) * 100


def zone(target, actual, *, lower_is_better=False):
    """The zone of an actual value: green from 95 %, yellow from 80 %, red below; NONE without a figure."""
    share = attainment(target, actual, lower_is_better=lower_is_better)
    if share is None:
        return Zone.NONE
    if share >= GREEN_FROM:
        return Zone.GREEN
    return Zone.YELLOW if share >= YELLOW_FROM else Zone.RED


def needs_reason(target, actual):
    """Whether the deviation is over 5 % and so has to be explained (invariant 23)."""
    found = deviation(target, actual)
    return found is not None and abs(found) > REASON_OVER
