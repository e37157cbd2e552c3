"""The approver's queue and one report beside it: who comes in, what is seen, old beside new."""

import datetime

import pytest
from django.utils import timezone

from documents.evidence import check_evidence
from strategies.models import (
    DueChange,
    Evidence,
    Funding,
    Indicator,
    IndicatorValue,
    Milestone,
    ProgressReport,
    ReportedActual,
    ReportedMilestone,
    ReportedSpending,
)
from tests import factories
from tests.files import PDF, photo
from tests.pages import text, texts
from tests.strategies.reporting.answers import upload
from tests.strategies.reporting.reviewing import QUEUE, decide, states, steps, told, url, waiting

# ——— Who comes in ———


def test_review_is_for_approvers_of_the_region(client, town, head, outsider, editor, region_editor, other_approver):
    report = waiting(factories.measure(town), head)

    assert client.get(url(report)).url == f"/accounts/login/?next={url(report)}"
    for who, code in ((head, 403), (outsider, 403), (editor, 403), (region_editor, 403), (other_approver, 404)):
        client.force_login(who)
        assert client.get(url(report)).status_code == code
        assert decide(client, report, "publish").status_code == code
    assert (states(), steps(report)) == (["submitted"], [])
    client.force_login(other_approver)
    assert client.get(QUEUE).context["waiting_total"] == 0


@pytest.mark.invariant(18)
@pytest.mark.parametrize("wrote", [True, False])
def test_review_never_shows_what_the_approver_wrote_or_handed_in(desk, town, approver, head, wrote):
    report = waiting(factories.measure(town), head)
    ProgressReport.objects.filter(pk=report.pk).update(**{"created_by" if wrote else "submitted_by": approver})

    assert desk.get(url(report)).status_code == 404
    assert [decide(desk, report, do, comment="Хорошо.").status_code for do in ("publish", "return")] == [404, 404]
    bulk = desk.post(QUEUE, {"report": f"{report.pk}-{report.row_version}"}, follow=True)
    assert told(bulk) == ["Отмеченный отчёт вам недоступен."]
    assert (states(), steps(report)) == (["submitted"], [])


def test_review_does_not_open_a_draft_that_never_left_the_town(desk, town, head):
    assert desk.get(url(factories.report(factories.measure(town), by=head))).status_code == 404


# ——— The queue ———


def test_queue_shows_the_longest_waiting_first_and_its_report(desk, town, other_town, head):
    young = waiting(factories.measure(other_town, title="Дворец"), head, days=1)
    waiting(factories.measure(town, title="Аллея"), head, days=3)
    today = waiting(factories.measure(town.region, title="Форум"), head)

    response = desk.get(QUEUE)

    assert text(response, "h1") == "На проверке 3"
    queue = text(response, "nav", css="queue__list")
    places = ["Аллея, Сызрань", "Дворец, Чапаевск", "Форум, весь регион"]
    waits = ["ждёт 3 дня", "ждёт 1 день", "сдан сегодня"]
    told = [f"{place} I квартал 2026 года · {wait}" for place, wait in zip(places, waits, strict=True)]
    assert sorted(told, key=queue.index) == told
    assert text(response, "h2", css="review__title") == "Аллея"
    assert text(desk.get(url(young)), "h2", css="review__title") == "Дворец"
    assert text(desk.get(url(today)), "p", css="kicker") == "весь регион · I квартал 2026 года"


def test_queue_shows_how_late_the_region_itself_is(desk, town, head):
    report = waiting(factories.measure(town), head, days=30)
    on_priority = waiting(factories.priority(factories.strategy(town)), head, days=30, percent=None)

    response = desk.get(QUEUE)

    late = (timezone.localdate() - report.review_due).days
    told = f"Область опаздывает на {late} д"
    assert on_priority.review_due == report.review_due  # five working days, for measures by the programme's setting
    assert [one.startswith(told) for one in texts(response, "span", css="st--bad")] == [True, True, True]
    assert "Область опаздывает с ответом: 2 отчёта." in text(response, "p", css="queue__note")


