"""Settings of the tests: the environment of the machine must not reach them, and nothing reaches the world."""

import os

# The one thing a run may choose is its database; a `.env` of the developer's machine may not.
os.environ["DATABASE_URL"] = os.environ.get("DATABASE_URL") or "sqlite:///tests.sqlite3"
os.environ.update(
    {
        "SECRET_KEY": "only-for-tests-only-for-tests-only-for-tests-only-for-tests",
        "DEBUG": "0",
        "DEMO": "0",
        "HTTPS": "0",
        "HSTS_SECONDS": "",
        "MFA_REQUIRED": "0",
        "ALLOWED_HOSTS": "testserver,localhost,127.0.0.1",
        "CSRF_TRUSTED_ORIGINS": "",
        "TRUSTED_PROXY_COUNT": "0",
        "PROPOSALS_PER_HOUR": "",
        "CACHE_URL": "locmemcache://",
        "PAGES_CACHE_URL": "locmemcache://",  # one and the same memory: a test empties both at once
        "EMAIL_URL": "dummymail://",
        "DEFAULT_FROM_EMAIL": "",
        "MEDIA_ROOT": "",
        "EVIDENCE_ROOT": "",
        "CONN_MAX_AGE": "0",
        "PGBOUNCER": "0",
        "TIME_ZONE": "Europe/Samara",
        "LOG_LEVEL": "WARNING",
        "SITE_NAME": "",
        "SITE_URL": "https://towns.example.ru",
        "HOME_REGION": "",
        "RELEASE": "test",
    }
)

from config.settings import *  # noqa: F403 - the environment has to be set first

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):  # noqa: F405
    # Crowds write one after another: on a loaded machine the last of them waits longer than a visitor may.
    DATABASES["default"]["OPTIONS"] |= {  # noqa: F405
        "timeout": 300,
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=OFF;",  # a copy that nobody keeps
    }

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "evidence": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
STATIC_ROOT = BASE_DIR / "config" / "static"  # noqa: F405 - a folder that is always there: nothing is collected in tests
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = "⟪undefined: %s⟫"  # noqa: F405 - conftest fails on this mark
# A code of the second factor may change between the moment when a test reads it and that when the site does.
MFA_TOTP_TOLERANCE = 1
