"""The index of words follows the rows on both databases, whoever writes them."""

import pytest
from django.core.management import call_command
from django.db import connection

from municipalities.full_text import _key_of_kept, rebuild_words
from municipalities.models import Municipality
from municipalities.search import index_text, keys, matching, stems
from tests import factories

WORDS = ("площадок", "Володченкова", "скамеек", "школа", "сквер", "2026", "окон", "developments", "Набережные")


def found(query):
    return list(matching(Municipality.objects.order_by("pk"), query).values_list("name", flat=True))


@pytest.mark.invariant(112)
def test_index_finds_what_is_written_past_the_models(region):
    town = factories.make(Municipality, region=region, name="Сызрань", slug="syzran")
    Municipality.objects.bulk_create(
        [Municipality(region=region, name="Шуя", slug="shuya", name_sort="шуя", search_stems=index_text("Шуя"))]
    )
    assert (found("сызрань"), found("шуя")) == (["Сызрань"], ["Шуя"])

    Municipality.objects.filter(pk=town.pk).update(search_stems=index_text("Кинель"))
    assert (found("сызрань"), found("кинель")) == ([], ["Сызрань"])

    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM municipalities_municipality WHERE slug = 'shuya'")
    assert found("шуя") == []


def test_search_takes_a_number_whole_and_a_word_by_its_beginning(region):
    factories.make(Municipality, region=region, name="Сызрань 1100", slug="syzran")

    assert found("сыз 1100") == ["Сызрань 1100"]
    assert found("сыз 11") == []


@pytest.mark.parametrize("word", WORDS)
def test_what_was_kept_as_stems_becomes_the_same_keys(word):
    assert [_key_of_kept(stem) for stem in stems(word)] == keys(word)
    assert _key_of_kept(f"@{stems(word)[0]}") == f"@{keys(word)[0]}"


def test_rebuilding_makes_words_and_index_anew(region):
    town = factories.make(Municipality, region=region, name="Сызрань", slug="syzran")
    Municipality.objects.filter(pk=town.pk).update(search_stems=" устарел ")

    call_command("rebuild_search", verbosity=0)

    assert (found("сызрань"), found("устарел")) == (["Сызрань"], [])
    rebuild_words("municipalities_municipality")
    assert found("сызрань") == ["Сызрань"]
