"""Words of a town's figures."""

from django import template
from django.utils.translation import gettext as _

from config.templatetags.site import number, percent

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
