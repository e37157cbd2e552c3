from django.core import signing
from django.shortcuts import redirect
from django.urls import NoReverseMatch
from django.views.generic import TemplateView

from accounts.office import OfficePage
from strategies.reporting.letters import read_form_token


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
