from django.contrib import admin
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Role
from municipalities.models import Record, Region

from .fields import KINDS

BRINGERS = (Role.REGION_EDITOR, Role.REGION_APPROVER)


class ColumnMatchQuerySet(models.QuerySet):
    def of(self, region, user=None):
        """Those of a region, the person's own first, then the newest."""
        own = models.Case(models.When(created_by=user and user.pk, then=0), default=1)
        return self.filter(region=region).order_by(own, "-changed_at", "-pk").select_related("created_by")


class ColumnMatch(Record):
    """What a person said of tables of one form: the next table with such a head needs no question.

    Attributes:
        signature: of the kind and its heads, years and quarters left out, see `memory.signature_of`.
        columns: what was said, see `memory.told_of`.
    """

    region = models.ForeignKey(Region, models.PROTECT, related_name="column_matches", verbose_name="регион")
    kind = models.CharField("что вносят", max_length=10)
    name = models.CharField("название", max_length=100)
    signature = models.CharField("шапка", max_length=64, default="", editable=False)
    columns = models.JSONField("столбцы", default=dict)
    changed_at = models.DateTimeField("сказано", default=timezone.now, editable=False)

    is_public = False  # read in the office only

    objects = ColumnMatchQuerySet.as_manager()

    class Meta:
        verbose_name = "соответствие столбцов"
        verbose_name_plural = "соответствия столбцов"
        ordering = ["region", "kind", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["region", "kind", "signature", "created_by"],
                name="column_match_of_a_form_once",
                violation_error_message=_("Соответствие столбцов такой таблицы уже есть."),
            )
        ]

    def __str__(self):
        return f"{self.kind_label}: {self.name}"

    @property
    @admin.display(description="что вносят")
    def kind_label(self):
        """What its tables hold, in words."""
        return str(KINDS[self.kind].label) if self.kind in KINDS else self.kind
