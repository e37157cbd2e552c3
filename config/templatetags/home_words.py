"""Words of the frame of every page and of the office's front page."""

import re

from django import template

register = template.Library()

# White space with a line break in it; a no-break space is a word's own.
BREAKS = re.compile(r"[ \t]*\n[ \t\n]*")

# The office is Russian only.
DUTY_BUTTONS = {"prepared": "Проверить и отправить", "returned": "Исправить", "draft": "Дописать"}


@register.filter
def one_line(text):
    """A title or an address on one line, however the template that fills it is laid out."""
    return BREAKS.sub(" ", text.strip(" \t\n"))


@register.filter
def duty_button(duty):
    """What the button of an owed report says: «Проверить и отправить», «Исправить», «Дописать», «Отчитаться»."""
    return DUTY_BUTTONS.get(duty.kind, "Отчитаться")
