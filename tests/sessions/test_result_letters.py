import pytest
from django.core import mail
from django.core.management import CommandError, call_command

from sessions.models import Proposal
from tests import factories


@pytest.fixture
def session(town):
    return factories.session(town, slug="berega", title="О береге")


def said(town, session, email, **fields):
    consent = {"author_name": "Марфа Тайная", "consent_version": "1"} if email else {}
    return factories.proposal(town, session=session, author_email=email, **consent, **fields)


@pytest.mark.invariant(48)
def test_send_results_writes_to_each_author_about_their_own_words_only(town, session):
    first = said(town, session, "marfa@example.org")
    second = said(town, session, "Marfa@example.org", status="merged", merged_into=first)
    other = said(town, session, "foma@example.org", public_text="")
    said(town, session, "")
    said(town, factories.session(town), "stranger@example.org")

    call_command("send_results", "berega", verbosity=0)

    assert [letter.to for letter in mail.outbox] == [["marfa@example.org"], ["foma@example.org"]]
    assert [[n in letter.body for n in (first.number, second.number, other.number)] for letter in mail.outbox] == [
        [True, True, False], [False, False, True],
    ]  # fmt: skip
    assert "https://towns.example.ru/sessions/berega/results/" in mail.outbox[0].body
    assert "/proposals/" not in mail.outbox[1].body  # not moderated: it has no page yet
    for letter in mail.outbox:
        assert "Тайная" not in letter.message().as_string()


@pytest.mark.invariant(48)
def test_send_results_writes_once(town, session):
    said(town, session, "marfa@example.org")

    for _run in range(2):
        call_command("send_results", "berega", verbosity=0)

    assert len(mail.outbox) == 1


def test_send_results_that_failed_go_with_the_next_run(town, session, monkeypatch, caplog):
    said(town, session, "marfa@example.org")

    def refuse(self, **kwargs):
        raise OSError("marfa@example.org is unknown")

    with monkeypatch.context() as patch:
        patch.setattr("django.core.mail.EmailMultiAlternatives.send", refuse)
        with pytest.raises(CommandError, match="Не все письма ушли"):
            call_command("send_results", "berega", verbosity=0)
    assert Proposal.objects.filter(results_sent_at=None).count() == 1
    assert "marfa" not in caplog.text

    call_command("send_results", "berega", verbosity=0)
    assert len(mail.outbox) == 1


def test_send_results_of_nothing_is_refused(town, settings):
    with pytest.raises(CommandError, match="на сайте нет"):
        call_command("send_results", "nowhere")
    settings.SITE_URL = ""
    with pytest.raises(CommandError, match="SITE_URL"):
        call_command("send_results", "nowhere")
