from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.views.generic import DetailView
from django_filters.views import FilterView

from accounts.models import JournalEntry, Revision
from municipalities.regions import RegionOfRecord
from sessions.answers import answers_of
from sessions.filters import ProposalFilter
from sessions.models import Proposal
from sessions.pages import OpenPaginator
from sessions.paths import add_paths, for_paths, unpromised
from strategies.models import Measure, ProgressReport, Strategy
from strategies.reporting.silence import freshness, with_freshness
from strategies.reporting.timeline import newest_reports

PAGE = 15
SHOWN = 20


class ProposalListView(FilterView):
    """All public proposals; a number, however it is typed, leads straight to its path."""

    filterset_class = ProposalFilter
    template_name = "sessions/proposal_list.html"
    context_object_name = "proposals"
    paginate_by = PAGE
    paginator_class = OpenPaginator
    extra_context = {"step": "said", "section": "said"}

    def get(self, request, *args, **kwargs):
        """The list, or straight on to the only proposal whose number was asked for."""
        asked = request.GET.get("number") or request.GET.get("q", "")
        found = Proposal.objects.public().only_numbered(asked)
        return redirect(found) if found else super().get(request, *args, **kwargs)

    def get_queryset(self):
        return for_paths(Proposal.objects.public())

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        page = context["page_obj"]
        # What stands on one page is counted already; more is never counted (`OpenPaginator`).
        total = None if page.has_other_pages() else len(page.object_list)
        return context | {"total": total, "proposals": add_paths(list(page.object_list), timezone.localdate())}


class ProposalDetailView(RegionOfRecord, DetailView):
    """The path of a proposal: what was said, what it became, who answered and why."""

    template_name = "sessions/proposal_detail.html"
    context_object_name = "proposal"
    slug_field = slug_url_kwarg = "number"
    extra_context = {"step": "said", "section": "said"}

    def get(self, request, *args, **kwargs):
        """The page; an address with a number that is typed otherwise leads to it."""
        try:
            return super().get(request, *args, **kwargs)
        except Http404:
            found = Proposal.objects.public().only_numbered(kwargs["number"])
            if found is None:
                raise
            return redirect(found)

    def get_queryset(self):
        return for_paths(Proposal.objects.public()).select_related(
            "region", "session__minutes", "priority__strategy__act", "merged_into__priority__strategy__act",
            "session__municipality", "session__host",
        ).defer("region__outline")  # fmt: skip

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        proposal, on = self.object, timezone.localdate()
        add_paths([proposal], on)
        measures = proposal.measures
        counted = [measure for measure in measures if measure.status != Measure.Status.CANCELLED]
        published = ProgressReport.objects.public().filter(measure__in=[measure.pk for measure in measures])
        reports, has_more_reports = newest_reports(published)
        strategy = proposal.public_priority.strategy if proposal.public_priority else None
        return context | {
            "on": on,
            "main": proposal.main,
            "session": proposal.session if proposal.session and proposal.session.is_public else None,
            "strategy": strategy,
            "in_force": bool(strategy) and strategy.status in {Strategy.Status.APPROVED, Strategy.Status.SUPERSEDED},
            "measures": measures[:SHOWN],
            "measure_total": len(measures),
            "counted_total": len(counted),
            "other_total": sum(one.status != Measure.Status.CANCELLED for one in proposal.other_measures),
            "late": [measure for measure in counted if measure.is_overdue(on)][:SHOWN],
            "gap": None if counted else unpromised(proposal, on),
            "unheard": _unheard(counted, on) if not reports else None,
            "reports": reports,
            "has_more_reports": has_more_reports,
            "answers": answers_of(proposal.main),
            "revisions": _former_texts(proposal),
            **_merged(proposal),
            "journal": JournalEntry.objects.public().about(proposal).select_related("actor"),
        }


def _unheard(measures, on):
    """The freshness of the open measure that is silent the longest; one query, None where none is open."""
    rows = with_freshness(Measure.objects.filter(pk__in=[one.pk for one in measures], status__in=Measure.OPEN), on)
    return max((freshness(one, on, {}) for one in rows), key=lambda one: one.days, default=None)


def _merged(proposal):
    """The newest public proposals merged into this one, and how many there are."""
    merged = proposal.merged.public().order_by("-pk").only("number", "public_text", "merged_into")
    shown = list(merged[: SHOWN + 1])
    return {"merged": shown[:SHOWN], "merged_total": len(shown) if len(shown) <= SHOWN else merged.count()}


def _former_texts(proposal):
    """Changes of the text for all; those of the answer stand beside it."""
    revisions = Revision.objects.accepted().about(proposal).with_people()
    return [one for one in revisions if "public_text" in one.words]
