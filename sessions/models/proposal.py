import datetime
import secrets

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from accounts.models import Role, WorkflowModel
from municipalities.fields import PartialDateField
from municipalities.models import Municipality, Record, Region
from municipalities.search import index_text
from sessions.author_letters import notify_of_answer
from strategies.models import Measure, Priority, Strategy

from .erasing import ResidentsWords, RevisedWords, may_answer, may_moderate
from .proposal_queryset import ProposalQuerySet, hash_of
from .session import Session
from .session_parts import Section


class Proposal(ResidentsWords, RevisedWords, WorkflowModel, Record):
    """Words that were said: a resident's proposal, or a thesis or an instruction voiced at a session."""

    class Kind(models.TextChoices):
        PROPOSAL = "proposal", _("предложение")
        THESIS = "thesis", _("тезис")
        INSTRUCTION = "instruction", _("поручение")
        POSITION = "position", _("позиция")
        REMARK = "remark", _("замечание")

    class Status(models.TextChoices):
        NEW = "new", _("ответа нет")
        ON_REVIEW = "on_review", _("на рассмотрении")
        ACCEPTED = "accepted", _("учтено")
        PARTLY = "partly", _("учтено частично")
        DECLINED = "declined", _("отклонено")
        REDIRECTED = "redirected", _("передано")
        MERGED = "merged", _("объединено")
        HIDDEN = "hidden", _("скрыто")

    class Channel(models.TextChoices):
        SOURCE = "source", _("из источника")
        SITE = "site", _("через сайт")
        HALL = "hall", _("в зале")
        SHEET = "sheet", _("с листа")

    ANSWERED = frozenset({Status.ACCEPTED, Status.PARTLY, Status.DECLINED, Status.REDIRECTED})
    WAITING = frozenset({Status.NEW, Status.ON_REVIEW})
    # Words that ask for something; a thesis or an instruction waits for no answer.
    ASKING = frozenset({Kind.PROPOSAL, Kind.POSITION, Kind.REMARK})
    # Taken down by officials: in the hall, or from paper afterwards.
    NOTED = frozenset({Channel.HALL, Channel.SHEET})

    number = models.CharField(
        "номер", max_length=20, unique=True,
        validators=[RegexValidator(r"^[0-9A-ZА-ЯЁ-]+$", _("Номер пишется заглавными буквами, цифрами и дефисом."))],
    )  # fmt: skip
    region = models.ForeignKey(Region, models.PROTECT, related_name="proposals", verbose_name="регион")
    municipality = models.ForeignKey(
        Municipality, models.PROTECT, null=True, blank=True, related_name="proposals", verbose_name="город"
    )
    session = models.ForeignKey(
        Session, models.PROTECT, null=True, blank=True, related_name="proposals", verbose_name="сессия"
    )
    section = models.ForeignKey(
        Section, models.SET_NULL, null=True, blank=True, related_name="proposals", verbose_name="секция"
    )
    priority = models.ForeignKey(
        Priority, models.SET_NULL, null=True, blank=True, related_name="proposals", verbose_name="приоритет"
    )
    measure = models.ForeignKey(
        Measure, models.SET_NULL, null=True, blank=True, related_name="proposals", verbose_name="мера"
    )
    kind = models.CharField("вид", max_length=12, choices=Kind, default=Kind.PROPOSAL)
    text = models.TextField("слова автора", max_length=4000, help_text="Видны только сотрудникам.")
    public_text = models.TextField("текст для всех", max_length=4000, blank=True)
    speaker = models.CharField(
        "кто сказал, для всех", max_length=200, blank=True,
        help_text="Должность и имя официального лица или «жители». Имя жителя сюда не пишут.",
    )  # fmt: skip
    said_on = PartialDateField("когда сказано")
    author_name = models.CharField("имя автора", max_length=150, blank=True)
    author_email = models.EmailField("почта автора", blank=True)
    consent_version = models.CharField("версия согласия", max_length=20, blank=True)
    consented_at = models.DateTimeField("согласие дано", null=True, blank=True)
    author_erased_at = models.DateTimeField("данные автора стёрты", null=True, blank=True, editable=False)
    channel = models.CharField("как пришло", max_length=6, choices=Channel, default=Channel.SOURCE, editable=False)
    table = models.CharField("стол", max_length=40, blank=True)
    received_at = models.DateTimeField("получено", null=True, blank=True, editable=False)
    answer_due = models.DateField(
        "ответить до", null=True, blank=True, editable=False, help_text="Пусто — слова из источника, срок не идёт."
    )
    # The link that only the author has is kept as a hash: whoever reads the database cannot follow it.
    secret_hash = models.CharField("хеш ссылки автора", max_length=64, blank=True, editable=False, db_index=True)
    form_key = models.UUIDField("ключ формы", null=True, blank=True, editable=False, unique=True)
    received_told_at = models.DateTimeField("о номере написали автору", null=True, blank=True, editable=False)
    answer_told_at = models.DateTimeField("об ответе написали автору", null=True, blank=True, editable=False)
    done_told_at = models.DateTimeField("о сделанном написали автору", null=True, blank=True, editable=False)
    results_sent_at = models.DateTimeField("итоги отправлены автору", null=True, blank=True, editable=False)
    letter_held_at = models.DateTimeField("письмо автору в руках с", null=True, blank=True, editable=False)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, editable=False, related_name="merged",
        verbose_name="объединено с",
    )  # fmt: skip
    redirected_to = models.CharField("кому передано", max_length=300, blank=True)
    status = models.CharField("состояние", max_length=20, choices=Status, default=Status.NEW, editable=False)
    answer = models.TextField("ответ для всех", blank=True)
    answered_at = models.DateTimeField("когда ответили", null=True, blank=True, editable=False)
    # The first answer keeps its day, from which silence is counted; a new one that follows has its own.
    answer_renewed_at = models.DateTimeField("когда ответили заново", null=True, blank=True, editable=False)
    search_stems = models.TextField(editable=False, blank=True)

    # Personal data never enters the history: erased must mean erased (invariant 13).
    # What the author wrote and who they are: public pages do not even read it from the database.
    PRIVATE = ("text", "author_name", "author_email", "consent_version", "secret_hash", "form_key")
    TOLD = ("received_told_at", "answer_told_at", "done_told_at", "results_sent_at", "letter_held_at")
    history = HistoricalRecords(
        excluded_fields=["author_name", "author_email", "search_stems", "row_version", "secret_hash", "form_key", *TOLD]
    )
    objects = ProposalQuerySet.as_manager()

    TITLE_IS_WORDS = True
    ANSWER_WORDS = frozenset({"answer", "redirected_to"})
    PUBLIC_WORDS = {"public_text": _("Текст"), "answer": _("Ответ"), "redirected_to": _("Кому передано")}
    PUBLIC = WAITING | ANSWERED | {Status.MERGED}
    EDITORS = frozenset({Role.MUNICIPAL_HEAD, Role.MUNICIPAL_EDITOR, Role.REGION_EDITOR, Role.REGION_APPROVER})
    REASON_NEEDED = frozenset({Status.HIDDEN})
    REGION_LOOKUPS = ("region",)
    TRANSITIONS = {
        (Status.NEW, Status.ON_REVIEW): may_moderate,
        (Status.ON_REVIEW, Status.ACCEPTED): may_answer,
        (Status.ON_REVIEW, Status.PARTLY): may_answer,
        (Status.ON_REVIEW, Status.DECLINED): may_answer,
        (Status.ON_REVIEW, Status.REDIRECTED): may_answer,
        (Status.NEW, Status.MERGED): may_moderate,
        (Status.ON_REVIEW, Status.MERGED): may_moderate,
        (Status.MERGED, Status.ON_REVIEW): may_moderate,
        (Status.NEW, Status.HIDDEN): may_moderate,
        (Status.ON_REVIEW, Status.HIDDEN): may_moderate,
        (Status.ACCEPTED, Status.HIDDEN): may_moderate,
        (Status.PARTLY, Status.HIDDEN): may_moderate,
        (Status.DECLINED, Status.HIDDEN): may_moderate,
        (Status.REDIRECTED, Status.HIDDEN): may_moderate,
        (Status.MERGED, Status.HIDDEN): may_moderate,
    }

    class Meta:
        verbose_name = "предложение"
        verbose_name_plural = "предложения"
        ordering = ["-said_on", "number"]
        indexes = [
            models.Index(fields=["municipality", "status"], name="proposal_by_town"),
            models.Index(fields=["session", "status"], name="proposal_by_session"),
            models.Index(fields=["priority", "status"], name="proposal_by_priority"),
            models.Index(fields=["status", "answer_due"], name="proposal_by_term"),
            models.Index(fields=["region", "status", "received_at"], name="proposal_queue"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(author_name="", author_email="") | ~Q(consent_version=""),
                name="proposal_author_gave_consent",
                violation_error_message=_("Имя и почту хранят только с согласием автора."),
            ),
            models.CheckConstraint(
                condition=~Q(status="merged") | Q(merged_into__isnull=False),
                name="proposal_merged_into_another",
                violation_error_message=_("Объединяют с другим предложением."),
            ),
            models.CheckConstraint(
                condition=~Q(status="redirected") | ~Q(redirected_to="") | Q(channel="source"),
                name="proposal_redirected_to_somebody",
                violation_error_message=_("Напишите, кому передано."),
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["accepted", "partly", "declined", "redirected"])
                | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="proposal_decided_with_answer",
                violation_error_message=_("Напишите ответ с причинами: его увидят все."),
            ),
        ]

    def __str__(self):
        return f"{self.number}: {self.public_text or '…'}"[:200]

    @property
    def plain_name(self):
        """«Предложение П-12»: nothing of the words."""
        return f"{capfirst(self.get_kind_display())} {self.number}"

    def save(self, *args, **kwargs):
        self.search_stems = self.stems_to_keep()
        if not self._state.adding and kwargs.get("update_fields") is None:
            # What authors were told is marked apart: a copy read before must not take the mark away.
            apart = self.get_deferred_fields() | {*self.TOLD, "id"}
            kwargs["update_fields"] = [one.name for one in self._meta.concrete_fields if one.attname not in apart]
        super().save(*args, **kwargs)

    def stems_to_keep(self):
        """What is found by search: the moderated text, the number, the official who spoke; never what authors wrote."""
        return index_text(self.public_text, self.number, self.speaker)

    @classmethod
    def receive(cls, *, region, town, text, channel, by=None, secret="", **fields):
        """Take in words: a number, the day by which they are answered, a secret link for the author.

        Args:
            region, town: whom they are about; without a town, the region itself.
            text: the author's own words.
            channel: how they came.
            by: the official who took them down; None for the site's form.
            secret: of the author's link, where the form has one already; otherwise it is drawn here.
            fields: session, section, priority, author_name, author_email, consent_version, … as on the model.

        Returns:
            (proposal, secret): the secret is shown once and kept as a hash only.

        Raises:
            ValidationError: the session does not take proposals, or a rule of the model refuses.
        """
        now, secret = timezone.now(), secret or secrets.token_urlsafe(24)
        with transaction.atomic():
            number = cls.objects.take_numbers(town, timezone.localtime(now).year)[0]
            session, today = fields.get("session"), timezone.localdate(now)
            said = session.day_of_words(today) if session and channel in cls.NOTED else today
            proposal = cls(
                region=region, municipality=town, number=number, text=text, channel=channel, received_at=now,
                answer_due=today + datetime.timedelta(days=region.answer_days), said_on=said.isoformat(),
                secret_hash=hash_of(secret), created_by=by, **fields,
            )  # fmt: skip
            proposal.full_clean(exclude=["created_by"])
            proposal.save()
        return proposal, secret

    def clean(self):
        """Invariant 12 and the unity of town, session and priority."""
        if self.municipality_id and self.municipality.region_id != self.region_id:
            raise ValidationError({"municipality": _("Город должен быть из того же региона.")})
        if self.priority_id and self.municipality_id != self.priority.strategy.municipality_id:
            raise ValidationError({"priority": _("Приоритет должен быть того же города.")})
        if self._state.adding and self.session_id:
            self._check_session_takes()
        if not self.public_text.strip() and type(self).objects.public().filter(pk=self.pk).exists():
            told = _("Этот текст уже видят все: скрыть его можно только с причиной.")
            raise ValidationError({"public_text": ValidationError(told, code="shown")})

    def _check_session_takes(self):
        session = self.session
        if session.status == Session.Status.CANCELLED:
            told, code = _("Сессия отменена: новых слов к ней не записывают."), "session_closed"
        elif session.status == Session.Status.PLANNED:
            told, code = _("Предложения принимают после объявления сессии."), "session_not_announced"
        elif self.channel in self.NOTED and not session.takes_notes():
            told, code = _("Итоги сессии опубликованы: новых слов к ней не записывают."), "session_closed"
        elif self.channel == self.Channel.SITE and not session.takes_proposals(timezone.localdate()):
            told, code = _("Срок подачи предложений прошёл."), "session_closed"
        else:
            return
        raise ValidationError({"session": ValidationError(told, code=code)})

    def check_move(self, status, *, by, reason):
        """Invariants 14 and 15: a decision needs a public text and a public answer with reasons."""
        if status in self.ANSWERED:
            if not self.public_text.strip():
                raise ValidationError({"public_text": _("Сначала подготовьте текст для всех.")}, code="no_public_text")
            if not self.answer.strip():
                raise ValidationError({"answer": _("Напишите ответ с причинами: его увидят все.")}, code="no_answer")
            if status == self.Status.REDIRECTED and not self.redirected_to.strip():
                raise ValidationError({"redirected_to": _("Напишите, кому передано.")}, code="no_addressee")
        if status == self.Status.MERGED:
            self._check_merge()
        elif self.status == self.Status.MERGED and status == self.Status.ON_REVIEW:
            self._check_part()

    def before_move(self, status, *, by, reason):
        """When it was answered; what it is merged with, as that stands now."""
        if status in self.ANSWERED:
            self.answered_at = timezone.now()
        if status == self.Status.MERGED:
            self.merged_into = Proposal.objects.get(pk=self.merged_into_id)
        elif status == self.Status.ON_REVIEW:
            self.merged_into = None

    def after_move(self, from_status, *, by, reason):
        """Authors hear of an answer, also those of what was merged with it; hiding frees what was merged."""
        if self.status in self.ANSWERED:
            notify_of_answer(self, Proposal.objects.filter(Q(pk=self.pk) | Q(merged_into=self.pk, status="merged")))
        elif self.status == self.Status.MERGED and self.merged_into.status in self.ANSWERED:
            notify_of_answer(self.merged_into, Proposal.objects.filter(pk=self.pk))
        elif self.status == self.Status.HIDDEN:
            freed = str(_("Предложение %(number)s, с которым объединили, скрыто.")) % {"number": self.number}
            for other in self.merged.filter(status=self.Status.MERGED).order_by("pk"):
                other.move_to(self.Status.ON_REVIEW, by=by, reason=freed)

    def _check_part(self):
        """What is merged is parted until it is answered: an answer was given to both."""
        if self.merged_into.status in self.ANSWERED:
            raise ValidationError(_("На них уже ответили вместе: разъединить нельзя."), code="answered_together")

    def _check_merge(self):
        # Read again and held: nobody merges the other one away or hides it meanwhile.
        held = Proposal.objects.select_for_update(no_key=True, of=["self"])
        into = held.filter(pk=self.merged_into_id).first()
        if into is None or into.pk == self.pk or into.status not in self.WAITING | self.ANSWERED:
            raise ValidationError(_("Объединяют с другим предложением, которое не скрыто."), code="merge_into")
        if into.territory != self.territory:
            raise ValidationError(_("Объединяют предложения об одном городе."), code="other_town")
        if self.merged.exists():
            raise ValidationError(
                _("С этим предложением уже объединены другие: объедините их с новым."), code="has_merged"
            )

    def merge_into(self, other, *, by):
        """Join the proposal to another that says the same: both originals stay, one answer is for both.

        Raises:
            PermissionDenied, ValidationError: as the door says; nothing is changed.
        """
        self.merged_into = other
        reason = str(_("Объединено с %(number)s.")) % {"number": other.number}
        try:
            with transaction.atomic():
                # Both in one order: two moderators who merge them crosswise wait for each other, not for ever.
                pair = type(self).objects.filter(pk__in=[self.pk, other.pk]).order_by("pk")
                list(pair.select_for_update(no_key=True, of=["self"]).values_list("pk"))
                self.move_to(self.Status.MERGED, by=by, reason=reason)
        except Exception:
            self.merged_into = None
            raise

    def become_priority(self, strategy, title, *, by):
        """A draft priority that follows from the words and keeps the link; the region publishes it as usual.

        Args:
            strategy: the town's living strategy where it goes.
            title: how the priority is called.
            by: the moderator.

        Raises:
            PermissionDenied: somebody else asks.
            ValidationError: it has a priority already, or the strategy is not living or another town's.
        """
        if not may_moderate(by, self):
            raise PermissionDenied
        if self.priority_id:
            raise ValidationError(_("У этого предложения уже есть приоритет."), code="has_priority")
        if strategy.municipality_id != self.municipality_id or strategy.status not in Strategy.LIVE:
            raise ValidationError(_("Приоритет заводят в действующей стратегии того же города."), code="other_strategy")
        with transaction.atomic():
            priority = Priority(strategy=strategy, title=title.strip(), created_by=by, is_sample=self.is_sample)
            priority.full_clean(exclude=["created_by"])
            priority.save()
            self.priority = priority
            self.save_edited(by=by, known_version=self.row_version)
        return priority

    @property
    def fate(self):
        """The proposal whose state tells what became of this one: itself, or the one it was merged with."""
        return self.merged_into if self.status == self.Status.MERGED else self

    @property
    def asks(self):
        """Whether an answer is owed: it was promised by a day, or the words ask for one (`asking`).

        Words of a source that grew into a priority or a measure were answered by that: they do not wait.
        """
        has_grown = self.channel == self.Channel.SOURCE and (self.priority_id or self.measure_id)
        return self.answer_due is not None or (self.kind in self.ASKING and not has_grown)

    def days_waiting(self, on):
        """Days past the promised term without an answer; 0 while there is time, or where no term runs."""
        late = self.fate.status in self.WAITING and self.answer_due is not None
        return max((on - self.answer_due).days, 0) if late else 0

    def get_absolute_url(self):
        return reverse("proposals:proposal_detail", args=[self.number])

    @property
    def territory(self):
        """(region id, municipality id or None), as permissions ask for it."""
        return self.region_id, self.municipality_id
