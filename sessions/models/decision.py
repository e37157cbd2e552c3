from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.permissions import is_region_editor
from municipalities.models import Record
from strategies.models import Measure, Priority

from .session import Session


class DecisionQuerySet(models.QuerySet):
    def public(self):
        """Decisions of sessions whose outcome is published."""
        return self.filter(session__status=Session.Status.OUTCOME)


class Decision(Record):
    """A numbered decision of a session: an instruction with a day, somebody who answers, and a mark that it is done."""

    session = models.ForeignKey(Session, models.PROTECT, related_name="decisions", verbose_name="сессия")
    number = models.PositiveSmallIntegerField("номер")
    text = models.TextField("поручение", max_length=2000)
    due = models.DateField("срок", null=True, blank=True)
    responsible = models.CharField("ответственный", max_length=300, blank=True)
    measure = models.ForeignKey(
        Measure, models.SET_NULL, null=True, blank=True, related_name="decisions", verbose_name="стало мерой"
    )
    done_on = models.DateField("исполнено", null=True, blank=True)
    done_note = models.CharField("отметка об исполнении", max_length=500, blank=True)

    objects = DecisionQuerySet.as_manager()

    part_of = "session"

    class Meta:
        verbose_name = "решение сессии"
        verbose_name_plural = "решения сессий"
        ordering = ["session", "number"]
        indexes = [models.Index(fields=["due"], name="decision_by_due")]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "number"],
                name="decision_number_once",
                violation_error_message=_("Решение с таким номером у сессии уже есть."),
            ),
            models.CheckConstraint(
                condition=Q(done_on__isnull=True) | ~Q(done_note=""),
                name="decision_done_with_a_note",
                violation_error_message=_("Напишите, что сделано: отметку об исполнении увидят все."),
            ),
        ]

    def __str__(self):
        return f"{self.number}. {self.text}"[:200]

    def clean(self):
        if self.done_on and self.done_on > timezone.localdate():
            raise ValidationError({"done_on": _("Исполнено завтрашним днём не бывает.")}, code="future")

    def delete(self, *args, **kwargs):
        """What everybody saw with the outcome stays (invariant 46): it is mended or marked, not removed."""
        if self.session.status == Session.Status.OUTCOME:
            raise ValidationError(_("Итоги опубликованы: решение не убирают."), code="public")
        return super().delete(*args, **kwargs)

    def is_overdue(self, on):
        """Whether the day has passed and the instruction is not carried out; nobody is late from before joining."""
        passed = self.done_on is None and self.due is not None and self.due < on
        return passed and self.session.region.expects(self.due)

    def become_measure(self, direction, *, by):
        """A draft measure that follows from the decision and keeps the link; the region's editor makes it.

        Args:
            direction: the block of the programme where it goes.
            by: the region's editor.

        Raises:
            PermissionDenied: somebody else asks.
            ValidationError: it has become one already, or the day lies outside the programme. Nothing is changed.
        """
        if not is_region_editor(by, direction.programme):
            raise PermissionDenied
        with transaction.atomic():
            # Asked of the row that is held: of two editors at one moment the second one is told.
            held = type(self)._base_manager.select_for_update(no_key=True, of=["self"]).get(pk=self.pk)
            if held.measure_id:
                raise ValidationError(_("Это решение уже стало мерой."), code="is_a_measure")
            measure = Measure(
                direction=direction, municipality=self.session.municipality, title=self.text[:400],
                description=self.text if len(self.text) > 400 else "", responsible=self.responsible, due=self.due,
                basis=self.session.minutes, created_by=by, is_sample=self.is_sample,
            )  # fmt: skip
            measure.full_clean(exclude=["created_by"])
            measure.save()
            self.measure = measure
            self.save(update_fields=["measure"])
        return measure


class PriorityVote(Record):
    """How many hands or stickers a priority got at a session."""

    class Method(models.TextChoices):
        HANDS = "hands", _("поднятые руки")
        STICKERS = "stickers", _("наклейки")

    session = models.ForeignKey(Session, models.CASCADE, related_name="votes", verbose_name="сессия")
    priority = models.ForeignKey(Priority, models.CASCADE, related_name="votes", verbose_name="приоритет")
    method = models.CharField("как считали", max_length=10, choices=Method, default=Method.HANDS)
    count = models.PositiveIntegerField("сколько")

    part_of = "session"

    class Meta:
        verbose_name = "голоса за приоритет"
        verbose_name_plural = "голоса за приоритеты"
        ordering = ["session", "-count", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "priority", "method"],
                name="priority_vote_once",
                violation_error_message=_("Голоса за этот приоритет уже внесены."),
            ),
        ]

    def __str__(self):
        return f"{self.priority}: {self.count}"

    def clean(self):
        """A priority of the session's town, or of any town of the region at a regional session."""
        if not (self.session_id and self.priority_id):
            return
        town = self.priority.strategy.municipality
        if self.session.municipality_id not in {None, town.pk} or self.session.region_id != town.region_id:
            raise ValidationError({"priority": _("Это приоритет другого города.")}, code="other_town")
