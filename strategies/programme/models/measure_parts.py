from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import JournalEntry, Role
from documents.models import Document
from municipalities.models import Record
from strategies.priorities.models import Priority, Strategy

from .measure import Measure
from .programme import Programme

IS_COUNTED = Q(
    measure__status__in=Measure.PUBLIC - {Measure.Status.CANCELLED},
    measure__direction__programme__status__in=Programme.PUBLIC,
)
IS_LIVE = Q(
    measure__status__in=Measure.OPEN, measure__direction__programme__status__in=Programme.PUBLIC,
    priority__status=Priority.Status.PUBLISHED, priority__strategy__status__in=Strategy.LIVE,
)  # fmt: skip


class PriorityMeasureQuerySet(models.QuerySet):
    def inside(self, user):
        """Links of the person's own towns and regions."""
        if user.is_superuser:
            return self
        towns = user.municipality_ids(Role.MUNICIPAL_HEAD, Role.MUNICIPAL_EDITOR)
        return self.filter(
            Q(measure__direction__programme__region__in=user.region_ids(*Role))
            | Q(priority__strategy__municipality__in=towns)
        )

    def shown(self):
        """Links that everybody may see: a public measure, not cancelled, and a public priority."""
        return self.filter(
            IS_COUNTED,
            priority__status__in=Priority.PUBLIC, priority__strategy__status__in=Strategy.PUBLIC,
        )  # fmt: skip

    def live(self):
        """Links on which a word is still expected: a public measure under way, a priority of a living strategy."""
        return self.filter(IS_LIVE)

    def awaiting(self, side):
        """Live links that wait for a side: the other one gave its word. Adds `said_at`, the moment of that word.

        Whoever took its own promise back after that word, with a reason, has answered.
        """
        steps = JournalEntry.objects.filter(
            content_type__app_label="strategies", content_type__model="commitment",
            object_id=OuterRef("commitments__pk"), to_status="withdrawn",
        )  # fmt: skip
        refused = (
            self._promised(side, "withdrawn")
            .annotate(withdrawn_at=Subquery(steps.order_by("-at").values("at")[:1]))
            .filter(withdrawn_at__gte=OuterRef("said_at"))
        )
        return (
            self.live()
            .filter(commitments__side="town" if side == "region" else "region", commitments__status="confirmed")
            .annotate(said_at=F("commitments__published_at"))
            .filter(~Exists(self._promised(side, "confirmed")), ~Exists(refused))
        )

    def counting(self):
        """Links to measures that are promised to everybody: neither drafts nor cancelled ones."""
        return self.filter(IS_COUNTED)

    def of_row(self):
        """The link of an outer row of measures with the priority that it is joined to as `answers`."""
        return self.filter(measure=OuterRef("pk"), priority=OuterRef("answers"))

    def with_agreement(self):
        """Add `region_confirmed` and `town_confirmed`: which side has a promise in force."""
        return self.annotate(
            region_confirmed=Exists(self._promised("region", "confirmed")),
            town_confirmed=Exists(self._promised("town", "confirmed")),
        )

    def _promised(self, side, status):
        """The link of an outer row if a promise of the side has the status (`Commitment`, a room higher); no order."""
        return self.model.objects.filter(
            pk=OuterRef("pk"), commitments__side=side, commitments__status=status
        ).order_by()  # fmt: skip

    def agreed(self):
        """Links that count: both sides have confirmed."""
        return self.with_agreement().filter(region_confirmed=True, town_confirmed=True)


class PriorityMeasure(Record):
    """A measure answers a priority. It counts once the region and the town have confirmed it (`Commitment`)."""

    priority = models.ForeignKey(Priority, models.CASCADE, related_name="measure_links", verbose_name="приоритет")
    measure = models.ForeignKey(Measure, models.CASCADE, related_name="priority_links", verbose_name="мера")

    objects = PriorityMeasureQuerySet.as_manager()

    part_of = "measure"

    class Meta:
        verbose_name = "мера приоритета"
        verbose_name_plural = "меры приоритетов"
        constraints = [
            models.UniqueConstraint(
                fields=["priority", "measure"],
                name="priority_measure_once",
                violation_error_message=_("Эта мера уже связана с приоритетом."),
            ),
        ]

    def __str__(self):
        return f"{self.priority} — {self.measure}"

    def clean(self):
        """Invariant 6: both of one town, or the measure is region-wide."""
        # A form and a table check the links of a new measure or priority before it has a number.
        named = {name for name in ("priority", "measure") if self._meta.get_field(name).is_cached(self)}
        if not (self.priority_id or "priority" in named) or not (self.measure_id or "measure" in named):
            return
        town, region = self.measure.municipality_id, self.measure.direction.programme.region_id
        municipality = self.priority.strategy.municipality
        if (town and town != municipality.pk) or region != municipality.region_id:
            raise ValidationError(_("Мера и приоритет должны быть одного города."), code="other_town")


class Milestone(Record):
    """A dated event on the way of a measure."""

    measure = models.ForeignKey(Measure, models.CASCADE, related_name="milestones", verbose_name="мера")
    title = models.CharField("что должно произойти", max_length=300)
    due = models.DateField("срок")
    done_on = models.DateField(
        "произошло", null=True, blank=True, editable=False, help_text="Ставится опубликованным отчётом."
    )

    part_of = "measure"

    class Meta:
        verbose_name = "контрольная точка"
        verbose_name_plural = "контрольные точки"
        ordering = ["measure", "due", "pk"]

    def __str__(self):
        return self.title

    def clean(self):
        if self.done_on and self.done_on > timezone.localdate():
            raise ValidationError(_("Контрольная точка не может произойти в будущем."), code="future")
        if self.measure_id and self.measure.status == Measure.Status.DONE and not self.done_on:
            raise ValidationError(_("Мера уже выполнена: новых точек у неё не бывает."), code="measure_done")

    def is_overdue(self, on):
        """Whether the date has passed and the event has not come; nobody is late from before the region joined."""
        passed = self.done_on is None and self.due < on
        return passed and self.measure.direction.programme.region.expects(self.due)


class DueChange(Record):
    """A moved date: what was promised first, what is promised now, why and by which paper (invariant 11)."""

    measure = models.ForeignKey(Measure, models.CASCADE, related_name="due_changes", verbose_name="мера")
    old_due = models.DateField("было", null=True, blank=True)
    new_due = models.DateField("стало")
    reason = models.TextField("причина")
    decided_on = models.DateField("когда решили")
    paper = models.CharField("бумага", max_length=300, blank=True, help_text="Вид, дата и номер решения словами.")
    document = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="due_changes", verbose_name="документ"
    )
    report = models.ForeignKey(
        "strategies.ProgressReport", models.PROTECT, null=True, blank=True, related_name="due_changes",
        verbose_name="отчёт",
    )  # fmt: skip

    part_of = "measure"

    class Meta:
        verbose_name = "перенос срока"
        verbose_name_plural = "переносы сроков"
        ordering = ["measure", "decided_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="due_change_has_reason",
                violation_error_message=_("Напишите причину: без неё срок не перенести."),
            ),
        ]

    def __str__(self):
        return f"{self.measure}: {self.old_due} → {self.new_due}"
