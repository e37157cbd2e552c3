from itertools import groupby

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.generic import ListView, TemplateView

from accounts.forms import DecisionForm
from accounts.models import Role
from accounts.office import REGION, OfficePage
from municipalities.numbers import reports as counted_reports
from municipalities.typed import whole_number
from strategies import periods
from strategies.programme.models.programme import Programme
from strategies.reporting.models.cycle import RECEIVED, ReportingCycle
from strategies.reporting.models.report import ProgressReport
from strategies.reporting.period_result import add_results, rows_of, tallies, whole
from strategies.reporting.silence import heads_of

PAGE, CYCLES, SINCE = 50, 20, 50
OPENERS = (Role.REGION_EDITOR, Role.REGION_APPROVER)
Status = ProgressReport.Status


class CycleDetailView(ListView):
    """A reporting period for everybody: what was asked, who reported, and after the close what stood then."""

    template_name = "strategies/cycle_detail.html"
    context_object_name = "rows"
    paginate_by = PAGE
    extra_context = {"step": "done", "section": "measures"}

    def get_queryset(self):
        cycles = ReportingCycle.objects.visible_to(self.request.user).select_related("programme__region")
        self.cycle = get_object_or_404(cycles, pk=self.kwargs["pk"])
        self.request.region_shown = self.cycle.programme.region_id
        return rows_of(self.cycle, town=self.request.GET.get("town", ""))

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        on, towns = timezone.localdate(), tallies(self.cycle)
        return context | {
            "on": on,
            "cycle": self.cycle,
            "is_closed": self.cycle.status == ReportingCycle.Status.CLOSED,
            "is_due_passed": self.cycle.due_on < on,
            "towns": towns,
            "total": whole(towns),
            "chosen": self.request.GET.get("town", ""),
            "rows": add_results(self.cycle, list(context["rows"]), on),
        }


class CyclePage(OfficePage):
    """A page about reporting periods of one's own regions."""

    tab = "cycles"
    roles = REGION

    def cycles(self):
        """Reporting periods of the person's regions, planned ones too."""
        user = self.request.user
        regions = user.region_ids(*REGION)
        return (
            ReportingCycle.objects.visible_to(user)
            .filter(programme__region__in=regions)
            .select_related("programme__region")
        )

    @cached_property
    def cycle(self):
        """The period of the address; 404 for a stranger."""
        return get_object_or_404(self.cycles(), pk=self.kwargs["pk"])


class OfficeCyclesView(CyclePage, ListView):
    """Reporting periods of the region's programmes, and those that may be opened."""

    template_name = "strategies/office_cycles.html"
    context_object_name = "cycles"
    paginate_by = CYCLES

    def get_queryset(self):
        return self.cycles().with_counts().latest()

    def programmes(self):
        """Programmes in force that are reported on, the action programmes first."""
        user = self.request.user
        own = Programme.objects.visible_to(user).reported_on().filter(region__in=user.region_ids(*REGION))
        return own.select_related("region").order_by("kind", "title")

    def get_context_data(self, **kwargs):
        context, on = super().get_context_data(**kwargs), timezone.localdate()
        programmes = list(self.programmes())
        opened = set(
            ReportingCycle.objects.public().filter(programme__in=programmes).values_list("programme", "year", "period")
        )
        may_open = self.request.user.region_ids(*OPENERS)
        waiting = []
        for programme in programmes:
            year, period = programme.period_to_report(on)
            programme.may_open = programme.region_id in may_open
            if (programme.pk, year, period) not in opened:
                waiting.append(
                    {"programme": programme, "label": periods.label(year, period), "code": periods.code(year, period),
                     "due_on": programme.due_day(year, period)}
                )  # fmt: skip
        return context | {
            "on": on,
            "has_programmes": bool(programmes),
            "to_open": [row for row in waiting if row["programme"].kind == Programme.Kind.ACTION],
            "to_open_other": [row for row in waiting if row["programme"].kind != Programme.Kind.ACTION],
        }

    def post(self, request):
        """Open the last finished period of a programme."""
        programme = get_object_or_404(self.programmes(), pk=whole_number(request.POST.get("programme", "")))
        try:
            asked = periods.parse(request.POST.get("period", ""))
        except ValueError:
            raise Http404 from None
        if asked != programme.period_to_report(timezone.localdate()):
            messages.error(request, "Открыть можно последний закончившийся период: обновите страницу.")
            return redirect("office:cycles")
        try:
            cycle, is_opened = ReportingCycle.start(programme, *asked, by=request.user)
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
            return redirect("office:cycles")
        said = "Приём отчётов открыт" if is_opened else "Приём уже был открыт"
        messages.success(request, f"{said}: {cycle.period_label}. Ждём {counted_reports(cycle.expected.count())}.")
        return redirect("office:cycle_detail", cycle.pk)


