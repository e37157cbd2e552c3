import hashlib
import uuid
from functools import partial

from django.core.exceptions import ValidationError
from django.core.files.storage import storages
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from accounts.models import ErasableWords, Role, WorkflowModel, WorkflowQuerySet
from accounts.permissions import any_of, is_municipal_head, is_region_approver
from documents.uploads import file_type, has_text_layer
from municipalities.models import Municipality, Record, Region
from municipalities.search import index_text, matching


def upload_path(document, filename):
    """A path that says nothing of the uploader's file name; the type comes from the content."""
    return f"documents/{uuid.uuid4().hex}.{document.file_type}"


def take_out_of_sight(name):
    """Move a file from what the proxy serves to where only the site reads; doing it again changes nothing."""
    public, private = storages["default"], storages["evidence"]
    if not public.exists(name):
        return
    if not private.exists(name):
        with public.open(name) as content:
            private.save(name, content)
    public.delete(name)


def remove_for_good(name):
    """Remove a file from everywhere it may lie; doing it again changes nothing."""
    for storage in (storages["default"], storages["evidence"]):
        storage.delete(name)


class DocumentQuerySet(WorkflowQuerySet):
    def of_town(self, town):
        """Documents that belong to a town."""
        return self.filter(municipality=town)

    def search(self, query):
        """Documents whose title or number holds every word of the query."""
        return matching(self, query)


