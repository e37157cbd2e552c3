from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from documents.models import Document
from municipalities.models import Record

from .measure import Measure
from .programme import Programme


class ProgrammeVersion(Record):
    """A programme as an act made it: what it promised on that day. It never changes."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="versions", verbose_name="программа")
    number = models.PositiveSmallIntegerField("версия")
    act_title = models.CharField("акт", max_length=300, blank=True)
    act_date = models.DateField("дата акта", null=True, blank=True)
    act = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="programme_versions", verbose_name="документ"
    )
    reason = models.TextField("что и почему изменили", blank=True)
    content = models.JSONField("что обещано", default=dict, editable=False)
    measure_count = models.PositiveIntegerField("мер", default=0, editable=False)
    planned = models.DecimalField(
        "обещано, тыс. руб.", max_digits=18, decimal_places=2, null=True, blank=True, editable=False
    )

    class Meta:
        verbose_name = "версия программы"
        verbose_name_plural = "версии программ"
        ordering = ["programme", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "number"], name="programme_version_once"),
            models.CheckConstraint(
                condition=Q(number=1) | ~Q(reason=""),
                name="programme_revised_because",
                violation_error_message=_("Напишите, что и почему изменили."),
            ),
        ]

    def __str__(self):
        return f"{self.programme}, версия {self.number}"


class VersionChange(models.Model):
    """One line of the difference between a version and the one before it."""

    class Kind(models.TextChoices):
        ADDED = "added", _("добавлено")
        REMOVED = "removed", _("исключено")
        CHANGED = "changed", _("изменено")

    version = models.ForeignKey(ProgrammeVersion, models.PROTECT, related_name="changes", verbose_name="версия")
    measure = models.ForeignKey(
        Measure, models.DO_NOTHING, null=True, blank=True, db_constraint=False, related_name="version_changes",
        verbose_name="мера",
    )  # fmt: skip
    title = models.CharField("мера", max_length=400)
    kind = models.CharField("что изменилось", max_length=10, choices=Kind)
    field = models.CharField("поле", max_length=120, blank=True)
    before = models.TextField("было", blank=True)
    after = models.TextField("стало", blank=True)
    order = models.PositiveIntegerField("порядок", default=0)

    class Meta:
        verbose_name = "изменение в версии"
        verbose_name_plural = "изменения в версиях"
        ordering = ["version", "order", "pk"]

    def __str__(self):
        return f"{self.title}: {self.get_kind_display()}"
