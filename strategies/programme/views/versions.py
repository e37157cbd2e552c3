"""Versions of a programme for everybody: which were kept and how they differ."""

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404
from django.views.generic import TemplateView

from municipalities.regions import RegionChosen
from strategies.programme.models.measure import Measure
from strategies.programme.models.programme import Programme
from strategies.programme.models.version import ProgrammeVersion, VersionChange
from strategies.programme.outcome import outcome_of

PAGE = 50


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
        self.request.region_shown = version.programme.region_id
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
