"""The name of a place in the language of the page: the property and the expression of a query say the same."""

import pytest
from django.utils import translation
from model_bakery import baker

from municipalities.models import Municipality, shown_name


@pytest.mark.parametrize(("language", "expected"), [("ru", ["Безымянск", "Сызрань"]), ("en", ["Безымянск", "Syzran"])])
def test_place_is_named_in_the_language_of_the_page(region, language, expected):
    for name, name_en in (("Безымянск", ""), ("Сызрань", "Syzran")):
        baker.make(Municipality, region=region, name=name, name_en=name_en, slug=name_en or "bare", kind="town")

    with translation.override(language):
        said = [town.shown_name for town in Municipality.objects.all()]
        asked = list(Municipality.objects.values_list(shown_name(), flat=True))
        from_above = list(region.municipalities.order_by("name_sort").values_list(shown_name("region__"), flat=True))

    assert (said, asked, from_above) == (expected, expected, [region.name] * 2)
    assert [str(town) for town in Municipality.objects.all()] == ["Безымянск", "Сызрань"]
