import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from accounts.models import JournalEntry, Role, WorkflowModel, WorkflowQuerySet
from accounts.permissions import is_municipal_editor, is_municipal_head, is_region_approver, is_region_editor
from documents.models import Document
from municipalities.addresses import check_slug
from municipalities.fields import YEARS
from municipalities.models import Municipality, Record, Region
from municipalities.search import index_text, matching
from strategies.models import Priority

from .session_parts import DateChange


def may_prepare(user, session):
    """A municipal session: the town's editor or head; any other: the region's editor."""
    return (is_municipal_editor if session.municipality_id else is_region_editor)(user, session)


def may_decide(user, session):
    """A municipal session: the head of the town; any other: the region's approver."""
    return (is_municipal_head if session.municipality_id else is_region_approver)(user, session)


def ahead(now):
    """Condition of sessions that have a date and have not ended by a moment; the complement of `over` among dated ones.

    A session of which only the day is known lasts to the end of that day, one without an end ends as it begins.
    """
    today = _midnight(now)
    ends_later = Q(has_time=True, ends_at__gt=now) | Q(has_time=False, ends_at__gte=today)
    begins_later = Q(has_time=True, starts_at__gt=now) | Q(has_time=False, starts_at__gte=today)
    return ends_later | Q(ends_at=None) & begins_later


def over(now):
    """Condition of sessions that have a date and have ended by a moment."""
    return Q(starts_at__isnull=False) & ~ahead(now)


class SessionQuerySet(WorkflowQuerySet):
    def of_town(self, town):
        """Sessions of a town, those it hosts and those it took part in."""
        return self.filter(
            Q(municipality=town)
            | Q(host=town)
            | Q(pk__in=Session.towns.through.objects.filter(municipality=town).values("session"))
        )

    def upcoming(self, now):
        """Announced sessions that have not ended, nearest first."""
        return self.filter(ahead(now), status=Session.Status.ANNOUNCED).order_by("starts_at")

    def run_by(self, user):
        """Sessions a person prepares: of one's own town; those of the region itself its editor and approver."""
        return self.filter(
            Q(municipality__in=user.municipality_ids(Role.MUNICIPAL_HEAD, Role.MUNICIPAL_EDITOR))
            | Q(region__in=user.region_ids(Role.REGION_EDITOR, Role.REGION_APPROVER), municipality=None)
        )

    def search(self, query):
        """Sessions whose title, place or account holds every word of the query."""
        return matching(self, query)


DAY = datetime.timedelta(days=1)
# A hall fills before the session and empties after it; what lasts longer than some days is gathered nowhere.
AROUND, LONGEST = datetime.timedelta(hours=3), 4 * DAY


def _midnight(moment):
    return timezone.localtime(moment).replace(hour=0, minute=0, second=0, microsecond=0)


