import datetime
import json
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Count, Q
from django.db.models.fields.json import KT
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from documents.models import Document
from municipalities.models import Record

from .funding import Funding
from .measure import Measure
from .programme import Programme
from .version_content import BATCH, PAGE, content_of, differences, measures_of, planned_in, total


class ProgrammeVersionQuerySet(models.QuerySet):
    def public(self):
        """Versions of programmes that everybody may see."""
        return self.filter(programme__in=Programme.objects.public())

    def light(self):
        """Versions without what they promise: a list needs only their passports."""
        return self.defer("content")

    def with_counts(self):
        """Add `added`, `removed`, `changed`: how many measures came, went and were promised otherwise."""
        kinds = VersionChange.Kind
        return self.annotate(
            **{
                kind.value: Count("changes__measure", filter=Q(changes__kind=kind), distinct=True)
                for kind in (kinds.ADDED, kinds.REMOVED, kinds.CHANGED)
            }
        )


class ProgrammeVersion(Record):
    """A programme as an act made it: what it promised on that day. It never changes."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="versions", verbose_name="программа")
    number = models.PositiveSmallIntegerField("версия")
    act_title = models.CharField("акт", max_length=300, blank=True)
    act_date = models.DateField("дата акта", null=True, blank=True)
    act = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="programme_versions", verbose_name="документ"
    )
    reason = models.TextField("что и почему изменили", blank=True)
    content = models.JSONField("что обещано", default=dict, editable=False)
    measure_count = models.PositiveIntegerField("мер", default=0, editable=False)
    planned = models.DecimalField(
        "обещано, тыс. руб.", max_digits=18, decimal_places=2, null=True, blank=True, editable=False
    )

    objects = ProgrammeVersionQuerySet.as_manager()

    part_of = "programme"

    class Meta:
        verbose_name = "версия программы"
        verbose_name_plural = "версии программ"
        ordering = ["programme", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "number"], name="programme_version_once"),
            models.CheckConstraint(
                condition=Q(number=1) | ~Q(reason=""),
                name="programme_revised_because",
                violation_error_message=_("Напишите, что и почему изменили."),
            ),
        ]

    def __str__(self):
        return f"{self.programme}, версия {self.number}"

    def get_absolute_url(self):
        return reverse("strategies:version_detail", args=[self.pk])

    @property
    def page_total(self):
        """How many pages of promises the version keeps."""
        return -(-self.measure_count // PAGE)

    def promised(self, page):
        """What the version promised, one page of it, from 1; one query that reads this page only."""
        rows = type(self).objects.annotate(part=KT(f"content__pages__{page - 1}"))
        measures = json.loads(rows.values_list("part", flat=True).get(pk=self.pk) or "[]")
        for measure in measures:
            measure["planned"] = total(measure)
            for name in ("start", "due"):
                measure[name] = datetime.date.fromisoformat(measure[name]) if name in measure else None
        return measures

    @classmethod
    def adopt(cls, programme, *, by, reason=""):
        """Keep what a programme promises now, by its act, as its next version with the difference from the last one.

        Called inside the transaction that approves or revises the programme; its row is locked there.

        Args:
            programme: with the act of this version in its passport.
            by: who approves.
            reason: what is changed and why; not needed for the first version.

        Raises:
            ValidationError: nothing differs from the last version (code `nothing_changed`), or no reason is given.
        """
        former = cls.objects.filter(programme=programme).order_by("-number").first()
        content = content_of(programme)
        lines = list(differences(former.content, content)) if former else []
        if former and not lines:
            raise ValidationError(
                _("Меры, деньги и сроки те же, что в прежней версии: сохранять нечего."), code="nothing_changed"
            )
        version = cls(
            programme=programme, number=former.number + 1 if former else 1, act_title=programme.act_title,
            act_date=programme.act_date, act=programme.act, reason=reason, content=content,
            measure_count=len(measures_of(content)), planned=planned_in(content), created_by=by,
            is_sample=programme.is_sample,
        )  # fmt: skip
        version.full_clean(exclude=["created_by", "content"])
        version.save()
        changes = [VersionChange(version=version, order=order, **line) for order, line in enumerate(lines)]
        VersionChange.objects.bulk_create(changes, batch_size=BATCH)
        return version


class VersionChange(models.Model):
    """One line of the difference between a version and the one before it."""

    class Kind(models.TextChoices):
        ADDED = "added", _("добавлено")
        REMOVED = "removed", _("исключено")
        CHANGED = "changed", _("изменено")

    version = models.ForeignKey(ProgrammeVersion, models.PROTECT, related_name="changes", verbose_name="версия")
    measure = models.ForeignKey(
        Measure, models.DO_NOTHING, null=True, blank=True, db_constraint=False, related_name="version_changes",
        verbose_name="мера",
    )  # fmt: skip
    title = models.CharField("мера", max_length=400)
    kind = models.CharField("что изменилось", max_length=10, choices=Kind)
    field = models.CharField("поле", max_length=120, blank=True)
    before = models.TextField("было", blank=True)
    after = models.TextField("стало", blank=True)
    order = models.PositiveIntegerField("порядок", default=0)

    part_of = "version"

    class Meta:
        verbose_name = "изменение в версии"
        verbose_name_plural = "изменения в версиях"
        ordering = ["version", "order", "pk"]

    def __str__(self):
        return f"{self.title}: {self.get_kind_display()}"

    @property
    def field_label(self):
        """What is promised otherwise, in words: «срок», «деньги, 2027 год, областной бюджет»."""
        part, _colon, name = self.field.partition(":")
        if part in LABELS:
            return str(LABELS[part])
        if part == "milestones":
            return _("контрольная точка «%(name)s»") % {"name": name}
        year, _colon, name = name.partition(":")
        if part == "money":
            name = dict(Funding.Source.choices).get(name, name)
            return _("деньги, %(year)s год, %(name)s") % {"year": year, "name": name}
        return _("показатель «%(name)s», %(year)s год") % {"year": year, "name": name}

    @cached_property
    def values(self):
        """{before, after}: dates as dates, sums and figures as numbers, texts as they are; None where nothing was."""
        return {"before": self._value(self.before), "after": self._value(self.after)}

    def _value(self, text):
        if not text:
            return None
        if self.is_day:
            return datetime.date.fromisoformat(text)
        return Decimal(text) if self.is_money or self.is_figure else text

    @property
    def is_money(self):
        """Whether the values are thousands of roubles; a measure that came or went shows its whole money."""
        return self.field.partition(":")[0] in {"", "money"}

    @property
    def is_day(self):
        """Whether the values are dates."""
        return self.field.partition(":")[0] in DAYS

    @property
    def is_figure(self):
        """Whether the values are figures of an indicator."""
        return self.field.partition(":")[0] == "targets"


DAYS = frozenset({"start", "due", "milestones"})
LABELS = {
    "title": _("название"),
    "code": _("номер"),
    "direction": _("направление"),
    "town": _("город"),
    "responsible": _("ответственный"),
    "start": _("начало"),
    "due": _("срок"),
    "result": _("ожидаемый результат"),
    "decision": _("решение сессии"),
    "year_from": _("первый год"),
    "year_to": _("последний год"),
}
