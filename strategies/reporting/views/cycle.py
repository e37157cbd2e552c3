from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.generic import ListView

from strategies.reporting.models.cycle import ReportingCycle
from strategies.reporting.period_result import rows_of, tallies, tell, whole

PAGE = 50


class CycleDetailView(ListView):
    """A reporting period for everybody: what was asked, who reported, and after the close what stood then."""

    template_name = "strategies/cycle_detail.html"
    context_object_name = "rows"
    paginate_by = PAGE
    extra_context = {"step": "done", "section": "measures"}

    def get_queryset(self):
        cycles = ReportingCycle.objects.visible_to(self.request.user).select_related("programme__region")
        self.cycle = get_object_or_404(cycles, pk=self.kwargs["pk"])
        self.request.region_shown = self.cycle.programme.region_id
        return rows_of(self.cycle, town=self.request.GET.get("town", ""))

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        on, towns = timezone.localdate(), tallies(self.cycle)
        return context | {
            "on": on,
            "cycle": self.cycle,
            "is_closed": self.cycle.status == ReportingCycle.Status.CLOSED,
            "is_due_passed": self.cycle.due_on < on,
            "towns": towns,
            "total": whole(towns),
            "chosen": self.request.GET.get("town", ""),
            "rows": tell(self.cycle, list(context["rows"]), on),
        }
