"""The life of a programme in the office: where it stands, its passport, its steps, its new version."""

from itertools import islice

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.generic import TemplateView

from accounts.forms import seen_again
from accounts.models import Role
from accounts.permissions import is_region_approver
from strategies.programme.forms import PassportForm, RevisionForm, StepForm, SummaryForm
from strategies.programme.models.measure import Measure
from strategies.programme.models.programme import Programme
from strategies.programme.models.version import VersionChange
from strategies.programme.models.version_content import content_of, differences
from strategies.programme.views.programme_page import ProgrammePage

EDITORS = (Role.REGION_EDITOR, Role.REGION_APPROVER)
SHOWN = 100
Status = Programme.Status


class OneProgrammePage(ProgrammePage, TemplateView):
    """A page about one programme of one's own region; another region's is 404."""

    @cached_property
    def programme(self):
        """The programme of the address."""
        return get_object_or_404(self.programmes(), pk=self.kwargs["pk"])

    def get_context_data(self, **kwargs):
        user = self.request.user
        return super().get_context_data(**kwargs) | {
            "programme": self.programme,
            "may_edit": user.acts_as(*EDITORS, territory=self.programme.territory),
            "may_decide": is_region_approver(user, self.programme),
            "on": timezone.localdate(),
        }


class OfficeProgrammeDetailView(OneProgrammePage):
    """Where a programme stands, what is missing for its next step, the steps themselves and its versions."""

    template_name = "strategies/office_programme_detail.html"

    def post(self, request, *args, **kwargs):
        """Take a step."""
        programme = self.programme
        form = (SummaryForm if request.POST.get("status") == Status.COMPLETED else StepForm)(request.POST)
        if not is_region_approver(request.user, programme):
            raise PermissionDenied
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(bound=form), status=422)
        programme.row_version = form.cleaned_data["seen_version"]
        try:
            programme.move_to(form.cleaned_data["status"], by=request.user, reason=form.cleaned_data["reason"])
        except ValidationError as refusal:
            form.add_error(None, refusal.messages)
            self.__dict__.pop("programme")
            return self.render_to_response(self.get_context_data(bound=form), status=422)
        messages.success(request, f"Программа теперь {programme.get_status_display()}.")
        return redirect("office:programme_detail", programme.pk)

    def get_context_data(self, bound=None, **kwargs):
        programme = self.programme
        measures = Measure.objects.filter(direction__programme=programme)
        context = super().get_context_data(**kwargs)
        return context | {
            "steps": [self._step(move, bound) for move in programme.moves_for(self.request.user)],
            "bound": bound,
            "measure_total": measures.filter(status__in=Measure.PUBLIC).count(),
            "draft_total": measures.filter(status=Measure.Status.DRAFT).count(),
            "open_total": measures.open().count(),
            "versions": list(programme.versions.light().with_counts().order_by("-number")),
            "days_left": (programme.discussion_to - context["on"]).days if programme.discussion_to else None,
        }

    def _step(self, move, bound):
        """{move, form, lack}: a step with its form, and what it lacks."""
        programme = self.programme
        kind = SummaryForm if move.status == Status.COMPLETED else StepForm
        is_bound = bound is not None and bound.data.get("status") == move.status
        form = kind(initial={"seen_version": programme.row_version, "status": move.status}, auto_id=f"{move.status}-%s")
        if is_bound:
            bound.auto_id = f"{move.status}-%s"
            seen_again(bound, programme)
        lack = ""
        try:
            programme.check_move(move.status, by=self.request.user, reason="")
            if move.status == Status.DISCUSSION and not (programme.discussion_from and programme.discussion_to):
                lack = "Назовите первый и последний день обсуждения."
        except ValidationError as refusal:
            lack = " ".join(refusal.messages)
        return {"move": move, "form": bound if is_bound else form, "lack": lack}


class OfficeProgrammeEditView(OneProgrammePage):
    """The passport of a programme: the region's editor prepares it, the approver too."""

    roles = EDITORS
    template_name = "strategies/office_programme_edit.html"

    def get_context_data(self, form=None, **kwargs):
        return super().get_context_data(**kwargs) | {"form": form or PassportForm(instance=self.programme)}

    def post(self, request, *args, **kwargs):
        """Save the passport if nobody saved meanwhile."""
        programme = self.programme
        if not request.user.acts_as(*EDITORS, territory=programme.territory):
            raise PermissionDenied
        form = PassportForm(request.POST, instance=programme)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        try:
            form.instance.save_edited(by=request.user, known_version=form.cleaned_data["seen_version"])
        except ValidationError as refusal:
            form.add_error(None, refusal.messages)
            return self.render_to_response(self.get_context_data(form=form), status=422)
        messages.success(request, "Паспорт программы сохранён.")
        return redirect("office:programme_detail", programme.pk)


class OfficeProgrammeReviseView(OneProgrammePage):
    """A new version of a programme in force: what it would change, for its editors; the act, for the approver."""

    roles = EDITORS
    template_name = "strategies/office_programme_revise.html"

    def get(self, request, *args, **kwargs):
        """The difference and the form; a programme that is not in force has neither."""
        if self.programme.status != Status.APPROVED:
            return redirect("office:programme_detail", self.programme.pk)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, form=None, **kwargs):
        context, programme = super().get_context_data(**kwargs), self.programme
        former = programme.versions.order_by("-number").first()
        lines = differences(former.content, content_of(programme)) if former else iter(())
        shown = [VersionChange(**line) for line in islice(lines, SHOWN)]
        initial = {"seen_version": programme.row_version}
        return context | {
            "former": former,
            "changes": shown,
            "more": sum(1 for _line in lines),
            "form": form or RevisionForm(initial=initial, programme=programme),
        }

    def post(self, request, *args, **kwargs):
        """Keep the new version."""
        programme = self.programme
        if not is_region_approver(request.user, programme):
            raise PermissionDenied
        form = RevisionForm(request.POST, programme=programme)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        try:
            version = programme.revise(by=request.user, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal.messages)
            return self.render_to_response(self.get_context_data(form=form), status=422)
        messages.success(request, f"Принята версия {version.number}: её отличия видят все.")
        return redirect("office:programme_detail", programme.pk)
