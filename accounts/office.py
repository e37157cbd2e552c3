"""What every page of the office shares: who may come in, whose office it is, which tabs it has."""

from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied

from accounts.models import Role
from accounts.models.user import MUNICIPAL_ROLES, REGION_ROLES

REPORTERS = (Role.MUNICIPAL_HEAD, Role.MUNICIPAL_EDITOR, Role.REGION_EDITOR)
REGION = (Role.REGION_EDITOR, Role.REGION_APPROVER, Role.ADMIN)


class OfficePage(LoginRequiredMixin):
    """A page of the office. A stranger signs in; whoever has no role today gets 403.

    A class that inherits says `tab` ("home", "measures", "review", "programme", "cycles", "silence", "handover") and
    may say `roles`: who comes in, anybody with a role by default.
    """

    tab = ""
    roles = tuple(Role)

    def dispatch(self, request, *args, **kwargs):
        """Let in by role before anything is read."""
        if request.user.is_authenticated and not request.user.has_role(*self.roles):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        user = self.request.user
        return super().get_context_data(**kwargs) | {
            "tab": self.tab,
            "places": [f"{held.municipality or held.region}, {held.get_role_display()}" for held in user.current_roles],
            "is_reporter": user.has_role(*REPORTERS),
            "is_approver": bool(user.region_ids(Role.REGION_APPROVER)),
            "is_region": bool(user.region_ids(*REGION)),
            "sees_programme": user.has_role(*REGION_ROLES),
            "is_town": user.has_role(*MUNICIPAL_ROLES),
        }
