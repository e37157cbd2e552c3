from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, WorkflowModel, WorkflowQuerySet
from accounts.permissions import any_of, is_region_approver, is_region_editor
from municipalities.models import Record, Region
from strategies.priorities.models import Priority
from strategies.programme.models.indicator import Indicator
from strategies.programme.models.measure import Measure

may_settle = any_of(is_region_editor, is_region_approver)


class FindingQuerySet(WorkflowQuerySet):
    def unsettled(self):
        """Found and still there, not dismissed: open ones and those accepted but not mended yet."""
        return self.filter(status__in=[Finding.Status.OPEN, Finding.Status.ACCEPTED])


class Finding(WorkflowModel, Record):
    """An overlap or a conflict that the machine found: a person accepts it or dismisses it, with a reason.

    `key` names the facts it was made of: while they stay, the person's word stays; other facts are another finding.
    """

    class Kind(models.TextChoices):
        SAME_PLACE = "same_place", _("две меры об одном месте, теме и годе")
        OVERPROMISED = "overpromised", _("обещано больше, чем денег у меры")
        ENDS_BEFORE = "ends_before", _("приоритет кончается раньше, чем начинается мера")
        TWO_FIGURES = "two_figures", _("два числа об одном и том же")
        MONEY_SUM = "money_sum", _("деньги по годам не сходятся с итогом")

    class Status(models.TextChoices):
        OPEN = "open", _("не разобрано")
        ACCEPTED = "accepted", _("признано")
        DISMISSED = "dismissed", _("отклонено")
        GONE = "gone", _("устранено")

    region = models.ForeignKey(Region, models.PROTECT, related_name="findings", verbose_name="регион")
    kind = models.CharField("что найдено", max_length=12, choices=Kind)
    key = models.CharField(max_length=64, editable=False)
    text = models.TextField("в чём дело")
    measures = models.ManyToManyField(Measure, blank=True, related_name="findings", verbose_name="меры")
    priorities = models.ManyToManyField(Priority, blank=True, related_name="findings", verbose_name="приоритеты")
    indicators = models.ManyToManyField(Indicator, blank=True, related_name="findings", verbose_name="показатели")
    status = models.CharField("состояние", max_length=20, choices=Status, default=Status.OPEN, editable=False)
    found_at = models.DateTimeField("нашли", auto_now_add=True)
    settled_because = models.TextField("почему так решили", blank=True, editable=False)

    objects = FindingQuerySet.as_manager()

    EDITORS = frozenset({Role.REGION_EDITOR, Role.REGION_APPROVER})
    REASON_NEEDED = frozenset({Status.ACCEPTED, Status.DISMISSED})
    REGION_LOOKUPS = ("region",)
    MUNICIPALITY_LOOKUPS = ()
    TRANSITIONS = {
        (Status.OPEN, Status.ACCEPTED): may_settle,
        (Status.OPEN, Status.DISMISSED): may_settle,
        (Status.ACCEPTED, Status.DISMISSED): may_settle,
        (Status.DISMISSED, Status.ACCEPTED): may_settle,
        # By the next search: what is not there any more, and what came back.
        (Status.OPEN, Status.GONE): None,
        (Status.ACCEPTED, Status.GONE): None,
        (Status.DISMISSED, Status.GONE): None,
        (Status.GONE, Status.OPEN): None,
    }

    class Meta:
        verbose_name = "находка"
        verbose_name_plural = "находки: наложения и противоречия"
        ordering = ["-found_at", "-pk"]
        indexes = [models.Index(fields=["region", "status", "kind"], name="finding_by_status")]
        constraints = [
            models.UniqueConstraint(fields=["region", "key"], name="finding_once"),
            models.CheckConstraint(
                condition=~models.Q(status__in=["accepted", "dismissed"]) | ~models.Q(settled_because=""),
                name="finding_settled_because",
                violation_error_message=_("Напишите причину."),
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.text}"

    def before_move(self, status, *, by, reason):
        """The reason stays with the finding; one that came back is open again."""
        if status in self.REASON_NEEDED:
            self.settled_because = reason
        elif status == self.Status.OPEN:
            self.settled_because = ""

    def get_absolute_url(self):
        return reverse("office:finding", args=[self.pk])

    @property
    def territory(self):
        """(region id, None): the region settles its findings."""
        return self.region_id, None
