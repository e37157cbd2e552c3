from django.views.generic import DetailView, TemplateView

from strategies.models import Handover

from .office import OfficePage


class HandoversView(OfficePage, TemplateView):
    """Acts of handing over."""

    tab = "handover"
    template_name = "strategies/handovers.html"


class HandoverDetailView(OfficePage, DetailView):
    """One act."""

    tab = "handover"
    queryset = Handover.objects.all()
    template_name = "strategies/handover_detail.html"
