"""Addresses of records by words: a word that a page of the site has already leads there, and not to the record."""

from django.core.exceptions import ValidationError
from django.urls import Resolver404, resolve
from django.utils.translation import gettext_lazy as _


def leads_to(record):
    """Whether the address of a record with a `slug` leads to the record."""
    try:
        return resolve(record.get_absolute_url()).kwargs.get("slug") == record.slug
    except Resolver404:
        return False


def check_slug(record):
    """Refuse a `slug` that a page of the site has already; raises ValidationError."""
    if record.slug and not leads_to(record):
        told = _("По такому адресу стоит другая страница сайта: выберите другое слово.")
        raise ValidationError({"slug": ValidationError(told, code="reserved")})
