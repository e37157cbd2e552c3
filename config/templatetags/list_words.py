"""Words of every list with filters: what is chosen, and the heading that says it."""

from django import template
from django.core.validators import EMPTY_VALUES

register = template.Library()

WORD = "q"  # the one field that stands outside of «Отбор»


@register.filter
def word_field(form):
    """The field of words of a list; None where it has none."""
    return form[WORD] if WORD in form.fields and not form.fields[WORD].widget.is_hidden else None


@register.filter
def fold_fields(form):
    """The fields that are folded under «Отбор»."""
    return [field for field in form.visible_fields() if field.name != WORD]


@register.filter
def is_fold_wrong(form):
    """Whether a folded field was asked for wrongly: then the fold is open."""
    return any(name != WORD for name in form.errors)


@register.filter
def chosen(form):
    """What is chosen under «Отбор»: «Сызрань, просрочено»; a field that was asked for wrongly chooses nothing."""
    return ", ".join(_said(form, name) for name in _asked(form) if name != WORD)


@register.simple_tag
def list_heading(title, form):
    """The heading of a list that says what is chosen: «Документы: Сызрань, «протокол»»."""
    said = [f"«{form.cleaned_data[name]}»" if name == WORD else _said(form, name) for name in _asked(form)]
    return f"{title}: {', '.join(said)}" if said else title


def _asked(form):
    """Names of the fields that choose something."""
    if not form.is_bound or not form.is_valid():
        return []
    data = form.data
    return [name for name in form.fields if data.get(name) and form.cleaned_data.get(name) not in EMPTY_VALUES]


def _said(form, name):
    """What one field chooses, in the words of the page."""
    field, value = form.fields[name], form.cleaned_data[name]
    if hasattr(field, "label_from_instance"):
        return field.label_from_instance(value)
    if hasattr(field, "choices"):
        return str(dict(field.choices).get(value, value))
    return f"{field.label}: {form.data[name]}"
