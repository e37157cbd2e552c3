"""Numbered decisions of a session: who does what by when, the mark that it is done, and the way into the programme."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.generic import TemplateView

from accounts.forms import add_errors, seen_of
from accounts.models import Role
from accounts.office import OfficePage
from municipalities.typed import whole_number
from sessions.models import Session
from sessions.office_forms import BecomeMeasureForm, DecisionFormSet, DecisionRowForm

SHOWN = DecisionRowForm.Meta.fields


class SessionDecisionsView(OfficePage, TemplateView):
    """The rows to fill in for whoever runs the session; for the region's editor the button «стало мерой»."""

    tab = "sessions"
    roles = tuple(Session.EDITORS)
    template_name = "sessions/office_decisions.html"

    @cached_property
    def session(self):
        """The session of the address: one's own, or of a town of one's region."""
        sessions = Session.objects.editable_by(self.request.user).select_related("region", "municipality")
        return get_object_or_404(sessions, pk=self.kwargs["pk"])

    @cached_property
    def may_write(self):
        """Whether the person fills the rows in."""
        return Session.objects.run_by(self.request.user).filter(pk=self.session.pk).exists()

    @cached_property
    def regions(self):
        """Where the person makes measures of decisions."""
        return self.request.user.region_ids(Role.REGION_EDITOR) & {self.session.region_id}

    def get_context_data(self, formset=None, measure_form=None, **kwargs):
        decisions = self.session.decisions.select_related("measure")
        rows = list(decisions)
        for decision in rows:
            decision.seen = seen_of(decision, SHOWN)
        last = decisions.aggregate(last=Max("number"))["last"] or 0
        return super().get_context_data(**kwargs) | {
            "session": self.session,
            "on": timezone.localdate(),
            "may_write": self.may_write,
            "decisions": rows,
            "formset": formset or self._formset(last),
            "measure_form": (measure_form or BecomeMeasureForm(regions=self.regions)) if self.regions else None,
        }

    def _formset(self, last):
        extra = DecisionFormSet.extra
        return DecisionFormSet(instance=self.session, initial=[{"number": last + one} for one in range(1, extra + 1)])

    def post(self, request, *args, **kwargs):
        """Keep the rows, or make a measure of one."""
        _known = self.session
        return self._make_measure() if request.POST.get("do") == "measure" else self._keep()

    @transaction.atomic
    def _keep(self):
        if not self.may_write:
            raise PermissionDenied
        # Whoever writes decisions of this session at the same moment waits: numbers are given one after another.
        Session.objects.select_for_update(of=("self",), no_key=True).get(pk=self.session.pk)
        formset = DecisionFormSet(self.request.POST, instance=self.session)
        # A row whose only content is the number offered is an empty row.
        for form in formset.extra_forms:
            form.empty_permitted = form.empty_permitted or not form["text"].data
            if not form["text"].data:
                form.has_changed = lambda: False
        given = formset.give_numbers()
        if not formset.is_valid():
            return self.render_to_response(self.get_context_data(formset=formset), status=422)
        for decision in formset.save(commit=False):
            decision.created_by = decision.created_by or self.request.user
            decision.save()
        for decision in formset.deleted_objects if formset.can_delete else ():
            decision.delete()
        messages.success(self.request, "Решения сохранены.")
        for typed, number in given:
            messages.warning(self.request, f"Номер {typed} уже заняли: ваше решение получило № {number}.")
        return redirect("office:session_decisions", self.session.pk)

    def _make_measure(self):
        if not self.regions:
            raise PermissionDenied
        decisions = self.session.decisions.select_related("session__municipality")
        decision = get_object_or_404(decisions, pk=whole_number(self.request.POST.get("decision", "")))
        form = BecomeMeasureForm(self.request.POST, regions=self.regions)
        if form.is_valid() and form.cleaned_data["seen"] != seen_of(decision, SHOWN):
            form.add_error(None, f"Решение с тех пор изменили. Сейчас: «{decision.text}». Прочтите и повторите.")
        if not form.errors:
            try:
                decision.become_measure(form.cleaned_data["direction"], by=self.request.user)
            except ValidationError as refusal:
                add_errors(form, refusal)
        if form.errors:
            form.decision = decision
            return self.render_to_response(self.get_context_data(measure_form=form), status=422)
        messages.success(self.request, f"Решение {decision.number} стало мерой: пока это черновик.")
        return redirect("office:session_decisions", self.session.pk)
