import calendar
import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, WorkflowModel, WorkflowQuerySet
from accounts.permissions import is_municipal_editor, is_municipal_head, is_region_approver, is_region_editor
from municipalities.models import Record
from strategies import progress

from .funding import Funding
from .indicator import Indicator, IndicatorValue
from .measure import Measure, Milestone
from .programme import Programme


def may_edit(user, report):
    """The town's editor or head; for a region-wide measure the region's editor."""
    return (is_municipal_editor if report.measure.municipality_id else is_region_editor)(user, report)


def may_submit(user, report):
    """The head of the town; for a region-wide measure the region's editor."""
    return (is_municipal_head if report.measure.municipality_id else is_region_editor)(user, report)


def may_decide(user, report):
    """Invariant 18: an approver of the region who neither drafted nor submitted the report."""
    return is_region_approver(user, report) and user.pk not in {report.created_by_id, report.submitted_by_id}


class ProgressReportQuerySet(WorkflowQuerySet):
    def public(self):
        """Published reports on public measures."""
        return self.filter(
            status__in=ProgressReport.PUBLIC,
            measure__status__in=Measure.PUBLIC,
            measure__direction__programme__status__in=Programme.PUBLIC,
        )

    def counting(self):
        """Published reports that no published correction replaces (invariant 19)."""
        return self.filter(status=ProgressReport.Status.PUBLISHED).exclude(
            corrected_by__status=ProgressReport.Status.PUBLISHED
        )


