"""Decisions on reports: one click, the next report opens, nothing happens twice; many at once; the price of a page."""

import datetime

import pytest
from django.utils import timezone

from accounts.models import JournalEntry
from strategies.models import Funding, Measure, Milestone, ProgressReport, ReportedSpending
from strategies.reporting.office_forms import PHRASES
from tests import factories
from tests.pages import text, texts
from tests.strategies.reporting.reviewing import QUEUE, decide, states, steps, told, url, waiting

# ——— Decisions ———


def test_accepting_takes_one_click_and_opens_the_next(desk, town, head, approver):
    first, second_one, third = (waiting(factories.measure(town), head, days=9 - number) for number in range(3))

    response = decide(desk, second_one, "publish")

    assert response.url == url(third)
    assert states() == ["submitted", "published", "submitted"]
    assert steps(second_one) == [("submitted", "published", "approver")]
    assert texts(desk.get(response.url), "div", css="messages") == [f"Опубликовали: {second_one}."]
    # After the last one the queue begins anew, and then it is empty.
    assert decide(desk, third, "publish").url == url(first)
    assert decide(desk, first, "publish").url == QUEUE
    assert text(desk.get(QUEUE), "h1") == "Всё проверено"
    assert Measure.objects.filter(status="in_progress", percent=40).count() == 3


def test_returning_sends_the_comment_to_the_town_and_opens_the_next(desk, town, head, approver):
    report = waiting(factories.measure(town), head, days=2)
    following = waiting(factories.measure(town), head)

    response = decide(desk, report, "return", phrases=[PHRASES[0], PHRASES[2]], comment="  До пятницы. ")

    assert response.url == url(following)
    row = ProgressReport.objects.get(pk=report.pk)
    assert (row.status, row.return_comment) == ("returned", f"{PHRASES[0]}\n{PHRASES[2]}\nДо пятницы.")
    assert steps(report) == [("submitted", "returned", "approver")]


def test_returning_without_a_word_is_refused(desk, town, head):
    report = waiting(factories.measure(town), head)

    response = decide(desk, report, "return", comment="   ")

    assert response.status_code == 422
    assert text(response, "p", css="field__error") == "Напишите, что поправить: город увидит эти слова."
    assert (states(), steps(report)) == (["submitted"], [])


def test_unknown_button_decides_nothing(desk, town, head):
    report = waiting(factories.measure(town), head)

    assert decide(desk, report, "delete").status_code == 422
    assert desk.post(url(report), {"do": "publish"}).status_code == 422
    assert desk.post(url(report), {"do": "publish", "seen_version": "9" * 5000}).status_code == 422
    assert (states(), steps(report)) == (["submitted"], [])


@pytest.mark.parametrize(("do", "comment"), [("publish", ""), ("return", "Где фото?")])
def test_second_approver_is_told_who_published_and_when(desk, second, town, head, do, comment):
    report = waiting(factories.measure(town), head)
    decide(desk, report, "publish")
    at = timezone.localtime(JournalEntry.objects.get(to_status="published", object_id=report.pk).at)

    response = decide(second, report, do, comment=comment)

    assert response.status_code == 409
    assert f"Отчёт уже опубликовал(а) approver в {at:%H:%M}." in text(response, "div", css="note")
    assert texts(response, "textarea") == ([comment] if comment else [])
    assert steps(report) == [("submitted", "published", "approver")]
    assert texts(second.get(url(report)), "button", css="btn") == []


def test_second_approver_is_told_that_it_was_returned(desk, second, town, head):
    report = waiting(factories.measure(town), head)
    decide(desk, report, "return", comment="Где фото?")

    response = decide(second, report, "publish")

    assert response.status_code == 409
    assert "Отчёт уже вернул(а) городу approver" in text(response, "div", css="note")
    assert steps(report) == [("submitted", "returned", "approver")]
    # The town has begun to mend it: there is nothing to decide yet.
    ProgressReport.objects.get(pk=report.pk).move_to("draft", by=head)
    assert "Отчёт уже вернул(а) городу approver" in text(second.get(url(report)), "div", css="note")


def test_decision_on_an_old_page_is_refused_and_the_comment_stays(desk, town, head, approver):
    report = waiting(factories.measure(town), head)
    seen = report.row_version
    report.move_to("returned", by=approver, reason="Где фото?")
    report.move_to("draft", by=head)
    report.move_to("submitted", by=head)

    response = desk.post(url(report), {"do": "return", "seen_version": seen, "comment": "Мало слов."})

    assert response.status_code == 409
    assert "Запись уже изменил кто-то другой." in text(response, "div", css="note--bad")
    assert text(response, "textarea") == "Мало слов."
    again = response.context["return_form"]["seen_version"].value()
    assert desk.post(url(report), {"do": "return", "seen_version": again, "comment": "Мало слов."}).status_code == 302
    assert states() == ["returned"]


