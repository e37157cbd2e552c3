from accounts.models.user import REGION_ROLES
from accounts.office import OfficePage
from strategies.programme.models.programme import Programme


class ProgrammePage(OfficePage):
    """A page about the programmes of one's own regions: those who prepare and decide, and those who only read."""

    tab = "programme"
    roles = REGION_ROLES

    def programmes(self):
        """Programmes of the person's regions, drafts too; the action programmes first."""
        user = self.request.user
        own = Programme.objects.visible_to(user).filter(region__in=user.region_ids(*REGION_ROLES))
        return own.select_related("region", "act").order_by("kind", "title", "pk")
