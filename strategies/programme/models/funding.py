from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from municipalities.models import Record


class Funding(Record):
    """Money of a measure by year and source, thousand roubles; empty means «не найдено»."""

    class Source(models.TextChoices):
        FEDERAL = "federal", _("федеральный бюджет")
        REGIONAL = "regional", _("областной бюджет")
        LOCAL = "local", _("местный бюджет")
        EXTRA = "extra", _("внебюджетные средства")

    measure = models.ForeignKey("strategies.Measure", models.CASCADE, related_name="fundings", verbose_name="мера")
    year = models.PositiveSmallIntegerField("год")
    source = models.CharField("чьи деньги", max_length=10, choices=Source)
    planned = models.DecimalField(
        "обещано, тыс. руб.", max_digits=14, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    spent = models.DecimalField(
        "потрачено, тыс. руб.", max_digits=14, decimal_places=2, null=True, blank=True, editable=False,
        validators=[MinValueValidator(0)],
    )  # fmt: skip

    part_of = "measure"

    class Meta:
        verbose_name = "финансирование"
        verbose_name_plural = "финансирование"
        ordering = ["measure", "year", "source"]
        constraints = [
            models.UniqueConstraint(
                fields=["measure", "year", "source"],
                name="funding_once_a_year",
                violation_error_message=_("Деньги из этого источника за этот год уже внесены."),
            ),
            models.CheckConstraint(
                condition=(Q(planned__isnull=True) | Q(planned__gte=0)) & (Q(spent__isnull=True) | Q(spent__gte=0)),
                name="funding_not_negative",
                violation_error_message=_("Сумма не может быть меньше нуля."),
            ),
        ]

    def __str__(self):
        return f"{self.measure}, {self.year}, {self.get_source_display()}"

    def clean(self):
        """Invariant 26: no money before the start. After the term it may be paid: a final payment, an instalment."""
        # A form and a table check the money of a new measure before it has a number.
        if self.year is None or not (self.measure_id or self._meta.get_field("measure").is_cached(self)):
            return
        start = self.measure.start
        if start and self.year < start.year:
            raise ValidationError({"year": _("Год денег раньше начала меры.")}, code="year")

    @property
    def is_after_term(self):
        """Whether it is paid in a year after the promised date."""
        due = self.measure.due_now
        return due is not None and self.year > due.year
