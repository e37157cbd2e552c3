"""Letters to authors about what became of a session: each author once, about their own words only."""

import logging
from collections import defaultdict
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext

from accounts.letters import NOWHERE, absolute
from sessions.models import Proposal

logger = logging.getLogger(__name__)


def send_results(session):
    """Write to the authors of a session's proposals who left an address and have not been written to yet.

    Returns:
        [whether the letter left] for each author. Those that failed are written to by the next run.
    """
    by_author = defaultdict(list)
    rows = Proposal.objects.filter(session=session, results_sent_at=None).exclude(author_email="")
    for proposal in rows.select_related("merged_into").order_by("number"):
        address = proposal.author_email.lower()
        if not (settings.EMAIL_BACKEND.endswith("smtp.EmailBackend") and address.endswith(NOWHERE)):
            by_author[address].append(proposal)
    return [_send(session, proposals) for proposals in by_author.values()]


def _send(session, proposals):
    taken = Proposal.objects.filter(pk__in=[one.pk for one in proposals], results_sent_at=None)
    if not taken.update(results_sent_at=timezone.now()):
        return True  # another run was faster
    try:
        _message(session, proposals).send()
    except Exception as error:  # noqa: BLE001 - a back end raises what it likes
        # The class alone: the text of the refusal holds the address.
        logger.warning("A letter about results was not sent: %s", type(error).__name__)
        Proposal.objects.filter(pk__in=[one.pk for one in proposals]).update(results_sent_at=None)
        return False
    return True


def _message(session, proposals):
    headers = {
        "Message-ID": f"<results-{proposals[0].pk}@{urlsplit(settings.SITE_URL).hostname}>",
        "Auto-Submitted": "auto-generated",
    }
    with translation.override(settings.LANGUAGE_CODE):
        for one in proposals:
            one.page = absolute(one.get_absolute_url()) if one.is_public and one.public_text else ""
        context = {
            "session": session,
            "proposals": proposals,
            "results": absolute(reverse("sessions:session_results", args=[session.slug])),
            "site_name": gettext(settings.SITE_NAME),
            "site_url": absolute("/"),
            "about_url": absolute(reverse("about") + "#personal-data"),
        }
        subject = " ".join(render_to_string("letters/results_subject.txt", context).split())
        text = render_to_string("letters/results.txt", context)
        message = EmailMultiAlternatives(subject, text, to=[proposals[0].author_email], headers=headers)
        message.attach_alternative(render_to_string("letters/results.html", context), "text/html")
    return message
