"""Signing in as a person does it: on a phone, in the dark, with a keyboard."""

import re
import time

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import expect

PASSWORD = "пароль-для-тестов"


def leave(page):
    """Sign out by the page of it."""
    page.goto("/accounts/logout/")
    page.get_by_role("button", name="Выйти").click()
    expect(page).to_have_url(re.compile(r"//[^/]+/$"))


def fill_and_send(page, user, password=PASSWORD):
    page.get_by_label("Имя пользователя").fill(user.username)
    page.get_by_label("Пароль", exact=True).fill(password)
    page.get_by_role("button", name="Войти").click()


def test_editor_signs_in_and_out(page, editor):
    page.goto("/accounts/login/")
    fill_and_send(page, editor)
    expect(page).to_have_url(re.compile(r"/office/$"))
    leave(page)
    page.goto("/accounts/password/change/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Вход")


def test_approver_comes_to_the_office(page, approver):
    page.goto("/accounts/login/")
    fill_and_send(page, approver)
    expect(page).to_have_url(re.compile(r"/office/$"))


def test_wrong_password_is_told_and_heard(page, editor, axe):
    page.goto("/accounts/login/")
    fill_and_send(page, editor, "не тот")
    expect(page.get_by_role("alert")).to_have_text(
        "Имя или пароль не подходят. Проверьте раскладку клавиатуры и Caps Lock."
    )
    assert axe(page) == []


def test_second_factor_is_set_up_and_asked(page, enter, editor, axe, shot):
    enter(editor)
    page.goto("/accounts/2fa/totp/activate/")
    page.get_by_label("Пароль", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Подтвердить").click()
    key = page.get_by_label("или введите ключ вручную")
    expect(key).to_be_visible()
    secret = key.input_value()
    shot(page, "second-factor-1280-light")
    assert axe(page) == []
    page.locator("#id_code").fill(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))
    page.get_by_role("button", name="Включить").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Запасные коды")
    code = page.locator("code").first.inner_text()
    assert axe(page) == []
    shot(page, "recovery-codes-1280-light")
    leave(page)
    page.goto("/accounts/login/")
    fill_and_send(page, editor)
    expect(page.get_by_role("heading", level=1)).to_have_text("Код из приложения")
    assert axe(page) == []
    page.locator("#id_code").fill(code)
    page.get_by_role("button", name="Войти").click()
    expect(page).to_have_url(re.compile(r"/office/$"))


def test_pages_of_signin_read_well_everywhere(page, axe_in_colours, shot, width, sideways):
    found = {}
    for path in ("login/", "signup/", "password/reset/", "password/reset/done/", "inactive/"):
        width(1280)
        page.goto(f"/accounts/{path}")
        faults = axe_in_colours(page)
        for pixels in (1280, 390, 320):
            width(pixels)
            faults += [f"sideways at {pixels}"] if sideways(page) else []
            shot(page, f"signin-{path.strip('/').replace('/', '-')}-{pixels}")
        if faults:
            found[path] = faults
    assert found == {}


def test_pages_of_the_account_read_well(page, axe_in_colours, enter, sideways, width, editor):
    enter(editor)
    RecoveryCodes.activate(editor)
    width(390)
    found = {}
    for path in ("password/change/", "logout/", "2fa/", "reauthenticate/"):
        page.goto(f"/accounts/{path}")
        if faults := axe_in_colours(page) + ["sideways"] * bool(sideways(page)):
            found[path] = faults
    assert found == {}


def test_form_works_with_the_keyboard_alone(page, editor):
    page.goto("/accounts/login/")
    page.get_by_label("Имя пользователя").focus()
    page.keyboard.type(editor.username)
    page.get_by_label("Пароль", exact=True).focus()
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/office/$"))
