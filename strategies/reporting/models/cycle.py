from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Case, Count, Exists, F, OuterRef, Q, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, WorkflowModel, WorkflowQuerySet
from accounts.permissions import any_of, is_region_approver, is_region_editor
from municipalities.models import Municipality, Record
from strategies import periods
from strategies.priorities.models import Priority
from strategies.programme.models.funding import Funding
from strategies.programme.models.measure import Measure
from strategies.programme.models.programme import Programme

from .report import ProgressReport, form_url

BATCH = 500
SUBJECTS = {"measure": Measure, "priority": Priority}
RECEIVED = frozenset({ProgressReport.Status.SUBMITTED, ProgressReport.Status.PUBLISHED})
# Rows of reports that somebody is still asked for: the subject is under way.
ASKED = Q(measure__status__in=Measure.OPEN) | Q(priority__status=Priority.Status.PUBLISHED)


def by_calendar_or_region(user, cycle):
    """A cycle opens by the calendar (nobody: `manage.py open_reporting_cycle`) or by the region's hand."""
    return user is None or any_of(is_region_editor, is_region_approver)(user, cycle)


class ReportingCycleQuerySet(WorkflowQuerySet):
    def open(self):
        """Cycles in which reports are collected now."""
        return self.filter(status=ReportingCycle.Status.OPEN)

    def latest(self):
        """The newest period first."""
        return self.order_by("-period_end", "programme", "-pk")

    def with_counts(self):
        """Add `asked` and `received`: reports that a cycle asks for, and those that the region has.

        While a cycle is open these are handed in or published; once it is closed, those that it kept.
        """
        rows = ExpectedReport.objects.filter(cycle=OuterRef("pk")).order_by().values("cycle")
        reports = ProgressReport.objects.filter(status__in=RECEIVED, corrects__isnull=True)
        came = Exists(reports.about_row("measure")) | Exists(reports.about_row("priority"))

        def number(chosen):
            return Coalesce(Subquery(chosen.annotate(number=Count("pk")).values("number")), 0)

        kept = When(status=ReportingCycle.Status.CLOSED, then=number(rows.filter(report__isnull=False)))
        return self.annotate(asked=number(rows), received=Case(kept, default=number(rows.filter(came))))


