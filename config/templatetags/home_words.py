"""Words of the office's front page, which is Russian only."""

from django import template

register = template.Library()

DUTY_BUTTONS = {"returned": "Исправить", "draft": "Дописать"}


@register.filter
def duty_button(duty):
    """What the button of an owed report says: «Исправить», «Дописать», «Отчитаться»."""
    return DUTY_BUTTONS.get(duty.kind, "Отчитаться")
