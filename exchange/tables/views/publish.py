from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.views.generic import TemplateView

from accounts.models import Role
from accounts.office import OfficePage
from accounts.progress_stream import ProgressStream, wants_progress
from exchange.tables.publish import draft_measures, draft_priorities, mark_of, programmes_of, publish_steps

SHOWN = 100


class TablesPublishView(OfficePage, TemplateView):
    """Drafts that came by tables, published by the approver in one act."""

    tab = "programme"
    roles = (Role.REGION_APPROVER,)
    template_name = "exchange/tables_publish.html"

    def _lists(self):
        """[(code, title, how many drafts)]: the priorities, then programme by programme; two queries."""
        priorities = draft_priorities(self.request.user).count()
        lists = [("priorities", "Приоритеты городов", priorities)] if priorities else []
        return lists + [(str(one.pk), one.title, one.drafts) for one in programmes_of(self.request.user)]

    def _drafts(self, code):
        """The list that a code names: «priorities», or the number of a programme."""
        if code == "priorities":
            return draft_priorities(self.request.user)
        programme = programmes_of(self.request.user).filter(pk=code).first() if code.isdecimal() else None
        if programme is None:
            raise Http404
        return draft_measures(programme)

    def get_context_data(self, **kwargs):
        lists = self._lists()
        code = self.request.GET.get("list") or (lists[0][0] if lists else "")
        context = {"lists": lists, "code": code}
        if code:
            drafts = self._drafts(code)
            context |= {"drafts": drafts[:SHOWN], "total": drafts.count(), "mark": mark_of(drafts)}
            context["title"] = next((title for known, title, _total in lists if known == code), "")
        return super().get_context_data(**kwargs) | context

    def post(self, request, *args, **kwargs):
        """Publish one list, as it was shown."""
        drafts = self._drafts(request.POST.get("list", ""))
        steps = publish_steps(drafts, by=request.user, seen=request.POST.get("seen", ""))
        if wants_progress(request):
            return ProgressStream(request, steps, self._finish)
        done = 0
        try:
            for done, _of in steps:  # noqa: B007 - the last number is told
                pass
        except ValidationError as refusal:
            context = self.get_context_data(refusal=" ".join(refusal.messages))
            return self.render_to_response(context, status=422)
        return redirect(self._finish(done))

    def _finish(self, done):
        """Say how many are published; gives the page to go on to."""
        messages.success(self.request, f"Опубликовано записей: {done}.")
        return reverse("office:tables_publish")
