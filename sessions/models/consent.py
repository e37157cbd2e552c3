from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from municipalities.models import Record, Region


class ConsentTextQuerySet(models.QuerySet):
    def in_force(self, region, on):
        """The text that is asked for now, or None: then neither names nor addresses are taken."""
        return self.filter(region=region, valid_from__lte=on).order_by("-valid_from", "-pk").first()


class ConsentText(Record):
    """What an author agrees to before a name or an address is kept: a document of its own, version by version (152-ФЗ).

    A version that somebody agreed to is never changed: a new one follows.
    """

    region = models.ForeignKey(Region, models.PROTECT, related_name="consent_texts", verbose_name="регион")
    version = models.CharField("версия", max_length=20)
    operator = models.CharField("оператор и его адрес", max_length=400)
    withdrawal = models.CharField("куда писать об отзыве", max_length=300, help_text="Почта или адрес оператора.")
    text = models.TextField("текст согласия")
    valid_from = models.DateField("действует с", default=timezone.localdate)

    objects = ConsentTextQuerySet.as_manager()

    AGREED = ("region_id", "version", "operator", "withdrawal", "text", "valid_from")

    class Meta:
        verbose_name = "текст согласия"
        verbose_name_plural = "тексты согласия"
        ordering = ["region", "-valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["region", "version"],
                name="consent_version_once",
                violation_error_message=_("Такая версия согласия уже есть."),
            ),
        ]

    def __str__(self):
        return f"{self.version}, {self.region}"

    def clean(self):
        """What somebody agreed to stays as it was."""
        if self.pk and self.is_agreed_to:
            known = type(self).objects.get(pk=self.pk)
            if any(getattr(self, name) != getattr(known, name) for name in self.AGREED):
                raise ValidationError(
                    _("С этой версией уже соглашались: её не меняют. Заведите новую."), code="agreed_to"
                )

    @property
    def territory(self):
        """(region id, None): the region asks for consent."""
        return self.region_id, None

    @property
    def is_agreed_to(self):
        """Whether an author gave consent to this version."""
        return self.region.proposals.filter(consent_version__in=self._versions_known()).exists()

    def _versions_known(self):
        return type(self).objects.filter(pk=self.pk).values("version")
