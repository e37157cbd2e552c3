from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.views.generic import TemplateView, View

from accounts.office import OfficePage
from exchange.papers.minutes import minutes_words
from exchange.papers.models import PaperTemplate
from exchange.papers.word import CONTENT_TYPE, fill
from exchange.papers.words import short_name
from sessions.models import Session
from sessions.models.session import may_decide, may_prepare


class SessionMinutes(OfficePage):
    """The minutes of a session, for those who prepare it or decide on it."""

    tab = "sessions"

    @cached_property
    def session(self):
        """The session of the address."""
        rows = Session.objects.visible_to(self.request.user).select_related("minutes", "region", "municipality")
        session = get_object_or_404(rows, pk=self.kwargs["pk"])
        if not (may_prepare(self.request.user, session) or may_decide(self.request.user, session)):
            raise PermissionDenied
        return session

    def words(self):
        """What the minutes say: the file and the page say the same."""
        return minutes_words(self.session, executor=short_name(self.request.user))


class MinutesView(SessionMinutes, View):
    """The minutes as a Word file, to be signed the same evening."""

    def get(self, request, pk):
        """The file, by the region's own template where it has one."""
        form = PaperTemplate.objects.form_of(self.session.region, PaperTemplate.Kind.MINUTES)
        answer = HttpResponse(fill(form, self.words()), content_type=CONTENT_TYPE)
        answer.headers["Content-Disposition"] = f'attachment; filename="protokol-{self.session.slug}.docx"'
        answer.headers["Cache-Control"] = "private, no-store"
        return answer


class MinutesPageView(SessionMinutes, TemplateView):
    """The minutes as a page to be printed or kept as PDF."""

    template_name = "exchange/minutes.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"session": self.session, "minutes": self.words()}