class Session(WorkflowModel, Record):
    """A public discussion: a strategic session, a hearing, a forum, a meeting."""

    class Level(models.TextChoices):
        MUNICIPAL = "municipal", _("муниципальная")
        REGIONAL = "regional", _("областная")
        FEDERAL = "federal", _("федеральная")

    class Kind(models.TextChoices):
        STRATEGIC = "strategic", _("стратегическая сессия")
        MEETING = "meeting", _("совещание")
        HEARING = "hearing", _("публичные слушания")
        DISCUSSION = "discussion", _("общественное обсуждение")
        FORUM = "forum", _("форум")
        WORKING_GROUP = "working_group", _("заседание рабочей группы")
        SERIES = "series", _("серия сессий")
        SURVEY = "survey", _("опрос или сбор предложений")
        CONTEST = "contest", _("конкурс")

    class Status(models.TextChoices):
        PLANNED = "planned", _("готовится")
        ANNOUNCED = "announced", _("объявлена")
        HELD = "held", _("прошла")
        OUTCOME = "outcome", _("итоги опубликованы")
        CANCELLED = "cancelled", _("отменена")

    region = models.ForeignKey(Region, models.PROTECT, related_name="sessions", verbose_name="регион")
    slug = models.SlugField("адрес", max_length=80, unique=True)
    level = models.CharField("уровень", max_length=10, choices=Level, default=Level.MUNICIPAL)
    kind = models.CharField("вид", max_length=15, choices=Kind, default=Kind.STRATEGIC)
    municipality = models.ForeignKey(
        Municipality, models.PROTECT, null=True, blank=True, related_name="sessions", verbose_name="город",
        help_text="Только у муниципальной сессии.",
    )  # fmt: skip
    host = models.ForeignKey(
        Municipality, models.PROTECT, null=True, blank=True, related_name="hosted_sessions",
        verbose_name="где проходит", help_text="Город, который принимает областную сессию.",
    )  # fmt: skip
    towns = models.ManyToManyField(
        Municipality, blank=True, related_name="attended_sessions", verbose_name="города-участники"
    )
    title = models.CharField("название", max_length=300)
    gathered_in = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="gathered", verbose_name="итоги подводит",
        help_text="Областная сессия, которая собирает итоги этой муниципальной.",
    )  # fmt: skip
    number_in_series = models.PositiveSmallIntegerField("номер в серии", null=True, blank=True)
    starts_at = models.DateTimeField("начало", null=True, blank=True)
    ends_at = models.DateTimeField("конец", null=True, blank=True)
    has_time = models.BooleanField("время известно", default=True, help_text="Снимите, если известен только день.")
    date_note = models.CharField(
        "дата словами", max_length=200, blank=True, help_text="Как в источнике, если точной даты нет."
    )
    place = models.CharField("место", max_length=300, blank=True)
    venue = models.CharField("площадка", max_length=300, blank=True)
    latitude = models.DecimalField(
        "широта", max_digits=9, decimal_places=6, null=True, blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
    )  # fmt: skip
    longitude = models.DecimalField(
        "долгота", max_digits=9, decimal_places=6, null=True, blank=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
    )  # fmt: skip
    organisers = models.TextField("организаторы", blank=True)
    participants = models.TextField("кто участвует", blank=True)
    agenda = models.TextField("программа", blank=True, help_text="Каждый пункт с новой строки.")
    summary = models.TextField("коротко", blank=True)
    proposals_until = models.DateField("предложения принимают до", null=True, blank=True)
    participants_count = models.PositiveIntegerField("сколько человек", null=True, blank=True)
    outcome = models.TextField("итоги", blank=True)
    minutes = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="minuted_sessions", verbose_name="протокол"
    )
    documents = models.ManyToManyField(Document, blank=True, related_name="sessions", verbose_name="материалы")
    priorities = models.ManyToManyField(
        Priority, blank=True, related_name="sessions", verbose_name="приоритеты, о которых говорили"
    )
    status = models.CharField("состояние", max_length=20, choices=Status, default=Status.PLANNED, editable=False)
    search_stems = models.TextField(editable=False, blank=True)

    history = HistoricalRecords(excluded_fields=["search_stems", "row_version"])
    objects = SessionQuerySet.as_manager()

    PUBLIC = frozenset({Status.ANNOUNCED, Status.HELD, Status.OUTCOME, Status.CANCELLED})
    EDITORS = frozenset({Role.MUNICIPAL_HEAD, Role.MUNICIPAL_EDITOR, Role.REGION_EDITOR, Role.REGION_APPROVER})
    REASON_NEEDED = frozenset({Status.CANCELLED})
    REGION_LOOKUPS = ("region",)
    TRANSITIONS = {
        (Status.PLANNED, Status.ANNOUNCED): may_prepare,
        (Status.ANNOUNCED, Status.HELD): may_prepare,
        (Status.HELD, Status.OUTCOME): may_decide,
        (Status.PLANNED, Status.CANCELLED): may_decide,
        (Status.ANNOUNCED, Status.CANCELLED): may_decide,
    }

    class Meta:
        verbose_name = "сессия"
        verbose_name_plural = "сессии"
        ordering = [F("starts_at").desc(nulls_last=True), "-pk"]
        indexes = [
            models.Index(fields=["status", "-starts_at"], name="session_public_latest"),
            models.Index(fields=["municipality", "-starts_at"], name="session_by_town"),
            models.Index(fields=["level", "kind", "-starts_at"], name="session_by_kind"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(level="municipal", municipality__isnull=False)
                | (~Q(level="municipal") & Q(municipality__isnull=True)),
                name="session_level_matches_town",
                violation_error_message=_("У муниципальной сессии есть город, у областной его нет."),
            ),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(starts_at__isnull=False, ends_at__gte=F("starts_at")),
                name="session_ends_after_start",
                violation_error_message=_("Конец раньше начала."),
            ),
            models.CheckConstraint(
                condition=~Q(status="outcome") | Q(minutes__isnull=False),
                name="session_outcome_needs_minutes",
                violation_error_message=_("Итоги публикуют вместе с протоколом: приложите его."),
            ),
            models.CheckConstraint(
                condition=~Q(status="announced") | Q(starts_at__isnull=False),
                name="session_announced_has_date",
                violation_error_message=_("Чтобы объявить сессию, укажите дату."),
            ),
        ]

    def __str__(self):
        return self.title

    def save(self, *args, **kwargs):
        self.search_stems = self.stems_to_keep()
        super().save(*args, **kwargs)

    def stems_to_keep(self):
        """What `search_stems` holds."""
        return index_text(self.title, self.place, self.venue, self.summary)

    def clean(self):
        """Invariants 8, 9 and 47: a public session never loses its day, or it would leave the calendars."""
        check_slug(self)
        if self.municipality_id and self.municipality.region_id != self.region_id:
            raise ValidationError({"municipality": _("Город должен быть из того же региона.")})
        if self.gathered_in_id and (
            self.gathered_in.level == self.Level.MUNICIPAL or self.gathered_in.region_id != self.region_id
        ):
            raise ValidationError({"gathered_in": _("Итоги подводит областная сессия того же региона.")})
        if self.pk and self.is_public and self.starts_at is None and self._is_dated():
            told = _("День сессии уже знают все: его переносят, а не стирают.")
            raise ValidationError({"starts_at": ValidationError(told, code="day_is_known")})
        for name, moment in (("starts_at", self.starts_at), ("ends_at", self.ends_at)):
            if moment and moment.year not in YEARS:
                told = _("Год сессии — от %(first)s до %(last)s.") % {"first": YEARS[0], "last": YEARS[-1]}
                raise ValidationError({name: ValidationError(told, code="year")})
        if not self.is_over(timezone.now()) and (self.outcome or self.participants_count is not None):
            raise ValidationError(_("Итоги и число участников вносят, когда сессия прошла."), code="not_over")

    def _is_dated(self):
        return type(self).objects.filter(pk=self.pk, starts_at__isnull=False).exists()

    def check_move(self, status, *, by, reason):
        """Invariants 9 and 10: a session is held once it is over; an outcome needs the minutes."""
        if status == self.Status.HELD and not self.is_over(timezone.now()):
            raise ValidationError(_("Сессия ещё не кончилась."), code="not_over")
        if status == self.Status.OUTCOME:
            if not self.minutes_id or not self.minutes.is_public or self.minutes.kind != Document.Kind.MINUTES:
                raise ValidationError(
                    _("Итоги публикуют вместе с протоколом: приложите и опубликуйте его."), code="no_minutes"
                )
            if not self.outcome.strip():
                raise ValidationError({"outcome": _("Напишите итоги.")}, code="no_outcome")

    @property
    def is_ahead(self):
        """Whether it is still to come: nobody has spoken there yet, and no minutes are missed."""
        return self.status != self.Status.CANCELLED and not self.is_over(timezone.now())

    def is_over(self, now):
        """Whether the session has ended, as `over` asks the database; without a date, whether it is marked as held."""
        end = self.ends_at or self.starts_at
        if end is None:
            return self.status in {self.Status.HELD, self.Status.OUTCOME}
        return end <= now if self.has_time else timezone.localdate(end) < timezone.localdate(now)

    def takes_proposals(self, on):
        """Invariant 12, residents themselves: from the announcement to the last day for proposals."""
        if self.status in {self.Status.PLANNED, self.Status.CANCELLED}:
            return False
        return self.status == self.Status.ANNOUNCED if self.proposals_until is None else on <= self.proposals_until

    def is_gathering(self, now):
        """Whether people may sit in its hall at a moment: it has a place, and these are its hours or some around."""
        if self.starts_at is None or not (self.place or self.venue) or self.status != self.Status.ANNOUNCED:
            return False
        last = self.ends_at or self.starts_at
        begins = self.starts_at if self.has_time else _midnight(self.starts_at)
        ends = last if self.has_time and self.ends_at else _midnight(last) + DAY
        return ends - begins <= LONGEST and begins - AROUND <= now <= ends + AROUND

    def takes_notes(self):
        """Invariant 12, what was said aloud or written on paper: from the announcement to the published outcome."""
        return self.status in {self.Status.ANNOUNCED, self.Status.HELD}

    def day_of_words(self, on):
        """When words taken down on a day were said: that day, or the last day of a session that is over by then."""
        end = self.ends_at or self.starts_at
        return min(on, timezone.localdate(end)) if end else on

    def move_date(self, starts_at, ends_at, *, by, reason, proposals_until=None):
        """Give a planned or announced session a new date; the old one and the reason stay (invariant 11).

        Args:
            proposals_until: the last day for proposals; where one is named, it is named anew with the date.

        Raises:
            PermissionDenied: only the town's head or the region's approver moves dates.
            ValidationError: no reason, no last day for proposals, or the session is not ahead any more.
        """
        if not may_decide(by, self):
            raise PermissionDenied
        if self.status not in {self.Status.PLANNED, self.Status.ANNOUNCED}:
            raise ValidationError(_("Дату меняют только до сессии."), code="too_late")
        if self.proposals_until and not proposals_until:
            told = _("Назовите и последний день для предложений: он был назван к прежней дате.")
            raise ValidationError({"proposals_until": ValidationError(told, code="until_needed")})
        with transaction.atomic():
            change = DateChange(
                session=self, old_starts_at=self.starts_at, old_ends_at=self.ends_at,
                new_starts_at=starts_at, new_ends_at=ends_at, reason=reason.strip(), created_by=by,
            )  # fmt: skip
            change.full_clean(exclude=["created_by"])
            change.save()
            self.starts_at, self.ends_at = starts_at, ends_at
            self.proposals_until = proposals_until or self.proposals_until
            self.full_clean(exclude=["created_by"])
            self.save_edited(by=by, known_version=self.row_version)
            JournalEntry.write(self, from_status=self.status, by=by, reason=reason.strip(), is_public=self.is_public)

    def gather(self, sessions, *, by):
        """Gather the outcomes of these municipal sessions and let go of the others.

        Args:
            sessions: of the same region.
            by: who prepares this one.

        Raises:
            ValidationError: one is not of this region, or somebody edits it at this moment. Nothing is changed.
        """
        with transaction.atomic():
            chosen, standing = {one.pk: one for one in sessions}, {one.pk: one for one in self.gathered.all()}
            for pk in chosen.keys() ^ standing.keys():
                one = chosen.get(pk) or standing[pk]
                one.gathered_in = self if pk in chosen else None
                one.clean()
                one.save_edited(by=by, known_version=one.row_version)

    def get_absolute_url(self):
        return reverse("sessions:session_detail", args=[self.slug])

    @property
    def territory(self):
        """(region id, municipality id or None), as permissions ask for it."""
        return self.region_id, self.municipality_id

    @property
    def agenda_items(self):
        """The agenda as a list of its lines."""
        return [line.strip() for line in self.agenda.splitlines() if line.strip()]
