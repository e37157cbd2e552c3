from django.conf import settings
from django.db.models import Max, Min, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import TemplateView

from config.changes import latest_changes
from config.map import Projection, label_places
from config.sentences import done_row, town_state
from config.templatetags.site import millions
from municipalities.models import Boundary, Municipality, Region
from sessions.chain import chain_of, with_chain
from sessions.models import Proposal, Session
from sessions.models.session import over
from strategies.chain import Chain, State, chosen_state, done_state, promised_state
from strategies.models import Funding, Measure, Programme
from strategies.progress import whole


def home_region():
    """The region of the home page: the one named in settings, else the first that runs a programme."""
    regions = Region.objects.filter(is_active=True)
    return (regions.filter(slug=settings.HOME_REGION) if settings.HOME_REGION else regions).first()


class HomeView(TemplateView):
    """The region at a glance: honest totals, towns with a map, what changed, what comes next, what is missing."""

    template_name = "config/home.html"

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        region = home_region()
        if region is None:
            return context | {"region": None}
        self.request.region_shown = region.pk
        now = timezone.now()
        towns = list(
            with_chain(Municipality.objects.filter(region=region).towns(), on=timezone.localdate()).order_by(
                "name_sort"
            )
        )
        for town in towns:
            town.chain = chain_of(town)
            town.state = town_state(town)
        inside = [town for town in towns if town.in_programme]
        sessions = Session.objects.public().filter(region=region)
        return context | {
            "region": region,
            "towns": inside,
            "map": _map(region, towns),
            "changes": latest_changes(region),
            "upcoming": sessions.upcoming(now)[:3],
            "last_session": sessions.filter(over(now), level=Session.Level.REGIONAL, host__in_programme=True)
            .select_related("host")
            .first(),
            "missing": _missing(inside),
            **_totals(region, inside),
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


def _money(region):
    """Money promised in the region, thousand roubles: (by the action programme, by other support, «2018–2026»)."""
    own = other = None
    years = set()
    rows = (
        Funding.objects.filter(
            measure__in=Measure.objects.counted(), measure__direction__programme__region=region, planned__isnull=False
        )
        .values_list("measure__direction__programme__kind")
        .annotate(total=Sum("planned"), first=Min("year"), last=Max("year"))
        .order_by()
    )
    for kind, total, first, last in rows:
        years |= {first, last}
        if kind == Programme.Kind.ACTION:
            own = total
        else:
            other = total + (other or 0)
    span = "" if not years else str(min(years)) if len(years) == 1 else f"{min(years)}–{max(years)}"
    return own, other, span


def _promised_row(region):
    own, other, span = _money(region)
    if own is not None:
        text = _("млн рублей по программе области; по другим программам и конкурсам — %(other)s млн") % {
            "other": millions(other)
        }
        return own, other, {"big": millions(own), "text": text}
    text = _("млн рублей по другим программам и конкурсам, %(years)s") % {"years": span} if other else ""
    missing = _("Мер программы действий области с деньгами не найдено")
    return own, other, {"big": millions(other), "text": f"{text}. {missing}" if other else missing}


def _totals(region, towns):
    own, other, promised = _promised_row(region)
    proposals = Proposal.objects.public().filter(region=region).count()
    priorities = sum(town.priority_count for town in towns)
    approved = sum(town.is_approved for town in towns)
    counted = {
        name: sum(getattr(town, f"{name}_count") for town in towns)
        for name in ("measure", "done", "overdue", "report", "reported")
    }
    ready = [town.percent * town.reported_count for town in towns if town.reported_count]
    percent = whole(sum(ready) / counted["reported"]) if ready else None
    chain = Chain(
        said=State.YES if proposals else State.NO,
        chosen=chosen_state(approved=bool(approved), drafted=bool(priorities)),
        promised=promised_state(confirmed=own is not None, known=other is not None, chosen=bool(priorities)),
        done=done_state(measures=counted["measure"], done=counted["done"], overdue=counted["overdue"], percent=percent),
        percent=percent,
        reported=counted["reported"],
        measures=counted["measure"],
    )
    acts = _("Решений думы о стратегиях не найдено")
    if approved:
        acts = ngettext(
            "Решением думы утверждена %(n)s стратегия", "Решением думы утверждено %(n)s стратегий", approved
        ) % {"n": approved}
    said = ngettext(
        "предложение и тезис с сессий и обсуждений", "предложений и тезисов с сессий и обсуждений", proposals
    )
    return {
        "chain": chain,
        "rows": [
            {"big": str(proposals), "text": said},
            {"big": str(priorities), "text": ngettext("приоритет.", "приоритетов.", priorities) + f" {acts}"},
            promised,
            done_row(
                done=counted["done"],
                measures=counted["measure"],
                reports=counted["report"],
                overdue=counted["overdue"],
            ),
        ],
    }


def _missing(towns):
    """What the site honestly lacks: towns without priorities, without an approved strategy, without a dated session."""
    return {
        "priorities": [town for town in towns if not town.priority_count],
        "acts": [town for town in towns if not town.is_approved],
        "sessions": [town for town in towns if not town.session_count],
    }
