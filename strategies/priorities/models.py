from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from accounts.models import Role, WorkflowModel, WorkflowQuerySet
from accounts.permissions import is_region_approver, is_region_editor
from documents.models import Document
from municipalities.fields import check_years
from municipalities.models import Municipality, Record
from municipalities.search import index_text, matching
from strategies.watched import WatchedQuerySet

MAX_GOAL_DEPTH = 3


class Sphere(models.TextChoices):
    """Spheres of life that priorities and indicators belong to."""

    ECONOMY = "economy", _("экономика")
    PEOPLE = "people", _("кадры и молодёжь")
    SOCIAL = "social", _("социальная сфера")
    URBAN = "urban", _("городская среда")
    UTILITIES = "utilities", _("ЖКХ и дороги")
    ECOLOGY = "ecology", _("экология")
    TOURISM = "tourism", _("туризм")
    GOVERNANCE = "governance", _("управление")


class StrategyQuerySet(WorkflowQuerySet):
    def approved(self):
        """Strategies in force: approved by the town's council."""
        return self.filter(status=Strategy.Status.APPROVED)


class Strategy(WorkflowModel, Record):
    """A version of a town's long-term document: a draft that is discussed, or a text approved by the council."""

    class Kind(models.TextChoices):
        STRATEGY = "strategy", _("стратегия развития")
        PLAN = "plan", _("план или концепция")
        SECTOR = "sector", _("отраслевая стратегия области")

    class Status(models.TextChoices):
        DRAFT = "draft", _("черновик")
        DISCUSSION = "discussion", _("проект")
        APPROVED = "approved", _("утверждена")
        SUPERSEDED = "superseded", _("заменена новой")

    municipality = models.ForeignKey(Municipality, models.PROTECT, related_name="strategies", verbose_name="город")
    kind = models.CharField("вид", max_length=10, choices=Kind, default=Kind.STRATEGY)
    title = models.CharField("название", max_length=400)
    version = models.PositiveSmallIntegerField("версия", default=1)
    year_from = models.PositiveSmallIntegerField("первый год", null=True, blank=True)
    year_to = models.PositiveSmallIntegerField("последний год", null=True, blank=True)
    mission = models.TextField("миссия", blank=True)
    main_goal = models.TextField("главная цель", blank=True)
    summary = models.TextField("резюме для жителей", blank=True)
    status = models.CharField("состояние", max_length=20, choices=Status, default=Status.DRAFT, editable=False)
    status_note = models.CharField(
        "что известно о состоянии", max_length=400, blank=True, help_text="Словами источника, если акт не найден."
    )
    discussion_from = models.DateField("обсуждение с", null=True, blank=True)
    discussion_to = models.DateField("обсуждение по", null=True, blank=True)
    act_number = models.CharField("номер решения", max_length=50, blank=True)
    act_date = models.DateField("дата решения", null=True, blank=True)
    adopted_by = models.CharField("кто утвердил", max_length=200, blank=True)
    act = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="strategies", verbose_name="решение с текстом"
    )
    supersedes = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="superseded_by", verbose_name="заменяет"
    )

    history = HistoricalRecords(excluded_fields=["row_version"])
    objects = StrategyQuerySet.as_manager()

    PUBLIC = frozenset({Status.DISCUSSION, Status.APPROVED, Status.SUPERSEDED})
    LIVE = frozenset({Status.DISCUSSION, Status.APPROVED})
    EDITORS = frozenset({Role.REGION_EDITOR, Role.REGION_APPROVER})
    TRANSITIONS = {
        (Status.DRAFT, Status.DISCUSSION): is_region_editor,
        (Status.DISCUSSION, Status.DRAFT): is_region_editor,
        (Status.DRAFT, Status.APPROVED): is_region_approver,
        (Status.DISCUSSION, Status.APPROVED): is_region_approver,
        (Status.APPROVED, Status.SUPERSEDED): None,
    }

    class Meta:
        verbose_name = "стратегия"
        verbose_name_plural = "стратегии"
        ordering = ["municipality", "kind", "-version"]
        indexes = [models.Index(fields=["municipality", "status"], name="strategy_by_town")]
        constraints = [
            models.CheckConstraint(
                condition=Q(year_from__isnull=True) | Q(year_to__isnull=True) | Q(year_from__lt=models.F("year_to")),
                name="strategy_years_in_order",
                violation_error_message=_("Первый год должен быть раньше последнего."),
            ),
            models.CheckConstraint(
                condition=Q(discussion_to__isnull=True)
                | Q(discussion_from__isnull=False, discussion_to__gte=models.F("discussion_from")),
                name="strategy_discussion_in_order",
                violation_error_message=_("Обсуждение кончается раньше, чем началось."),
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["approved", "superseded"])
                | (~Q(act_number="") & Q(act_date__isnull=False) & ~Q(adopted_by="") & Q(act__isnull=False)),
                name="strategy_approved_by_an_act",
                violation_error_message=_(
                    "Чтобы утвердить стратегию, укажите номер и дату решения, кто его принял, и сам документ."
                ),
            ),
            models.UniqueConstraint(
                fields=["municipality", "title", "version"],
                name="strategy_version_once",
                violation_error_message=_("Такая версия этого документа уже есть."),
            ),
            models.UniqueConstraint(
                fields=["municipality"],
                condition=Q(status="approved", kind="strategy"),
                name="one_approved_strategy_per_town",
                violation_error_message=_("У города уже есть утверждённая стратегия: укажите, что новая её заменяет."),
            ),
        ]

    def __str__(self):
        return f"{self.title}, {self.municipality}"

    def clean(self):
        check_years(self.year_from, self.year_to)
        if self.supersedes_id and (
            self.supersedes_id == self.pk or self.supersedes.municipality_id != self.municipality_id
        ):
            raise ValidationError({"supersedes": _("Заменить можно только другую версию того же города.")})
        if self.status in {self.Status.APPROVED, self.Status.SUPERSEDED} and self.act_id and not self.act.is_public:
            raise ValidationError(_("Сначала опубликуйте документ с решением."), code="act_not_public")
        self._check_targets_inside()

    def _check_targets_inside(self):
        """Invariant 2: a horizon made shorter may not leave targets outside."""
        if not self.pk:
            return
        outside = Q(pk__in=[])
        if self.year_from:
            outside |= Q(indicators__values__target__isnull=False, indicators__values__year__lt=self.year_from)
        if self.year_to:
            outside |= Q(indicators__values__target__isnull=False, indicators__values__year__gt=self.year_to)
        if self.priorities.filter(outside).exists():
            raise ValidationError(_("За пределами этих лет уже есть цели показателей приоритетов."), code="horizon")

    def check_move(self, status, *, by, reason):
        """Invariants 3 and 5: the act is whole; public priorities keep a public strategy."""
        if status == self.Status.APPROVED and self.act_id and not self.act.is_public:
            raise ValidationError(_("Сначала опубликуйте документ с решением."), code="act_not_public")
        if status == self.Status.DRAFT and self.priorities.public().exists():
            raise ValidationError(
                _("У проекта есть опубликованные приоритеты: сначала уберите их в архив."), code="has_public_priorities"
            )

    def before_move(self, status, *, by, reason):
        """Invariant 4: the former version gives way to the one that is approved."""
        if status == self.Status.APPROVED:
            former = Strategy.objects.select_for_update(of=("self",)).filter(pk=self.supersedes_id).first()
            if former and former.status == self.Status.APPROVED:
                former.follow_to(self.Status.SUPERSEDED, by=by, reason=str(_("Утверждена новая версия.")))

    def get_absolute_url(self):
        return reverse("strategies:strategy_detail", args=[self.municipality.slug]) + f"#s{self.pk}"

    @property
    def territory(self):
        """(region id, municipality id), as permissions ask for it."""
        return self.municipality.region_id, self.municipality_id


