from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from accounts.models import Role, WorkflowModel
from accounts.permissions import is_region_approver
from documents.models import Document
from municipalities.models import Municipality, Record
from municipalities.search import index_text, matching, stems
from strategies.priorities.models import Priority
from strategies.watched import WatchedQuerySet

from .funding import Funding
from .programme import Programme, ProgrammeDirection

RESPONSIBLE = "@"  # no stem begins with it


def overdue_on(day):
    """The condition of being overdue on a day, for rows that have `date_now`."""
    return Q(status__in=Measure.OPEN, date_now__lt=day)


class MeasureQuerySet(WatchedQuerySet):
    RHYTHM_LOOKUP = "direction__programme__rhythm"

    def public(self):
        """Published measures of a programme that everybody may see."""
        return self.filter(status__in=Measure.PUBLIC, direction__programme__status__in=Programme.PUBLIC)

    def counted(self):
        """Public measures that sums and counts are made of: a cancelled one is in none."""
        return self.public().exclude(status=Measure.Status.CANCELLED)

    def watched(self):
        """Open public measures: somebody is expected to report on them."""
        return self.public().open()

    def answered_for(self):
        """Open measures, published or not: somebody answers for each."""
        return self.open()

    def of_town(self, town):
        """Measures in a town: its own, and region-wide ones that name it."""
        return self.filter(
            Q(municipality=town) | Q(pk__in=Measure.towns.through.objects.filter(municipality=town).values("measure"))
        )

    def reported_by(self, user):
        """Measures that a person reports on: of their towns; region-wide ones for the region's editor."""
        towns = user.municipality_ids(Role.MUNICIPAL_HEAD, Role.MUNICIPAL_EDITOR)
        regions = user.region_ids(Role.REGION_EDITOR)
        return self.filter(
            Q(municipality__in=towns) | Q(municipality__isnull=True, direction__programme__region__in=regions)
        )

    def open(self):
        """Measures that are promised and not yet finished."""
        return self.filter(status__in=Measure.OPEN)

    def with_date_now(self):
        """Add `date_now`: the date promised now, the moved one, if it was moved (`Measure.due_now`)."""
        return self.annotate(date_now=Coalesce("postponed_to", "due"))

    def overdue(self, on):
        """Open measures whose date of now has passed (invariant 31: derived, never typed); with `date_now`."""
        return self.with_date_now().filter(overdue_on(on))

    def with_money(self):
        """Add `planned` and `spent`: totals over years and sources, thousand roubles, None where nothing is known."""
        return self.annotate(planned=Sum("fundings__planned"), spent=Sum("fundings__spent"))

    def with_money_apart(self):
        """The same totals as subqueries: for querysets that are joined to many other rows."""
        rows = Funding.objects.filter(measure=OuterRef("pk")).order_by().values("measure")
        return self.annotate(
            planned=Subquery(rows.annotate(total=Sum("planned")).values("total")),
            spent=Subquery(rows.annotate(total=Sum("spent")).values("total")),
        )

    def with_agreement(self, priority=None):
        """Add `is_agreed`: whether the region and the town have both confirmed that the measure answers a priority.

        Args:
            priority: the priority, or an outer reference to one; without it any public priority will do, and a measure
                that answers none has nobody to agree with and counts as agreed.
        """
        links = self.model._meta.get_field("priority_links").related_model.objects.filter(measure=OuterRef("pk"))
        if priority is not None:
            return self.annotate(is_agreed=Exists(links.filter(priority=priority).agreed()))
        links = links.filter(priority__in=Priority.objects.public())
        return self.annotate(is_agreed=Q(~Exists(links)) | Q(Exists(links.agreed())))

    def search(self, query):
        """Measures whose title, text or responsible body holds every word of the query."""
        return matching(self, query)

    def of_responsible(self, query):
        """Measures whose responsible body or co-executors hold every word of the query; no words, no rows."""
        found = stems(query)
        rows = self
        for stem in found:
            rows = rows.filter(search_stems__contains=f" {RESPONSIBLE}{stem}")
        return rows if found else self.none()

    def due_in(self, year):
        """Measures promised for a year: by the date of now, or in words where no date is known."""
        in_words = Q(date_now__isnull=True, due_note__contains=str(year))
        return self.with_date_now().filter(Q(date_now__year=year) | in_words)

    def paid_from(self, *, year=None, source=""):
        """Measures that are not cancelled and have money of a year, of a source, or of a year from a source."""
        asked = {name: value for name, value in {"year": year, "source": source}.items() if value}
        known = Q(planned__isnull=False) | Q(spent__isnull=False)
        sums = Funding.objects.filter(known, measure=OuterRef("pk"), **asked)
        return self.exclude(status=Measure.Status.CANCELLED).filter(Exists(sums))

    def reported(self):
        """Measures with at least one published report."""
        return self.filter(Exists(self._said()))

    def with_preparation(self):
        """Add `is_preparation`: a step on the way to an action programme that is not approved yet.

        Such a step is region-wide and without money; it promises nothing and is counted apart.
        """
        is_step = Q(
            direction__programme__kind=Programme.Kind.ACTION,
            direction__programme__status=Programme.Status.PREPARED,
            municipality__isnull=True,
        )
        return self.annotate(is_preparation=is_step & ~Exists(Funding.objects.filter(measure=OuterRef("pk"))))

    def with_promise(self):
        """Add `is_written`: a date or a sum, and a paper: its own, the act of its programme, or another source.

        A draft that is still discussed promises nothing for certain.
        """
        has_sum = Exists(Funding.objects.filter(measure=OuterRef("pk"), planned__gt=0))
        has_paper = ~Q(sources="") | Q(basis__isnull=False) | Q(direction__programme__act__isnull=False)
        is_discussed = Q(direction__programme__status=Programme.Status.DISCUSSION)
        return self.annotate(is_written=(Q(due__isnull=False) | has_sum) & has_paper & ~is_discussed)


class Measure(WorkflowModel, Record):
    """Planned work with a date, money and one responsible body: what was promised."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("черновик")
        PLANNED = "planned", _("запланировано")
        IN_PROGRESS = "in_progress", _("выполняется")
        DONE = "done", _("выполнено")
        NOT_DONE = "not_done", _("не выполнено")
        POSTPONED = "postponed", _("перенесено")
        CANCELLED = "cancelled", _("отменено")

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

    OPEN = frozenset({Status.PLANNED, Status.IN_PROGRESS, Status.POSTPONED})
    FINISHED = frozenset({Status.DONE, Status.NOT_DONE})
    PUBLIC = OPEN | {Status.DONE, Status.NOT_DONE, Status.CANCELLED}
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
            f"{RESPONSIBLE}{stem}" for stem in dict.fromkeys(stems(f"{self.responsible} {self.co_executors}"))
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

    def get_absolute_url(self):
        return reverse("strategies:measure_detail", args=[self.pk])

    @property
    def territory(self):
        """(region id, municipality id or None), as permissions ask for it."""
        return self.direction.programme.region_id, self.municipality_id

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
        return self.status in self.OPEN and self.due_now is not None and self.due_now < on

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
            self.save()
            return
        if self.Status.IN_PROGRESS not in {self.status, report.reported_status}:
            # The percentage and «done» belong together: on the way through work there is no percentage yet.
            self.percent = None
            self.follow_to(self.Status.IN_PROGRESS, by=by, reason=reason)
        self.percent = report.percent
        self.follow_to(report.reported_status, by=by, reason=reason)
