from django.views.generic import TemplateView

from accounts.models import Role

from .office import OfficePage


class ReviewView(OfficePage, TemplateView):
    """The approver's queue."""

    tab = "review"
    roles = (Role.REGION_APPROVER,)
    template_name = "strategies/review.html"
