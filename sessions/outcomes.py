"""What became of what was said, counted by the database: one query for any number of proposals."""

from dataclasses import dataclass

from django.db.models import Count, Q

from sessions.models import Proposal
from sessions.models.proposal_queryset import asking, entered
from strategies.models import Measure, Priority, PriorityMeasure

S = Proposal.Status


@dataclass(frozen=True)
class Outcomes:
    """How many proposals came how far. The answers are of exactly one kind each and add up to `total`."""

    total: int
    statements: int
    accepted: int
    partly: int
    declined: int
    redirected: int
    merged: int
    in_time: int
    late: int
    without_term: int
    not_asked: int
    in_priorities: int
    in_measures: int
    done: int

    @property
    def answers(self):
        """(name of the kind, a status to show it by, how many) of the kinds that there are."""
        kinds = [
            ("accepted", S.ACCEPTED), ("partly", S.PARTLY), ("declined", S.DECLINED), ("redirected", S.REDIRECTED),
            ("merged", S.MERGED), ("in_time", S.ON_REVIEW), ("late", S.NEW), ("without_term", S.NEW),
            ("not_asked", S.NEW),
        ]  # fmt: skip
        return [(name, Proposal(status=status), getattr(self, name)) for name, status in kinds if getattr(self, name)]

    @property
    def proposals(self):
        """How many of what was written down propose something: theses and instructions only say it."""
        return self.total - self.statements

    @property
    def waiting(self):
        """How many an answer is owed to."""
        return self.in_time + self.late + self.without_term


def _on_their_way():
    """{how far: condition} of proposals that the town took up."""
    counted = Measure.objects.counted().order_by()
    open_ones = counted.exclude(status=Measure.Status.DONE)
    links = PriorityMeasure.objects.order_by()
    answered = links.filter(measure__in=counted).values("priority")
    unfinished = links.filter(measure__in=open_ones).values("priority")
    # The same rule as `paths.is_taken`: the town said so, or a source names the priority that grew out of the words.
    sourced = Q(status__in=Proposal.WAITING, channel=Proposal.Channel.SOURCE)
    taken = Q(status__in=[S.ACCEPTED, S.PARTLY]) | sourced
    in_priority = Q(priority__in=Priority.objects.public().order_by().values("pk"))
    # Words that entered a measure are answered by it alone (`paths.add_paths`).
    through = in_priority & ~entered()
    in_measure = Q(measure__in=counted.values("pk")) | (through & Q(priority__in=answered))
    is_open = Q(measure__in=open_ones.values("pk")) | (through & Q(priority__in=unfinished))
    return {
        "in_priorities": taken & in_priority,
        "in_measures": taken & in_measure,
        "done": taken & in_measure & ~is_open,
    }


def done_of(proposals):
    """Those of a queryset that are done: taken up, and every measure that answers them is finished."""
    return proposals.filter(_on_their_way()["done"])


def _conditions(on):
    waiting = Q(status__in=Proposal.WAITING)
    return {
        "statements": ~Q(kind__in=Proposal.ASKING),
        **{name: Q(status=name) for name in ("accepted", "partly", "declined", "redirected", "merged")},
        "late": waiting & Q(answer_due__lt=on),
        "in_time": waiting & Q(answer_due__gte=on),
        "without_term": waiting & Q(answer_due__isnull=True) & asking(Proposal),
        "not_asked": waiting & ~asking(Proposal),
        **_on_their_way(),
    }


def _counts(on):
    return {name: Count("pk", filter=condition) for name, condition in _conditions(on).items()} | {"total": Count("pk")}


def outcomes_of(proposals, on):
    """The outcomes of a queryset of public proposals; one query.

    Merged ones are counted as merged: what became of them is what became of the one they were merged with.
    """
    return Outcomes(**proposals.order_by().aggregate(**_counts(on)))


def outcomes_by(proposals, field, on):
    """{value of a field: outcomes} of a queryset of public proposals; one query."""
    rows = proposals.order_by().values(field).annotate(**_counts(on))
    return {row.pop(field): Outcomes(**row) for row in rows}
