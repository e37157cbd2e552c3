from django.db.models import F, Q
from django.utils import timezone
from django.views.generic import DetailView

from accounts.models import JournalEntry, Revision
from municipalities.regions import RegionOfRecord
from strategies.chain import chosen_on, priority_chain, said_by, waited
from strategies.coverage.agreement import agreements_of
from strategies.coverage.models.commitment import Commitment
from strategies.coverage.models.gap import GapAnswer
from strategies.priorities.models import Priority, Strategy
from strategies.programme.models.measure import Measure
from strategies.programme.models.programme import Programme
from strategies.reporting.models.report import ProgressReport
from strategies.reporting.silence import freshness, heads_of, with_freshness
from strategies.reporting.timeline import newest_reports

from .report_changes import changes_of, latest_pairs

SHOWN = 50


class PriorityDetailView(RegionOfRecord, DetailView):
    """A priority along the chain: each step with its date, actor, paper and reason, drawn from records."""

    template_name = "strategies/priority_detail.html"
    context_object_name = "priority"
    extra_context = {"step": "chosen", "section": "towns"}

    def get_queryset(self):
        priorities = with_freshness(Priority.objects.visible_to(self.request.user), timezone.localdate())
        return priorities.select_related("strategy__municipality", "strategy__act", "goal", "owner")

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        priority, on = self.object, timezone.localdate()
        heads = heads_of([priority.strategy.municipality_id], on)
        sessions = list(priority.sessions.public().select_related("municipality", "host", "minutes"))
        proposals = list(priority.proposals.public().select_related("session", "merged_into")[:SHOWN])
        pairs = latest_pairs(reports_about(priority))
        measures = _measures(priority, on, heads, {pair[0].measure_id: pair[0] for pair in pairs})
        agreements = agreements_of(Commitment.objects.filter(link__priority=priority), on)
        for measure in measures:
            measure.agreement = agreements[priority.pk, measure.pk]
        agreed = {measure.pk for measure in measures if measure.agreement.is_agreed}
        chain = priority_chain(priority, said=said_by(sessions, proposals), measures=measures, agreed=agreed, on=on)
        counted = [measure for measure in measures if measure.status != Measure.Status.CANCELLED]
        reports, has_more_reports = newest_reports(reports_about(priority))
        fresh = freshness(priority, on, heads) if _is_watched(priority, counted) else None
        quietest = max((one for one in counted if one.fresh), key=lambda one: one.fresh.days, default=None)
        return context | {
            "on": on,
            "town": priority.strategy.municipality,
            "strategy": priority.strategy,
            "in_force": priority.strategy.status in {Strategy.Status.APPROVED, Strategy.Status.SUPERSEDED},
            "chain": chain,
            "sessions": sessions,
            "proposals": proposals,
            "proposal_total": priority.proposals.public().count(),
            "measures": measures[:SHOWN],
            "measure_total": len(measures),
            "counted_total": len(counted),
            "agreed_total": sum(measure.pk in agreed for measure in counted),
            **_closing(priority, counted, agreed, on),
            **_promised(counted),
            **_done(counted, on),
            "reports": reports,
            "has_more_reports": has_more_reports,
            "changes": changes_of(pairs),
            "fresh": fresh,
            "quietest": quietest,
            "unheard": (quietest.fresh if quietest else fresh) if not reports else None,
            "gap": waited(chosen_on(priority), on) if not counted else None,
            "indicators": priority.indicators.prefetch_related("values__target_changes"),
            "journal": JournalEntry.objects.public().about(priority).select_related("actor"),
            "revisions": Revision.objects.accepted().about(priority).with_people(),
        }


def reports_about(priority):
    """Public reports on a priority itself and on the measures that answer it."""
    return ProgressReport.objects.public().filter(
        Q(priority=priority) | Q(measure__in=Measure.objects.filter(priority_links__priority=priority))
    )


def _is_watched(priority, counted):
    """Whether the town itself is expected to report: a chosen priority that no measure answers."""
    return priority.status == Priority.Status.PUBLISHED and priority.strategy.status in Strategy.LIVE and not counted


def _closing(priority, counted, agreed, on):
    """Whether the programme has a gap here, and what the region says of it; one query where it has."""
    is_living = priority.status == Priority.Status.PUBLISHED and priority.strategy.status in Strategy.LIVE
    is_gap = is_living and priority.strategy.municipality.in_programme
    is_gap = is_gap and not any(measure.pk in agreed for measure in counted)
    kind = GapAnswer.Kind.NOT_AGREED if counted else GapAnswer.Kind.NO_MEASURE
    closing = priority.gap_answers.filter(kind=kind).select_related("owner").first() if is_gap else None
    return {"is_gap": is_gap, "closing": closing, "days_late": closing.days_late(on) if closing else 0}


def _measures(priority, on, heads, latest):
    """Public measures that answer a priority, each with money, freshness and its latest counting report; one query."""
    measures = list(
        with_freshness(Measure.objects.public().filter(priority_links__priority=priority), on)
        .with_programme()
        .select_related("owner")
        .with_money_apart()
        .with_promise()
        .order_by(F("due").asc(nulls_last=True), "pk")
    )
    for measure in measures:
        measure.report = latest.get(measure.pk)
        measure.is_own = measure.direction.programme.kind == Programme.Kind.ACTION
        measure.fresh = freshness(measure, on, heads) if measure.status in Measure.OPEN else None
    return measures


def _total(measures):
    known = [measure.planned for measure in measures if measure.planned is not None]
    return sum(known) if known else None


def _promised(measures):
    """Money by whose promise it is, never in one figure, and what the promises lack."""
    own = [measure for measure in measures if measure.is_own]
    other = [measure for measure in measures if not measure.is_own]
    kinds = {measure.direction.programme.kind: measure.direction.programme.get_kind_display() for measure in other}
    return {
        "own_total": len(own),
        "own_money": _total(own),
        "other_total": len(other),
        "other_money": _total(other),
        "other_kinds": [str(kinds[kind]) for kind in sorted(kinds) if kind != Programme.Kind.OTHER],
        "without_due": sum(measure.due_now is None for measure in measures),
        "without_money": sum(measure.planned is None for measure in measures),
        "without_owner": sum(not measure.responsible for measure in measures),
    }


def _done(measures, on):
    """What published reports say, and what is late or moved."""
    return {
        "reported_total": sum(measure.report is not None for measure in measures),
        "late": [m for m in measures if m.is_overdue(on) or m.status == Measure.Status.POSTPONED][:SHOWN],
        "late_total": sum(measure.is_overdue(on) for measure in measures),
    }
