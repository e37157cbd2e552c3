"""Words of a report: what it said, what stood before it, and the date that its measure is promised for."""

from django import template
from django.utils.html import format_html

from config.templatetags.site import day, day_short, percent, reported_status

register = template.Library()


@register.filter
def due_words(measure):
    """The date promised now, or the words that stand instead of one; nothing where neither is known."""
    return day(measure.due_now) if measure.due_now else measure.due_note


@register.filter
def due_then_now(measure, otherwise):
    """The date promised first, struck through, and the moved one; one date or its words where nothing was moved.

    `{{ measure|due_then_now:_("не найден") }}`, for tables and lists.
    """
    if measure.postponed_to:
        return format_html("<s>{}</s> {}", day_short(measure.due), day_short(measure.postponed_to))
    if measure.due:
        return day_short(measure.due)
    return measure.due_note or otherwise


@register.simple_tag
def report_state(report):
    """How matters stand by a report of the office: its state, «40 %, без изменений»."""
    return format_html(
        "{}{}{}",
        reported_status(report),
        "" if report.percent is None else f" {percent(report.percent)}",
        ", без изменений" if report.is_unchanged else "",
    )


@register.simple_tag
def report_before(former):
    """The report before this one: «Прошлый отчёт: выполняется, 40 % (1 квартал 2026 года).»"""
    if not former:
        return "Это первый отчёт."
    done = "" if former.percent is None else f", {percent(former.percent)}"
    return f"Прошлый отчёт: {former.get_reported_status_display()}{done} ({former.period_label})."


@register.simple_tag
def report_progress(report):
    """The period of a report and how far it is: «1 квартал 2026 года, готовность 30 %, теперь 40 %»."""
    if report.percent is None:
        return report.period_label
    now = percent(report.percent)
    before = report.measure.percent if report.measure else None
    if before is not None and before != report.percent:
        now = f"{percent(before)}, теперь {now}"
    return f"{report.period_label}, готовность {now}"
