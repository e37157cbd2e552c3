"""What changed since the last closed reporting period: its snapshot against the same measures today."""

import datetime
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Avg, Count, F, Max, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce, TruncDate
from django.utils.translation import gettext_lazy as _

from strategies.programme.models.funding import Funding
from strategies.programme.models.measure import Measure
from strategies.progress import whole
from strategies.reporting.models.cycle import ExpectedReport, ReportingCycle

DONE, OPEN = Measure.Status.DONE, Measure.OPEN


@dataclass(frozen=True)
class Line:
    """One figure then and now. `kind`: number, percent or money (thousand roubles); None is «нет данных»."""

    label: str
    then: Decimal | int | None
    now: Decimal | int | None
    kind: str = "number"

    @property
    def change(self):
        """By how much it grew or fell; None where one of the two is not known."""
        return None if None in {self.then, self.now} else self.now - self.then


@dataclass(frozen=True)
class Comparison:
    """The last closed period beside today: the same measures, counted the same way, those cancelled meanwhile too."""

    cycle: ReportingCycle
    closed_on: datetime.date
    measures: int
    lines: tuple


def compared_with_last(cycles, on):
    """The `Comparison` with the last closed period, or None where none was closed; one query.

    Args:
        cycles: public cycles of one region, the newest first.
        on: today.
    """
    closed = [cycle for cycle in cycles if cycle.status == ReportingCycle.Status.CLOSED]
    chosen = [cycle for cycle in closed if cycle.period_end == closed[0].period_end]
    if not chosen:
        return None
    rows = ExpectedReport.objects.filter(cycle__in=chosen, measure__isnull=False, frozen_at__isnull=False)
    late_then = Q(status_then__in=OPEN, due_then__lt=F("frozen_on"))
    late_now = Q(measure__status__in=OPEN, date_now__lt=on)
    money = Funding.objects.filter(measure=OuterRef("measure")).order_by().values("measure")
    found = rows.annotate(
        frozen_on=TruncDate("frozen_at"), date_now=Coalesce("measure__postponed_to", "measure__due"),
        planned_now=Subquery(money.annotate(total=Sum("planned")).values("total")),
        spent_now=Subquery(money.annotate(total=Sum("spent")).values("total")),
    ).aggregate(
        measures=Count("pk"), closed_on=Max("frozen_on"),
        done_then=Count("pk", filter=Q(status_then=DONE)), done_now=Count("pk", filter=Q(measure__status=DONE)),
        late_then=Count("pk", filter=late_then), late_now=Count("pk", filter=late_now),
        mean_then=Avg("percent_then"), mean_now=Avg("measure__percent"),
        money_then=Sum("planned_then"), paid_then=Sum("spent_then"),
        money_now=Sum("planned_now"), paid_now=Sum("spent_now"),
    )  # fmt: skip
    if not found["measures"]:
        return None
    lines = (
        Line(_("выполнено мер"), found["done_then"], found["done_now"]),
        Line(_("просрочено мер"), found["late_then"], found["late_now"]),
        Line(_("готово в среднем, где отчитались"), whole(found["mean_then"]), whole(found["mean_now"]), "percent"),
        Line(_("обещано, млн рублей"), found["money_then"], found["money_now"], "money"),
        Line(_("потрачено, млн рублей"), found["paid_then"], found["paid_now"], "money"),
    )  # fmt: skip
    return Comparison(chosen[0], found["closed_on"], found["measures"], lines)
