"""An editor corrects a published priority, the approver agrees, everybody sees both texts; a head answers anew."""

import re

from playwright.sync_api import expect

from strategies.models import Priority
from tests import factories


def test_correction_waits_is_accepted_and_leaves_what_stood(page, look, enter, town, region_editor, approver, head):
    for person, post in ((region_editor, "редактор"), (approver, "министр"), (head, "глава")):
        person.post, person.first_name, person.last_name = post, "Анна", "Белова"
        person.save()
    priority = factories.priority(factories.strategy(town), title="Набережная", plain_text="Гулять у воды.")
    proposal = factories.proposal(town, status="on_review", answer="Лавки поставят в мае.", text="Лавки у реки")
    proposal.move_to("accepted", by=head)

    enter(region_editor)
    page.goto(f"/admin/strategies/priority/{priority.pk}/change/")
    page.get_by_label("Простыми словами").fill("Гулять и кататься у воды.")
    page.get_by_label("Почему меняете опубликованное").fill("Забыли про велодорожку")
    page.get_by_role("button", name="Сохранить", exact=True).click()
    page.get_by_text("До решения все видят прежний текст").wait_for()
    page.context.clear_cookies()
    page.goto(priority.get_absolute_url())
    expect(page.locator("main")).to_contain_text("Гулять у воды.")
    expect(page.locator("main")).not_to_contain_text("кататься")

    enter(approver)
    page.goto("/office/")
    page.get_by_role("link", name="Правки опубликованного").click()
    page.get_by_text("Вернуть с причиной").click()
    expect(page.get_by_role("button", name="Вернуть", exact=True)).to_be_visible()
    look("revision-office", 1280, 390)
    page.get_by_role("button", name="Принять").click()
    page.get_by_text("Приняли: новый текст видят все").wait_for()
    assert Priority.objects.get().plain_text == "Гулять и кататься у воды."
    page.context.clear_cookies()
    page.goto(priority.get_absolute_url())
    expect(page.locator("#former")).to_contain_text("Гулять у воды.")
    look("revision-priority", 390)

    enter(head)
    page.goto(f"/office/proposals/{proposal.pk}/")
    page.get_by_text("Дать новый ответ").first.click()
    page.get_by_label("Новый ответ").fill("Лавки поставят в июне.")
    page.get_by_label("Почему ответ новый").fill("Сорвались торги")
    look("revision-answer", 390)
    page.get_by_role("button", name="Дать новый ответ").click()
    page.get_by_text("Прежний текст остался виден").wait_for()
    page.context.clear_cookies()
    page.goto(proposal.get_absolute_url())
    expect(page.locator("#answer")).to_have_text(re.compile("в июне.*Прежний ответ.*в мае", re.DOTALL))
    look("revision-proposal", 390)