class ProgressReport(WorkflowModel, Record):
    """What is done on a measure in a period. Once published it is never edited or deleted, only corrected."""

    class Period(models.TextChoices):
        Q1 = "q1", _("I квартал")
        Q2 = "q2", _("II квартал")
        Q3 = "q3", _("III квартал")
        Q4 = "q4", _("IV квартал")
        H1 = "h1", _("I полугодие")
        H2 = "h2", _("II полугодие")
        YEAR = "year", _("год")

    MONTHS = {
        Period.Q1: (1, 3),
        Period.Q2: (4, 6),
        Period.Q3: (7, 9),
        Period.Q4: (10, 12),
        Period.H1: (1, 6),
        Period.H2: (7, 12),
        Period.YEAR: (1, 12),
    }

    class Status(models.TextChoices):
        DRAFT = "draft", _("черновик")
        SUBMITTED = "submitted", _("на проверке")
        RETURNED = "returned", _("на доработке")
        PUBLISHED = "published", _("опубликован")

    class Reported(models.TextChoices):
        IN_PROGRESS = "in_progress", _("выполняется")
        DONE = "done", _("выполнено")
        NOT_DONE = "not_done", _("не выполнено")
        POSTPONED = "postponed", _("перенесено")

    measure = models.ForeignKey(Measure, models.PROTECT, related_name="reports", verbose_name="мера")
    year = models.PositiveSmallIntegerField("год", validators=[MinValueValidator(2000), MaxValueValidator(2100)])
    period = models.CharField("период", max_length=5, choices=Period)
    period_end = models.DateField("последний день периода", editable=False)
    text = models.TextField("что сделано", max_length=2000)
    percent = models.PositiveSmallIntegerField("готовность, %", null=True, blank=True)
    reported_status = models.CharField("состояние меры", max_length=20, choices=Reported)
    deviation_reason = models.TextField("причина", blank=True)
    postponed_to = models.DateField("новый срок", null=True, blank=True)
    problems = models.TextField("что мешает", blank=True)
    next_steps = models.TextField("что дальше", blank=True)
    status = models.CharField("состояние", max_length=20, choices=Status, default=Status.DRAFT, editable=False)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, editable=False, related_name="+",
        verbose_name="кто сдал",
    )  # fmt: skip
    return_comment = models.TextField("что поправить", blank=True, editable=False)
    corrects = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="corrected_by", verbose_name="исправляет отчёт"
    )

    objects = ProgressReportQuerySet.as_manager()

    PUBLIC = frozenset({Status.PUBLISHED})
    EDITORS = frozenset({Role.MUNICIPAL_HEAD, Role.MUNICIPAL_EDITOR, Role.REGION_EDITOR})
    REASON_NEEDED = frozenset({Status.RETURNED})
    REGION_LOOKUPS = ("measure__direction__programme__region",)
    MUNICIPALITY_LOOKUP = "measure__municipality"
    TRANSITIONS = {
        (Status.DRAFT, Status.SUBMITTED): may_submit,
        (Status.SUBMITTED, Status.PUBLISHED): may_decide,
        (Status.SUBMITTED, Status.RETURNED): may_decide,
        (Status.RETURNED, Status.DRAFT): may_edit,
    }

    class Meta:
        verbose_name = "отчёт"
        verbose_name_plural = "отчёты"
        ordering = ["measure", "-period_end", "-published_at", "-pk"]
        indexes = [
            models.Index(fields=["measure", "status", "-period_end"], name="report_latest"),
            models.Index(fields=["status", "-published_at"], name="report_by_status"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(percent__isnull=False, percent=100, reported_status="done")
                | (~Q(reported_status="done") & (Q(percent__isnull=True) | Q(percent__gte=0, percent__lt=100))),
                name="report_percent_100_when_done",
                violation_error_message=_("Готовность от 0 до 100 %%, и 100 %% — только если мера выполнена."),
            ),
            models.CheckConstraint(
                condition=~Q(reported_status__in=["not_done", "postponed"]) | ~Q(deviation_reason=""),
                name="report_failure_has_reason",
                violation_error_message=_("Напишите причину: почему не выполнено или перенесено."),
            ),
            models.CheckConstraint(
                condition=~Q(reported_status="postponed") | Q(postponed_to__isnull=False),
                name="report_postponed_has_new_date",
                violation_error_message=_("Укажите новый срок."),
            ),
            models.UniqueConstraint(
                fields=["measure", "year", "period"],
                condition=Q(status="published", corrects__isnull=True),
                name="one_published_report_per_period",
                violation_error_message=_("Отчёт за этот период уже опубликован: сдайте исправление."),
            ),
            models.UniqueConstraint(
                fields=["corrects"],
                condition=Q(status="published", corrects__isnull=False),
                name="one_published_correction",
                violation_error_message=_("Этот отчёт уже исправлен: исправьте исправление."),
            ),
        ]

    def __str__(self):
        return f"{self.period_label}: {self.measure}"

    @property
    def period_label(self):
        """«III квартал 2026 года», «2026 год»."""
        if self.period == self.Period.YEAR:
            return _("%(year)s год") % {"year": self.year}
        return _("%(period)s %(year)s года") % {"period": self.get_period_display(), "year": self.year}

    @property
    def period_start(self):
        """The first day of the period."""
        return datetime.date(self.year, self.MONTHS[self.period][0], 1)

    def save(self, *args, **kwargs):
        month = self.MONTHS[self.period][1]
        self.period_end = datetime.date(self.year, month, calendar.monthrange(self.year, month)[1])
        super().save(*args, **kwargs)

    def clean(self):
        if self.year and self.period and self.period_start > timezone.localdate():
            raise ValidationError({"period": _("Отчёт за период, который ещё не начался, не сдают.")}, code="future")
        if self.corrects_id:
            former = self.corrects
            if (former.measure_id, former.year, former.period) != (self.measure_id, self.year, self.period):
                raise ValidationError(_("Исправляют отчёт той же меры за тот же период."), code="other_period")
            if former.status != self.Status.PUBLISHED:
                raise ValidationError(_("Исправляют только опубликованный отчёт."), code="not_published")
        failed = self.reported_status in {self.Reported.NOT_DONE, self.Reported.POSTPONED}
        if failed and not self.deviation_reason.strip():
            raise ValidationError(
                {"deviation_reason": _("Напишите причину: почему не выполнено или перенесено.")}, code="reason_needed"
            )

    def check_move(self, status, *, by, reason):
        """Invariants 1, 22, 23 before a report leaves the town, and again before it is published."""
        if status == self.Status.RETURNED:
            self.return_comment = reason
            return
        if status == self.Status.SUBMITTED:
            self.submitted_by = by
        if status not in {self.Status.SUBMITTED, self.Status.PUBLISHED}:
            return
        if self.measure.status not in Measure.PUBLIC - {Measure.Status.CANCELLED}:
            raise ValidationError(_("Эта мера не ведётся: отчёт по ней не принимают."), code="measure_closed")
        if self.percent is None and self.reported_status == self.Reported.IN_PROGRESS:
            raise ValidationError({"percent": _("Укажите готовность в процентах.")}, code="percent_needed")
        if self.reported_status == self.Reported.DONE:
            self._check_milestones_done()
        if not self.later().exists():
            self.measure.check_takes(self)
        for rows in (self.milestones.all(), self.actuals.select_related("indicator"), self.spendings.all()):
            for reported in rows:
                reported.clean()

    def _check_milestones_done(self):
        """Invariant 22."""
        ticked = self.milestones.values("milestone")
        left = self.measure.milestones.filter(done_on__isnull=True).exclude(pk__in=ticked)
        if left.exists():
            raise ValidationError(
                _("Мера выполнена, когда пройдены все контрольные точки. Осталось: %(titles)s."),
                code="milestones_left",
                params={"titles": "; ".join(left.values_list("title", flat=True))},
            )

    def later(self):
        """Counting reports on the same measure for a later period: what they say is newer than this report."""
        return ProgressReport.objects.counting().filter(measure=self.measure_id, period_end__gt=self.period_end)

    def after_move(self, from_status, *, by, reason):
        """Publishing sets the measure's state, milestones, actual values and money, in the same transaction."""
        if self.status != self.Status.PUBLISHED:
            return
        measure = Measure.objects.select_for_update(of=("self",)).get(pk=self.measure_id)
        later = self.later()
        self._publish_milestones(later)
        self._publish_actuals(later)
        self._publish_spendings(later)
        latest = (
            ProgressReport.objects.counting()
            .filter(measure=measure)
            .order_by("-period_end", "-published_at", "-pk")
            .first()
        )
        if latest == self:
            measure.take_report(self, by=by)

    def _publish_milestones(self, later):
        said_later = ReportedMilestone.objects.filter(report__in=later).values("milestone")
        for reported in self.milestones.exclude(milestone__in=said_later):
            Milestone.objects.filter(pk=reported.milestone_id).update(done_on=reported.done_on)

    def _publish_actuals(self, later):
        for reported in self.actuals.all():
            if ReportedActual.objects.filter(
                report__in=later, indicator=reported.indicator_id, year=reported.year
            ).exists():
                continue
            IndicatorValue.objects.update_or_create(
                indicator_id=reported.indicator_id,
                year=reported.year,
                defaults={
                    "actual": reported.actual,
                    "is_preliminary": reported.is_preliminary,
                    "deviation_reason": reported.deviation_reason,
                },
            )

    def _publish_spendings(self, later):
        said_later = ReportedSpending.objects.filter(report__in=later).values("funding")
        for reported in self.spendings.exclude(funding__in=said_later):
            Funding.objects.filter(pk=reported.funding_id).update(spent=reported.spent)

    def get_absolute_url(self):
        return self.measure.get_absolute_url() + f"#r{self.pk}"

    @property
    def territory(self):
        """The territory of the measure."""
        return self.measure.territory


class ReportedMilestone(models.Model):
    """A milestone ticked in a report; it becomes public with the report."""

    report = models.ForeignKey(ProgressReport, models.CASCADE, related_name="milestones", verbose_name="отчёт")
    milestone = models.ForeignKey(Milestone, models.CASCADE, related_name="+", verbose_name="контрольная точка")
    done_on = models.DateField("произошло")

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
        planned = self.indicator.values.filter(year=self.year).first()
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

    class Meta:
        verbose_name = "трата в отчёте"
        verbose_name_plural = "траты в отчёте"
        constraints = [models.UniqueConstraint(fields=["report", "funding"], name="reported_spending_once")]

    def __str__(self):
        return str(self.funding)

    def clean(self):
        if self.funding_id and self.report_id and self.funding.measure_id != self.report.measure_id:
            raise ValidationError({"funding": _("Это деньги другой меры.")}, code="other_measure")
