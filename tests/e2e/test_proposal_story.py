"""From what was said to what was done: a proposal by phone, the hall, a merger, a priority, a measure, a report."""

import datetime

from django.utils import timezone
from playwright.sync_api import expect

from sessions import gate
from sessions.models import Proposal
from strategies.models import Priority, ProgressReport
from tests import factories

LAMPS = "Поставить фонари на дорожке от вокзала к скверу"


def test_words_of_a_resident_come_to_be_done(
    page, width, look, enter, town, head, editor, approver, outsider, monkeypatch
):
    monkeypatch.setattr(gate, "QUICKEST", 0)
    width(390)
    strategy = factories.strategy(town, status="approved")
    soon = timezone.now() + datetime.timedelta(days=10)
    session = factories.session(town, status="announced", starts_at=soon, title="Сессия о дворах", slug="dvory")

    # A resident proposes by phone, without an account, and keeps the link.
    page.goto("/sessions/dvory/propose/")
    page.get_by_label("Предложение").fill(f"{LAMPS}: там темно.")
    page.get_by_role("button", name="Отправить предложение").click()
    own = page.locator("a[href*='/proposals/mine/']")
    expect(own).to_be_visible()
    mine = own.get_attribute("href")
    assert page.context.cookies() == []

    # In the hall the secretary takes down the same wish.
    enter(editor)
    page.goto(f"/office/sessions/{session.pk}/hall/")
    page.locator("[name=text]").fill(f"{LAMPS}, и скамейки.")
    page.locator("[name=text]").press("Enter")
    page.locator("[data-hall-lines]").get_by_text("и скамейки").wait_for()
    look("proposal-story-hall", 390)
    said, heard = Proposal.objects.order_by("pk")
    assert (said.channel, heard.channel) == ("site", "hall")

    # The editor prepares both texts, takes one on review and merges the other into it.
    for proposal in (said, heard):
        page.goto(f"/office/proposals/{proposal.pk}/")
        page.get_by_role("button", name="Сохранить").first.click()
        expect(page.get_by_text("Сохранено.")).to_be_visible()
    page.goto(f"/office/proposals/{said.pk}/")
    page.get_by_role("button", name="Взять на рассмотрение").click()
    expect(page.get_by_text("Взяли на рассмотрение.")).to_be_visible()
    page.goto(f"/office/proposals/{heard.pk}/")
    look("proposal-story-moderation", 390)
    page.get_by_text(f"Объединить с {said.number}").click()
    page.locator("details[open] button").first.click()
    expect(page.get_by_text(f"Объединили с {said.number}")).to_be_visible()
    heard.refresh_from_db()
    assert (heard.status, heard.merged_into) == ("merged", said)

    # A stranger sees neither.
    page.context.clear_cookies()
    enter(outsider)
    assert page.goto(f"/office/proposals/{said.pk}/").status == 404

    # The head accepts it as a priority and answers; the region publishes the priority and promises a measure.
    page.context.clear_cookies()
    enter(head)
    page.goto(f"/office/proposals/{said.pk}/")
    page.get_by_text("Завести черновик приоритета").click()
    form = page.locator("form", has=page.get_by_role("button", name="Принять как приоритет"))
    form.locator("[name$=strategy]").select_option(str(strategy.pk))
    form.locator("[name$=title]").fill("Светлые дворы и скверы")
    form.get_by_role("button").click()
    expect(page.get_by_text("Черновик приоритета заведён")).to_be_visible()
    page.goto(f"/office/proposals/{said.pk}/")
    page.locator(".chips label", has_text="учтено").first.click()
    page.locator("textarea[name$=answer]").fill("Учтено: свет стал приоритетом города.")
    page.get_by_role("button", name="Ответить").click()
    expect(page.get_by_text("Ответ опубликован.")).to_be_visible()
    said.refresh_from_db()
    assert (said.status, said.priority.title) == ("accepted", "Светлые дворы и скверы")
    priority = Priority.objects.get()
    priority.move_to("published", by=approver)
    measure = factories.measure(town, title="Осветить сквер")
    factories.link(priority, measure)

    # The work is done and reported; the author's own link says so, and so does the public path.
    report = factories.report(measure, by=editor, reported_status="done", percent=100, text="Фонари горят.")
    report.move_to(ProgressReport.Status.SUBMITTED, by=head)
    report.move_to(ProgressReport.Status.PUBLISHED, by=approver)
    page.context.clear_cookies()
    page.goto(mine)
    page.get_by_text("Сделано.").wait_for()
    expect(page.get_by_text("Осветить сквер").first).to_be_visible()
    look("proposal-story-mine", 390)
    for number in (said.number, heard.number):
        page.goto(f"/proposals/{number}/")
        expect(page.get_by_text("Учтено: свет стал приоритетом города.").first).to_be_visible()
        look(f"proposal-story-path-{number[-1]}", 390)
    page.goto("/sessions/dvory/results/")
    look("proposal-story-results", 390)
