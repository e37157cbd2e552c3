from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from documents.models import Document
from municipalities.models import Municipality, Record
from strategies import progress
from strategies.priorities.models import Priority, Strategy

from .measure import Measure
from .programme import Programme


class IndicatorQuerySet(models.QuerySet):
    def public(self):
        """Indicators of public priorities and measures, and those of a town as such."""
        return self.filter(
            Q(priority__isnull=True)
            | Q(priority__status__in=Priority.PUBLIC, priority__strategy__status__in=Strategy.PUBLIC),
            Q(measure__isnull=True)
            | Q(measure__status__in=Measure.PUBLIC, measure__direction__programme__status__in=Programme.PUBLIC),
        )

    def of_town(self, town):
        """Indicators of a town as such and of its priorities."""
        return self.filter(Q(municipality=town) | Q(priority__strategy__municipality=town))


class Indicator(Record):
    """A measured value: of a priority, of a measure, or of the town as such."""

    class Direction(models.TextChoices):
        HIGHER = "higher", _("больше — лучше")
        LOWER = "lower", _("меньше — лучше")

    municipality = models.ForeignKey(
        Municipality, models.PROTECT, null=True, blank=True, related_name="indicators", verbose_name="город"
    )
    priority = models.ForeignKey(
        Priority, models.CASCADE, null=True, blank=True, related_name="indicators", verbose_name="приоритет"
    )
    measure = models.ForeignKey(
        Measure, models.CASCADE, null=True, blank=True, related_name="indicators", verbose_name="мера"
    )
    name = models.CharField("название", max_length=300)
    unit = models.CharField("единица измерения", max_length=40)
    direction = models.CharField("в какую сторону лучше", max_length=6, choices=Direction, default=Direction.HIGHER)
    base_year = models.PositiveSmallIntegerField("базовый год", null=True, blank=True)
    base_value = models.DecimalField("базовое значение", max_digits=18, decimal_places=4, null=True, blank=True)
    weight = models.DecimalField("вес", max_digits=5, decimal_places=2, null=True, blank=True)
    data_source = models.CharField("источник данных", max_length=300, blank=True, help_text="Например, Росстат.")
    order = models.PositiveSmallIntegerField("порядок", default=0)

    objects = IndicatorQuerySet.as_manager()

    class Meta:
        verbose_name = "показатель"
        verbose_name_plural = "показатели"
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(municipality__isnull=False, priority__isnull=True, measure__isnull=True)
                | Q(municipality__isnull=True, priority__isnull=False, measure__isnull=True)
                | Q(municipality__isnull=True, priority__isnull=True, measure__isnull=False),
                name="indicator_has_one_owner",
                violation_error_message=_("Показатель относится к чему-то одному: приоритету, мере или городу."),
            ),
        ]

    def __str__(self):
        return f"{self.name}, {self.unit}"

    def clean(self):
        """Invariant 2: the base year precedes the first target."""
        if self.pk and self.base_year:
            # All values at once: nothing is asked where they are prefetched.
            years = [one.year for one in self.values.all() if one.target is not None and one.year is not None]
            if years and self.base_year >= min(years):
                raise ValidationError(
                    {"base_year": _("Базовый год должен быть раньше первого года с целью.")}, code="base_year"
                )

    def is_of(self, measure):
        """Whether a report on a measure may give values: the measure's own, its priorities' or its town's indicator."""
        if self.priority_id:
            return measure.pk in {link.measure_id for link in self.priority.measure_links.all()}
        return self.measure_id == measure.pk or (
            self.municipality_id is not None and self.municipality_id == measure.municipality_id
        )

    @property
    def part_of(self):
        """What the indicator belongs to: the priority, the measure or the town."""
        return "priority" if self.priority_id else "measure" if self.measure_id else "municipality"

    @property
    def lower_is_better(self):
        """Whether a smaller value is the better one."""
        return self.direction == self.Direction.LOWER


class IndicatorValueQuerySet(models.QuerySet):
    def due_for(self, measure, year):
        """Figures that a report on a measure is asked for: planned up to a year, without a final fact.

        Indicators of the measure itself and of the priorities it answers.
        """
        return (
            self.filter(
                Q(indicator__measure=measure) | Q(indicator__priority__measure_links__measure=measure),
                Q(actual__isnull=True) | Q(is_preliminary=True),
                target__isnull=False,
                year__lte=year,
            )
            .select_related("indicator")
            .order_by("indicator__order", "indicator", "year")
            .distinct()
        )


