from collections import defaultdict

from django.db.models import F
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.generic import TemplateView

from municipalities.models import Municipality
from municipalities.similar import similar_to
from sessions.models import Practice
from strategies.models import IndicatorValue, Measure, Priority, ProgressReport

SHOWN = 8


class SimilarTownsView(TemplateView):
    """Towns like this one, why they are alike, what they chose, what was promised to them and what was done."""

    template_name = "municipalities/similar.html"
    extra_context = {"step": "chosen", "section": "towns"}

    def get_context_data(self, **kwargs):
        towns = Municipality.objects.with_people().with_region()
        town = get_object_or_404(towns, slug=self.kwargs["slug"])
        others = (
            towns.towns().filter(is_reference=False, region__is_sample=town.region.is_sample).exclude(pk=town.pk)
            if town.people
            else []
        )
        alike = similar_to(town, list(others), _figures(town))
        columns = [town, *(likeness.town for likeness in alike)]
        _add_facts(columns, timezone.localdate())
        return super().get_context_data(**kwargs) | {"town": town, "alike": alike, "columns": columns}


def _figures(town):
    """{town id: {(name, unit): latest actual value}} of the indicators of towns that this one has too; one query."""
    if not town.people:
        return {}
    values = IndicatorValue.objects.filter(indicator__municipality__isnull=False, actual__isnull=False)
    names = values.filter(indicator__municipality=town).order_by().values("indicator__name")
    found = defaultdict(dict)
    rows = values.filter(indicator__name__in=names).order_by(F("year").asc(nulls_first=True))
    for place, name, unit, actual in rows.values_list(
        "indicator__municipality", "indicator__name", "indicator__unit", "actual"
    ):
        found[place][name, unit] = actual
    return found


def _add_facts(towns, on):
    """Annotate each town with `chosen`, `spheres`, `promised`, `worked` and `shown`; four queries."""
    ids = [town.pk for town in towns]
    chosen = defaultdict(list)
    for priority in Priority.objects.public().filter(strategy__municipality__in=ids).select_related("strategy"):
        chosen[priority.strategy.municipality_id].append(priority)
    promised = defaultdict(list)
    measures = Measure.objects.counted().filter(municipality__in=ids)
    for measure in measures.with_money_apart().order_by(F("due").desc(nulls_last=True), "pk"):
        promised[measure.municipality_id].append(measure)
    done = [one.pk for rows in promised.values() for one in rows if one.status == Measure.Status.DONE]
    reported = set(
        ProgressReport.objects.counting().filter(measure__in=done).order_by().values_list("measure", flat=True)
    )
    practices = defaultdict(list)
    for practice in Practice.objects.filter(municipality__in=ids).exclude(title="").select_related("session"):
        if practice.session is None or practice.session.is_public:
            practices[practice.municipality_id].append(practice)
    for town in towns:
        town.chosen = chosen[town.pk]
        town.spheres = list(dict.fromkeys(one.get_sphere_display() for one in town.chosen if one.sphere))
        town.promised = promised[town.pk]
        town.worked = [one for one in town.promised if one.pk in reported]
        town.practices_shown = practices[town.pk]
