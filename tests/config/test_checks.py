"""Checks of the deployment: each finding has its id."""

import pytest
from django.db import connection
from django.test import override_settings

from config import checks

SHARED = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://host"}}


def ids(check):
    return [found.id for found in check(None)]


@pytest.mark.parametrize(
    ("demo", "hosts", "expected"),
    [
        (True, ["localhost", "127.0.0.1"], []),
        (True, ["towns.example.ru"], ["towns.E001"]),
        (False, ["towns.example.ru"], []),
    ],
)
def test_sample_data_stays_on_the_own_machine(demo, hosts, expected):
    with override_settings(DEMO=demo, ALLOWED_HOSTS=hosts):
        assert ids(checks.check_sample_data) == expected


def test_lockout_of_every_process_apart_is_a_warning():
    assert ids(checks.check_lockout_is_shared) == ["towns.W001"]


@override_settings(CACHES=SHARED, HTTPS=True, ALLAUTH_TRUSTED_PROXY_COUNT=0)
def test_lockout_of_the_proxy_address_is_a_warning():
    assert ids(checks.check_lockout_is_shared) == ["towns.W002"]


@override_settings(CACHES=SHARED, HTTPS=True, ALLAUTH_TRUSTED_PROXY_COUNT=1)
def test_lockout_that_is_shared_passes():
    assert ids(checks.check_lockout_is_shared) == []


def test_database_in_a_file_is_a_warning():
    assert ids(checks.check_database) == {"sqlite": ["towns.W003"], "postgresql": []}[connection.vendor]


@override_settings(EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend", MFA_REQUIRED=False)
def test_silent_mail_and_one_factor_are_warnings():
    assert ids(checks.check_mail_and_second_factor) == ["towns.W004", "towns.W005"]


@override_settings(EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend", MFA_REQUIRED=True)
def test_mail_and_second_factor_in_place_pass():
    assert ids(checks.check_mail_and_second_factor) == []


@pytest.mark.parametrize(
    ("https", "url", "expected"),
    [
        (True, "https://towns.example.ru", []),
        (True, "http://towns.example.ru", ["towns.W006"]),
        (False, "http://localhost:8000", []),
        (False, "", ["towns.W006"]),
    ],
)
def test_address_in_letters_is_whole_and_safe(https, url, expected):
    with override_settings(HTTPS=https, SITE_URL=url):
        assert ids(checks.check_address_in_letters) == expected
