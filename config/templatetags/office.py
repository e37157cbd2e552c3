"""Filters of the office, which is Russian only."""

from django import template

from municipalities import numbers

register = template.Library()


@register.filter
def counted(number, forms):
    """«2 дня»: `{{ number|counted:"день,дня,дней" }}`."""
    return numbers.counted(number, *forms.split(","))
