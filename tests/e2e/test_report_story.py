"""A report on a phone, from the reminder to the citizen: form, photo, return, mending, publication."""

import datetime
import re

import pytest
from django.core import mail
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from strategies.models import Evidence, ProgressReport, ReportingCycle
from tests import factories, files


@pytest.fixture
def asked(town, head):
    """A measure of the town on which a report is due today; the head has an address."""
    head.email = "head@example.org"
    head.save()
    direction = factories.direction(town.region)
    measure = factories.measure(town, title="Осветить сквер", direction=direction, owner=head)
    cycle, _is_new = ReportingCycle.start(direction.programme, 2026, "q3", by=None)
    ReportingCycle.objects.update(due_on=timezone.localdate())
    return cycle.expected.get(measure=measure)


@pytest.fixture
def sign_in(page):
    """Sign in by the form that stands on the screen."""

    def fill(user):
        page.locator("[name=login]").fill(user.username)
        page.locator("[name=password]").fill("пароль-для-тестов")
        page.locator("main form button").first.click()

    return fill


def choose(page, label):
    """Press a large choice."""
    page.locator(".tiles label, .chips label", has_text=label).first.click()


def test_report_story_on_a_phone(
    page, pages_seen, live_server, settings, width, look, enter, sign_in, asked, head, approver, outsider
):
    settings.SITE_URL = live_server.url
    width(390)

    def see(name):
        look(f"story-{name}", 390)

    # The reminder comes on the day, and its link opens the very form after sign-in.
    call_command("send_reminders")
    assert [letter.to for letter in mail.outbox] == [["head@example.org"]]
    link = re.search(r"http\S+/office/go/\S+", mail.outbox[0].body)[0]
    page.goto(link)
    sign_in(head)
    expect(page.get_by_role("button", name="Отправить в область")).to_be_visible()
    expect(page).to_have_url(re.compile(re.escape(asked.form_url) + "$"))
    see("form")

    # From the office: one tap, a few choices, a photo, one sentence.
    pages_seen.clear()
    page.goto("/office/")
    see("office")
    page.get_by_role("link", name=re.compile("^Отчитаться.*Осветить сквер")).click()
    choose(page, "Идёт по плану")
    page.locator("[name=percent]").fill("45")
    page.locator("[name=text]").fill("Опоры стоят.")
    page.locator("[name=files]").set_input_files({"name": "сквер.jpg", "mimeType": "image/jpeg",
                                                  "buffer": files.photo(1200, 900)})  # fmt: skip
    page.get_by_text("Приложено: 1").wait_for()
    page.get_by_text(re.compile("Черновик сохранён в")).wait_for()
    page.get_by_role("button", name="Отправить в область").click()
    page.get_by_text("Отчёт отправлен в область").wait_for()
    assert len(pages_seen) == 3, pages_seen  # the office, the form, the sent report
    see("sent")
    report = ProgressReport.objects.get()
    assert (report.status, report.percent, report.evidence.count()) == ("submitted", 45, 1)

    # A stranger finds neither the form nor the photo.
    photo = reverse("strategies:evidence", args=[Evidence.objects.get().pk])
    page.context.clear_cookies()
    enter(outsider)
    closed = (asked.form_url, photo, reverse("office:report_detail", args=[report.pk]))
    assert [page.goto(url).status for url in closed] == [403, 404, 404]

    # The region sends it back with one remark.
    page.context.clear_cookies()
    enter(approver)
    page.goto("/office/review/")
    see("review")
    page.get_by_text("Вернуть с замечанием").click()
    page.locator("#return textarea").fill("В договоре 18 опор: сколько стоит сейчас?")
    page.get_by_role("button", name="Вернуть городу").click()
    page.get_by_text("Вернули на доработку").wait_for()
    report.refresh_from_db()
    assert (report.status, report.return_comment) == ("returned", "В договоре 18 опор: сколько стоит сейчас?")

    # The head sees why, mends it, sends it again.
    page.context.clear_cookies()
    enter(head)
    page.goto("/office/")
    expect(page.locator(".due__said")).to_have_text("В договоре 18 опор: сколько стоит сейчас?")
    see("returned")
    page.get_by_role("link", name=re.compile("^Исправить.*Осветить сквер")).click()
    expect(page.locator("[name=text]")).to_have_value("Опоры стоят.")
    page.locator("[name=text]").fill("Стоят 12 опор из 18.")
    page.get_by_role("button", name="Отправить в область").click()
    page.get_by_text("Отчёт отправлен в область").wait_for()

    # Published with one click.
    page.context.clear_cookies()
    enter(approver)
    page.goto("/office/review/")
    page.get_by_role("button", name="Принять и опубликовать").click()
    page.get_by_text("Всё проверено").first.wait_for()

    # The citizen sees the words, the figure and the photo.
    page.context.clear_cookies()
    page.goto(asked.measure.get_absolute_url())
    expect(page.get_by_text("Стоят 12 опор из 18.").first).to_be_visible()
    expect(page.get_by_text("45 %").first).to_be_visible()
    image = page.locator(f'img[src="{photo}small/"]')
    image.scroll_into_view_if_needed()
    page.wait_for_function("() => [...document.images].every(image => image.complete && image.naturalWidth > 0)")
    see("citizen")
    assert page.goto("/towns/syzran/").status == 200
    see("town")
    page.get_by_role("link", name="Все отчёты города").click()
    expect(page.get_by_text("Стоят 12 опор из 18.").first).to_be_visible()


def test_report_form_keeps_what_is_typed_without_a_connection(page, enter, width, asked, head):
    width(390)
    enter(head)
    page.goto(asked.form_url)
    page.context.set_offline(True)
    choose(page, "Идёт по плану")
    page.locator("[name=text]").fill("Набрано в дороге.")
    page.get_by_text("Нет связи: черновик сохранён на телефоне").wait_for()
    page.context.set_offline(False)

    page.goto(asked.form_url)

    page.get_by_text("Вернули набранное").wait_for()
    expect(page.locator("[name=text]")).to_have_value("Набрано в дороге.")
    expect(page.locator("[name=state][value=on_plan]")).to_be_checked()


def test_report_form_works_without_scripts(another_reader, town, asked, head, enter):
    due = asked.measure.due + datetime.timedelta(days=60)
    reader = another_reader(java_script_enabled=False)
    enter(head, reader)
    reader.goto(asked.form_url)
    choose(reader, "Есть отставание")
    choose(reader, "подрядчик")
    choose(reader, "Нужен новый срок")
    reader.locator("[name=new_due]").fill(due.isoformat())
    reader.locator("[name=percent]").fill("30")
    reader.locator("[name=text]").fill("Ждём опоры.")
    reader.get_by_role("button", name="Отправить в область").click()

    expect(reader.locator("main")).to_contain_text("Отчёт отправлен в область")
    report = ProgressReport.objects.get()
    assert (report.status, report.postponed_to, report.reason_kind) == ("submitted", due, "contractor")
