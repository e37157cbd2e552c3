"""In the hall, by keyboard alone: Enter takes a line down, a lost connection loses and doubles nothing."""

import datetime

from django.utils import timezone
from playwright.sync_api import expect

from sessions.models import Proposal
from tests import factories


def test_hall_by_keyboard_without_a_connection_and_with_it_again(page, width, look, enter, town, editor):
    soon = timezone.now() + datetime.timedelta(days=1)
    session = factories.session(town, status="announced", starts_at=soon)
    width(390)
    enter(editor)
    page.goto(f"/office/sessions/{session.pk}/hall/")
    expect(page.locator("[name=text]")).to_be_focused()

    page.keyboard.type("Первая строка")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(page.locator("[data-hall-lines] li")).to_have_count(1)
    page.context.set_offline(True)
    for words in ("Без связи", "И ещё одна"):
        page.keyboard.type(words)
        page.keyboard.press("Enter")
        expect(page.locator("[name=text]")).to_have_value("")
    page.locator("[data-hall-status]", has_text="Ждут отправки: 2").wait_for()
    page.context.set_offline(False)
    page.locator("[data-hall-lines] > ol > li:nth-child(3)").wait_for()

    look("hall", 390)
    page.keyboard.type("Недописанное")
    expect(page.locator("[name=text]")).to_have_value("Недописанное")
    page.reload()
    expect(page.locator("[name=text]")).to_have_value("Недописанное")
    assert list(Proposal.objects.order_by("pk").values_list("text", flat=True)) == [
        "Первая строка", "Без связи", "И ещё одна",
    ]  # fmt: skip
