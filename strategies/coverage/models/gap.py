import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from accounts.models import Role
from municipalities.models import Record
from strategies.priorities.models import Priority
from strategies.programme.models.measure import Measure


class GapAnswerQuerySet(models.QuerySet):
    def of_region(self, region):
        """Answers about the gaps of a region."""
        return self.filter(
            Q(priority__strategy__municipality__region=region) | Q(measure__direction__programme__region=region)
        )

    def editable_by(self, user):
        """Answers that the person may change: the region's editor and approver."""
        if user.is_superuser:
            return self
        regions = user.region_ids(Role.REGION_EDITOR, Role.REGION_APPROVER) if user.is_authenticated else set()
        return self.filter(
            Q(priority__strategy__municipality__region__in=regions)
            | Q(measure__direction__programme__region__in=regions)
        )

    def overdue(self, on):
        """Gaps that were to be closed by a day that has passed."""
        return self.filter(due__lt=on)


class GapAnswer(Record):
    """What the region says of one gap: who closes it, by when, and why it is empty. The gap itself is derived.

    An answer outlives its gap: once the gap is closed it is not shown any more.
    """

    class Kind(models.TextChoices):
        NO_MEASURE = "no_measure", _("на приоритет не отвечает ни одна мера")
        NOT_AGREED = "not_agreed", _("мера есть, но обеими сторонами не подтверждена")
        NO_TOWN = "no_town", _("мера не отвечает ни на один приоритет")
        NO_MONEY = "no_money", _("у меры нет денег")
        NO_DATE = "no_date", _("у меры нет срока")
        NO_OWNER = "no_owner", _("за меру никто не отвечает лично")

    class Decision(models.TextChoices):
        PREPARING = "preparing", _("готовят")
        STAYS = "stays", _("остаётся пустым")

    OF_PRIORITY = frozenset({Kind.NO_MEASURE, Kind.NOT_AGREED})

    priority = models.ForeignKey(
        Priority, models.CASCADE, null=True, blank=True, related_name="gap_answers", verbose_name="приоритет"
    )
    measure = models.ForeignKey(
        Measure, models.CASCADE, null=True, blank=True, related_name="gap_answers", verbose_name="мера"
    )
    kind = models.CharField("какой пробел", max_length=10, choices=Kind)
    decision = models.CharField("что решили", max_length=10, choices=Decision, default=Decision.PREPARING)
    responsible = models.CharField("кто закрывает", max_length=300, help_text="Министерство, отдел, город.")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="gap_answers",
        verbose_name="кто отвечает лично",
    )  # fmt: skip
    due = models.DateField("к какому дню", null=True, blank=True, help_text="Не нужен, если остаётся пустым.")
    why = models.TextField("почему пусто", help_text="Прочтут все. Простыми словами.")

    history = HistoricalRecords()
    objects = GapAnswerQuerySet.as_manager()

    class Meta:
        verbose_name = "ответ о пробеле"
        verbose_name_plural = "ответы о пробелах"
        ordering = [models.F("due").asc(nulls_last=True), "pk"]
        indexes = [models.Index(fields=["kind", "due"], name="gap_answer_by_kind")]
        constraints = [
            models.CheckConstraint(
                condition=Q(priority__isnull=False, measure__isnull=True, kind__in=["no_measure", "not_agreed"])
                | Q(
                    priority__isnull=True, measure__isnull=False,
                    kind__in=["no_town", "no_money", "no_date", "no_owner"],
                ),
                name="gap_answer_has_one_subject",
                violation_error_message=_("Пробел — у приоритета или у меры."),
            ),
            models.UniqueConstraint(fields=["priority", "kind"], name="gap_answer_once_for_priority"),
            models.UniqueConstraint(fields=["measure", "kind"], name="gap_answer_once_for_measure"),
            models.CheckConstraint(
                condition=~Q(why="") & ~Q(responsible=""),
                name="gap_answer_says_why",
                violation_error_message=_("Напишите, кто закрывает пробел и почему пусто."),
            ),
            models.CheckConstraint(
                condition=Q(decision="stays") | Q(due__isnull=False),
                name="gap_answer_has_due",
                violation_error_message=_("Назовите день, к которому пробел закроют."),
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.subject}: {self.get_kind_display()}"

    @property
    def subject(self):
        """The priority or the measure with the gap."""
        return self.priority or self.measure

    @property
    def territory(self):
        """(region id, None): gaps are the region's to close."""
        return self.subject.territory[0], None

    def clean(self):
        """The person who answers works in the region or in the town of the gap."""
        if self.owner_id and self.subject is not None:
            region, town = self.subject.territory
            places = [(region, None)] + ([(region, town)] if town else [])
            if not any(self.owner.acts_as(*Role, territory=place) for place in places):
                words = _("Отвечать может тот, кто работает в области или в этом городе.")
                raise ValidationError({"owner": ValidationError(words, code="stranger")})

    def days_late(self, on: datetime.date):
        """Days past the promised day; 0 while there is time or no day is promised."""
        return max((on - self.due).days, 0) if self.due and self.decision == self.Decision.PREPARING else 0
