"""Headers and cookies that every page carries."""

import pytest
from django.test import Client, override_settings

POLICY = {
    "default-src": "'self'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
}
PAGES = ["/", "/towns/", "/en/towns/", "/accounts/login/", "/accounts/signup/", "/admin/", "/nothing-here/", "/healthz",
         "/robots.txt"]  # fmt: skip


def policy_of(response):
    pairs = (
        part.strip().split(" ", 1) for part in response.headers["Content-Security-Policy"].split(";") if part.strip()
    )
    return dict(pairs)


def headers_of(response):
    return {name: response.headers.get(name) for name in HEADERS}


@pytest.mark.parametrize("path", PAGES)
def test_page_carries_the_strict_headers(client, region, path):
    response = client.get(path)
    assert (policy_of(response), headers_of(response)) == (POLICY, HEADERS)


@pytest.mark.parametrize("path", ["/admin/", "/admin/municipalities/municipality/", "/accounts/2fa/"])
def test_page_of_officials_carries_the_strict_headers(client, region, admin_user, path):
    client.force_login(admin_user)
    response = client.get(path)
    assert (response.status_code, policy_of(response), headers_of(response)) == (200, POLICY, HEADERS)


def test_kept_page_and_its_304_carry_the_strict_headers(client, region):
    etag = client.get("/").headers["ETag"]
    kept = client.get("/")
    unchanged = client.get("/", headers={"if-none-match": etag})
    assert (unchanged.status_code, policy_of(kept), policy_of(unchanged)) == (304, POLICY, POLICY)


def test_plain_http_promises_no_https(client, db):
    assert client.get("/healthz").headers.get("Strict-Transport-Security") is None


@override_settings(
    SECURE_SSL_REDIRECT=True,
    SECURE_REDIRECT_EXEMPT=[r"^healthz$"],
    SECURE_HSTS_SECONDS=31536000,
    SECURE_HSTS_INCLUDE_SUBDOMAINS=True,
    SECURE_HSTS_PRELOAD=True,
    SESSION_COOKIE_SECURE=True,
    CSRF_COOKIE_SECURE=True,
)
def test_https_is_promised_and_cookies_are_bound_to_it(editor):
    client = Client()
    page = client.get("/accounts/login/", secure=True)
    answer = client.post("/accounts/login/", {"login": editor.username, "password": "пароль-для-тестов"}, secure=True)
    session, csrf = answer.cookies["sessionid"], page.cookies["csrftoken"]
    assert page.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"
    assert (session["secure"], session["httponly"], session["samesite"]) == (True, True, "Lax")
    assert (csrf["secure"], csrf["samesite"]) == (True, "Lax")


@override_settings(SECURE_SSL_REDIRECT=True, SECURE_REDIRECT_EXEMPT=[r"^healthz$"])
def test_http_is_sent_to_https_but_for_the_monitor(db):
    client = Client()
    page = client.get("/towns/")
    assert (page.status_code, page.url, client.get("/healthz").status_code) == (301, "https://testserver/towns/", 200)


def test_signin_without_a_token_is_refused(editor):
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/accounts/login/", {"login": editor.username, "password": "пароль-для-тестов"})
    assert (answer.status_code, "_auth_user_id" in client.session) == (403, False)


def test_stranger_host_is_refused(client, db):
    assert client.get("/accounts/login/", headers={"host": "evil.example"}).status_code == 400
