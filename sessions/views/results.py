from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import DetailView, TemplateView

from municipalities.regions import RegionOfRecord
from sessions.codes import qr_svg
from sessions.gathering import decisions_of, told_gathered, votes_of
from sessions.models import Proposal, Session
from sessions.outcomes import outcomes_by, outcomes_of
from sessions.pages import cut
from sessions.paths import add_paths, for_paths

SHOWN = 50
S = Proposal.Status


class SessionResultsView(RegionOfRecord, DetailView):
    """«Что стало с тем, что мы сказали»: the honest account of one session, ready to print."""

    template_name = "sessions/session_results.html"
    context_object_name = "session"
    extra_context = {"step": "said", "section": "sessions"}

    def get_queryset(self):
        return Session.objects.visible_to(self.request.user).select_related("municipality", "host", "minutes")

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        session, on = self.object, timezone.localdate()
        proposals = Proposal.objects.public().filter(session=session)
        return context | {
            "on": on,
            "outcomes": outcomes_of(proposals, on),
            "unread": Proposal.objects.filter(session=session).unread().count(),
            "proposals": add_paths(cut(for_paths(proposals).order_by("number"), 0, SHOWN), on),
            "declined": list(_reasoned(proposals.filter(status=S.DECLINED))),
            "redirected": list(_reasoned(proposals.filter(status=S.REDIRECTED))),
            "late": add_paths(cut(for_paths(proposals.overdue(on)).order_by("answer_due", "number"), 0, SHOWN), on),
            "votes": votes_of(session),
            "decisions": decisions_of(session, on),
            "gathered": told_gathered(session, on),
            "qr": _qr(self.request, reverse("sessions:session_results", args=[session.slug])),
            "page_url": self.request.build_absolute_uri(self.request.path),
        }


def _qr(request, path):
    return qr_svg(request.build_absolute_uri(path), _("Код с адресом этой страницы"))


def _reasoned(proposals):
    return proposals.order_by("number").only("number", "public_text", "answer", "redirected_to", "status")[:SHOWN]


class ResultsView(TemplateView):
    """The same account over all public sessions, region by region."""

    template_name = "sessions/results.html"
    extra_context = {"step": "said", "section": "sessions"}

    def get_context_data(self, **kwargs):
        on = timezone.localdate()
        real = Session.objects.public().filter(region__is_sample=False)
        sessions = real.select_related("region", "municipality").defer("region__outline")
        proposals = Proposal.objects.public().filter(region__is_sample=False)
        counts = outcomes_by(proposals.filter(session__in=real.order_by().values("pk")), "session", on)
        spoken = [one for one in sessions if one.pk in counts]
        for one in spoken:
            one.outcomes = counts[one.pk]
        spoken.sort(key=lambda one: (one.region.name, -(one.starts_at.timestamp() if one.starts_at else 0), one.pk))
        return super().get_context_data(**kwargs) | {
            "on": on,
            "outcomes": outcomes_of(proposals, on),
            "unread": Proposal.objects.filter(region__is_sample=False).unread().count(),
            "sessions": spoken,
            "quiet_total": len(sessions) - len(spoken),
            "qr": _qr(self.request, reverse("sessions:results")),
            "page_url": self.request.build_absolute_uri(self.request.path),
        }
