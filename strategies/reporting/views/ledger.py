from django.utils.functional import cached_property
from django.views.generic import ListView

from municipalities.regions import RegionChosen, RegionForm
from strategies.reporting.ledger import ledger_entries, ledger_rows

PAGE = 50


class LedgerView(RegionChosen, ListView):
    """Moved dates, lowered targets and cancelled measures of a region, for everybody."""

    template_name = "strategies/ledger.html"
    context_object_name = "rows"
    paginate_by = PAGE
    extra_context = {"step": "promised", "section": "measures"}

    @cached_property
    def form(self):
        """The filters as asked for in the address."""
        return RegionForm(self.request.GET, region=self.region, regions=self.regions)

    def get_queryset(self):
        if not self.form.is_valid() or self.region is None:
            return []
        return ledger_rows(self.region, town=self.form.cleaned_data["town"])

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        return context | {
            "region": self.region,
            "filter": {"form": self.form},
            "is_filtered": self.form.is_narrowed,
            "entries": ledger_entries(context["rows"]),
        }
