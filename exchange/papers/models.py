import io

from django.core.exceptions import ValidationError
from django.core.files.storage import storages
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from documents.uploads import file_type
from municipalities.models import Record, Region

from .catalogue import SAMPLES, our_form
from .word_check import check_template


def template_storage():
    """Templates lie beside evidence: nobody reads them but the site."""
    return storages["evidence"]


class PaperTemplateQuerySet(models.QuerySet):
    def latest_of(self, region, kind):
        """The last version that a region chose, or None. Without a file it means ours (`back_to_ours`)."""
        return self.filter(region=region, kind=kind).order_by("-version").first()

    def form_of(self, region, kind):
        """What a paper of a region is filled into: the content of its own template, or the path of ours."""
        own = self.latest_of(region, kind)
        if not own or not own.file:
            return our_form(kind)
        with own.file.open("rb") as content:
            return io.BytesIO(content.read())

    def back_to_ours(self, region, kind, *, by):
        """A new version without a file: from now on our template is used, the former ones stay."""
        record = self.model(region=region, kind=kind, created_by=by)
        record.full_clean(exclude=["file", "created_by"])
        record.save()
        return record


class PaperTemplate(Record):
    """A region's own Word template of an official paper. It is filled with sample words before it is accepted."""

    class Kind(models.TextChoices):
        MINUTES = "minutes", _("протокол сессии")
        PLAN = "plan", _("план мероприятий")
        SUMMARY = "summary", _("сводный отчёт")
        ORDERS = "orders", _("протокол поручений")
        PROGRESS = "progress", _("информация о ходе реализации")
        VISIT = "visit", _("карточка поездки")

    region = models.ForeignKey(Region, models.PROTECT, related_name="paper_templates", verbose_name="регион")
    kind = models.CharField("бумага", max_length=10, choices=Kind, default=Kind.MINUTES)
    version = models.PositiveSmallIntegerField("версия", editable=False)
    file = models.FileField("шаблон Word", storage=template_storage, upload_to="templates")

    objects = PaperTemplateQuerySet.as_manager()

    is_public = False  # read in the office only

    class Meta:
        verbose_name = "шаблон бумаги"
        verbose_name_plural = "шаблоны бумаг"
        ordering = ["region", "kind", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["region", "kind", "version"], name="paper_template_version_once")
        ]

    def __str__(self):
        return f"{self.get_kind_display()}, версия {self.version}"

    def save(self, *args, **kwargs):
        with transaction.atomic():
            if self.version is None:
                # Whoever brings a template of this region at this moment waits: versions are given one after another.
                Region.objects.select_for_update(no_key=True).only("pk").get(pk=self.region_id)
                last = PaperTemplate.objects.latest_of(self.region, self.kind)
                self.version = last.version + 1 if last else 1
            super().save(*args, **kwargs)

    def clean(self):
        """A Word file without macros whose marks can all be filled with the words of its own paper."""
        if not self.file or self.file._committed:
            return
        try:
            if _type_of(self.file) != "docx":
                raise ValidationError(
                    "Нужен файл Word (DOCX). Шаблон другого вида (DOC, ODT, RTF) откройте в Word и сохраните как DOCX.",
                    code="type",
                )
            if self.kind not in SAMPLES:
                raise ValidationError("Свой шаблон для этой бумаги пока не принимаем.", code="kind")
            check_template(self.file, SAMPLES[self.kind])
        except ValidationError as refusal:
            raise ValidationError({"file": refusal}) from refusal
        finally:
            self.file.seek(0)


def _type_of(upload):
    """The type of a file; None for one that is of no type we know."""
    try:
        return file_type(upload)
    except ValidationError as refusal:
        if refusal.code == "type":
            return None
        raise
