"""A sheet goes in before one's eyes: the bar moves, what breaks off leaves nothing and says so."""

import datetime
import time

import pytest
from django.utils import timezone

from exchange import hall_sheet
from sessions.models import Proposal, Session
from tests import factories

ROWS = 60
# Every state of the bar as it comes; the page that follows finds them in the window's own storage.
WATCH = """() => {
  const bar = document.querySelector("form[data-progress] progress"), seen = [];
  const see = () => { seen.push(bar.value); sessionStorage.seen = JSON.stringify(seen); };
  new MutationObserver(see).observe(bar, { attributes: true, attributeFilter: ["value"] });
  const status = document.querySelector("[data-progress-status]");
  const hear = () => { sessionStorage.said = status.textContent; };
  new MutationObserver(hear).observe(status, { childList: true });
}"""


@pytest.fixture
def checked(page, live_server, enter, town, editor, monkeypatch, tmp_path):
    """A checked sheet, one click before it goes in, at the width of a phone."""
    monkeypatch.setattr(hall_sheet, "AT_ONCE", 10)
    soon = timezone.now() + datetime.timedelta(days=1)
    session = factories.session(town, status="announced", starts_at=soon)
    file = tmp_path / "list.csv"
    file.write_text("текст\n" + "\n".join(f"Починить двор {number}" for number in range(ROWS)), encoding="utf-8")
    page.set_viewport_size({"width": 390, "height": 844})
    enter(editor)
    page.goto(f"{live_server.url}/office/sessions/{session.pk}/import/")
    page.set_input_files("[name=file]", file)
    page.get_by_role("button", name="Проверить").click()
    page.get_by_role("button", name=f"Внести: {ROWS} строк").wait_for()
    return page


def test_bar_of_an_import_moves_and_the_page_says_how_many_are_in(checked, monkeypatch, axe, sideways):
    steps = hall_sheet.take_in_steps

    def slowly(*args, **kwargs):
        for step in steps(*args, **kwargs):
            time.sleep(0.15)
            yield step

    monkeypatch.setattr(hall_sheet, "take_in_steps", slowly)
    checked.evaluate(WATCH)

    checked.get_by_role("button", name="Внести").click()
    checked.get_by_text(f"Внесено строк: {ROWS}.").wait_for()

    seen = checked.evaluate("() => JSON.parse(sessionStorage.seen)")
    assert (seen, seen[-1], len(set(seen)) > 3) == (sorted(seen), ROWS, True), seen
    assert checked.evaluate("() => sessionStorage.said") == f"внесено {ROWS} из {ROWS}"
    assert Proposal.objects.count() == ROWS
    assert (axe(checked), sideways(checked)) == ([], 0)


def test_import_that_is_refused_on_the_way_leaves_nothing_and_says_why(checked, axe, sideways, shot):
    Session.objects.update(status="cancelled")

    checked.get_by_role("button", name="Внести").click()
    checked.get_by_text("Не внесли.").wait_for()

    assert "Сессия отменена: новых слов к ней не записывают." in checked.locator("[data-progress-refusal]").inner_text()
    assert (axe(checked), sideways(checked), Proposal.objects.count()) == ([], 0, 0)
    shot(checked, "import-390")
    Session.objects.update(status="announced")
    checked.get_by_role("button", name="Внести").click()
    checked.get_by_text(f"Внесено строк: {ROWS}.").wait_for()


def test_import_that_breaks_off_says_that_nothing_is_lost_or_doubled(checked):
    checked.route("**/import/", lambda route: route.abort() if route.request.method == "POST" else route.continue_())

    checked.get_by_role("button", name="Внести").click()

    checked.get_by_text("Связь прервалась.").wait_for()
    assert Proposal.objects.count() == 0
