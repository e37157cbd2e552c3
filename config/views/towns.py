from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django_filters.views import FilterView

from config.sentences import town_state
from municipalities.filters import MunicipalityFilter
from municipalities.models import Municipality
from sessions.chain import chain_of, with_chain
from strategies.models import Measure
from strategies.progress import LeftOut, Line, readiness

from .progress import ProgressPage

PAGE = 50


class MunicipalityListView(FilterView):
    """All towns, those that run a programme first; filters in the address."""

    filterset_class = MunicipalityFilter
    template_name = "municipalities/municipality_list.html"
    context_object_name = "towns"
    paginate_by = PAGE
    extra_context = {"step": "chosen", "section": "towns"}

    def get(self, request, *args, **kwargs):
        """The list, or straight on to the only town whose name was asked for."""
        if {name for name, value in request.GET.items() if value} == {"q"}:
            named = self.filterset_class(request.GET, Municipality.objects.towns())
            found = list(named.qs[:2]) if named.is_valid() else []
            if len(found) == 1:
                return redirect(found[0])
        return super().get(request, *args, **kwargs)

    def get_queryset(self):
        return (
            with_chain(Municipality.objects.towns(), on=timezone.localdate())
            .with_people()
            .with_region()
            .order_by("is_reference", "name_sort", "pk")
        )

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        for town in context["towns"]:
            town.chain = None if town.is_reference else chain_of(town)
            town.state = _("справочный город: программу здесь не ведут") if town.is_reference else town_state(town)
        return context


class MunicipalityProgressView(ProgressPage):
    """The readiness of a town: over its own measures."""

    def get_subject(self):
        return get_object_or_404(Municipality, slug=self.kwargs["slug"])

    def get_progress(self):
        measures = Measure.objects.public().with_programme()
        shared = measures.filter(municipality__isnull=True, towns=self.subject)
        return readiness(
            list(measures.filter(municipality=self.subject)),
            others=[Line(measure, left_out=LeftOut.REGION_WIDE) for measure in shared],
        )

    def get_names(self):
        return {
            "kicker": _("Город"),
            "title": self.subject.name,
            "town": self.subject,
            "back_url": self.subject.get_absolute_url(),
        }
