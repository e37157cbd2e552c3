"""The moderator's queue and one proposal in it: text for all, duplicates, decision with reasons."""

import django_filters
from django import forms as forms_of_django
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, F, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.generic import TemplateView
from django_filters.views import FilterView

from accounts.forms import DecisionForm, add_errors, seen_again
from accounts.models import JournalEntry, Revision
from accounts.office import OfficePage
from municipalities.typed import whole_number
from sessions.filters import TOLD_APART, SessionChoiceFilter
from sessions.models import Proposal, Session
from sessions.models.proposal import may_answer, may_moderate
from sessions.moderation_forms import AnswerForm, HideForm, ModeratedForm, PriorityForm, RenewForm
from sessions.similar import search_mergeable, similar_to

PAGE = 50
ROLES = tuple(Proposal.EDITORS)
Status = Proposal.Status
STATES = [
    ("overdue", "срок прошёл"), ("new", "новые"), ("on_review", "на рассмотрении"), ("answered", "с ответом"),
    ("merged", "объединены"), ("hidden", "скрыты"), ("all", "все"),
]  # fmt: skip


def _own_sessions(request):
    return Session.objects.run_by(request.user).select_related("municipality", "host").only(*TOLD_APART)


class QueueFilter(django_filters.FilterSet):
    """What of the queue is shown; by default what waits for an answer."""

    state = django_filters.ChoiceFilter(
        label="Состояние", choices=STATES, method="by_state", empty_label="ждут ответа"
    )  # fmt: skip
    session = SessionChoiceFilter(label="Сессия", queryset=_own_sessions, empty_label="Любая")

    class Meta:
        model = Proposal
        fields = ["state", "session"]

    @property
    def qs(self):
        """Without a state chosen, what waits."""
        found = super().qs
        is_chosen = self.is_bound and self.form.is_valid() and self.form.cleaned_data["state"]
        return found if is_chosen else found.awaiting()

    def by_state(self, queryset, name, value):
        """Rows of one of `STATES`."""
        if value == "overdue":
            return queryset.overdue(timezone.localdate())
        if value == "answered":
            return queryset.filter(status__in=Proposal.ANSWERED)
        return queryset if value == "all" else queryset.filter(status=value)


def waiting_totals(user, on):
    """{waiting, overdue} of the proposals that a person moderates and owes an answer to; one query."""
    rows = Proposal.objects.moderated_by(user).awaiting().order_by()
    return rows.aggregate(waiting=Count("pk"), overdue=Count("pk", filter=Q(answer_due__lt=on)))


class ModerationQueueView(OfficePage, FilterView):
    """Proposals to answer: those whose term passed long ago on top, then by the day that was promised."""

    tab = "proposals"
    roles = ROLES
    filterset_class = QueueFilter
    strict = False
    template_name = "sessions/moderation_queue.html"
    context_object_name = "proposals"
    paginate_by = PAGE

    def get_queryset(self):
        # Only numbers are sorted and counted off; the texts of the page shown are read after.
        return (
            Proposal.objects.moderated_by(self.request.user)
            .only("pk")
            .order_by(F("answer_due").asc(nulls_last=True), "pk")
        )

    def _rows(self, page):
        rows = (
            Proposal.objects.defer("author_name", "author_email", "answer", "search_stems")
            .select_related("municipality", "session")
            .in_bulk([proposal.pk for proposal in page])
        )
        return [rows[proposal.pk] for proposal in page if proposal.pk in rows]

    def get_context_data(self, **kwargs):
        context, on = super().get_context_data(**kwargs), timezone.localdate()
        context["proposals"] = self._rows(context["proposals"])
        for proposal in context["proposals"]:
            # A merged one waits through the other: it is answered there.
            is_late = proposal.status in Proposal.WAITING and proposal.answer_due is not None
            proposal.late_days = max((on - proposal.answer_due).days, 0) if is_late else 0
        return context | {"totals": waiting_totals(self.request.user, on), "on": on}


