from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from accounts.models import Role, WorkflowModel, WorkflowQuerySet
from accounts.permissions import is_municipal_editor, is_municipal_head, is_region_approver, is_region_editor
from municipalities.fields import PartialDateField
from municipalities.models import Municipality, Record, Region
from municipalities.search import index_text, matching
from strategies.models import Measure, Priority

from .session import Section, Session


def may_moderate(user, proposal):
    """A town's proposal: its editor or head; a regional topic: the region's editor."""
    return (is_municipal_editor if proposal.municipality_id else is_region_editor)(user, proposal)


def may_answer(user, proposal):
    """A town's proposal: its head; a regional topic: the region's approver."""
    return (is_municipal_head if proposal.municipality_id else is_region_approver)(user, proposal)


class ProposalQuerySet(WorkflowQuerySet):
    def public(self):
        """Moderated proposals that are not hidden: only their public text may be shown (invariant 15)."""
        return self.filter(status__in=Proposal.PUBLIC).exclude(public_text="")

    def of_town(self, town):
        """Proposals about a town."""
        return self.filter(municipality=town)

    def erase_expired(self, before):
        """Forget the authors who consented before a moment; gives how many (invariant 13: the text stays).

        Args:
            before: consents given earlier than this have run out.
        """
        expired = self.filter(consented_at__lt=before).exclude(author_name="", author_email="")
        return expired.update(
            author_name="", author_email="", author_erased_at=timezone.now(), row_version=F("row_version") + 1
        )

    def search(self, query):
        """Proposals whose public text holds every word of the query."""
        return matching(self, query)


class Proposal(WorkflowModel, Record):
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
        HIDDEN = "hidden", _("скрыто")

    ANSWERED = frozenset({Status.ACCEPTED, Status.PARTLY, Status.DECLINED, Status.REDIRECTED})

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
    status = models.CharField("состояние", max_length=20, choices=Status, default=Status.NEW, editable=False)
    answer = models.TextField("ответ для всех", blank=True)
    answered_at = models.DateTimeField("когда ответили", null=True, blank=True, editable=False)
    search_stems = models.TextField(editable=False, blank=True)

    # Personal data never enters the history: erased must mean erased (invariant 13).
    history = HistoricalRecords(excluded_fields=["author_name", "author_email", "search_stems", "row_version"])
    objects = ProposalQuerySet.as_manager()

    PUBLIC = frozenset({Status.NEW, Status.ON_REVIEW}) | ANSWERED
    EDITORS = frozenset({Role.MUNICIPAL_HEAD, Role.MUNICIPAL_EDITOR, Role.REGION_EDITOR, Role.REGION_APPROVER})
    REASON_NEEDED = frozenset({Status.HIDDEN})
    REGION_LOOKUPS = ("region",)
    TRANSITIONS = {
        (Status.NEW, Status.ON_REVIEW): may_moderate,
        (Status.ON_REVIEW, Status.ACCEPTED): may_answer,
        (Status.ON_REVIEW, Status.PARTLY): may_answer,
        (Status.ON_REVIEW, Status.DECLINED): may_answer,
        (Status.ON_REVIEW, Status.REDIRECTED): may_answer,
        (Status.NEW, Status.HIDDEN): may_moderate,
        (Status.ON_REVIEW, Status.HIDDEN): may_moderate,
        (Status.ACCEPTED, Status.HIDDEN): may_moderate,
        (Status.PARTLY, Status.HIDDEN): may_moderate,
        (Status.DECLINED, Status.HIDDEN): may_moderate,
        (Status.REDIRECTED, Status.HIDDEN): may_moderate,
    }

    class Meta:
        verbose_name = "предложение"
        verbose_name_plural = "предложения"
        ordering = ["-said_on", "number"]
        indexes = [
            models.Index(fields=["municipality", "status"], name="proposal_by_town"),
            models.Index(fields=["session", "status"], name="proposal_by_session"),
            models.Index(fields=["priority", "status"], name="proposal_by_priority"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(author_name="", author_email="") | ~Q(consent_version=""),
                name="proposal_author_gave_consent",
                violation_error_message=_("Имя и почту хранят только с согласием автора."),
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

    def save(self, *args, **kwargs):
        self.search_stems = index_text(self.public_text, self.number)
        super().save(*args, **kwargs)

    def clean(self):
        """Invariant 12 and the unity of town, session and priority."""
        if self.municipality_id and self.municipality.region_id != self.region_id:
            raise ValidationError({"municipality": _("Город должен быть из того же региона.")})
        if self.priority_id and self.municipality_id != self.priority.strategy.municipality_id:
            raise ValidationError({"priority": _("Приоритет должен быть того же города.")})
        if self._state.adding and self.session_id:
            self._check_session_takes()

    def _check_session_takes(self):
        session = self.session
        if session.status in {Session.Status.PLANNED, Session.Status.CANCELLED}:
            raise ValidationError(
                {"session": _("Предложения принимают после объявления сессии.")}, code="session_not_announced"
            )
        if session.proposals_until and timezone.localdate() > session.proposals_until:
            raise ValidationError({"session": _("Срок подачи предложений прошёл.")}, code="session_closed")

    def check_move(self, status, *, by, reason):
        """Invariants 14 and 15: a decision needs a public text and a public answer with reasons."""
        if status in self.ANSWERED:
            if not self.public_text.strip():
                raise ValidationError({"public_text": _("Сначала подготовьте текст для всех.")}, code="no_public_text")
            if not self.answer.strip():
                raise ValidationError({"answer": _("Напишите ответ с причинами: его увидят все.")}, code="no_answer")
            self.answered_at = timezone.now()

    def erase_author(self):
        """Forget the author: name and address go at once, the text stays (invariant 13)."""
        self.author_name = self.author_email = ""
        self.author_erased_at = timezone.now()
        # The number grows so that a copy read before cannot write the name back.
        self.row_version += 1
        self.save(update_fields=["author_name", "author_email", "author_erased_at", "row_version"])

    def get_absolute_url(self):
        return (self.session or self.municipality or self.region).get_absolute_url() + f"#{self.number}"

    @property
    def territory(self):
        """(region id, municipality id or None), as permissions ask for it."""
        return self.region_id, self.municipality_id
