"""A sheet goes in before one's eyes: the bar moves, what breaks off leaves nothing and says so."""

import datetime

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from exchange import hall_sheet
from sessions.models import Proposal, Session
from tests import factories

ROWS = 60


@pytest.fixture
def checked(page, enter, town, editor, monkeypatch, tmp_path):
    """A checked sheet, one click before it goes in, at the width of a phone."""
    monkeypatch.setattr(hall_sheet, "AT_ONCE", 10)
    soon = timezone.now() + datetime.timedelta(days=1)
    session = factories.session(town, status="announced", starts_at=soon)
    file = tmp_path / "list.csv"
    file.write_text("текст\n" + "\n".join(f"Починить двор {number}" for number in range(ROWS)), encoding="utf-8")
    page.set_viewport_size({"width": 390, "height": 844})
    enter(editor)
    page.goto(f"/office/sessions/{session.pk}/import/")
    page.locator("[name=file]").set_input_files(file)
    page.get_by_role("button", name="Проверить").click()
    page.get_by_role("button", name=f"Внести: {ROWS} строк").wait_for()
    return page


def test_bar_of_an_import_moves_and_the_page_says_how_many_are_in(checked, by_hand, look):
    steps, bar, seen = by_hand(hall_sheet, "take_in_steps"), checked.locator("form[data-progress] progress"), []

    checked.get_by_role("button", name="Внести").click()
    expect(bar).to_be_visible()
    for done, of in steps:
        expect(bar).to_have_js_property("value", done)
        if done in {0, of}:
            expect(checked.locator("[data-progress-status]")).to_have_text(f"внесено {done} из {of}")
        seen.append(done)
    checked.get_by_text(f"Внесено строк: {ROWS}.").wait_for()

    assert seen == [0, 10, 20, 30, 40, 50, ROWS]
    assert Proposal.objects.count() == ROWS
    look("import-taken", 390)


def test_import_that_is_refused_on_the_way_leaves_nothing_and_says_why(checked, look):
    Session.objects.update(status="cancelled")

    checked.get_by_role("button", name="Внести").click()
    checked.get_by_text("Не внесли.").wait_for()

    expect(checked.locator("[data-progress-refusal]")).to_contain_text(
        "Сессия отменена: новых слов к ней не записывают."
    )
    look("import", 390)
    assert Proposal.objects.count() == 0
    Session.objects.update(status="announced")
    checked.get_by_role("button", name="Внести").click()
    checked.get_by_text(f"Внесено строк: {ROWS}.").wait_for()


def test_import_that_breaks_off_says_that_nothing_is_lost_or_doubled(checked):
    checked.route("**/import/", lambda route: route.abort() if route.request.method == "POST" else route.continue_())

    checked.get_by_role("button", name="Внести").click()

    checked.get_by_text("Связь прервалась.").wait_for()
    assert Proposal.objects.count() == 0
