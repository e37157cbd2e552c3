import hashlib
import uuid

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from .report import ProgressReport

MAX_FILES = 10
# The town writes it: it was not handed in, or was sent back.
IN_HAND = frozenset({ProgressReport.Status.DRAFT, ProgressReport.Status.RETURNED})


def evidence_storage():
    """Where evidence lies: apart from public papers, since a report is not public until it is published."""
    return storages["evidence"]


class EvidenceQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Evidence of the reports that a person may see."""
        return self.filter(report__in=ProgressReport.objects.visible_to(user))


class Evidence(models.Model):
    """A photo or a paper that shows what a report says. Photos are made anew: no place, no owner, no camera.

    What is kept of the file as it came is its SHA-256: whoever has the original can prove it, and nobody gets more than
    the public copy.
    """

    class Stage(models.TextChoices):
        BEFORE = "before", _("до работ")
        DURING = "during", _("во время работ")
        AFTER = "after", _("после работ")
        PAPER = "paper", _("документ")

    report = models.ForeignKey(ProgressReport, models.CASCADE, related_name="evidence", verbose_name="отчёт")
    stage = models.CharField("что показывает", max_length=6, choices=Stage, default=Stage.DURING)
    caption = models.CharField("подпись", max_length=200, blank=True)
    file = models.FileField("файл", storage=evidence_storage, max_length=200)
    thumbnail = models.FileField("уменьшенный снимок", storage=evidence_storage, max_length=200, blank=True)
    file_type = models.CharField("тип файла", max_length=5)
    file_size = models.PositiveIntegerField("размер, байт")
    sha256 = models.CharField("SHA-256 присланного файла", max_length=64)
    width = models.PositiveIntegerField("ширина", null=True, blank=True)
    height = models.PositiveIntegerField("высота", null=True, blank=True)
    taken_on = models.DateField("снято", null=True, blank=True)
    created_at = models.DateTimeField("приложено", auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="кто приложил"
    )

    objects = EvidenceQuerySet.as_manager()

    part_of = "report"

    class Meta:
        verbose_name = "подтверждение"
        verbose_name_plural = "подтверждения"
        ordering = ["report", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["report", "sha256"], name="evidence_once"),
            models.CheckConstraint(
                condition=Q(file_type__in=["jpg", "pdf", "docx", "xlsx"]), name="evidence_of_known_type"
            ),
        ]

    def __str__(self):
        return self.caption or f"{self.get_stage_display()}: {self.report}"

    def get_absolute_url(self):
        return reverse("strategies:evidence", args=[self.pk])

    @property
    def is_photo(self):
        """Whether it is a picture to show rather than a file to open."""
        return self.file_type == "jpg"

    @classmethod
    def attach(cls, report, files, *, stage, by):
        """Keep checked files with a report in the town's hands; a file that is there already is not kept twice.

        Args:
            report: a draft.
            files: `documents.uploads.CheckedFile`s.
            stage: what photos show; papers are always papers.
            by: who brings them.

        Returns:
            The new records. If anything fails, neither rows nor files are left.

        Raises:
            ValidationError: the report has been handed in; or, with the code `too_many`, the first files have filled
                it and are kept, the others are not.
        """
        kept, left_out, storage = [], 0, evidence_storage()
        try:
            with transaction.atomic():
                _hold(report)
                known = set(report.evidence.values_list("sha256", flat=True))
                for checked in files:
                    sha256 = hashlib.sha256(checked.original).hexdigest()
                    if sha256 in known:
                        continue
                    if len(known) >= MAX_FILES:
                        left_out += 1
                        continue
                    known.add(sha256)
                    kept.append(cls._keep(report, checked, sha256, stage, by))
        except BaseException:
            for evidence in kept:
                for name in filter(None, (evidence.file.name, evidence.thumbnail.name)):
                    storage.delete(name)
            raise
        if left_out:
            raise ValidationError(f"К отчёту можно приложить не больше {MAX_FILES} файлов.", code="too_many")
        return kept

    @classmethod
    def _keep(cls, report, checked, sha256, stage, by):
        name = uuid.uuid4().hex
        evidence = cls(
            report=report, stage=stage if checked.kind == "jpg" else cls.Stage.PAPER, caption=checked.caption,
            file_type=checked.kind, file_size=len(checked.content), sha256=sha256, width=checked.width,
            height=checked.height, taken_on=checked.taken_on, created_by=by,
        )  # fmt: skip
        evidence.file.save(f"{name}.{checked.kind}", ContentFile(checked.content), save=False)
        if checked.thumbnail:
            evidence.thumbnail.save(f"{name}-s.{checked.kind}", ContentFile(checked.thumbnail), save=False)
        evidence.save()
        return evidence

    def remove(self):
        """Take evidence out of a report in the town's hands: the row and its files.

        Raises:
            ValidationError: the report has been handed in.
        """
        names, storage = [self.file.name, self.thumbnail.name], evidence_storage()
        with transaction.atomic():
            _hold(self.report)
            self.delete()
            # The files go only when the row is gone for good.
            transaction.on_commit(lambda: [storage.delete(name) for name in names if name])


def _hold(report):
    """Whoever hands the report in at this moment waits: what the region reads is what was attached before."""
    status = ProgressReport.objects.select_for_update(no_key=True).values_list("status", flat=True).get(pk=report.pk)
    if status not in IN_HAND:
        raise ValidationError(_("Этот отчёт уже сдан и ждёт проверки."), code="already_sent")
