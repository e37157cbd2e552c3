"""The editor types, the head signs: whoever is waited for sees that it is their turn, the other that it is not (F7)."""

import pytest

from strategies.models import ProgressReport, ReportingCycle
from tests import factories
from tests.conftest import StrictClient
from tests.pages import text
from tests.strategies.reporting.answers import answers, form_url


@pytest.fixture
def measure(town):
    """A measure that owes a report for the third quarter."""
    direction = factories.direction(town.region)
    measure = factories.measure(town, title="Мост", direction=direction)
    ReportingCycle.start(direction.programme, 2026, "q3", by=None)
    return measure


def browser(person):
    client = StrictClient()
    client.force_login(person)
    return client


def post(person, measure, **fields):
    version = ProgressReport.objects.values_list("row_version", flat=True).first()
    return browser(person).post(form_url(measure, "2026-q3"), answers(seen_version=version or "", **fields))


def office(person):
    return text(browser(person).get("/office/"), "main")


def test_written_report_waits_for_the_head_and_not_for_the_editor(measure, editor, head):
    assert post(editor, measure, do="send").status_code == 302

    seen_by_editor, seen_by_head = office(editor), office(head)

    assert ("Всё подготовлено, ждём главу" in seen_by_editor, "Отчитаться: Мост" in seen_by_editor) == (True, False)
    assert seen_by_editor.count("Мост: отчёт за III квартал 2026 года") == 1
    assert "Подготовлено, осталось отправить: 1." in seen_by_head
    assert ("Проверить и отправить" in seen_by_head, "Ждём главу" in seen_by_head) == (True, False)
    form = text(browser(head).get(form_url(measure, "2026-q3")), "main")
    assert "Отчёт подготовлен. Проверьте и отправьте в область." in form


def test_mended_report_does_not_stay_returned_for_the_head(measure, editor, head, approver):
    report = factories.report(measure, by=head, period="q3", status="submitted", submitted_by=head)
    report.move_to("returned", by=approver, reason="Где фото?")
    assert "Вернули с замечанием: 1." in office(head)

    post(editor, measure, do="send")

    seen = office(head)
    assert ("Вернули с замечанием: 1." in seen, "Подготовлено, осталось отправить: 1." in seen) == (False, True)


def test_report_that_is_typed_on_is_not_prepared_any_more(measure, editor, head):
    post(editor, measure, do="send")
    post(editor, measure, do="draft", text="Ещё слово")

    assert ("Ждём главу" in office(editor), "осталось отправить" in office(head)) == (False, False)


def test_head_sends_what_was_prepared(measure, editor, head):
    post(editor, measure, do="send")
    post(head, measure, do="send")

    assert ProgressReport.objects.values_list("status", "typed").get() == ("submitted", {})
    assert "Отчётов от вас сейчас не ждут" in office(head)
