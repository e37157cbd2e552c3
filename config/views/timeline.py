from django.shortcuts import get_object_or_404
from django.views.generic import ListView

from municipalities.models import Municipality
from strategies.priorities.models import Priority
from strategies.reporting.models.report import ProgressReport
from strategies.reporting.timeline import add_versions, counting_reports

from .priority import reports_about
from .report_changes import changes_of, latest_pairs

PAGE = 20


class ReportsPage(ListView):
    """All published reports about something, the latest period first."""

    template_name = "strategies/reports.html"
    context_object_name = "reports"
    paginate_by = PAGE
    extra_context = {"step": "done", "section": "towns"}

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        return context | {
            "reports": add_versions(list(context["reports"])),
            "subject": self.subject,
            "town": self.town,
            "changes": self.get_changes() if context["page_obj"].number == 1 else None,
        }

    def get_changes(self):
        """What the last period changed; said where it is said nowhere else."""
        return


class TownReportsView(ReportsPage):
    """Reports on a town's own measures and on its priorities."""

    def get_queryset(self):
        self.subject = self.town = get_object_or_404(Municipality, slug=self.kwargs["slug"])
        self.request.region_shown = self.town.region_id
        return counting_reports(self._reports())

    def get_changes(self):
        """What the reports of the last period changed in the town."""
        return changes_of(latest_pairs(self._reports()))

    def _reports(self):
        return ProgressReport.objects.public().of_town(self.town)


class PriorityReportsView(ReportsPage):
    """Reports on a priority and on the measures that answer it."""

    def get_queryset(self):
        priorities = Priority.objects.visible_to(self.request.user).select_related("strategy__municipality")
        self.subject = get_object_or_404(priorities, pk=self.kwargs["pk"])
        self.town = self.subject.strategy.municipality
        self.request.region_shown = self.town.region_id
        return counting_reports(reports_about(self.subject))
