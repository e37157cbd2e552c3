"""How page tests count: every query of one request, the page's own cache empty."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext


@pytest.fixture
def queries(client):
    """Count the queries of a page for a visitor; content types, read once per process, are warmed up first."""

    def count(url):
        client.get(url)
        cache.clear()
        with CaptureQueriesContext(connection) as caught:
            response = client.get(url)
        assert response.status_code == 200
        return len(caught)

    return count
