from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, WorkflowModel, WorkflowQuerySet
from accounts.permissions import is_region_approver
from documents.models import Document
from municipalities.fields import check_years
from municipalities.models import Record, Region
from strategies import periods
from strategies.periods import Rhythm


class ProgrammeQuerySet(WorkflowQuerySet):
    def action_programmes(self):
        """The region's own action programmes, without other support."""
        return self.filter(kind=Programme.Kind.ACTION)

    def discussed(self):
        """Drafts that everybody may read and speak of now."""
        return self.filter(status=Programme.Status.DISCUSSION)

    def reported_on(self):
        """Programmes in force: the towns report on their measures period by period."""
        return self.filter(status=Programme.Status.APPROVED)


class Programme(WorkflowModel, Record):
    """The region's action programme, or another document that promises something to towns."""

    class Kind(models.TextChoices):
        ACTION = "action", _("программа действий")
        STATE = "state", _("государственная программа области")
        FEDERAL = "federal", _("федеральный конкурс")
        OTHER = "other", _("другая поддержка")

    class Status(models.TextChoices):
        DRAFT = "draft", _("черновик")
        PREPARED = "prepared", _("готовится")
        DISCUSSION = "discussion", _("обсуждается")
        APPROVED = "approved", _("действует")
        COMPLETED = "completed", _("завершена")

    region = models.ForeignKey(Region, models.PROTECT, related_name="programmes", verbose_name="регион")
    code = models.SlugField("код", max_length=40, blank=True)
    kind = models.CharField("вид", max_length=10, choices=Kind, default=Kind.ACTION)
    title = models.CharField("название", max_length=400)
    summary = models.TextField("простыми словами", blank=True)
    year_from = models.PositiveSmallIntegerField("первый год", null=True, blank=True)
    year_to = models.PositiveSmallIntegerField("последний год", null=True, blank=True)
    act_title = models.CharField("акт", max_length=300, blank=True, help_text="Вид, дата и номер акта.")
    act_date = models.DateField("дата акта", null=True, blank=True)
    act = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="programmes", verbose_name="документ"
    )
    discussion_from = models.DateField("обсуждение с", null=True, blank=True)
    discussion_to = models.DateField("обсуждение по", null=True, blank=True)
    rhythm = models.CharField("как часто отчитываются", max_length=10, choices=Rhythm, default=Rhythm.QUARTER)
    report_day = models.PositiveSmallIntegerField(
        "день сдачи", default=15, validators=[MinValueValidator(1), MaxValueValidator(31)],
        help_text="Число месяца, который идёт за кварталом или полугодием. Выходной переносит срок на рабочий день.",
    )  # fmt: skip
    year_report_month = models.PositiveSmallIntegerField(
        "месяц сдачи за год", default=3, validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    year_report_day = models.PositiveSmallIntegerField(
        "день сдачи за год", default=1, validators=[MinValueValidator(1), MaxValueValidator(31)]
    )
    review_days = models.PositiveSmallIntegerField(
        "рабочих дней на проверку", default=5, validators=[MinValueValidator(1), MaxValueValidator(60)],
        help_text="Дольше — опаздывает сама область, и это видно.",
    )  # fmt: skip
    status = models.CharField("состояние", max_length=20, choices=Status, default=Status.DRAFT, editable=False)
    status_note = models.CharField("что известно о состоянии", max_length=400, blank=True)

    objects = ProgrammeQuerySet.as_manager()

    PUBLIC = frozenset({Status.PREPARED, Status.DISCUSSION, Status.APPROVED, Status.COMPLETED})
    EDITORS = frozenset({Role.REGION_EDITOR, Role.REGION_APPROVER})
    REASON_NEEDED = frozenset({Status.COMPLETED})
    REGION_LOOKUPS = ("region",)
    MUNICIPALITY_LOOKUPS = ()
    TRANSITIONS = {
        (Status.DRAFT, Status.PREPARED): is_region_approver,
        (Status.DRAFT, Status.DISCUSSION): is_region_approver,
        (Status.DRAFT, Status.APPROVED): is_region_approver,
        (Status.PREPARED, Status.DISCUSSION): is_region_approver,
        (Status.PREPARED, Status.APPROVED): is_region_approver,
        (Status.DISCUSSION, Status.PREPARED): is_region_approver,
        (Status.DISCUSSION, Status.APPROVED): is_region_approver,
        (Status.APPROVED, Status.COMPLETED): is_region_approver,
    }

    class Meta:
        verbose_name = "программа"
        verbose_name_plural = "программы"
        ordering = ["region", "kind", "title"]
        constraints = [
            models.CheckConstraint(
                condition=Q(year_from__isnull=True) | Q(year_to__isnull=True) | Q(year_from__lte=models.F("year_to")),
                name="programme_years_in_order",
                violation_error_message=_("Первый год должен быть не позже последнего."),
            ),
            models.CheckConstraint(
                condition=Q(discussion_from__isnull=True)
                | Q(discussion_to__isnull=True)
                | Q(discussion_from__lte=models.F("discussion_to")),
                name="programme_discussion_in_order",
                violation_error_message=_("Обсуждение кончается раньше, чем начинается."),
            ),
            models.CheckConstraint(
                condition=~Q(status="discussion") | Q(discussion_from__isnull=False, discussion_to__isnull=False),
                name="programme_discussed_in_days",
                violation_error_message=_("Чтобы вынести на обсуждение, назовите его первый и последний день."),
            ),
            models.UniqueConstraint(
                fields=["region", "code"],
                condition=~Q(code=""),
                name="programme_code_once",
                violation_error_message=_("Программа с таким кодом уже есть."),
            ),
        ]

    def __str__(self):
        return self.title

    def clean(self):
        """Invariant 27: years made fewer may not leave a measure outside."""
        check_years(self.year_from, self.year_to)
        if not self.pk:
            return
        outside = Q(pk__in=[])
        if self.year_from:
            outside |= Q(measures__due__year__lt=self.year_from)
        if self.year_to:
            outside |= Q(measures__due__year__gt=self.year_to)
        if self.directions.filter(outside).exists():
            raise ValidationError(_("За пределами этих лет уже есть сроки мер."), code="outside_programme")

    def check_move(self, status, *, by, reason):
        """Invariants 66 and 67: residents have their days to discuss; an action programme is approved by an act."""
        today = timezone.localdate()
        if status == self.Status.DISCUSSION and self.discussion_to and self.discussion_to < today:
            raise ValidationError(
                _("Последний день обсуждения уже прошёл: назовите такой, чтобы люди успели сказать."),
                code="discussion_over",
            )
        if status == self.Status.APPROVED:
            if self.status == self.Status.DISCUSSION and self.discussion_to > today:
                raise ValidationError(
                    _("Обсуждение ещё идёт: утвердить программу можно с его последнего дня."), code="discussion_goes_on"
                )
            self.check_act()

    def check_act(self):
        """Whether the passport names what approves the programme.

        Raises:
            ValidationError: an action programme without the title and the date of its act or without its text, or a
                text that not everybody may read.
        """
        if self.kind == self.Kind.ACTION and not (self.act_title and self.act_date and self.act_id):
            raise ValidationError(
                _("Чтобы утвердить программу действий, укажите акт, его дату и документ с текстом."), code="no_act"
            )
        if self.act_id and self.act.region_id != self.region_id:
            raise ValidationError(_("Программу утверждает документ самой области."), code="other_region")
        if self.act_id and not (self.act.is_public and (self.act.file or self.act.url)):
            raise ValidationError(_("Сначала опубликуйте документ с текстом акта."), code="act_not_public")

    def after_move(self, from_status, *, by, reason):
        """What is approved is kept: the first version, by itself."""
        if self.status == self.Status.APPROVED:
            self._versions_model().adopt(self, by=by)

    def revise(self, *, by, act_title, act_date, act, reason, seen_version):
        """Change an approved programme by an act: a new version keeps what is promised from now on.

        Args:
            by: the region's approver.
            act_title, act_date, act: the act that revises it, with its published text.
            reason: what is changed and why; everybody reads it.
            seen_version: the `row_version` that the approver saw.

        Raises:
            PermissionDenied: somebody else asks.
            ValidationError: not in force, somebody was faster, no act, no reason, nothing differs. Nothing is changed.
        """
        if not is_region_approver(by, self):
            raise PermissionDenied
        with transaction.atomic():
            programme = type(self).objects.select_for_update(of=("self",), no_key=True).get(pk=self.pk)
            if programme.row_version != seen_version:
                raise ValidationError(
                    _("Запись уже изменил кто-то другой. Обновите страницу и посмотрите, что изменилось."),
                    code="changed_meanwhile",
                )
            if programme.status != self.Status.APPROVED:
                raise ValidationError(_("Новую версию принимают у действующей программы."), code="not_in_force")
            if not reason.strip():
                raise ValidationError(_("Напишите, что и почему изменили: это прочтут все."), code="reason_needed")
            programme.act_title, programme.act_date, programme.act = act_title, act_date, act
            programme.row_version += 1
            programme.check_act()
            programme.full_clean(exclude=["created_by"])
            programme.save()
            return self._versions_model().adopt(programme, by=by, reason=reason.strip())

    def _versions_model(self):
        return self._meta.get_field("versions").related_model

    def get_absolute_url(self):
        return reverse("strategies:programme") + f"#p{self.pk}"

    @property
    def territory(self):
        """(region id, None): programmes belong to the region."""
        return self.region_id, None

    def due_day(self, year, period):
        """The day by which reports on a period are due, by the programme's settings."""
        return periods.due_day(
            year, period, report_day=self.report_day, year_report_month=self.year_report_month,
            year_report_day=self.year_report_day,
        )  # fmt: skip

    def period_to_report(self, on):
        """(year, period) that towns report on at a date: the last finished one."""
        return periods.last_finished(self.rhythm, on)

    def review_due(self, submitted_on):
        """The last day for the region to decide on a report handed in on a date."""
        return periods.after_working_days(submitted_on, self.review_days)


class ProgrammeDirection(Record):
    """A block of a programme with its curator."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="directions", verbose_name="программа")
    title = models.CharField("название", max_length=300)
    curator = models.CharField("куратор", max_length=200, blank=True)
    order = models.PositiveSmallIntegerField("порядок", default=0)

    part_of = "programme"

    class Meta:
        verbose_name = "направление"
        verbose_name_plural = "направления"
        ordering = ["programme", "order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "title"],
                name="direction_once_in_programme",
                violation_error_message=_("Такое направление в программе уже есть."),
            ),
        ]

    def __str__(self):
        return self.title
