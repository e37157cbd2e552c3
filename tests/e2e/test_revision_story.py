"""An editor corrects a published priority, the approver agrees, everybody sees both texts; a head answers anew."""

from strategies.models import Priority
from tests import factories


def test_correction_waits_is_accepted_and_leaves_what_stood(
    page, width, axe, sideways, shot, enter, town, region_editor, approver, head
):
    found = {}

    def look(name):
        found[name] = axe(page) + ([f"sideways by {sideways(page)}"] if sideways(page) else [])
        shot(page, f"revision-{name}")

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
    assert "кататься" not in page.locator("main").inner_text()

    enter(approver)
    page.goto("/office/")
    page.get_by_role("link", name="Правки опубликованного").click()
    page.get_by_text("Вернуть с причиной").click()
    look("office-1280")
    width(390)
    look("office-390")
    page.get_by_role("button", name="Принять").click()
    page.get_by_text("Приняли: новый текст видят все").wait_for()
    assert Priority.objects.get().plain_text == "Гулять и кататься у воды."
    page.context.clear_cookies()
    page.goto(priority.get_absolute_url())
    assert "Гулять у воды." in page.locator("#former").inner_text()
    look("priority-390")

    enter(head)
    page.goto(f"/office/proposals/{proposal.pk}/")
    page.get_by_text("Дать новый ответ").first.click()
    page.get_by_label("Новый ответ").fill("Лавки поставят в июне.")
    page.get_by_label("Почему ответ новый").fill("Сорвались торги")
    look("answer-390")
    page.get_by_role("button", name="Дать новый ответ").click()
    page.get_by_text("Прежний текст остался виден").wait_for()
    page.context.clear_cookies()
    page.goto(proposal.get_absolute_url())
    words = page.locator("#answer").inner_text()
    assert words.index("в июне") < words.index("Прежний ответ") < words.index("в мае")
    look("proposal-390")

    assert {name: errors for name, errors in found.items() if errors} == {}
