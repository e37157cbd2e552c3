"""What changed lately: public steps of the journal, and dated facts of the region, newest first."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import translate_url
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from accounts.models import JournalEntry
from municipalities.models import Head
from sessions.models import Session
from strategies.models import ProgressReport, Strategy


@dataclass(frozen=True)
class Change:
    """One line: a date as far as it is known (ISO text), what, where to read, and whether it is a sample."""

    date: str
    title: str
    url: str
    text: str = ""
    is_sample: bool = False


def latest_changes(region, limit=6):
    """The newest changes of a region; five queries at most, whatever the number of rows."""
    changes = [*_steps(region, limit), *_heads(region, limit), *_acts(region, limit), *_sessions(region, limit)]
    return sorted(changes, key=lambda change: change.date, reverse=True)[:limit]


def _steps(region, limit):
    entries = JournalEntry.objects.public().filter(region=region).select_related("municipality", "content_type")[:limit]
    # A report is named by its period, in words of the page's language; other names are what people wrote.
    reports = ProgressReport.objects.with_subject().in_bulk(
        [entry.object_id for entry in entries if entry.content_type.model == "progressreport"]
    )
    for entry in entries:
        title = reports[entry.object_id] if entry.content_type.model == "progressreport" else entry.record_title
        place = f"{entry.municipality}: " if entry.municipality else ""
        yield Change(
            timezone.localtime(entry.at).date().isoformat(),
            f"{place}{title}",
            _in_this_language(entry.record_url),
            _capital(_(entry.to_label)) + (f". {entry.reason}" if entry.reason else ""),
            entry.is_sample,
        )


def _in_this_language(url):
    # The journal keeps addresses in the language of the source; Django reads an address in the language that is on.
    language = get_language()
    with override(settings.LANGUAGE_CODE):
        return translate_url(url, language)


def _capital(text):
    return text[:1].upper() + text[1:]


def _heads(region, limit):
    heads = Head.objects.filter(municipality__region=region, municipality__in_programme=True).exclude(since="")
    for head in heads.select_related("municipality").order_by("-since")[:limit]:
        yield Change(
            head.since,
            _("%(town)s: новый глава") % {"town": head.municipality},
            head.municipality.get_absolute_url(),
            f"{head.name}, {head.post}",
            head.is_sample,
        )


def _acts(region, limit):
    approved = Strategy.objects.approved().filter(municipality__region=region, act_date__isnull=False)
    for strategy in approved.select_related("municipality").order_by("-act_date")[:limit]:
        yield Change(
            strategy.act_date.isoformat(),
            _("%(town)s: стратегия утверждена") % {"town": strategy.municipality},
            strategy.get_absolute_url(),
            strategy.title,
            strategy.is_sample,
        )


def _sessions(region, limit):
    held = Session.objects.public().filter(region=region, starts_at__lt=timezone.now())
    for session in held.order_by("-starts_at")[:limit]:
        yield Change(
            timezone.localtime(session.starts_at).date().isoformat(),
            session.title,
            session.get_absolute_url(),
            session.summary,
            session.is_sample,
        )
