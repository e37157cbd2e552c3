import pytest

from tests import factories
from tests.exchange.intake.desk import Desk


@pytest.fixture
def programme(region):
    return factories.direction(region, title="Дороги").programme


@pytest.fixture
def desk(region_editor, programme, tmp_path, settings):
    """The region's editor at the pages of tables."""
    storage = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path / "kept"}}
    settings.STORAGES = settings.STORAGES | {"evidence": storage}
    return Desk(region_editor, programme)
