"""Counts that stand against guessing: nobody opens pages until they are thrown out of a full cache."""

import pytest
from django.core.cache import caches
from django.test import Client

from config import env
from tests.config.test_signin import sign_in, signed_in


@pytest.mark.invariant(108)
def test_pages_that_anybody_opens_throw_no_count_of_failures_out(client, editor, settings):
    """Each address with another ending is another page to keep: they fill their own cache and nothing else."""
    settings.CACHES = env.caches("CACHE_URL", "locmemcache://")
    for kept in settings.CACHES.values():
        kept["OPTIONS"]["MAX_ENTRIES"] = 20
    for _attempt in range(5):
        sign_in(client, editor, "не тот")

    for number in range(40):
        Client().get(f"/consent/?x={number}")

    assert 0 < len(caches["pages"]._cache) <= 20
    sign_in(client, editor)
    assert not signed_in(client)
