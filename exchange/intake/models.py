"""A table that somebody brought: its file, what they said of it, what it wrote, until when the file is kept."""

import datetime
import hashlib
import json
import uuid

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone

from exchange.tables.fields import KINDS
from exchange.tables.models import BRINGERS
from municipalities.models import Municipality, Region
from strategies.models import Programme

# Days that the file is kept: from when it went in, or from when somebody last worked on one that has not.
KEPT_DAYS, WAITING_DAYS = 90, 14
ALREADY_IN = "Эта таблица уже внесена."


def table_storage():
    """Where files of tables lie: with evidence, apart from whatever a proxy serves."""
    return storages["evidence"]


class TableImportQuerySet(models.QuerySet):
    def visible_to(self, user):
        """What went in in a person's regions, and what they themselves have not finished."""
        own = models.Q(created_by=user.pk, region__in=user.region_ids(*BRINGERS))
        return self.filter(own | models.Q(region__in=user.region_ids(*BRINGERS), taken_at__isnull=False))

    def waiting(self, user):
        """Tables that a person has begun and not finished."""
        return self.visible_to(user).filter(taken_at=None, created_by=user.pk)

    def light(self):
        """Without what only their own page needs."""
        return self.defer("grids", "said", "wrote").select_related("region", "created_by", "programme", "town")

    def forget_expired(self, on):
        """Delete the files whose term has ended; what has not gone in goes whole. Gives how many files."""
        gone = list(self.filter(kept_until__lt=on).exclude(file="").defer("grids", "said", "wrote"))
        for one in gone:
            with transaction.atomic():
                one.drop_file()
                if one.taken_at is None:
                    one.delete()
        return len(gone)


class TableImport(models.Model):
    """A table on its way in, or one that went in.

    Attributes:
        kind: what the person said is in it; empty: by its heads.
        said: what the person said of its sheets, see `answers`.
        grids: its sheets as they were read, packed.
        counts: {code of a kind: [added, changed]} of what it wrote.
        wrote: what taking it back needs, as `take_in` says it.
    """

    region = models.ForeignKey(Region, models.PROTECT, related_name="table_imports", verbose_name="регион")
    programme = models.ForeignKey(
        Programme, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="программа"
    )
    town = models.ForeignKey(
        Municipality, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="город"
    )
    kind = models.CharField("что вносят", max_length=10, blank=True)
    file = models.FileField("файл", storage=table_storage, max_length=200, blank=True)
    file_name = models.CharField("имя файла", max_length=200)
    sha256 = models.CharField("SHA-256 файла", max_length=64, blank=True)
    said = models.JSONField("что сказано о таблице", default=dict, blank=True)
    grids = models.BinaryField("листы", default=b"", blank=True)
    counts = models.JSONField("сколько внесено", default=dict, blank=True)
    wrote = models.JSONField("что записано", default=dict, blank=True)
    kept_until = models.DateField("файл хранится до")
    created_at = models.DateTimeField("загружено", auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="кто загрузил"
    )
    taken_at = models.DateTimeField("внесено", null=True, blank=True)
    taken_back_at = models.DateTimeField("взято назад", null=True, blank=True)

    objects = TableImportQuerySet.as_manager()

    is_public = False  # read in the office only

    class Meta:
        verbose_name = "внесённая таблица"
        verbose_name_plural = "внесённые таблицы"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(taken_back_at=None) | models.Q(taken_at__isnull=False),
                name="table_taken_back_was_taken",
            )
        ]

    def __str__(self):
        return self.file_name

    def get_absolute_url(self):
        return reverse("office:table", args=[self.pk])

    @classmethod
    def begin(cls, content, file_name, *, by, **fields):
        """A new table, its file kept apart under a name that nobody guesses.

        Args:
            content: the bytes of the file.
            file_name: how the person called it.
            by: who brings it.
            fields: region, programme, town, kind, grids, said.
        """
        made = cls(file_name=file_name[:200], sha256=hashlib.sha256(content).hexdigest(), created_by=by, **fields)
        made.kept_until = timezone.localdate() + datetime.timedelta(days=WAITING_DAYS)
        made.file.save(f"tables/{uuid.uuid4().hex}", ContentFile(content), save=False)
        try:
            made.save()
        except BaseException:
            made.file.storage.delete(made.file.name)
            raise
        return made

    @property
    def is_waiting(self):
        """Whether it has not gone in yet."""
        return self.taken_at is None

    @property
    def total(self):
        """How many records it wrote."""
        return sum(sum(pair) for pair in self.counts.values())

    @property
    def told(self):
        """[«меры: добавлено 3, изменено 1»] of what it wrote."""
        return [
            f"{KINDS[code].label if code in KINDS else code}: добавлено {added}, изменено {changed}"
            for code, (added, changed) in self.counts.items()
        ]

    @property
    def mark(self):
        """A mark of what is said of it: another one means that it was said in another window."""
        return hashlib.sha256(json.dumps(self.said, sort_keys=True).encode()).hexdigest()[:16]

    def may_take_back(self, user):
        """Whether a person is the one who may take back what it wrote; whether it can be is asked when it is done."""
        return self.taken_at is not None and self.taken_back_at is None and self.created_by_id == user.pk

    def say(self, said):
        """Keep what a person has said of it; its term begins anew."""
        self.said = said
        self.kept_until = timezone.localdate() + datetime.timedelta(days=WAITING_DAYS)
        self.save(update_fields=["said", "kept_until", "programme", "town"])

    def hold(self):
        """Lock it to take it in; whoever does so at this moment waits.

        Raises:
            ValidationError: it has gone in already.
        """
        taken_at = type(self).objects.select_for_update(no_key=True).values_list("taken_at", flat=True).get(pk=self.pk)
        if taken_at is not None:
            raise ValidationError(ALREADY_IN, code="already")

    def close(self, counts, wrote):
        """Note that it has gone in and what it wrote; from here its file is kept for its term."""
        self.counts, self.wrote, self.taken_at = counts, wrote, timezone.now()
        self.kept_until = timezone.localdate() + datetime.timedelta(days=KEPT_DAYS)
        self.grids = b""
        self.save(update_fields=["counts", "wrote", "taken_at", "kept_until", "grids"])

    def drop_file(self):
        """Let the file go; the row says that it was there."""
        name = self.file.name
        self.file, self.grids = "", b""
        self.save(update_fields=["file", "grids"])
        transaction.on_commit(lambda: table_storage().delete(name))

    def drop(self):
        """Forget a table that has not gone in, with its file."""
        with transaction.atomic():
            self.hold()
            name = self.file.name
            self.delete()
            transaction.on_commit(lambda: table_storage().delete(name))
