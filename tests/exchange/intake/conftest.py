import pytest

from tests import factories
from tests.exchange.intake.desk import Desk


@pytest.fixture
def programme(region):
    return factories.direction(region, title="Дороги").programme


@pytest.fixture
def desk(region_editor, programme):
    """The region's editor at the pages of tables."""
    return Desk(region_editor, programme)
