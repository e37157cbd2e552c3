from django.db.models import Count, Q
from django.views.generic import TemplateView

from accounts.models.user import REGION_ROLES
from strategies.coverage.models.commitment import Commitment, Side
from strategies.coverage.models.finding import Finding
from strategies.programme.models.measure import Measure
from strategies.programme.models.measure_parts import PriorityMeasure
from strategies.programme.models.programme import Programme
from strategies.programme.views.programme_page import ProgrammePage


class OfficeProgrammeView(ProgrammePage, TemplateView):
    """The programme and everything there is to do about it, with counts."""

    template_name = "strategies/office_programme.html"

    def get_context_data(self, **kwargs):
        public = Q(directions__measures__status__in=Measure.PUBLIC)
        programmes = self.programmes().annotate(
            measure_total=Count("directions__measures", filter=public),
            draft_total=Count("directions__measures", filter=~public & Q(directions__measures__isnull=False)),
        )
        programmes = list(programmes)
        return super().get_context_data(**kwargs) | {
            "programmes": [one for one in programmes if one.kind == Programme.Kind.ACTION],
            "others": [one for one in programmes if one.kind != Programme.Kind.ACTION],
            "counts": _counts(self.request.user.region_ids(*REGION_ROLES)),
        }


def _counts(regions):
    """{links, agreed, drafts, findings}: what waits in the regions; four queries whatever the number of rows."""
    links = PriorityMeasure.objects.counting().filter(measure__direction__programme__region__in=regions)
    drafts = Commitment.objects.filter(
        status=Commitment.Status.DRAFT, side=Side.REGION, link__measure__direction__programme__region__in=regions
    )
    return {
        "links": links.count(),
        "agreed": links.agreed().count(),
        "drafts": drafts.count(),
        "findings": Finding.objects.filter(region__in=regions, status=Finding.Status.OPEN).count(),
    }
