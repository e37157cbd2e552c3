from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Case, Count, When
from django.http import Http404
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.views.generic import DetailView, ListView

from accounts.forms import DecisionForm, add_errors, seen_again
from accounts.kept import too_late
from accounts.models import JournalEntry, Role
from accounts.models.user import REGION_ROLES
from accounts.office import OfficePage
from municipalities.models import Region
from municipalities.numbers import counted
from strategies.coverage.agreement import agreements_of
from strategies.coverage.conflicts.keep import search_region
from strategies.coverage.models.commitment import Commitment
from strategies.coverage.models.finding import Finding, may_settle
from strategies.programme.models.indicator import IndicatorValue
from strategies.programme.models.measure_parts import PriorityMeasure

PAGE = 50
SETTLERS = (Role.REGION_EDITOR, Role.REGION_APPROVER)
Status = Finding.Status


class FindingsPage(OfficePage):
    """Conflicts of one's own regions; towns do not know that the page is there."""

    tab = "programme"

    def dispatch(self, request, *args, **kwargs):
        """Whoever works for a town finds nothing."""
        user = request.user
        if user.is_authenticated and user.has_role(*Role) and not user.has_role(*REGION_ROLES):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def findings(self):
        """Findings that the person may read."""
        return Finding.objects.visible_to(self.request.user)


class FindingForm(forms.Form):
    """How findings are looked through: by kind and by what was decided."""

    kind = forms.ChoiceField(label="Что найдено", required=False, choices=[("", "Всё"), *Finding.Kind.choices])
    status = forms.ChoiceField(
        label="Что решили", required=False, choices=[("", "Не устранённые"), *Finding.Status.choices]
    )


class ReasonForm(DecisionForm):
    """Why a finding is accepted or dismissed."""

    reason = forms.CharField(
        label="Почему", max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Останется при находке: через год спросят, почему так решили.",
        error_messages={"required": "Напишите причину: без неё решение не принять."},
    )  # fmt: skip


class FindingsView(FindingsPage, ListView):
    """What the search found and nobody mended yet; the unsettled first."""

    template_name = "strategies/findings.html"
    context_object_name = "findings"
    paginate_by = PAGE

    @cached_property
    def form(self):
        """The filters as asked for in the address."""
        return FindingForm(self.request.GET)

    def get_queryset(self):
        rows = self.findings().select_related("region")
        if not self.form.is_valid():
            return rows.none()
        asked = self.form.cleaned_data
        rows = rows.filter(status=asked["status"]) if asked["status"] else rows.exclude(status=Status.GONE)
        rows = rows.filter(kind=asked["kind"]) if asked["kind"] else rows
        unsettled_first = {Status.OPEN: 0, Status.ACCEPTED: 1, Status.DISMISSED: 2, Status.GONE: 3}
        order = Case(*(When(status=status, then=place) for status, place in unsettled_first.items()))
        return rows.order_by(order, "-found_at", "pk")

    def get_context_data(self, **kwargs):
        counts = dict.fromkeys(Status.values, 0)
        counts |= dict(self.findings().order_by().values_list("status").annotate(n=Count("pk")))
        return super().get_context_data(**kwargs) | {
            "filter": {"form": self.form},
            "counts": counts,
            "is_filtered": any(self.form.data.get(name) for name in self.form.fields),
            "may_search": self.request.user.has_role(*SETTLERS),
        }

    def post(self, request):
        """Search now, in every region where the person settles findings."""
        regions = Region.objects.filter(pk__in=request.user.region_ids(*SETTLERS))
        if not regions:
            raise PermissionDenied
        for region in regions:
            done = search_region(region, by=request.user)
            new = counted(done.new, "новая находка", "новые находки", "новых находок")
            messages.success(request, f"{region}: {new}, вернулось {done.back}, устранено {done.gone}.")
        return redirect("office:findings")


class FindingView(FindingsPage, DetailView):
    """One finding: the facts side by side, where each is mended, what was decided and why."""

    template_name = "strategies/finding.html"
    context_object_name = "finding"
    form = None

    def get_queryset(self):
        return self.findings().select_related("region")

    def get_context_data(self, **kwargs):
        finding = self.object
        measures = finding.measures.select_related("direction__programme", "municipality").with_money_apart()
        indicators = list(finding.indicators.select_related("municipality", "priority", "measure").order_by("pk"))
        values = {}
        for value in IndicatorValue.objects.filter(indicator__in=indicators).order_by("year", "pk"):
            values.setdefault(value.indicator_id, []).append(value)
        for indicator in indicators:
            indicator.figures = values.get(indicator.pk, [])
        return super().get_context_data(**kwargs) | {
            "measures": measures.prefetch_related("fundings", "priorities").order_by("pk"),
            "priorities": finding.priorities.select_related("strategy__municipality"),
            "indicators": indicators,
            "links": self._links() if finding.kind == Finding.Kind.OVERPROMISED else [],
            "moves": finding.moves_for(self.request.user),
            "may_mend": may_settle(self.request.user, finding),
            "form": self.form or ReasonForm(initial={"seen_version": finding.row_version}),
            "journal": JournalEntry.objects.about(finding).select_related("actor"),
        }

    def _links(self):
        """The promises that do not fit: links of the measure with what both sides gave."""
        links = list(
            PriorityMeasure.objects.filter(measure__findings=self.object, commitments__status="confirmed")
            .select_related("priority__strategy__municipality")
            .distinct()
            .order_by("pk")
        )
        given = agreements_of(Commitment.objects.confirmed().filter(link__in=links), None)
        for link in links:
            link.agreement = given[link.priority_id, link.measure_id]
        return links

    def post(self, request, pk):
        """Accept or dismiss, with a reason."""
        self.object = finding = self.get_object()
        status = request.POST.get("do")
        if status not in {Status.ACCEPTED, Status.DISMISSED}:
            raise Http404
        if not may_settle(request.user, finding):
            raise PermissionDenied
        form = ReasonForm(request.POST)
        if form.is_valid():
            finding.row_version = form.cleaned_data["seen_version"]
            try:
                finding.move_to(status, by=request.user, reason=form.cleaned_data["reason"])
            except ValidationError as error:
                add_errors(form, error)
        if not form.errors:
            messages.success(request, f"Записано: {finding.get_status_display()}.")
            return redirect("office:findings")
        return self._refuse(form)

    def _refuse(self, form):
        """What was typed, above what stands now; where nothing is to be decided any more, the words alone."""
        self.object = finding = self.get_object()
        if not finding.moves_for(self.request.user):
            said = f"Находку уже разобрали: {finding.get_status_display()}."
            return too_late(self.request, said, "office:finding", finding.pk)
        self.form = seen_again(form, finding)
        return self.render_to_response(self.get_context_data(object=finding), status=422)
