"""The chain of towns, counted by the database: one query for any number of towns."""

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce

from sessions.models import Proposal, Session
from strategies.chain import (
    Chain,
    chosen_state,
    done_state,
    measures_states,
    priority_chain,
    promised_state,
    said_state,
)
from strategies.models import Funding, Measure, Priority, Programme, ProgressReport, Strategy
from strategies.progress import mean_percent, whole


def _count(queryset, field="pk"):
    """How many rows of a correlated queryset, as a subquery; 0 where there are none."""
    counted = queryset.order_by().values(_one=F(field) * 0).annotate(n=Count("pk", distinct=True)).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def with_chain(towns, *, on):
    """Add to a queryset of towns what their chains are made of: `chain_of` reads it.

    Args:
        towns: a queryset of municipalities.
        on: the date for lateness.
    """
    here = OuterRef("pk")
    # Those that the town's page lists: its own, those it hosts, those it took part in; a cancelled one is none.
    sessions = Session.objects.public().exclude(status=Session.Status.CANCELLED)
    own_sessions = sessions.filter(municipality=here)
    hosted = sessions.filter(host=here).exclude(municipality=here)
    joined = sessions.filter(towns=here).exclude(municipality=here).exclude(host=here)
    # A session that is only announced says nothing yet.
    held = own_sessions.filter(status__in=[Session.Status.HELD, Session.Status.OUTCOME])
    attended = Session.towns.through.objects.filter(
        municipality=here, session__status__in=[Session.Status.HELD, Session.Status.OUTCOME]
    )
    proposals = Proposal.objects.public().filter(municipality=here)
    priorities = Priority.objects.public().filter(strategy__municipality=here)
    strategies = Strategy.objects.public().filter(municipality=here)
    own = Measure.objects.counted().filter(municipality=here)
    shared = Measure.towns.through.objects.filter(
        municipality=here,
        measure__status__in=Measure.PUBLIC - {Measure.Status.CANCELLED},
        measure__direction__programme__status__in=Programme.PUBLIC,
    )
    promises = Funding.objects.filter(planned__isnull=False)
    money = promises.filter(measure__in=Measure.objects.counted(), measure__municipality=here)
    written = own.with_promise().filter(is_written=True)
    # Published reports on public measures and priorities, each way by its own index: joined by «or» they cost seconds.
    published = ProgressReport.objects.filter(status__in=ProgressReport.PUBLIC)
    there = OuterRef(OuterRef("pk"))
    return towns.annotate(
        said_confirmed=Exists(held.filter(starts_at__isnull=False)) | Exists(proposals.exclude(said_on="")),
        said_known=Exists(held) | Exists(proposals) | Exists(attended),
        session_count=_count(own_sessions) + _count(hosted) + _count(joined),
        proposal_count=_count(proposals),
        priority_count=_count(priorities),
        is_approved=Exists(strategies.approved()),
        is_drafted=Exists(strategies),
        measure_count=_count(own),
        funded_count=_count(own.filter(Exists(promises.filter(measure=OuterRef("pk"))))),
        shared_measure_count=_count(shared),
        is_written=Exists(written),
        is_promised=Exists(written.with_agreement().filter(is_agreed=True)),
        reported_count=_count(own.filter(percent__isnull=False)),
        done_count=_count(own.filter(status=Measure.Status.DONE)),
        overdue_count=_count(own.overdue(on)),
        percent=Subquery(
            own.order_by().values("municipality").annotate(mean=mean_percent()).values("mean"),
        ),
        promised_money=Subquery(
            money.order_by().values("measure__municipality").annotate(t=Sum("planned")).values("t")
        ),
        report_count=_count(published.filter(measure__in=Measure.objects.public().filter(municipality=there)))
        + _count(published.filter(priority__in=Priority.objects.public().filter(strategy__municipality=there))),
    )


def chain_of(town):
    """The chain of a town that came from `with_chain`."""
    measures = town.measure_count
    percent = whole(town.percent)
    return Chain(
        said=said_state(confirmed=town.said_confirmed, known=town.said_known),
        chosen=chosen_state(approved=town.is_approved, drafted=town.is_drafted),
        promised=promised_state(
            confirmed=town.is_promised,
            known=bool(measures or town.shared_measure_count),
            chosen=bool(town.priority_count),
        ),
        done=done_state(measures=measures, done=town.done_count, overdue=town.overdue_count, percent=percent),
        percent=percent,
        reported=town.reported_count,
        measures=measures,
    )


def proposal_chain(proposal, *, priority, measures, agreed, is_dated, on):
    """The chain of one proposal.

    Args:
        proposal: a public one.
        priority: the public priority that took it up, with its strategy, or None.
        measures: public measures that answer it, with `is_written`.
        agreed: ids of those that both sides have confirmed for it.
        is_dated: whether the day of its session is known.
        on: the date of the question.
    """
    said = said_state(confirmed=bool(proposal.said_on or is_dated), known=True)
    if priority:
        return priority_chain(priority, said=said, measures=measures, agreed=agreed, on=on)
    chosen = chosen_state(approved=False, drafted=False)
    return Chain(said=said, chosen=chosen, **measures_states(measures, on=on, chosen=False, agreed=agreed))
