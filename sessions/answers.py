"""Answers to a proposal: the one that stands and those it replaced, each with its day and whose word it is."""

import datetime
from dataclasses import dataclass

from accounts.models import JournalEntry, Revision, User
from sessions.models import Proposal


@dataclass
class Answer:
    """One answer: `reason` says why it replaced the former one, `is_dropped` that it may not be shown any more."""

    on: datetime.datetime | None
    by: User | None
    reason: str = ""
    text: str = ""
    redirected_to: str = ""
    is_dropped: bool = False


def answers_of(proposal):
    """`Answer`s to a proposal, the newest first; none where nobody answered. Two queries."""
    if proposal is None or not proposal.answer:
        return []
    revisions = [
        one
        for one in Revision.objects.accepted().about(proposal).with_people()
        if Proposal.ANSWER_WORDS & set(one.words)
    ]
    answers = [Answer(one.decided_at, one.decided_by, one.reason) for one in revisions]
    answers.append(Answer(proposal.answered_at, _first_by(proposal)))
    words, is_dropped = {name: getattr(proposal, name) for name in Proposal.ANSWER_WORDS}, False
    for answer, revision in zip(answers, [*revisions, None], strict=True):
        answer.text, answer.redirected_to, answer.is_dropped = words["answer"], words["redirected_to"], is_dropped
        if revision is not None:
            words = words | {name: was for name, (was, _becomes) in revision.words.items()}
            is_dropped = revision.drops_former
    return answers


def _first_by(proposal):
    """Who gave the first answer, as the journal says it; None where a source brought it."""
    steps = JournalEntry.objects.public().about(proposal).filter(to_status__in=Proposal.ANSWERED)
    step = steps.select_related("actor").order_by("-at").first()
    return step.actor if step else None
