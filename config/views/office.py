from django.views.generic import TemplateView

from strategies.views.office import OfficePage


class OfficeView(OfficePage, TemplateView):
    """What is expected of me, by when."""

    tab = "home"
    template_name = "config/office.html"
