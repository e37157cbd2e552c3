from django.utils import timezone
from django.views.generic import ListView

from accounts.models import Role
from accounts.office import REPORTERS, OfficePage
from strategies.periods import Rhythm, last_finished
from strategies.priorities.models import Priority
from strategies.programme.models.measure import Measure
from strategies.reporting.models.report import form_url
from strategies.watched import days_of_silence, is_silent

PAGE = 50


class OfficeMeasuresView(OfficePage, ListView):
    """Everything open that the person's towns answer for: a report may be written any time, not only when it is due."""

    tab = "measures"
    roles = REPORTERS
    template_name = "strategies/own_measures.html"
    context_object_name = "measures"
    paginate_by = PAGE

    def get_queryset(self):
        user, on = self.request.user, timezone.localdate()
        own = Measure.objects.reported_by(user).watched().with_silence(on).with_owner(on)
        return (
            own.with_programme()
            .select_related("municipality", "owner")
            .order_by("municipality__name_sort", "due", "pk")
        )

    def get_context_data(self, **kwargs):
        context, on = super().get_context_data(**kwargs), timezone.localdate()
        for measure in context["measures"]:
            measure.url = form_url(measure, *measure.direction.programme.period_to_report(on))
            measure.days, measure.is_silent = days_of_silence(measure, on), is_silent(measure, on)
        towns = self.request.user.municipality_ids(Role.MUNICIPAL_HEAD, Role.MUNICIPAL_EDITOR)
        priorities = (
            Priority.objects.watched().filter(strategy__municipality__in=towns).with_silence(on).with_owner(on)
            .select_related("strategy__municipality", "owner").order_by("strategy__municipality", "order", "pk")[:PAGE]
        )  # fmt: skip
        for priority in priorities:
            priority.url = form_url(priority, *last_finished(Rhythm.QUARTER, on))
            priority.days, priority.is_silent = days_of_silence(priority, on), is_silent(priority, on)
        return context | {"priorities": priorities, "on": on}
