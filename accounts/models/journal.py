from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import translation

from municipalities.models import Municipality, Region


class JournalIsFinal(Exception):
    """Somebody tried to change or delete what the journal keeps."""

    def __init__(self):
        super().__init__("Записи журнала не меняют и не удаляют.")


class JournalEntryQuerySet(models.QuerySet):
    def public(self):
        """Entries about steps that everybody may see."""
        return self.filter(is_public=True)

    def about(self, record):
        """Entries about one record, oldest first."""
        content_type = ContentType.objects.get_for_model(record)
        return self.filter(content_type=content_type, object_id=record.pk).order_by("at", "pk")

    def visible_to(self, user):
        """Public entries, and for officials those of their own territory."""
        if user.is_superuser:
            return self
        seen = models.Q(is_public=True)
        if user.is_authenticated:
            regions = {held.region_id for held in user.current_roles if held.region_id}
            towns = {held.municipality_id for held in user.current_roles if held.municipality_id}
            seen |= models.Q(region__in=regions) | models.Q(municipality__in=towns)
        return self.filter(seen)

    def update(self, **kwargs):
        raise JournalIsFinal

    def delete(self):
        raise JournalIsFinal


class JournalEntry(models.Model):
    """One step in the life of a record: who, when, from which status to which, why.

    Nothing here can be taken back, so words of people are not kept: their records stand by kind and number.
    Written by the door only. The database itself refuses UPDATE and DELETE (a trigger), so the shell and SQL obey too.
    """

    at = models.DateTimeField("когда", auto_now_add=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="journal", verbose_name="кто"
    )
    content_type = models.ForeignKey(ContentType, models.PROTECT, verbose_name="вид записи")
    object_id = models.PositiveBigIntegerField("номер записи")
    record = GenericForeignKey()
    record_title = models.CharField("запись", max_length=300)
    record_url = models.CharField("адрес", max_length=300, blank=True)
    from_status = models.CharField("из состояния", max_length=20, blank=True)
    to_status = models.CharField("в состояние", max_length=20)
    from_label = models.CharField("было", max_length=100, blank=True)
    to_label = models.CharField("стало", max_length=100)
    reason = models.TextField("почему", blank=True)
    is_public = models.BooleanField("видно всем", default=False)
    is_sample = models.BooleanField("пример", default=False)
    region = models.ForeignKey(Region, models.PROTECT, null=True, related_name="+", verbose_name="регион")
    municipality = models.ForeignKey(
        Municipality, models.PROTECT, null=True, related_name="journal", verbose_name="город"
    )

    objects = JournalEntryQuerySet.as_manager()

    class Meta:
        verbose_name = "запись журнала"
        verbose_name_plural = "журнал"
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["-at", "-id"], name="journal_latest"),
            models.Index(fields=["content_type", "object_id", "at"], name="journal_by_record"),
            models.Index(fields=["is_public", "-at"], name="journal_public"),
        ]

    def __str__(self):
        return f"{self.record_title}: {self.to_label}"

    def save(self, *args, **kwargs):
        if self.pk:
            raise JournalIsFinal
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise JournalIsFinal

    @classmethod
    def write(cls, record, *, from_status, by, reason, is_public, to=None):
        """Note a step of a record that has just been taken; called inside its transaction.

        Args:
            to: (code, label) of what is no step between states; the state it stands in by default.
        """
        region_id, municipality_id = record.territory
        labels = dict(record._meta.get_field("status").flatchoices)
        to_status, to_label = to or (record.status, labels[record.status])
        # Words are kept in the language of the source, whatever page the step was taken on: pages translate them.
        with translation.override(settings.LANGUAGE_CODE):
            words = {
                "record_title": (record.plain_name if record.TITLE_IS_WORDS else str(record))[:300],
                "record_url": record.get_absolute_url()[:300],
                "from_label": "" if to else str(labels.get(from_status, "")),
                "to_label": str(to_label),
            }
        return cls.objects.create(
            **words,
            actor=by,
            record=record,
            from_status=from_status,
            to_status=to_status,
            reason=reason,
            is_public=is_public,
            is_sample=getattr(record, "is_sample", False),
            region_id=region_id,
            municipality_id=municipality_id,
        )
