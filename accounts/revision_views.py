"""Corrections of published words that wait: old and new side by side, to accept or to send back."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.views.generic import TemplateView

from accounts.forms import DecisionForm
from accounts.models import Revision, Role
from accounts.office import OfficePage
from accounts.revision_forms import DeclineForm
from municipalities.typed import whole_number

SHOWN = 20


def revision_totals(user):
    """{to_decide, own} of the waiting revisions: those a person decides on and those they proposed; one query."""
    decides = Q(pk__in=Revision.objects.to_decide_by(user).values("pk"))
    totals = {"to_decide": Count("pk", filter=decides), "own": Count("pk", filter=Q(proposed_by=user))}
    return Revision.objects.waiting().order_by().aggregate(**totals)


class RevisionsView(OfficePage, TemplateView):
    """Revisions that wait for me and my own; each post says by `do` what is done with one of them."""

    tab = "home"
    roles = (Role.MUNICIPAL_HEAD, Role.MUNICIPAL_EDITOR, Role.REGION_EDITOR, Role.REGION_APPROVER)
    template_name = "accounts/revisions.html"
    ACTIONS = ("accept", "decline", "withdraw")

    def post(self, request):
        """Decide on one; what is refused stays in its form."""
        action, chosen = request.POST.get("do", ""), request.POST.get("revision", "")
        if action not in self.ACTIONS:
            raise Http404
        own, others = Revision.objects.filter(proposed_by=request.user), Revision.objects.of_decider(request.user)
        rows = own if action == "withdraw" else others
        revision = get_object_or_404(rows, pk=whole_number(chosen))
        form = (DeclineForm if action == "decline" else DecisionForm)(request.POST, auto_id=f"revision-{chosen}-%s")
        if form.is_valid():
            try:
                told = self._decide(revision, action, form.cleaned_data)
            except ValidationError as refusal:
                form.add_error(None, refusal.messages)
            else:
                messages.success(request, told)
                return redirect("office:revisions")
        return self.render_to_response(self.get_context_data(refused=(revision.pk, form)), status=422)

    def _decide(self, revision, action, said):
        known = {"by": self.request.user, "seen": said["seen_version"]}
        if action == "accept":
            revision.accept(**known)
            return "Приняли: новый текст видят все, прежний остался рядом."
        if action == "decline":
            revision.decline(**known, reason=said["reason"])
            return "Вернули: автор правки увидит причину."
        revision.decline(**known, reason="Отозвана тем, кто предложил.")
        return "Отозвали: текст остался прежним."

    def get_context_data(self, *, refused=(None, None), **kwargs):
        user = self.request.user
        pk, form = refused
        waiting = list(_shown(Revision.objects.to_decide_by(user))[:SHOWN])
        for one in waiting:
            typed = form if one.pk == pk and isinstance(form, DeclineForm) else None
            one.form = _again(typed, one) or _decline_form(one)
        own = Revision.objects.filter(proposed_by=user).exclude(status=Revision.Status.ACCEPTED)
        return super().get_context_data(**kwargs) | {
            "waiting": waiting,
            "own": list(_shown(own.order_by("-proposed_at", "-pk"))[:SHOWN]),
            "refusal": " ".join(form.non_field_errors()) if form is not None else "",
            "refused_form": form if form is not None and pk not in {one.pk for one in waiting} else None,
        }


def _shown(revisions):
    return revisions.with_people().select_related("municipality", "region").prefetch_related("record")


def _decline_form(revision):
    return DeclineForm(initial={"seen_version": revision.row_version}, auto_id=f"revision-{revision.pk}-%s")


def _again(form, revision):
    """A refused form once more: what was typed stays, the version is that of the page now shown."""
    if form is not None:
        form.data = form.data.copy()
        form.data["seen_version"] = str(revision.row_version)
    return form
