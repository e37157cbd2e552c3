from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from municipalities.conditions import may_break

_is_url = URLValidator(schemes=["http", "https"])


def validate_sources(text):
    """Sources are separated by « ; »; those that begin like an address must be one.

    Raises:
        ValidationError: an address is broken.
    """
    for part in split_sources(text):
        if "://" in part.split(" ", 1)[0]:
            try:
                _is_url(part.split(" ", 1)[0])
            except ValidationError as error:
                raise ValidationError(
                    _("Источник «%(source)s» не похож на адрес страницы."), code="source", params={"source": part}
                ) from error


def split_sources(text):
    """The single sources of a field, in order."""
    return [part.strip() for part in text.split(" ; ") if part.strip()]


class Record(models.Model):
    """What every fact of the site carries: where it comes from, who entered it, and whether it is a sample."""

    sources = models.TextField(
        "источник",
        blank=True,
        validators=[validate_sources],
        help_text="Адрес страницы или название бумаги; несколько — через « ; ».",
    )
    note = models.TextField("примечание", blank=True, help_text="Видно всем рядом с записью.")
    is_sample = models.BooleanField("пример", default=False, editable=False)
    created_at = models.DateTimeField("внесено", auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name="кто внёс",
    )

    class Meta:
        abstract = True

    def clean_fields(self, exclude=None):
        """What has one line on its page has one: a title in two lines breaks calendars and subjects of letters."""
        for field in self._meta.concrete_fields:
            value = self.__dict__.get(field.attname)
            if isinstance(value, str) and type(field) is models.CharField and len(lines := value.splitlines()) > 1:
                setattr(self, field.attname, " ".join(line.strip() for line in lines if line.strip()))
        super().clean_fields(exclude)

    def get_constraints(self):
        """What `full_clean` has to ask the database: not what this row keeps by its own values, as can be seen here."""
        return [
            (model, [one for one in constraints if may_break(one, self)])
            for model, constraints in super().get_constraints()
        ]

    @property
    def source_list(self):
        """The single sources, in order."""
        return split_sources(self.sources)
