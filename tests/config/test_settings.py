"""The start: nonsense stops it and names the variable; a real site is closed by default."""

import os
import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = {
    "SECRET_KEY": "k" * 20 + "0123456789" * 4,
    "DEBUG": "",
    "DEMO": "",
    "HTTPS": "",
    "HSTS_SECONDS": "",
    "MFA_REQUIRED": "",
    "TRUSTED_PROXY_COUNT": "",
    "CONN_MAX_AGE": "",
    "ALLOWED_HOSTS": "towns.example.ru",
    "DATABASE_URL": "postgres://towns@db.example.ru/towns",
    "CACHE_URL": "rediscache://cache.example.ru:6379/1",
    "EMAIL_URL": "smtp+tls://towns:secret@mail.example.ru:587",
    "DEFAULT_FROM_EMAIL": "towns@example.ru",
    "SITE_URL": "https://towns.example.ru",
}


def settings_with(monkeypatch, **variables):
    """The settings as a start with these variables would read them."""
    for name, value in (PRODUCTION | variables).items():
        monkeypatch.setenv(name, value)
    return runpy.run_path(str(ROOT / "config" / "settings.py"))


def start(*arguments, **variables):
    """A real start of manage.py with nothing but these variables."""
    path = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=path | variables,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ALLOWED_HOSTS", "*"),
        ("ALLOWED_HOSTS", "https://towns.example.ru"),
        ("CACHE_URL", "redis"),
        ("CONN_MAX_AGE", "a minute"),
        ("CSRF_TRUSTED_ORIGINS", "towns.example.ru"),
        ("DATABASE_URL", "oracle://host/towns"),
        ("DEBUG", "perhaps"),
        ("DEFAULT_FROM_EMAIL", "nobody"),
        ("DEMO", "2"),
        ("EMAIL_URL", "pigeon://host"),
        ("HOME_REGION", "Самарская область"),
        ("HSTS_SECONDS", "-1"),
        ("HTTPS", "tls"),
        ("LOG_LEVEL", "LOUD"),
        ("MEDIA_ROOT", "media"),
        ("MFA_REQUIRED", "sometimes"),
        ("PGBOUNCER", "6432"),
        ("SECRET_KEY", "short"),
        ("SITE_URL", "towns.example.ru"),
        ("TIME_ZONE", "Europe/Syzran"),
        ("TRUSTED_PROXY_COUNT", "one"),
    ],
)
def test_settings_refuse_nonsense_naming_the_variable(monkeypatch, name, value):
    with pytest.raises(ImproperlyConfigured) as caught:
        settings_with(monkeypatch, **{name: value})
    assert str(caught.value).split(":")[0] == name


def test_settings_are_closed_on_a_real_site(monkeypatch):
    found = settings_with(monkeypatch)
    names = ("DEBUG", "DEMO", "HTTPS", "MFA_REQUIRED", "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS",
             "SECURE_HSTS_INCLUDE_SUBDOMAINS", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY",
             "SESSION_COOKIE_SAMESITE", "X_FRAME_OPTIONS", "ALLAUTH_TRUSTED_PROXY_COUNT", "CONN_MAX_AGE")  # fmt: skip
    assert {name: found[name] for name in names} == {
        "DEBUG": False, "DEMO": False, "HTTPS": True, "MFA_REQUIRED": True, "SECURE_SSL_REDIRECT": True,
        "SECURE_HSTS_SECONDS": 31536000, "SECURE_HSTS_INCLUDE_SUBDOMAINS": True, "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True, "SESSION_COOKIE_HTTPONLY": True, "SESSION_COOKIE_SAMESITE": "Lax",
        "X_FRAME_OPTIONS": "DENY", "ALLAUTH_TRUSTED_PROXY_COUNT": 1, "CONN_MAX_AGE": 60,
    }  # fmt: skip


def test_settings_open_a_tryout_over_http(monkeypatch):
    found = settings_with(monkeypatch, DEMO="1", SECRET_KEY="short", DATABASE_URL="sqlite:///try.sqlite3")
    assert (found["HTTPS"], found["MFA_REQUIRED"], found.get("SECURE_SSL_REDIRECT")) == (False, False, None)


def test_settings_keep_letters_out_of_the_log_of_a_real_site(monkeypatch):
    assert settings_with(monkeypatch, EMAIL_URL="")["EMAIL_BACKEND"] == "django.core.mail.backends.dummy.EmailBackend"


def test_settings_keep_no_connection_behind_pgbouncer(monkeypatch):
    database = settings_with(monkeypatch, PGBOUNCER="1")["DATABASES"]["default"]
    assert (database["CONN_MAX_AGE"], database["DISABLE_SERVER_SIDE_CURSORS"]) == (0, True)
    assert "options" not in database.get("OPTIONS", {})


def test_settings_compile_no_question_to_postgresql(monkeypatch):
    assert settings_with(monkeypatch)["DATABASES"]["default"]["OPTIONS"]["options"] == "-c jit=off"


def test_start_without_a_secret_key_stops_and_says_what_to_do():
    done = start("check", SECRET_KEY="")
    last = done.stderr.strip().splitlines()[-1]
    assert (done.returncode, last) == (
        1,
        "django.core.exceptions.ImproperlyConfigured: SECRET_KEY: set it to a long random text "
        "(python -c 'import secrets; print(secrets.token_urlsafe(50))'), or set DEBUG=1 on your own machine, "
        "or start a try-out with `make run`.",
    )


def test_start_with_nonsense_stops_before_any_work():
    done = start("migrate", **(PRODUCTION | {"TIME_ZONE": "Europe/Syzran"}))
    assert (done.returncode, done.stderr.strip().splitlines()[-1]) == (
        1,
        "django.core.exceptions.ImproperlyConfigured: "
        "TIME_ZONE: expected a time zone such as Europe/Samara, got 'Europe/Syzran'",
    )


def test_deployment_check_is_silent_on_a_real_site():
    done = start("check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)
    assert (done.returncode, done.stdout, done.stderr) == (
        0, "System check identified no issues (0 silenced).\n", "",
    )  # fmt: skip


def test_every_variable_is_listed_for_the_operator():
    reader = re.compile(r'env\.\w+\(\s*"([A-Z_]+)"')
    read = set(reader.findall((ROOT / "config" / "settings.py").read_text(encoding="utf-8")))
    example = set(re.findall(r"^#? ?([A-Z_]+)=", (ROOT / ".env.example").read_text(encoding="utf-8"), re.MULTILINE))
    manual = set(
        re.findall(r"^\| `([A-Z_]+)` \|", (ROOT / "docs/operations.md").read_text(encoding="utf-8"), re.MULTILINE)
    )
    assert (example - {"DEMO_PASSWORD"}, manual - {"DEMO_PASSWORD"}) == (read, read)
