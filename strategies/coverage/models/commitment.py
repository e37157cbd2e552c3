from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import JournalEntry, Role, WorkflowModel, WorkflowQuerySet
from accounts.permissions import is_municipal_editor, is_municipal_head, is_region_approver, is_region_editor
from municipalities.models import Record
from strategies.priorities.models import Priority
from strategies.programme.models.measure import Measure
from strategies.programme.models.measure_parts import PriorityMeasure


class Side(models.TextChoices):
    """Who promises."""

    REGION = "region", _("область")
    TOWN = "town", _("город")


def may_prepare(user, commitment):
    """Whoever prepares the words of a side: its editor, and whoever may give the promise."""
    return may_promise(user, commitment) or (
        is_region_editor if commitment.side == Side.REGION else is_municipal_editor
    )(user, commitment)


def may_promise(user, commitment):
    """Each side promises for itself: the region's approver, the head of the town."""
    return (is_region_approver if commitment.side == Side.REGION else is_municipal_head)(user, commitment)


class CommitmentQuerySet(WorkflowQuerySet):
    def public(self):
        """Promises given, those taken back too, on measures and priorities that everybody may see."""
        return self.filter(
            status__in=Commitment.PUBLIC,
            link__measure__in=Measure.objects.public(),
            link__priority__in=Priority.objects.public(),
        )

    def confirmed(self):
        """Promises in force."""
        return self.filter(status=Commitment.Status.CONFIRMED)

    def _inside_condition(self, user, region_roles, municipal_roles):
        """A side sees and edits its own drafts, never those of the other one."""
        inside = Q(pk__in=[])
        if user.is_authenticated:
            regions, towns = user.region_ids(*region_roles), user.municipality_ids(*municipal_roles)
            if regions:
                inside |= Q(side=Side.REGION, link__measure__direction__programme__region__in=regions)
            if towns:
                inside |= Q(side=Side.TOWN, link__priority__strategy__municipality__in=towns)
        return inside


class Commitment(WorkflowModel, Record):
    """What one side gives to a measure that answers a priority. The link counts once both sides have confirmed."""

    class Kind(models.TextChoices):
        FUND = "fund", _("финансируем")
        DO = "do", _("делаем")
        HOST = "host", _("размещаем")
        COFUND = "cofund", _("софинансируем")
        LAND = "land", _("даём землю")

    class Status(models.TextChoices):
        DRAFT = "draft", _("готовится")
        CONFIRMED = "confirmed", _("подтверждено")
        WITHDRAWN = "withdrawn", _("отозвано")

    KINDS_OF = {Side.REGION: (Kind.FUND, Kind.DO), Side.TOWN: (Kind.HOST, Kind.COFUND, Kind.LAND)}
    MONEY = frozenset({Kind.FUND, Kind.COFUND})

    link = models.ForeignKey(
        PriorityMeasure, models.PROTECT, related_name="commitments", verbose_name="мера приоритета"
    )
    side = models.CharField("чья сторона", max_length=6, choices=Side)
    kind = models.CharField("что обещает", max_length=6, choices=Kind)
    amount = models.DecimalField(
        "сумма, тыс. руб.", max_digits=14, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)],
        help_text="Пусто, если обещают не деньги.",
    )  # fmt: skip
    year = models.PositiveSmallIntegerField(
        "к какому году", null=True, blank=True, validators=[MinValueValidator(1990), MaxValueValidator(2100)]
    )
    condition = models.TextField("при каком условии", blank=True, help_text="Пусто — без условий.")
    status = models.CharField("состояние", max_length=20, choices=Status, default=Status.DRAFT, editable=False)
    withdrawn_because = models.TextField("почему отозвано", blank=True, editable=False)

    objects = CommitmentQuerySet.as_manager()

    PUBLIC = frozenset({Status.CONFIRMED, Status.WITHDRAWN})
    EDITORS = frozenset({Role.REGION_EDITOR, Role.REGION_APPROVER, Role.MUNICIPAL_HEAD, Role.MUNICIPAL_EDITOR})
    REASON_NEEDED = frozenset({Status.WITHDRAWN})
    TRANSITIONS = {
        (Status.DRAFT, Status.CONFIRMED): may_promise,
        (Status.CONFIRMED, Status.WITHDRAWN): may_promise,
    }

    class Meta:
        verbose_name = "обязательство"
        verbose_name_plural = "обязательства сторон"
        ordering = ["link", "side", "pk"]
        indexes = [models.Index(fields=["status", "side", "link"], name="commitment_by_status")]
        constraints = [
            models.UniqueConstraint(
                fields=["link", "side"],
                condition=~Q(status="withdrawn"),
                name="one_commitment_per_side",
                violation_error_message=_("Эта сторона уже дала обязательство: сначала отзовите прежнее."),
            ),
            models.CheckConstraint(
                condition=Q(side="region", kind__in=["fund", "do"])
                | Q(side="town", kind__in=["host", "cofund", "land"]),
                name="commitment_kind_of_its_side",
                violation_error_message=_("Такое обещает другая сторона."),
            ),
            models.CheckConstraint(
                condition=Q(status="draft")
                | Q(year__isnull=False) & (~Q(kind__in=["fund", "cofund"]) | Q(amount__isnull=False)),
                name="commitment_says_sum_and_year",
                violation_error_message=_("Чтобы подтвердить, назовите год, а для денег — и сумму."),
            ),
            models.CheckConstraint(
                condition=Q(status="withdrawn") & ~Q(withdrawn_because="")
                | ~Q(status="withdrawn") & Q(withdrawn_because=""),
                name="commitment_withdrawn_because",
                violation_error_message=_("Напишите причину: её увидят все."),
            ),
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gte=0),
                name="commitment_amount_not_negative",
                violation_error_message=_("Сумма не может быть меньше нуля."),
            ),
        ]

    def __str__(self):
        return f"{self.get_side_display()} — {self.get_kind_display()}: {self.link}"

    def check_move(self, status, *, by, reason):
        """A promise is given on what everybody may see."""
        if status == self.Status.CONFIRMED:
            measure, priority = self.link.measure, self.link.priority
            if not (measure.is_public and priority.is_public and priority.strategy.is_public):
                raise ValidationError(_("Сначала опубликуйте меру и приоритет."), code="not_public")
            if measure.status == Measure.Status.CANCELLED:
                raise ValidationError(_("Мера отменена: обещать по ней нечего."), code="cancelled")
            if self._other_side_spoke_by(by):
                raise ValidationError(
                    _("За другую сторону слово дали вы: за эту его даёт другой человек."), code="both_sides"
                )

    def before_move(self, status, *, by, reason):
        """Whoever takes a promise back says why."""
        if status == self.Status.WITHDRAWN:
            self.withdrawn_because = reason

    def _other_side_spoke_by(self, person):
        """Whether the word of the other side in force was given by the same person, whatever roles they hold."""
        others = Commitment.objects.confirmed().filter(link=self.link).exclude(side=self.side)
        steps = JournalEntry.objects.filter(
            content_type__app_label="strategies", content_type__model="commitment",
            object_id__in=others.order_by().values("pk"), to_status=self.Status.CONFIRMED, actor=person,
        )  # fmt: skip
        return steps.exists()

    def get_absolute_url(self):
        return reverse("strategies:measure_detail", args=[self.link.measure_id]) + f"#commitment-{self.pk}"

    @property
    def territory(self):
        """(region id, municipality id or None) of the side that promises."""
        town = self.link.priority.strategy.municipality
        return town.region_id, None if self.side == Side.REGION else town.pk
