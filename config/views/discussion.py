from django.core.paginator import Paginator
from django.db.models import F
from django.utils import timezone
from django.views.generic import TemplateView

from municipalities.regions import RegionChosen
from sessions.models import Session
from strategies.models import Measure, Programme

PAGE = 50


class DiscussionView(RegionChosen, TemplateView):
    """Draft programmes under discussion: until when, where to write, what they promise."""

    template_name = "strategies/programme_discussion.html"
    extra_context = {"step": "promised", "section": "measures"}

    def get_context_data(self, **kwargs):
        on = timezone.localdate()
        programmes = list(
            Programme.objects.public().discussed().filter(region=self.region).order_by("discussion_to", "pk")
        )
        asked = self.request.GET.get("programme", "")
        programme = next((one for one in programmes if str(one.pk) == asked), programmes[0] if programmes else None)
        measures = (
            Measure.objects.public()
            .filter(direction__programme=programme)
            .exclude(status=Measure.Status.CANCELLED)
            .select_related("direction", "municipality")
            .with_money_apart()
            .order_by("direction__order", "direction", F("due").asc(nulls_last=True), "pk")
        )
        page = Paginator(measures, PAGE).get_page(self.request.GET.get("page"))
        sessions = _sessions(programme) if programme else []
        return super().get_context_data(**kwargs) | {
            "on": on,
            "region": self.region,
            "programmes": programmes,
            "programme": programme,
            "days_left": (programme.discussion_to - on).days if programme else None,
            "days_over": (on - programme.discussion_to).days if programme else None,
            "sessions": sessions,
            "open_session": next((one for one in sessions if one.takes_proposals(on)), None),
            "page_obj": page,
            "measures": list(page),
        }


def _sessions(programme):
    """Public discussions that the region holds in the days when a programme is discussed; one query."""
    found = Session.objects.public().filter(region=programme.region, kind="discussion", municipality__isnull=True)
    return [
        one
        for one in found.exclude(status="cancelled").order_by("starts_at", "pk")
        if _days_meet(one, programme.discussion_from, programme.discussion_to)
    ]


def _days_meet(session, first, last):
    starts = timezone.localdate(session.starts_at) if session.starts_at else None
    ends = session.proposals_until or (timezone.localdate(session.ends_at) if session.ends_at else starts)
    return starts is not None and starts <= last and ends >= first