class Goal(Record):
    """A goal or an objective under it: a tree of at most three levels inside one strategy."""

    strategy = models.ForeignKey(Strategy, models.CASCADE, related_name="goals", verbose_name="стратегия")
    parent = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="children", verbose_name="входит в цель"
    )
    text = models.TextField("текст")
    order = models.PositiveSmallIntegerField("порядок", default=0)

    history = HistoricalRecords()

    part_of = "strategy"

    class Meta:
        verbose_name = "цель"
        verbose_name_plural = "цели"
        ordering = ["strategy", "order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=models.F("id")),
                name="goal_not_its_own_parent",
                violation_error_message=_("Цель не может входить сама в себя."),
            ),
        ]

    def __str__(self):
        return self.text if len(self.text) <= 120 else self.text[:119] + "…"

    def clean(self):
        """Invariant 7: the same strategy, no cycles, at most three levels."""
        self._check_children()
        above, depth = self.parent, 1
        # The bound keeps a cycle that came past this check (by SQL) from turning for ever.
        while above is not None and depth <= MAX_GOAL_DEPTH:
            if above.strategy_id != self.strategy_id:
                raise ValidationError({"parent": _("Цели должны быть из одной стратегии.")}, code="other_strategy")
            if above.pk is not None and above.pk == self.pk:
                raise ValidationError({"parent": _("Цель не может входить сама в себя.")}, code="cycle")
            depth += 1
            above = above.parent
        if depth + self._levels_below() > MAX_GOAL_DEPTH:
            raise ValidationError({"parent": _("Глубже трёх уровней цели не вкладывают.")}, code="too_deep")

    def _check_children(self):
        if self.pk and self.children.exclude(strategy=self.strategy_id).exists():
            raise ValidationError({"strategy": _("Цели должны быть из одной стратегии.")}, code="other_strategy")

    def _levels_below(self):
        levels, ids = 0, [self.pk] if self.pk else []
        while ids:
            ids = list(Goal.objects.filter(parent__in=ids).values_list("pk", flat=True))
            levels += bool(ids)
            if levels > MAX_GOAL_DEPTH:
                break
        return levels


