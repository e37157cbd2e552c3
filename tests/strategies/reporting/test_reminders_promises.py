"""Reminders of the other side's promise: to whoever gives this side's word, in the rhythm of reports."""

import datetime

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from strategies.models import Commitment, ReportingCycle
from tests import factories
from tests.strategies.post import NBSP, at, days, opened_by, reachable, run

SAID = datetime.date(2026, 9, 1)  # a Tuesday; a region gives thirty days, so the answer is due on 1 October
DUE = SAID + days(30)


@pytest.fixture
def link(town, region):
    priority = factories.priority(factories.strategy(town, status="approved"), title="Дороги без луж")
    direction = factories.direction(region, programme=factories.programme(region))
    return factories.link(priority, factories.measure(town, title="Ливневая канализация", direction=direction))


def said(link, side, **fields):
    """A side gave its word on `SAID`."""
    given = factories.commitment(link, side, **fields)
    Commitment.objects.filter(pk=given.pk).update(published_at=at(SAID))
    return given


def test_promise_of_the_region_is_told_to_the_head_alone(link, head, editor, outsider, region_editor, approver):
    reachable(head, editor, outsider, region_editor, approver)
    said(link, "region", amount=6000, condition="земля «под коллектор» & съезд")

    assert run(SAID + days(1)) == [("syzran-head", "Обещания: ждут вашего слова 1")]
    text = mail.outbox[0].body.replace(NBSP, " ")
    assert [line for line in text.split("—")[0].splitlines() if line and "/office/go/" not in line] == [
        "Здравствуйте.",
        "ЖДУТ ВАШЕГО СЛОВА",
        "Ливневая канализация (Сызрань)",
        "Область дала слово 1 сентября 2026 года. Ответить надо до 1 октября 2026 года, осталось 29 дней.",
        "Обещано: финансируем 6 000 тыс. рублей к 2027 году. Условие: земля «под коллектор» & съезд",
        "Ссылки открывают форму после входа и действуют две недели.",
    ]
    html = mail.outbox[0].alternatives[0][0].replace(NBSP, " ")
    assert [
        part for part in ("<h2>Ждут вашего слова</h2>", "<p>Обещано: финансируем 6 000 тыс.") if part not in html
    ] == []
    assert opened_by(mail.outbox[0]) == (head.pk, f"/office/commitments/{link.pk}/")


def test_promise_of_a_town_is_told_to_the_regions_approver_alone(
    link, head, region_editor, approver, other_approver, wg_member
):
    reachable(head, region_editor, approver, other_approver, wg_member)
    said(link, "town")

    assert run(DUE + days(1)) == [("approver", "Обещания: ждут вашего слова 1")]
    assert "Город дал слово 1 сентября 2026 года." in mail.outbox[0].body.replace(NBSP, " ")
    assert "просрочено на 1 день." in mail.outbox[0].body.replace(NBSP, " ")


def test_promise_is_told_the_day_after_and_around_its_term(link, head):
    reachable(head)
    said(link, "region")

    told = [number for number in range(46) if run(SAID + days(number))]

    assert told == [1, 20, 27, 30, 31, 37, 44]


def test_promise_with_time_left_can_be_switched_off_and_a_late_one_cannot(link, head):
    reachable(head)
    said(link, "region")

    run(SAID + days(1))
    assert "List-Unsubscribe" in mail.outbox[0].message()
    run(DUE + days(1))
    assert "List-Unsubscribe" not in mail.outbox[0].message()

    User.objects.update(wants_early_reminders=False)
    assert [len(run(SAID + days(number))) for number in (20, 27, 30, 37)] == [0, 0, 0, 1]


@pytest.mark.parametrize("answer", ["confirmed", "withdrawn before"])
def test_promise_that_was_answered_is_told_no_more(link, head, answer):
    reachable(head)
    said(link, "region", status="withdrawn" if answer == "withdrawn before" else "confirmed")
    if answer == "confirmed":
        said(link, "town")

    assert run(DUE + days(1)) == []


def test_promise_on_a_measure_that_was_cancelled_is_told_no_more(link, head):
    reachable(head)
    said(link, "region")
    type(link.measure).objects.update(status="cancelled")

    assert run(DUE + days(1)) == []


def test_promise_stands_in_one_letter_with_reports(link, head):
    reachable(head)
    said(link, "region")
    ReportingCycle.start(link.measure.direction.programme, 2026, "q2", by=None)  # due on 15 July

    assert run(DUE + days(1)) == [("syzran-head", "Отчёты: просрочено 1; обещания: ждут вашего слова 1")]
    text = mail.outbox[0].body
    assert text.index("ПРОСРОЧЕНО") < text.index("ЖДУТ ВАШЕГО СЛОВА")


@pytest.mark.parametrize("links", [1, 4])
def test_promises_take_two_queries_however_many(link, town, region, head, links):
    reachable(head)
    priority = link.priority
    said(link, "region")
    for _number in range(links - 1):
        measure = factories.measure(town, direction=link.measure.direction)
        said(factories.link(priority, measure), "region")

    with CaptureQueriesContext(connection) as queries:
        run(DUE + days(1))

    assert len([one for one in queries if '"strategies_prioritymeasure"."id"' in one["sql"]]) == 2
    assert mail.outbox[0].body.count("/office/go/") == links
