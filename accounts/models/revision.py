from dataclasses import dataclass

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from municipalities.models import Municipality, Region

from .journal import JournalEntry
from .user import MUNICIPAL_ROLES, REGION_ROLES, Role, RoleAssignment

REVISED = ("revised", _("изменён текст"))
CHANGED = _("Пока вы смотрели, запись или правку изменил кто-то другой. Обновите страницу и сравните.")


@dataclass(frozen=True)
class ChangedWords:
    """One field of a revision: what stood and what comes, as people read it."""

    name: str
    label: str
    was: str
    becomes: str


class RevisionQuerySet(models.QuerySet):
    def about(self, record):
        """Revisions of one record, the newest first."""
        content_type = ContentType.objects.get_for_model(record)
        return self.filter(content_type=content_type, object_id=record.pk).order_by("-decided_at", "-pk")

    def waiting(self):
        """Revisions that nobody has decided on."""
        return self.filter(status=Revision.Status.PROPOSED)

    def accepted(self):
        """Revisions whose words everybody reads."""
        return self.filter(status=Revision.Status.ACCEPTED)

    def of_decider(self, user):
        """Revisions that are for the person to decide on, or were: of one's own territory, never one's own."""
        return self.filter(
            Q(decider=Role.REGION_APPROVER, region__in=user.region_ids(Role.REGION_APPROVER))
            | Q(decider=Role.MUNICIPAL_HEAD, municipality__in=user.municipality_ids(Role.MUNICIPAL_HEAD))
        ).exclude(proposed_by=user)

    def to_decide_by(self, user):
        """Revisions that wait for the person."""
        return self.of_decider(user).waiting()

    def with_people(self):
        """Each with who proposed and who decided, and whether anybody may decide (`has_decider`)."""
        deciders = RoleAssignment.objects.in_force(timezone.localdate()).filter(
            Q(role__in=MUNICIPAL_ROLES, municipality=OuterRef("municipality"))
            | Q(role__in=REGION_ROLES, region=OuterRef("region")),
            role=OuterRef("decider"), user__is_active=True,
        )  # fmt: skip
        others = deciders.exclude(user=OuterRef("proposed_by"))
        return self.select_related("proposed_by", "decided_by").annotate(has_decider=Exists(others))


