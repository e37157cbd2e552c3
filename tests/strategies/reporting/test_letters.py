"""Notices of a decision and the links of letters: who is told, when it leaves, what a failure leaves behind."""

import datetime
import itertools

import pytest
from django.core import mail, signing
from django.db import transaction
from django.utils import timezone

from accounts.models import Letter, Role, RoleAssignment, User
from strategies.models import ProgressReport
from strategies.reporting import letters
from tests import factories
from tests.accounts.test_letters import REFUSING
from tests.conftest import person

COMMENT = "Приложите фото «до» и «после»."


def give_address(*people):
    for one in people:
        one.email = f"{one.username}@towns.example.ru"
        one.save()


@pytest.fixture
def submitted(town, editor, head):
    """A report that the editor wrote and the head handed in; both can be written to."""
    give_address(editor, head)
    report = factories.report(factories.measure(town, title="Осветить сквер"), by=editor)
    report.move_to("submitted", by=head)
    return report


@pytest.fixture
def decide(approver, django_capture_on_commit_callbacks):
    """A decision with everything that follows once it is committed."""

    def act(report, status, reason=""):
        with django_capture_on_commit_callbacks(execute=True):
            report.move_to(status, by=approver, reason=reason)

    return act


def told():
    """[(to whom, subject)] of what left, sorted."""
    return sorted((message.to[0], message.subject) for message in mail.outbox)


def test_notice_of_a_return_goes_to_the_writer_and_to_the_head_alone(submitted, decide, town, outsider):
    give_address(person("another-editor", Role.MUNICIPAL_EDITOR, municipality=town), outsider)

    decide(submitted, "returned", COMMENT)

    assert told() == [
        ("syzran-editor@towns.example.ru", "Вернули на доработку: Осветить сквер"),
        ("syzran-head@towns.example.ru", "Вернули на доработку: Осветить сквер"),
    ]
    assert sorted(Letter.objects.values_list("user__username", "kind", "key", "failures")) == [
        ("syzran-editor", "returned", f"report-{submitted.pk}-{submitted.row_version}", 0),
        ("syzran-head", "returned", f"report-{submitted.pk}-{submitted.row_version}", 0),
    ]


def test_notice_of_a_return_says_what_to_mend_and_opens_the_form(submitted, decide, head):
    decide(submitted, "returned", COMMENT)

    message = next(message for message in mail.outbox if message.to == [head.email])
    link = next(line for line in message.body.splitlines() if "/office/go/" in line)
    assert message.body.split("\n\n")[1:3] == [
        "Область прочитала и просит поправить.",
        f"Осветить сквер (Сызрань): отчёт за I квартал 2026 года\nЧто поправить: {COMMENT}\n{link}",
    ]
    assert link.startswith("https://towns.example.ru/office/go/")
    assert letters.read_form_token(link.split("/")[-2]) == (head.pk, submitted.form_url)
    assert f'<a href="{link}">' in message.alternatives[0][0]
    assert "List-Unsubscribe" not in message.message()


def test_notice_of_a_return_with_marks_is_plain_in_the_text_and_safe_in_html(submitted, decide):
    decide(submitted, "returned", 'Где «было 5 < 7 & "да"»?')

    assert 'Что поправить: Где «было 5 < 7 & "да"»?' in mail.outbox[0].body
    assert "Где «было 5 &lt; 7 &amp; &quot;да&quot;»?" in mail.outbox[0].alternatives[0][0]


