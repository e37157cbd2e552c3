"""Two sides, one promise: the region confirms, the head confirms on a phone in two minutes, everybody sees both."""

from playwright.sync_api import expect

from strategies.coverage.conflicts.keep import search_region
from strategies.models import Commitment, Finding
from tests import factories


def test_region_confirms_head_confirms_everybody_sees(page, width, look, enter, town, head, approver, outsider):
    priority = factories.priority(factories.strategy(town, status="approved"), title="Безопасные дворы и скверы")
    measure = factories.measure(town, title="Осветить сквер у вокзала", sources="https://example.org/a")
    link = factories.link(priority, measure)

    # The region's approver gives money, under a condition.
    enter(approver)
    page.goto("/office/commitments/")
    look("commitment-region-list", 1280)
    page.get_by_role("link", name="Осветить сквер у вокзала").click()
    page.get_by_label("Финансируем").check()
    page.get_by_label("Сумма, тыс. руб.").fill("4 200,5")
    page.get_by_label("При каком условии").fill("Торги до конца года")
    look("commitment-region", 1280)
    page.get_by_role("button", name="Подтвердить за область").click()
    page.get_by_text("Обещание дано").wait_for()
    page.context.clear_cookies()

    # The head finds it among what is expected of him, on a phone.
    width(390)
    enter(head)
    page.goto("/office/")
    look("commitment-home", 390)
    page.get_by_role("link", name="Осветить сквер у вокзала").first.click()
    page.get_by_label("Размещаем").check()
    look("commitment-head", 390)
    page.get_by_role("button", name="Подтвердить за город").click()
    page.get_by_text("Обещание дано").wait_for()
    look("commitment-head-list", 390)
    assert list(Commitment.objects.order_by("pk").values_list("side", "status")) == [
        ("region", "confirmed"), ("town", "confirmed"),
    ]  # fmt: skip

    # Another town's head finds no such page; residents see both words.
    page.context.clear_cookies()
    enter(outsider)
    assert page.goto(f"/office/commitments/{link.pk}/").status == 404
    page.context.clear_cookies()
    page.goto(priority.get_absolute_url())
    words = page.locator(".sides")
    expect(words).to_contain_text("финансируем 4\u00a0200,5 тыс. рублей")
    expect(words).to_contain_text("размещаем")
    look("commitment-priority", 390)
    width(1280)
    page.goto(measure.get_absolute_url())
    expect(page.locator(".sides > li")).to_have_count(2)
    look("commitment-measure", 1280)


