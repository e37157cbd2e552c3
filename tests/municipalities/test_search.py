"""Search and order that do not depend on the database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from municipalities.models import Municipality
from municipalities.search import index_text, matching, sort_key, stems, translit_slug
from tests import factories


def _town(region, name, **fields):
    return factories.make(Municipality, region=region, name=name, slug=translit_slug(name), **fields)


@pytest.mark.parametrize("query", ["сызрань", "СЫЗРАНЬ", "Сызрани", "сыз", "syzran", "  Сызрань, "])
def test_search_finds_a_town_in_any_case_and_form(region, query):
    town = _town(region, "Сызрань", name_en="Syzran")
    _town(region, "Чапаевск", name_en="Chapayevsk")

    assert list(Municipality.objects.search(query)) == [town]


@pytest.mark.parametrize("query", ["", " ", "!", "%", "_", "ызрань", "Сызрань Чапаевск", "а"])
def test_search_finds_nothing_else(region, query):
    _town(region, "Сызрань")
    _town(region, "Чапаевск")

    assert list(Municipality.objects.search(query)) == []


def test_search_takes_yo_for_ye(region):
    town = _town(region, "Жигулёвск")

    assert list(Municipality.objects.search("жигулевск")) == [town]
    assert list(Municipality.objects.search("ЖИГУЛЁВСК")) == [town]


def test_towns_stand_in_the_order_of_a_russian_dictionary(region):
    for name in ["Ялта", "Ёлкино", "Жигулёвск", "елабуга", "Ельня", "Азов"]:
        _town(region, name)

    assert list(Municipality.objects.values_list("name", flat=True)) == [
        "Азов", "елабуга", "Ёлкино", "Ельня", "Жигулёвск", "Ялта",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Жигулёвск", "zhigulyovsk"),
        ("Сызрань", "syzran"),
        ("Новокуйбышевск", "novokuybyshevsk"),
        ("Щёкино", "shchyokino"),
        ("Подъём", "podyom"),
        ("Нижний Новгород", "nizhniy-novgorod"),
        ("!!!", ""),
    ],
)
def test_translit_slug(name, slug):
    assert translit_slug(name) == slug


@given(text=st.text(max_size=100), length=st.integers(1, 60))
def test_translit_slug_is_always_an_address(text, length):
    slug = translit_slug(text, max_length=length)

    assert len(slug) <= length
    assert slug == slug.strip("-")
    assert slug.isascii()


@given(text=st.text(max_size=60))
def test_stems_do_not_depend_on_case(text):
    # Some letters of other scripts change under upper(): only Russian and English are promised.
    words = "".join(letter for letter in text.lower() if letter in "абвгдеёжзийклмнопрстуфхцчшщъыьэюя abcxyz 019")

    assert stems(words.upper()) == stems(words)
    assert sort_key(words.upper()) == sort_key(words)


def test_index_text_keeps_every_stem_once():
    assert index_text("Мост и мосты", "", None) == " мост "
    assert index_text("", None) == ""


def test_matching_without_words_gives_no_rows(region):
    _town(region, "Сызрань")

    assert list(matching(Municipality.objects.all(), "—")) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("площадка", "площадок"), ("скамейка", "скамеек"), ("остановки", "остановок"), ("окно", "окон"),
        ("деревня", "деревень"), ("рынок", "рынка"), ("дорожки", "дорожек"),
    ],
)  # fmt: skip
def test_words_are_found_with_their_fleeting_vowel_and_without(region, one, other):
    for word, query in ((one, other), (other, one)):
        Municipality.objects.all().delete()
        _town(region, word)
        assert matching(Municipality.objects.all(), query).count() == 1
