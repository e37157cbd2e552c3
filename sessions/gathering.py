"""What a session gathered: votes for priorities, decisions, sessions of towns with what became of their words."""

from django.utils import timezone

from municipalities.numbers import counted
from sessions.models import Decision, Proposal
from sessions.outcomes import outcomes_by


def said_words(said, unread):
    """«6, из них 4 проверены»: how much was said, and how much of it somebody has read."""
    if not unread:
        return str(said)
    if said == unread:
        return f"{said}, не проверено ни одно"
    return f"{said}, из них {counted(said - unread, 'проверено', 'проверены', 'проверены')}"


def told_apart(session):
    """«Сессия о дворах, Сызрань, 22.06.2018»: a session among others of the same title."""
    town = session.municipality or session.host
    day = f"{timezone.localtime(session.starts_at):%d.%m.%Y}" if session.starts_at else session.date_note
    return ", ".join(filter(None, (session.title, town and town.name, day)))


def votes_of(session):
    """Hands and stickers for public priorities, the most first; one query."""
    votes = session.votes.select_related("priority__strategy").order_by("-count", "pk")
    return [vote for vote in votes if vote.priority.is_public and vote.priority.strategy.is_public]


def decisions_of(session, on):
    """Decisions of a session whose outcome is published, each with its state on a date; one query."""
    decisions = list(
        Decision.objects.public()
        .filter(session=session)
        .select_related("measure__direction__programme", "session__region")
    )
    for decision in decisions:
        decision.days_late = (on - decision.due).days if decision.is_overdue(on) else 0
        measure = decision.measure
        is_seen = bool(measure and measure.is_public and measure.direction.programme.is_public)
        decision.public_measure = measure if is_seen else None
    return decisions


def told_gathered(session, on):
    """Public sessions whose outcomes a regional session gathers, each with `outcomes` of its proposals; two queries."""
    gathered = list(session.gathered.public().select_related("municipality").order_by("starts_at", "pk"))
    if not gathered:
        return gathered
    counts = outcomes_by(Proposal.objects.public().filter(session__in=[one.pk for one in gathered]), "session", on)
    for one in gathered:
        one.outcomes = counts.get(one.pk)
    return gathered
