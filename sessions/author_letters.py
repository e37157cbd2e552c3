"""What authors of proposals are written: the number and the secret link at once, the answer once it is given.

Authors have no account: a letter goes to the address on the proposal, one author a letter. Neither addresses nor names
reach the log. Knows proposals by what it is given: the models call it, so it does not import them.
"""

import logging
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
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
        _send(pages, "proposal_received", {"proposal": proposal, "link": link})

    transaction.on_commit(send_now, robust=True)


def tell_answer(answered, proposals):
    """Write to authors what was answered; leaves once committed.

    Args:
        answered: the proposal with the answer.
        proposals: queryset of those whose authors are told: it and those merged with it.
    """

    def send_now():
        _send(proposals, "proposal_answered", {"answered": answered})

    transaction.on_commit(send_now, robust=True)


def _send(proposals, template, context):
    """Send one letter an author over one connection; the first failure is the last attempt, and nothing else breaks."""
    if not settings.SITE_URL:
        return
    # Read now: whoever has withdrawn the address meanwhile is not written to.
    rows = [row for row in proposals.exclude(author_email="") if _is_reachable(row.author_email)]
    connection, sent = get_connection(), 0
    try:
        for row in rows:
            _message(row, template, context, connection).send()
            sent += 1
    except Exception as error:  # noqa: BLE001 - a back end raises what it likes
        # The class alone: the text of the refusal holds the address.
        logger.warning("Letters to authors were not sent: %s, %s of %s left", type(error).__name__, sent, len(rows))


def _is_reachable(address):
    return not (settings.EMAIL_BACKEND.endswith("smtp.EmailBackend") and address.lower().endswith(NOWHERE))


def _message(proposal, template, context, connection):
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
            headers=headers, connection=connection,
        )  # fmt: skip
        message.attach_alternative(render_to_string(f"letters/{template}.html", context), "text/html")
    return message
