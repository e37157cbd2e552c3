from django import forms
from django.core.paginator import Paginator
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from municipalities.regions import RegionChosen, RegionForm
from sessions import lateness
from strategies.dashboard.lateness import Kind
from strategies.models import Side

PAGE, SHOWN = 50, 5


class LatenessForm(RegionForm):
    """Whose lateness, with what, and of which town."""

    side = forms.ChoiceField(label=_("Кто опаздывает"), required=False, choices=Side.choices)
    kind = forms.ChoiceField(label=_("Что просрочено"), required=False, choices=[("", _("Всё")), *Kind.choices])
    field_order = ("region", "side", "town", "kind")


class _Rows:
    """The rows of one kind, as a paginator reads them."""

    def __init__(self, part):
        self.part = part

    def count(self):
        return self.part.total

    def __len__(self):
        return self.part.total

    def __getitem__(self, cut):
        return self.part.rows(cut.stop - cut.start, cut.start)


class LatenessView(RegionChosen, TemplateView):
    """What the region or its towns are late with, row by row, for everybody: both are counted the same way."""

    template_name = "config/lateness.html"
    extra_context = {"step": "done", "section": "late"}

    @cached_property
    def form(self):
        """The filters as asked for in the address; the region's own lateness by default."""
        asked = self.request.GET.copy()
        if not asked.get("side"):
            asked["side"] = Side.TOWN if asked.get("town") else Side.REGION
        return LatenessForm(asked, region=self.region, regions=self.regions)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs) | {"region": self.region, "filter": {"form": self.form}}
        if self.region is None or not self.form.is_valid():
            return context | {"late": None, "side": "", "parts": [], "page_obj": None, "town": None}
        asked, on = self.form.cleaned_data, timezone.localdate()
        late = self._late(asked, on)
        page = None
        if asked["kind"]:
            page = Paginator(_Rows(late.part(asked["kind"])), PAGE).get_page(self.request.GET.get("page"))
            parts = [(late.part(asked["kind"]), page.object_list)]
        else:
            parts = [(part, part.rows(SHOWN)) for part in late.parts if part.total]
        return context | {
            "late": late, "side": asked["side"], "town": asked["town"], "kind": asked["kind"], "page_obj": page,
            "parts": [(part, rows) for part, rows in parts if part.total],
        }  # fmt: skip

    def _late(self, asked, on):
        if asked["side"] == Side.REGION:
            return lateness.region_lateness(self.region, on, asked["town"])
        if asked["town"]:
            return lateness.town_lateness(asked["town"], on)
        return lateness.towns_lateness(self.region, on)
