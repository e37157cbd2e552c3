"""Words of a proposal: how long it waits for an answer, where and when it was said."""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from config.templatetags.site import day, partial_date
from sessions.models import Proposal

register = template.Library()


@register.simple_tag
def waiting_words(waiting):
    """How long an answer is waited for: «Ответ обещан до 5 мая 2026 года. Ждёт ответа 3 дня.»"""
    if waiting.late:
        words = ngettext(
            "Ответ обещали до %(date)s: ждёт ответа %(n)s день сверх срока.",
            "Ответ обещали до %(date)s: ждёт ответа %(n)s дней сверх срока.",
            waiting.late,
        )
        return words % {"date": day(waiting.due), "n": waiting.late}
    if waiting.due:
        return _waiting_till(waiting)
    if waiting.days is None:
        return _("Ждёт ответа. Когда это сказали, мы не нашли.")
    return _waiting_without_term(waiting)


def _waiting_till(waiting):
    """«Ответ обещан до 5 мая 2026 года. Ждёт ответа 3 дня.»; of the first day only the promise."""
    promise = _("Ответ обещан до %(date)s.") % {"date": day(waiting.due)}
    if not waiting.days:
        return promise
    waits = ngettext("Ждёт ответа %(n)s день.", "Ждёт ответа %(n)s дней.", waiting.days) % {"n": waiting.days}
    return f"{promise} {waits}"


def _waiting_without_term(waiting):
    """«Ждёт ответа 3 дня. Срок ответа не назначали.»; «не меньше 3 дней», where only a month or a year is known."""
    if waiting.is_exact and not waiting.days:
        return _("Ждёт ответа с сегодняшнего дня. Срок ответа не назначали.")
    if waiting.is_exact:
        words = ngettext(
            "Ждёт ответа %(n)s день. Срок ответа не назначали.",
            "Ждёт ответа %(n)s дней. Срок ответа не назначали.",
            waiting.days,
        )
        return words % {"n": waiting.days}
    if waiting.days:
        words = ngettext("Ждёт ответа не меньше %(n)s дня.", "Ждёт ответа не меньше %(n)s дней.", waiting.days)
        waits = words % {"n": waiting.days}
    else:
        waits = _("Ждёт ответа.")
    without_term = _("Срок ответа не назначали.")
    return f"{waits} {without_term}"


@register.simple_tag
def said_line(proposal):
    """The number of a proposal, its town, day and session: «П-12, Тулун, 22 июня 2018 года. Первая сессия»."""
    parts = [proposal.number]
    if proposal.municipality:
        parts.append(proposal.municipality.shown_name)
    if proposal.said_on:
        parts.append(partial_date(proposal.said_on))
    line = ", ".join(parts)
    session = proposal.session
    return f"{line}. {session.title}" if session and session.is_public else line


@register.simple_tag
def said_where(proposal, session):
    """The session where the words were said, as a link with its day and section; or the way by which they came."""
    if not session:
        return _("Через сайт, не на сессии") if proposal.channel == Proposal.Channel.SITE else _("Сессия не указана")
    when = day(session.starts_at) if session.starts_at else session.date_note
    section_word = _("Секция:")
    return format_html(
        '<a href="{}">{}</a>{}{}',
        session.get_absolute_url(),
        session.title,
        f", {when}" if when else "",
        f". {section_word} {proposal.section.title}" if proposal.section else "",
    )


@register.simple_tag
def proposal_links(proposals, total):
    """Numbers of proposals as links, «и другие» where there are more of them: «П-12, П-15 и другие»."""
    links = format_html_join(", ", '<a href="{}">{}</a>', ((one.get_absolute_url(), one.number) for one in proposals))
    return format_html("{} {}", links, _("и другие")) if total > len(proposals) else links
