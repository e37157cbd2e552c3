"""Letters to authors about what became of a session: each author once, about their own words only."""

from collections import defaultdict

from django.urls import reverse

from accounts.letters import absolute, deliver, may_arrive
from sessions.author_letters import put_away, take_in_hand
from sessions.models import Proposal


def send_results(session):
    """Write to the authors of a session's proposals who left an address and have not been written to yet.

    Returns:
        [whether the letter left] for each author. Those that failed are written to by the next run.
    """
    by_author = defaultdict(list)
    rows = Proposal.objects.filter(session=session, results_sent_at=None).exclude(author_email="")
    for proposal in rows.select_related("merged_into").order_by("number"):
        if may_arrive(proposal.author_email):
            by_author[proposal.author_email.lower()].append(proposal)
    return [_send(session, proposals) for proposals in by_author.values()]


def _send(session, proposals):
    rows = Proposal.objects.filter(pk__in=[one.pk for one in proposals])
    if not take_in_hand(rows, "results_sent_at"):
        return True  # another run was faster

    def context():
        for one in proposals:
            one.page = absolute(one.get_absolute_url()) if one.is_public and one.public_text else ""
        results = absolute(reverse("sessions:session_results", args=[session.slug]))
        return {"session": session, "proposals": proposals, "results": results}

    left = deliver(proposals[0].author_email, "results", context, message_id=f"results-{proposals[0].pk}")
    put_away(rows, "results_sent_at", has_left=left)
    return left
