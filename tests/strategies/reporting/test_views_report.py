"""The two-minute report: written, saved by itself, sent once; strangers stay outside."""

import datetime
import json

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import JournalEntry
from strategies.models import Funding, Indicator, IndicatorValue, Milestone, ProgressReport
from tests import factories
from tests.conftest import StrictClient
from tests.pages import text
from tests.strategies.reporting.answers import ON_PLAN, answers, browser, form_url, only_report

TODAY = timezone.localdate


@pytest.fixture
def measure(town):
    return factories.measure(town, title="Осветить сквер")


@pytest.fixture
def office(client, head):
    """The browser of the head."""
    client.force_login(head)
    return client


def test_report_form_opens_with_everything_known_filled_in(office, measure, editor, approver):
    funding = factories.make(Funding, measure=measure, year=2026, source="regional", planned=4200)
    former = factories.report(measure, by=editor, percent=40, status="submitted", period="q2")
    former.spendings.create(funding=funding, spent=1200)
    former.move_to("published", by=approver)

    response = office.get(form_url(measure))

    form = response.context["form"]
    assert response.status_code == 200
    assert (form["percent"].value(), form[f"spent-{funding.pk}"].value(), form["state"].value()) == (40, 1200, None)
    assert "Прошлый отчёт: выполняется, 40 %" in text(response, "body")


def test_report_goes_to_the_region_in_three_loads(office, measure, head):
    loads = [
        office.get("/office/"),
        office.get(form_url(measure)),
        office.post(form_url(measure), answers(), follow=True),
    ]

    report = only_report()
    assert [response.status_code for response in loads] == [200, 200, 200]
    assert (report.status, report.percent, report.pace, report.text, report.submitted_by, report.created_by) == (
        "submitted", 45, "on_plan", ON_PLAN["text"], head, head,
    )  # fmt: skip
    assert (report.year, report.period, report.typed) == (2026, "q3", {})
    assert "Отчёт отправлен в область" in text(loads[2], "body")


def test_report_of_an_editor_waits_for_the_head(measure, editor, head):
    browser(editor).post(form_url(measure), answers())
    assert (only_report().status, only_report().percent) == ("draft", 45)

    browser(head).post(form_url(measure), answers(seen_version=only_report().row_version))

    assert (only_report().status, only_report().created_by, only_report().submitted_by) == ("submitted", editor, head)


def test_report_on_a_delay_asks_why_and_what_next(office, measure):
    late = answers(state="behind", outlook="postpone")

    refused = office.post(form_url(measure), late)

    assert refused.status_code == 422
    assert refused.context["form"].errors == {
        "reason_kind": ["Назовите причину: без неё отставание не объяснить."],
        "new_due": ["Напишите новый срок: прежний останется рядом."],
    }
    new_due = measure.due + datetime.timedelta(days=90)
    late |= {"reason_kind": "contractor", "reason": "завод сорвал поставку", "new_due": new_due.isoformat(),
             "paper": "решение главы от 02.10.2026 № 15"}  # fmt: skip
    office.post(form_url(measure), late)

    report = only_report()
    assert (report.status, report.reported_status, report.pace) == ("submitted", "postponed", "behind")
    assert (report.reason, report.postponed_to, report.postponed_by) == (
        "Подрядчик: завод сорвал поставку", new_due, "решение главы от 02.10.2026 № 15",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"state": "behind", "outlook": "catch_up", "reason_kind": "season"}, ("in_progress", "behind", 45)),
        ({"state": "behind", "outlook": "fail", "reason_kind": "land"}, ("not_done", "behind", 45)),
        ({"state": "done", "percent": ""}, ("done", "", 100)),
    ],
)
def test_report_says_what_was_chosen(office, measure, changes, expected):
    office.post(form_url(measure), answers(**changes))

    report = only_report()
    assert (report.status, report.reported_status, report.pace, report.percent) == ("submitted", *expected)


