"""Letters that authors are owed: each of them leaves in the end, once, to an address that still stands."""

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.core.management import CommandError, call_command
from django.db.models import F
from django.utils import timezone

from sessions.author_letters import HOLD, send_letters
from sessions.management.commands.write_to_authors import OWED
from sessions.models import Proposal
from strategies.models import Measure
from tests import factories
from tests.sessions.proposing import consent, secret_in, send
from tests.strategies.reporting.test_letters import REFUSING

ANNA, BORIS = "anna@example.org", "boris@example.org"


def run(capsys=None):
    """The command as cron runs it; gives what it printed."""
    call_command("write_to_authors")
    return capsys.readouterr().out.splitlines() if capsys else None


def author(email=ANNA):
    """What an author of a proposal left."""
    return {"author_name": "Марфа Тайная", "author_email": email, "consent_version": "1"} if email else {}


def answered(town, status="accepted", email=ANNA, **fields):
    """A proposal that was answered, and whose author does not know it."""
    to = {"redirected_to": "Министерство"} if status == "redirected" else {}
    said = {"answer": "Поставим в мае.", "answered_at": timezone.now(), "channel": "site"} | to
    return factories.proposal(town, status=status, **(said | author(email) | fields))


def told():
    return sorted((*message.to, message.subject) for message in mail.outbox)


def test_letter_that_cannot_even_be_written_is_still_owed_and_stops_no_other(town):
    broken, whole = answered(town), answered(town, email=BORIS)
    known = {whole.pk: whole}
    owed = Proposal.objects.filter(pk__in=[broken.pk, whole.pk])

    left = send_letters(
        owed, "proposal_answered", lambda row: {"answered": known[row.pk]}, told="answer_told_at", tries_all=True
    )

    assert left == [False, True]
    assert [one.answer_told_at is None for one in owed.order_by("pk")] == [True, False]


@pytest.mark.parametrize("status", ["accepted", "partly", "declined", "redirected"])
def test_answer_whose_letter_did_not_leave_is_sent_later(town, status, capsys):
    proposal = answered(town, status)

    assert run(capsys) == [
        "о номерах: отправлено 0, не удалось 0",
        "об ответах: отправлено 1, не удалось 0",
        "о сделанном: отправлено 0, не удалось 0",
    ]

    assert told() == [(ANNA, f"Ответ на предложение {proposal.number}: {proposal.get_status_display()}")]
    assert Proposal.objects.get().answer_told_at is not None


def test_authors_of_what_was_merged_are_told_with_its_answer(town):
    main = answered(town, email="")
    merged = factories.proposal(town, status="merged", merged_into=main, channel="site", **author(BORIS))

    run()

    assert told() == [(BORIS, f"Ответ на предложение {merged.number}: учтено")]
    assert f"Оно объединено с предложением {main.number}" in mail.outbox[0].body


@pytest.mark.parametrize(
    "fields",
    [{"status": "new"}, {"status": "on_review"}, {"status": "hidden"}, {"email": ""}],
    ids=str,
)
def test_who_has_nothing_to_hear_is_not_written_to(town, fields):
    answered(town, **fields)

    run()

    assert mail.outbox == []


def test_author_of_what_is_merged_with_an_unanswered_one_waits(town):
    main = factories.proposal(town, channel="site")
    factories.proposal(town, status="merged", merged_into=main, channel="site", **author())

    run()

    assert mail.outbox == []


def test_nobody_is_told_twice(town, capsys):
    answered(town)

    run()
    again = run(capsys)

    assert (len(mail.outbox), again[-len(OWED) :]) == (
        1,
        [f"{what}: отправлено 0, не удалось 0" for what, _send in OWED],
    )


@pytest.fixture
def moved(editor, head, django_capture_on_commit_callbacks):
    """Answer a proposal by its door, with everything that follows once it is committed."""

    def act(proposal):
        proposal.move_to("on_review", by=editor)
        with django_capture_on_commit_callbacks(execute=True):
            proposal.move_to("accepted", by=head)
        return proposal

    return act


def test_who_was_told_at_once_is_not_told_again_though_the_record_is_saved_after(town, moved, editor):
    proposal = moved(factories.proposal(town, answer="Поставим в мае.", channel="site", **author()))

    proposal.save_edited(by=editor, known_version=proposal.row_version)
    run()

    assert told() == [(ANNA, f"Ответ на предложение {proposal.number}: учтено")]
    assert Proposal.objects.get().answer_told_at is not None


