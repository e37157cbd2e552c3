from django.contrib import messages
from django.core import signing
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import NoReverseMatch, reverse, reverse_lazy
from django.utils import timezone
from django.views.generic import TemplateView, UpdateView, View

from accounts.forms import LettersForm
from accounts.office import REGION, OfficePage
from municipalities.models import Municipality
from strategies.reporting.letters import read_form_token
from strategies.reporting.reminders import Asked, remind


class LetterLinkView(OfficePage, TemplateView):
    """From a letter to the very form. The link gives no right: the form asks who it is and what they may."""

    template_name = "strategies/letter_link.html"

    def get(self, request, *args, **kwargs):
        """The form for the one who was written to; for others and for old links, a page that says why not."""
        try:
            user_id, form = read_form_token(kwargs["token"])
        except (signing.BadSignature, NoReverseMatch):
            return self._page("old", status=410)
        if user_id != request.user.pk:
            return self._page("other", status=403)
        return redirect(form)

    def _page(self, why, *, status):
        return self.render_to_response(self.get_context_data(why=why), status=status)


class LetterSettingsView(OfficePage, UpdateView):
    """Which letters the person wants besides those that have to be received."""

    form_class = LettersForm
    template_name = "strategies/letter_settings.html"
    success_url = reverse_lazy("office:letters")

    def get_object(self, queryset=None):
        """Everybody sets their own."""
        return self.request.user

    def form_valid(self, form):
        """Keep the choice; nothing that the public sees has changed."""
        messages.success(self.request, "Сохранили.")
        return super().form_valid(form)


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
