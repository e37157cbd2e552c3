from django.views.generic import DetailView

from sessions.models import Proposal


class ProposalDetailView(DetailView):
    """The path of a proposal: what was said, what it became, who answered and why."""

    template_name = "sessions/proposal_detail.html"
    context_object_name = "proposal"
    slug_field = slug_url_kwarg = "number"
    extra_context = {"step": "said", "section": "sessions"}

    def get_queryset(self):
        return Proposal.objects.public().defer("text", "author_name", "author_email").select_related("municipality")
