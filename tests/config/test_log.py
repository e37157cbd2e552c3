"""The log of the site."""

import logging

import pytest
from django.conf import settings
from django.urls import reverse

from config.log import WithoutSecrets

SECRET = "s3cret-" + "a" * 30


def written(record):
    """How the settings write a record down."""
    plain = dict(settings.LOGGING["formatters"]["plain"])
    assert plain.pop("()") == "config.log.WithoutSecrets"
    return WithoutSecrets(plain["format"], style=plain["style"]).format(record)


@pytest.mark.parametrize(
    "name", ["proposals:mine", "letters_stop", "office:go"],
)  # fmt: skip
def test_secret_of_an_address_is_not_written_down(client, db, caplog, name):
    address = reverse(name, args=[SECRET])

    client.get(address)
    client.get(f"/en{address}x/y/")
    logging.getLogger("django.request").error("Internal Server Error: %s", address)

    lines = [written(record) for record in caplog.records]
    assert any(SECRET in record.getMessage() for record in caplog.records)
    assert not any(SECRET in line for line in lines)
    assert lines[-1].endswith(address.replace(SECRET, "…"))


def test_secret_is_not_in_a_traceback_either(rf):
    try:
        raise ValueError(f"/accounts/password/reset/key/{SECRET}/")
    except ValueError as error:
        record = logging.LogRecord("site", logging.ERROR, __file__, 1, "wrong", (), (ValueError, error, None))

    assert "/accounts/password/reset/key/…" in written(record)
    assert SECRET not in written(record)
