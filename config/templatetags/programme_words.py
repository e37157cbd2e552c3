"""Words of a programme in tables: its measures, papers and versions; indicators and their targets."""

from django import template
from django.template.defaultfilters import date, filesizeformat
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from config.templatetags.office import counted
from config.templatetags.site import day_short, number

register = template.Library()


@register.simple_tag
def programme_measures(programme):
    """How many measures of a programme are published, how many are drafts: «12 мер, черновиков 3»; office only."""
    total, drafts = programme.measure_total, programme.draft_total
    words = counted(total, "мера,меры,мер") if total else "Опубликованных мер нет"
    return f"{words}, черновиков {number(drafts)}" if drafts else words


# ——— Papers ———


@register.simple_tag
def paper_link(document):
    """A paper as a link with its day and number, if it is published; what is known of it otherwise."""
    if not document:
        return _("Документ не найден")
    if not document.is_public:
        return _("Документ не опубликован")
    day_words = " " + _("от") + " " + date(document.date, "d.m.Y") if document.date else ""
    number_words = f" № {document.number}" if document.number else ""
    return format_html('<a href="{}">{}</a>{}{}', document.get_absolute_url(), document.title, day_words, number_words)


@register.simple_tag
def decision_paper(document, paper, report, papers):
    """On what paper a promise was changed: a document, words, a report with its papers; «не найден»."""
    parts = [paper_link(document)] if document else []
    if paper:
        parts.append(paper)
    if report and report.is_public:
        parts.append(format_html('<a href="{}">{} {}</a>', report.get_absolute_url(), _("отчёт:"), report.period_label))
        parts.extend(_evidence(one) for one in papers or ())
    return format_html_join("; ", "{}", ((part,) for part in parts)) or _("не найден")


def _evidence(paper):
    """A paper attached to a report: «Акт приёмки (PDF, 1,2 МБ)»."""
    return format_html(
        '<a href="{}">{}</a> ({}, {})',
        reverse("strategies:evidence", args=[paper.pk]),
        paper.caption or _("Документ к отчёту"),
        paper.file_type.upper(),
        filesizeformat(paper.file_size),
    )


# ——— Versions ———


@register.simple_tag
def version_value(value, change):
    """A value of a version: a date, a sum, a figure, a text; what stands where there was none."""
    if value is None:
        return _("сумма не названа") if change.is_money else _("не было")
    if change.is_money:
        unit = _("тыс. руб.")
        return f"{number(value)} {unit}"
    if change.is_day:
        return day_short(value)
    return number(value) if change.is_figure else value


# ——— Indicators ———


@register.simple_tag
def indicator_facts(indicator):
    """Which way an indicator is better and what it started from: «чем больше, тем лучше; база 2019: 33»."""
    direction = indicator.get_direction_display()
    if indicator.base_value is None:
        return direction
    year = "" if indicator.base_year is None else indicator.base_year
    return f"{direction}; " + _("база") + f" {year}: {number(indicator.base_value)}"


@register.simple_tag
def indicator_subject(indicator):
    """What an indicator measures: a town, a priority or a measure, and where its figures come from; office only."""
    subject = ""
    if indicator.municipality:
        subject = indicator.municipality.name
    elif indicator.priority:
        subject = _quoted("Приоритет", indicator.priority)
    elif indicator.measure:
        subject = _quoted("Мера", indicator.measure)
    source = indicator.data_source
    return format_html("{}. Источник данных: {}", subject, source) if source else subject


def _quoted(kind, record):
    return format_html('{} «<a href="{}">{}</a>»', kind, record.get_absolute_url(), record.title)


@register.simple_tag
def target_change(change):
    """How a target was changed: «План изменён 5 мая 2026: 10 → 12. Причина»."""
    return _("План изменён %(date)s: %(old)s → %(new)s. %(reason)s") % {
        "date": day_short(change.decided_on),
        "old": number(change.old_target),
        "new": number(change.new_target),
        "reason": change.reason,
    }
