"""In the hall, by keyboard alone: Enter takes a line down, a lost connection loses and doubles nothing."""

import datetime

from django.utils import timezone

from sessions.models import Proposal
from tests import factories


def test_hall_by_keyboard_without_a_connection_and_with_it_again(
    page, live_server, width, axe, sideways, shot, enter, town, editor
):
    soon = timezone.now() + datetime.timedelta(days=1)
    session = factories.session(town, status="announced", starts_at=soon)
    width(390)
    enter(editor)
    page.goto(f"{live_server.url}/office/sessions/{session.pk}/hall/")
    assert page.evaluate("document.activeElement.name") == "text"

    page.keyboard.type("Первая строка")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-hall-lines] li")
    page.context.set_offline(True)
    for words in ("Без связи", "И ещё одна"):
        page.keyboard.type(words)
        page.keyboard.press("Enter")
    page.locator("[data-hall-status]", has_text="Ждут отправки: 2").wait_for()
    page.context.set_offline(False)
    page.locator("[data-hall-lines] > ol > li:nth-child(3)").wait_for()

    assert (axe(page), sideways(page)) == ([], 0)
    shot(page, "hall-390")
    page.keyboard.type("Недописанное")
    page.reload()
    assert page.locator("[name=text]").input_value() == "Недописанное"
    assert list(Proposal.objects.order_by("pk").values_list("text", flat=True)) == [
        "Первая строка", "Без связи", "И ещё одна",
    ]  # fmt: skip
