"""Words of the reports of a period: what they show beside the one before, photos, corrections, moved promises."""

from django import template
from django.template.defaultfilters import linebreaksbr
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from config.templatetags.site import day, day_short, number, percent, reported_status

register = template.Library()

# How a value of the comparison is written, by its kind; a text keeps its lines.
WRITTEN = {
    "state": reported_status,
    "percent": percent,
    "day": day,
    "money": lambda value: f"{number(value)} тыс. руб.",
    "figure": number,
}


@register.simple_tag
def compared_value(kind, value):
    """A value of the comparison of two reports, by its kind; a dash where there is none; office only."""
    if value is None or value == "":
        return "—"
    return WRITTEN.get(kind, linebreaksbr)(value)


@register.simple_tag
def correction_words(report):
    """What a correction corrects: «Исправление: в прежнем отчёте стояло 40 %»."""
    before = report.replaced[0].percent
    if before is None or before == report.percent:
        return _("Исправление")
    return _("Исправление") + ": " + _("в прежнем отчёте стояло") + " " + percent(before)


@register.simple_tag
def due_then(row):
    """The date that a measure was promised for when the period closed; nothing for a priority, it has none."""
    if row.due_then:
        return day_short(row.due_then)
    return _("не найден") if row.measure_id else ""


@register.simple_tag
def moved_promise(entry):
    """Which promise was changed: «снижен план: Пассажиров в год, 2026»."""
    words = entry.kind.label
    if entry.indicator:
        words = f"{words}: {entry.indicator}"
        if entry.year:
            words = f"{words}, {entry.year}"
    return words


# ——— Photos ———


@register.simple_tag
def evidence_photo(photo, title):
    """A photo of a published report, told by the timeline; without a caption it shows what the report is about."""
    words = photo.caption or _("Фото: %(stage)s, %(title)s") % {
        "stage": photo.get_stage_display(),
        "title": title,
    }
    size = _size(photo.shown_width, photo.shown_height)
    return format_html(
        '<img class="photo" src="{}" alt="{}"{} loading="lazy" decoding="async">', _address(photo), words, size
    )


@register.simple_tag
def review_photo(photo, counter):
    """A photo of a report that waits for a decision; office only."""
    return format_html(
        '<img class="photo" src="{}" alt="Фото {}: {}" loading="lazy"{}>',
        _address(photo),
        counter,
        photo.get_stage_display(),
        _size(photo.width, photo.height),
    )


def _address(photo):
    return reverse("strategies:evidence_small", args=[photo.pk])


def _size(width, height):
    return format_html(' width="{}" height="{}"', width, height) if width else ""


@register.simple_tag
def photo_words(photo):
    """What is written under a photo in the office: «Во время работ, снято 5 мая 2026 года. Подпись»."""
    words = capfirst(photo.get_stage_display())
    if photo.taken_on:
        words = f"{words}, снято {day(photo.taken_on)}"
    return f"{words}. {photo.caption}" if photo.caption else words
