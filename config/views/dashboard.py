from django.core.paginator import Paginator
from django.http import Http404
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.generic import TemplateView

from accounts.models.user import REGION_ROLES
from accounts.office import REGION, OfficePage
from municipalities.models import Municipality, Region
from sessions.chain import chain_of, with_chain
from sessions.dashboard import kept_dashboard
from strategies.dashboard.figures import latest_cycles
from strategies.dashboard.states import OWING, TownState
from strategies.reporting.reminders import reminded_towns

PAGE = 50
NEEDS = {
    "reports": ("не сдали отчёт", lambda state: state.report in OWING),
    "review": ("ждут проверки области", lambda state: bool(state.reports["submitted"])),
    "measures": ("опаздывают с мерами", lambda state: state.late_measures),
    "bare": ("есть приоритеты без меры", lambda state: state.bare),
    "words": ("есть предложения без ответа", lambda state: state.words),
}


class DashboardView(OfficePage, TemplateView):
    """The region at a glance: who has not reported, what is late on both sides, what there is to do in each town."""

    tab = "dashboard"
    roles = REGION_ROLES
    template_name = "config/dashboard.html"

    @cached_property
    def regions(self):
        """The person's regions, by name."""
        return list(Region.objects.filter(pk__in=self.request.user.region_ids(*REGION_ROLES)).defer("outline"))

    @cached_property
    def region(self):
        """The region asked for in the address, else the first of one's own; 404 for another's."""
        asked = self.request.GET.get("region")
        found = [region for region in self.regions if asked in {None, "", region.slug}]
        if not found:
            raise Http404
        return found[0]

    def get_context_data(self, **kwargs):
        on, region = timezone.localdate(), self.region
        cycles = latest_cycles(region)
        dashboard = kept_dashboard(region, on, cycles)
        need = self.request.GET.get("need", "")
        need = need if need in NEEDS else ""
        states = _in_order(region, dashboard, need)
        page = Paginator(states, PAGE).get_page(self.request.GET.get("page"))
        return super().get_context_data(**kwargs) | {
            "on": on, "region": region, "regions": self.regions, "dashboard": dashboard, "money": dashboard.money,
            "need": need, "needs": [(name, label) for name, (label, _test) in NEEDS.items()],
            "page_obj": page, "paginator": page.paginator, "rows": _rows(page.object_list, on),
            "may_remind": region.pk in self.request.user.region_ids(*REGION),
            "reminded": reminded_towns([state.town for state in page.object_list], on),
        }  # fmt: skip


def _in_order(region, dashboard, need):
    """States of the towns of a region, those with the most to do first, equal ones by name; one query."""
    towns = Municipality.objects.towns().filter(region=region, is_reference=False).order_by("name_sort", "pk")
    states = [
        dashboard.towns.get(pk) or TownState(pk)
        for pk, is_in in towns.values_list("pk", "in_programme")
        if is_in or pk in dashboard.towns
    ]
    if need:
        states = [state for state in states if NEEDS[need][1](state)]
    return sorted(states, key=lambda state: state.order)


def _rows(states, on):
    """[(town with its chain, its state)] of a page; one query."""
    towns = with_chain(Municipality.objects.all(), on=on).in_bulk([state.town for state in states])
    for town in towns.values():
        town.chain = chain_of(town)
    return [(towns[state.town], state) for state in states]
