"""What changed lately: public steps of the journal, and dated facts of the region, newest first."""

from collections import defaultdict
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse, translate_url
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from accounts.models import JournalEntry
from municipalities.models import Head
from sessions.models import Session
from sessions.models.session import over
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
    """The newest changes of a region; a few queries for each kind of record, whatever the number of rows."""
    changes = [*_steps(region, limit), *_heads(region, limit), *_acts(region, limit), *_sessions(region, limit)]
    return sorted(changes, key=lambda change: change.date, reverse=True)[:limit]


def _steps(region, limit):
    entries = JournalEntry.objects.public().filter(region=region).select_related("municipality", "content_type")[:limit]
    records = _records_of(entries)
    told = set()
    for entry in entries:
        if (entry.content_type_id, entry.object_id) in told:
            continue  # one line per thing: its latest step
        told.add((entry.content_type_id, entry.object_id))
        record, is_shown = records.get((entry.content_type_id, entry.object_id), (None, False))
        if record is None:
            continue  # a draft that was public once and is deleted: there is nothing left to tell of
        place = f"{entry.municipality.shown_name}: " if entry.municipality else ""
        yield Change(
            timezone.localtime(entry.at).date().isoformat(),
            f"{place}{record if is_shown else record.plain_name}",
            _in_this_language(entry.record_url) if is_shown else _page_about(entry),
            _capital(_(entry.to_label)) + (f". {entry.reason}" if entry.reason else ""),
            entry.is_sample,
        )


def _records_of(entries):
    """{(kind, number): (record, whether everybody may read it)}, as records stand now: hidden words stay hidden."""
    by_kind = defaultdict(set)
    for entry in entries:
        by_kind[entry.content_type].add(entry.object_id)
    found = {}
    for kind, numbers in by_kind.items():
        model = kind.model_class()
        records = model.objects.with_subject() if model is ProgressReport else model.objects.all()
        records = records.defer(*getattr(model, "PRIVATE", ()))  # what authors wrote is not even read
        shown = set(model.objects.public().filter(pk__in=numbers).values_list("pk", flat=True))
        for pk, record in records.in_bulk(numbers).items():
            found[kind.pk, pk] = record, pk in shown
    return found


def _page_about(entry):
    """Where one may read on about a record that has no page any more: its town, or the region's programme."""
    return entry.municipality.get_absolute_url() if entry.municipality else reverse("strategies:programme")


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
            (_("%(town)s: исполняющий обязанности главы") if head.is_acting else _("%(town)s: новый глава"))
            % {"town": head.municipality.shown_name},
            head.municipality.get_absolute_url(),
            f"{head.name}, {head.post}",
            head.is_sample,
        )


def _acts(region, limit):
    approved = Strategy.objects.approved().filter(municipality__region=region, act_date__isnull=False)
    for strategy in approved.select_related("municipality").order_by("-act_date")[:limit]:
        yield Change(
            strategy.act_date.isoformat(),
            _("%(town)s: стратегия утверждена") % {"town": strategy.municipality.shown_name},
            strategy.get_absolute_url(),
            strategy.title,
            strategy.is_sample,
        )


def _sessions(region, limit):
    held = Session.objects.public().filter(over(timezone.now()), region=region)
    for session in held.order_by("-starts_at")[:limit]:
        yield Change(
            timezone.localtime(session.starts_at).date().isoformat(),
            session.title,
            session.get_absolute_url(),
            session.summary,
            session.is_sample,
        )
