from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Role
from accounts.permissions import any_of, is_municipal_head, is_region_admin, is_region_approver, is_region_editor
from municipalities.models import Municipality, Record, Region
from strategies.priorities.models import Priority
from strategies.programme.models.measure import Measure

from .report import ProgressReport

may_hand_over = any_of(is_municipal_head, is_region_editor, is_region_approver, is_region_admin)
WORKERS = (Role.MUNICIPAL_HEAD, Role.MUNICIPAL_EDITOR, Role.REGION_EDITOR, Role.REGION_APPROVER)


def owned_in(territory, owner, *, on):
    """(open measures, live priorities) of a territory that a person answers for; without a person, nobody's ones.

    Args:
        territory: (region id, municipality id or None for region-wide measures).
        owner: a user or None.
        on: the date of the question.
    """
    measures = Measure.objects.answered_for().in_territory(territory)
    priorities = Priority.objects.answered_for().in_territory(territory)
    if owner is not None:
        return measures.filter(owner=owner), priorities.filter(owner=owner)
    return measures.ownerless(on), priorities.ownerless(on)


class HandoverQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Acts of one's own towns and regions."""
        if user.is_superuser:
            return self
        if not user.is_authenticated:
            return self.none()
        return self.filter(Q(region__in=user.region_ids(*Role)) | Q(municipality__in=user.municipality_ids(*Role)))


class Handover(Record):
    """Duties passed on: from whom, to whom, why, and the whole list. It is printed and signed."""

    region = models.ForeignKey(Region, models.PROTECT, related_name="handovers", verbose_name="регион")
    municipality = models.ForeignKey(
        Municipality, models.PROTECT, null=True, blank=True, related_name="handovers", verbose_name="город"
    )
    from_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="handed_over",
        verbose_name="кто передаёт", help_text="Пусто — дела были ничьи.",
    )  # fmt: skip
    to_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="taken_over", verbose_name="кто принимает"
    )
    reason = models.CharField("основание", max_length=300, help_text="Например: назначение, отпуск, увольнение.")

    objects = HandoverQuerySet.as_manager()

    is_public = False  # read in the office only

    class Meta:
        verbose_name = "передача дел"
        verbose_name_plural = "передачи дел"
        ordering = ["-created_at", "-pk"]

    def __str__(self):
        giver = self.from_user or _("ничьи дела")
        return f"{giver} → {self.to_user}"

    def clean(self):
        """Whoever takes over is somebody else, and works in that territory."""
        if not self.to_user_id or not self.region_id:
            return
        if self.from_user_id == self.to_user_id:
            raise ValidationError({"to_user": _("Передать дела можно только другому человеку.")}, code="same_person")
        if not self.to_user.acts_as(*WORKERS, territory=self.territory):
            raise ValidationError(
                {"to_user": _("Этот человек здесь не работает: сначала дайте ему роль.")}, code="no_role"
            )

    @property
    def territory(self):
        """(region id, municipality id or None)."""
        return self.region_id, self.municipality_id

    @classmethod
    def perform(cls, *, territory, from_user, to_user, reason, by):
        """Pass on everything that a person answers for in a territory, or everything that is nobody's.

        Returns:
            The act with its list.

        Raises:
            PermissionDenied: `by` neither heads the town nor works for the region.
            ValidationError: the receiver has no role there, or there is nothing to pass on. Nothing is changed.
        """
        act = cls(
            region_id=territory[0], municipality_id=territory[1], from_user=from_user, to_user=to_user,
            reason=reason.strip(), created_by=by,
        )  # fmt: skip
        if not may_hand_over(by, act):
            raise PermissionDenied
        with transaction.atomic():
            act.full_clean(exclude=["created_by"])
            measures, priorities = (
                # Whoever publishes a report on one of them at this moment comes before or after, never between.
                list(rows.order_by("pk").select_for_update(of=("self",), no_key=True))
                for rows in owned_in(territory, from_user, on=timezone.localdate())
            )
            if not measures and not priorities:
                raise ValidationError(_("Передавать нечего: открытых дел нет."), code="nothing")
            act.save()
            act._list(measures, priorities)
            for record in [*measures, *priorities]:
                record.owner = to_user
                record.row_version += 1
                record._change_reason = str(act)[:100]
                record.save(update_fields=["owner", "row_version"])
        return act

    def _list(self, measures, priorities):
        """Write down what is passed on, as it stands today, with the reports on the way."""
        on_the_way = ProgressReport.objects.unpublished().filter(
            Q(measure__in=[one.pk for one in measures]) | Q(priority__in=[one.pk for one in priorities])
        )
        items = [
            HandoverItem(act=self, measure=measure, title=measure.title, state=measure.get_status_display(),
                         due=measure.due_now)
            for measure in measures
        ]  # fmt: skip
        items += [
            HandoverItem(act=self, priority=priority, title=priority.title, state=priority.get_status_display())
            for priority in priorities
        ]
        items += [
            HandoverItem(act=self, report=report, title=str(report)[:400], state=report.get_status_display())
            for report in on_the_way.with_subject().order_by("pk")
        ]
        HandoverItem.objects.bulk_create(items, batch_size=500)

    def get_absolute_url(self):
        return reverse("office:handover_detail", args=[self.pk])


class HandoverItem(models.Model):
    """One line of an act: what was passed on, and how it stood then."""

    act = models.ForeignKey(Handover, models.CASCADE, related_name="items", verbose_name="передача дел")
    measure = models.ForeignKey(Measure, models.PROTECT, null=True, related_name="+", verbose_name="мера")
    priority = models.ForeignKey(Priority, models.PROTECT, null=True, related_name="+", verbose_name="приоритет")
    report = models.ForeignKey(ProgressReport, models.PROTECT, null=True, related_name="+", verbose_name="отчёт")
    title = models.CharField("что передано", max_length=400)
    state = models.CharField("состояние тогда", max_length=50)
    due = models.DateField("срок тогда", null=True, blank=True)

    class Meta:
        verbose_name = "строка передачи дел"
        verbose_name_plural = "строки передачи дел"
        ordering = ["act", "pk"]

    def __str__(self):
        return self.title
