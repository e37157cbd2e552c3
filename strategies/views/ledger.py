from django.views.generic import TemplateView


class LedgerView(TemplateView):
    """Moved dates and lowered targets."""

    template_name = "strategies/ledger.html"
