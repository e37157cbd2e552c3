"""Official papers filled from records: a Word template of the region, or ours where it has none.

Templates are Word files with marks of docxtpl (`{{ number }}`, `{%tr for row in proposals %}`). They are filled in a
sandbox: a mark reads what is given to it and nothing else.
"""

import io
from pathlib import Path

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined
from jinja2.exceptions import SecurityError, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from sessions.models import Proposal

DEFAULT_MINUTES = Path(__file__).parent / "paper_templates" / "minutes.docx"
CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _environment():
    return SandboxedEnvironment(autoescape=True, undefined=StrictUndefined)


def fill(template, words):
    """A Word file made of a template and words.

    Args:
        template: a path, or a binary file.
        words: what the marks stand for.

    Raises:
        ValidationError: the template has a broken or an unknown mark.
    """
    try:
        paper = DocxTemplate(template)
        paper.render(words, jinja_env=_environment(), autoescape=True)
        target = io.BytesIO()
        paper.save(target)
    except (TemplateError, SecurityError, TypeError, ValueError, KeyError) as error:
        raise ValidationError(
            f"Шаблон не заполняется: {error}. Исправьте метку и загрузите снова.", code="template"
        ) from error
    return target.getvalue()


def minutes_words(session):
    """What the minutes of a session say: the passport, the agenda, the public words of proposals, decisions, votes.

    Names of residents are never among them. Four queries.
    """
    proposals = (
        Proposal.objects.filter(session=session).exclude(status=Proposal.Status.HIDDEN).exclude(public_text="")
        .select_related("section").defer("text", "author_name", "author_email").order_by("number")
    )  # fmt: skip
    return {
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
    return date_format(moment, "j E Y") + " года"


def _capital(text):
    text = str(text)
    return text[:1].upper() + text[1:]
