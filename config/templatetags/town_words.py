"""Words of a town's figures and where they come from."""

from django import template
from django.utils.html import format_html_join
from django.utils.translation import gettext as _

from config.templatetags.site import number, percent, source_link

register = template.Library()


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
