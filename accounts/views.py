from django.core import signing
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import TemplateView

from accounts.letters import read_stop_token
from accounts.models import User


@method_decorator(never_cache, name="dispatch")
@method_decorator(csrf_exempt, name="dispatch")  # mail programs post by themselves; the signed token is the proof
class LettersStopView(TemplateView):
    """Where a letter can be switched off without signing in. It never says whose letter it is.

    Reading changes nothing: mail programs and guards open links before people do.
    """

    template_name = "accounts/letters_stop.html"

    def get(self, request, token):
        """What will stop, and a button."""
        return self._answer(token, is_stopped=False)

    def post(self, request, token):
        """Switch off; a second time changes nothing."""
        return self._answer(token, is_stopped=True)

    def _answer(self, token, *, is_stopped):
        try:
            user_id, stop = read_stop_token(token)
        except signing.BadSignature:
            return self.render_to_response({"stop": None, "is_stopped": False}, status=404)
        if is_stopped:
            User.objects.filter(pk=user_id).update(**{stop.field: False})
        return self.render_to_response({"stop": stop, "is_stopped": is_stopped})
