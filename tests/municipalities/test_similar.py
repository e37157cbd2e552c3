from decimal import Decimal

import pytest

from municipalities.models import Municipality
from municipalities.similar import distance_km, similar_to


def town(pk, name, people, *, mono=True, at=(53.0, 49.0), kind="urban_okrug"):
    """A town that was never saved."""
    place = Municipality(
        pk=pk, name=name, name_sort=name.lower(), is_monotown=mono, kind=kind,
        latitude=None if at is None else Decimal(str(at[0])), longitude=None if at is None else Decimal(str(at[1])),
    )  # fmt: skip
    place.people = people
    return place


def test_similar_towns_are_alike_by_size_economy_and_distance_and_say_why():
    here = town(1, "Чапаевск", 49_000)
    near = town(2, "Сызрань", 52_000, at=(53.0, 49.9))
    found = similar_to(here, [near])
    assert [one.town for one in found] == [near]
    assert found[0].km == 60
    kind, people, economy, way, _end = found[0].words.split(".")
    assert (kind, economy) == ("Тоже городской округ", " Оба моногорода")
    assert (people.startswith(" Жителей 52 тысяч"), people.endswith(", здесь 49")) == (True, True)
    assert way.startswith(" До него 60 километр")


@pytest.mark.parametrize(
    ("closer", "farther"),
    [
        (town(2, "Б", 50_000), town(3, "А", 90_000)),
        (town(2, "Б", 50_000), town(3, "А", 50_000, mono=False)),
        (town(2, "Б", 50_000), town(3, "А", 50_000, mono=None)),
        (town(2, "Б", 50_000), town(3, "А", 50_000, at=(58.0, 60.0))),
        (town(2, "Б", 50_000), town(3, "А", 50_000, at=None)),
        (town(2, "Б", 50_000), town(3, "А", 50_000, kind="town")),
    ],
)
def test_similar_towns_come_by_each_difference(closer, farther):
    here = town(1, "Чапаевск", 49_000)
    assert [one.town.pk for one in similar_to(here, [farther, closer])] == [2, 3]


def test_similar_towns_are_compared_by_the_figures_that_both_have():
    here, one, other = town(1, "Я", 50_000), town(2, "Б", 50_000), town(3, "А", 50_000)
    key = ("безработица", "%")
    found = similar_to(here, [one, other], {1: {key: 2}, 2: {key: Decimal("2.1")}, 3: {key: 8}})
    assert [alike.town.pk for alike in found] == [2, 3]
    assert "Близки показатели: безработица." in found[0].words
    assert "Близки" not in found[1].words


def test_towns_four_times_as_large_or_without_people_are_never_alike():
    here = town(1, "Я", 50_000)
    assert similar_to(here, [town(2, "Б", 200_001), town(3, "В", None), here]) == []
    assert [one.town.pk for one in similar_to(here, [town(2, "Б", 200_000)])] == [2]
    assert similar_to(town(1, "Я", None), [town(2, "Б", 50_000)]) == []


def test_what_is_not_known_is_said_and_makes_nobody_alike():
    here = town(1, "Я", 50_000, mono=None, at=None)
    found = similar_to(here, [town(2, "Б", 50_000, mono=None, at=None)])
    assert found[0].unlike == 0.5
    assert found[0].words == "Тоже городской округ. Жителей 50 тысяч, здесь 50. Расстояние не найдено."


def test_distance_is_that_of_the_great_circle():
    samara, moscow = town(1, "Самара", 1, at=(53.1959, 50.1002)), town(2, "Москва", 1, at=(55.7558, 37.6173))
    assert abs(distance_km(samara, moscow) - 857) <= 3
    assert distance_km(samara, samara) == 0
    assert distance_km(samara, town(3, "Я", 1, at=None)) is None
