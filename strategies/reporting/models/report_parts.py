from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from strategies import progress
from strategies.programme.models.funding import Funding
from strategies.programme.models.indicator import Indicator
from strategies.programme.models.measure_parts import Milestone

from .report import ProgressReport


class ReportedMilestone(models.Model):
    """A milestone ticked in a report; it becomes public with the report."""

    report = models.ForeignKey(ProgressReport, models.CASCADE, related_name="milestones", verbose_name="отчёт")
    milestone = models.ForeignKey(Milestone, models.CASCADE, related_name="+", verbose_name="контрольная точка")
    done_on = models.DateField("произошло")

    part_of = "report"

    class Meta:
        verbose_name = "контрольная точка в отчёте"
        verbose_name_plural = "контрольные точки в отчёте"
        constraints = [models.UniqueConstraint(fields=["report", "milestone"], name="reported_milestone_once")]

    def __str__(self):
        return str(self.milestone)

    def clean(self):
        if self.done_on and self.done_on > timezone.localdate():
            raise ValidationError({"done_on": _("Контрольная точка не может произойти в будущем.")}, code="future")
        if self.milestone_id and self.report_id and self.milestone.measure_id != self.report.measure_id:
            raise ValidationError({"milestone": _("Это контрольная точка другой меры.")}, code="other_measure")


class ReportedActual(models.Model):
    """An actual value in a report; it becomes public with the report (invariant 24)."""

    report = models.ForeignKey(ProgressReport, models.CASCADE, related_name="actuals", verbose_name="отчёт")
    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="+", verbose_name="показатель")
    year = models.PositiveSmallIntegerField("год")
    actual = models.DecimalField("факт", max_digits=18, decimal_places=4)
    is_preliminary = models.BooleanField("предварительное", default=False)
    deviation_reason = models.TextField("причина отклонения", blank=True)

    part_of = "report"

    class Meta:
        verbose_name = "факт в отчёте"
        verbose_name_plural = "факты в отчёте"
        constraints = [models.UniqueConstraint(fields=["report", "indicator", "year"], name="reported_actual_once")]

    def __str__(self):
        return f"{self.indicator}, {self.year}"

    def clean(self):
        """Invariants 23 and 24; and nobody reports for another town's indicator."""
        if self.year is None or self.actual is None or not (self.indicator_id and self.report_id):
            return
        if not self.indicator.is_of(self.report.measure):
            raise ValidationError({"indicator": _("Это показатель другой меры.")}, code="other_measure")
        if self.year > timezone.localdate().year:
            raise ValidationError({"year": _("Факта за будущий год быть не может.")}, code="future")
        planned = next((value for value in self.indicator.values.all() if value.year == self.year), None)
        if planned and progress.needs_reason(planned.target, self.actual) and not self.deviation_reason.strip():
            raise ValidationError(
                {"deviation_reason": _("Отклонение больше 5 %: напишите причину.")}, code="reason_needed"
            )


class ReportedSpending(models.Model):
    """Money spent since the start, as a report says; it becomes public with the report."""

    report = models.ForeignKey(ProgressReport, models.CASCADE, related_name="spendings", verbose_name="отчёт")
    funding = models.ForeignKey(Funding, models.CASCADE, related_name="+", verbose_name="строка денег")
    spent = models.DecimalField(
        "потрачено, тыс. руб.", max_digits=14, decimal_places=2, validators=[MinValueValidator(0)]
    )

    part_of = "report"

    class Meta:
        verbose_name = "трата в отчёте"
        verbose_name_plural = "траты в отчёте"
        constraints = [models.UniqueConstraint(fields=["report", "funding"], name="reported_spending_once")]

    def __str__(self):
        return str(self.funding)

    def clean(self):
        if self.funding_id and self.report_id and self.funding.measure_id != self.report.measure_id:
            raise ValidationError({"funding": _("Это деньги другой меры.")}, code="other_measure")
