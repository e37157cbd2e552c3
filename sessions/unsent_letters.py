"""Letters that authors are still owed: numbers and answers whose letter did not leave, «сделано» once it is done."""

from django.db.models import Q
from django.utils import timezone

from sessions import gate
from sessions.author_letters import link_of_author, send_letters
from sessions.models import Proposal
from sessions.models.proposal_queryset import hash_of
from sessions.outcomes import done_of
from sessions.paths import add_paths, for_paths
from strategies.models import Measure


def send_receipts():
    """Write the number and the secret link to authors who were not told them at once; [whether it left]."""
    rows = Proposal.objects.filter(received_told_at=None, form_key__isnull=False).exclude(author_email="")
    secrets = {row.pk: gate.secret_of(row.form_key) for row in rows}
    # The secret key of the site may have changed since: then nobody knows the link any more.
    known = [row.pk for row in rows if hash_of(secrets[row.pk]) == row.secret_hash]
    return send_letters(
        rows.filter(pk__in=known), "proposal_received", lambda row: {"link": link_of_author(secrets[row.pk])},
        told="received_told_at", tries_all=True,
    )  # fmt: skip


def send_answers():
    """Write to authors who were answered and not told, also those whose proposals were merged; [whether it left]."""
    answered = Q(status__in=Proposal.ANSWERED) | Q(status="merged", merged_into__status__in=Proposal.ANSWERED)
    rows = Proposal.objects.filter(answered, answer_told_at=None).select_related("merged_into")
    return send_letters(
        rows, "proposal_answered", lambda row: {"answered": row.fate}, told="answer_told_at", tries_all=True
    )


def send_done():
    """Write once to authors whose words are done: every measure that answers them is finished; [whether it left]."""
    done = done_of(Proposal.objects.order_by()).values("pk")
    rows = Proposal.objects.filter(Q(pk__in=done) | Q(status="merged", merged_into__in=done), done_told_at=None)
    rows = rows.exclude(author_email="").select_related("merged_into")
    on = timezone.localdate()
    mains = add_paths(list(for_paths(Proposal.objects.filter(pk__in=[row.fate.pk for row in rows]))), on)
    measures = {
        main.pk: [measure for measure in main.measures if measure.status == Measure.Status.DONE] for main in mains
    }
    return send_letters(
        rows, "proposal_done",
        lambda row: {"answered": row.fate, "measures": measures.get(row.fate.pk, [])},
        told="done_told_at", tries_all=True,
    )  # fmt: skip
