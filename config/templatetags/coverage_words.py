"""Words of what both sides promise on a measure that answers a priority."""

from django import template
from django.utils.html import format_html
from django.utils.translation import gettext as _

from config.templatetags.site import number
from strategies.models import Side

register = template.Library()


@register.simple_tag
def commitment_sum(said):
    """What a side gives and how much: «финансируем 6 000 тыс. рублей»."""
    kind = said.get_kind_display()
    if said.amount is None:
        return kind
    amount = _("%(sum)s тыс. рублей") % {"sum": number(said.amount)}
    return f"{kind} {amount}"


@register.simple_tag
def commitment_words(said):
    """What a side gives: «финансируем 6 000 тыс. рублей к 2027 году. Условие: …»."""
    words = commitment_sum(said)
    if said.year:
        year = _("к %(year)s году") % {"year": said.year}
        words = f"{words} {year}"
    return f"{words}. " + _("Условие:") + f" {said.condition}" if said.condition else f"{words}."


@register.simple_tag
def commitment_line(said):
    """Which side gives what: «Город: даём землю.»"""
    side = _("Область") if said.side == Side.REGION else _("Город")
    return format_html("<b>{}:</b> {}", side, commitment_words(said))
