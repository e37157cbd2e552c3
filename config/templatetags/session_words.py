"""Words of a session: its level and place in a series, its day and hour, the buttons of its steps."""

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from config.templatetags.site import day, day_short, iso, weekday
from sessions.models import Session

register = template.Library()

# What the button of a step does; the office is Russian only.
STEP_BUTTONS = {
    Session.Status.ANNOUNCED: "Объявить",
    Session.Status.HELD: "Отметить: прошла",
    Session.Status.OUTCOME: "Опубликовать итоги",
    Session.Status.CANCELLED: "Отменить",
}


@register.filter
def no_minutes(session):
    """What is said where a session has no minutes: of one that is ahead nobody misses them."""
    if session.is_ahead:
        return _("Впереди")
    return _("Сессия отменена") if session.status == Session.Status.CANCELLED else _("Протокол не найден")


@register.simple_tag
def spoken_words(sessions):
    """On how many sessions something was spoken of; when it will be, where all of them are ahead."""
    held = [session for session in sessions if session.status != Session.Status.CANCELLED and not session.is_ahead]
    ahead = sorted(session.starts_at for session in sessions if session.is_ahead and session.starts_at)
    if held:
        words = ngettext("О нём говорили на %(n)s сессии.", "О нём говорили на %(n)s сессиях.", len(held))
        return words % {"n": len(held)}
    if ahead:
        return _("О нём будут говорить %(date)s.") % {"date": day(ahead[0])}
    return _("Кто о нём говорил, не найдено.")


@register.simple_tag
def session_level(session, series_total):
    """The level of a session and its place in the series: «городского уровня, № 2 из 5 в серии»."""
    number = session.number_in_series
    if not number:
        return _level(session)
    if series_total >= number:
        place = _("№ %(number)s из %(total)s в серии") % {"number": number, "total": series_total}
    else:
        place = _("№ %(number)s в серии") % {"number": number}
    return f"{_level(session)}, {place}"


def _level(session):
    if session.level == Session.Level.REGIONAL:
        return _("областного уровня")
    if session.level == Session.Level.FEDERAL:
        return _("федерального уровня")
    return _("городского уровня")


@register.simple_tag
def session_dates(session):
    """When a session is held: «14 августа 2018 года, вторник, 10:00–18:00», «… — 15 августа 2018 года»."""
    if not session.starts_at:
        return _("дата не найдена")
    return format_html(
        '<time datetime="{}">{}, {}{}</time>{}',
        iso(session.starts_at),
        day(session.starts_at),
        weekday(session.starts_at),
        f", {_hour(session.starts_at)}" if session.has_time else "",
        _end(session),
    )


def _end(session):
    """« — 15 августа 2018 года, 18:00» on another day, «–18:00» on the same one."""
    if not session.ends_at:
        return ""
    if iso(session.ends_at) != iso(session.starts_at):
        return f" — {moment(session.ends_at, session.has_time)}"
    if session.has_time and session.ends_at != session.starts_at:
        return f"–{_hour(session.ends_at)}"
    return ""


@register.simple_tag
def moment(value, has_time):
    """«14 августа 2018 года, 10:00»; only the day, where the hour is not named."""
    return f"{day(value)}, {_hour(value)}" if has_time else day(value)


@register.simple_tag
def moment_short(value, has_time):
    """«14 августа 2018, 10:00», for tables."""
    return f"{day_short(value)}, {_hour(value)}" if has_time else day_short(value)


def _hour(value):
    return f"{timezone.localtime(value):%H:%M}" if value else ""


@register.simple_tag
def step_button(move):
    """What the button of a step says."""
    return STEP_BUTTONS.get(move.status, capfirst(move.label))


@register.filter
def title_in(pk, titles):
    """The title that stands under a key; nothing where none does: `{{ row.section|title_in:section_titles }}`."""
    return titles.get(pk, "")
