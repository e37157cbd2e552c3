"""Words of a measure: what was said and promised about it, until when, for how much, how it stands by a report."""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from config.templatetags.site import day, millions, percent
from strategies.models import Measure

register = template.Library()

SHOWN = 2


@register.simple_tag
def measure_said(said, sessions, proposals):
    """What was said about a measure: sessions with their days, then numbers of proposals."""
    held = format_html_join("; ", '<a href="{}">{}</a>, {}', map(_session_words, sessions[:SHOWN]))
    if not proposals:
        return held or _nobody_said(said) or _("Предложения жителей к приоритетам меры")
    return format_html(
        '{}<a href="#said">{}</a>: {}{}',
        format_html("{}. ", held) if held else _nobody_said(said),
        _("Предложения жителей"),
        ", ".join(proposal.number for proposal in proposals[:SHOWN]),
        " " + _("и другие") if len(proposals) > SHOWN else "",
    )


def _session_words(session):
    when = day(session.starts_at) if session.starts_at else session.date_note or _("дата не найдена")
    return session.get_absolute_url(), session.title, when


def _nobody_said(said):
    return _("Записей о сказанном не найдено") if said == "no" else ""


@register.simple_tag
def measure_promised(measure, is_own, promised):
    """Who promised a measure, how much, and what the promise lacks: «Программа области, 12,5 млн рублей»."""
    if measure.status == Measure.Status.CANCELLED:
        return _("Обещание отменено")
    words = _("Программа области") if is_own else capfirst(measure.direction.programme.get_kind_display())
    if measure.planned is not None:
        words = f"{words}, {_roubles(measure)}"
    return format_html("{}. {}", words, _lacks(measure)) if promised == "part" else words


def _lacks(measure):
    """Why a promise is not whole."""
    if not measure.due and measure.planned is None:
        return _("Ни срока с датой, ни суммы нет")
    if not measure.is_agreed:
        return format_html('<a href="#agreement">{}</a>', _("Обеими сторонами не подтверждено"))
    return _("Документа или другого источника нет")


@register.filter
def act_note(measure):
    """What has to be said of a measure that the act in force does not hold (`with_act`); nothing of the others."""
    return _("Внесено после акта, в действующей редакции нет.") if measure.is_outside_act else ""


@register.simple_tag
def measure_due(measure):
    """When a measure starts and ends, with the date promised before: «с 1 мая 2025 года до 1 мая 2026 года»."""
    words = [format_html("{} {}", _("с"), day(measure.start))] if measure.start else []
    if measure.postponed_to and measure.due:
        words.append(format_html("<s>{}</s>", day(measure.due)))
    if measure.postponed_to:
        words.append(day(measure.postponed_to))
    elif measure.due:
        words.append(_("до") + " " + day(measure.due))
    elif not measure.due_note:
        words.append(_("Не найден"))
    if measure.due_note:
        words.append(_note(measure))
    return format_html_join(" ", "{}", ((word,) for word in words))


def _note(measure):
    if measure.due_now:
        return f"({measure.due_note})"
    return f"{measure.due_note}, " + _("точная дата не найдена")


@register.simple_tag
def measure_money(measure, is_own):
    """The money of a measure: «12,5 млн рублей, другая поддержка, не программа области», its note, «не найдена»."""
    if measure.planned is None:
        return measure.funding_note or _("Сумма не найдена")
    words = _roubles(measure)
    if not is_own:
        words += ", " + _("другая поддержка, не программа области")
    return f"{words}. {measure.funding_note}" if measure.funding_note else words


def _roubles(measure):
    unit = _("млн рублей")
    return f"{millions(measure.planned)} {unit}"


@register.simple_tag
def measure_state(report):
    """The state of a measure and how far it is, as a report says: «выполняется, 40 %»."""
    words = report.get_reported_status_display()
    return words if report.percent is None else f"{words}, {percent(report.percent)}"
