"""Words are kept: every form of the office and the workshop is filled in, and nothing typed is lost."""

import re
from contextlib import contextmanager

import pytest
from django.test import Client
from playwright.sync_api import TimeoutError, expect

from sessions.models import Proposal, Session
from tests.office_pages import OfficePages

# Fill every field that a person can: gives {number of the form and name of the field: what stands there now}.
FILL = """() => {
  const never = ["hidden", "file", "password", "submit", "button", "range", "checkbox"], put = (one, value) => {
    one.value = value;
    for (const name of ["input", "change"]) one.dispatchEvent(new Event(name, { bubbles: true }));
  };
  const days = { date: "2031-05-06", "datetime-local": "2031-05-06T10:00", number: "7", time: "10:00" };
  for (const [number, form] of [...document.forms].entries()) {
    if (form.method !== "post" || form.id === "changelist-form") continue;
    for (const one of form.elements) {
      if (!one.name || one.readOnly || never.includes(one.type) || /__prefix__/.test(one.name)) continue;
      if (one.type === "radio") { one.checked = true; put(one, one.value); }
      else if (one.options) { if (one.options.length > 1) put(one, one.options[one.options.length - 1].value); }
      else put(one, days[one.type] || `Набрано ${number} ${one.name}`.slice(0, Math.max(one.maxLength, 0) || 200));
    }
  }
}"""
READ = """() => {
  const never = ["hidden", "file", "submit", "button", "range", "checkbox"];
  const text = "textarea, input:is([type=text], [type=number], [type=date], [type=datetime-local], [type=url])";
  const isTyped = (form) => form.method === "post" && form.querySelector(text);
  return Object.fromEntries([...document.forms].flatMap((form, number) => isTyped(form)
    ? [...form.elements].filter((one) => one.name && !one.readOnly && !never.includes(one.type)
        && !/__prefix__/.test(one.name) && (one.type !== "radio" || one.checked))
      .map((one) => [`${number} ${one.name}`, one.value]) : []));
}"""
HOLDS = f"(typed) => {{ const held = ({READ})(); return Object.keys(typed).length === Object.keys(held).length"
HOLDS += " && Object.entries(typed).every(([name, value]) => held[name] === value); }"
SEND = """() => {
  const button = "button:not([type=button]), input[type=submit]", text = "textarea:not([readonly]), input[type=text]";
  const isSent = (form) => form.method === "post" && form.querySelector(text) && form.querySelector(button);
  const form = [...document.forms].find(isSent);
  form.requestSubmit(form.querySelector(button));
}"""
WORDS = "Набрано, пока вход заканчивался"


@contextmanager
def unplugged(page):
    """Meanwhile there is no connection."""
    page.context.set_offline(True)
    try:
        yield
    finally:
        page.context.set_offline(False)


def holds(page, typed):
    """Wait until the forms hold what was typed: words come back when the page has loaded. What they hold is told."""
    try:
        page.wait_for_function(HOLDS, arg=typed)
    except TimeoutError:
        assert page.evaluate(READ) == typed


@pytest.fixture
def office(page, town, enter):
    prepared = OfficePages(town)
    enter(prepared.person)
    return prepared


def test_everything_typed_is_there_after_a_reload_a_lost_connection_and_an_ended_sign_in(page, office, enter, subtests):
    for name, url in office.addresses().items():
        with subtests.test(name):
            page.goto(url)
            page.evaluate(FILL)
            typed = page.evaluate(READ)
            assert typed
            if name.startswith("report_"):
                page.get_by_text(re.compile("Черновик сохранён в")).wait_for()
            if name != "session_hall":  # its lines go by another road, see below
                with unplugged(page):
                    page.evaluate(SEND)
                    page.wait_for_selector("[data-kept-offline]", state="attached")
                holds(page, typed)

            page.goto(url)

            if not name.startswith("report_"):  # a report saves itself: then there is nothing to put back
                page.wait_for_selector("[data-kept-notice]", state="attached")
            holds(page, typed)
            if name.startswith(("report_", "session_hall")):
                continue
            page.context.clear_cookies(name="sessionid")
            try:
                page.evaluate(SEND)
                page.get_by_role("heading", name="Вход закончился, набранное цело").wait_for()
                shown = page.locator("textarea").evaluate_all("all => all.map((one) => one.value)")
            finally:
                enter(office.person)
            assert set(shown) <= set(typed.values())
            assert any(text.startswith("Набрано") for text in shown)


def test_words_meet_those_of_a_colleague(page, office, subtests, axe, shot):
    faults = {}
    for name, (field, act) in office.rewrite().items():
        with subtests.test(name):
            url = office.addresses()[name]
            page.goto(url)
            page.evaluate(FILL)
            typed = page.evaluate(READ)
            words = next(value for name, value in typed.items() if name.split(" ", 1)[1] == field)
            act()
            page.goto(url)
            notice = page.locator(".kept__both", has_text="Чужое")
            notice.wait_for()
            if name in {"gap", "admin:strategy"}:
                faults[name] = axe(page) if name == "gap" else []
                shot(page, f"kept-both-{name.split(':')[-1]}")
            expect(page.locator(f"[name='{field}']")).to_have_value("Чужое")
            expect(notice.locator("textarea")).to_have_value(words)
            notice.get_by_role("button", name="Поставить мой текст").click()
            expect(page.locator(f"[name='{field}']")).to_have_value(words)
    assert [found for found in faults.values() if found] == []


