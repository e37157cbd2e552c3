"""The page behind the secret link: what became of the words, and the way to withdraw name and address."""

import datetime

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from sessions.models import Proposal
from tests import factories
from tests.pages import text, texts
from tests.strategies.reporting.test_letters import REFUSING

ANSWER = "Скамейки поставят в мае."


@pytest.fixture
def received(town, region):
    """(proposal, its secret) of an author with name and address."""

    def receive(number=1, *, email="anna@example.org", **fields):
        author = {"author_name": "Анна", "author_email": email, "consent_version": "1", "consented_at": timezone.now()}
        return Proposal.receive(
            region=region, town=town, text=f"Скамейки {number}", channel="site", **(author | fields)
        )

    return receive


@pytest.fixture
def answer(editor, head, django_capture_on_commit_callbacks):
    """Give an answer, with everything that follows once it is committed."""

    def act(proposal, status="accepted"):
        proposal.public_text, proposal.answer = "Поставить скамейки", ANSWER
        proposal.save()
        proposal.move_to("on_review", by=editor)
        with django_capture_on_commit_callbacks(execute=True):
            proposal.move_to(status, by=head)

    return act


@pytest.fixture
def merge(editor, django_capture_on_commit_callbacks):
    """Join one proposal to another, with everything that follows once it is committed."""

    def act(proposal, into):
        with django_capture_on_commit_callbacks(execute=True):
            proposal.merge_into(into, by=editor)

    return act


def page(secret):
    return reverse("proposals:mine", args=[secret])


def told():
    return sorted((*message.to, message.subject) for message in mail.outbox)


def test_link_shows_the_words_and_the_promised_day(client, received):
    proposal, secret = received()

    response = client.get(page(secret))

    assert text(response, "h1") == proposal.number
    assert texts(response, "blockquote") == ["Скамейки 1"]
    assert texts(response, "div", css="empty")[0].startswith("Ответа пока нет. Его обещали до ")


def test_link_of_nobody_leads_nowhere(client, received):
    proposal, _secret = received()
    factories.proposal(proposal.municipality)

    codes = [client.get(page(guess)).status_code for guess in ("guess", proposal.number, proposal.secret_hash)]

    assert codes == [404, 404, 404]
    assert client.post(page("guess")).status_code == 404


def test_page_is_for_the_author_alone(client, received):
    _proposal, secret = received()

    response = client.get(page(secret))

    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert response.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert "no-store" in response.headers["Cache-Control"]
    assert "ETag" not in response.headers
    assert response.cookies.output() == ""
    assert [mark in response.content.decode() for mark in ("Анна", "anna@example.org")] == [False, False]


def test_withdrawal_erases_at_once_and_the_text_stays(client, received):
    proposal, secret = received()

    asked = client.get(page(secret))
    response = client.post(page(secret), follow=True)

    assert texts(asked, "button", css="btn--bad") == ["Отозвать имя и почту"]
    assert texts(response, "button", css="btn--bad") == []
    proposal.refresh_from_db()
    assert (proposal.author_name, proposal.author_email, proposal.text) == ("", "", "Скамейки 1")
    assert proposal.author_erased_at is not None
    assert [value for value in proposal.history.values_list() if "Анна" in value] == []


def test_withdrawal_twice_changes_nothing(client, received):
    proposal, secret = received()
    client.post(page(secret))
    proposal.refresh_from_db()
    client.post(page(secret))

    before = proposal.author_erased_at, proposal.row_version
    proposal.refresh_from_db()
    assert (proposal.author_erased_at, proposal.row_version) == before


def test_looking_erases_nothing(client, received):
    proposal, secret = received()
    client.get(page(secret))
    client.head(page(secret))

    proposal.refresh_from_db()
    assert proposal.author_name == "Анна"


def test_author_without_name_has_nothing_to_withdraw(client, received):
    _proposal, secret = received(author_name="", email="", consent_version="", consented_at=None)

    assert texts(client.get(page(secret)), "button", css="btn--bad") == []