def test_notice_of_a_publication_leads_to_the_public_page_and_can_be_switched_off(submitted, decide):
    decide(submitted, "published")

    assert {subject for _to, subject in told()} == {"Опубликован отчёт: Осветить сквер"}
    message = mail.outbox[0]
    assert f"https://towns.example.ru{submitted.get_absolute_url()}" in message.body.splitlines()
    assert message.message()["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_notice_of_a_publication_is_not_sent_to_those_who_switched_it_off(submitted, decide, head):
    User.objects.filter(pk=head.pk).update(wants_publication_notices=False)

    decide(submitted, "published")

    assert told() == [("syzran-editor@towns.example.ru", "Опубликован отчёт: Осветить сквер")]


def test_notice_of_a_return_is_sent_to_those_who_switched_everything_off(submitted, decide):
    User.objects.update(wants_publication_notices=False, wants_early_reminders=False)

    decide(submitted, "returned", COMMENT)

    assert len(mail.outbox) == 2


def test_notice_of_a_second_return_is_a_second_letter(submitted, decide, head):
    decide(submitted, "returned", COMMENT)
    submitted.move_to("draft", by=head)
    submitted.move_to("submitted", by=head)
    decide(submitted, "returned", "Всё ещё без фото.")

    assert [message.body.count("Всё ещё без фото.") for message in mail.outbox] == [0, 0, 1, 1]


def test_notice_is_not_sent_without_an_address_or_to_a_closed_account(submitted, decide, editor, head):
    User.objects.filter(pk=editor.pk).update(email="")
    User.objects.filter(pk=head.pk).update(is_active=False)

    decide(submitted, "returned", COMMENT)

    assert (mail.outbox, Letter.objects.count()) == ([], 0)


def test_notice_is_not_sent_to_those_who_work_elsewhere_now(submitted, decide, editor, other_town):
    """A stranger in the town reads nothing of its reports, even one who has written them."""
    RoleAssignment.objects.filter(user=editor).update(municipality=other_town)

    decide(submitted, "returned", COMMENT)

    assert told() == [("syzran-head@towns.example.ru", "Вернули на доработку: Осветить сквер")]


def test_notice_is_not_sent_to_those_whose_role_has_ended(submitted, decide, head):
    RoleAssignment.objects.filter(user=head).update(valid_to=timezone.localdate() - datetime.timedelta(days=1))

    decide(submitted, "published")

    assert [to for to, _subject in told()] == ["syzran-editor@towns.example.ru"]


def test_notice_about_a_region_wide_measure_goes_to_the_regions_editor(region, region_editor, decide):
    give_address(region_editor)
    report = factories.report(factories.measure(region, title="Учить команды"), by=region_editor)
    report.move_to("submitted", by=region_editor)

    decide(report, "returned", COMMENT)

    assert told() == [("editor@towns.example.ru", "Вернули на доработку: Учить команды")]
    assert "Учить команды: отчёт за I квартал 2026 года\n" in mail.outbox[0].body


def test_notice_about_a_priority_opens_its_form(town, head, decide):
    give_address(head)
    priority = factories.priority(factories.strategy(town, status="approved"), title="Чистая река")
    report = factories.make(
        ProgressReport, priority=priority, year=2026, period="q1", text="Начали.", reported_status="in_progress",
        created_by=head,
    )  # fmt: skip
    report.move_to("submitted", by=head)

    decide(report, "returned", COMMENT)

    assert told() == [("syzran-head@towns.example.ru", "Вернули на доработку: Чистая река")]
    token = mail.outbox[0].body.split("/office/go/")[1].split("/")[0]
    assert letters.read_form_token(token) == (head.pk, f"/office/priorities/{priority.pk}/report/2026-q1/")


def test_notice_about_a_returned_correction_opens_the_correction(submitted, decide, head):
    decide(submitted, "published")
    mail.outbox.clear()
    correction = factories.report(submitted.measure, by=head, corrects=submitted, percent=41)
    correction.move_to("submitted", by=head)

    decide(correction, "returned", COMMENT)

    token = mail.outbox[0].body.split("/office/go/")[1].split("/")[0]
    assert letters.read_form_token(token) == (head.pk, f"/office/reports/{submitted.pk}/correct/")


def test_notice_is_not_planned_for_other_steps(submitted):
    assert (submitted.status, Letter.objects.count()) == ("submitted", 0)


def test_notice_of_a_decision_that_was_rolled_back_is_forgotten(
    submitted, approver, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        submitted.move_to("returned", by=approver, reason=COMMENT)
        transaction.set_rollback(True)

    assert (mail.outbox, Letter.objects.count()) == ([], 0)


def test_decision_stands_when_the_mail_server_refuses(submitted, decide, settings):
    settings.EMAIL_BACKEND = REFUSING

    decide(submitted, "returned", COMMENT)

    assert ProgressReport.objects.get().status == "returned"
    assert Letter.objects.unsent().filter(taken_at=None).count() == 2


def test_decision_stands_when_a_letter_cannot_be_written(submitted, decide, settings, caplog):
    settings.TEMPLATES = [settings.TEMPLATES[0] | {"DIRS": []}]

    decide(submitted, "returned", COMMENT)

    assert ProgressReport.objects.get().status == "returned"
    assert Letter.objects.unsent().count() == 2
    assert "towns.example.ru" not in caplog.text


def test_mail_server_that_refused_is_left_alone_for_a_while(town, editor, head, decide, settings):
    give_address(editor, head)
    settings.EMAIL_BACKEND = REFUSING
    for _report in range(3):
        report = factories.report(factories.measure(town), by=editor)
        report.move_to("submitted", by=head)
        decide(report, "returned", COMMENT)

    assert sorted(Letter.objects.values_list("failures", flat=True)) == [0, 0, 0, 0, 0, 1]


def test_mail_server_that_is_slow_holds_nobody_up_for_long(town, editor, head, decide, monkeypatch):
    give_address(head)
    ticks = itertools.count(step=letters.PATIENCE / 2)
    monkeypatch.setattr(letters.time, "monotonic", lambda: next(ticks))
    for _report in range(4):
        report = factories.report(factories.measure(town), by=editor)
        report.move_to("submitted", by=head)
        decide(report, "returned", COMMENT)

    assert (len(mail.outbox), Letter.objects.unsent().count()) == (2, 2)


def test_notice_waits_where_the_site_has_no_address(submitted, decide, settings):
    settings.SITE_URL = ""

    decide(submitted, "returned", COMMENT)

    assert (mail.outbox, Letter.objects.unsent().count()) == ([], 2)


def test_publications_in_a_row_send_one_letter_and_keep_the_rest(town, editor, head, decide):
    give_address(head)
    for number in range(3):
        report = factories.report(factories.measure(town, title=f"Мера {number}"), by=editor)
        report.move_to("submitted", by=head)
        decide(report, "published")

    assert told() == [("syzran-head@towns.example.ru", "Опубликован отчёт: Мера 0")]
    assert Letter.objects.unsent().count() == 2


def test_form_link_is_bound_to_the_person_and_the_form(head, settings):
    link = letters.form_link(head, "measure", (7, "2026-q3"))

    token = link.removeprefix("https://towns.example.ru/office/go/").removesuffix("/")
    assert letters.read_form_token(token) == (head.pk, "/office/measures/7/report/2026-q3/")


def test_form_link_dies_after_two_weeks(head, monkeypatch):
    token = letters.form_link(head, "measure", (7, "2026-q3")).split("/")[-2]
    now = timezone.now().timestamp()

    monkeypatch.setattr(signing.time, "time", lambda: now + 14 * 24 * 3600 - 60)
    assert letters.read_form_token(token)[0] == head.pk
    monkeypatch.setattr(signing.time, "time", lambda: now + 14 * 24 * 3600 + 60)
    with pytest.raises(signing.SignatureExpired):
        letters.read_form_token(token)


def test_notices_are_planned_in_a_number_of_queries_that_does_not_grow(
    town, editor, head, approver, django_assert_num_queries
):
    people = [
        editor,
        head,
        *(person(f"one-more-{number}", Role.MUNICIPAL_EDITOR, municipality=town) for number in "ab"),
    ]
    give_address(*people)
    measure = factories.measure(town)
    for author in people:
        report = factories.report(measure, by=author, submitted_by=head, status="returned", return_comment=COMMENT)
        with django_assert_num_queries(2):
            letters.notify_of_decision(report)
        Letter.objects.all().delete()
        ProgressReport.objects.all().delete()
