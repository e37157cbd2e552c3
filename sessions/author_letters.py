"""What authors of proposals are written: the number and the secret link at once, the answer once it is given.

Authors have no account: a letter goes to the address on the proposal, one author a letter. Neither addresses nor names
reach the log. A letter that has left is marked on the proposal (`received_told_at`, `answer_told_at`, …) and never goes
again; one that is on its way is held for `HOLD`, so that nobody else sends it meanwhile. What did not leave, or was in
the hands of a process that was killed, `manage.py write_to_authors` sends later: each promised letter arrives, in the
worst case twice under one Message-ID. Knows proposals by what it is given: the models call it, so it does not import
them.
"""

import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone, translation

from accounts.letters import absolute, deliver, may_arrive

HOLD = datetime.timedelta(minutes=10)  # longer than any mail server is waited for


def notify_of_receipt(proposal, secret):
    """Write to the author that the words are taken in, with the number and the link; leaves once committed.

    Args:
        proposal: just received.
        secret: of the author's link; it stands in the letter and nowhere else.
    """
    pages = type(proposal).objects.filter(pk=proposal.pk)

    def send_now():
        send_letters(pages, "proposal_received", lambda _row: {"link": link_of_author(secret)}, told="received_told_at")

    transaction.on_commit(send_now, robust=True)


def link_of_author(secret):
    """The whole address of the page that only the author has."""
    with translation.override(settings.LANGUAGE_CODE):
        return absolute(reverse("proposals:mine", args=[secret]))


def notify_of_answer(answered, proposals):
    """Write to authors what was answered; leaves once committed.

    Args:
        answered: the proposal with the answer.
        proposals: queryset of those whose authors are told: it and those merged with it.
    """

    def send_now():
        send_letters(proposals, "proposal_answered", lambda _row: {"answered": answered}, told="answer_told_at")

    transaction.on_commit(send_now, robust=True)


def send_letters(proposals, template, context_of, *, told, tries_all=False):
    """Send one letter an author.

    Args:
        proposals: queryset of those whose authors are written to.
        template: name of the letter.
        context_of: called with a proposal, returns what its letter says.
        told: the field that keeps when the letter left; such a letter never goes twice, whoever sends it at once.
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
        # Not if the address was withdrawn meanwhile.
        same = type(row).objects.filter(pk=row.pk, author_email=row.author_email)
        if not take_in_hand(same, told):
            continue
        left.append(_deliver(row, template, context_of))
        put_away(type(row).objects.filter(pk=row.pk), told, has_left=left[-1])
        if not left[-1] and not tries_all:
            break
    return left


def take_in_hand(proposals, told):
    """Hold a letter about proposals for `HOLD`; 0 where it has left, or somebody else holds it."""
    now = timezone.now()
    free = Q(letter_held_at=None) | Q(letter_held_at__lt=now - HOLD)
    return proposals.filter(free, **{told: None}).update(letter_held_at=now)


def put_away(proposals, told, *, has_left):
    """Let a letter go: marked as told if it has left, owed if not."""
    proposals.update(letter_held_at=None, **({told: timezone.now()} if has_left else {}))


def _deliver(proposal, template, context_of):
    def context():
        said = context_of(proposal)
        shown = proposal if proposal.public_text else said.get("answered", proposal)
        return said | {"proposal": proposal, "page": absolute(shown.get_absolute_url())}

    return deliver(proposal.author_email, template, context, message_id=f"{template}-{proposal.pk}")
