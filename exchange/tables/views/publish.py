from django.contrib import messages
from django.http import Http404
from django.urls import reverse
from django.views.generic import TemplateView

from accounts.models import Role
from accounts.office import OfficePage
from accounts.progress_stream import answer_in_steps
from exchange.tables.publish import draft_measures, draft_priorities, mark_of, programmes_of, publish_steps
from municipalities.typed import whole_number

SHOWN = 100


class TablesPublishView(OfficePage, TemplateView):
    """Drafts that came by tables, published by the approver in one act."""

    tab = "programme"
    roles = (Role.REGION_APPROVER,)
    template_name = "exchange/tables_publish.html"

    def _lists(self):
        """[(code, title, how many drafts, whether an act holds it)]: priorities, then by programme; two queries."""
        priorities = draft_priorities(self.request.user).count()
        lists = [("priorities", "Приоритеты городов", priorities, False)] if priorities else []
        return lists + [
            (str(one.pk), one.title, one.drafts, one.is_adopted) for one in programmes_of(self.request.user)
        ]

    def _drafts(self, code):
        """The list that a code names: «priorities», or the number of a programme."""
        if code == "priorities":
            return draft_priorities(self.request.user)
        programme = programmes_of(self.request.user).filter(pk=whole_number(code)).first()
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
            chosen = next((one for one in lists if one[0] == code), ("", "", 0, False))
            context |= {"title": chosen[1], "is_after_act": chosen[3]}
        return super().get_context_data(**kwargs) | context

    def post(self, request, *args, **kwargs):
        """Publish one list, as it was shown."""
        drafts = self._drafts(request.POST.get("list", ""))
        steps = publish_steps(drafts, by=request.user, seen=request.POST.get("seen", ""))
        return answer_in_steps(request, steps, self._finish, self._refuse)

    def _refuse(self, words):
        return self.render_to_response(self.get_context_data(refusal=words), status=422)

    def _finish(self, done):
        """Say how many are published; gives the page to go on to."""
        messages.success(self.request, f"Опубликовано записей: {done}.")
        return reverse("office:tables_publish")
