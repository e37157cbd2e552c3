"""How a programme ended: what was said at its end, and what became of what it promised."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from accounts.models import JournalEntry
from strategies.programme.models.measure import Measure
from strategies.programme.models.programme import Programme


@dataclass(frozen=True)
class Outcome:
    """The end of a programme. `counts`: [(state, its word, how many measures)], states that occur only."""

    at: datetime | None
    who: str
    summary: str
    counts: list
    total: int


def outcome_of(programme):
    """The outcome of a completed programme, None of any other; two queries."""
    if programme is None or programme.status != Programme.Status.COMPLETED:
        return None
    entry = (
        JournalEntry.objects.public()
        .about(programme)
        .filter(to_status=Programme.Status.COMPLETED)
        .select_related("actor")
        .last()
    )
    measures = Measure.objects.public().filter(direction__programme=programme).order_by()
    numbers = dict(measures.values_list("status").annotate(number=Count("pk")))
    return Outcome(
        at=entry.at if entry else None,
        who=entry.actor.public_name if entry and entry.actor else "",
        summary=entry.reason if entry else "",
        counts=[(status, label, numbers[status]) for status, label in Measure.Status.choices if status in numbers],
        total=sum(numbers.values()),
    )
