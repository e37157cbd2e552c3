from django.conf import settings
from django.utils import timezone
from django.views.generic import TemplateView

from config.changes import latest_changes
from config.map import Projection, label_places
from municipalities.models import Boundary, Municipality, Region
from sessions.models import Session
from strategies.models import Measure
from strategies.reporting.deeds import TownFigures, figures_by_town, figures_of

NEWS = 5
TOLD = ("name", "name_en", "slug", "kind", "in_programme", "is_reference", "is_sample", "latitude", "longitude")


def home_region():
    """The region of the home page: the one named in settings, else the first that runs a programme."""
    regions = Region.objects.filter(is_active=True)
    return (regions.filter(slug=settings.HOME_REGION) if settings.HOME_REGION else regions).first()


class HomeView(TemplateView):
    """The region at a glance: its towns in three words each, four figures, what comes next, what changed."""

    template_name = "config/home.html"

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        region = home_region()
        if region is None:
            return context | {"region": None}
        self.request.region_shown = region.pk
        now, on = timezone.now(), timezone.localdate()
        figures = figures_by_town(region, on)
        towns = list(Municipality.objects.filter(region=region).towns().order_by("name_sort").only(*TOLD))
        for town in towns:
            town.figures = figures.get(town.pk, TownFigures())
        return context | {
            "region": region,
            "towns": [town for town in towns if town.in_programme],
            "figures": figures_of(Measure.objects.deeds().filter(direction__programme__region=region), on),
            "map": _map(region, towns),
            "changes": latest_changes(region, NEWS),
            "upcoming": Session.objects.public().filter(region=region).upcoming(now)[:1],
        }


def _map(region, towns):
    boundaries = list(
        Boundary.objects.filter(municipality__region=region)
        .select_related("municipality")
        .only("geometry", "credit", "municipality__in_programme", "municipality__kind")
    )
    projection = Projection.of([region.outline] if region.outline else [b.geometry for b in boundaries])
    if projection is None:
        return None
    places = [town for town in towns if town.latitude is not None and not town.is_reference]
    places.sort(key=lambda town: not town.in_programme)
    points = [(*projection.point(town.longitude, town.latitude), town.shown_name) for town in places]
    quiet_kinds = {Municipality.Kind.DISTRICT, Municipality.Kind.OKRUG}
    return {
        "height": projection.height,
        "land": projection.path(region.outline),
        "inner": "".join(projection.path(b.geometry) for b in boundaries if b.municipality.kind in quiet_kinds),
        "cities": [
            (projection.path(b.geometry), b.municipality.in_programme)
            for b in boundaries
            if b.municipality.kind not in quiet_kinds
        ],
        "points": [
            {
                "town": town,
                "x": point[0],
                "y": point[1],
                "dx": f"{place[0]}em",
                "dy": f"{place[1]}em",
                "anchor": place[2],
            }
            for town, point, place in zip(places, points, label_places(points), strict=True)
        ],
        "credit": region.outline_credit,
    }
