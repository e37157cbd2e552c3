"""Fields for facts as sources give them: dates of which only the year is known, numbers of territories."""

import calendar
import datetime
import re

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

validate_oktmo = RegexValidator(r"\A([0-9]{8}|[0-9]{11})\Z", _("ОКТМО состоит из 8 или 11 цифр."), code="oktmo")

# Whoever types another year of a plan or a meeting has mistyped it, and no calendar can show it.
YEARS = range(1900, 2201)
_PARTIAL = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?")


def validate_partial_date(text):
    """Accept `2018`, `2018-06` and `2018-06-22`.

    Raises:
        ValidationError: the text has another form, or names a day that does not exist.
    """
    if not _PARTIAL.fullmatch(text):
        raise ValidationError(_("Дата пишется как 2018, 2018-06 или 2018-06-22."), code="partial_date")
    try:
        datetime.date.fromisoformat((text + "-01-01")[:10])
    except ValueError as error:
        raise ValidationError(_("Такой даты нет: %(date)s."), code="partial_date", params={"date": text}) from error


def check_years(*years):
    """Refuse years of a plan that nobody can mean: «20255», and what no calendar holds.

    Raises:
        ValidationError: a known one is outside of 1900–2200.
    """
    if any(year is not None and year not in YEARS for year in years):
        raise ValidationError(_("Годы — от 1900 до 2200."), code="odd_year")


def is_partial_date(text):
    """Whether the text names a day, a month or a year: what has not been checked yet may say anything."""
    try:
        validate_partial_date(text)
    except ValidationError:
        return False
    return True


def first_day(text):
    """The first day that a partial date may mean; None for an empty text."""
    return datetime.date.fromisoformat((text + "-01-01")[:10]) if text else None


def last_day(text):
    """The last day that a partial date may mean; None for an empty text."""
    if not text:
        return None
    year, month, day = (*map(int, text.split("-")), 0, 0)[:3]
    month = month or 12
    return datetime.date(year, month, day or calendar.monthrange(year, month)[1])


class PartialDateField(models.CharField):
    """A date as far as it is known: `2018`, `2018-06` or `2018-06-22` (ISO 8601, sorts as text)."""

    default_validators = [validate_partial_date]

    def __init__(self, *args, **kwargs):
        kwargs["max_length"] = 10
        kwargs.setdefault("blank", True)
        kwargs.setdefault("default", "")
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        del kwargs["max_length"]
        return name, path, args, kwargs
