"""The life of a programme for everybody: what is discussed now, which versions were kept and how they differ."""

from django.core.paginator import Paginator
from django.db.models import F
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.generic import TemplateView

from municipalities.regions import RegionChosen
from strategies.programme.models.measure import Measure
from strategies.programme.models.programme import Programme
from strategies.programme.models.version import ProgrammeVersion, VersionChange
from strategies.programme.outcome import outcome_of

PAGE = 50


class DiscussionView(RegionChosen, TemplateView):
    """Draft programmes under discussion: until when, where to write, what they promise."""

    template_name = "strategies/programme_discussion.html"
    extra_context = {"step": "promised", "section": "measures"}

    def get_context_data(self, **kwargs):
        on = timezone.localdate()
        programmes = list(
            Programme.objects.public().discussed().filter(region=self.region).order_by("discussion_to", "pk")
        )
        asked = self.request.GET.get("programme", "")
        programme = next((one for one in programmes if str(one.pk) == asked), programmes[0] if programmes else None)
        measures = (
            Measure.objects.public()
            .filter(direction__programme=programme)
            .exclude(status=Measure.Status.CANCELLED)
            .select_related("direction", "municipality")
            .with_money_apart()
            .order_by("direction__order", "direction", F("due").asc(nulls_last=True), "pk")
        )
        page = Paginator(measures, PAGE).get_page(self.request.GET.get("page"))
        sessions = _sessions(programme) if programme else []
        return super().get_context_data(**kwargs) | {
            "on": on,
            "region": self.region,
            "programmes": programmes,
            "programme": programme,
            "days_left": (programme.discussion_to - on).days if programme else None,
            "days_over": (on - programme.discussion_to).days if programme else None,
            "sessions": sessions,
            "open_session": next((one for one in sessions if one.takes_proposals(on)), None),
            "page_obj": page,
            "measures": list(page),
        }


def _sessions(programme):
    """Public discussions that the region holds in the days when a programme is discussed; one query.

    Sessions stand above: they are known here by the name of the relation.
    """
    found = programme.region.sessions.public().filter(kind="discussion", municipality__isnull=True)
    return [
        one
        for one in found.exclude(status="cancelled").order_by("starts_at", "pk")
        if _days_meet(one, programme.discussion_from, programme.discussion_to)
    ]


def _days_meet(session, first, last):
    starts = timezone.localdate(session.starts_at) if session.starts_at else None
    ends = session.proposals_until or (timezone.localdate(session.ends_at) if session.ends_at else starts)
    return starts is not None and starts <= last and ends >= first


class VersionsView(RegionChosen, TemplateView):
    """Every version that was kept of the region's programmes, with what it changed."""

    template_name = "strategies/programme_versions.html"
    extra_context = {"step": "promised", "section": "measures"}

    def get_context_data(self, **kwargs):
        programmes = (
            Programme.objects.public()
            .filter(region=self.region, status__in=[Programme.Status.APPROVED, Programme.Status.COMPLETED])
            .select_related("act")
            .order_by("is_sample", "kind", "-pk")
        )
        kept = {}
        versions = ProgrammeVersion.objects.public().light().with_counts().filter(programme__region=self.region)
        for version in versions.select_related("act").order_by("-number"):
            kept.setdefault(version.programme_id, []).append(version)
        shown = [one for one in programmes if one.pk in kept or one.kind == Programme.Kind.ACTION]
        for programme in shown:
            programme.kept = kept.get(programme.pk, [])
        return super().get_context_data(**kwargs) | {"region": self.region, "programmes": shown}


class VersionView(TemplateView):
    """One version: by which act, why, what it changed, and what it promised."""

    template_name = "strategies/programme_version.html"
    extra_context = {"step": "promised", "section": "measures"}

    def get_context_data(self, **kwargs):
        versions = ProgrammeVersion.objects.public().light().with_counts()
        version = get_object_or_404(versions.select_related("programme__region", "act"), pk=self.kwargs["pk"])
        kinds = dict(VersionChange.Kind.choices)
        kind = self.request.GET.get("kind", "")
        is_list = self.request.GET.get("show") == "promised" or not version.added + version.removed + version.changed
        context = {
            "version": version,
            "programme": version.programme,
            "kinds": [(code, label, getattr(version, code)) for code, label in kinds.items()],
            "kind": kind if kind in kinds else "",
            "is_list": is_list,
            "outcome": outcome_of(version.programme),
            "newer": version.programme.versions.light().filter(number=version.number + 1).first(),
            "older": version.programme.versions.light().filter(number=version.number - 1).first(),
        }
        if is_list:
            page = Paginator(range(version.page_total), 1).get_page(self.request.GET.get("page"))
            context["measures"] = version.promised(page.number) if version.page_total else []
            numbers = [one["id"] for one in context["measures"]]
        else:
            changes = version.changes.filter(kind=kind) if kind in kinds else version.changes.all()
            page = Paginator(changes.order_by("order"), PAGE).get_page(self.request.GET.get("page"))
            context["changes"] = list(page)
            numbers = [one.measure_id for one in page]
        alive = set(
            Measure.objects.public().filter(pk__in=[one for one in numbers if one]).values_list("pk", flat=True)
        )
        return super().get_context_data(**kwargs) | context | {"page_obj": page, "alive": alive}
