import re

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from accounts.models import Role, WorkflowModel
from accounts.permissions import is_region_approver
from documents.models import Document
from municipalities.models import Municipality, Record
from municipalities.search import index_text, keys
from strategies.priorities.models import Priority

from .measure_queryset import (
    FINISHED,
    FIRST_YEAR,
    LAST_YEAR,
    NAMED_YEAR,
    OPEN,
    PUBLIC,
    RESPONSIBLE,
    DerivedState,
    MeasureQuerySet,
    MeasureStatus,
    coming_years,
)
from .programme import ProgrammeDirection


def promised_in(year):
    """In which year something was promised: «обещано в 2018 году»."""
    return str(_("год обещания не найден") if year is None else _("обещано в %(year)s году") % {"year": year})


class Measure(WorkflowModel, Record):
    """Planned work with a date, money and one responsible body: what was promised."""

    Status = MeasureStatus

    direction = models.ForeignKey(
        ProgrammeDirection, models.PROTECT, related_name="measures", verbose_name="направление"
    )
    municipality = models.ForeignKey(
        Municipality, models.PROTECT, null=True, blank=True, related_name="measures", verbose_name="город",
        help_text="Пусто — мера на весь регион, отчитывается редактор региона.",
    )  # fmt: skip
    towns = models.ManyToManyField(
        Municipality, blank=True, related_name="shared_measures", verbose_name="каких городов касается",
        help_text="Для мер на весь регион, если города названы.",
    )  # fmt: skip
    code = models.CharField("номер", max_length=40, blank=True)
    title = models.CharField("название", max_length=400)
    description = models.TextField("что сделают", blank=True)
    expected_result = models.TextField("ожидаемый результат", blank=True)
    responsible = models.CharField("ответственный исполнитель", max_length=300, blank=True)
    co_executors = models.CharField("соисполнители", max_length=400, blank=True)
    promised_year = models.PositiveSmallIntegerField(
        "год обещания", null=True, blank=True, validators=[MinValueValidator(FIRST_YEAR), MaxValueValidator(LAST_YEAR)],
        help_text="Когда пообещали, по источнику. Пусто — поставим сами, когда мера станет обещанием: год акта.",
    )  # fmt: skip
    start = models.DateField("начало", null=True, blank=True)
    due = models.DateField("срок", null=True, blank=True)
    due_note = models.CharField(
        "срок словами", max_length=200, blank=True, help_text="Как в источнике, если точной даты нет."
    )
    postponed_to = models.DateField("перенесено на", null=True, blank=True, editable=False)
    stated_total = models.DecimalField(
        "всего по документу, тыс. руб.", max_digits=14, decimal_places=2, null=True, blank=True,
        validators=[MinValueValidator(0)], help_text="Итог, названный в документе: его сверяют с деньгами по годам.",
    )  # fmt: skip
    funding_note = models.CharField("деньги словами", max_length=300, blank=True)
    is_flagship = models.BooleanField("флагманский проект", default=False)
    basis = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="measures", verbose_name="основание"
    )
    cancel_act = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="cancelled_measures", verbose_name="акт об отмене"
    )
    priorities = models.ManyToManyField(
        Priority, through="PriorityMeasure", related_name="measures", verbose_name="приоритеты"
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="owned_measures", editable=False,
        verbose_name="кто отвечает лично",
    )  # fmt: skip
    status = models.CharField("состояние", max_length=20, choices=Status, default=Status.DRAFT, editable=False)
    percent = models.PositiveSmallIntegerField(
        "готовность, %", null=True, blank=True, editable=False, validators=[MaxValueValidator(100)]
    )
    search_stems = models.TextField(editable=False, blank=True)

    history = HistoricalRecords(excluded_fields=["search_stems", "row_version"])
    objects = MeasureQuerySet.as_manager()

    OPEN, FINISHED, PUBLIC = OPEN, FINISHED, PUBLIC
    PUBLIC_WORDS = {
        "title": _("Название"), "description": _("Что сделают"), "expected_result": _("Ожидаемый результат"),
        "responsible": _("Ответственный исполнитель"), "co_executors": _("Соисполнители"),
        "due_note": _("Срок словами"), "funding_note": _("Деньги словами"),
    }  # fmt: skip
    EDITORS = frozenset({Role.REGION_EDITOR, Role.REGION_APPROVER})
    REASON_NEEDED = frozenset({Status.CANCELLED})
    REGION_LOOKUPS = ("direction__programme__region",)
    TRANSITIONS = {
        (Status.DRAFT, Status.PLANNED): is_region_approver,
        (Status.PLANNED, Status.CANCELLED): is_region_approver,
        (Status.IN_PROGRESS, Status.CANCELLED): is_region_approver,
        (Status.POSTPONED, Status.CANCELLED): is_region_approver,
        # By a published report; a correction may take a finished measure back to work.
        (Status.PLANNED, Status.IN_PROGRESS): None,
        (Status.IN_PROGRESS, Status.DONE): None,
        (Status.IN_PROGRESS, Status.NOT_DONE): None,
        (Status.IN_PROGRESS, Status.POSTPONED): None,
        (Status.POSTPONED, Status.IN_PROGRESS): None,
        (Status.DONE, Status.IN_PROGRESS): None,
        (Status.NOT_DONE, Status.IN_PROGRESS): None,
    }

    class Meta:
        verbose_name = "мера"
        verbose_name_plural = "меры"
        ordering = [F("due").asc(nulls_last=True), "pk"]
        indexes = [
            models.Index(fields=["direction", "due", "id"], name="measure_by_direction"),
            models.Index(fields=["municipality", "due"], name="measure_by_town"),
            models.Index(fields=["status", "due"], name="measure_by_status"),
            models.Index(fields=["due", "id"], name="measure_by_due"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(start__isnull=True) | Q(due__isnull=True) | Q(start__lte=F("due")),
                name="measure_starts_before_due",
                violation_error_message=_("Начало должно быть не позже срока."),
            ),
            models.CheckConstraint(
                # NULL = 100 is neither true nor false, and CHECK lets it pass.
                condition=Q(percent__isnull=False, percent=100, status="done")
                | (~Q(status="done") & (Q(percent__isnull=True) | Q(percent__gte=0, percent__lt=100))),
                name="measure_percent_100_when_done",
                violation_error_message=_("Готовность 100 %% бывает у выполненной меры, и только у неё."),
            ),
            models.CheckConstraint(
                condition=~Q(status="postponed") | Q(postponed_to__isnull=False),
                name="measure_postponed_has_new_date",
                violation_error_message=_("У перенесённой меры должен быть новый срок."),
            ),
        ]

    def __str__(self):
        return self.title

    def save(self, *args, **kwargs):
        self.search_stems = self.stems_to_keep()
        super().save(*args, **kwargs)

    def stems_to_keep(self):
        """What `search_stems` holds; words of the responsible body a second time behind a mark, to be asked apart."""
        bodies = " ".join(
            f"{RESPONSIBLE}{key}" for key in dict.fromkeys(keys(f"{self.responsible} {self.co_executors}"))
        )
        return index_text(self.title, self.description, self.responsible) + (f" {bodies} " if bodies else "")

    def clean(self):
        """Invariant 27: the due date lies inside the programme."""
        if not self.direction_id:
            return
        programme = self.direction.programme
        if self.municipality_id and self.municipality.region_id != programme.region_id:
            raise ValidationError({"municipality": _("Город и программа должны быть одного региона.")})
        # Invariant 6, from the measure's side.
        if self.pk and self.municipality_id and self._answers_another_town():
            raise ValidationError(
                {"municipality": _("Мера уже отвечает на приоритет другого города.")}, code="other_town"
            )
        if self.due and (
            (programme.year_from and self.due.year < programme.year_from)
            or (programme.year_to and self.due.year > programme.year_to)
        ):
            raise ValidationError({"due": _("Срок должен быть внутри лет программы.")}, code="outside_programme")

    def _answers_another_town(self):
        """Whether a priority of another town is linked; asks nothing where the links are prefetched."""
        if "priority_links" in getattr(self, "_prefetched_objects_cache", {}):
            towns = {link.priority.strategy.municipality_id for link in self.priority_links.all()}
            return bool(towns - {self.municipality_id})
        return self.priority_links.exclude(priority__strategy__municipality=self.municipality_id).exists()

    def check_move(self, status, *, by, reason):
        """A measure is cancelled by an act."""
        if status == self.Status.CANCELLED and not self.cancel_act_id:
            raise ValidationError(_("Приложите акт об отмене меры."), code="no_act")

    def before_move(self, status, *, by, reason):
        """A measure becomes a promise in the year of its paper, else now."""
        if status == self.Status.PLANNED and self.promised_year is None:
            programme = self.direction.programme
            days = (self.basis and self.basis.date, programme.act_date, timezone.localdate())
            self.promised_year = next(day for day in days if day).year

    def get_absolute_url(self):
        return reverse("strategies:measure_detail", args=[self.pk])

    @property
    def territory(self):
        """(region id, municipality id or None), as permissions ask for it."""
        return self.direction.programme.region_id, self.municipality_id

    @property
    def promised_in(self):
        """In which year it was promised, in words."""
        return promised_in(self.promised_year)

    @property
    def due_now(self):
        """The date promised now: the moved one, if it was moved."""
        return self.postponed_to or self.due

    @property
    def is_open(self):
        """Whether it is promised and not yet finished."""
        return self.status in self.OPEN

    def is_overdue(self, on):
        """Whether the promised date has passed and the measure is still open."""
        return self.state_on(on) == DerivedState.OVERDUE

    def is_past_due(self, on):
        """Whether the promised date of an open measure has passed, whoever joined when: it does not go by plan."""
        return self.is_open and self.due_now is not None and self.due_now < on

    def state_on(self, on):
        """What is said of the measure on a day (`state_of`)."""
        return self.state_of(self.status, self.due_now, on)

    def state_of(self, status, due, on):
        """What is said on a day of the measure with a status and a promised date.

        Its status, or a `DerivedState`. Nobody is late from before the region joined (`Region.expects`): a promise
        whose time has passed without a word is then unheard of. Without a date the years of its words are asked; where
        they name none, those of the programme, then of the promise itself: while a programme runs, what it promises
        without a date is still a plan; an award, a selection or a stage of the past is not.

        Args:
            status: of the measure, as it is or as it was.
            due: the date promised then, or None.
            on: the day of the question.
        """
        has_passed = due is not None and due < on
        if status in self.OPEN and has_passed and self.direction.programme.region.expects(due):
            return DerivedState.OVERDUE
        if status == self.Status.PLANNED and (has_passed or (due is None and self._is_of_past_years(on))):
            return DerivedState.UNHEARD
        return self.Status(status)

    def _is_of_past_years(self, on):
        if re.search(coming_years(on), self.due_note):
            return False
        last_year = self.direction.programme.year_to or self.promised_year
        return last_year is None or last_year < on.year or bool(re.search(NAMED_YEAR, self.due_note))

    def check_takes(self, report):
        """Whether a report may speak of the measure's state.

        Raises:
            ValidationError: the measure is finished and the report says otherwise without correcting an earlier one.
        """
        if self.status in self.FINISHED and report.reported_status != self.status and not report.corrects_id:
            raise ValidationError(
                _("Мера уже завершена. Чтобы сказать иное, исправьте последний отчёт."), code="finished"
            )

    def change_due(self, new_due, *, reason, by, paper=""):
        """Promise another date without a report: the old one and the reason stay (invariant 11).

        Returns:
            The checked `DueChange`; the caller saves it and `postponed_to` in one transaction.

        Raises:
            ValidationError: without a reason, or the measure is finished. Nothing is changed.
        """
        if self.status not in self.OPEN:
            raise ValidationError({"due": _("Мера завершена или отменена: её срок не переносят.")}, code="finished")
        change = self.due_changes.model(
            measure=self, old_due=self.due_now, new_due=new_due, reason=reason.strip(),
            decided_on=timezone.localdate(), paper=paper, created_by=by, is_sample=self.is_sample,
        )  # fmt: skip
        if not change.reason:
            raise ValidationError({"due": _("Напишите причину: без неё срок не перенести.")}, code="reason_needed")
        self.postponed_to = new_due
        return change

    def _move_due(self, new_due, reason, *, report, by):
        """Invariant 11: the old date and the reason stay."""
        if new_due == self.due_now:
            return
        self.due_changes.create(
            old_due=self.due_now, new_due=new_due, reason=reason, decided_on=timezone.localdate(),
            paper=report.postponed_by, report=report, created_by=by, is_sample=self.is_sample,
        )  # fmt: skip
        self.postponed_to = new_due

    def _take_back_move(self, report, *, by):
        """A correction that says nothing of a new date takes back the one that the corrected report set."""
        mistaken = self.due_changes.filter(report=report.corrects_id, new_due=self.postponed_to).first()
        if mistaken is not None and mistaken.old_due is not None:
            reason = report.reason or str(_("Исправлен отчёт, который переносил срок."))
            self._move_due(mistaken.old_due, reason, report=report, by=by)
            self.postponed_to = None if self.postponed_to == self.due else self.postponed_to

    def take_report(self, report, *, by):
        """Take over what a published report says; called inside its publication."""
        self.check_takes(report)
        reason = str(report)
        if report.reported_status == self.Status.POSTPONED:
            self._move_due(report.postponed_to, report.reason, report=report, by=by)
        elif report.corrects_id:
            self._take_back_move(report, by=by)
        if report.reported_status == self.status:
            self.percent = report.percent
            self.row_version += 1
            self.full_clean(exclude=["created_by"])
            # Only what the report says: words that a revision let in meanwhile stay.
            self.save(update_fields=["percent", "postponed_to", "row_version"])
            return
        if self.Status.IN_PROGRESS not in {self.status, report.reported_status}:
            # The percentage and «done» belong together: on the way through work there is no percentage yet.
            self.percent = None
            self.follow_to(self.Status.IN_PROGRESS, by=by, reason=reason)
        self.percent = report.percent
        self.follow_to(report.reported_status, by=by, reason=reason)
