"""What the region and the town have promised on a measure that answers a priority, and whose word is missing."""

import datetime
from collections import defaultdict
from dataclasses import dataclass, field

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from accounts.models import JournalEntry
from strategies.coverage.models.commitment import Commitment, Side

Status = Commitment.Status


@dataclass(frozen=True)
class Promise:
    """A promise that was given, and perhaps taken back: what, when and by whom (None where the journal is silent)."""

    commitment: Commitment
    given_on: datetime.date
    given_by: object = None
    withdrawn_on: datetime.date | None = None
    withdrawn_by: object = None

    @property
    def is_in_force(self):
        """Whether it was not taken back."""
        return self.commitment.status == Status.CONFIRMED


@dataclass
class Agreement:
    """The promises of both sides on one link, in the order in which they were given."""

    on: datetime.date
    promises: list = field(default_factory=list)

    def of(self, side):
        """The promise of a side that is in force, or None."""
        return next((one for one in self.promises if one.is_in_force and one.commitment.side == side), None)

    @property
    def is_agreed(self):
        """Whether both sides have given their word."""
        return all(self.of(side) for side in Side)

    @property
    def is_empty(self):
        """Whether nobody has ever said anything."""
        return not self.promises

    @property
    def lacking(self):
        """[(side, days)] of the sides without a word; days since the other side's word, None where it has none either.

        Where the side took its own word back later, the days are counted from then.
        """
        found = []
        for side in Side:
            if self.of(side):
                continue
            other = next((self.of(one) for one in Side if one != side and self.of(one)), None)
            days = None
            if other:
                taken_back = [one.withdrawn_on for one in self.promises if one.commitment.side == side]
                days = (self.on - max([other.given_on, *filter(None, taken_back)])).days
            found.append((side, days))
        return found


def agreements_of(commitments, on):
    """{(priority id, measure id): Agreement} of all promises that were given; an empty one where there is none.

    Two queries, whatever the number of promises.

    Args:
        commitments: a queryset of commitments on links that may be shown.
        on: today.
    """
    given = list(commitments.filter(status__in=Commitment.PUBLIC).select_related("link").order_by("published_at", "pk"))
    steps = _steps(given)
    found = defaultdict(lambda: Agreement(on))
    for one in given:
        confirmed, withdrawn = (steps.get((one.pk, status)) for status in (Status.CONFIRMED, Status.WITHDRAWN))
        promise = Promise(
            one,
            given_on=_day(one.published_at or one.created_at),
            given_by=confirmed.actor if confirmed else None,
            withdrawn_on=_day(withdrawn.at) if withdrawn else None,
            withdrawn_by=withdrawn.actor if withdrawn else None,
        )
        found[one.link.priority_id, one.link.measure_id].promises.append(promise)
    return found


def add_waiting(link, on):
    """Add to a link of `awaiting` how many days it waits and by how many the answer is late; its region is loaded."""
    link.waits_days = (on - timezone.localdate(link.said_at)).days
    link.days_late = max(link.waits_days - link.priority.strategy.municipality.region.answer_days, 0)


def _steps(commitments):
    """{(commitment id, status): the step that led to it}; no query without commitments."""
    if not commitments:
        return {}
    entries = JournalEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(Commitment), object_id__in=[one.pk for one in commitments]
    )
    return {(entry.object_id, entry.to_status): entry for entry in entries.select_related("actor").order_by("at", "pk")}


def _day(moment):
    return timezone.localtime(moment).date()
