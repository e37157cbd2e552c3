from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.generic import ListView

from strategies.priorities.models import Goal, Priority, Strategy
from strategies.programme.readiness import goal_progress, priority_progress

PAGE = 100


class ProgressPage(ListView):
    """How a computed figure came out: the formula, what was counted with which weight, what was left out and why.

    A class that inherits finds the `subject` and gives its `Progress` and the names of the page.
    """

    template_name = "strategies/progress.html"
    context_object_name = "lines"
    paginate_by = PAGE
    extra_context = {"step": "done", "section": "towns"}

    def get_subject(self):
        """The record whose figure is explained, or 404."""
        raise NotImplementedError

    def get_progress(self):
        """The `Progress` of the subject."""
        raise NotImplementedError

    def get_names(self):
        """`kicker`, `title`, `town` and `back_url` of the page."""
        raise NotImplementedError

    def get_queryset(self):
        self.subject = self.get_subject()
        whole = self.subject.strategy if isinstance(self.subject, Goal) else self.subject
        self.request.region_shown = whole.territory[0]
        self.progress = self.get_progress()
        return [*self.progress.counted, *self.progress.left_out]

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"progress": self.progress} | self.get_names()


class PriorityProgressView(ProgressPage):
    """The readiness of a priority."""

    def get_subject(self):
        priorities = Priority.objects.visible_to(self.request.user).select_related("strategy__municipality")
        return get_object_or_404(priorities, pk=self.kwargs["pk"])

    def get_progress(self):
        return priority_progress(self.subject)

    def get_names(self):
        return {
            "kicker": _("Приоритет"),
            "title": self.subject.title,
            "town": self.subject.strategy.municipality,
            "back_url": self.subject.get_absolute_url(),
        }


class GoalProgressView(ProgressPage):
    """The readiness of a goal, with the goals under it."""

    def get_subject(self):
        goals = Goal.objects.filter(strategy__in=Strategy.objects.visible_to(self.request.user))
        return get_object_or_404(goals.select_related("strategy__municipality"), pk=self.kwargs["pk"])

    def get_progress(self):
        return goal_progress(self.subject)

    def get_names(self):
        return {
            "kicker": _("Цель"),
            "title": str(self.subject),
            "town": self.subject.strategy.municipality,
            "back_url": self.subject.strategy.get_absolute_url(),
        }