def test_promise_is_prepared_given_and_taken_back_in_sight_of_everybody(
    page, width, look, enter, town, head, editor, approver, region_editor
):
    """The region's editor drafts, the approver gives, the head gives; a year later the head takes his word back."""
    for person, post in ((approver, "министр"), (head, "глава")):
        person.post, person.first_name, person.last_name = post, "Анна", "Белова"
        person.save()
    priority = factories.priority(factories.strategy(town, status="approved"), title="Дороги без луж")
    measure = factories.measure(town, title="Построить ливневую канализацию", sources="https://example.org/a")
    factories.link(priority, measure)

    def sign_in(person):
        page.context.clear_cookies()
        enter(person)
        page.goto("/office/commitments/")

    def public():
        page.context.clear_cookies()
        page.goto(measure.get_absolute_url())

    # A draft is the side's own: the list shows it in a whole line, the public page says nothing of it.
    sign_in(region_editor)
    page.get_by_role("link", name="Построить ливневую канализацию").click()
    page.get_by_label("Финансируем").check()
    page.get_by_role("button", name="Сохранить черновик").click()
    page.get_by_text("Черновик сохранён").wait_for()
    page.goto("/office/commitments/?state=drafts")
    line = page.get_by_text("Черновик: финансируем")
    expect(line).to_be_visible()
    page.wait_for_function("node => node.getBoundingClientRect().height < 60", arg=line.element_handle())
    look("promise-draft", 1280)
    public()
    expect(page.locator(".sides")).to_have_count(0)

    # Money without its sum is no promise; what was typed stays.
    sign_in(approver)
    page.get_by_role("link", name="Построить ливневую канализацию").click()
    page.get_by_label("При каком условии").fill("Город даст землю")
    page.get_by_role("button", name="Подтвердить за область").click()
    page.get_by_text("Назовите сумму: вы обещаете деньги.").wait_for()
    look("promise-error", 1280)
    expect(page.get_by_label("При каком условии")).to_have_value("Город даст землю")
    page.get_by_label("Сумма, тыс. руб.").fill("6 000")
    page.get_by_role("button", name="Подтвердить за область").click()
    page.get_by_text("Обещание дано").wait_for()

    # One word is half a promise: everybody reads whose word is missing.
    public()
    page.get_by_text("Город не подтвердил").wait_for()
    expect(page.locator(".sides > li")).to_have_count(1)

    # The town's editor prepares, the head confirms on a phone, then takes the word back with a reason.
    width(390)
    sign_in(editor)
    page.get_by_role("link", name="Построить ливневую канализацию").click()
    page.get_by_label("Даём землю").check()
    expect(page.get_by_role("button", name="Подтвердить за город")).to_have_count(0)
    page.get_by_role("button", name="Сохранить черновик").click()
    page.get_by_text("Черновик сохранён").wait_for()
    sign_in(head)
    page.get_by_role("link", name="Построить ливневую канализацию").click()
    page.get_by_role("button", name="Подтвердить за город").click()
    page.get_by_text("Обещание дано").wait_for()
    public()
    page.get_by_text("Стороны подтвердили").wait_for()
    expect(page.get_by_text("не подтвердил")).to_have_count(0)

    sign_in(head)
    page.get_by_role("link", name="Построить ливневую канализацию").click()
    page.get_by_text("Отозвать обещание").click()
    page.get_by_role("button", name="Отозвать").click()
    page.get_by_text("Напишите причину").wait_for()
    page.get_by_label("Почему отзываете").fill("Участок ушёл под школу.")
    look("promise-withdraw", 390)
    page.get_by_role("button", name="Отозвать").click()
    page.get_by_text("Обещание отозвано").wait_for()
    look("promise-withdrawn", 390)

    # The word, struck through, its reason and its author stay for everybody; the measure is half promised again.
    for name, address in (("measure", measure.get_absolute_url()), ("priority", priority.get_absolute_url())):
        page.context.clear_cookies()
        page.goto(address)
        expect(page.locator(".sides")).to_contain_text("Отозвано")
        expect(page.locator(".sides")).to_contain_text("глава Анна Белова. Причина: Участок ушёл под школу.")
        expect(page.locator(".sides s")).to_have_text("Город: даём землю к 2027 году.")
        expect(page.get_by_text("Стороны подтвердили")).to_have_count(0)
        look(f"promise-{name}", 390)
    assert list(Commitment.objects.order_by("pk").values_list("side", "status", "withdrawn_because")) == [
        ("region", "confirmed", ""), ("town", "withdrawn", "Участок ушёл под школу."),
    ]  # fmt: skip


def test_region_settles_a_finding(page, look, enter, town, region_editor):
    direction = factories.direction(town.region)
    for title in ("Ремонт улицы Мира", "Ямочный ремонт ул. Мира"):
        factories.measure(town, title=title, direction=direction)

    enter(region_editor)
    page.goto("/office/programme/findings/")
    page.get_by_role("button", name="Искать сейчас").click()
    page.get_by_text("1 новая находка").wait_for()
    look("findings", 390, 1280)
    page.locator(".rows__title a").first.click()
    page.get_by_label("Почему").wait_for()
    look("finding", 390, 1280)
    page.get_by_label("Почему").fill("Ямочный ремонт — до начала большого.")
    page.get_by_role("button", name="Отклонить").click()
    page.get_by_text("Записано: отклонено").wait_for()

    search_region(town.region)
    assert Finding.objects.values_list("status", "settled_because").get() == (
        "dismissed", "Ямочный ремонт — до начала большого.",
    )  # fmt: skip
