"""The minutes of a session: words for a Word template, the region's or ours."""

from django.utils import timezone

from sessions.gathering import said_words
from sessions.models import Proposal

from .words import BLANK, day_words

NAMES_NOTE = "Имена жителей в протокол не вносятся."
UNREAD = "[не проверено]"
UNREAD_NOTE = f"Строки с пометкой {UNREAD} стоят, как их записали: перед подписью уберите из них имена и телефоны."


def minutes_words(session, *, executor="", phone=""):
    """What the minutes of a session say: the passport, the agenda, every line that was said, decisions, votes.

    What nobody has read yet is there too and is marked: the secretary finds a whole record the same evening. Names of
    authors are never among the words. Four queries.

    Args:
        session: with its minutes and region.
        executor, phone: who made the paper and where to ring; blank lines where they are not given.
    """
    said = list(
        Proposal.objects.filter(session=session).exclude(status=Proposal.Status.HIDDEN)
        .select_related("section").defer("author_name", "author_email").order_by("number")
    )  # fmt: skip
    unread = sum(not one.public_text for one in said)
    return {
        "region": session.region.name,
        "executor": executor or BLANK,
        "phone": phone or BLANK[:12],
        "number": session.minutes.number if session.minutes_id and session.minutes.number else "____",
        "title": session.title,
        "kind": _capital(session.get_kind_display()),
        "date": _day(session.starts_at) or session.date_note or "дата не указана",
        "place": ", ".join(filter(None, (session.place, session.venue))),
        "chair": "",
        "participants": session.participants,
        "participants_count": session.participants_count,
        "agenda": session.agenda_items,
        "sections": [
            {"title": one.title, "moderator": one.moderator, "summary": one.summary} for one in session.sections.all()
        ],
        "proposals": [
            {"number": one.number, "text": _line(one, session), "speaker": one.speaker or "жители",
             "section": one.section.title if one.section else ""}
            for one in said
        ],
        "unread": unread,
        "proposals_said": said_words(len(said), unread),
        "names_note": UNREAD_NOTE if unread else NAMES_NOTE,
        "decisions": [
            {"number": one.number, "text": one.text, "due": _day(one.due) or "не указан",
             "responsible": one.responsible, "done": f"{one.done_note} ({_day(one.done_on)})" if one.done_on else ""}
            for one in session.decisions.all()
        ],
        "votes": [
            {"title": f"{one.priority.title} ({one.get_method_display()})", "count": one.count}
            for one in session.votes.select_related("priority").order_by("method", "-count", "pk")
        ],
        "outcome": session.outcome,
        "today": _day(timezone.localdate()),
    }  # fmt: skip


def _line(proposal, session):
    """The text for all; the words as they were taken down, marked, until there is one. A town reads its own first."""
    if proposal.public_text:
        return proposal.public_text
    is_own = proposal.municipality_id == session.municipality_id
    return f"{UNREAD} {proposal.text}" if is_own else f"{UNREAD} слова ещё не подготовил город"


SAMPLE_WORDS = {
    "region": "Область", "executor": "И. О. Фамилия", "phone": "00-00-00",
    "number": "1", "title": "Название", "kind": "Стратегическая сессия", "date": "1 января 2026", "place": "Город",
    "chair": "", "participants": "жители", "participants_count": 10, "agenda": ["Пункт"],
    "sections": [{"title": "Секция", "moderator": "Модератор", "summary": "Итог"}],
    "unread": 0, "proposals_said": "1", "names_note": NAMES_NOTE,
    "proposals": [{"number": "АА-2026-0001", "text": "Слова", "speaker": "жители", "section": "Секция"}],
    "decisions": [{"number": 1, "text": "Поручение", "due": "1 мая 2026", "responsible": "Кто", "done": ""}],
    "votes": [{"title": "Приоритет (поднятые руки)", "count": 5}], "outcome": "Итоги", "today": "1 января 2026",
}  # fmt: skip


def _day(moment):
    if moment is None:
        return ""
    if hasattr(moment, "hour"):
        moment = timezone.localtime(moment).date()
    return day_words(moment)


def _capital(text):
    text = str(text)
    return text[:1].upper() + text[1:]
