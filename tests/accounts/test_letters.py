"""Letters themselves: one sender for each, both forms of the text, what may be switched off, nothing in the log."""

import datetime
import logging
import smtplib

import pytest
from django.core import mail, signing
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from accounts import letters
from accounts.models import Letter, User
from accounts.models.letter import HELD_FOR

DAY = datetime.date(2026, 10, 16)
ADDRESS = "marked-person@towns.example.ru"


class RefusingBackend(EmailBackend):
    """A mail server that refuses and repeats the address, as they do."""

    def send_messages(self, messages):
        raise smtplib.SMTPRecipientsRefused({messages[0].to[0]: (550, b"no such person")})


REFUSING = f"{__name__}.{RefusingBackend.__name__}"


@pytest.fixture
def person(db):
    return User.objects.create_user("person", email=ADDRESS, first_name="Меченый", last_name="Человек")


def letter_to(person, kind="published", key="report-1-published"):
    Letter.plan([person], kind, key, day=DAY)
    return Letter.objects.get(user=person, kind=kind, key=key)


def send(person, *, stop="published", **fields):
    letter = letter_to(person, **fields)
    assert letter.take()
    return letters.send([letter], "published", {"items": []}, stop=stop)


def test_letter_is_planned_once(person):
    for _attempt in range(2):
        Letter.plan([person], "digest", "2026-10-16", day=DAY)

    assert list(Letter.objects.values_list("user", "kind", "key", "day")) == [(person.pk, "digest", "2026-10-16", DAY)]


def test_letter_is_taken_by_one_sender(person):
    letter = letter_to(person)

    assert [letter.take(), Letter.objects.get().take()] == [True, False]


def test_letter_that_left_is_taken_by_nobody(person):
    letter = letter_to(person)
    letter.take()
    Letter.close([letter])

    assert (letter.take(), Letter.objects.unsent().count()) == (False, 0)


def test_letter_of_a_sender_that_died_is_free_after_a_while(person):
    letter = letter_to(person)
    letter.take()
    now = timezone.now()

    Letter.objects.update(taken_at=now - HELD_FOR + datetime.timedelta(minutes=1))
    assert not letter.take()
    Letter.objects.update(taken_at=now - HELD_FOR - datetime.timedelta(minutes=1))
    assert letter.take()


def test_letter_keeps_neither_an_address_nor_a_text():
    assert [field.name for field in Letter._meta.fields] == [
        "id", "user", "kind", "key", "day", "created_at", "taken_at", "sent_at", "failures",
    ]  # fmt: skip


def test_send_gives_plain_text_and_html(person, settings):
    assert send(person)

    (message,) = mail.outbox
    html, kind = message.alternatives[0]
    assert (message.to, message.subject, kind) == ([ADDRESS], "Опубликованы отчёты: 0", "text/html")
    assert message.body.startswith("Здравствуйте.\n\nОбласть приняла.")
    assert "<p>Область приняла. Теперь это видят все.</p>" in html
    assert message.message().is_multipart()
    assert "⟪undefined" not in message.body + html
    # Nothing of a letter is fetched from anywhere: opening one tells nobody.
    assert [tag for tag in ("<img", "<link", "<script", "<style", "src=") if tag in html] == []


def test_send_notes_that_the_letter_left(person):
    send(person)

    letter = Letter.objects.get()
    assert (letter.sent_at is not None, letter.taken_at, letter.failures) == (True, None, 0)


def test_send_lets_mail_programs_switch_off_what_is_not_obligatory(person):
    send(person)

    headers = mail.outbox[0].message()
    url = headers["List-Unsubscribe"]
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert url.startswith("<https://towns.example.ru/letters/stop/")
    assert url.strip("<>") in mail.outbox[0].body
    assert ADDRESS not in url
    assert headers["Auto-Submitted"] == "auto-generated"


def test_send_offers_no_switch_in_an_obligatory_letter(person):
    send(person, stop="")

    message = mail.outbox[0].message()
    assert (message["List-Unsubscribe"], message["List-Unsubscribe-Post"]) == (None, None)
    assert "Это письмо обязательное" in mail.outbox[0].body
    assert "letters/stop" not in message.as_string()


def test_send_names_a_letter_alike_at_every_attempt(person, settings):
    letter = letter_to(person)
    for _attempt in range(2):
        letters.send([letter], "published", {"items": []})

    named = [message.message()["Message-ID"] for message in mail.outbox]
    assert named == [f"<letter-{letter.pk}@towns.example.ru>"] * 2


def test_send_that_failed_leaves_the_letter_for_another_run(person, settings):
    settings.EMAIL_BACKEND = REFUSING

    assert not send(person)

    letter = Letter.objects.get()
    assert (letter.sent_at, letter.taken_at, letter.failures) == (None, None, 1)
    assert letter.take()


def test_send_that_failed_names_nobody_in_the_log(person, settings, caplog):
    settings.EMAIL_BACKEND = REFUSING
    with caplog.at_level(logging.DEBUG):
        send(person)

    assert [record.getMessage() for record in caplog.records if record.name == "accounts.letters"] == [
        "A letter was not sent: SMTPRecipientsRefused"
    ]
    said = caplog.text + "".join(str(record.__dict__) for record in caplog.records)
    assert [mark for mark in (ADDRESS, "marked-person", "Меченый", "Человек") if mark in said] == []


def test_send_to_a_broken_address_fails_quietly(person):
    User.objects.update(email="a@b.ru\nBcc: everybody@example.org")
    person.refresh_from_db()

    assert not send(person)

    assert (mail.outbox, Letter.objects.get().failures) == ([], 1)


@pytest.mark.parametrize(
    ("email", "is_active", "backend", "expected"),
    [
        ("a@towns.example.ru", True, "smtp", True),
        ("", True, "smtp", False),
        ("a@towns.example.ru", False, "smtp", False),
        ("a@demo.invalid", True, "smtp", False),
        ("a@DEMO.INVALID", True, "smtp", False),
        ("a@demo.invalid", True, "console", True),
    ],
)
def test_is_reachable_wants_an_open_account_with_an_address_that_may_exist(
    settings, email, is_active, backend, expected
):
    settings.EMAIL_BACKEND = f"django.core.mail.backends.{backend}.EmailBackend"

    assert letters.is_reachable(User(email=email, is_active=is_active)) is expected


def test_stop_token_names_the_person_by_number_and_does_not_expire(person, settings):
    token = letters.stop_token(person, "early")

    assert letters.read_stop_token(token) == (person.pk, letters.STOPS["early"])
    assert ADDRESS not in token
    assert "person" not in signing.b64_decode(token.split(":")[0].encode()).decode()


@pytest.mark.parametrize("token", ["", "x", "1:2:3"])
def test_stop_token_of_somebody_else_is_refused(token):
    with pytest.raises(signing.BadSignature):
        letters.read_stop_token(token)


def test_stop_token_signed_for_something_else_is_refused(person):
    with pytest.raises(signing.BadSignature):
        letters.read_stop_token(signing.dumps([person.pk, "early"], salt="strategies.letters.form"))
