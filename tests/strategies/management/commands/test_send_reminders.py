"""The command as the operator and the timer meet it: once a day, twice at once, with a mail server that refuses."""

import io
import logging
import threading
import time

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.utils import timezone

from accounts.models import Letter, User
from accounts.models.letter import ATTEMPTS
from strategies.models import ReportingCycle
from tests import PATIENCE, factories
from tests.accounts.test_letters import REFUSING
from tests.strategies.post import DUE, owe, reachable


class PickyBackend(EmailBackend):
    """A mail server that refuses the head of Syzran and takes everybody else's letters."""

    def send_messages(self, messages):
        if messages[0].to[0].startswith("syzran-head"):
            raise ConnectionRefusedError(messages[0].to[0])
        return super().send_messages(messages)


class SlowBackend(EmailBackend):
    """A mail server that takes its time: whoever comes meanwhile finds the letter in other hands."""

    def send_messages(self, messages):
        time.sleep(0.3)
        return super().send_messages(messages)


PICKY, SLOW = f"{__name__}.{PickyBackend.__name__}", f"{__name__}.{SlowBackend.__name__}"


def a_town_that_owes(town, *people):
    owe(factories.measure(town, title="Осветить сквер").direction)
    reachable(*people)


def run(on=DUE):
    """What the command prints; the exit code and why where it ends badly."""
    out = io.StringIO()
    try:
        call_command("send_reminders", on=on.isoformat() if on else None, stdout=out)
    except CommandError as error:
        return f"{out.getvalue()}!{error.returncode} {error}"
    return out.getvalue()


def addressees():
    return sorted(message.to[0].split("@")[0] for message in mail.outbox)


def test_send_reminders_counts_what_it_sent(town, head, editor, outsider):
    a_town_that_owes(town, head, editor, outsider)

    assert run() == "отправлено 2, не удалось 0\n"
    assert addressees() == ["syzran-editor", "syzran-head"]


def test_send_reminders_a_second_time_sends_nothing(town, head, editor):
    a_town_that_owes(town, head, editor)

    assert [run(), run()] == ["отправлено 2, не удалось 0\n", "отправлено 0, не удалось 0\n"]
    assert len(mail.outbox) == 2


def test_send_reminders_later_in_the_day_tells_those_who_had_nothing_in_the_morning(town, head, editor):
    a_town_that_owes(town, head)
    run()
    reachable(editor)

    assert run() == "отправлено 1, не удалось 0\n"
    assert addressees() == ["syzran-editor", "syzran-head"]


def test_send_reminders_without_anything_to_say(db):
    assert run() == "отправлено 0, не удалось 0\n"


def test_send_reminders_goes_on_after_an_address_that_fails(town, head, editor, settings):
    a_town_that_owes(town, head, editor)
    settings.EMAIL_BACKEND = PICKY

    assert run() == (
        "отправлено 1, не удалось 1\n!1 Не все письма ушли. Следующий запуск в тот же день попробует ещё раз."
    )
    assert addressees() == ["syzran-editor"]


def test_send_reminders_tries_again_once_a_run_until_the_letter_leaves(town, head, editor, settings):
    a_town_that_owes(town, head, editor)
    usual, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, PICKY
    failures = []
    for _run in range(3):
        run()
        failures.append(Letter.objects.get(user=head).failures)
    settings.EMAIL_BACKEND = usual

    assert (failures, run(), run()) == ([1, 2, 3], "отправлено 1, не удалось 0\n", "отправлено 0, не удалось 0\n")
    assert addressees() == ["syzran-editor", "syzran-head"]


def test_send_reminders_gives_up_on_an_address_that_is_always_refused(town, head, settings):
    a_town_that_owes(town, head)
    settings.EMAIL_BACKEND = PICKY
    for _run in range(ATTEMPTS + 2):
        last = run()

    assert (last, Letter.objects.get().failures) == ("отправлено 0, не удалось 0\n", ATTEMPTS)


def test_send_reminders_names_nobody(town, head, settings, caplog, capsys):
    a_town_that_owes(town, head)
    User.objects.filter(pk=head.pk).update(
        email="marked-person@towns.example.ru", first_name="Меченый", last_name="Человек"
    )
    settings.EMAIL_BACKEND = REFUSING
    with caplog.at_level(logging.DEBUG):
        printed = run()

    printed += "".join(capsys.readouterr())
    logged = [record for record in caplog.records if not record.name.startswith("django.db")]
    assert [record.getMessage() for record in logged] == ["A letter was not sent: SMTPRecipientsRefused"]
    said = printed + "".join(str(record.__dict__) for record in logged)
    assert [mark for mark in ("marked-person", "Меченый", "Человек", "syzran-head") if mark in said] == []


def test_send_reminders_needs_the_address_of_the_site(town, head, settings):
    a_town_that_owes(town, head)
    settings.SITE_URL = ""

    assert run() == "!1 Не задан SITE_URL: в письмах некуда вести. Ничего не отправлено."
    assert (mail.outbox, Letter.objects.count()) == ([], 0)


def test_send_reminders_refuses_a_day_that_is_none(db):
    with pytest.raises(CommandError) as refused:
        call_command("send_reminders", on="завтра")
    assert str(refused.value) == "--on: ожидалась дата вида 2026-10-12, а не «завтра»."


def test_send_reminders_takes_today_when_no_day_is_said(town, head):
    a_town_that_owes(town, head)
    ReportingCycle.objects.update(due_on=timezone.localdate())

    assert run(on=None) == "отправлено 1, не удалось 0\n"
    assert Letter.objects.get().day == timezone.localdate()


if connection.vendor == "postgresql":  # SQLite lets one writer in at a time

    @pytest.mark.django_db(transaction=True)
    def test_send_reminders_twice_at_once_sends_each_letter_once(town, head, editor, settings):
        a_town_that_owes(town, head, editor)
        settings.EMAIL_BACKEND = SLOW
        line, said = threading.Barrier(4, timeout=PATIENCE), []

        def start():
            try:
                line.wait()
                said.append(run())
            finally:
                connections.close_all()

        threads = [threading.Thread(target=start) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE)

        assert addressees() == ["syzran-editor", "syzran-head"]
        assert sum(int(text.split(",")[0].removeprefix("отправлено ")) for text in said) == 2
        assert [text for text in said if not text.endswith("не удалось 0\n")] == []
