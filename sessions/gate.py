"""What stands before the public form instead of a captcha: a signed token, traps for machines, a limit per address.

No address is kept anywhere: for an hour the cache holds a keyed hash of it. Refusals are counted by kind and day.
"""

import base64
import ipaddress
import time
import uuid
from dataclasses import dataclass

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core import signing
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.utils.crypto import salted_hmac

from municipalities.typed import whole_number
from sessions.models import RefusedPost

SALT = "sessions.gate"
HOUR = 60 * 60
TOKEN_LIVES = 12 * HOUR
QUICKEST = 2  # seconds: nobody writes a proposal faster
LARGEST = 64 * 1024  # bytes of a whole post; the text itself is limited by the form
# Mistakes in the form are posts as well: people may make some, a machine that posts without end is sent away early.
TRIES_PER_PROPOSAL = 10
# A hall writes from one network: in the hours of a session with a place the limits are so many times higher.
TIMES_IN_HALL = 40
TRAP = "website"  # a field that people do not see
Kind = RefusedPost.Kind


class PostRefused(Exception):
    """A post that is not taken: `kind` says why, `retry_after` in how many seconds it may be tried again."""

    def __init__(self, kind, retry_after=0):
        super().__init__(kind)
        self.kind, self.retry_after = kind, retry_after


@dataclass(frozen=True)
class Token:
    """What a form carries: its own number, when it was opened, which consent it showed, and the whole signed text."""

    key: uuid.UUID
    opened: float
    consent_id: int | None
    text: str

    @property
    def secret(self):
        """The secret of the author's link: the same form always leads to the same link, and nothing else does."""
        return secret_of(self.key)


def secret_of(key):
    """The secret of the link that a form leads to; only the site computes it, from the form's own number."""
    digest = salted_hmac("sessions.gate.secret", key.hex, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest[:24]).decode()


def new_token(consent):
    """A token for a form that is being opened.

    Args:
        consent: the `ConsentText` that the form shows, or None.
    """
    key, opened, consent_id = uuid.uuid4(), time.time(), consent and consent.pk
    return Token(key, opened, consent_id, signing.dumps([key.hex, opened, consent_id], salt=SALT))


def read_token(text):
    """The token of a posted form.

    Raises:
        PostRefused: there is none, it is not ours, or it has run out.
    """
    try:
        key, opened, consent_id = signing.loads(text, salt=SALT, max_age=TOKEN_LIVES)
    except signing.BadSignature:
        raise PostRefused(Kind.TOKEN) from None
    return Token(uuid.UUID(key), opened, consent_id, text)


def check_size(request):
    """Refuse a post that is too large, before it is read.

    Raises:
        PostRefused: it is larger than `LARGEST`, or does not say how large it is.
    """
    length = whole_number(request.META.get("CONTENT_LENGTH") or "0")
    if length is None or length > LARGEST:
        raise PostRefused(Kind.SIZE)


def check_human(posted, token):
    """Refuse what only a machine does.

    Raises:
        PostRefused: the unseen field is filled, or the form was filled faster than anybody writes.
    """
    if posted.get(TRAP, ""):
        raise PostRefused(Kind.TRAP)
    if time.time() - token.opened < QUICKEST:
        raise PostRefused(Kind.FAST)


def knock(request, times):
    """Count a post of an address, whatever is in it.

    Args:
        times: called only past the usual limit; by how many times the limit is higher in this place at this hour.

    Raises:
        PostRefused: there were too many within the hour.
    """
    _count("tries", request, settings.PROPOSALS_PER_HOUR * TRIES_PER_PROPOSAL, times)


def admit(request, token, times):
    """Count a proposal of an address; the same form sent again counts once.

    Args:
        times: as for `knock`.

    Raises:
        PostRefused: there were too many within the hour.
    """
    form = f"gate:form:{token.key.hex}"
    if not cache.add(form, 1, TOKEN_LIVES):
        return
    try:
        _count("kept", request, settings.PROPOSALS_PER_HOUR, times)
    except PostRefused:
        cache.delete(form)
        raise


def _count(what, request, limit, times):
    name, now = f"gate:{what}:{_hash_of_address(request)}", time.time()
    since = cache.get_or_set(f"{name}:since", now, HOUR)
    counter = f"{name}:{since}"
    cache.add(counter, 0, HOUR)
    try:
        counted = cache.incr(counter)
    except ValueError:  # a full cache has thrown it out this very moment
        counted = 1
    if counted > limit and counted > limit * times():
        raise PostRefused(Kind.RATE, retry_after=max(int(HOUR - (now - since)), 0) + 1)


def _hash_of_address(request):
    """A keyed hash of the network that a post comes from: one subscriber has a whole /64 of IPv6."""
    try:
        address = ipaddress.ip_address(get_adapter().get_client_ip(request))
    except (ImproperlyConfigured, PermissionDenied, ValueError):
        return "unknown"
    length = 64 if address.version == 6 else 32
    network = ipaddress.ip_network((address, length), strict=False)
    return salted_hmac("sessions.gate.address", str(network), algorithm="sha256").hexdigest()
