"""Filters of the office, which is Russian only."""

from django import template

from strategies import words

register = template.Library()


@register.filter
def counted(number, forms):
    """«2 дня»: `{{ number|counted:"день,дня,дней" }}`."""
    return words.counted(number, *forms.split(","))
