"""The way in: password, lock-out, second factor, recovery, and what stays shut on the way."""

import re
import time
from urllib.parse import unquote

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.core import mail
from django.test import override_settings
from django.urls import reverse

from accounts.models import User

PASSWORD = "пароль-для-тестов"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
LOGIN = "/accounts/login/"
ACTIVATE = "/accounts/2fa/totp/activate/"


def sign_in(client, user, password=PASSWORD):
    return client.post(LOGIN, {"login": user.username, "password": password})


def code_of(secret):
    """What the app on the phone shows now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def with_factor(user):
    """Give a person an app with codes and recovery codes."""
    TOTP.activate(user, SECRET)
    RecoveryCodes.activate(user)
    return user


def confirm(client):
    """Answer the question that stands before the settings of protection."""
    return client.post("/accounts/reauthenticate/", {"password": PASSWORD})


def errors(response):
    return [str(error) for error in response.context["form"].non_field_errors()]


def signed_in(client):
    return "_auth_user_id" in client.session


def test_signin_page_is_whole(client, db):
    page = client.get(LOGIN)
    text = page.content.decode()
    heading = re.search(r"<h1>(.*?)</h1>", text).group(1)
    assert (page.status_code, heading, "⟪undefined" in text) == (200, "Вход", False)


def test_signin_leads_to_the_workplace(client, editor):
    answer = sign_in(client, editor)
    assert (answer.status_code, answer.url, signed_in(client)) == (302, "/accounts/welcome/", True)


def test_signin_ends_with_the_browser(client, editor):
    answer = sign_in(client, editor)
    assert (answer.cookies["sessionid"]["max-age"], answer.cookies["sessionid"]["httponly"]) == ("", True)


def test_signin_with_a_wrong_password_says_so(client, editor):
    answer = sign_in(client, editor, "не тот")
    assert (answer.status_code, errors(answer), signed_in(client)) == (
        200,
        ["Имя или пароль не подходят. Проверьте раскладку клавиатуры и Caps Lock."],
        False,
    )


def test_signin_says_the_same_of_an_unknown_name(client, editor):
    known = errors(sign_in(client, editor, "не тот"))
    unknown = errors(client.post(LOGIN, {"login": "nobody", "password": "не тот"}))
    assert known == unknown


def test_signin_locks_a_name_after_five_failures(client, editor, outsider):
    for _attempt in range(5):
        sign_in(client, editor, "не тот")
    answer = sign_in(client, editor)
    assert (errors(answer), signed_in(client)) == (
        ["Слишком много неудачных попыток. Вход закрыт, попробуйте снова через 15 минут."],
        False,
    )
    sign_in(client, outsider)  # somebody else at the same address is not locked
    assert signed_in(client)


def test_signin_locks_a_name_in_any_case(client, editor):
    for _attempt in range(5):
        sign_in(client, editor, "не тот")
    other_case = client.post(LOGIN, {"login": editor.username.upper(), "password": PASSWORD})
    assert errors(other_case) == ["Слишком много неудачных попыток. Вход закрыт, попробуйте снова через 15 минут."]


def test_signin_locks_an_address_after_twenty_failures(client, editor):
    for attempt in range(20):
        client.post(LOGIN, {"login": f"nobody-{attempt}", "password": "не тот"})
    sign_in(client, editor)
    assert not signed_in(client)


def test_signin_refuses_a_closed_account(client, editor):
    User.objects.filter(pk=editor.pk).update(is_active=False)
    sign_in(client, editor)
    assert not signed_in(client)


@pytest.mark.parametrize(
    ("target", "reached"),
    [
        ("/towns/", "/towns/"),
        ("https://evil.example/", "/accounts/welcome/"),
        ("//evil.example/", "/accounts/welcome/"),
        ("javascript:alert(1)", "/accounts/welcome/"),
        ("https:evil.example", "/accounts/welcome/"),
    ],
)
def test_signin_goes_on_to_own_pages_only(client, editor, target, reached):
    answer = client.post(LOGIN, {"login": editor.username, "password": PASSWORD, "next": target})
    assert answer.url == reached


def test_admin_sends_a_stranger_to_the_one_signin(client, db):
    answer = client.get("/admin/")
    assert (answer.status_code, answer.url) == (302, "/accounts/login/?next=/admin/")


def test_admin_login_page_is_the_one_signin(client, region_editor):
    page = client.get("/admin/login/?next=/admin/")
    assert (page.status_code, page.url.split("?")[0]) == (302, LOGIN)
    client.post("/admin/login/", {"username": region_editor.username, "password": PASSWORD})
    assert not signed_in(client)


def test_admin_refuses_a_head_who_is_signed_in(client, head):
    sign_in(client, head)
    assert client.get("/admin/").status_code == 403


def test_signup_is_closed_and_says_who_gives_accounts(client, db):
    page = client.get("/accounts/signup/")
    heading = re.search(r"<h1>(.*?)</h1>", page.content.decode()).group(1)
    assert (page.status_code, heading) == (200, "Регистрация закрыта")


def test_signup_by_post_makes_nobody(client, db):
    client.post(
        "/accounts/signup/", {"username": "new", "password1": "длинный-пароль-77", "password2": "длинный-пароль-77"}
    )
    assert (User.objects.count(), signed_in(client)) == (0, False)


@pytest.mark.parametrize("path", ["email/", "3rdparty/", "social/connections/", "login/code/", "2fa/webauthn/"])
def test_doors_of_the_library_that_are_not_ours_are_shut(client, editor, path):
    client.force_login(editor)
    assert client.get(f"/accounts/{path}").status_code == 404


def test_signout_needs_a_press(client, editor):
    sign_in(client, editor)
    page = client.get("/accounts/logout/")
    assert (page.status_code, signed_in(client)) == (200, True)
    answer = client.post("/accounts/logout/")
    assert (answer.url, signed_in(client)) == ("/", False)


def test_signin_and_signout_leave_no_cookie_on_public_pages(client, editor):
    sign_in(client, editor)
    client.post("/accounts/logout/")
    assert [name for name, cookie in client.cookies.items() if cookie.value and name != "csrftoken"] == []


def test_second_factor_is_set_up_from_the_account(client, editor):
    sign_in(client, editor)
    confirm(client)
    page = client.get(ACTIVATE)
    answer = client.post(ACTIVATE, {"code": code_of(page.context["form"].secret)})
    assert (answer.status_code, answer.url) == (302, "/accounts/2fa/recovery-codes/")
    codes = client.get(answer.url)
    kinds = sorted(Authenticator.objects.filter(user=editor).values_list("type", flat=True))
    assert (len(codes.context["unused_codes"]), kinds) == (10, ["recovery_codes", "totp"])


def test_second_factor_refuses_a_wrong_code_at_set_up(client, editor):
    sign_in(client, editor)
    confirm(client)
    client.get(ACTIVATE)
    answer = client.post(ACTIVATE, {"code": "000000"})
    assert (answer.context["form"].errors["code"], Authenticator.objects.count()) == (
        ["Код не подходит. Введите тот, что приложение показывает сейчас."],
        0,
    )


def test_second_factor_is_asked_at_the_next_signin(client, editor):
    with_factor(editor)
    answer = sign_in(client, editor)
    assert (answer.url, signed_in(client)) == ("/accounts/2fa/authenticate/", False)
    assert client.get("/accounts/welcome/").url == "/accounts/login/?next=/accounts/welcome/"
    answer = client.post("/accounts/2fa/authenticate/", {"code": code_of(SECRET)})
    assert (answer.url, signed_in(client)) == ("/accounts/welcome/", True)


def test_second_factor_takes_a_code_once(client, editor):
    with_factor(editor)
    code = code_of(SECRET)
    sign_in(client, editor)
    client.post("/accounts/2fa/authenticate/", {"code": code})
    client.post("/accounts/logout/")
    sign_in(client, editor)
    client.post("/accounts/2fa/authenticate/", {"code": code})
    assert not signed_in(client)


def test_second_factor_locks_after_five_wrong_codes(client, editor):
    with_factor(editor)
    sign_in(client, editor)
    for _attempt in range(5):
        client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    answer = client.post("/accounts/2fa/authenticate/", {"code": code_of(SECRET)})
    assert (answer.context["form"].errors["code"], signed_in(client)) == (
        ["Слишком много неудачных попыток. Вход закрыт, попробуйте снова через 15 минут."],
        False,
    )


def test_recovery_code_replaces_the_phone_once(client, editor):
    with_factor(editor)
    code = Authenticator.objects.get(user=editor, type="recovery_codes").wrap().get_unused_codes()[0]
    sign_in(client, editor)
    client.post("/accounts/2fa/authenticate/", {"code": code})
    assert signed_in(client)
    client.post("/accounts/logout/")
    sign_in(client, editor)
    client.post("/accounts/2fa/authenticate/", {"code": code})
    assert not signed_in(client)


def test_second_factor_is_turned_off_after_a_question(client, editor):
    with_factor(editor)
    sign_in(client, editor)
    client.post("/accounts/2fa/authenticate/", {"code": code_of(SECRET)})
    confirm(client)
    client.post("/accounts/2fa/totp/deactivate/")
    assert Authenticator.objects.count() == 0


def test_second_factor_settings_ask_again_who_is_there(client, editor):
    sign_in(client, editor)
    answer = client.get(ACTIVATE)
    assert unquote(answer.url) == f"/accounts/reauthenticate/?next={ACTIVATE}"
    answer = client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": ACTIVATE})
    assert (answer.url, client.get(ACTIVATE).status_code) == (ACTIVATE, 200)


CLOSED = ["/", "/towns/", "/en/towns/", "/admin/", "/admin/accounts/user/", "/accounts/welcome/", "/accounts/2fa/",
          "/accounts/password/change/", "/towns/accounts/", "/sitemap.xml"]  # fmt: skip


@pytest.mark.parametrize("path", CLOSED)
@override_settings(MFA_REQUIRED=True)
def test_approver_without_a_factor_reaches_nothing_else(client, approver, path):
    sign_in(client, approver)
    answer = client.get(path)
    assert (answer.status_code, answer.url.removeprefix("/en")) == (302, ACTIVATE)


@override_settings(MFA_REQUIRED=True)
@pytest.mark.parametrize("who", ["approver", "region_admin", "admin_user"])
def test_required_factor_opens_the_workshop_once_set_up(client, request, who):
    user = request.getfixturevalue(who)
    sign_in(client, user)
    confirm(client)
    page = client.get(ACTIVATE)
    client.post(ACTIVATE, {"code": code_of(page.context["form"].secret)})
    assert client.get("/admin/").status_code == 200


@override_settings(MFA_REQUIRED=True)
def test_required_factor_cannot_be_posted_around(client, approver):
    sign_in(client, approver)
    answer = client.post("/admin/accounts/user/add/", {"username": "new"})
    assert (answer.url, User.objects.filter(username="new").exists()) == (ACTIVATE, False)


@override_settings(MFA_REQUIRED=True)
def test_required_factor_lets_a_person_out(client, approver):
    sign_in(client, approver)
    client.post("/accounts/logout/")
    assert not signed_in(client)


@override_settings(MFA_REQUIRED=True)
def test_recovery_codes_alone_are_no_second_factor(client, approver):
    RecoveryCodes.activate(approver)
    client.force_login(approver)
    assert client.get("/admin/").url == ACTIVATE


@override_settings(MFA_REQUIRED=True)
@pytest.mark.parametrize("who", ["editor", "head", "region_editor", "wg_member"])
def test_required_factor_leaves_the_others_alone(client, request, who):
    user = request.getfixturevalue(who)
    sign_in(client, user)
    assert client.get("/accounts/password/change/").status_code == 200


def test_factor_is_not_asked_where_it_is_not_required(client, approver):
    sign_in(client, approver)
    assert client.get("/admin/").status_code == 200


def test_password_change_keeps_the_person_signed_in(client, editor):
    sign_in(client, editor)
    new = "совсем-другой-пароль"
    client.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    editor.refresh_from_db()
    assert (editor.check_password(new), signed_in(client)) == (True, True)


def test_password_change_refuses_a_weak_one(client, editor):
    sign_in(client, editor)
    client.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": "12345", "password2": "12345"})
    editor.refresh_from_db()
    assert editor.check_password(PASSWORD)


def test_password_reset_sends_a_letter_that_works_once(client, editor):
    User.objects.filter(pk=editor.pk).update(email="editor@example.org")
    answer = client.post("/accounts/password/reset/", {"email": "editor@example.org"})
    assert (answer.url, len(mail.outbox)) == ("/accounts/password/reset/done/", 1)
    link = re.search(r"http://testserver(/\S+)", mail.outbox[0].body).group(1)
    form = client.get(link, follow=True)
    new = "совсем-другой-пароль"
    client.post(form.request["PATH_INFO"], {"password1": new, "password2": new})
    editor.refresh_from_db()
    assert editor.check_password(new)
    assert client.get(link).context["token_fail"]


def test_password_reset_says_the_same_of_an_unknown_address(client, db):
    answer = client.post("/accounts/password/reset/", {"email": "nobody@example.org"})
    assert (answer.url, mail.outbox) == ("/accounts/password/reset/done/", [])


# ——— Every page is whole ———

PAGES = ["account_logout", "account_change_password", "account_reauthenticate", "mfa_index", "mfa_activate_totp"]
PAGES_WITH_FACTOR = ["mfa_index", "mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes",
                     "mfa_reauthenticate"]  # fmt: skip
OPEN_PAGES = ["account_login", "account_signup", "account_reset_password", "account_reset_password_done",
              "account_reset_password_from_key_done", "account_inactive"]  # fmt: skip


def whole(page):
    text = page.content.decode()
    return (page.status_code, text.count("<h1>"), "⟪undefined" in text, "<title> " in text)


@pytest.mark.parametrize("name", OPEN_PAGES)
def test_open_page_is_whole(client, db, name):
    assert whole(client.get(reverse(name))) == (200, 1, False, False)


@pytest.mark.parametrize("name", PAGES)
def test_account_page_is_whole(client, editor, name):
    sign_in(client, editor)
    if name == "mfa_activate_totp":
        confirm(client)
    assert whole(client.get(reverse(name))) == (200, 1, False, False)


@pytest.mark.parametrize("name", PAGES_WITH_FACTOR)
def test_second_factor_page_is_whole(client, editor, name):
    with_factor(editor)
    sign_in(client, editor)
    client.post("/accounts/2fa/authenticate/", {"code": code_of(SECRET)})
    if name != "mfa_reauthenticate":
        confirm(client)
    assert whole(client.get(reverse(name))) == (200, 1, False, False)


def test_code_page_is_whole(client, editor):
    with_factor(editor)
    sign_in(client, editor)
    assert whole(client.get("/accounts/2fa/authenticate/")) == (200, 1, False, False)


def test_broken_link_of_a_letter_is_whole(client, db):
    assert whole(client.get("/accounts/password/reset/key/1-none/")) == (200, 1, False, False)
