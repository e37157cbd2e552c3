"""What authors of proposals are written: the number and the secret link at once, the answer once it is given.

Authors have no account: a letter goes to the address on the proposal, one author a letter. Neither addresses nor names
reach the log. A letter that is marked on the proposal (`answer_told_at`, `done_told_at`) never goes twice; one that
did not leave is not marked: `manage.py write_to_authors` sends it later. Knows proposals by what it is given: the
models call it, so it does not import them.
"""

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation

from accounts.letters import absolute, deliver, may_arrive


def notify_of_receipt(proposal, secret):
    """Write to the author that the words are taken in, with the number and the link; leaves once committed.

    Args:
        proposal: just received.
        secret: of the author's link; it stands in the letter and nowhere else.
    """
    pages = type(proposal).objects.filter(pk=proposal.pk)

    def send_now():
        with translation.override(settings.LANGUAGE_CODE):
            link = absolute(reverse("proposals:mine", args=[secret]))
        send_letters(pages, "proposal_received", lambda _row: {"link": link})

    transaction.on_commit(send_now, robust=True)


def notify_of_answer(answered, proposals):
    """Write to authors what was answered; leaves once committed.

    Args:
        answered: the proposal with the answer.
        proposals: queryset of those whose authors are told: it and those merged with it.
    """

    def send_now():
        send_letters(proposals, "proposal_answered", lambda _row: {"answered": answered}, told="answer_told_at")

    transaction.on_commit(send_now, robust=True)


def send_letters(proposals, template, context_of, *, told="", tries_all=False):
    """Send one letter an author.

    Args:
        proposals: queryset of those whose authors are written to.
        template: name of the letter.
        context_of: called with a proposal, returns what its letter says.
        told: the field that keeps when the author was told; such a letter never goes twice, whoever sends it at once.
        tries_all: go on after a failure, as a command of the night does; nobody waiting is held up by a mail server.

    Returns:
        [whether the letter left] for each author who was to be written to.
    """
    if not settings.SITE_URL:
        return []
    left = []
    for row in proposals.exclude(author_email="").order_by("pk"):
        if not may_arrive(row.author_email):
            continue
        moment = timezone.now()
        if told and not _claim(row, told, moment):
            continue
        left.append(_deliver(row, template, context_of))
        if left[-1]:
            continue
        if told:
            type(row).objects.filter(**{"pk": row.pk, told: moment}).update(**{told: None})
        if not tries_all:
            break
    return left


def _claim(row, told, moment):
    """Mark in one step that the author is told, unless somebody was faster or the address was withdrawn meanwhile."""
    untold = type(row).objects.filter(**{"pk": row.pk, "author_email": row.author_email, told: None})
    return bool(untold.update(**{told: moment}))


def _deliver(proposal, template, context_of):
    def context():
        said = context_of(proposal)
        shown = proposal if proposal.public_text else said.get("answered", proposal)
        return said | {"proposal": proposal, "page": absolute(shown.get_absolute_url())}

    return deliver(proposal.author_email, template, context, message_id=f"{template}-{proposal.pk}")