def test_queue_in_time_promises_the_day(desk, town, head):
    report = waiting(factories.measure(town), head)

    response = desk.get(QUEUE)

    day = f"{report.review_due.day} "
    assert f"Проверить до {day}" in text(response, "nav", css="queue__list")
    assert text(response, "p", css="queue__note") == "Область отвечает в срок."


def test_queue_is_empty_with_the_next_due_date(desk, region, town, other_region):
    soon = timezone.localdate() + datetime.timedelta(days=9)
    for place, due in ((region, soon), (other_region, timezone.localdate())):
        programme = factories.programme(place)
        factories.cycle(programme)
        programme.cycles.update(due_on=due)

    response = desk.get(QUEUE)

    assert text(response, "h1") == "Всё проверено"
    assert response.context["next_due"] == soon


def test_queue_is_cut_at_fifty_and_says_so(desk, town, head):
    direction = factories.direction(town.region)
    for _number in range(52):
        waiting(factories.measure(town, direction=direction), head)

    response = desk.get(QUEUE)

    assert (len(response.context["queue"]), len(response.context["queue_more"])) == (10, 40)
    assert text(response, "h1") == "На проверке 52"
    assert "Показаны 50 из 52" in text(response, "p", css="queue__note")


# ——— What one report shows ———


def test_report_stands_old_beside_new(desk, town, head, editor):
    measure = factories.measure(town, due=datetime.date(2026, 9, 30))
    factories.report(measure, by=editor, status="published", percent=25, text="Сняли покрытие.")
    report = waiting(
        measure, head, period="q2", percent=40, text="Уложили основание.", reported_status="postponed",
        reason_kind="contractor", deviation_reason="светильники", postponed_to=datetime.date(2027, 6, 30),
    )  # fmt: skip

    response = desk.get(url(report))

    assert texts(response, "th")[1:3] == ["I квартал 2026 года", "II квартал 2026 года"]
    assert texts(response, "ins") == [
        "Перенесено", "40 %", "30 июня 2027 года", "Подрядчик: светильники", "Уложили основание.",
    ]  # fmt: skip
    assert texts(response, "summary")[-1] == "Прежние отчёты: 1"
    assert response.context["percents"] == [25, 40]


def test_report_shows_money_figures_and_milestones_of_its_measure(desk, town, head, editor):
    measure = factories.measure(town)
    money = factories.make(Funding, measure=measure, year=2026, source="regional", planned=1000, spent=100)
    indicator = factories.make(Indicator, measure=measure, name="Светильников", unit="шт.")
    factories.make(IndicatorValue, indicator=indicator, year=2026, target=10)
    passed = factories.make(Milestone, measure=measure, title="Проект", due=datetime.date(2026, 2, 1),
                            done_on=datetime.date(2026, 2, 1))  # fmt: skip
    ticked = factories.make(Milestone, measure=measure, title="Торги", due=datetime.date(2026, 4, 1))
    missed = factories.make(Milestone, measure=measure, title="Земля", due=datetime.date(2026, 5, 1))
    first = factories.report(measure, by=editor, status="submitted", percent=20)
    ReportedSpending.objects.create(report=first, funding=money, spent=150)
    ReportedActual.objects.create(report=first, indicator=indicator, year=2026, actual=4, deviation_reason="Ждём.")
    ProgressReport.objects.filter(pk=first.pk).update(status="published")
    report = waiting(measure, head, period="q2", percent=20)
    ReportedSpending.objects.create(report=report, funding=money, spent=700)
    ReportedActual.objects.create(report=report, indicator=indicator, year=2026, actual=9, deviation_reason="Сезон.")
    ReportedMilestone.objects.create(report=report, milestone=ticked, done_on=datetime.date(2026, 4, 5))

    response = desk.get(url(report))

    told = {line.label: (line.old, line.new, line.note) for line in response.context["lines"]}
    assert told["Деньги, 2026, областной бюджет"] == (150, 700, "из 1\u00a0000 тыс. руб.")
    assert told["Светильников, шт., 2026"] == (4, 9, "план 10, отклонение −10\u00a0%, причина: Сезон.")
    assert [one.pk for one in response.context["ticked"]] == [ticked.pk]
    assert (response.context["passed_before"], response.context["milestones_total"]) == (1, 3)
    assert [one.title for one in response.context["doubts"]] == [
        "Потрачено больше, чем сделано.",
        "Срок контрольной точки прошёл, а она не отмечена.",
        "Текст слово в слово повторяет прошлый отчёт.",
    ]
    assert missed.title in response.context["doubts"][1].detail
    assert passed.title not in response.context["doubts"][1].detail


