"""The paths of proposals: what took the words up, what answers them, how long they wait. Drawn from records only.

The number of queries does not depend on the number of proposals.
"""

import datetime
from dataclasses import dataclass

from django.db.models import Exists, F, Q
from django.utils import timezone

from municipalities.fields import last_day
from sessions.chain import proposal_chain
from sessions.models import Proposal
from strategies.chain import chosen_on, waited
from strategies.models import Measure, PriorityMeasure


@dataclass(frozen=True)
class Waiting:
    """How long the answer is waited for.

    Attributes:
        due: by when it is promised; None for words of a source, which have no term.
        late: days past that term, 0 while there is time.
        days: days since the words came; None where the day is not known.
        is_exact: whether they came on that day; otherwise only a month or a year is known, and it is at least so long.
    """

    due: datetime.date | None
    late: int
    days: int | None
    is_exact: bool


def waiting_of(proposal, on):
    """How long a proposal waits; None when it is answered, and of words that ask for no answer."""
    if proposal.fate.status not in Proposal.WAITING or not proposal.asks:
        return None
    since, is_exact = _day_of(proposal)
    days = max((on - since).days, 0) if since and (since <= on or not is_exact) else None
    return Waiting(due=proposal.answer_due, late=proposal.days_waiting(on), days=days, is_exact=is_exact)


def _day_of(proposal):
    """(the day when the words came, whether it is exact): of a month or a year the last one, so as not to overstate."""
    if proposal.received_at:
        return timezone.localdate(proposal.received_at), True
    if proposal.said_on:
        return last_day(proposal.said_on), len(proposal.said_on) == len("2018-06-22")
    starts_at = proposal.session.starts_at if proposal.session_id else None
    return (timezone.localdate(starts_at) if starts_at else None), True


def is_taken(proposal):
    """Whether the town took the words up: it said so, or a source names the priority that grew out of them.

    A priority that the author chose in the form is only a wish until the answer.
    """
    if proposal.status in {Proposal.Status.ACCEPTED, Proposal.Status.PARTLY}:
        return True
    return proposal.status in Proposal.WAITING and proposal.channel == Proposal.Channel.SOURCE


def for_paths(proposals):
    """A queryset of proposals with all that `add_paths` needs and nothing private."""
    private = [*Proposal.PRIVATE, *(f"merged_into__{name}" for name in Proposal.PRIVATE)]
    return proposals.select_related(
        "session", "municipality", "section", "priority__strategy", "merged_into__priority__strategy"
    ).defer(*private)


def for_outcomes(proposals):
    """A queryset of proposals with all that a row of a list says of them (`add_outcome`), nothing more and no names."""
    told = ("number", "status", "kind", "channel", "public_text", "answer_due", "priority", "measure", "is_sample")
    return proposals.select_related("session", "merged_into").only(
        *told, "answer", "received_at", "said_on", "redirected_to", "session__starts_at",
        *(f"merged_into__{name}" for name in (*told, "received_at", "said_on", "session")),
    )  # fmt: skip


def add_outcome(proposal, on):
    """Annotate a public proposal with `main` and `waiting`, for `_outcome.html`; no query if `merged_into` is read."""
    proposal.main = proposal.fate if _is_shown(proposal.fate) else None
    proposal.waiting = waiting_of(proposal, on)
    return proposal


def add_paths(proposals, on):
    """Give public proposals from `for_paths` their paths; one query.

    Each gets `main` (itself or the public one it was merged with; None when that one is hidden), `public_priority`,
    `public_measure`, `measures`, `wished_priority` (the author's choice, not decided yet), `chain` and `waiting`.
    Words that entered a measure are answered by it alone (`other_measures`: the rest of their priority's), other words
    by all the measures of their priority.
    """
    for proposal in proposals:
        add_outcome(proposal, on)
        priority = proposal.main.priority if proposal.main else None
        is_known = bool(priority and priority.is_public and priority.strategy.is_public)
        taken = bool(proposal.main and is_taken(proposal.main))
        proposal.public_priority = priority if is_known and taken else None
        proposal.wished_priority = priority if is_known and not taken else None
    by_priority, by_pk, agreed = _measures(proposals)
    for proposal in proposals:
        priority = proposal.public_priority
        taken = bool(proposal.main and is_taken(proposal.main))
        proposal.public_measure = entered = by_pk.get(proposal.main.measure_id) if taken else None
        of_priority = by_priority.get(priority.pk, []) if priority else []
        proposal.measures = measures = [entered] if entered else list(of_priority)
        proposal.other_measures = [one for one in of_priority if one not in measures]
        confirmed = {one.pk for one in measures if priority and (priority.pk, one.pk) in agreed}
        if entered and entered not in of_priority and entered.is_agreed:
            confirmed.add(entered.pk)
        proposal.chain = proposal_chain(
            proposal,
            priority=priority,
            measures=measures,
            agreed=confirmed,
            is_dated=bool(proposal.session_id and proposal.session.starts_at),
            on=on,
        )
    return proposals


def _is_shown(proposal):
    return proposal.is_public and bool(proposal.public_text)


def _measures(proposals):
    """Public measures that answer the proposals; one query.

    ({priority id: [measure, …]}, {measure id: measure}, {(priority id, measure id) that both sides have confirmed}).
    """
    priorities = {proposal.public_priority.pk for proposal in proposals if proposal.public_priority}
    named = {proposal.main.measure_id for proposal in proposals if proposal.main and proposal.main.measure_id}
    if not (priorities or named):
        return {}, {}, set()
    rows = (
        Measure.objects.public()
        .filter(Q(pk__in=named) | Q(priority_links__priority__in=priorities))
        .with_programme()
        .with_money_apart()
        .with_promise()
        .with_agreement()
        .annotate(
            answers=F("priority_links__priority"), is_agreed_here=Exists(PriorityMeasure.objects.of_row().agreed())
        )
    )
    by_priority, by_pk, agreed = {}, {}, set()
    for row in rows:
        measure = by_pk.setdefault(row.pk, row)
        if row.answers:
            by_priority.setdefault(row.answers, {})[row.pk] = measure
            if row.is_agreed_here:
                agreed.add((row.answers, row.pk))
    return {pk: list(measures.values()) for pk, measures in by_priority.items()}, by_pk, agreed


def unpromised(proposal, on):
    """{since, days} a taken proposal has had no measure: since the answer, or the choice of its priority; or None."""
    if proposal.main is None or not is_taken(proposal.main):
        return None
    answered = timezone.localdate(proposal.main.answered_at) if proposal.main.answered_at else None
    return waited(answered or (proposal.public_priority and chosen_on(proposal.public_priority)), on)
