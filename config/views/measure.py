from django.db.models import Exists, OuterRef, Prefetch
from django.utils import timezone
from django.views.generic import DetailView

from accounts.models import JournalEntry, Revision
from municipalities.regions import RegionOfRecord
from sessions.models import Proposal
from strategies.chain import measure_chain, said_by, said_state
from strategies.coverage.agreement import agreements_of
from strategies.coverage.models.commitment import Commitment
from strategies.forecast import forecast
from strategies.priorities.models import Priority
from strategies.programme.models.measure import Measure
from strategies.programme.models.programme import Programme
from strategies.progress import compared, deviation
from strategies.reporting.models.evidence import Evidence
from strategies.reporting.silence import freshness, heads_of, with_freshness
from strategies.reporting.timeline import add_versions, counting_reports

from .report_changes import changes_of

SHOWN = 50


class MeasureDetailView(RegionOfRecord, DetailView):
    """A measure: who promised what, what reports say, when it may be done, how its date moved, its money."""

    template_name = "strategies/measure_detail.html"
    context_object_name = "measure"

    def get_queryset(self):
        measures = Measure.objects.visible_to(self.request.user).with_money_apart().with_promise()
        return with_freshness(measures.with_programme(), timezone.localdate()).select_related(
            "direction__programme__act", "municipality", "basis", "cancel_act", "owner"
        )

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        measure, on = self.object, timezone.localdate()
        priorities, sessions, proposals, said = _said(measure)
        agreements = agreements_of(Commitment.objects.filter(link__measure=measure), on)
        for priority in priorities:
            priority.agreement = agreements[priority.pk, measure.pk]
        measure.is_agreed = not priorities or any(priority.agreement.is_agreed for priority in priorities)
        reports = add_versions(list(counting_reports(measure.reports.public())))
        is_open = measure.status in Measure.OPEN
        fresh = freshness(measure, on, heads_of([measure.municipality_id], on)) if is_open else None
        milestones = list(measure.milestones.all())
        for milestone in milestones:
            milestone.days_late = (on - milestone.due).days if milestone.is_overdue(on) else 0
        return context | {
            "on": on,
            "step": "promised",
            "section": "measures",
            "programme": measure.direction.programme,
            "is_own": measure.direction.programme.kind == Programme.Kind.ACTION,
            "chain": measure_chain(measure, said=said, priorities=priorities, on=on),
            "priorities": priorities,
            "sessions": sessions,
            "proposals": proposals[:SHOWN],
            "has_more_proposals": len(proposals) > SHOWN,
            "towns": [measure.municipality] if measure.municipality else list(measure.towns.all()),
            "fresh": fresh,
            "unheard": fresh if not reports else None,
            "reports": reports,
            "latest": reports[0] if reports else None,
            "changes": changes_of([reports[:2]] if reports else []),
            "percents": [report.percent for report in reversed(reports) if report.percent is not None],
            "forecast": forecast(((one.period_end, one.percent) for one in reports), on=on) if is_open else None,
            "due_changes": _due_changes(measure),
            **_money(measure),
            "milestones": milestones,
            "decisions": measure.decisions.public().select_related("session"),
            "indicators": measure.indicators.prefetch_related("values__target_changes"),
            "journal": JournalEntry.objects.public().about(measure).select_related("actor"),
            "revisions": Revision.objects.accepted().about(measure).with_people(),
        }


def _said(measure):
    """What a measure grew from: public priorities, sessions that spoke of them, proposals that were taken up.

    With the state of «сказано»; three queries.
    """
    said = Proposal.objects.public()
    about = said.filter(priority=OuterRef("pk"))
    priorities = list(
        Priority.objects.public()
        .filter(measure_links__measure=measure)
        .select_related("strategy__municipality")
        .annotate(has_words=Exists(about), has_dated_words=Exists(about.exclude(said_on="")))
        .prefetch_related("sessions")
        .order_by("order", "pk")
    )
    grown = said.grown_into(measure, [one.pk for one in priorities]).select_related("session", "priority")
    proposals = list(grown.defer(*grown.model.PRIVATE)[: SHOWN + 1])
    spoken = {
        session.pk: session
        for priority in priorities
        for session in priority.sessions.all()
        if session.status in {session.Status.HELD, session.Status.OUTCOME}
    }
    sessions = sorted(spoken.values(), key=lambda session: (session.starts_at is None, session.starts_at, session.pk))
    words = said_state(
        confirmed=any(one.has_dated_words for one in priorities) or any(one.said_on for one in proposals),
        known=any(one.has_words for one in priorities) or bool(proposals),
    )
    return priorities, sessions, proposals, max(said_by(sessions, []), words, key=["no", "part", "yes"].index)


def _due_changes(measure):
    """Moves of the date with their papers: documents, words, and what came with the report; two queries."""
    papers = Prefetch("report__evidence", Evidence.objects.filter(stage=Evidence.Stage.PAPER).order_by("pk"))
    changes = measure.due_changes.select_related("document", "report__measure", "created_by")
    return list(changes.prefetch_related(papers))


def _money(measure):
    """Money by year and source, and by source over the years where there are several, each with its deviation."""
    fundings = list(measure.fundings.all())
    sources = {}
    for funding in fundings:
        funding.deviation = deviation(funding.planned, funding.spent)
        total = sources.setdefault(
            funding.source,
            {"label": funding.get_source_display(), "years": 0, "planned": None, "spent": None, "of": []},
        )
        total["years"] += 1
        total["of"].append((funding.planned, funding.spent))
        for name in ("planned", "spent"):
            amount = getattr(funding, name)
            if amount is not None:
                total[name] = (total[name] or 0) + amount
    several = [total for total in sources.values() if total["years"] > 1]
    for total in several:
        total["deviation"] = compared(total["of"])[0]
    money_deviation, both, known = compared([(one.planned, one.spent) for one in fundings])
    return {
        "fundings": fundings,
        "by_source": several,
        "money_deviation": money_deviation,
        "left_out": known - both if both else 0,
    }
