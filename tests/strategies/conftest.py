"""How page tests count: every query of one request, the page's own cache empty; and who sits at the approver's desk."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Role
from tests.conftest import StrictClient, person


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


@pytest.fixture
def desk(client, approver):
    """The browser of the approver."""
    client.force_login(approver)
    return client


@pytest.fixture
def second(region):
    """The browser of another approver of the same region."""
    browser = StrictClient()
    browser.force_login(person("second-approver", Role.REGION_APPROVER, region=region))
    return browser
