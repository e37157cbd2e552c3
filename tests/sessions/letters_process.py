"""A process of its own that takes words in, answers them and writes to authors, and stands still where it is told.

A line that comes in is worked off by a fork with a connection of its own: `prepare`, or `<act> <point>`, where the
point is after how many writes and letters it stops to be killed. Answers are those of `publishing_process`.
"""

import os
import sys
from importlib import import_module

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.management import call_command
from django.db import connection, transaction
from django.test import override_settings

from accounts.models import Role, User
from municipalities.models import Municipality, Region
from sessions import gate
from sessions.author_letters import notify_of_receipt
from sessions.models import Proposal
from tests import factories
from tests.conftest import person
from tests.sessions.proposing import consent
from tests.strategies.reporting.publishing_process import WRITES, say, stand

BACKEND = "django.core.mail.backends.filebased.EmailBackend"


def prepare():
    """A town with those who answer, and a text of consent."""
    region = factories.make(Region, name="Самарская область", slug="samara-oblast", oktmo="36000000", is_active=True)
    town = factories.make(
        Municipality, region=region, name="Сызрань", slug="syzran", kind="urban_okrug", oktmo="36735000"
    )
    person("head", Role.MUNICIPAL_HEAD, municipality=town)
    consent(region)
    say("prepared")


class Stopping:
    """Counts writes to the database and letters, and stands still at a point."""

    def __init__(self, point):
        self.point, self.passed = point, 0

    def step(self):
        """One more thing is done."""
        self.passed += 1
        if self.passed == self.point:
            stand("stopped", os.getpid())

    def statement(self, execute, sql, params, many, context):
        """Count a statement that writes."""
        result = execute(sql, params, many, context)
        if sql.split(maxsplit=1)[0] in WRITES:
            self.step()
        return result

    def sending(self, send):
        """`send` of a letter, with a point before it and one after."""

        def counted(*args, **kwargs):
            self.step()
            result = send(*args, **kwargs)
            self.step()
            return result

        return counted


def receive():
    """Words of an author who left an address."""
    town, token = Municipality.objects.select_related("region").get(), gate.new_token(None)
    with transaction.atomic():
        proposal, secret = Proposal.receive(
            region=town.region, town=town, text="Лавка", channel="site", secret=token.secret, form_key=token.key,
            author_name="Анна", author_email="anna@example.org", consent_version="2026-1",
        )  # fmt: skip
        Proposal.objects.filter(pk=proposal.pk).update(author_email=f"anna-{proposal.pk}@example.org")
        notify_of_receipt(proposal, secret)


def answer():
    """The answer to the oldest words that have none."""
    proposal, head = Proposal.objects.filter(status="new").order_by("pk").first(), User.objects.get(username="head")
    if proposal is None:
        return
    with transaction.atomic():
        proposal.public_text = "Лавка"
        proposal.save()
        proposal.move_to("on_review", by=head)
        proposal.answer = "Поставим в мае."
        proposal.move_to("accepted", by=head)


def command():
    """What cron runs."""
    call_command("write_to_authors", stdout=sys.stderr)


def run(act, point):
    """Do it, or stop on the way."""
    stopping = Stopping(int(point))
    EmailMultiAlternatives.send = stopping.sending(EmailMultiAlternatives.send)
    with (
        override_settings(EMAIL_BACKEND=BACKEND, EMAIL_FILE_PATH=os.environ["LETTERS"]),
        connection.execute_wrapper(stopping.statement),
    ):
        assert settings.SITE_URL
        {"receive": receive, "answer": answer, "command": command}[act]()
    stand("published", os.getpid())


def main():
    """Work off lines until there are no more.

    The addresses and all that stands behind them are read before the first fork: else each of them would read them.
    """
    import_module(settings.ROOT_URLCONF)
    for line in sys.stdin:
        child = os.fork()
        if not child:
            prepare() if line.strip() == "prepare" else run(*line.split())
            os._exit(0)
        _pid, status = os.waitpid(child, 0)
        say("ended", os.waitstatus_to_exitcode(status))
