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


def may_arrive(address):
    """Whether a letter to an address can arrive: its domain may exist, where letters leave for the world at all."""
    return not (settings.EMAIL_BACKEND.endswith("smtp.EmailBackend") and address.lower().endswith(NOWHERE))


def is_reachable(user):
    """Whether a letter to the person can arrive: the account is open and has an address that may exist."""
    return user.is_active and bool(user.email) and may_arrive(user.email)


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


def deliver(address, template, context, *, message_id, stop_url=""):
    """Send one letter, in the site's language.

    Args:
        address: to whom.
        template: `letters/<template>_subject.txt`, `.txt` and `.html`.
        context: for the templates, or a function that gives it: what fails there is a letter that has not left. The
            site's name and addresses are added.
        message_id: the part of the Message-ID before the host, the same for every attempt: whoever got the first
            letter is not shown the second.
        stop_url: the page that switches such letters off, if there is one.

    Returns:
        Whether it left. The log holds the class of the failure alone: the text of a refusal holds the address.
    """
    try:
        _message(address, template, context, message_id, stop_url).send()
    except Exception as error:  # noqa: BLE001 - a back end raises what it likes
        logger.warning("A letter was not sent: %s", type(error).__name__)
        return False
    return True


def _message(address, template, context, message_id, stop_url):
    headers = {
        "Message-ID": f"<{message_id}@{urlsplit(settings.SITE_URL).hostname}>",
        "Auto-Submitted": "auto-generated",
    }
    if stop_url:
        headers |= {"List-Unsubscribe": f"<{stop_url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    with translation.override(settings.LANGUAGE_CODE):
        context = (context() if callable(context) else context) | {
            "site_name": gettext(settings.SITE_NAME),
            "site_url": absolute("/"),
            "office_url": absolute(reverse("office:home")),
            "settings_url": absolute(reverse("office:letters")),
            "about_url": absolute(reverse("about") + "#personal-data"),
            "stop_url": stop_url,
        }
        subject = " ".join(render_to_string(f"letters/{template}_subject.txt", context).split())
        text = render_to_string(f"letters/{template}.txt", context)
        message = EmailMultiAlternatives(subject, text, to=[address], headers=headers)
        message.attach_alternative(render_to_string(f"letters/{template}.html", context), "text/html")
    return message


def send(letters, template, context, *, stop=""):
    """Send one letter for rows that are in hand (`Letter.take`), all of one person.

    Args:
        letters: the rows.
        template, context: as `deliver` takes them.
        stop: what switches such letters off, a key of `STOPS`; nothing for those that have to be received.

    Returns:
        Whether it left. If not, the rows are free again for another run.
    """
    first = letters[0]
    stop_url = absolute(reverse("letters_stop", args=[stop_token(first.user, stop)])) if stop else ""
    left = deliver(first.user.email, template, context, message_id=f"letter-{first.pk}", stop_url=stop_url)
    if left:
        Letter.close(letters)
    else:
        Letter.put_back(letters)
    return left
