from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.generic import View

from exchange.models import PaperTemplate
from exchange.papers import CONTENT_TYPE, fill, minutes_words
from exchange.papers.words import short_name
from sessions.models import Session
from sessions.models.session import may_decide, may_prepare
from strategies.views.office import OfficePage


class MinutesView(OfficePage, View):
    """The minutes of a session as a Word file, to be signed the same evening."""

    def get(self, request, pk):
        """The file, for those who prepare the session or decide on it."""
        rows = Session.objects.visible_to(request.user).select_related("minutes", "region", "municipality")
        session = get_object_or_404(rows, pk=pk)
        if not (may_prepare(request.user, session) or may_decide(request.user, session)):
            raise PermissionDenied
        form = PaperTemplate.objects.form_of(session.region, PaperTemplate.Kind.MINUTES)
        paper = fill(form, minutes_words(session, executor=short_name(request.user)))
        answer = HttpResponse(paper, content_type=CONTENT_TYPE)
        answer.headers["Content-Disposition"] = f'attachment; filename="protokol-{session.slug}.docx"'
        answer.headers["Cache-Control"] = "private, no-store"
        return answer
