from django.views.generic import TemplateView

from .office import OfficePage


class OfficeSilenceView(OfficePage, TemplateView):
    """Silent and ownerless records."""

    tab = "silence"
    template_name = "strategies/office_silence.html"


class SilenceView(TemplateView):
    """Silent and ownerless records for everybody."""

    template_name = "strategies/silence.html"