class ModerationView(OfficePage, TemplateView):
    """One proposal; each post says by `do` what is done; what is refused stays in its form."""

    tab = "proposals"
    roles = ROLES
    template_name = "sessions/moderation.html"
    ACTIONS = ("text", "review", "answer", "renew", "merge", "part", "hide", "priority", "forget", "erase")

    @cached_property
    def proposal(self):
        """The proposal of the address, of one's own territory."""
        proposals = Proposal.objects.moderated_by(self.request.user).select_related(
            "region", "municipality__region", "session", "section", "priority__strategy", "measure", "merged_into"
        )
        return get_object_or_404(proposals, pk=self.kwargs["pk"])

    def get(self, request, *args, **kwargs):
        """The page."""
        return self.render_to_response(self.get_context_data())

    def post(self, request, *args, **kwargs):
        """Do what was asked; then the page again, from the database."""
        action, _known = request.POST.get("do", ""), self.proposal
        if action not in self.ACTIONS:
            raise Http404
        name, form, told = getattr(self, f"_do_{action}")()
        if form.errors:
            if name != "form":
                # What a refused step left in memory is not what stands.
                del self.proposal
            return self.render_to_response(self.get_context_data(**{name: form}), status=422)
        messages.success(request, told)
        return redirect("office:proposal", self.proposal.pk)

    def get_context_data(self, **forms):
        user, proposal, on = self.request.user, self.proposal, timezone.localdate()
        seen = {"seen_version": proposal.row_version}
        steps = {move.status for move in proposal.moves_for(user)}

        def again(name):
            return seen_again(forms[name], proposal) if name in forms else None

        is_waiting = proposal.status in Proposal.WAITING
        context = super().get_context_data() | {
            "proposal": proposal,
            "on": on,
            "late_days": proposal.days_waiting(on),
            "sees_author": may_answer(user, proposal),
            "may_moderate": may_moderate(user, proposal),
            "may_review": Status.ON_REVIEW in steps and proposal.status == Status.NEW,
            "may_part": proposal.status == Status.MERGED and proposal.merged_into.status in Proposal.WAITING,
            "may_answer": bool(steps & Proposal.ANSWERED),
            "may_hide": Status.HIDDEN in steps,
            "form": forms.get("form") or self._text_form(),
            "seen_form": DecisionForm(initial=seen, auto_id=False),
            "step_form": forms.get("step_form"),
            "answer_form": again("answer_form") or AnswerForm(initial=seen, auto_id="answer-%s"),
            "may_renew": proposal.status in Proposal.ANSWERED,
            "renew_form": again("renew_form") or self._renew_form(initial=seen),
            "revisions": Revision.objects.waiting().about(proposal).with_people(),
            "hide_form": again("hide_form") or HideForm(initial=seen, auto_id="hide-%s"),
            "may_erase": proposal.has_words_to_erase,
            "erase_form": again("erase_form") or HideForm(initial=seen, auto_id="erase-%s"),
            "priority_form": again("priority_form") or self._priority_form(initial=seen),
            "may_become_priority": bool(proposal.municipality_id and not proposal.priority_id),
            **self._others_to_merge(may_merge=is_waiting and Status.MERGED in steps),
            "merged": list(proposal.merged.defer("author_name", "author_email").order_by("number")),
            "history": list(JournalEntry.objects.about(proposal).select_related("actor")),
        }
        return context | {"unshown": _unshown(forms, context)}

    def _others_to_merge(self, *, may_merge):
        """Similar proposals, and those that the moderator looks for by hand."""
        if not may_merge:
            return {"may_merge": False}
        asked = self.request.GET.get("find", "").strip()[:100]
        return {
            "may_merge": True,
            "similar": similar_to(self.proposal),
            "asked": asked,
            "found": search_mergeable(self.proposal, asked) if asked else [],
        }

    def _text_form(self):
        # The author's words stand in the empty field for the moderator to read, mend and confirm.
        words = {} if self.proposal.public_text else {"public_text": self.proposal.text}
        return ModeratedForm(instance=self.proposal, initial=words)

    def _priority_form(self, *args, **kwargs):
        return PriorityForm(*args, town=self.proposal.municipality_id, auto_id="priority-%s", **kwargs)

    def _renew_form(self, *args, **kwargs):
        return RenewForm(*args, proposal=self.proposal, auto_id="renew-%s", **kwargs)

    def _do_text(self):
        form, revision = ModeratedForm(self.request.POST, instance=self.proposal), None
        if form.is_valid():
            try:
                revision = form.instance.save_edited(
                    by=self.request.user, known_version=form.cleaned_data["seen_version"]
                )
            except ValidationError as refusal:
                add_errors(form, refusal)
        return "form", form, revision.told if revision else "Сохранено."

    def _step(self, form, action):
        """Check a form, then take the step on the proposal as it was seen; a refusal enters the form."""
        if form.is_valid():
            self.proposal.row_version = form.cleaned_data["seen_version"]
            try:
                action(form.cleaned_data)
            except ValidationError as refusal:
                add_errors(form, refusal)
        return form

    def _do_review(self):
        form = self._step(
            DecisionForm(self.request.POST), lambda said: self.proposal.move_to(Status.ON_REVIEW, by=self.request.user)
        )
        return "step_form", form, "Взяли на рассмотрение."

    def _do_part(self):
        form = self._step(
            DecisionForm(self.request.POST), lambda said: self.proposal.move_to(Status.ON_REVIEW, by=self.request.user)
        )
        return "step_form", form, "Разъединили: на это предложение ответят отдельно."

    def _do_answer(self):
        def decide(said):
            self.proposal.answer = said["answer"]
            self.proposal.redirected_to = said["redirected_to"] if said["status"] == Status.REDIRECTED else ""
            self.proposal.move_to(said["status"], by=self.request.user)

        form = self._step(AnswerForm(self.request.POST, auto_id="answer-%s"), decide)
        return "answer_form", form, "Ответ опубликован."

    def _do_renew(self):
        told = []

        def renew(said):
            proposal = self.proposal
            for name in ("answer", "redirected_to", "why", "drops_former"):
                setattr(proposal, name, said.get(name, getattr(proposal, name)))
            revision = proposal.save_edited(by=self.request.user, known_version=said["seen_version"])
            told.append(revision.told if revision else "Ответ остался прежним: вы ничего не изменили.")

        form = self._step(self._renew_form(self.request.POST), renew)
        return "renew_form", form, "".join(told)

    def _do_merge(self):
        chosen = self.request.POST.get("into", "")
        others = Proposal.objects.moderated_by(self.request.user)
        other = get_object_or_404(others, pk=whole_number(chosen))
        form = self._step(
            DecisionForm(self.request.POST), lambda said: self.proposal.merge_into(other, by=self.request.user)
        )
        return "step_form", form, f"Объединили с {other.number}: ответ будет один на всех."

    def _do_hide(self):
        form = self._step(
            HideForm(self.request.POST, auto_id="hide-%s"),
            lambda said: self.proposal.move_to(Status.HIDDEN, by=self.request.user, reason=said["reason"]),
        )
        return "hide_form", form, "Предложение скрыто."

    def _do_priority(self):
        form = self._step(
            self._priority_form(self.request.POST),
            lambda said: self.proposal.become_priority(said["strategy"], said["title"], by=self.request.user),
        )
        return "priority_form", form, "Черновик приоритета заведён: его опубликует область."

    def _do_forget(self):
        """Whoever moderates erases at once what the author asks to forget; no later change stands in the way."""
        form = DecisionForm(self.request.POST)
        if form.is_valid():
            self.proposal.erase_author()
        return "step_form", form, "Имя и почта автора стёрты насовсем. Слова остались."

    def _do_erase(self):
        form = self._step(
            HideForm(self.request.POST, auto_id="erase-%s"),
            lambda said: self.proposal.erase_words(by=self.request.user, reason=said["reason"]),
        )
        return "erase_form", form, "Слова стёрты насовсем. Номер, дни и шаги остались."


# Where a form of the page stands only while its step is open.
OPEN_WITH = {
    "answer_form": "may_answer", "renew_form": "may_renew", "hide_form": "may_hide",
    "priority_form": "may_become_priority", "erase_form": "may_erase",
}  # fmt: skip


def _unshown(forms, context):
    """[(label, what was typed)] of a refused form that the page does not show any more: somebody was faster."""
    return [
        (field.label, field.value())
        for name, form in forms.items()
        if name in OPEN_WITH and not context[OPEN_WITH[name]]
        for field in form.visible_fields()
        if isinstance(field.field.widget, forms_of_django.Textarea | forms_of_django.TextInput) and field.value()
    ]