def test_report_says_that_it_came_late_and_what_was_asked_before(desk, town, head, approver):
    measure = factories.measure(town)
    factories.cycle(measure.direction.programme)
    measure.direction.programme.cycles.update(due_on=timezone.localdate() - datetime.timedelta(days=36))
    report = waiting(measure, head)
    report.move_to("returned", by=approver, reason="Где фото?")
    report.move_to("draft", by=head)
    report.move_to("submitted", by=head)

    response = desk.get(url(report))

    assert "Сдан позже срока на 36 дней" in text(response, "article")
    assert "Прошлый раз просили поправить. Где фото?" in texts(response, "div", css="note")
    assert [entry.to_status for entry in response.context["history"]] == ["returned", "draft", "submitted"]


def test_report_on_a_priority_knows_when_it_was_due(desk, town, head):
    priority = factories.priority(factories.strategy(town))
    programme = factories.programme(town.region)
    factories.cycle(programme)
    programme.cycles.update(due_on=timezone.localdate() - datetime.timedelta(days=2))

    response = desk.get(url(waiting(priority, head, percent=None)))

    assert response.context["days_late"] == 2


def test_report_shows_its_photos_and_papers(desk, town, head):
    report = factories.report(factories.measure(town), by=head)
    for content, name in ((photo(), "снимок.jpg"), (PDF, "акт.pdf")):
        Evidence.attach(report, [check_evidence(upload(content, name))], stage="after", by=head)
    report.move_to("submitted", by=head)
    shot, paper = report.evidence.order_by("pk")

    page = desk.get(url(report)).content.decode()

    assert f'<a href="/evidence/{shot.pk}/"><img class="photo" src="/evidence/{shot.pk}/small/"' in page
    assert f'<a href="/evidence/{paper.pk}/">' in page
    assert "Фото и бумаг нет." not in page


def test_correction_stands_beside_what_it_corrects_and_takes_back_a_moved_date(desk, town, head, editor, approver):
    measure = factories.measure(town)
    first = factories.report(
        measure, by=editor, status="submitted", reported_status="postponed", deviation_reason="Подрядчик.",
        postponed_to=datetime.date(2028, 6, 30),
    )  # fmt: skip
    first.move_to("published", by=approver)
    correction = waiting(measure, head, corrects=first, percent=45)

    response = desk.get(url(correction))

    told = {line.label: (line.old, line.new, line.is_changed) for line in response.context["lines"]}
    assert DueChange.objects.get().old_due == measure.due
    assert told["Срок"] == (datetime.date(2028, 6, 30), measure.due, True)
    assert texts(response, "th")[1:3] == ["Прежний отчёт", "Исправление"]
    assert response.context["has_later"] is False


def test_report_older_than_a_published_one_says_that_the_measure_stays(desk, town, head, editor):
    measure = factories.measure(town)
    factories.report(measure, by=editor, status="published", period="q2", percent=60)

    response = desk.get(url(waiting(measure, head)))

    assert response.context["has_later"] is True
    assert response.context["former"] is None