def test_answer_is_shown_and_mailed_to_the_author_alone(client, received, answer):
    proposal, secret = received()
    received(2, email="boris@example.org")

    answer(proposal)

    assert texts(client.get(page(secret)), "blockquote") == [ANSWER, "Скамейки 1"]
    assert told() == [("anna@example.org", f"Ответ на предложение {proposal.number}: учтено")]
    assert ANSWER in mail.outbox[0].body
    assert f"https://towns.example.ru{proposal.get_absolute_url()}" in mail.outbox[0].body


@pytest.mark.invariant(49)
def test_answer_goes_to_every_author_of_what_was_merged_one_letter_each(client, received, answer, merge):
    main, _secret = received()
    other, other_secret = received(2, email="boris@example.org")
    merge(other, main)

    answer(main)

    assert told() == [
        ("anna@example.org", f"Ответ на предложение {main.number}: учтено"),
        ("boris@example.org", f"Ответ на предложение {other.number}: учтено"),
    ]
    letters = {message.to[0]: str(message.message()) + message.body for message in mail.outbox}
    assert "boris" not in letters["anna@example.org"]
    assert "anna" not in letters["boris@example.org"]
    response = client.get(page(other_secret))
    assert texts(response, "blockquote") == [ANSWER, "Скамейки 2"]
    assert f'href="{main.get_absolute_url()}"' in response.content.decode()


@pytest.mark.invariant(49)
def test_author_of_what_is_merged_with_an_answered_one_hears_the_answer(received, answer, merge):
    main, _secret = received()
    late, _secret = received(2, email="boris@example.org")
    answer(main)
    mail.outbox.clear()

    merge(late, main)

    assert told() == [("boris@example.org", f"Ответ на предложение {late.number}: учтено")]


def test_other_steps_are_not_written_about(received, merge, editor, django_capture_on_commit_callbacks):
    main, _secret = received()
    other, _secret = received(2)
    hidden, _secret = received(3)

    with django_capture_on_commit_callbacks(execute=True):
        main.move_to("on_review", by=editor)
        hidden.move_to("hidden", by=editor, reason="Брань")
    merge(other, main)

    assert mail.outbox == []


def test_author_who_has_withdrawn_is_not_written_to(client, received, answer):
    proposal, secret = received()
    client.post(page(secret))
    proposal.refresh_from_db()

    answer(proposal)

    assert mail.outbox == []


def test_mail_that_cannot_leave_does_not_hold_the_answer(received, answer, settings, caplog):
    settings.EMAIL_BACKEND = REFUSING
    proposal, _secret = received()

    answer(proposal)

    proposal.refresh_from_db()
    assert proposal.status == "accepted"
    assert "anna" not in caplog.text


def test_answer_that_was_not_taken_is_not_mailed(received, answer, outsider, django_capture_on_commit_callbacks):
    proposal, _secret = received()

    with django_capture_on_commit_callbacks(execute=True), pytest.raises(ValidationError):
        proposal.move_to("accepted", by=outsider)

    assert mail.outbox == []


def test_hidden_words_are_shown_to_their_author_with_the_reason(client, received, editor):
    proposal, secret = received()
    proposal.move_to("hidden", by=editor, reason="Здесь телефон соседа")

    response = client.get(page(secret))

    assert texts(response, "div", css="empty") == ["Предложение не опубликуют. Причина: Здесь телефон соседа"]


def test_late_answer_is_counted_in_days(client, received):
    proposal, secret = received()
    Proposal.objects.filter(pk=proposal.pk).update(answer_due=timezone.localdate() - datetime.timedelta(days=3))

    assert "опаздывают на 3 дн" in texts(client.get(page(secret)), "div", css="empty")[0]


def test_number_of_queries_does_not_grow_with_merged_proposals(client, received, merge, django_assert_num_queries):
    main, secret = received()
    client.get(page(secret))
    for number in (2, 3, 4):
        merge(received(number)[0], main)

    with django_assert_num_queries(3):
        client.get(page(secret))


def test_words_merged_with_what_was_hidden_are_free_and_wait_again(client, received, merge, editor):
    main, _secret = received()
    other, secret = received(2)
    merge(other, main)
    main.move_to("hidden", by=editor, reason="Здесь телефон соседа")

    (told,) = texts(client.get(page(secret)), "div", css="empty")
    assert (told.startswith("Ответа пока"), "телефон" in told) == (True, False)
