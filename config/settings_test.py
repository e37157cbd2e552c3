"""Settings of the tests: the environment of the machine must not reach them, and nothing reaches the world."""

import os

os.environ.update(
    {
        "SECRET_KEY": "only-for-tests",
        "DEBUG": "0",
        "DEMO": "0",
        "HTTPS": "0",
        "MFA_REQUIRED": "0",
        "CACHE_URL": "locmemcache://",
        "EMAIL_URL": "dummymail://",
        "TIME_ZONE": "Europe/Samara",
        "HOME_REGION": "",
        "RELEASE": "test",
    }
)

from config.settings import *  # noqa: E402, F403 - the environment has to be set first

ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = "⟪undefined: %s⟫"  # noqa: F405 - conftest fails on this mark