def test_report_that_the_door_refuses_stays_with_the_reason(desk, town, head):
    measure = factories.measure(town)
    report = waiting(measure, head)
    Measure.objects.filter(pk=measure.pk).update(status="cancelled")

    response = decide(desk, report, "publish")

    assert response.status_code == 409
    assert text(response, "div", css="note--bad") == (
        "Ничего не изменили. Эта мера не ведётся: отчёт по ней не принимают."
    )
    assert (states(), steps(report)) == (["submitted"], [])


# ——— All at once ———


def quiet(town, head, **fields):
    """A report that says «по плану» and nothing else."""
    return waiting(factories.measure(town), head, **({"pace": "on_plan"} | fields))


def test_bulk_publishes_the_ticked_and_leaves_the_rest(desk, town, head):
    ticked, left, loud = quiet(town, head), quiet(town, head), quiet(town, head, problems="Дожди.")
    assert [one.pk for one in desk.get(QUEUE).context["quiet"]] == [ticked.pk, left.pk]

    response = desk.post(QUEUE, {"report": [f"{one.pk}-{one.row_version}" for one in (ticked, loud)]}, follow=True)

    assert states() == ["published", "submitted", "submitted"]
    assert told(response) == [
        f"«{loud}»: откройте и проверьте.", "Опубликовали 1 отчёт.",
    ]  # fmt: skip
    assert steps(ticked) == [("submitted", "published", "approver")]


def test_bulk_names_each_failure_and_counts_the_rest(desk, second, town, head):
    good, gone, changed, closed = (quiet(town, head) for _number in range(4))
    chosen = [f"{one.pk}-{one.row_version}" for one in (good, gone, changed, closed)]
    decide(second, gone, "publish")
    ProgressReport.objects.filter(pk=changed.pk).update(row_version=9)
    Measure.objects.filter(pk=closed.measure_id).update(status="cancelled")

    response = desk.post(QUEUE, {"report": chosen}, follow=True)

    assert [one.split("»: ")[-1].split(" в ")[0] for one in told(response)] == [
        "Отчёт уже опубликовал(а) second-approver",
        "Запись уже изменил кто-то другой. Обновите страницу и посмотрите, что изменилось.",
        "Эта мера не ведётся: отчёт по ней не принимают.",
        "Опубликовали 1 отчёт.",
    ]
    assert states() == ["published", "published", "submitted", "submitted"]
    assert steps(gone) == [("submitted", "published", "second-approver")]


@pytest.mark.parametrize("chosen", [[], ["x"], ["1-"], ["-1"], ["1-2-3"], ["9" * 30 + "-1"], ["٣-1"]])
def test_bulk_without_a_choice_does_nothing(desk, town, head, chosen):
    quiet(town, head)

    response = desk.post(QUEUE, {"report": chosen}, follow=True)

    assert told(response) == ["Отметьте хотя бы один отчёт."]
    assert states() == ["submitted"]


def test_bulk_does_not_tick_a_report_with_money_far_ahead(desk, town, head):
    good, rich = quiet(town, head), quiet(town, head)
    money = factories.make(Funding, measure=rich.measure, year=2026, source="regional", planned=100)
    ReportedSpending.objects.create(report=rich, funding=money, spent=90)

    response = desk.get(QUEUE)

    ticks = [(one.pk, one.doubt is None) for one in response.context["quiet"]]
    assert ticks == [(good.pk, True), (rich.pk, False)]
    assert response.content.decode().count(" checked") == 1


def test_bulk_of_another_region_is_not_reached(client, town, head, other_approver):
    report = quiet(town, head)
    client.force_login(other_approver)

    client.post(QUEUE, {"report": f"{report.pk}-{report.row_version}"})

    assert (states(), steps(report)) == (["submitted"], [])


# ——— The price ———


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize(("address", "queries"), [(QUEUE, 13), ("one", 12)])
def test_review_costs_the_same_for_any_queue(desk, town, head, number, address, queries, django_assert_num_queries):
    direction = factories.direction(town.region)
    sent = {"by": head, "pace": "on_plan", "status": "submitted", "submitted_by": head, "submitted_at": timezone.now()}
    reports = [factories.report(factories.measure(town, direction=direction), **sent) for _number in range(number)]
    report = reports[0]
    for count in range(number):
        factories.make(Milestone, measure=report.measure, title=f"Точка {count}", due=datetime.date(2026, 2, 1))
        factories.make(Funding, measure=report.measure, year=2026, planned=5, source=Funding.Source.values[count])
        factories.report(report.measure, by=head, year=2025, period=f"q{count + 1}", status="published", percent=10)
    at = QUEUE if address == QUEUE else url(report)
    desk.get(at)

    with django_assert_num_queries(queries):
        response = desk.get(at)

    assert response.context["waiting_total"] == number
