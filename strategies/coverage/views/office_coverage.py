from django.utils.functional import cached_property

from accounts.models.user import REGION_ROLES
from accounts.office import OfficePage
from municipalities.regions import OwnRegionChosen

from .coverage import CoverageView
from .office_gaps import WRITERS


class OfficeCoverageView(OfficePage, OwnRegionChosen, CoverageView):
    """The same matrix with the region's eyes: each cell leads to the words and the gaps behind it."""

    tab = "programme"
    roles = REGION_ROLES
    template_name = "strategies/office_coverage.html"

    @cached_property
    def regions(self):
        """The person's regions."""
        held = [one for one in self.request.user.current_roles if one.role in REGION_ROLES]
        return sorted({one.region for one in held}, key=lambda region: region.name_sort)

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {
            "may_answer": self.request.user.acts_as(*WRITERS, territory=(self.region.pk, None)),
        }