class ReportingCycle(WorkflowModel, Record):
    """A period in which reports on a programme are collected: who owes what by when, and at its close what came."""

    class Status(models.TextChoices):
        PLANNED = "planned", _("не открыт")
        OPEN = "open", _("идёт приём")
        CLOSED = "closed", _("закрыт")

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="cycles", verbose_name="программа")
    year = models.PositiveSmallIntegerField("год", validators=[MinValueValidator(2000), MaxValueValidator(2100)])
    period = models.CharField("период", max_length=5, choices=periods.Period)
    period_end = models.DateField("последний день периода", editable=False)
    due_on = models.DateField("сдать не позже")
    status = models.CharField("состояние", max_length=20, choices=Status, default=Status.PLANNED, editable=False)

    objects = ReportingCycleQuerySet.as_manager()

    PUBLIC = frozenset({Status.OPEN, Status.CLOSED})
    EDITORS = frozenset({Role.REGION_EDITOR, Role.REGION_APPROVER})
    REGION_LOOKUPS = ("programme__region",)
    MUNICIPALITY_LOOKUPS = ()
    TRANSITIONS = {
        (Status.PLANNED, Status.OPEN): by_calendar_or_region,
        (Status.OPEN, Status.CLOSED): is_region_approver,
    }

    class Meta:
        verbose_name = "отчётный период"
        verbose_name_plural = "отчётные периоды"
        ordering = ["-period_end", "programme"]
        indexes = [models.Index(fields=["status", "-period_end"], name="cycle_by_status")]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "year", "period"],
                name="cycle_once",
                violation_error_message=_("Этот отчётный период уже есть."),
            ),
        ]

    def __str__(self):
        return f"{self.period_label}, {self.programme}"

    @property
    def period_label(self):
        """«III квартал 2026 года»."""
        return periods.label(self.year, self.period)

    def save(self, *args, **kwargs):
        self.period_end = periods.bounds(self.year, self.period)[1]
        super().save(*args, **kwargs)

    def clean(self):
        # A period that is there already goes its way to the end, whatever rhythm the programme takes up meanwhile.
        is_asked = self._state.adding and self.period and self.programme_id
        if is_asked and self.period not in periods.OF_RHYTHM[self.programme.rhythm]:
            raise ValidationError({"period": _("По этой программе отчитываются в другом ритме.")}, code="rhythm")
        if self.period and self.due_on and self.due_on < periods.bounds(self.year, self.period)[0]:
            raise ValidationError({"due_on": _("Срок сдачи раньше начала периода.")}, code="due")

    @classmethod
    def start(cls, programme, year, period, *, by):
        """The open cycle of a period, opened if it was not yet; (cycle, whether this call opened it).

        Args:
            programme: in force.
            year, period: what is reported on.
            by: who opens it, or None for the calendar.

        Raises:
            PermissionDenied, ValidationError: as the door says.
        """
        if period not in periods.OF_RHYTHM[programme.rhythm]:
            raise ValidationError(_("По этой программе отчитываются в другом ритме."), code="rhythm")
        with transaction.atomic():
            cycle, _is_new = cls.objects.get_or_create(
                programme=programme, year=year, period=period,
                defaults={"due_on": programme.due_day(year, period), "period_end": periods.bounds(year, period)[1],
                          "created_by": by, "is_sample": programme.is_sample},
            )  # fmt: skip
            # Whoever starts the same cycle at this moment waits here, and then finds it open.
            cycle = cls.objects.select_for_update(of=("self",)).get(pk=cycle.pk)
            if cycle.status != cls.Status.PLANNED:
                return cycle, False
            cycle.move_to(cls.Status.OPEN, by=by)
            return cycle, True

    def check_move(self, status, *, by, reason):
        """A cycle opens for a programme in force and a period that has begun."""
        if status == self.Status.OPEN:
            if self.programme.status != Programme.Status.APPROVED:
                raise ValidationError(_("Отчёты собирают по программе, которая действует."), code="not_in_force")
            if periods.bounds(self.year, self.period)[0] > timezone.localdate():
                raise ValidationError(_("Этот период ещё не начался."), code="future")

    def before_move(self, status, *, by, reason):
        """Closing freezes what came; whoever asks for reports for the first time joins by that."""
        if status == self.Status.CLOSED:
            self._freeze()
        region = self.programme.region
        if status == self.Status.OPEN and region.joined_on is None:
            region.joined_on = timezone.localdate()
            region.save(update_fields=["joined_on"])

    def after_move(self, from_status, *, by, reason):
        """Opening makes the list of who owes a report."""
        if self.status == self.Status.OPEN:
            self._ask()

    def _ask(self):
        """One row per open measure that had begun, and per chosen priority that no measure answers yet."""
        begun = Q(start__isnull=True) | Q(start__lte=self.period_end)
        measures = Measure.objects.watched().filter(begun, direction__programme=self.programme)
        rows = [
            ExpectedReport(cycle=self, measure_id=pk, municipality_id=town)
            for pk, town in measures.order_by("pk").values_list("pk", "municipality")
        ]
        if self.programme.kind == Programme.Kind.ACTION:
            priorities = Priority.objects.watched().filter(
                strategy__municipality__region=self.programme.region_id, strategy__municipality__in_programme=True,
            )  # fmt: skip
            rows += [
                ExpectedReport(cycle=self, priority_id=pk, municipality_id=town)
                for pk, town in priorities.order_by("pk").values_list("pk", "strategy__municipality")
            ]
        ExpectedReport.objects.bulk_create(rows, batch_size=BATCH)

    def _freeze(self):
        """Keep what each row says now, in one statement: later corrections stand beside it and never change it."""
        counting = ProgressReport.objects.counting().filter(year=self.year, period=self.period)
        measure, priority = (model.objects.filter(pk=OuterRef(kind)) for kind, model in SUBJECTS.items())

        def of_either(name):
            return Coalesce(Subquery(measure.values(name)), Subquery(priority.values(name)))

        self.expected.update(
            frozen_at=timezone.now(),
            report=Coalesce(
                *(Subquery(counting.filter(**{kind: OuterRef(kind)}).values("pk")[:1]) for kind in SUBJECTS)
            ),
            title_then=of_either("title"),
            status_then=of_either("status"),
            percent_then=Subquery(measure.values("percent")),
            due_then=Subquery(measure.values(due_now=Coalesce("postponed_to", "due"))),
            planned_then=Subquery(_money("planned")),
            spent_then=Subquery(_money("spent")),
        )

    def get_absolute_url(self):
        return reverse("strategies:cycle_detail", args=[self.pk])

    @property
    def territory(self):
        """(region id, None): cycles belong to the region."""
        return self.programme.territory


def _money(field):
    rows = Funding.objects.filter(measure=OuterRef("measure")).order_by().values("measure")
    return rows.annotate(total=Sum(field)).values("total")


def _of_row(reports, field):
    """A field of the newest of some reports on the subject and period of a row."""
    return Coalesce(*(Subquery(reports.about_row(kind).values(field)[:1]) for kind in SUBJECTS))


class ExpectedReportQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Rows of one's own towns and regions."""
        if user.is_superuser:
            return self
        inside = Q(pk__in=[])
        if user.is_authenticated:
            inside |= Q(cycle__programme__region__in=user.region_ids(*Role))
            inside |= Q(municipality__in=user.municipality_ids(*Role))
        return self.filter(inside)

    def owed_by(self, user):
        """Rows that the person reports on: of their towns; for region-wide measures, the region's editor."""
        own = Q(municipality__in=user.municipality_ids(Role.MUNICIPAL_HEAD, Role.MUNICIPAL_EDITOR))
        own |= Q(municipality__isnull=True, cycle__programme__region__in=user.region_ids(Role.REGION_EDITOR))
        return self.filter(own)

    def with_report(self):
        """Add `report_now` and `report_status`: the report on the row's subject for its period; None without one."""
        reports = ProgressReport.objects.filter(corrects__isnull=True)
        return self.annotate(report_now=_of_row(reports, "pk"), report_status=_of_row(reports, "status"))

    def unanswered(self):
        """Rows whose report the region has not received: nothing, a draft, or one that was sent back.

        Nobody is asked about a measure that is finished or cancelled meanwhile, or a priority in the archive.
        """
        # One lookup a row: a condition on the status itself and on its absence would ask for the report twice.
        rows = self.with_report().alias(said=Coalesce("report_status", Value("")))
        return rows.filter(ASKED).exclude(said__in=RECEIVED)

    def on(self, subject, year, period):
        """Rows about one measure or priority for one period."""
        return self.filter(**{subject._meta.model_name: subject}, cycle__year=year, cycle__period=period)

    def said_since(self):
        """Rows of closed cycles of which more is known now than they kept; adds `counting_now`: the report that counts.

        A late report, or a correction: it stands beside the row and never changes it.
        """
        return self.annotate(counting_now=_of_row(ProgressReport.objects.counting(), "pk")).filter(
            Q(report__isnull=True) | ~Q(counting_now=F("report")), frozen_at__isnull=False, counting_now__isnull=False
        )

    def by_town(self):
        """Rows in the order of the towns' names, those of the whole region last."""
        return self.order_by(F("municipality__name_sort").asc(nulls_last=True), "municipality", "pk")

    def with_subject(self):
        """Each row with its cycle and what it is about."""
        return self.select_related(
            "cycle__programme",
            "municipality",
            "measure__direction__programme",
            "measure__municipality",
            "priority__strategy__municipality",
        )


class ExpectedReport(models.Model):
    """A report that is owed in a cycle. When the cycle closes, the row keeps what it said then; the database refuses
    later changes.
    """

    cycle = models.ForeignKey(ReportingCycle, models.CASCADE, related_name="expected", verbose_name="отчётный период")
    measure = models.ForeignKey(
        Measure, models.PROTECT, null=True, blank=True, related_name="expected_reports", verbose_name="мера"
    )
    priority = models.ForeignKey(
        Priority, models.PROTECT, null=True, blank=True, related_name="expected_reports", verbose_name="приоритет"
    )
    municipality = models.ForeignKey(
        Municipality, models.PROTECT, null=True, blank=True, related_name="expected_reports", verbose_name="город"
    )
    frozen_at = models.DateTimeField("закрыто", null=True, blank=True)
    report = models.ForeignKey(
        ProgressReport, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="отчёт при закрытии"
    )
    title_then = models.CharField("название тогда", max_length=400, blank=True)
    status_then = models.CharField("состояние тогда", max_length=20, blank=True)
    percent_then = models.PositiveSmallIntegerField("готовность тогда, %", null=True, blank=True)
    due_then = models.DateField("срок тогда", null=True, blank=True)
    planned_then = models.DecimalField("обещано тогда", max_digits=16, decimal_places=2, null=True, blank=True)
    spent_then = models.DecimalField("потрачено тогда", max_digits=16, decimal_places=2, null=True, blank=True)

    objects = ExpectedReportQuerySet.as_manager()

    part_of = "cycle"

    class Meta:
        verbose_name = "ожидаемый отчёт"
        verbose_name_plural = "ожидаемые отчёты"
        ordering = ["cycle", "municipality", "pk"]
        indexes = [models.Index(fields=["municipality", "cycle"], name="expected_by_town")]
        constraints = [
            models.CheckConstraint(
                condition=Q(measure__isnull=False, priority__isnull=True)
                | Q(measure__isnull=True, priority__isnull=False),
                name="expected_has_one_subject",
            ),
            models.UniqueConstraint(fields=["cycle", "measure"], name="expected_measure_once"),
            models.UniqueConstraint(fields=["cycle", "priority"], name="expected_priority_once"),
        ]

    def __str__(self):
        return f"{self.cycle.period_label}: {self.subject}"

    @property
    def subject(self):
        """The measure or the priority to report on."""
        return self.measure if self.measure_id else self.priority

    @property
    def form_url(self):
        """Where the report is written, for those who write it."""
        return form_url(self.subject, self.cycle.year, self.cycle.period)

    def is_overdue(self, on):
        """Whether the day has passed and the region has no report (`with_report`)."""
        return self.report_status not in RECEIVED and self.cycle.due_on < on
