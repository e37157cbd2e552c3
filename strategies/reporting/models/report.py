from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, WorkflowModel
from accounts.permissions import is_municipal_editor, is_municipal_head, is_region_approver, is_region_editor
from municipalities.models import Record
from strategies import periods
from strategies.priorities.models import Priority
from strategies.programme.models.funding import Funding
from strategies.programme.models.indicator import IndicatorValue
from strategies.programme.models.measure import Measure
from strategies.programme.models.measure_parts import Milestone
from strategies.reporting import letters

from .report_queryset import ProgressReportQuerySet

REVIEW_DAYS = 5  # for priorities, which no programme has taken up yet


def form_url(subject, year, period):
    """Where a report on a measure or a priority for a period is written."""
    return reverse(f"office:report_{subject._meta.model_name}", args=[subject.pk, periods.code(year, period)])


def may_edit(user, report):
    """The town's editor or head; for a region-wide measure the region's editor."""
    return (is_municipal_editor if report.territory[1] else is_region_editor)(user, report)


def may_submit(user, report):
    """The head of the town; for a region-wide measure the region's editor."""
    return (is_municipal_head if report.territory[1] else is_region_editor)(user, report)


def may_decide(user, report):
    """Invariant 18: an approver of the region who neither drafted nor submitted the report."""
    return is_region_approver(user, report) and user.pk not in {report.created_by_id, report.submitted_by_id}


