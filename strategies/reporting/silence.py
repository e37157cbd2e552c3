"""Silence: how long nothing was heard of a measure or a priority, who is to be asked, and what of a region it is."""

import datetime
from dataclasses import dataclass
from enum import StrEnum

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, RoleAssignment
from strategies.priorities.models import Priority, Strategy
from strategies.programme.models.measure import Measure
from strategies.watched import days_of_silence, is_silent


class Asked(StrEnum):
    """Who is named: the person who answers, the head of the town, the responsible body, or nobody."""

    OWNER = "owner"
    HEAD = "head"
    BODY = "body"
    NOBODY = "nobody"


@dataclass(frozen=True)
class Freshness:
    """What everybody may read of a record's silence.

    `since`: the day of the last word, or since when a word is owed where there was none (`was_heard`); where nothing is
    owed (`is_owed`), since when the record stands here. `who`: post and name, or the body in words; empty where nobody
    is named.
    """

    days: int
    since: datetime.date
    is_silent: bool
    was_heard: bool
    is_owed: bool
    is_owned: bool
    asked: Asked
    who: str


def with_freshness(records, on):
    """What `freshness` reads, added to a queryset of measures or priorities."""
    return records.with_silence(on).with_owner(on)


def heads_of(towns, on):
    """{town id: post and name of its head}, by roles in force; one query, none without towns."""
    roles = RoleAssignment.objects.in_force(on).filter(
        role=Role.MUNICIPAL_HEAD, municipality__in=towns, user__is_active=True
    )
    # Where the head is away and somebody acts, the one who acts is asked.
    rows = roles.select_related("user").order_by("acting", "valid_from", "pk")
    return {held.municipality_id: held.user.public_name for held in rows if held.user.public_name}


def freshness(record, on, heads):
    """The freshness of a record that came from `with_freshness`; no query.

    Args:
        record: a measure or a priority with its territory.
        on: the date of the question.
        heads: {town id: name}, from `heads_of`.
    """
    asked, who = _whom_to_ask(record, heads)
    was_heard, is_owed = record.last_report_at is not None, record.joined_on is not None
    stands_here = timezone.localdate(record.published_at or record.created_at)
    return Freshness(
        days=days_of_silence(record, on),
        since=record.last_word_on if was_heard or is_owed else stands_here,
        is_silent=is_silent(record, on),
        was_heard=was_heard,
        is_owed=is_owed,
        is_owned=record.is_owned,
        asked=asked,
        who=who,
    )


def _whom_to_ask(record, heads):
    if record.is_owned and record.owner.public_name:
        return Asked.OWNER, record.owner.public_name
    head = heads.get(record.territory[1])
    if head:
        return Asked.HEAD, head
    body = getattr(record, "responsible", "").strip()
    return (Asked.BODY, body) if body else (Asked.NOBODY, "")


class Lack(models.TextChoices):
    """What is missing."""

    SILENT = "silent", _("давно нет сведений")
    OWNERLESS = "ownerless", _("никто не отвечает лично")


def unheard_rows(region, on, *, town=None, lack=""):
    """(model, record, last_word_on) of what lacks a word or a person, the longest silent first; one queryset of both.

    Args:
        region: whose measures and priorities.
        on: the date of the question.
        town: only of this town, with region-wide measures that name it.
        lack: only one of `Lack`; empty: either.
    """
    measures = Measure.objects.watched().filter(direction__programme__region=region)
    priorities = Priority.objects.public().filter(
        strategy__status__in=Strategy.LIVE, strategy__municipality__region=region
    )
    if town is not None:
        measures, priorities = measures.of_town(town), priorities.of_town(town)
    found = [
        _lacking(measures, measures, on, lack),
        _lacking(priorities, priorities.filter(pk__in=Priority.objects.watched().values("pk")), on, lack),
    ]
    rows = [
        records.with_silence(on)
        .annotate(model=Value(records.model._meta.model_name), record=F("pk"))
        .order_by()
        .values_list("model", "record", "last_word_on")
        for records in found
    ]
    return rows[0].union(rows[1], all=True).order_by("last_word_on", "model", "record")


def _lacking(records, watched, on, lack):
    chosen = Q(pk__in=[])
    if lack in {"", Lack.SILENT}:
        chosen |= Q(pk__in=watched.silent(on).values("pk"))
    if lack in {"", Lack.OWNERLESS}:
        chosen |= Q(pk__in=records.ownerless(on).values("pk"))
    return records.filter(chosen)


def unheard_records(rows, on):
    """The records of a page of `unheard_rows`, in their order; three queries.

    Each has `fresh`, `town` (None for a region-wide measure) and `is_watched`: whether reports are expected on it.
    """
    rows = list(rows)
    watched = Exists(Priority.objects.watched().filter(pk=OuterRef("pk")))
    records = {
        "measure": with_freshness(Measure.objects.all(), on)
        .select_related("direction__programme", "municipality", "owner")
        .annotate(is_watched=Value(True, output_field=models.BooleanField()))
        .in_bulk([record for model, record, _day in rows if model == "measure"]),
        "priority": with_freshness(Priority.objects.all(), on)
        .select_related("strategy__municipality", "owner")
        .annotate(is_watched=watched)
        .in_bulk([record for model, record, _day in rows if model == "priority"]),
    }
    found = [records[model][record] for model, record, _day in rows]
    heads = heads_of({one.territory[1] for one in found} - {None}, on)
    for one in found:
        one.fresh = freshness(one, on, heads)
        one.town = one.municipality if isinstance(one, Measure) else one.strategy.municipality
    return found
