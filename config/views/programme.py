from django.db.models import Case, F, IntegerField, Value, When
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django_filters.views import FilterView

from municipalities.regions import RegionChosen
from sessions.dashboard import kept_dashboard
from strategies.dashboard.figures import latest_cycles
from strategies.programme.filters import MeasureFilter
from strategies.programme.models.measure import Measure
from strategies.programme.models.programme import Programme
from strategies.programme.money import money_by_year
from strategies.programme.outcome import outcome_of

PAGE = 12
PREPARATION_SHOWN = 20
CYCLES_SHOWN = 12
SUPPORT_SHOWN = 50
IS_OTHER = Case(
    When(direction__programme__kind=Programme.Kind.ACTION, then=Value(0)), default=Value(1), output_field=IntegerField()
)


class ProgrammeView(RegionChosen, FilterView):
    """The region's action programme and every public measure, by direction; filters in the address."""

    filterset_class = MeasureFilter
    template_name = "strategies/programme.html"
    context_object_name = "measures"
    paginate_by = PAGE

    @cached_property
    def action_programmes(self):
        """Public action programmes of the region, the newest first."""
        programmes = Programme.objects.public().action_programmes().filter(region=self.region)
        return list(programmes.select_related("act").order_by("-pk"))

    def get_queryset(self):
        measures = Measure.objects.public().filter(direction__programme__region=self.region)
        if any(one.status == Programme.Status.PREPARED for one in self.action_programmes):
            measures = measures.with_preparation().filter(is_preparation=False)
        return (
            measures.only("pk")  # the rest is read for the page that is shown (`_whole`)
            .annotate(is_other=IS_OTHER)
            .order_by(
                "is_other", "direction__title", "direction__programme__title", F("due").asc(nulls_last=True), "pk"
            )
        )

    def get_filterset_kwargs(self, filterset_class):
        return super().get_filterset_kwargs(filterset_class) | {
            "regions": sorted(self.regions, key=lambda region: region != self.region)  # the one shown stands first
        }

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        context["measures"] = _whole(context["measures"])
        form = self.filterset.form
        reported = form.is_bound and form.is_valid() and form.cleaned_data["reported"] == "yes"
        programme, on = _in_force(self.action_programmes), timezone.localdate()
        is_filtered = any(form.data.get(name) for name in form.fields) if form.is_bound else False
        cycles = latest_cycles(self.region) if self.region else []
        editions = getattr(self.request, "editions", None)
        # A list narrowed inside its region shows no dashboard: it is not counted for it.
        is_narrowed = is_filtered and any(form.data.get(name) for name in form.fields if name != "region")
        is_whole = self.region and not is_narrowed
        dashboard = kept_dashboard(self.region, on, cycles, editions) if is_whole else None
        # Money of all measures is counted already.
        money = dashboard.money if dashboard and not is_filtered else money_by_year(self.object_list)
        return context | {
            "on": on,
            "step": "done" if reported else "promised",
            "section": "measures",
            "region": self.region,
            "programme": programme,
            "discussed": [one for one in self.action_programmes if one.status == Programme.Status.DISCUSSION],
            "outcome": outcome_of(programme),
            "preparation": list(
                Measure.objects.public()
                .with_preparation()
                .filter(is_preparation=True, direction__programme=programme)
                .order_by(F("due").asc(nulls_last=True), "pk")[:PREPARATION_SHOWN]
            )
            if programme
            else [],
            "support": _support(self.region),
            "cycles": cycles[:CYCLES_SHOWN],
            "groups": _groups(context["measures"]),
            "money": money,
            "dashboard": dashboard,
            "is_filtered": is_filtered,
        }


def _in_force(programmes):
    """The action programme that counts: in force, else discussed or prepared, else completed."""
    order = [Programme.Status.APPROVED, Programme.Status.DISCUSSION, Programme.Status.PREPARED]
    order.append(Programme.Status.COMPLETED)
    return min(programmes, key=lambda one: order.index(one.status), default=None)


def _support(region):
    """Other documents that promise something to towns of a region, where more is told of them than their measures."""
    programmes = Programme.objects.public().filter(region=region).exclude(kind=Programme.Kind.ACTION)
    return list(programmes.exclude(summary="", note="").order_by("title", "pk")[:SUPPORT_SHOWN])


def _whole(measures):
    """The measures of a page with everything that it shows, in the same order; two queries."""
    numbers = [measure.pk for measure in measures]
    found = (
        Measure.objects.filter(pk__in=numbers)
        .with_programme()
        .select_related("municipality")
        .prefetch_related("towns")
        .with_money_apart()
        .with_act()
        .annotate(is_other=IS_OTHER)
        .in_bulk()
    )
    return [found[number] for number in numbers]


def _groups(measures):
    """Tables of a page: measures of one direction, the action programme's apart from other support."""
    groups = []
    for measure in measures:
        key = (measure.is_other, measure.direction.title)
        if not groups or groups[-1]["key"] != key:
            groups.append({"key": key, "title": measure.direction.title, "is_other": measure.is_other, "measures": []})
        groups[-1]["measures"].append(measure)
        measure.town_names = _towns(measure)
    for group in groups:
        programmes = {measure.direction.programme_id: measure.direction.programme for measure in group["measures"]}
        group["programme"] = programmes.popitem()[1] if len(programmes) == 1 else None
    return groups


def _towns(measure):
    if measure.municipality:
        return measure.municipality.shown_name
    return ", ".join(town.shown_name for town in measure.towns.all()) or _("весь регион")
