"""Words of a town's figures and where they come from; how far its measures are."""

from django import template
from django.utils.html import format_html_join
from django.utils.translation import gettext as _

from config import sentences
from config.templatetags.site import number, percent, since_date, source_link

register = template.Library()

register.filter("ready_words", sentences.ready_words)


@register.simple_tag
def head_words(head, on):
    """Who heads a town: «глава округа Иван Ильин (с 2020 года)».

    After the term, or where a source names a head without any date, that it is not known who does.
    """
    if head is None:
        return _("глава: не найдено")
    if head.is_over(on):
        return _("кто глава сейчас, не найдено; до %(date)s — %(name)s") % {
            "date": since_date(head.until), "name": head.name,
        }  # fmt: skip
    if not head.is_dated:
        return _("кто глава сейчас, не найдено; в источниках без дат — %(name)s") % {"name": head.name}
    words = f"{head.post} {head.name}"
    if head.until:
        return f"{words} (" + _("до") + f" {since_date(head.until)})"
    return f"{words} (" + _("с") + f" {since_date(head.since)})" if head.since else words


@register.simple_tag
def indicator_fact(value):
    """The fact of a year with what is known about it: «120», «120, предв., −5 %»."""
    words = [number(value.actual)]
    if value.is_preliminary:
        words.append(_("предв."))
    if value.target is not None and value.actual is not None and value.deviation is not None:
        words.append(percent(value.deviation))
    return ", ".join(words)


@register.filter
def source_links(parts):
    """Sources as links after each other; nothing at all where there is none, so that an empty cell can be hidden."""
    return format_html_join(", ", "{}", ((source_link(part),) for part in parts))


@register.filter
def as_sentence(words):
    """Words that somebody typed, with a full stop where they end without any sign."""
    words = words.rstrip()
    return words if words.endswith((".", "!", "?", "…")) else f"{words}."