# Statuses of a measure that is promised to everybody and was not called off; measures stand a room higher.
PROMISED = ("planned", "in_progress", "done", "postponed", "not_done")


class PriorityQuerySet(WatchedQuerySet):
    def public(self):
        """Published priorities of a strategy that everybody may see."""
        return self.filter(status__in=Priority.PUBLIC, strategy__status__in=Strategy.PUBLIC)

    def without_measures(self):
        """Priorities that no measure answers, cancelled ones not counted: the town reports on them as such."""
        answered = self.model.objects.filter(pk=OuterRef("pk"), measure_links__measure__status__in=PROMISED)
        return self.filter(~Exists(answered))

    def watched(self):
        """Public priorities of a living strategy without a measure: the town itself is expected to report on them."""
        return self.public().filter(strategy__status__in=Strategy.LIVE).without_measures()

    def answered_for(self):
        """Published priorities, with measures or without: somebody answers for each."""
        return self.filter(status=Priority.Status.PUBLISHED)

    def of_town(self, town):
        """Priorities that a town chose."""
        return self.filter(strategy__municipality=town)

    def search(self, query):
        """Priorities whose title or text holds every word of the query."""
        return matching(self, query)


class Priority(WorkflowModel, Record):
    """What the town chose to do first."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("черновик")
        PUBLISHED = "published", _("опубликован")
        ARCHIVED = "archived", _("в архиве")

    strategy = models.ForeignKey(Strategy, models.PROTECT, related_name="priorities", verbose_name="стратегия")
    goal = models.ForeignKey(
        Goal, models.SET_NULL, null=True, blank=True, related_name="priorities", verbose_name="цель"
    )
    title = models.CharField("название", max_length=300)
    plain_text = models.TextField("простыми словами", blank=True, help_text="Как объяснить соседу, в два предложения.")
    sphere = models.CharField("сфера", max_length=12, choices=Sphere, blank=True)
    order = models.PositiveSmallIntegerField("порядок", default=0)
    status = models.CharField("состояние", max_length=20, choices=Status, default=Status.DRAFT, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="owned_priorities",
        editable=False, verbose_name="кто отвечает лично",
    )  # fmt: skip
    search_stems = models.TextField(editable=False, blank=True)

    history = HistoricalRecords(excluded_fields=["search_stems", "row_version"])
    objects = PriorityQuerySet.as_manager()

    PUBLIC = frozenset({Status.PUBLISHED})
    PUBLIC_WORDS = {"title": _("Название"), "plain_text": _("Простыми словами"), "sphere": _("Сфера")}
    EDITORS = frozenset({Role.REGION_EDITOR, Role.REGION_APPROVER})
    REASON_NEEDED = frozenset({Status.ARCHIVED})
    REGION_LOOKUPS = ("strategy__municipality__region",)
    MUNICIPALITY_LOOKUPS = ("strategy__municipality",)
    TRANSITIONS = {
        (Status.DRAFT, Status.PUBLISHED): is_region_approver,
        (Status.PUBLISHED, Status.ARCHIVED): is_region_approver,
    }

    class Meta:
        verbose_name = "приоритет"
        verbose_name_plural = "приоритеты"
        ordering = ["strategy", "order", "pk"]
        indexes = [models.Index(fields=["strategy", "status", "order"], name="priority_by_strategy")]
        constraints = [
            models.UniqueConstraint(
                fields=["strategy", "title"],
                name="priority_once_in_strategy",
                violation_error_message=_("Такой приоритет в этой стратегии уже есть."),
            ),
        ]

    def __str__(self):
        return self.title

    def save(self, *args, **kwargs):
        self.search_stems = self.stems_to_keep()
        super().save(*args, **kwargs)

    def stems_to_keep(self):
        """What `search_stems` holds."""
        return index_text(self.title, self.plain_text)

    def clean(self):
        if self.goal_id and self.goal.strategy_id != self.strategy_id:
            raise ValidationError({"goal": _("Цель должна быть из той же стратегии.")})

    def check_move(self, status, *, by, reason):
        """Invariant 5: a public priority belongs to an approved or discussed strategy."""
        if status == self.Status.PUBLISHED and self.strategy.status not in Strategy.LIVE:
            raise ValidationError(
                _("Сначала вынесите стратегию на обсуждение или утвердите её: приоритет черновика не публикуют."),
                code="strategy_not_public",
            )

    def get_absolute_url(self):
        return reverse("strategies:priority_detail", args=[self.pk])

    @property
    def territory(self):
        """(region id, municipality id), as permissions ask for it."""
        return self.strategy.territory
