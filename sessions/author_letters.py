"""What authors of proposals are written: the number and the secret link at once, the answer once it is given.

Authors have no account: a letter goes to the address on the proposal, one author a letter. Neither addresses nor names
reach the log. A letter that is marked on the proposal (`answer_told_at`, `done_told_at`) never goes twice; one that
did not leave is not marked: `manage.py write_to_authors` sends it later. Knows proposals by what it is given: the
models call it, so it does not import them.
"""

import logging
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext

from accounts.letters import NOWHERE, absolute

logger = logging.getLogger(__name__)


def tell_received(proposal, secret):
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


def tell_answer(answered, proposals):
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
        context_of: called with a proposal, gives what its letter says.
        told: the field that keeps when the author was told; such a letter never goes twice, whoever sends it at once.
        tries_all: go on after a failure, as a command of the night does; nobody waiting is held up by a mail server.

    Returns:
        [whether the letter left] for each author who was to be written to.
    """
    if not settings.SITE_URL:
        return []
    left = []
    for row in proposals.exclude(author_email="").order_by("pk"):
        if not _is_reachable(row.author_email):
            continue
        moment = timezone.now()
        if told and not _claim(row, told, moment):
            continue
        try:
            _message(row, template, context_of(row)).send()
        except Exception as error:  # noqa: BLE001 - a back end raises what it likes
            # The class alone: the text of the refusal holds the address.
            logger.warning("A letter to an author was not sent: %s", type(error).__name__)
            if told:
                type(row).objects.filter(**{"pk": row.pk, told: moment}).update(**{told: None})
            left.append(False)
            if not tries_all:
                break
        else:
            left.append(True)
    return left


def _claim(row, told, moment):
    """Mark in one step that the author is told, unless somebody was faster or the address was withdrawn meanwhile."""
    untold = type(row).objects.filter(**{"pk": row.pk, "author_email": row.author_email, told: None})
    return bool(untold.update(**{told: moment}))


def _is_reachable(address):
    return not (settings.EMAIL_BACKEND.endswith("smtp.EmailBackend") and address.lower().endswith(NOWHERE))


def _message(proposal, template, context):
    headers = {
        "Message-ID": f"<{template}-{proposal.pk}@{urlsplit(settings.SITE_URL).hostname}>",
        "Auto-Submitted": "auto-generated",
    }
    with translation.override(settings.LANGUAGE_CODE):
        shown = proposal if proposal.public_text else context.get("answered", proposal)
        context = context | {
            "proposal": proposal,
            "page": absolute(shown.get_absolute_url()),
            "site_name": gettext(settings.SITE_NAME),
            "site_url": absolute("/"),
            "about_url": absolute(reverse("about") + "#personal-data"),
        }
        subject = " ".join(render_to_string(f"letters/{template}_subject.txt", context).split())
        message = EmailMultiAlternatives(
            subject, render_to_string(f"letters/{template}.txt", context), to=[proposal.author_email],
            headers=headers,
        )  # fmt: skip
        message.attach_alternative(render_to_string(f"letters/{template}.html", context), "text/html")
    return message