class Revision(models.Model):
    """A correction of published words: what stood, what comes, why, who proposed it and who agreed.

    Published words change by it alone (`WorkflowModel.save_edited`). Whoever has the right to give the words by oneself
    (`may_revise_alone`) changes them at once, anybody else waits for the `decider`. Both texts stay visible.
    """

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("ждёт решения")
        ACCEPTED = "accepted", _("принята")
        DECLINED = "declined", _("возвращена")

    content_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+", verbose_name="вид записи")
    object_id = models.PositiveBigIntegerField("номер записи")
    record = GenericForeignKey()
    words = models.JSONField("слова", default=dict, help_text="{поле: [было, станет]}")
    reason = models.TextField("почему", blank=True)
    drops_former = models.BooleanField(
        "прежний текст не показывать", default=False, help_text="В нём чужие личные данные."
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="revisions", verbose_name="кто предложил"
    )
    proposed_at = models.DateTimeField("когда предложили", default=timezone.now)
    decider = models.CharField("кто решает", max_length=20, choices=Role)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="кто решил"
    )
    decided_at = models.DateTimeField("когда решили", null=True)
    declined_because = models.TextField("почему вернули", blank=True)
    status = models.CharField("состояние", max_length=10, choices=Status, default=Status.PROPOSED)
    row_version = models.PositiveIntegerField(default=1)
    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name="регион")
    municipality = models.ForeignKey(Municipality, models.PROTECT, null=True, related_name="+", verbose_name="город")

    objects = RevisionQuerySet.as_manager()

    class Meta:
        verbose_name = "правка опубликованного"
        verbose_name_plural = "правки опубликованного"
        ordering = ["proposed_at", "pk"]
        indexes = [
            models.Index(fields=["content_type", "object_id", "status"], name="revision_by_record"),
            models.Index(fields=["status", "region"], name="revision_waiting"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "object_id"], condition=Q(status="proposed"), name="revision_waits_alone"
            ),
            models.CheckConstraint(
                condition=Q(status="proposed", decided_at__isnull=True)
                | (~Q(status="proposed") & Q(decided_at__isnull=False)),
                name="revision_decided_on_a_day",
            ),
        ]

    def __str__(self):
        return f"{self._meta.verbose_name}: {self.record}"

    @classmethod
    def propose(cls, record, becomes, *, stored, by, reason):
        """Correct published words of a record, inside its transaction: at once, or when the decider agrees.

        One waits at a time; what the same person proposes meanwhile is added to it.

        Args:
            becomes: {field: its new words}.
            stored: the row as everybody reads it now.

        Returns:
            The revision; while it waits, the record has to keep its stored words.

        Raises:
            ValidationError: without a reason, or somebody else's revision waits.
        """
        if not reason.strip():
            raise ValidationError(
                _("Напишите, почему меняете опубликованный текст: причину увидят все."), code="reason_needed"
            )
        is_alone = record.may_revise_alone(by, becomes)
        waiting = None if is_alone else cls.objects.waiting().about(record).select_for_update(no_key=True).first()
        if waiting is not None and waiting.proposed_by_id != by.pk:
            raise ValidationError(waiting.told, code="revision_waits")
        region_id, municipality_id = record.territory
        revision = waiting or cls(record=record, proposed_by=by, region_id=region_id, municipality_id=municipality_id)
        becomes = {name: one for name, (_was, one) in revision.words.items()} | becomes
        revision.words = {name: [stored[name], one] for name, one in becomes.items() if one != stored[name]}
        revision.decider, revision.reason = record.revision_decider, reason.strip()
        revision.drops_former, revision.proposed_at = record.drops_former, timezone.now()
        revision.row_version += waiting is not None
        if is_alone:
            revision._let_in(record, by=by)
        revision.save()
        return revision

    def accept(self, *, by, seen):
        """Let the words in, as the decider.

        Args:
            seen: the `row_version` of the revision that was read.

        Raises:
            PermissionDenied: somebody else decides.
            ValidationError: it was decided, or the words changed since; or a rule of the record refuses.
        """
        with transaction.atomic():
            record, held = self._held(seen)
            if not type(self).objects.to_decide_by(by).filter(pk=self.pk).exists():
                raise PermissionDenied
            record.take_words(held.words, by=by)
            held._let_in(record, by=by)
            held.save()
        self.refresh_from_db()

    def decline(self, *, by, seen, reason):
        """Send the words back with a reason; whoever proposed them may take them back.

        Raises:
            PermissionDenied: somebody else decides.
            ValidationError: without a reason, or it was decided or changed since.
        """
        if not reason.strip():
            raise ValidationError(_("Напишите, почему возвращаете."), code="reason_needed")
        with transaction.atomic():
            _record, held = self._held(seen)
            if held.proposed_by_id != by.pk and not type(self).objects.to_decide_by(by).filter(pk=self.pk).exists():
                raise PermissionDenied
            held._decide(self.Status.DECLINED, by=by, because=reason.strip())
            held.save()
        self.refresh_from_db()

    @classmethod
    def drop(cls, record, *, by):
        """Send back what waits for a record that everybody reads no more."""
        for waiting in cls.objects.waiting().about(record):
            waiting._decide(cls.Status.DECLINED, by=by, because=str(_("Запись больше не видна всем.")))
            waiting.save()

    def _held(self, seen):
        """(the record, the revision) as they stand, both locked, the record first as everywhere."""
        model = ContentType.objects.get_for_id(self.content_type_id).model_class()
        record = model._base_manager.select_for_update(no_key=True).get(pk=self.object_id)
        held = type(self).objects.select_for_update(no_key=True).get(pk=self.pk)
        if (held.status, held.row_version) != (self.Status.PROPOSED, seen):
            raise ValidationError(CHANGED, code="changed_meanwhile")
        return record, held

    def _let_in(self, record, *, by):
        self._decide(self.Status.ACCEPTED, by=by)
        # The journal keeps no words of people: the reason stands with the revision, where it can be erased.
        reason = str(_("Прежний текст и причина — на странице записи.")) if record.TITLE_IS_WORDS else self.reason
        JournalEntry.write(
            record, from_status=record.status, by=by, reason=reason, is_public=record.is_seen_by_all(), to=REVISED
        )
        if self.drops_former:
            self.words = {name: ["", becomes] for name, (_was, becomes) in self.words.items()}

    def _decide(self, status, *, by, because=""):
        self.status, self.decided_by, self.decided_at, self.declined_because = status, by, timezone.now(), because

    @property
    def changes(self):
        """`ChangedWords` of each field, in the order of the model."""
        model = ContentType.objects.get_for_id(self.content_type_id).model_class()
        return [
            ChangedWords(name, label, *(_told(model, name, words) for words in self.words[name]))
            for name, label in model.PUBLIC_WORDS.items()
            if name in self.words
        ]

    @property
    def title(self):
        """What it is about, for letters: never words of people."""
        return self.record.plain_name if self.record.TITLE_IS_WORDS else str(self.record)

    @cached_property
    def has_decider(self):
        """Whether anybody may decide today: whoever proposed it may not."""
        return type(self).objects.with_people().get(pk=self.pk).has_decider

    def may_find_decider(self, user):
        """Whether the person gives roles here, and so may name who decides."""
        return user.is_superuser or self.region_id in user.region_ids(Role.ADMIN)

    @property
    def is_by_one(self):
        """Whether one person gave the words: their own."""
        return self.proposed_by_id == self.decided_by_id

    @property
    def told(self):
        """What has become of it, for the office."""
        if self.status == self.Status.ACCEPTED:
            return "Изменили. Прежний текст остался виден рядом с новым, с причиной."
        who = self.proposed_by.public_name or self.proposed_by.username
        told = f"Правка ждёт решения. Предложил: {who}. До решения все видят прежний текст."
        if self.has_decider:
            return f"{told} Решает {self.get_decider_display()}, но не тот, кто предложил: ему придёт письмо."
        return (
            f"{told} Принять её сейчас некому: кроме того, кто предложил, роли «{self.get_decider_display()}» нет ни у "
            "кого. Роль даёт администратор региона."
        )


def _told(model, name, words):
    choices = dict(model._meta.get_field(name).flatchoices)
    return choices.get(words, words)
