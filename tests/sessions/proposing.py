"""How tests propose: a form opened long enough ago, a text of consent, a post from an address."""

import re
import time
import uuid

from django.core import signing
from django.urls import reverse
from django.utils import timezone

from sessions import gate
from sessions.models import ConsentText
from tests import factories

WORDS = "Скамейки у остановки на улице Советской"


def consent(region, **fields):
    """A text of consent in force."""
    defaults = {
        "version": "2026-1", "operator": "Министерство из примера, Самара", "withdrawal": "pd@example.org",
        "text": "Я согласен на обработку имени и почты.", "valid_from": timezone.localdate(),
    }  # fmt: skip
    return factories.make(ConsentText, region=region, **(defaults | fields))


class _Signer(signing.TimestampSigner):
    """Signs as of some seconds ago; touches no clock, for threads share it."""

    age = 0

    def timestamp(self):
        return signing.b62_encode(int(time.time() - self.age))


def token(consent_text=None, *, age=60):
    """The token of a form opened some seconds ago."""
    signer = _Signer(salt=gate.SALT)
    signer.age = age
    held = [uuid.uuid4().hex, time.time() - age, consent_text and consent_text.pk]
    return signer.sign_object(held)


def send(client, place, *, age=60, consent_text=None, address="203.0.113.7", **fields):
    """Post a proposal to a session or a town."""
    name = "sessions:propose" if place._meta.model_name == "session" else "proposals:propose_town"
    posted = {"text": WORDS} | fields
    if "token" not in posted:
        posted["token"] = token(consent_text, age=age)
    return client.post(reverse(name, args=[place.slug]), posted, REMOTE_ADDR=address)


def secret_in(response):
    """The secret of the link that the page shows."""
    found = set(re.findall(r'href="/proposals/mine/([^"/]+)/"', response.content.decode()))
    assert len(found) == 1, found
    return found.pop()