def test_report_without_changes_repeats_the_former_one(office, measure, editor, approver):
    factories.report(measure, by=editor, percent=40, status="submitted", period="q2", pace="on_plan").move_to(
        "published", by=approver
    )

    office.post(form_url(measure), answers(state="same", percent="", text=""))

    report = ProgressReport.objects.get(period="q3")
    assert (report.status, report.percent, report.pace, report.is_unchanged, report.text) == (
        "submitted", 40, "on_plan", True, "Без изменений.",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"state": ""}, "state", "Выберите, как идут дела."),
        ({"state": "same"}, "state", "Выберите корректный вариант. same нет среди допустимых значений."),
        ({"text": " "}, "text", "Напишите одно предложение: что сделали."),
        ({"percent": ""}, "percent", "Укажите, сколько сделано, в процентах."),
        ({"percent": "100"}, "percent", "100 % ставят, когда выбрано «Выполнено»."),
        ({"percent": "140"}, "percent", "Убедитесь, что это значение меньше либо равно 100."),
        ({"state": "behind", "reason_kind": "other"}, "reason", "Вы выбрали «иное»: напишите, что именно."),
    ],
)
def test_report_form_says_what_is_wrong_and_keeps_what_was_typed(office, measure, changes, field, message):
    response = office.post(form_url(measure), answers(**changes))

    assert response.status_code == 422
    assert response.context["form"].errors[field] == [message]
    assert only_report().status == "draft"
    kept = office.get(form_url(measure)).context["form"]
    assert kept["text"].value() == (ON_PLAN | changes)["text"]


def test_report_that_the_models_refuse_stays_in_the_form(office, measure):
    point = factories.make(Milestone, measure=measure, title="Опоры установлены", due=datetime.date(2026, 6, 1))

    response = office.post(form_url(measure), answers(state="done"))

    assert response.status_code == 422
    assert response.context["form"].non_field_errors() == [
        "Мера выполнена, когда пройдены все контрольные точки. Осталось: Опоры установлены."
    ]
    ticked = {f"milestone-{point.pk}": "on", f"milestone-{point.pk}-on": "2026-06-05"}
    office.post(form_url(measure), answers(state="done", seen_version=only_report().row_version, **ticked))
    assert only_report().status == "submitted"
    assert only_report().milestones.get().done_on == datetime.date(2026, 6, 5)


def test_report_brings_money_and_figures(office, measure):
    funding = factories.make(Funding, measure=measure, year=2026, source="regional", planned=4200)
    indicator = factories.make(Indicator, measure=measure, name="Светильники", unit="шт.")
    value = factories.make(IndicatorValue, indicator=indicator, year=2026, target=100)
    said = {f"spent-{funding.pk}": "1 234,50", f"actual-{value.pk}": "60", f"actual-{value.pk}-rough": "on"}

    refused = office.post(form_url(measure), answers(**said))
    assert refused.context["form"].errors == {
        f"actual-{value.pk}-why": ["Факт отличается от плана больше чем на 5 %: напишите почему."]
    }
    office.post(form_url(measure), answers(**said, **{f"actual-{value.pk}-why": "Ждём поставку"},
                                           seen_version=only_report().row_version))  # fmt: skip

    report = only_report()
    assert report.status == "submitted"
    assert str(report.spendings.get().spent) == "1234.50"
    actual = report.actuals.get()
    assert (actual.actual, actual.is_preliminary, actual.deviation_reason) == (60, True, "Ждём поставку")


def test_report_sent_twice_counts_once(office, measure):
    same = answers()

    codes = [office.post(form_url(measure), same).status_code for _tap in range(3)]

    assert codes == [302, 302, 302]
    assert only_report().status == "submitted"
    assert [entry.to_status for entry in JournalEntry.objects.about(only_report())] == ["submitted"]


def test_report_sent_from_another_form_is_told_apart(measure, editor, head):
    browser(head).post(form_url(measure), answers())

    response = browser(editor).post(form_url(measure), answers(text="Другой текст"), follow=True)

    assert only_report().text == ON_PLAN["text"]
    assert "Этот отчёт уже сдан и ждёт проверки." in text(response, "body")


def test_report_written_by_two_at_once_loses_nothing(measure, editor, head):
    theirs, mine = browser(editor), browser(head)
    theirs.post(form_url(measure), answers(do="draft", text="Текст помощника"))
    seen = only_report().row_version
    theirs.post(form_url(measure), answers(do="draft", text="Ещё слово", seen_version=seen))

    response = mine.post(form_url(measure), answers(text="Текст главы", seen_version=seen))

    assert response.status_code == 409
    assert response.context["form"]["text"].value() == "Текст главы"
    assert response.context["form"].errors["text"] == ["Сейчас в черновике: «Ещё слово»."]
    assert only_report().typed["text"] == ["Ещё слово"]
    again = mine.post(
        form_url(measure), answers(text="Текст главы", seen_version=response.context["form"].data["seen_version"])
    )
    assert (again.status_code, only_report().text, only_report().status) == (302, "Текст главы", "submitted")


