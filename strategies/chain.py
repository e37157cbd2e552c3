"""The chain «Сказано → Выбрано → Обещано → Сделано»: which state each link is in, drawn from records, never typed.

Pure rules: no queries, no clock. The states are those of the design language:
`yes` confirmed by date and paper, `part` known without one of them, `no` not reached, `gap` due but missing,
`late` a date passed without a published report, `run` under way.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from strategies.progress import readiness


class State(StrEnum):
    """States of one link."""

    YES = "yes"
    PART = "part"
    NO = "no"
    GAP = "gap"
    LATE = "late"
    RUN = "run"


STEPS = (
    ("said", _("Сказано")),
    ("chosen", _("Выбрано")),
    ("promised", _("Обещано")),
    ("done", _("Сделано")),
)

STATE_WORDS = {
    State.YES: _("есть"),
    State.PART: _("есть, но не подтверждено"),
    State.NO: _("нет"),
    State.GAP: _("пробел"),
    State.LATE: _("просрочено"),
    State.RUN: _("идёт"),
}

# Two neighbours are joined by a bar only when both are confirmed.
CONFIRMED = frozenset({State.YES, State.LATE, State.RUN})


@dataclass(frozen=True)
class Chain:
    """The four links of a town, a priority or a measure.

    `percent` is the mean readiness of the `reported` ones among all `measures`: a figure of the whole only where nobody
    is silent. The last link is filled by `filled`, where silence adds nothing.
    """

    said: State
    chosen: State
    promised: State
    done: State
    percent: int | None = None
    reported: int = 0
    measures: int = 0

    @property
    def is_whole(self):
        """Whether all that counts has reported."""
        return self.reported == self.measures

    @property
    def filled(self):
        """How much of the last link is drawn, per cent; None where there is no report."""
        return self.percent and self.percent * self.reported // (self.measures or self.reported or 1)

    @property
    def links(self):
        """(name, word, state) of the four links in order."""
        return [(name, word, getattr(self, name)) for name, word in STEPS]

    def joined(self, name):
        """Whether the link and the next one are both confirmed."""
        names = [step for step, _word in STEPS]
        following = names[names.index(name) + 1]
        return getattr(self, name) in CONFIRMED and getattr(self, following) in CONFIRMED


def said_state(*, confirmed, known):
    """«Сказано»: confirmed by a dated record with a source, or only known."""
    if confirmed:
        return State.YES
    return State.PART if known else State.NO


def chosen_state(*, approved, drafted):
    """«Выбрано»: whole with an act of the council, half while the strategy is a draft."""
    if approved:
        return State.YES
    return State.PART if drafted else State.NO


def promised_state(*, confirmed, known, chosen):
    """«Обещано»: agreed by both sides, with a date or money and a paper; a gap where nobody answers a choice."""
    if confirmed:
        return State.YES
    if known:
        return State.PART
    return State.GAP if chosen else State.NO


def done_state(*, measures, done, overdue, percent):
    """«Сделано»: by published reports only.

    Args:
        measures: how many measures are counted.
        done: how many of them are done.
        overdue: how many are late.
        percent: mean of the known percentages, None where there is no report.
    """
    if not measures:
        return State.NO
    if done == measures:
        return State.YES
    if overdue:
        return State.LATE
    return State.RUN if percent is not None else State.NO


def measures_states(measures, *, on, chosen, agreed):
    """{field of a `Chain`: value} of a set of measures on a date; cancelled ones do not count.

    Args:
        measures: with `is_written` (see `with_promise`).
        on: the date of the question.
        chosen: whether a priority waits for them.
        agreed: ids of those that both sides have confirmed: the others are promised by half.
    """
    counted = [measure for measure in measures if measure.status != measure.Status.CANCELLED]
    ready = readiness(counted)
    promised = promised_state(
        confirmed=any(measure.is_written for measure in counted if measure.pk in agreed),
        known=bool(counted),
        chosen=chosen,
    )
    done = done_state(
        measures=len(counted),
        done=sum(measure.status == measure.Status.DONE for measure in counted),
        overdue=sum(measure.is_overdue(on) for measure in counted),
        percent=ready.value,
    )
    return {
        "promised": promised, "done": done, "percent": ready.value, "reported": len(ready.counted),
        "measures": len(counted),
    }  # fmt: skip


def priority_chain(priority, *, said, measures, agreed, on):
    """The chain of a priority.

    Args:
        priority: with its strategy.
        said: state of «сказано», from `said_state`.
        measures: public measures that answer it, with `is_written`.
        agreed: ids of those whose link with it both sides have confirmed.
        on: the date of the question.
    """
    in_force = {priority.strategy.Status.APPROVED, priority.strategy.Status.SUPERSEDED}
    chosen = chosen_state(approved=priority.strategy.status in in_force, drafted=True)
    return Chain(said=said, chosen=chosen, **measures_states(measures, on=on, chosen=True, agreed=agreed))


def said_by(sessions, proposals):
    """«Сказано» from public records: sessions that took place (an announced or cancelled one says nothing) and words.

    Args:
        sessions: public sessions that spoke of the thing.
        proposals: public proposals about it.
    """
    held = [session for session in sessions if session.status in {session.Status.HELD, session.Status.OUTCOME}]
    return said_state(
        confirmed=any(session.starts_at for session in held) or any(proposal.said_on for proposal in proposals),
        known=bool(held or proposals),
    )


def measure_chain(measure, *, said, priorities, on):
    """The chain of a measure.

    Args:
        measure: with `is_written` (see `with_promise`) and `is_agreed` (see `with_agreement`).
        said: state of «сказано», from `said_by` over the priorities it answers.
        priorities: public priorities it answers, with their strategies.
        on: the date of the question.
    """
    in_force = {"approved", "superseded"}
    chosen = chosen_state(
        approved=any(priority.strategy.status in in_force for priority in priorities), drafted=bool(priorities)
    )
    # A measure is never a gap itself: a cancelled one is simply not promised any more.
    agreed = {measure.pk} if measure.is_agreed else set()
    return Chain(said=said, chosen=chosen, **measures_states([measure], on=on, chosen=False, agreed=agreed))


def chosen_on(priority):
    """The day from which a measure for a priority is waited for: the act of the strategy, else its publication here."""
    return priority.strategy.act_date or (priority.published_at and timezone.localdate(priority.published_at))


def waited(since, on):
    """{since, days} of what did not come; None where it is not known since when."""
    return {"since": since, "days": (on - since).days} if since and since <= on else None
