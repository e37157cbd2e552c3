from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from municipalities.models import Municipality, Record


class DateChange(Record):
    """A moved date of a session: the old one, the new one and why."""

    session = models.ForeignKey(
        "discussions.Session", models.CASCADE, related_name="date_changes", verbose_name="сессия"
    )
    old_starts_at = models.DateTimeField("было", null=True, blank=True)
    old_ends_at = models.DateTimeField("конец был", null=True, blank=True)
    new_starts_at = models.DateTimeField("стало")
    new_ends_at = models.DateTimeField("конец стал", null=True, blank=True)
    reason = models.TextField("причина")

    part_of = "session"

    class Meta:
        verbose_name = "перенос сессии"
        verbose_name_plural = "переносы сессий"
        ordering = ["session", "created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="date_change_has_reason",
                violation_error_message=_("Напишите причину: её увидят все."),
            ),
        ]

    def __str__(self):
        return f"{self.session}: {self.old_starts_at} → {self.new_starts_at}"


class Section(Record):
    """A part of a session with its own theme and moderator."""

    session = models.ForeignKey("discussions.Session", models.CASCADE, related_name="sections", verbose_name="сессия")
    title = models.CharField("тема", max_length=300)
    moderator = models.CharField("модератор", max_length=200, blank=True)
    experts = models.CharField("эксперты", max_length=400, blank=True)
    summary = models.TextField("к чему пришли", blank=True)
    order = models.PositiveSmallIntegerField("порядок", default=0)

    part_of = "session"

    class Meta:
        verbose_name = "секция"
        verbose_name_plural = "секции"
        ordering = ["session", "order", "pk"]

    def __str__(self):
        return self.title


class Practice(Record):
    """A practice that a guest town showed at a session, or that is given for reference; also of other regions."""

    class Relation(models.TextChoices):
        SHOWN = "shown", _("показана на сессии")
        INVITED = "invited", _("регион приглашён, практика не названа")
        REFERENCE = "reference", _("для справки: участие в сессии не подтверждено")

    session = models.ForeignKey(
        "discussions.Session", models.CASCADE, null=True, blank=True, related_name="practices", verbose_name="сессия"
    )
    region_name = models.CharField("регион", max_length=150)
    town_name = models.CharField("город", max_length=150, blank=True)
    municipality = models.ForeignKey(
        Municipality, models.SET_NULL, null=True, blank=True, related_name="practices", verbose_name="город в списке"
    )
    title = models.CharField("практика", max_length=400, blank=True)
    relation = models.CharField("откуда известна", max_length=10, choices=Relation, default=Relation.SHOWN)
    order = models.PositiveSmallIntegerField("порядок", default=0)

    part_of = "session"

    class Meta:
        verbose_name = "практика города-гостя"
        verbose_name_plural = "практики городов-гостей"
        ordering = ["session", "order", "pk"]

    def __str__(self):
        return self.title or self.region_name
