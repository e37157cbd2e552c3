from dataclasses import dataclass, field

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import TemplateView

from municipalities.models import Municipality, Region
from municipalities.typed import cleaned
from sessions import gate
from sessions.author_letters import notify_of_receipt
from sessions.models import ConsentText, Proposal, RefusedPost, Session
from sessions.propose_form import ProposeForm, priorities_for

KEPT = ("town", "priority", "name", "email", "consent", "token")
Kind = RefusedPost.Kind
HALL_KNOWN = 5 * 60  # seconds for which it is known whether a session gathers
STATUS = {Kind.RATE: 429, Kind.SIZE: 413}


@dataclass
class Place:
    """Where words are taken: a session or a town in between."""

    region: Region
    towns: list
    session: Session | None = None
    is_open: bool = True
    priorities: list = field(default_factory=list)

    def __post_init__(self):
        if self.is_open:
            self.priorities = list(priorities_for(self.towns, self.session))

    @property
    def town(self):
        """The only town, or None where it is chosen."""
        return self.towns[0] if len(self.towns) == 1 else None


# The signed token stands for a CSRF one: readers get no cookie.
@method_decorator([csrf_exempt, never_cache, sensitive_post_parameters()], name="dispatch")
class ProposeView(TemplateView):
    """The form where residents propose: no account, no cookie, no captcha. What was typed is never lost."""

    template_name = "sessions/propose.html"
    extra_context = {"step": "said", "section": "said"}

    def get_place(self):
        """Where the words are taken.

        Raises:
            Http404: there is no such place for everybody.
        """
        raise NotImplementedError

    def times(self):
        """By how many times one address may write more here than elsewhere."""
        return 1

    def get(self, request, *args, **kwargs):
        """An empty form, or why there is none."""
        place = self.get_place()
        if not place.is_open:
            return self._closed(place)
        consent = ConsentText.objects.in_force(place.region, timezone.localdate())
        return self._form(ProposeForm(place, consent), gate.new_token(consent))

    def post(self, request, *args, **kwargs):
        """Take the words in, or say politely why not."""
        try:
            gate.check_size(request)
            gate.knock(request, self.times)
        except gate.PostRefused as refusal:
            return self._sent_away(refusal)
        request.POST = cleaned(request.POST)
        place = self.get_place()
        if not place.is_open:
            return self._closed(place, status=422)
        try:
            token = gate.read_token(request.POST.get("token", ""))
        except gate.PostRefused as refusal:
            consent = ConsentText.objects.in_force(place.region, timezone.localdate())
            return self._refused(refusal, ProposeForm(place, consent, request.POST), gate.new_token(consent))
        form = ProposeForm(place, _consent_of(token, place.region), request.POST)
        try:
            gate.check_human(request.POST, token)
        except gate.PostRefused as refusal:
            return self._refused(refusal, form, token)
        if not form.is_valid():
            return self._form(form, token, status=422)
        try:
            return self._take(form, token)
        except gate.PostRefused as refusal:
            return self._sent_away(refusal)

    def _take(self, form, token):
        known = Proposal.objects.filter(form_key=token.key)
        earlier = known.first()
        if earlier and not form.says_what(earlier):
            # One form for two (a proxy kept it, a page stayed open): the link of the first author is nobody else's.
            token, earlier = gate.new_token(form.consent_text), None
        if earlier:
            return self._done(earlier, token, form)
        gate.admit(self.request, token, self.times)
        try:
            proposal, secret = Proposal.receive(
                channel=Proposal.Channel.SITE, secret=token.secret, form_key=token.key,
                is_sample=bool(form.place.session and form.place.session.is_sample), **form.asked,
            )  # fmt: skip
        except (ValidationError, IntegrityError) as refusal:
            # The same form sent twice at the same moment: the other one was faster.
            if Proposal.objects.filter(form_key=token.key).exists():
                return self._take(form, token)
            if isinstance(refusal, IntegrityError):
                raise
            form.add_error(None, ValidationError(refusal.messages))
            return self._form(form, token, status=422)
        notify_of_receipt(proposal, secret)
        return self._done(proposal, token, form)

    # ——— Answers ———

    def _form(self, form, token, *, status=200, refusal=""):
        self.request.region_shown = form.place.region.pk
        context = {"form": form, "place": form.place, "token": token.text, "trap": gate.TRAP, "refusal": refusal}
        return self.render_to_response(self.get_context_data(**context), status=status)

    def _refused(self, refusal, form, token):
        RefusedPost.note(refusal.kind)
        return self._form(form, token, status=STATUS.get(refusal.kind, 422), refusal=refusal.kind)

    def _closed(self, place, *, status=200):
        return self._page("propose_closed", status, place=place, text=self.request.POST.get("text", ""))

    def _sent_away(self, refusal):
        """Nothing is asked of the database here: a flood must not slow the site."""
        RefusedPost.note(refusal.kind)
        posted = {} if refusal.kind == Kind.SIZE else self.request.POST
        kept = [(name, posted[name]) for name in KEPT if posted.get(name)]
        minutes = -(-refusal.retry_after // 60)
        response = self._page(
            "propose_sent_away", STATUS[refusal.kind], kept=kept, text=posted.get("text", ""), minutes=minutes
        )
        if refusal.retry_after:
            response.headers["Retry-After"] = str(refusal.retry_after)
        return response

    def _done(self, proposal, token, form):
        response = self._page("propose_done", 200, proposal=proposal, place=form.place, secret=token.secret)
        response.headers["Referrer-Policy"] = "no-referrer"
        return response

    def _page(self, name, status, **context):
        return self.response_class(
            request=self.request, template=[f"sessions/{name}.html"], context=self.get_context_data(**context),
            status=status, using=self.template_engine,
        )  # fmt: skip


def _consent_of(token, region):
    """The text that the form showed: whoever ticked it agreed to this one and to no other."""
    return ConsentText.objects.filter(pk=token.consent_id, region=region).first() if token.consent_id else None


class SessionProposeView(ProposeView):
    """Proposals to a session, from its announcement to the last day."""

    def times(self):
        """A hall that writes from one network is let in; asked of the database once in a while, also in a flood."""
        slug = self.kwargs["slug"]
        return cache.get_or_set(f"gate:hall:{slug}", lambda: self._times(slug), HALL_KNOWN)

    def _times(self, slug):
        session = Session.objects.public().filter(slug=slug).first()
        return gate.TIMES_IN_HALL if session and session.is_gathering(timezone.now()) else 1

    def get_place(self):
        """The session with its town, or with the towns that take part."""
        sessions = Session.objects.visible_to(self.request.user).select_related("region", "municipality")
        session = get_object_or_404(sessions.defer("region__outline"), slug=self.kwargs["slug"])
        towns = [session.municipality] if session.municipality_id else list(session.towns.order_by("name_sort"))
        if not towns:
            towns = list(Municipality.objects.in_programme().filter(region=session.region_id).order_by("name_sort"))
        return Place(
            session.region, towns, session, is_open=bool(towns) and session.takes_proposals(timezone.localdate())
        )


class TownProposeView(ProposeView):
    """Proposals to a town that takes them on any day."""

    def get_place(self):
        """The town, if it takes proposals."""
        town = get_object_or_404(Municipality.objects.with_region(), slug=self.kwargs["slug"])
        if not town.takes_proposals:
            raise Http404
        return Place(town.region, [town])
