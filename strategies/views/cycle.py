from django.views.generic import DetailView, TemplateView

from strategies.models import ReportingCycle

from .office import REGION, OfficePage


class OfficeCyclesView(OfficePage, TemplateView):
    """Reporting periods."""

    tab = "cycles"
    roles = REGION
    template_name = "strategies/office_cycles.html"


class CycleDetailView(DetailView):
    """A reporting period for everybody."""

    queryset = ReportingCycle.objects.public()
    template_name = "strategies/cycle_detail.html"
