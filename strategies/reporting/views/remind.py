from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.generic import View

from accounts.office import REGION, OfficePage
from municipalities.models import Municipality
from strategies.reporting.reminders import Asked, remind


class RemindView(OfficePage, View):
    """Write to a town today of what it owes: for its region, one letter a day at most."""

    roles = REGION
    http_method_names = ["post"]

    def post(self, request, slug):
        """Send the letter and say what came of it."""
        own = Municipality.objects.filter(region__in=request.user.region_ids(*REGION))
        town = get_object_or_404(own.select_related("region"), slug=slug)
        asked = remind(town, timezone.localdate())
        say = messages.success if asked == Asked.SENT else messages.warning
        say(request, f"{town.name}. {asked.label}")
        return HttpResponseRedirect(f"{reverse('office:dashboard')}?region={town.region.slug}")
