"""Words of a document: its kind with the number, and the line under its title in a list."""

from django import template
from django.template.defaultfilters import filesizeformat
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from config.templatetags.site import day

register = template.Library()


@register.simple_tag
def document_kind(document):
    """The kind of a document and its number, if it has one: «Решение думы № 12»."""
    kind = capfirst(document.get_kind_display())
    return f"{kind} № {document.number}" if document.number else kind


@register.simple_tag
def document_facts(document, with_owner=False):
    """The line of a list: «Решение думы № 12 от 14 августа 2018 года, городская дума, 1,2 МБ. Реж»."""
    date = " " + _("от") + " " + day(document.date) if document.date else ", " + _("дата не найдена")
    words = [document_kind(document) + date]
    if document.adopted_by:
        words.append(document.adopted_by)
    if document.file:
        words.append(filesizeformat(document.file_size))
    facts = ", ".join(words)
    return f"{facts}. {(document.municipality or document.region).shown_name}" if with_owner else facts
