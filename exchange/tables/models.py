from django.db import models
from django.utils.translation import gettext_lazy as _

from municipalities.models import Record, Region


class ColumnMatch(Record):
    """Which column of a region's own table is what, said once: the next table of the same shape needs no question."""

    class Kind(models.TextChoices):
        MEASURES = "measures", _("меры")
        PRIORITIES = "priorities", _("приоритеты")
        INDICATORS = "indicators", _("показатели")
        VALUES = "values", _("значения показателей")

    region = models.ForeignKey(Region, models.PROTECT, related_name="column_matches", verbose_name="регион")
    kind = models.CharField("что вносят", max_length=10, choices=Kind)
    name = models.CharField("название", max_length=100)
    columns = models.JSONField("столбцы", default=dict, help_text="{поле: заголовок столбца}")

    is_public = False  # read in the office only

    class Meta:
        verbose_name = "соответствие столбцов"
        verbose_name_plural = "соответствия столбцов"
        ordering = ["region", "kind", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["region", "kind", "name"],
                name="column_match_once",
                violation_error_message=_("Соответствие с таким названием уже есть."),
            )
        ]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.name}"