class Document(ErasableWords, WorkflowModel, Record):
    """A paper with its passport: an act, minutes, a resolution. The file, or where the text is officially published."""

    class Kind(models.TextChoices):
        STRATEGY = "strategy", _("стратегия")
        DECISION = "decision", _("решение думы")
        DECREE = "decree", _("постановление")
        LAW = "law", _("закон")
        PROGRAMME = "programme", _("программа")
        PLAN = "plan", _("план мероприятий")
        MINUTES = "minutes", _("протокол")
        RESOLUTION = "resolution", _("резолюция")
        CONCLUSION = "conclusion", _("заключение")
        REPORT = "report", _("отчёт")
        ANNOUNCEMENT = "announcement", _("объявление")
        OTHER = "other", _("документ")

    class Status(models.TextChoices):
        DRAFT = "draft", _("черновик")
        PUBLISHED = "published", _("опубликован")
        WITHDRAWN = "withdrawn", _("отозван")

    kind = models.CharField("вид", max_length=20, choices=Kind, default=Kind.OTHER)
    title = models.CharField("название", max_length=500)
    number = models.CharField("номер", max_length=50, blank=True)
    date = models.DateField("дата", null=True, blank=True)
    adopted_by = models.CharField("кто принял", max_length=200, blank=True)
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, related_name="documents", verbose_name="регион"
    )
    municipality = models.ForeignKey(
        Municipality, models.PROTECT, null=True, blank=True, related_name="documents", verbose_name="город"
    )
    file = models.FileField("файл", upload_to=upload_path, blank=True, max_length=200)
    file_type = models.CharField("тип файла", max_length=5, blank=True, editable=False)
    file_size = models.PositiveIntegerField("размер, байт", null=True, blank=True, editable=False)
    file_sha256 = models.CharField("SHA-256", max_length=64, blank=True, editable=False)
    has_text = models.BooleanField("текст читается", default=False, editable=False)
    url = models.URLField("где опубликован", max_length=600, blank=True, help_text="Если текст лежит на другом сайте.")
    status = models.CharField("состояние", max_length=20, choices=Status, default=Status.DRAFT, editable=False)
    search_stems = models.TextField(editable=False, blank=True)

    history = HistoricalRecords(excluded_fields=["search_stems", "row_version"])
    objects = DocumentQuerySet.as_manager()

    TITLE_IS_WORDS = True
    WORDS = ("title", "adopted_by", "url", "sources", "note", "file_sha256")
    OUT_OF_SIGHT = Status.WITHDRAWN
    NOT_YET = _("Сначала отзовите документ.")
    PUBLIC = frozenset({Status.PUBLISHED})
    EDITORS = frozenset({Role.REGION_EDITOR, Role.REGION_APPROVER, Role.MUNICIPAL_HEAD, Role.MUNICIPAL_EDITOR})
    REGION_LOOKUPS = ("region", "municipality__region")
    REASON_NEEDED = frozenset({Status.WITHDRAWN})
    _approver = any_of(is_region_approver, is_municipal_head)
    TRANSITIONS = {
        (Status.DRAFT, Status.PUBLISHED): _approver,
        (Status.PUBLISHED, Status.WITHDRAWN): _approver,
    }

    class Meta:
        verbose_name = "документ"
        verbose_name_plural = "документы"
        ordering = [models.F("date").desc(nulls_last=True), "-pk"]
        indexes = [
            models.Index(fields=["status", "-date"], name="document_public_latest"),
            models.Index(fields=["municipality", "status", "-date"], name="document_by_town"),
            models.Index(fields=["kind", "status", "-date"], name="document_by_kind"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(region__isnull=False, municipality__isnull=True)
                | Q(region__isnull=True, municipality__isnull=False),
                name="document_has_one_owner",
                violation_error_message=_("У документа один хозяин: регион или город."),
            ),
            models.CheckConstraint(
                condition=~Q(status="published")
                | Q(file="")
                | (~Q(file_type="") & Q(file_size__isnull=False) & Q(has_text=True)),
                name="document_public_file_is_readable",
                violation_error_message=_("У публичного файла известны тип и размер, а текст в нём читается."),
            ),
        ]

    def __str__(self):
        return self.title or self.plain_name

    @property
    def plain_name(self):
        """«Протокол № 5»: nothing of the title, which may name people."""
        kind = capfirst(self.get_kind_display())
        return f"{kind} № {self.number}" if self.number else kind

    def save(self, *args, **kwargs):
        self.search_stems = self.stems_to_keep()
        former = self._former_file()
        super().save(*args, **kwargs)
        if former:
            transaction.on_commit(partial(take_out_of_sight, former))

    def stems_to_keep(self):
        """What `search_stems` holds."""
        return index_text(self.title, self.number, self.adopted_by)

    def delete(self, *args, **kwargs):
        if self.file:
            transaction.on_commit(partial(remove_for_good, self.file.name))
        return super().delete(*args, **kwargs)

    def _former_file(self):
        """The path of the file that another one takes the place of, or none; empty where the same one stays."""
        if self._state.adding or (self.file and self.file._committed):
            return ""
        return type(self)._base_manager.values_list("file", flat=True).get(pk=self.pk)

    def clean(self):
        """Read the passport of a new file from its content."""
        if self.file and not self.file._committed:
            self.file_type = file_type(self.file)
            self.file_size = self.file.size
            self.has_text = has_text_layer(self.file, self.file_type)
            self.file.seek(0)
            self.file_sha256 = hashlib.sha256(self.file.read()).hexdigest()
            self.file.seek(0)
        elif not self.file:
            self.file_type, self.file_size, self.file_sha256, self.has_text = "", None, "", False

    def check_move(self, status, *, by, reason):
        """Invariant 30: a public file has a title, a type, a size and a text that can be read aloud."""
        if status == self.Status.WITHDRAWN:
            self._check_nothing_stands_on_it()
        if status != self.Status.PUBLISHED:
            return
        if not self.file and not self.url:
            raise ValidationError(_("Приложите файл или укажите, где текст опубликован."), code="no_file")
        if self.file and not (self.file_type and self.file_size):
            raise ValidationError(_("Загрузите файл заново: его тип и размер не определены."), code="no_passport")
        if self.file and not self.has_text:
            raise ValidationError(
                _("В файле только картинка. Загрузите файл с текстом, чтобы его мог прочесть вслух экранный диктор."),
                code="no_text",
            )

    def after_move(self, from_status, *, by, reason):
        """What was withdrawn has no address any more, not even for whoever kept the link to the file."""
        if self.status == self.Status.WITHDRAWN and self.file:
            transaction.on_commit(partial(take_out_of_sight, self.file.name))

    def may_erase(self, user):
        """Whoever withdraws it."""
        return type(self)._approver(user, self)

    def erase_beside(self):
        """The file goes with the title; only its unspeaking path stays in the history."""
        if self.file:
            transaction.on_commit(partial(remove_for_good, self.file.name))
        self.file, self.file_type, self.file_size, self.has_text = "", "", None, False

    def _check_nothing_stands_on_it(self):
        """Invariants 4, 10 and 67: strategies and programmes keep their acts, a published outcome keeps its minutes."""
        if self.strategies.filter(status__in=["approved", "superseded"]).exists():
            raise ValidationError(
                _("На этом документе держится утверждённая стратегия: сначала укажите в ней другой."), code="is_an_act"
            )
        if self.programmes.filter(status__in=["approved", "completed"]).exists() or self.programme_versions.exists():
            raise ValidationError(
                _("Этим документом утверждена программа или её версия: отозвать его нельзя."), code="is_an_act"
            )
        if self.minuted_sessions.filter(status="outcome").exists():
            raise ValidationError(
                _("Это протокол сессии с опубликованными итогами: сначала укажите в ней другой."), code="is_minutes"
            )

    def get_absolute_url(self):
        return reverse("documents:document_detail", args=[self.pk])

    @property
    def territory(self):
        """(region id, municipality id or None), as permissions ask for it."""
        return (self.municipality.region_id, self.municipality_id) if self.municipality_id else (self.region_id, None)

    @property
    def type_label(self):
        """What the box before the title says: the file's type, `HTML` for a page elsewhere, «—» where there is none."""
        return self.file_type.upper() or ("HTML" if self.url else "—")
