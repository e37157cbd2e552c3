"""How long nothing was heard of a measure or a priority, and who is to be asked."""

import datetime
from dataclasses import dataclass
from enum import StrEnum

from accounts.models import Role, RoleAssignment
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

    `since`: the day of the last word, or since when a word is owed where there was none (`was_heard`); `who`: post and
    name, or the body in words; empty where nobody is named.
    """

    days: int
    since: datetime.date
    is_silent: bool
    was_heard: bool
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
    return Freshness(
        days=days_of_silence(record, on),
        since=record.last_word_on,
        is_silent=is_silent(record, on),
        was_heard=record.last_report_at is not None,
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
