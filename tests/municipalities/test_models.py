"""Towns: codes, size classes, population, heads, editions."""

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from municipalities.models import Edition, Head, Municipality, Population, Region
from municipalities.models.municipality import SizeClass
from tests import factories
from tests.refusals import codes, database_refuses, database_refuses_change, messages


@pytest.mark.invariant(28)
@pytest.mark.parametrize("oktmo", ["1234567", "123456789", "1234567890", "abcdefgh", "1234567 "])
def test_town_oktmo_of_another_form_is_refused(town, oktmo):
    database_refuses_change(town, oktmo=oktmo)
    town.oktmo = oktmo
    assert set(messages(town.full_clean, exclude=["created_by"])) == {"ОКТМО состоит из 8 или 11 цифр."}


@pytest.mark.invariant(28)
def test_town_oktmo_is_unique_and_blank_is_not_a_number(town, other_town, region):
    database_refuses_change(other_town, oktmo=town.oktmo)
    for slug in ("one", "two"):
        Municipality(region=region, name=slug, slug=slug, oktmo="").save()

    assert Municipality.objects.filter(oktmo__isnull=True).count() == 2


@pytest.mark.usefixtures("checked")
def test_town_with_one_coordinate_is_refused(town):
    database_refuses_change(town, latitude=53)
    assert messages(factories.make, Municipality, region=town.region, name="А", slug="a", longitude=48) == [
        "Укажите и широту, и долготу или ни одной."
    ]


def test_town_parent_of_another_region_or_itself_is_refused(town, other_region):
    strange = factories.make(Municipality, region=other_region, name="Вольск", slug="volsk")

    town.parent = strange
    assert messages(town.full_clean, exclude=["created_by"]) == ["Район и город должны быть в одном регионе."]
    town.parent = town
    assert messages(town.full_clean, exclude=["created_by"]) == ["Город не может входить сам в себя."]


@pytest.mark.parametrize(
    ("people", "size"),
    [
        (None, "unknown"), (0, "small"), (50_000, "small"), (50_001, "medium"), (100_000, "medium"),
        (100_001, "large"), (250_000, "large"), (250_001, "larger"),
    ],
)  # fmt: skip
def test_size_class_borders_are_those_of_the_filter(town, people, size):
    if people is not None:
        factories.make(Population, municipality=town, year=2024, people=people)

    assert SizeClass.of(people) == size
    assert {one for one in SizeClass if Municipality.objects.of_size(one).exists()} == {size}


def test_with_people_takes_the_latest_count_and_the_town_before_the_district(town):
    for year, level, people in [(2010, "town", 5), (2021, "district", 9), (2021, "town", 7), (None, "town", 1)]:
        factories.make(Population, municipality=town, year=year, level=level, people=people)

    row = Municipality.objects.with_people().get()

    assert (row.people, row.people_year) == (7, 2021)


@pytest.mark.parametrize("year", [2021, None])
def test_population_twice_a_year_is_refused(town, year):
    factories.make(Population, municipality=town, year=year, people=5)

    database_refuses(Population, Population(municipality=town, year=year, people=6))


def test_towns_leave_out_districts(town, region):
    for kind in ("district", "okrug"):
        factories.make(Municipality, region=region, name=kind, slug=kind, kind=kind)

    assert list(Municipality.objects.towns()) == [town]


@pytest.mark.parametrize(
    ("since", "until", "taken"),
    [("2018-06", "2018", True), ("2018", "2018-01-01", True), ("2018-06", "2018-05-31", False), ("2018", "", True)],
)
@pytest.mark.usefixtures("checked")
def test_head_term_in_order_as_far_as_known(town, since, until, taken):
    fields = {"municipality": town, "name": "Анна Ким", "since": since, "until": until}

    if taken:
        assert str(factories.make(Head, **fields)) == "Анна Ким, Сызрань"
    else:
        assert messages(factories.make, Head, **fields) == ["Срок кончается раньше, чем начался."]


@pytest.mark.parametrize(
    ("sources", "taken"),
    [("https://example.org/a ; Решение № 5", True), ("https://", False), ("ftp://example.org/a", False), ("", True)],
)
def test_sources_that_look_like_addresses_must_be_ones(town, sources, taken):
    town.sources = sources

    if taken:
        town.full_clean(exclude=["created_by"])
        assert town.source_list == [part for part in sources.split(" ; ") if part]
    else:
        assert codes(town.full_clean, exclude=["created_by"]) == ["source"]


@pytest.mark.parametrize(("place", "own", "other"), [(1, 2, 0), (None, 2, 2)])
def test_edition_grows_by_one_whatever_is_said_in_one_transaction(db, committed, place, own, other):
    assert Edition.current() == 0
    for _transaction in range(2):
        with committed():
            for _time in range(3):
                Edition.bump(place)
            assert Edition.current() == _transaction  # nothing before the transaction is committed

    assert (Edition.current(1), Edition.current(2), Edition.current()) == (own, other, 2)
    assert Edition.objects.count() == 1


def test_edition_stays_where_the_change_was_taken_back(db, committed):
    with committed():
        with transaction.atomic():
            Edition.bump(1)
            transaction.set_rollback(True)
        Edition.bump(2)

    assert Edition.numbers() == {2: 1}


def test_region_is_sorted_and_its_empty_code_is_none(db):
    record = Region(name="Ёлкинская область", slug="elkino", oktmo="")
    record.save()

    assert (record.name_sort, record.oktmo) == ("елкинская область", None)


@pytest.mark.parametrize("year", [0, 2201, 20255])
@pytest.mark.parametrize("field", ["founded_year", "town_since_year"])
def test_year_of_a_town_is_a_possible_one(town, field, year):
    setattr(town, field, year)

    with pytest.raises(ValidationError) as refusal:
        town.full_clean()

    assert list(refusal.value.error_dict) == [field]


def test_line_of_a_record_stays_one_line(town):
    measure = factories.measure(town)
    measure.title, measure.description = "Мост\r\n через\u2028овраг", "Первая\nвторая"

    measure.full_clean()

    assert (measure.title, measure.description) == ("Мост через овраг", "Первая\nвторая")
