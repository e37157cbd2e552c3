import datetime

from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import TemplateView

from accounts.models import JournalEntry
from sessions.models import ConsentText, Proposal
from sessions.paths import add_paths, for_paths

PRIVATE = {"Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow"}


@method_decorator([csrf_exempt, never_cache], name="dispatch")  # the secret is the proof: readers get no cookie
class MyProposalView(TemplateView):
    """What became of the words of whoever holds the secret link, and the way to withdraw name and address.

    Name and address themselves are not shown: the link may have got into other hands.
    """

    template_name = "sessions/mine.html"
    extra_context = {"step": "said", "section": "said"}

    def get_proposal(self):
        """The proposal of the link; 404 for an unknown one."""
        return get_object_or_404(
            Proposal.objects.with_secret(self.kwargs["secret"])
            .select_related("region", "municipality", "session", "merged_into")
            .defer("region__outline")
        )

    def get(self, request, secret):
        """Where the words are on their path."""
        proposal, on = self.get_proposal(), timezone.localdate()
        until = None
        if proposal.consented_at and (proposal.author_name or proposal.author_email):
            until = timezone.localdate(proposal.consented_at) + datetime.timedelta(
                days=proposal.region.keep_authors_days
            )
        context = {
            "proposal": proposal, "fate": proposal.fate, "days_late": proposal.days_waiting(on), "kept_until": until,
            "is_shown": proposal.is_public and bool(proposal.public_text),
            "is_fate_shown": proposal.fate.is_public and bool(proposal.fate.public_text),
            "why_hidden": _why_hidden(proposal.fate),
            "path": _path_of(proposal.fate, on),
        }  # fmt: skip
        return self._private(self.render_to_response(self.get_context_data(**context)))

    def post(self, request, secret):
        """Forget name and address at once; a second time changes nothing."""
        proposal = self.get_proposal()
        if proposal.author_name or proposal.author_email:
            proposal.erase_author()
        return self._private(redirect("proposals:mine", secret))

    def _private(self, response):
        for name, value in PRIVATE.items():
            response.headers[name] = value
        return response


def _path_of(proposal, on):
    """The public proposal with its chain, as its own page shows it; None while nobody else may see it."""
    shown = for_paths(Proposal.objects.public()).filter(pk=proposal.pk).first()
    return add_paths([shown], on)[0] if shown else None


def _why_hidden(proposal):
    """Why the words were hidden, as the journal says; empty for any other."""
    if proposal.status != Proposal.Status.HIDDEN:
        return ""
    entries = JournalEntry.objects.filter(
        content_type__app_label="discussions", content_type__model="proposal", object_id=proposal.pk,
        to_status=Proposal.Status.HIDDEN,
    )  # fmt: skip
    return entries.order_by("-at").values_list("reason", flat=True).first() or ""


class ConsentView(TemplateView):
    """What authors agree to, version by version: those in force and, for whoever agreed before, the former ones."""

    template_name = "sessions/consent.html"
    extra_context = {"section": "about"}

    def get_context_data(self, **kwargs):
        """Texts that are or were in force, newest first, by region."""
        texts = (
            ConsentText.objects.filter(valid_from__lte=timezone.localdate())
            .select_related("region")
            .defer("region__outline")
            .order_by("region__name_sort", "-valid_from", "-pk")
        )
        in_force, former = {}, {}
        for text in texts:
            if in_force.setdefault(text.region_id, text) is not text:
                former.setdefault(text.region_id, []).append(text)
        pairs = [(text, former.get(region, [])) for region, text in in_force.items()]
        return super().get_context_data(**kwargs) | {"texts": pairs}
