from django.db.models import F, OuterRef, Subquery
from django.utils import timezone
from django.views.generic import DetailView

from accounts.models import JournalEntry
from strategies.chain import priority_chain, said_by
from strategies.models import Measure, Priority, Programme, ProgressReport, Strategy

SHOWN = 50


class PriorityDetailView(DetailView):
    """A priority along the chain: each step with its date, actor, paper and reason, drawn from records."""

    template_name = "strategies/priority_detail.html"
    context_object_name = "priority"
    extra_context = {"step": "chosen", "section": "towns"}

    def get_queryset(self):
        return Priority.objects.visible_to(self.request.user).select_related(
            "strategy__municipality", "strategy__act", "goal"
        )

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        priority, on = self.object, timezone.localdate()
        sessions = list(priority.sessions.public().select_related("municipality", "host", "minutes"))
        proposals = list(priority.proposals.public().select_related("session")[: SHOWN + 1])
        measures = _measures(priority)
        chain = priority_chain(priority, said=said_by(sessions, proposals), measures=measures, on=on)
        counted = [measure for measure in measures if measure.status != Measure.Status.CANCELLED]
        return context | {
            "on": on,
            "town": priority.strategy.municipality,
            "strategy": priority.strategy,
            "in_force": priority.strategy.status in {Strategy.Status.APPROVED, Strategy.Status.SUPERSEDED},
            "chain": chain,
            "sessions": sessions,
            "proposals": proposals[:SHOWN],
            "proposal_total": len(proposals) if len(proposals) <= SHOWN else priority.proposals.public().count(),
            "measures": measures[:SHOWN],
            "measure_total": len(measures),
            "counted_total": len(counted),
            **_promised(counted),
            **_done(counted, on),
            "gap": _gap(priority, on) if not counted else None,
            "indicators": priority.indicators.prefetch_related("values"),
            "journal": JournalEntry.objects.public().about(priority).select_related("actor"),
        }


def _measures(priority):
    """Public measures that answer a priority, each with money and its latest counting report; two queries."""
    latest = (
        ProgressReport.objects.counting().filter(measure=OuterRef("pk")).order_by("-period_end", "-published_at", "-pk")
    )
    measures = list(
        Measure.objects.public()
        .filter(priority_links__priority=priority)
        .select_related("direction__programme")
        .with_money_apart()
        .annotate(latest_report=Subquery(latest.values("pk")[:1]))
        .order_by(F("due").asc(nulls_last=True), "pk")
    )
    reports = ProgressReport.objects.in_bulk([measure.latest_report for measure in measures if measure.latest_report])
    for measure in measures:
        measure.report = reports.get(measure.latest_report)
        if measure.report:
            measure.report.measure = measure
        measure.is_own = measure.direction.programme.kind == Programme.Kind.ACTION
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
        "reported": [measure for measure in measures if measure.report][:SHOWN],
        "reported_total": sum(measure.report is not None for measure in measures),
        "late": [m for m in measures if m.is_overdue(on) or m.status == Measure.Status.POSTPONED][:SHOWN],
        "late_total": sum(measure.is_overdue(on) for measure in measures),
    }


def _gap(priority, on):
    """Since when nobody promises anything: the date of the act, or of publication here; None where neither is known."""
    since = priority.strategy.act_date or (priority.published_at and timezone.localdate(priority.published_at))
    return {"since": since, "days": (on - since).days} if since and since <= on else None