class IndicatorValue(Record):
    """The target and the actual value of one year; an actual one comes with a published report or a source."""

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="values", verbose_name="показатель")
    year = models.PositiveSmallIntegerField("год", null=True, blank=True, help_text="Пусто — в источнике не указан.")
    target = models.DecimalField("план", max_digits=18, decimal_places=4, null=True, blank=True)
    actual = models.DecimalField("факт", max_digits=18, decimal_places=4, null=True, blank=True)
    is_preliminary = models.BooleanField("предварительное", default=False)
    deviation_reason = models.TextField("причина отклонения", blank=True)

    objects = IndicatorValueQuerySet.as_manager()

    part_of = "indicator"

    class Meta:
        verbose_name = "значение показателя"
        verbose_name_plural = "значения показателей"
        ordering = ["indicator", models.F("year").asc(nulls_last=True), "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "year"],
                name="indicator_value_once_a_year",
                violation_error_message=_("Значение за этот год уже внесено."),
            ),
            models.CheckConstraint(
                condition=Q(target__isnull=False) | Q(actual__isnull=False),
                name="indicator_value_not_blank",
                violation_error_message=_("Укажите план или факт."),
            ),
            models.CheckConstraint(
                condition=Q(is_preliminary=False) | Q(actual__isnull=False),
                name="indicator_preliminary_has_actual",
                violation_error_message=_("Предварительным бывает только факт."),
            ),
        ]

    def __str__(self):
        return f"{self.indicator}, {self.year or '—'}"

    def clean(self):
        """Invariants 2, 23, 24: years inside the horizon, no actual of the future, deviations explained."""
        if self.year is not None:
            self._check_year()
        if progress.needs_reason(self.target, self.actual) and not self.deviation_reason.strip():
            raise ValidationError(
                {"deviation_reason": _("Отклонение больше 5 %: напишите причину.")}, code="reason_needed"
            )

    def _check_year(self):
        if self.actual is not None and self.year > timezone.localdate().year:
            raise ValidationError({"actual": _("Факта за будущий год быть не может.")}, code="future")
        # A form checks the years of a new indicator before it has a number.
        if self.target is None or not (self.indicator_id or self._meta.get_field("indicator").is_cached(self)):
            return
        indicator = self.indicator
        if indicator.base_year and self.year <= indicator.base_year:
            raise ValidationError({"year": _("Год цели должен быть позже базового.")}, code="base_year")
        strategy = indicator.priority.strategy if indicator.priority else None
        if strategy and (
            (strategy.year_from and self.year < strategy.year_from)
            or (strategy.year_to and self.year > strategy.year_to)
        ):
            raise ValidationError({"year": _("Год цели должен быть внутри лет стратегии.")}, code="horizon")

    @property
    def zone(self):
        """The zone of the actual value."""
        return progress.zone(self.target, self.actual, lower_is_better=self.indicator.lower_is_better)

    @property
    def deviation(self):
        """Deviation from the target in per cent, or None."""
        return progress.deviation(self.target, self.actual)

    def change_target(self, target, *, reason, by, document=None, paper=""):
        """Promise another figure for the year: the old one and the reason stay in the public ledger.

        Args:
            target: the new figure, or None where the plan is withdrawn.
            reason: why; everybody reads it.
            by: who decides.
            document, paper: the act, as a record or in words.

        Raises:
            ValidationError: without a reason, or the new figure breaks a rule. Nothing is changed.
        """
        old, self.target = self.target, target
        try:
            with transaction.atomic():
                # What is promised now: it may have been changed since this copy was read.
                rows = IndicatorValue.objects.select_for_update(no_key=True)
                promised = rows.values_list("target", flat=True).get(pk=self.pk)
                self.full_clean(exclude=["created_by"])
                self.save()
                change = TargetChange(
                    value=self, old_target=promised, new_target=target, reason=reason.strip(), document=document,
                    paper=paper, decided_on=timezone.localdate(), created_by=by, is_sample=self.is_sample,
                )  # fmt: skip
                change.full_clean(exclude=["created_by"])
                change.save()
        except ValidationError:
            self.target = old
            raise


class TargetChangeQuerySet(models.QuerySet):
    def public(self):
        """Changes of what everybody may see."""
        return self.filter(value__indicator__in=Indicator.objects.public())


class TargetChange(Record):
    """A changed target: what was promised first, what is promised now, why and by which paper (invariant 11)."""

    value = models.ForeignKey(
        IndicatorValue, models.CASCADE, related_name="target_changes", verbose_name="значение показателя"
    )
    old_target = models.DecimalField("было", max_digits=18, decimal_places=4)
    new_target = models.DecimalField("стало", max_digits=18, decimal_places=4, null=True, blank=True)
    reason = models.TextField("причина")
    decided_on = models.DateField("когда решили")
    document = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="target_changes", verbose_name="документ"
    )
    paper = models.CharField("бумага", max_length=300, blank=True, help_text="Вид, дата и номер решения словами.")

    objects = TargetChangeQuerySet.as_manager()

    part_of = "value"

    class Meta:
        verbose_name = "изменение плана"
        verbose_name_plural = "изменения планов"
        ordering = ["value", "decided_on", "pk"]
        indexes = [models.Index(fields=["-decided_on", "-id"], name="target_change_latest")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="target_change_has_reason",
                violation_error_message=_("Напишите причину: без неё обещанный план не изменить."),
            ),
        ]

    def __str__(self):
        return f"{self.value}: {self.old_target} → {self.new_target}"

    @property
    def is_lowered(self):
        """Whether less is promised now than before, in the sense of the indicator; a withdrawn plan is less."""
        if self.new_target is None:
            return True
        less = self.new_target < self.old_target
        return not less if self.value.indicator.lower_is_better else less
