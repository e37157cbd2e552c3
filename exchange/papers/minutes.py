"""The minutes of a session: words for a Word template, the region's or ours."""

from django.utils import timezone

from sessions.models import Proposal

from .words import BLANK, day_words


def minutes_words(session, *, executor="", phone=""):
    """What the minutes of a session say: the passport, the agenda, the public words of proposals, decisions, votes.

    Names of residents are never among them. Four queries.

    Args:
        session: with its minutes and region.
        executor, phone: who made the paper and where to ring; blank lines where they are not given.
    """
    proposals = (
        Proposal.objects.filter(session=session).exclude(status=Proposal.Status.HIDDEN).exclude(public_text="")
        .select_related("section").defer("text", "author_name", "author_email").order_by("number")
    )  # fmt: skip
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
            {"number": one.number, "text": one.public_text, "speaker": one.speaker or "жители",
             "section": one.section.title if one.section else ""}
            for one in proposals
        ],
        "decisions": [
            {"number": one.number, "text": one.text, "due": _day(one.due) or "не указан",
             "responsible": one.responsible, "done": f"{one.done_note} ({_day(one.done_on)})" if one.done_on else ""}
            for one in session.decisions.all()
        ],
        "votes": [
            {"title": one.priority.title, "count": one.count} for one in session.votes.select_related("priority")
        ],
        "outcome": session.outcome,
        "today": _day(timezone.localdate()),
    }  # fmt: skip


SAMPLE_WORDS = {
    "region": "Область", "executor": "И. О. Фамилия", "phone": "00-00-00",
    "number": "1", "title": "Название", "kind": "Стратегическая сессия", "date": "1 января 2026", "place": "Город",
    "chair": "", "participants": "жители", "participants_count": 10, "agenda": ["Пункт"],
    "sections": [{"title": "Секция", "moderator": "Модератор", "summary": "Итог"}],
    "proposals": [{"number": "АА-2026-0001", "text": "Слова", "speaker": "жители", "section": "Секция"}],
    "decisions": [{"number": 1, "text": "Поручение", "due": "1 мая 2026", "responsible": "Кто", "done": ""}],
    "votes": [{"title": "Приоритет", "count": 5}], "outcome": "Итоги", "today": "1 января 2026",
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