def test_answer_refused_by_the_mail_server_goes_with_the_next_run(town, moved, settings, caplog):
    backend, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, REFUSING
    proposal = moved(factories.proposal(town, answer="Поставим в мае.", channel="site", **author()))
    with pytest.raises(CommandError, match="Не все письма ушли"):
        run()
    assert Proposal.objects.get().answer_told_at is None
    settings.EMAIL_BACKEND = backend

    run()

    assert told() == [(ANNA, f"Ответ на предложение {proposal.number}: учтено")]
    assert [mark in caplog.text for mark in ("anna", "Тайная")] == [False, False]


def test_one_address_that_refuses_holds_nobody_up(town, monkeypatch, capsys):
    answered(town)
    answered(town, email=BORIS)
    send = EmailMultiAlternatives.send

    def refuse_anna(message, **kwargs):
        if ANNA in message.to:
            raise OSError(f"{ANNA} is unknown")
        return send(message, **kwargs)

    monkeypatch.setattr(EmailMultiAlternatives, "send", refuse_anna)
    with pytest.raises(CommandError):
        run()

    assert capsys.readouterr().out.splitlines()[1] == "об ответах: отправлено 1, не удалось 1"
    assert [message.to for message in mail.outbox] == [[BORIS]]


def test_address_withdrawn_while_letters_leave_is_not_written_to(town, monkeypatch):
    answered(town, email=BORIS)
    second = answered(town)
    send = EmailMultiAlternatives.send

    def withdraw_meanwhile(message, **kwargs):
        Proposal.objects.get(pk=second.pk).erase_author()
        return send(message, **kwargs)

    monkeypatch.setattr(EmailMultiAlternatives, "send", withdraw_meanwhile)
    run()

    assert [message.to for message in mail.outbox] == [[BORIS]]
    assert Proposal.objects.get(pk=second.pk).answer_told_at is None


def test_two_runs_at_once_write_one_letter(town, monkeypatch):
    answered(town)
    answered(town, email=BORIS)
    send, other = EmailMultiAlternatives.send, []

    def run_beside(message, **kwargs):
        if not other:
            other.append(True)
            run()
        return send(message, **kwargs)

    monkeypatch.setattr(EmailMultiAlternatives, "send", run_beside)
    run()

    assert sorted(message.to[0] for message in mail.outbox) == [ANNA, BORIS]


def taken_up(town, *statuses, **fields):
    """A proposal accepted as a priority, with a measure of each status."""
    priority = factories.priority(factories.strategy(town))
    for status in statuses:
        percent = {"percent": 100} if status == "done" else {}
        cancelled = {"cancel_act": factories.document(town)} if status == "cancelled" else {}
        measure = factories.measure(town, status=status, title=f"Мера {status}", **percent, **cancelled)
        factories.link(priority, measure)
    return answered(town, priority=priority, answer_told_at=timezone.now(), **fields)


@pytest.mark.parametrize(
    ("statuses", "is_told"),
    [
        (["done"], True), (["done", "cancelled"], True), (["done", "in_progress"], False), (["planned"], False),
        (["cancelled"], False), ([], False), (["done", "draft"], True),
    ],
    ids=str,
)  # fmt: skip
def test_author_is_told_once_when_every_measure_is_done(town, statuses, is_told):
    proposal = taken_up(town, *statuses)

    run()
    run()

    assert told() == ([(ANNA, f"Сделано: предложение {proposal.number}")] if is_told else [])
    assert (Proposal.objects.get().done_told_at is not None) is is_told


def test_letter_names_the_measures_and_the_path(town):
    proposal = taken_up(town, "done", "cancelled")

    run()

    body, page = mail.outbox[0].body, mail.outbox[0].alternatives[0].content
    assert ["Мера done" in one and "Мера cancelled" not in one for one in (body, page)] == [True, True]
    assert f"https://towns.example.ru{proposal.get_absolute_url()}" in body
    assert "Тайная" not in mail.outbox[0].message().as_string()


def test_what_went_straight_into_a_measure_is_done_with_it(town):
    measure = factories.measure(town)
    answered(town, measure=measure, answer_told_at=timezone.now())
    run()
    assert mail.outbox == []

    Measure.objects.filter(pk=measure.pk).update(status="done", percent=100)
    run()

    assert len(mail.outbox) == 1


