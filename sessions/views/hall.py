"""In the hall: a secretary takes down line by line what is said, and counts hands and stickers."""

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import TemplateView

from accounts.forms import add_errors
from accounts.office import OfficePage
from municipalities.typed import whole_number
from sessions.hall_forms import LineForm, VotesForm
from sessions.models import PriorityVote, Proposal, Session
from strategies.models import Priority

SHOWN = 100
TAKEN = ["text", "section", "table", "speaker", "kind"]


class HallView(OfficePage, TemplateView):
    """One line of a form, the list of what was taken down under it, counts of votes."""

    tab = "sessions"
    roles = tuple(Session.EDITORS)
    template_name = "sessions/hall.html"

    @cached_property
    def session(self):
        """The session of the address, one's own."""
        sessions = Session.objects.run_by(self.request.user).select_related("region", "municipality__region")
        return get_object_or_404(sessions, pk=self.kwargs["pk"])

    @cached_property
    def edited(self):
        """One's own line that is being mended, while nobody has begun to moderate it."""
        number = self.request.POST.get("line") or self.request.GET.get("edit")
        if not number:
            return None
        own = self._lines().filter(created_by=self.request.user, status=Proposal.Status.NEW, public_text="")
        return get_object_or_404(own, pk=whole_number(number))

    def _lines(self):
        return Proposal.objects.filter(session=self.session, channel=Proposal.Channel.HALL)

    def get(self, request, *args, **kwargs):
        """The page; with `part=lines` only the list, for the refresh."""
        if request.GET.get("part") == "lines":
            return render(request, "sessions/_hall_lines.html", self._told())
        return super().get(request, *args, **kwargs)

    def get_context_data(self, form=None, votes_form=None, **kwargs):
        return super().get_context_data(**kwargs) | self._told() | {
            "is_open": self.session.takes_notes(),
            "edited": self.edited,
            "form": form or self._line_form(),
            "votes_form": votes_form or self._votes_form(),
        }  # fmt: skip

    def _told(self):
        rows = self._lines().defer("author_name", "author_email").select_related("section", "created_by")
        lines = list(rows.order_by("-received_at", "-pk")[:SHOWN])
        for line in lines:
            line.is_own = (
                line.created_by_id == self.request.user.pk
                and line.status == Proposal.Status.NEW
                and not line.public_text
            )  # fmt: skip
        return {"session": self.session, "lines": lines, "lines_total": self._lines().count()}

    def _line_form(self, *args):
        initial = {name: self.request.GET.get(name, "") for name in ("section", "table") if self.request.GET.get(name)}
        if self.edited:
            initial = {name: getattr(self.edited, name) for name in TAKEN} | {
                "form_key": self.edited.form_key, "seen_version": self.edited.row_version,
            }  # fmt: skip
        return LineForm(*args, session=self.session, initial=initial)

    def _votes_form(self, *args):
        if self.session.municipality_id:
            priorities = Priority.objects.public().filter(strategy__municipality=self.session.municipality_id)
        else:
            priorities = self.session.priorities.public()
        votes = {(vote.priority_id, vote.method): vote.count for vote in self.session.votes.all()}
        return VotesForm(*args, priorities=list(priorities), votes=votes)

    def post(self, request, *args, **kwargs):
        """Take down a line, mend one's own, or keep the counts."""
        _known = self.session
        if request.POST.get("do") == "votes":
            return self._count()
        if request.POST.get("do", "line") != "line":
            raise Http404
        form = self._line_form(request.POST)
        if form.is_valid():
            try:
                (self._mend if self.edited else self._take_down)(form.cleaned_data)
            except ValidationError as refusal:
                add_errors(form, refusal)
        return self._answer(form)

    def _answer(self, form):
        """For the script a word, for a browser without it the page."""
        if self.request.headers.get("X-Requested-With") == "fetch":
            if not form.errors:
                return JsonResponse({"saved": True})
            said = [message for found in form.errors.values() for message in found]
            return JsonResponse({"saved": False, "error": " ".join(said)}, status=422)
        if form.errors:
            return self.render_to_response(self.get_context_data(form=form), status=422)
        section, table = form.cleaned_data["section"], form.cleaned_data["table"]
        # The next line is mostly said at the same table.
        kept = {"section": section.pk if section else "", "table": table}
        return redirect(reverse("office:session_hall", args=[self.session.pk], query=kept))

    def _mend(self, said):
        line = self.edited
        for name in TAKEN:
            setattr(line, name, said[name])
        line.full_clean(exclude=["created_by"])
        line.save_edited(by=self.request.user, known_version=said["seen_version"] or 0)

    def _take_down(self, said):
        """A line enters once: sent again after a lost connection it is the same line."""
        key = said["form_key"]
        if taken := self._lines().filter(form_key=key).first():
            if taken.text == said["text"]:
                return
            key = uuid.uuid4()  # an old form with other words: they are another line
        try:
            with transaction.atomic():
                Proposal.receive(
                    region=self.session.region, town=self.session.municipality, channel=Proposal.Channel.HALL,
                    by=self.request.user, session=self.session, form_key=key, **{name: said[name] for name in TAKEN},
                )  # fmt: skip
        except (IntegrityError, ValidationError):
            # The same line may have come at the same moment by another road.
            if not self._lines().filter(form_key=key).exists():
                raise

    def _count(self):
        form = self._votes_form(self.request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(votes_form=form), status=422)
        with transaction.atomic():
            for priority, method, count in form.changed():
                votes = PriorityVote.objects.filter(session=self.session, priority=priority, method=method)
                if count is None:
                    votes.delete()
                else:
                    PriorityVote.objects.update_or_create(
                        session=self.session, priority_id=priority, method=method,
                        defaults={"count": count}, create_defaults={"count": count, "created_by": self.request.user},
                    )  # fmt: skip
        messages.success(self.request, "Голоса записаны.")
        return redirect("office:session_hall", self.session.pk)
