"""Letters to officials: who can be written to, what every letter carries, how it leaves, how it is switched off.

What a letter says stands on upper floors. Addresses and names never reach the log.
"""

import logging
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from .models import Letter

logger = logging.getLogger(__name__)

STOP_SALT = "accounts.letters.stop"
NOWHERE = ".invalid"  # domains that cannot exist (RFC 2606): sample accounts have them


@dataclass(frozen=True)
class Stop:
    """Letters that nobody has to receive: the field of the user that asks for them, and their name."""

    field: str
    words: str


STOPS = {
    "early": Stop("wants_early_reminders", "Напоминания до срока сдачи и в сам день"),
    "published": Stop("wants_publication_notices", "Письма о том, что отчёт опубликован"),
}


def is_reachable(user):
    """Whether a letter to the person can arrive: the account is open and has an address of a domain that may exist."""
    if not user.is_active or not user.email:
        return False
    return not (settings.EMAIL_BACKEND.endswith("smtp.EmailBackend") and user.email.lower().endswith(NOWHERE))


def absolute(path):
    """The whole address of a page, as a letter needs it."""
    return f"{settings.SITE_URL}{path}"


def stop_token(user, stop):
    """What proves that whoever comes holds a letter to the person; it names no address and does not expire.

    Args:
        user: to whom the letter goes.
        stop: a key of `STOPS`.
    """
    return signing.dumps([user.pk, stop], salt=STOP_SALT)


def read_stop_token(token):
    """(number of the user, the `Stop`) of a token.

    Raises:
        signing.BadSignature: it is not ours.
    """
    user_id, stop = signing.loads(token, salt=STOP_SALT)
    return user_id, STOPS[stop]


def send(letters, template, context, *, stop=""):
    """Send one letter for rows that are in hand (`Letter.take`), all of one person.

    Args:
        letters: the rows.
        template: `letters/<template>_subject.txt`, `.txt` and `.html`.
        context: for the templates.
        stop: what switches such letters off, a key of `STOPS`; nothing for those that have to be received.

    Returns:
        Whether it left. If not, the rows are free again for another run.
    """
    message = _message(letters[0], template, context, stop)
    try:
        message.send()
    except Exception as error:  # noqa: BLE001 - a back end raises what it likes
        # The class alone: the text of the refusal holds the address.
        logger.warning("A letter was not sent: %s", type(error).__name__)
        Letter.put_back(letters)
        return False
    Letter.close(letters)
    return True


def _message(letter, template, context, stop):
    stop_url = absolute(reverse("letters_stop", args=[stop_token(letter.user, stop)])) if stop else ""
    headers = {
        # The same for every attempt: whoever got the first one is not shown the second.
        "Message-ID": f"<letter-{letter.pk}@{urlsplit(settings.SITE_URL).hostname}>",
        "Auto-Submitted": "auto-generated",
    }
    if stop_url:
        headers |= {"List-Unsubscribe": f"<{stop_url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    with translation.override(settings.LANGUAGE_CODE):
        context = context | {
            "site_name": gettext(settings.SITE_NAME),
            "site_url": absolute("/"),
            "office_url": absolute(reverse("office:home")),
            "settings_url": absolute(reverse("office:letters")),
            "stop_url": stop_url,
        }
        subject = " ".join(render_to_string(f"letters/{template}_subject.txt", context).split())
        message = EmailMultiAlternatives(
            subject, render_to_string(f"letters/{template}.txt", context), to=[letter.user.email], headers=headers
        )
        message.attach_alternative(render_to_string(f"letters/{template}.html", context), "text/html")
    return message
