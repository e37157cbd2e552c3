"""A region reminds a town of what it owes: a letter a day at most, to whoever reports for that town."""

from unittest.mock import patch

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Letter, RoleAssignment, User
from municipalities.models import Edition, Municipality
from strategies.models import Commitment, ReportingCycle
from strategies.reporting import reminders
from strategies.reporting.reminders import Asked
from tests import factories
from tests.conftest import person
from tests.pages import text, texts
from tests.strategies.post import days, reachable

URL = "/office/towns/{}/remind/"


@pytest.fixture
def on():
    return timezone.localdate()


@pytest.fixture
def late(town, other_town, region, on):
    """Both towns owe a report that was due two days ago: no day of the rhythm."""
    direction = factories.direction(region, programme=factories.programme(region))
    for place, title in ((town, "Осветить сквер"), (other_town, "Построить мост")):
        factories.measure(place, title=title, direction=direction)
    cycle = factories.cycle(direction.programme, period="q3")
    ReportingCycle.objects.filter(pk=cycle.pk).update(due_on=on - days(2))
    return cycle


def letters():
    """[(to whom, does it speak of the square, of the bridge)] of what left."""
    told = [(one.to[0].split("@")[0], "Осветить сквер" in one.body, "Построить мост" in one.body)
            for one in mail.outbox]  # fmt: skip
    return sorted(told)


def said(client, town):
    """What the dashboard answers to a request to remind a town."""
    return text(client.post(URL.format(town.slug), follow=True), "div", css="messages")


def test_letter_goes_to_everybody_who_reports_for_the_town_and_says_only_its_debts(late, town, head, editor, on):
    reachable(head, editor)

    assert reminders.remind(town, on) == Asked.SENT
    assert letters() == [(editor.username, True, False), (head.username, True, False)]


def test_second_letter_of_a_day_is_not_sent_by_hand_or_by_the_rhythm(late, town, head, on):
    reachable(head)
    assert reminders.remind(town, on) == Asked.SENT

    assert reminders.remind(town, on) == Asked.TODAY
    ReportingCycle.objects.update(due_on=on - days(1))
    reminders.send_reminders(on)
    assert letters() == [(head.username, True, False)]


def test_town_without_anybody_to_write_to_is_told_apart_from_one_that_owes_nothing(late, town, other_town, head, on):
    reachable(head)
    late.expected.filter(municipality=town).delete()

    assert reminders.remind(town, on) == Asked.NOTHING
    assert reminders.remind(other_town, on) == Asked.NOBODY
    assert Letter.objects.count() == 0


def test_letter_that_could_not_leave_is_sent_when_asked_again(late, town, head, on):
    reachable(head)
    with patch("django.core.mail.message.EmailMessage.send", side_effect=OSError):
        assert reminders.remind(town, on) == Asked.FAILED
    assert letters() == []
    assert reminders.reminded_towns([town.pk], on) == set()
    reminders.send_reminders(on)
    assert letters() == []  # no day of the rhythm: whoever asked is told to ask again

    assert reminders.remind(town, on) == Asked.SENT
    assert letters() == [(head.username, True, False)]
    assert reminders.reminded_towns([town.pk], on) == {town.pk}


def test_head_of_two_towns_is_told_of_the_one_that_was_asked_about(late, town, other_town, head, on):
    RoleAssignment.objects.create(user=head, role="municipal_head", municipality=other_town, valid_from=on)
    reachable(head)

    reminders.remind(other_town, on)
    assert letters() == [(head.username, False, True)]


def test_promise_that_waits_for_the_town_is_in_the_letter(town, head, approver, on):
    reachable(head)
    link = factories.link(factories.priority(factories.strategy(town)), factories.measure(town, title="Осветить сквер"))
    promise = factories.commitment(link, "region", status="draft")
    promise.move_to(Commitment.Status.CONFIRMED, by=approver)

    assert reminders.remind(town, on) == Asked.SENT
    assert letters() == [(head.username, True, False)]


def test_queries_of_a_letter_do_not_grow_with_debts_and_towns(late, town, region, head, on):
    reachable(head)

    def queries():
        Letter.objects.all().delete()
        with CaptureQueriesContext(connection) as seen:
            assert reminders.remind(town, on) == Asked.SENT
        return len(seen)

    few = queries()
    for number in range(6):
        place = factories.make(Municipality, region=region, name=f"Город {number}", slug=f"g-{number}",
                               oktmo=f"3670{number}000", kind="urban_okrug")  # fmt: skip
        reachable(person(f"head-{number}", "municipal_head", municipality=place))
        for where in (place, town):
            asked = factories.measure(where, direction=late.programme.directions.get())
            late.expected.create(measure=asked, municipality=where)
    assert queries() == few


def test_dashboard_offers_the_letter_and_says_when_it_has_left(late, client, approver, town, head):
    reachable(head)
    client.force_login(approver)
    page = client.get("/office/dashboard/")
    assert texts(page, "button", css="link-button") == ["Напомнить письмом: Сызрань", "Напомнить письмом: Чапаевск"]

    assert said(client, town) == "Сызрань. Письмо ушло."
    page = client.get("/office/dashboard/")
    assert texts(page, "button", css="link-button") == ["Напомнить письмом: Чапаевск"]
    assert page.content.decode().count("Сегодня напомнили") == 1
    assert said(client, town) == "Сызрань. Сегодня город уже получил письмо. Второе за день не отправляем."


def test_dashboard_says_whom_there_is_nobody_to_write_to(late, client, approver, other_town):
    client.force_login(approver)
    assert said(client, other_town).startswith("Чапаевск. Писать некому: у города нет главы или сотрудника")


def test_those_who_only_read_are_not_offered_the_letter(late, client, wg_member):
    client.force_login(wg_member)
    assert texts(client.get("/office/dashboard/"), "button", css="link-button") == []


def test_nobody_is_hurried_before_the_day(late, client, approver, on):
    ReportingCycle.objects.update(due_on=on + days(2))
    client.force_login(approver)
    assert texts(client.get("/office/dashboard/"), "button", css="link-button") == []


def test_letter_does_not_empty_the_cache_of_public_pages(late, client, approver, town, head, committed):
    reachable(head)
    client.force_login(approver)
    before = Edition.current()

    with committed():
        assert said(client, town) == "Сызрань. Письмо ушло."
    assert Edition.current() == before


def test_answer_holds_no_address(late, client, approver, town, head):
    reachable(head)
    client.force_login(approver)
    client.post(URL.format(town.slug))
    assert User.objects.get(pk=head.pk).email not in client.get("/office/dashboard/").content.decode()