def test_words_are_sent_again_after_signing_in(page, office, enter, width, look):
    width(390)
    page.goto(office.addresses()["finding"])
    page.locator("[name=reason]").fill(WORDS)
    page.context.clear_cookies()
    page.get_by_role("button", name="Признать и поправить").click()
    page.get_by_role("heading", name="Вход закончился, набранное цело").wait_for()
    look("words-back", 390)
    enter(office.person)
    page.get_by_role("button", name="Отправить ещё раз").click()
    page.get_by_text("Записано: признано").wait_for()
    page.goto(office.addresses()["finding"])
    expect(page.get_by_text(f"Почему так решили: {WORDS}")).to_have_count(1)
    expect(page.locator("[data-kept-notice]")).to_have_count(0)


def test_another_form_of_the_page_takes_nothing_away(page, office):
    page.goto(office.addresses()["proposal"])
    page.locator("#answer-answer").fill(WORDS)
    page.locator("[name=public_text]").fill("Новый текст для всех")
    page.locator("[name=why]:visible").first.fill("Убрали фамилию")
    page.get_by_role("button", name="Сохранить").click()
    page.get_by_text("Новый текст для всех").first.wait_for()
    expect(page.locator("#answer-answer")).to_have_value(WORDS)
    expect(page.locator("[name=public_text]")).to_have_value("Новый текст для всех")

    # What the site has taken does not come back as unsaved.
    page.locator("[name=status][value=accepted]").check()
    page.get_by_role("button", name="Ответить").click()
    page.get_by_text("Ответ опубликован.").wait_for()
    page.wait_for_load_state()
    expect(page.locator("[data-kept-notice]")).to_have_count(0)
    page.reload()
    expect(page.locator("[data-kept-notice]")).to_have_count(0)
    assert Proposal.objects.get(pk=office.proposal.pk).answer == WORDS


def test_refused_words_stay_and_can_be_erased(page, office, look):
    url = office.addresses()["session"]
    page.goto(url)
    page.locator("[name=summary]").fill(WORDS)
    page.locator("summary", has_text="Приложить протокол").click()
    page.get_by_role("button", name="Приложить").click()
    page.get_by_text("Протокол не приложен.").wait_for()
    expect(page.locator("[name=summary]")).to_have_value(WORDS)
    page.goto(url)
    page.locator("[data-kept-notice]").wait_for()
    look("kept", 390, 1280)
    page.get_by_role("button", name="Стереть набранное").click()
    expect(page.locator("[name=summary]")).to_have_value("")
    page.reload()
    expect(page.locator("[name=summary]")).to_have_value("")
    expect(page.locator("[data-kept-notice]")).to_have_count(0)


def test_renewed_sign_in_of_another_tab_takes_the_words(page, office, enter, live_server):
    page.goto(office.addresses()["finding"])
    page.locator("[name=reason]").fill(WORDS)
    page.context.clear_cookies()
    enter(office.person)
    browser = Client()
    browser.force_login(office.person)
    token = browser.get(office.addresses()["finding"]).cookies["csrftoken"].value
    page.context.add_cookies([{"name": "csrftoken", "value": token, "url": live_server.url}])
    page.get_by_role("button", name="Признать и поправить").click()
    page.get_by_text("Записано: признано").wait_for()
    office.finding.refresh_from_db()
    assert office.finding.settled_because == WORDS


def test_words_are_nobody_elses(page, office, enter):
    page.goto(office.addresses()["proposal"])
    page.locator("#answer-answer").fill(WORDS)
    enter(office.colleague)
    page.goto(office.addresses()["proposal"])
    expect(page.locator("[name=public_text]")).to_be_visible()
    expect(page.get_by_text(WORDS)).to_have_count(0)
    enter(office.person)
    page.goto("/office/")
    expect(page.locator("[data-kept-list] a")).to_have_text([f"Предложение {office.proposal.number}"])
    page.goto("/accounts/logout/")
    page.get_by_label("Стереть в этом браузере").check()
    page.get_by_role("button", name="Выйти").click()
    expect(page).to_have_url(re.compile(r"//[^/]+/$"))
    page.wait_for_function("() => !Object.keys(localStorage).some((key) => key.startsWith('kept:'))")


def test_lines_of_a_cancelled_session_stay_until_a_person_decides(page, office, axe, shot, width):
    """C023: three lines without a connection, the session is cancelled meanwhile."""
    width(390)
    page.meant.add(422)
    page.goto(office.addresses()["session_hall"])
    page.locator("[name=text]").fill("Записана")
    page.keyboard.press("Enter")
    expect(page.locator("[data-hall-lines] li")).to_have_count(1)
    page.context.set_offline(True)
    for words in ("Вторая", "Третья", "Четвёртая"):
        page.locator("[name=text]").fill(words)
        page.keyboard.press("Enter")
    page.locator("[data-hall-status]", has_text="Ждут отправки: 3").wait_for()
    Session.objects.filter(pk=office.hall.pk).update(status="cancelled")
    page.context.set_offline(False)
    expect(page.locator("[data-hall-refused] [data-line]")).to_have_text(["Вторая", "Третья", "Четвёртая"])
    page.reload()
    expect(page.locator("[data-hall-refused] [data-line]")).to_have_text(["Вторая", "Третья", "Четвёртая"])
    assert axe(page) == []
    expect(page.locator("[data-hall-refused] [data-why]").first).to_have_text(re.compile("Сессия отменена"))
    shot(page, "hall-refused-390")
    page.locator("[data-erase]").first.click()
    expect(page.locator("[data-hall-refused] [data-line]")).to_have_text(["Третья", "Четвёртая"])
    page.reload()
    expect(page.locator("[data-hall-refused] [data-line]")).to_have_text(["Третья", "Четвёртая"])
    assert list(Proposal.objects.filter(session=office.hall).values_list("text", flat=True)) == ["Записана"]
