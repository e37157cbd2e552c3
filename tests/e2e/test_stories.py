"""Whole journeys in a real browser: what an official enters, a citizen sees a moment later; strangers at every step."""

import re

import pytest
from playwright.sync_api import expect

from strategies.models import Priority, ProgressReport, Strategy
from tests import factories
from tests.e2e.conftest import OF_COLOUR


@pytest.fixture
def town_page(another_reader):
    """What a citizen sees on the page of the town: opened without the official's session."""
    citizen = another_reader()

    def read():
        assert citizen.goto("/towns/syzran/").status == 200
        return citizen.locator("main")

    return read


def pick(page, field, letters, name):
    """Choose a record in an autocomplete as a person does: open, type, press the offer."""
    page.locator(f".field-{field} .select2-selection").first.click()
    page.locator(".select2-search__field").fill(letters)
    page.locator(".select2-results__option", has_text=name).click()


def step(page, record, name, label, reason=""):
    """Press a step on the page of a record and confirm it."""
    page.goto(f"/admin/strategies/{name}/{record.pk}/change/")
    page.locator(".moves a", has_text=label).click()
    expect(page).to_have_url(re.compile("/move/"))  # the page before has a button of the same kind
    if reason:
        page.locator("textarea").fill(reason)
    page.locator("input[type=submit].default").click()
    page.locator(".messagelist").wait_for()


def test_priority_entered_in_the_workshop_is_seen_by_a_citizen(
    page, enter, town, region_editor, approver, outsider, town_page, axe, pages_seen
):
    enter(region_editor)
    page.goto("/admin/strategies/strategy/add/")
    pick(page, "municipality", "сыз", "Сызрань")
    page.locator("#id_title").fill("Стратегия развития до 2036 года")
    page.locator("#id_year_from").fill("2026")
    page.locator("#id_year_to").fill("2036")
    page.locator("#id_goals-0-text").fill("Удобный город")
    page.locator("#id_priorities-0-title").fill("Набережная для всех")
    assert axe(page) == []
    page.locator("input[name=_save]").click()
    page.locator(".messagelist").wait_for()
    strategy = Strategy.objects.get()
    step(page, strategy, "strategy", "проект")

    # Adding one more priority to a strategy that stands takes one form.
    pages_seen.clear()
    page.goto("/admin/strategies/priority/add/")
    pick(page, "strategy", "стратегия", "Стратегия развития до 2036 года")
    page.locator("#id_title").fill("Тихие дворы")
    page.locator("input[name=_save]").click()
    page.locator(".messagelist").wait_for()
    assert len(pages_seen) == 2, pages_seen  # the form, and where it leads
    quiet = Priority.objects.get(title="Тихие дворы")
    assert (quiet.status, quiet.created_by) == ("draft", region_editor)
    expect(town_page()).not_to_contain_text("Тихие дворы")

    page.goto(f"/admin/strategies/priority/{quiet.pk}/change/")
    expect(page.locator(".moves")).to_have_count(0)  # the editor does not publish

    page.context.clear_cookies()
    enter(outsider)
    assert page.goto(f"/admin/strategies/priority/{quiet.pk}/change/").status == 403
    assert page.goto(quiet.get_absolute_url()).status == 404

    page.context.clear_cookies()
    enter(approver)
    step(page, quiet, "priority", "опубликован")
    assert axe(page) == []
    expect(town_page()).to_contain_text("Тихие дворы")


def test_report_goes_from_the_town_to_the_citizen(page, enter, town, region_editor, editor, head, approver, outsider):
    measure = factories.measure(town, title="Осветить сквер")
    report = factories.report(measure, by=editor, text="Опоры стоят.", percent=40)
    report.move_to(ProgressReport.Status.SUBMITTED, by=head)

    page.goto(measure.get_absolute_url())
    expect(page.locator("main")).not_to_contain_text("Опоры стоят.")
    enter(outsider)
    assert page.goto(f"/admin/strategies/progressreport/{report.pk}/change/").status == 403

    page.context.clear_cookies()
    enter(approver)
    step(page, report, "progressreport", "опубликован")

    page.context.clear_cookies()
    page.goto(measure.get_absolute_url())
    expect(page.get_by_text("Опоры стоят.").first).to_be_visible()
    expect(page.get_by_text("40 %").first).to_be_visible()


def test_main_screens_of_the_workshop_are_accessible(page, enter, axe, scheme, town, region_editor):
    strategy = factories.strategy(town)
    priority, measure = factories.priority(strategy), factories.measure(town)
    session = factories.session(town)
    enter(region_editor)

    found = {}
    for address in (
        "/admin/",
        "/admin/strategies/strategy/",
        f"/admin/strategies/strategy/{strategy.pk}/change/",
        f"/admin/strategies/priority/{priority.pk}/change/",
        "/admin/strategies/measure/",
        f"/admin/strategies/measure/{measure.pk}/change/",
        f"/admin/discussions/session/{session.pk}/change/",
        "/admin/municipalities/municipality/",
        f"/admin/municipalities/municipality/{town.pk}/change/",
        "/admin/accounts/journalentry/",
    ):
        scheme("light")
        assert page.goto(address).status == 200, address
        faults = axe(page)
        scheme("dark")
        faults += axe(page, OF_COLOUR)
        if faults:
            found[address] = faults

    assert found == {}
