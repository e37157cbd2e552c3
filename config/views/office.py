from django.utils import timezone
from django.views.generic import TemplateView

from accounts.models import Role
from accounts.office import REGION, REPORTERS, OfficePage
from accounts.revision_views import revision_totals
from sessions.models import Proposal
from sessions.views.moderation import waiting_totals
from strategies.models import Measure, Priority, ProgressReport, Side
from strategies.reporting import duties
from strategies.reporting.review import add_review_term

SHOWN = 10


class OfficeView(OfficePage, TemplateView):
    """What is expected of me, by when: duties with the late ones on top, what waits for others, what is done."""

    tab = "home"
    template_name = "config/office.html"

    def get_context_data(self, **kwargs):
        context, user, on = super().get_context_data(**kwargs), self.request.user, timezone.localdate()
        context["on"] = on
        context["is_head"] = user.has_role(Role.MUNICIPAL_HEAD)
        context["words"] = waiting_totals(user, on) if user.has_role(*Proposal.EDITORS) else None
        context["revisions"] = revision_totals(user) if user.has_role(*Proposal.EDITORS) else None
        context["asked"] = [(side, duties.words_owed(user, side, on)) for side in self._speaks_for(user)]
        if user.has_role(*REPORTERS):
            context |= self._reporter(user, on)
        if user.has_role(*REGION):
            context |= self._region(user, on)
        return context

    def _speaks_for(self, user):
        """The sides whose word the person prepares or gives."""
        sides = []
        if user.has_role(Role.MUNICIPAL_HEAD, Role.MUNICIPAL_EDITOR):
            sides.append(Side.TOWN)
        if user.has_role(Role.REGION_EDITOR, Role.REGION_APPROVER):
            sides.append(Side.REGION)
        return sides

    def _reporter(self, user, on):
        owed, owed_total = duties.reports_owed(user, on)
        waiting = duties.waiting_for_region(user)
        return {
            "owed": owed,
            "owed_total": owed_total,
            "late_total": sum(duty.kind == "late" for duty in owed),
            "returned_total": sum(duty.kind == "returned" for duty in owed),
            "drafts": duties.other_drafts(user),
            "prepared": [] if user.has_role(Role.MUNICIPAL_HEAD) else duties.waiting_for_head(user),
            "signed_total": sum(duty.kind == "prepared" for duty in owed),
            "waiting": [(report, add_review_term(report, on)) for report in waiting],
            "published": duties.published_lately(user),
        }

    def _region(self, user, on):
        regions = user.region_ids(*REGION)
        decides = bool(user.region_ids(Role.REGION_APPROVER))
        queue = list(ProgressReport.objects.to_decide_by(user).with_subject()[:SHOWN]) if decides else []
        owing = duties.not_reported(regions)
        measures = Measure.objects.watched().filter(direction__programme__region__in=regions)
        priorities = Priority.objects.watched().filter(strategy__municipality__region__in=regions)
        return {
            "regions": regions,
            "queue": [(report, add_review_term(report, on)) for report in queue],
            "owing": owing[:SHOWN],
            "owing_total": len(owing),
            "owing_reports": sum(row["owed"] for row in owing),
            "owing_late": sum(row["late"] for row in owing),
            "ownerless_total": measures.ownerless(on).count() + priorities.ownerless(on).count(),
            "silent_total": measures.silent(on).count() + priorities.silent(on).count(),
        }