def test_author_of_what_was_merged_hears_that_it_is_done(town):
    main = taken_up(town, "done", email="")
    merged = factories.proposal(
        town, status="merged", merged_into=main, channel="site", answer_told_at=timezone.now(), **author(BORIS)
    )

    run()

    assert told() == [(BORIS, f"Сделано: предложение {merged.number}")]
    assert f"Предложение объединено с {main.number}" in mail.outbox[0].body


@pytest.mark.parametrize("status", ["declined", "hidden", "on_review"])
def test_what_was_not_taken_up_is_never_done(town, status):
    taken_up(town, "done", status=status)

    run()

    assert mail.outbox == []


def test_letter_about_what_is_done_that_failed_goes_with_the_next_run(town, settings):
    taken_up(town, "done")
    backend, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, REFUSING
    with pytest.raises(CommandError, match="Не все письма ушли"):
        run()
    assert Proposal.objects.get().done_told_at is None
    settings.EMAIL_BACKEND = backend

    run()

    assert len(mail.outbox) == 1


def test_letters_need_an_address_of_the_site(town, settings):
    answered(town)
    settings.SITE_URL = ""

    with pytest.raises(CommandError, match="SITE_URL"):
        run()

    assert (mail.outbox, Proposal.objects.get().answer_told_at) == ([], None)


def test_looking_for_letters_asks_the_same_number_of_questions(town, django_assert_num_queries):
    for _one in range(3):
        taken_up(town, "done", "planned")

    with django_assert_num_queries(len(OWED) + 1):
        run()

    for _one in range(3):
        taken_up(town, "done", "planned")
    with django_assert_num_queries(len(OWED) + 1):
        run()


def test_marks_of_letters_are_kept_by_a_copy_read_before(town):
    proposal = answered(town)
    copy = Proposal.objects.defer("text").get(pk=proposal.pk)
    run()

    copy.note = "Поправили"
    copy.save()
    proposal.note = "И ещё"
    proposal.save()

    kept = Proposal.objects.get()
    assert (kept.answer_told_at is not None, kept.note) == (True, "И ещё")


class Killed(BaseException):
    """What no `except Exception` sees: the process is gone."""


def _kill(monkeypatch, when):
    real = EmailMultiAlternatives.send

    def send(message, *args, **kwargs):
        if when == "after":
            real(message, *args, **kwargs)
        raise Killed

    monkeypatch.setattr(EmailMultiAlternatives, "send", send)


def _later(monkeypatch):
    """The other process comes when the hold has run out."""
    monkeypatch.undo()
    Proposal.objects.update(letter_held_at=F("letter_held_at") - HOLD - HOLD)


@pytest.mark.invariant(76)
@pytest.mark.parametrize("when", ["before", "after"])
def test_number_promised_to_an_author_arrives_whenever_the_process_was_killed(
    client, town, region, monkeypatch, django_capture_on_commit_callbacks, when
):
    town.takes_proposals = True
    town.save()
    said = {"name": "Анна", "email": ANNA, "consent": "on"}
    _kill(monkeypatch, when)
    with pytest.raises(Killed), django_capture_on_commit_callbacks(execute=True):
        response = send(client, town, consent_text=consent(region), **said)

    run()
    assert len(mail.outbox) == (when == "after")  # in the hands of whoever was killed
    _later(monkeypatch)
    run()
    run()

    letters = [message for message in mail.outbox if message.to == [ANNA]]
    assert len(letters) == (2 if when == "after" else 1)
    assert len({message.extra_headers["Message-ID"] for message in letters}) == 1
    assert all(secret_in(response) in message.body for message in letters)
    assert Proposal.objects.get().letter_held_at is None


@pytest.mark.parametrize("when", ["before", "after"])
def test_answer_arrives_whenever_the_process_was_killed(town, monkeypatch, when):
    answered(town)
    _kill(monkeypatch, when)
    with pytest.raises(Killed):
        run()

    _later(monkeypatch)
    run()
    run()

    assert len(told()) == (2 if when == "after" else 1)
    assert Proposal.objects.get().answer_told_at is not None


def test_number_whose_link_is_not_known_any_more_is_not_written(client, town, region, settings):
    town.takes_proposals = True
    town.save()
    send(client, town, consent_text=consent(region), name="Анна", email=ANNA, consent="on")
    settings.SECRET_KEY = "another" * 10

    run()

    assert mail.outbox == []