class ProgressReport(WorkflowModel, Record):
    """What is done on a measure in a period. Once published it is never edited or deleted, only corrected."""

    Period = periods.Period

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

    class Pace(models.TextChoices):
        ON_PLAN = "on_plan", _("по плану")
        BEHIND = "behind", _("есть отставание")

    class ReasonKind(models.TextChoices):
        MONEY = "money", _("деньги")
        LAND = "land", _("земля")
        CONTRACTOR = "contractor", _("подрядчик")
        DESIGN = "design", _("проектирование")
        PROCUREMENT = "procurement", _("закупка")
        SEASON = "season", _("сезон")
        DECISION = "decision", _("решение изменилось")
        OTHER = "other", _("иное")

    measure = models.ForeignKey(
        Measure, models.PROTECT, null=True, blank=True, related_name="reports", verbose_name="мера"
    )
    priority = models.ForeignKey(
        Priority, models.PROTECT, null=True, blank=True, related_name="reports", verbose_name="приоритет",
        help_text="Пока у приоритета нет меры, город отчитывается о нём самом.",
    )  # fmt: skip
    year = models.PositiveSmallIntegerField("год", validators=[MinValueValidator(2000), MaxValueValidator(2100)])
    period = models.CharField("период", max_length=5, choices=Period)
    period_end = models.DateField("последний день периода", editable=False)
    text = models.TextField("что сделано", max_length=2000)
    percent = models.PositiveSmallIntegerField("готовность, %", null=True, blank=True)
    reported_status = models.CharField("состояние меры", max_length=20, choices=Reported)
    pace = models.CharField("темп", max_length=10, choices=Pace, blank=True)
    is_unchanged = models.BooleanField("без изменений", default=False)
    reason_kind = models.CharField("причина из списка", max_length=12, choices=ReasonKind, blank=True)
    deviation_reason = models.TextField("причина", max_length=1000, blank=True)
    postponed_to = models.DateField("новый срок", null=True, blank=True)
    postponed_by = models.CharField(
        "бумага о переносе", max_length=300, blank=True, help_text="Вид, дата и номер решения о новом сроке."
    )
    problems = models.TextField("что мешает", max_length=2000, blank=True)
    next_steps = models.TextField("что дальше", max_length=2000, blank=True)
    status = models.CharField("состояние", max_length=20, choices=Status, default=Status.DRAFT, editable=False)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, editable=False, related_name="+",
        verbose_name="кто сдал",
    )  # fmt: skip
    submitted_at = models.DateTimeField("когда сдан", null=True, blank=True, editable=False)
    # What is typed in the form and not handed in yet, as it was typed; whose form it was.
    typed = models.JSONField("набрано", default=dict, blank=True, editable=False)
    form_key = models.UUIDField("ключ формы", null=True, blank=True, editable=False)
    return_comment = models.TextField("что поправить", blank=True, editable=False)
    corrects = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="corrected_by", verbose_name="исправляет отчёт"
    )

    objects = ProgressReportQuerySet.as_manager()

    PUBLIC = frozenset({Status.PUBLISHED})
    ON_THE_WAY = frozenset({Status.DRAFT, Status.SUBMITTED, Status.RETURNED})
    EDITORS = frozenset({Role.MUNICIPAL_HEAD, Role.MUNICIPAL_EDITOR, Role.REGION_EDITOR})
    REASON_NEEDED = frozenset({Status.RETURNED})
    REGION_LOOKUPS = ("measure__direction__programme__region", "priority__strategy__municipality__region")
    MUNICIPALITY_LOOKUPS = ("measure__municipality", "priority__strategy__municipality")
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
            models.Index(fields=["priority", "status", "-period_end"], name="report_latest_priority"),
            models.Index(fields=["measure", "year", "period"], name="report_by_period"),
            models.Index(fields=["status", "-published_at"], name="report_by_status"),
            models.Index(fields=["status", "submitted_at"], name="report_queue"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(measure__isnull=False, priority__isnull=True)
                | Q(measure__isnull=True, priority__isnull=False),
                name="report_has_one_subject",
                violation_error_message=_("Отчёт говорит о чём-то одном: о мере или о приоритете."),
            ),
            models.CheckConstraint(
                condition=Q(percent__isnull=False, percent=100, reported_status="done")
                | (~Q(reported_status="done") & (Q(percent__isnull=True) | Q(percent__gte=0, percent__lt=100))),
                name="report_percent_100_when_done",
                violation_error_message=_("Готовность от 0 до 100 %%, и 100 %% — только если мера выполнена."),
            ),
            models.CheckConstraint(
                condition=~Q(reported_status__in=["not_done", "postponed"])
                | ~Q(deviation_reason="")
                | ~Q(reason_kind=""),
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
                fields=["priority", "year", "period"],
                condition=Q(status="published", corrects__isnull=True),
                name="one_published_report_of_priority",
                violation_error_message=_("Отчёт за этот период уже опубликован: сдайте исправление."),
            ),
            # A double tap, two browsers, a repeated request: the second finds the first one's draft.
            models.UniqueConstraint(
                fields=["measure", "year", "period"],
                condition=Q(status__in=["draft", "submitted", "returned"], corrects__isnull=True),
                name="one_report_on_the_way",
                violation_error_message=_("Отчёт за этот период уже пишут или проверяют."),
            ),
            models.UniqueConstraint(
                fields=["priority", "year", "period"],
                condition=Q(status__in=["draft", "submitted", "returned"], corrects__isnull=True),
                name="one_report_of_priority_on_the_way",
                violation_error_message=_("Отчёт за этот период уже пишут или проверяют."),
            ),
            models.UniqueConstraint(
                fields=["corrects"],
                condition=Q(status__in=["draft", "submitted", "returned"], corrects__isnull=False),
                name="one_correction_on_the_way",
                violation_error_message=_("Исправление этого отчёта уже пишут или проверяют."),
            ),
            models.UniqueConstraint(
                fields=["corrects"],
                condition=Q(status="published", corrects__isnull=False),
                name="one_published_correction",
                violation_error_message=_("Этот отчёт уже исправлен: исправьте исправление."),
            ),
        ]

    def __str__(self):
        return f"{self.period_label}: {self.subject}"

    @property
    def subject(self):
        """The measure, or the priority, that the report is about."""
        return self.measure if self.measure_id else self.priority

    @property
    def period_label(self):
        """«III квартал 2026 года», «2026 год»."""
        return periods.label(self.year, self.period)

    @property
    def period_start(self):
        """The first day of the period."""
        return periods.bounds(self.year, self.period)[0]

    @property
    def reason(self):
        """Why it is late, postponed or not done: the kind from the list and the words; empty without either."""
        kind = str(self.get_reason_kind_display()) if self.reason_kind else ""
        return ": ".join(filter(None, (kind[:1].upper() + kind[1:], self.deviation_reason.strip())))

    @property
    def is_behind(self):
        """Whether the report admits a delay: behind the plan, a moved date, or not done."""
        failed = self.reported_status in {self.Reported.NOT_DONE, self.Reported.POSTPONED}
        return failed or self.pace == self.Pace.BEHIND

    @property
    def needs_mending(self):
        """Whether it was sent back and has not been submitted again."""
        return self.status == self.Status.RETURNED or (self.status == self.Status.DRAFT and bool(self.return_comment))

    @property
    def is_prepared(self):
        """Whether only the head's hand is missing (`drafting.prepare`)."""
        return "prepared" in self.typed

    def save(self, *args, **kwargs):
        self.period_end = periods.bounds(self.year, self.period)[1]
        super().save(*args, **kwargs)

    def clean(self):
        if self.year and self.period and self.period_start > timezone.localdate():
            raise ValidationError({"period": _("Отчёт за период, который ещё не начался, не сдают.")}, code="future")
        if self.corrects_id:
            former = self.corrects
            if any(
                getattr(former, name) != getattr(self, name) for name in ("measure_id", "priority_id", "year", "period")
            ):
                raise ValidationError(_("Исправляют отчёт той же меры за тот же период."), code="other_period")
            if former.status != self.Status.PUBLISHED:
                raise ValidationError(_("Исправляют только опубликованный отчёт."), code="not_published")
        failed = self.reported_status in {self.Reported.NOT_DONE, self.Reported.POSTPONED}
        if failed and not self.reason:
            raise ValidationError(
                {"deviation_reason": _("Напишите причину: почему не выполнено или перенесено.")}, code="reason_needed"
            )

    def check_move(self, status, *, by, reason):
        """Invariants 1, 22, 23 before a report leaves the town, and again before it is published."""
        if status not in {self.Status.SUBMITTED, self.Status.PUBLISHED}:
            return
        if self.pace == self.Pace.BEHIND and not self.reason:
            raise ValidationError({"reason_kind": _("Назовите причину отставания.")}, code="reason_needed")
        if self.measure_id:
            self._check_on_measure()
        elif self.priority.status != Priority.Status.PUBLISHED:
            raise ValidationError(_("Приоритет не опубликован: отчёт по нему не принимают."), code="measure_closed")

    def before_move(self, status, *, by, reason):
        """Who handed the report in and when; why it was sent back."""
        if status == self.Status.SUBMITTED:
            self.submitted_by, self.submitted_at = by, timezone.now()
        elif status == self.Status.RETURNED:
            self.return_comment = reason

    def _check_on_measure(self):
        if self.measure.status not in Measure.PUBLIC - {Measure.Status.CANCELLED}:
            raise ValidationError(_("Эта мера не ведётся: отчёт по ней не принимают."), code="measure_closed")
        if self.percent is None and self.reported_status == self.Reported.IN_PROGRESS:
            raise ValidationError({"percent": _("Укажите готовность в процентах.")}, code="percent_needed")
        if self.reported_status == self.Reported.DONE:
            self._check_milestones_done()
        if not self.later().exists():
            self.measure.check_takes(self)
            self._check_pace()
        actuals = self.actuals.select_related("indicator__priority").prefetch_related(
            "indicator__values", "indicator__priority__measure_links"
        )
        milestones, spendings = self.milestones.select_related("milestone"), self.spendings.select_related("funding")
        for reported in (*milestones, *actuals, *spendings):
            reported.clean()

    def _check_pace(self):
        """What was due by the day when the report was handed in does not go by plan."""
        is_with_region = self.status == self.Status.SUBMITTED
        handed_in = timezone.localdate(self.submitted_at) if is_with_region else timezone.localdate()
        by_plan = self.reported_status == self.Reported.IN_PROGRESS and self.pace == self.Pace.ON_PLAN
        if by_plan and self.measure.is_past_due(handed_in):
            words = _("Срок меры прошёл: «по плану» сказать нельзя. Отметьте, что выполнено, или назовите причину.")
            raise ValidationError({"pace": words}, code="past_due")

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
        """Counting reports on the same subject for a later period: what they say is newer than this report."""
        return ProgressReport.objects.counting().on(self.subject).filter(period_end__gt=self.period_end)

    def former(self):
        """The counting report on the same subject for an earlier period, or the one it corrects; None for the first."""
        if self.corrects_id:
            return self.corrects
        end = periods.bounds(self.year, self.period)[1]  # a report that is not saved yet has no `period_end`
        earlier = ProgressReport.objects.counting().on(self.subject).filter(period_end__lt=end)
        return earlier.by_time().first()

    def after_move(self, from_status, *, by, reason):
        """Publishing sets the measure's state, milestones, actual values and money, in the same transaction."""
        letters.notify_of_decision(self)
        if self.status != self.Status.PUBLISHED or not self.measure_id:
            return
        # Whoever publishes another report on this measure waits here: what is later is asked with the measure in hand.
        measures = Measure.objects.select_related("direction__programme", "municipality")
        measure = measures.select_for_update(of=("self",), no_key=True).get(pk=self.measure_id)
        later = self.later()
        self._publish_milestones(later)
        self._publish_actuals(later)
        self._publish_spendings(later)
        if ProgressReport.objects.counting().on(measure).by_time().first() == self:
            measure.take_report(self, by=by)

    def _publish_milestones(self, later):
        said_later = later.filter(milestones__isnull=False).values("milestones__milestone")
        told = self.milestones.exclude(milestone__in=said_later)
        Milestone.objects.filter(pk__in=told.values("milestone")).update(
            done_on=Subquery(told.filter(milestone=OuterRef("pk")).values("done_on")[:1])
        )

    def _publish_actuals(self, later):
        said_later = later.filter(actuals__indicator=OuterRef("indicator"), actuals__year=OuterRef("year"))
        # Reports on other measures may give the same figures: all take the rows in one order.
        told = self.actuals.exclude(Exists(said_later)).order_by("indicator", "year")
        names = ["actual", "is_preliminary", "deviation_reason"]
        IndicatorValue.objects.bulk_create(
            [
                IndicatorValue(
                    indicator_id=one.indicator_id, year=one.year, **{name: getattr(one, name) for name in names}
                )
                for one in told
            ],
            update_conflicts=True,
            unique_fields=["indicator", "year"],
            update_fields=names,
        )

    def _publish_spendings(self, later):
        said_later = later.filter(spendings__isnull=False).values("spendings__funding")
        told = self.spendings.exclude(funding__in=said_later)
        Funding.objects.filter(pk__in=told.values("funding")).update(
            spent=Subquery(told.filter(funding=OuterRef("pk")).values("spent")[:1])
        )

    def get_absolute_url(self):
        return self.subject.get_absolute_url() + f"#r{self.pk}"

    @property
    def review_due(self):
        """The last day that the region gave itself to decide on a report that was handed in."""
        handed_in = timezone.localtime(self.submitted_at).date()
        if self.measure_id:
            return self.measure.direction.programme.review_due(handed_in)
        return periods.after_working_days(handed_in, REVIEW_DAYS)

    @property
    def form_url(self):
        """Where the report is written, for those who write it."""
        if self.corrects_id:
            return reverse("office:report_correct", args=[self.corrects_id])
        return form_url(self.subject, self.year, self.period)

    @property
    def territory(self):
        """The territory of the measure or the priority."""
        return self.subject.territory
