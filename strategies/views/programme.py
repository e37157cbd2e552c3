from django.db.models import Case, F, IntegerField, Sum, Value, When
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django_filters.views import FilterView

from strategies.filters import MeasureFilter
from strategies.models import Funding, Measure, Programme, ReportingCycle

from .region import RegionChosen

PAGE = 50
PREPARATION_SHOWN = 20
CYCLES_SHOWN = 12
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
            measures = measures.exclude(pk__in=measures.preparation().values("pk"))
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
        programme = _in_force(self.action_programmes)
        return context | {
            "on": timezone.localdate(),
            "step": "done" if reported else "promised",
            "region": self.region,
            "programme": programme,
            "preparation": list(
                Measure.objects.public()
                .preparation()
                .filter(direction__programme=programme)
                .order_by(F("due").asc(nulls_last=True), "pk")[:PREPARATION_SHOWN]
            )
            if programme
            else [],
            "cycles": ReportingCycle.objects.public()
            .filter(programme__region=self.region)
            .select_related("programme")
            .latest()[:CYCLES_SHOWN],
            "groups": _groups(context["measures"]),
            "money": _money(self.object_list),
            "is_filtered": any(form.data.get(name) for name in form.fields) if form.is_bound else False,
        }


def _in_force(programmes):
    """The action programme that counts: real before sample; in force, else discussed or prepared, else completed."""
    order = [Programme.Status.APPROVED, Programme.Status.DISCUSSION, Programme.Status.PREPARED]
    order.append(Programme.Status.COMPLETED)
    return min(programmes, key=lambda one: (one.is_sample, order.index(one.status)), default=None)


def _whole(measures):
    """The measures of a page with everything that it shows, in the same order; two queries."""
    numbers = [measure.pk for measure in measures]
    found = (
        Measure.objects.filter(pk__in=numbers)
        .select_related("direction__programme", "municipality")
        .prefetch_related("towns")
        .with_money_apart()
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
        return measure.municipality.name
    return ", ".join(town.name for town in measure.towns.all()) or _("весь регион")


def _money(measures):
    """Money of the chosen measures by year and source: the action programme's and other support apart; one query."""
    rows = (
        measures.exclude(status=Measure.Status.CANCELLED)
        .filter(fundings__isnull=False)
        .order_by()
        .values("direction__programme__kind", year=F("fundings__year"), source=F("fundings__source"))
        .annotate(promised=Sum("fundings__planned"), paid=Sum("fundings__spent"))
        .order_by("year", "source")
    )
    tables = {}
    for row in rows:
        is_other = row["direction__programme__kind"] != Programme.Kind.ACTION
        table = tables.setdefault(is_other, {})
        line = table.setdefault(
            (row["year"], row["source"]),
            {"year": row["year"], "source": Funding.Source(row["source"]).label, "promised": None, "paid": None},
        )
        for name in ("promised", "paid"):
            if row[name] is not None:
                line[name] = (line[name] or 0) + row[name]
    return [
        {
            "is_other": is_other,
            "rows": list(tables[is_other].values()),
            "promised": _known_sum(line["promised"] for line in tables[is_other].values()),
            "paid": _known_sum(line["paid"] for line in tables[is_other].values()),
        }
        for is_other in sorted(tables)
    ]


def _known_sum(numbers):
    known = [number for number in numbers if number is not None]
    return sum(known) if known else None
