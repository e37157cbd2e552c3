"""Who sits at the approver's desk."""

import pytest

from accounts.models import Role
from tests.conftest import StrictClient, person


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