class OfficeCycleView(CyclePage, ListView):
    """One reporting period: how many came, who has not reported and whom to ask."""

    template_name = "strategies/office_cycle.html"
    context_object_name = "rows"
    paginate_by = PAGE

    def get_queryset(self):
        rows = self.cycle.expected
        if self.cycle.status == ReportingCycle.Status.CLOSED:
            rows = rows.filter(report__isnull=True).with_report()
        else:
            rows = rows.unanswered()
        return rows.with_subject().select_related("measure__owner", "priority__owner").by_town()

    def get_context_data(self, **kwargs):
        context, on = super().get_context_data(**kwargs), timezone.localdate()
        cycle, user = self.cycle, self.request.user
        is_closed = cycle.status == ReportingCycle.Status.CLOSED
        rows = list(context["rows"])
        reports = ProgressReport.objects.in_bulk([row.report_now for row in rows if row.report_now])
        heads = heads_of({row.municipality_id for row in rows if row.municipality_id}, on)
        for row in rows:
            row.found = reports.get(row.report_now)
            row.town_name = row.municipality.name if row.municipality else ""
        since = cycle.expected.said_since().with_subject().select_related("report").by_town() if is_closed else []
        return context | {
            "on": on,
            "cycle": cycle,
            "is_closed": is_closed,
            "may_close": cycle.status == ReportingCycle.Status.OPEN
            and user.acts_as(Role.REGION_APPROVER, territory=cycle.territory),
            "may_set": user.acts_as(*Programme.EDITORS, territory=cycle.territory),
            "days_late": max((on - cycle.due_on).days, 0),
            "counts": _counts(cycle),
            "towns": [
                {"town": town, "head": heads.get(town.pk if town else None, ""), "rows": list(group)}
                for town, group in groupby(rows, key=lambda row: row.municipality)
            ],
            "since": _since(since),
        }


class CycleCloseView(CyclePage, TemplateView):
    """The question before a period is closed: what is still missing stays missing for good."""

    roles = (Role.REGION_APPROVER,)
    template_name = "strategies/office_cycle_close.html"

    def get_context_data(self, **kwargs):
        cycle = self.cycle
        missing = cycle.expected.unanswered().order_by().values("municipality__name", "municipality__name_sort")
        return super().get_context_data(**kwargs) | {
            "on": timezone.localdate(),
            "cycle": cycle,
            "counts": _counts(cycle),
            "missing": list(missing.annotate(number=Count("pk")).order_by("municipality__name_sort")),
            "form": DecisionForm(initial={"seen_version": cycle.row_version}, auto_id=False),
        }

    def get(self, request, *args, **kwargs):
        """The question; a closed period has nothing to ask."""
        if self.cycle.status != ReportingCycle.Status.OPEN:
            return redirect("office:cycle_detail", self.cycle.pk)
        return super().get(request, *args, **kwargs)

    def post(self, request, *args, **kwargs):
        """Close the period: what is published for it is kept as it stands."""
        cycle, form = self.cycle, DecisionForm(request.POST)
        if not request.user.acts_as(Role.REGION_APPROVER, territory=cycle.territory):
            raise PermissionDenied
        if not form.is_valid():
            messages.error(request, "Обновите страницу и закройте период снова.")
            return redirect("office:cycle_close", cycle.pk)
        cycle.row_version = form.cleaned_data["seen_version"]
        try:
            cycle.move_to(ReportingCycle.Status.CLOSED, by=request.user)
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        else:
            messages.success(request, f"Период закрыт: {cycle.period_label}. Опубликованное сохранено как есть.")
        return redirect("office:cycle_detail", cycle.pk)


def _counts(cycle):
    """{asked, received, published, waiting, returned, draft, nothing, released}; of a closed cycle what it kept.

    `released`: asked for, but finished, cancelled or archived meanwhile. Two queries.
    """
    if cycle.status == ReportingCycle.Status.CLOSED:
        found = cycle.expected.aggregate(asked=Count("pk"), published=Count("report"))
        return found | {"received": found["published"], "nothing": found["asked"] - found["published"]}
    came, owed = _by_status(cycle.expected.with_report()), _by_status(cycle.expected.unanswered())
    counts = {
        "asked": sum(came.values()),
        "received": sum(came.get(status, 0) for status in RECEIVED),
        "published": came.get(Status.PUBLISHED, 0),
        "waiting": came.get(Status.SUBMITTED, 0),
        "returned": owed.get(Status.RETURNED, 0),
        "draft": owed.get(Status.DRAFT, 0),
        "nothing": owed.get(None, 0),
    }
    return counts | {"released": counts["asked"] - counts["received"] - sum(owed.values())}


def _by_status(rows):
    """{status of the report, None without one: how many rows}; one query."""
    found = rows.order_by().values("report_status").annotate(number=Count("pk"))
    return {row["report_status"]: row["number"] for row in found}


def _since(rows):
    """What became known after the close: (row, the report that counts now), the first ones; two queries."""
    rows = list(rows[:SINCE])
    reports = ProgressReport.objects.with_subject().in_bulk([row.counting_now for row in rows])
    return [(row, reports[row.counting_now]) for row in rows]