def test_report_draft_saves_itself_however_incomplete(office, measure):
    half = answers(do="draft", state="behind", percent="сорок", text="Начал пис")

    response = office.post(form_url(measure), half)

    assert response.status_code == 200
    assert sorted(json.loads(response.content)) == ["files", "refused", "saved", "version"]
    report = only_report()
    assert (report.status, report.text, report.percent) == ("draft", "", None)
    form = office.get(form_url(measure)).context["form"]
    assert (form["state"].value(), form["percent"].value(), form["text"].value()) == ("behind", "сорок", "Начал пис")


def test_report_draft_makes_no_new_edition_of_the_site(office, measure, django_assert_num_queries):
    before = StrictClient().get(measure.get_absolute_url()).headers["ETag"]

    office.post(form_url(measure), answers(do="draft"))

    assert StrictClient().get(measure.get_absolute_url()).headers["ETag"] == before


def test_report_returned_is_mended_and_sent_again(office, measure, approver):
    office.post(form_url(measure), answers())
    only_report().move_to("returned", by=approver, reason="Приложите фото опор.")

    page = office.get(form_url(measure))
    assert "Приложите фото опор." in text(page, "body")
    office.post(form_url(measure), answers(text="12 опор стоят.", seen_version=only_report().row_version))

    assert (only_report().status, only_report().text) == ("submitted", "12 опор стоят.")
    assert [entry.to_status for entry in JournalEntry.objects.about(only_report())] == [
        "submitted", "returned", "draft", "submitted",
    ]  # fmt: skip


def test_report_on_a_priority_without_measures(office, town):
    priority = factories.priority(factories.strategy(town))

    office.post(form_url(priority), answers(percent=""))

    report = only_report()
    assert (report.status, report.priority, report.measure, report.percent) == ("submitted", priority, None, None)


def test_report_on_a_priority_with_a_measure_is_made_on_the_measure(office, town, measure):
    priority = factories.priority(factories.strategy(town))
    factories.link(priority, measure)

    assert office.get(form_url(priority)).status_code == 404


def test_report_that_was_handed_in_is_shown_instead_of_the_form(office, measure, approver):
    office.post(form_url(measure), answers())
    report = only_report()
    own = reverse("office:report_detail", args=[report.pk])
    assert office.get(form_url(measure)).url == own

    report.move_to("published", by=approver)

    assert office.get(form_url(measure)).url == own
    assert "Исправить отчёт" in text(office.get(own), "body")


def test_correction_names_what_it_corrects_and_both_stay(office, measure, approver):
    office.post(form_url(measure), answers())
    report = only_report()
    report.move_to("published", by=approver)
    correct = reverse("office:report_correct", args=[report.pk])

    form = office.get(correct).context["form"]
    assert (form["state"].value(), form["text"].value()) == ("on_plan", ON_PLAN["text"])
    office.post(correct, answers(percent="35"))
    correction = ProgressReport.objects.get(corrects=report)
    correction.move_to("published", by=approver)

    assert (correction.percent, correction.period) == (35, report.period)
    measure.refresh_from_db()
    assert measure.percent == 35
    assert ProgressReport.objects.public().count() == 2
    assert office.get(correct).status_code == 404  # only the report that counts is corrected


@pytest.mark.parametrize("period", ["2026-q9", "26-q1", "2026", "2999-q1", "2026-h1", "2026-year", "-q1", "0000-q1"])
def test_report_form_of_no_period_is_not_there(office, measure, period):
    assert office.get(form_url(measure, period)).status_code == 404


def test_report_pages_are_light_on_a_second_visit(measure, head):
    """Styles, script and fonts are kept by the browser; what travels again is HTML."""
    phone = Client()
    phone.force_login(head)
    packed = {"accept-encoding": "gzip"}

    loads = [
        phone.get("/office/", headers=packed),
        phone.get(form_url(measure), headers=packed),
        phone.post(form_url(measure), answers(), follow=True, headers=packed),
    ]

    assert [response.headers["Content-Encoding"] for response in loads] == ["gzip"] * 3
    assert sum(len(response.content) for response in loads) <= 60 * 1024
