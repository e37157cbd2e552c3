"""The search for conflicts: everything planted is found, and nothing else."""

from decimal import Decimal

import pytest
from django.core.management import call_command

from municipalities.models import Region
from strategies.coverage.conflicts.places import read_work, same_work
from strategies.coverage.conflicts.search import find_all, name_key, sum_in_words, unit_key
from strategies.models import Finding, Indicator, Measure
from tests import factories
from tests.strategies.coverage.planted import Planter

pytestmark = pytest.mark.filterwarnings("default")


def told(region):
    """{kind: sorted [titles of the measures, or names of the indicators]} of what is found."""
    found = {}
    for one in find_all(region):
        titles = [Measure.objects.get(pk=pk).title for pk in one.measures]
        names = [Indicator.objects.get(pk=pk).name for pk in one.indicators[:1]]
        found.setdefault(str(one.kind), []).append(sorted(titles or names))
    return {kind: sorted(rows) for kind, rows in found.items()}


@pytest.mark.invariant(56)
def test_twelve_planted_conflicts_are_found_whole_and_nothing_else(town, other_town, other_region):
    planter = Planter(town, other_town)
    planted = planter.plant()
    planter.plant_peace()

    assert sum(len(rows) for rows in planted.values()) == 12
    assert told(town.region) == {kind: sorted(sorted(row) for row in rows) for kind, rows in planted.items()}
    assert find_all(other_region) == []


@pytest.mark.slow
def test_clean_demo_region_gives_two_false_alarms_at_most(db, settings):
    settings.DEMO = True
    call_command("load_region", "demo/samara", verbosity=0)
    call_command("load_demo", verbosity=0)

    assert [one.text for one in find_all(Region.objects.get(slug="samara-oblast"))] == []


def test_searching_takes_the_same_queries_for_few_and_many(town, other_town, django_assert_num_queries):
    planter = Planter(town, other_town)
    planter.plant()
    with django_assert_num_queries(QUERIES):
        find_all(town.region)
    planter.plant_peace()
    with django_assert_num_queries(QUERIES):
        find_all(town.region)


QUERIES = 13


@pytest.mark.parametrize(
    ("one", "two", "is_same"),
    [
        ("Ремонт улицы Советской", "Асфальтирование ул. Советская", True),
        ("Ремонт ул. Горького", "Тротуар вдоль улицы Максима Горького", True),
        ("Ремонт улиц Ленина и Мира", "Дорога по улице Мира", True),
        ("Реконструкция набережной", "Благоустройство набережной", True),
        ("Озеленить центральную площадь", "Благоустройство Центральной площади", True),
        ("Ремонт улицы Ленинской", "Ремонт улицы Ленина", False),
        ("Ремонт 1-й Строительной улицы", "Ремонт 2-й Строительной улицы", False),
        ("Ремонт улицы Мира", "Газопровод по улице Мира", False),
        ("Благоустройство двора по ул. Мира, 5", "Благоустройство двора по ул. Мира, 7", False),
        ("Благоустройство двора по ул. Мира, 5", "Благоустройство дворов по ул. Мира, 5, 7", True),
        ("Ремонт улицы", "Ремонт улицы", False),
        ("Сквер у вокзала: освещение", "Осветить сквер у вокзала", True),
        ("Осветить сквер у вокзала", "Осветить сквер у школы", False),
    ],
)
def test_works_share_a_place_and_a_theme(one, two, is_same):
    assert (same_work(read_work(one), read_work(two), same_direction=False) is not None) is is_same


@pytest.mark.parametrize(
    ("one", "two", "is_same"),
    [
        ("Капремонт моста через реку Сызранку", "Ремонт моста через р. Сызранка", True),
        ("Ремонт школы № 14", "Капитальный ремонт здания МБОУ СОШ № 14", True),
        ("Ремонт дороги по пр-ту Гагарина", "Ремонт автомобильной дороги проспект Гагарина", True),
        (
            "Строительство детского сада на 240 мест в микрорайоне Юго-Западный",
            "Детский сад на 240 мест, мкр. Юго-Западный",
            True,
        ),
        ("Замена окон в детском саду «Сказка»", "Установка пластиковых окон, д/с «Сказка»", True),
        (
            "Обустройство пешеходного перехода на пересечении ул. Мира и ул. Победы",
            "Пешеходный переход на перекрёстке улиц Мира и Победы",
            True,
        ),
        ("Ремонт бульвара 50 лет Октября", "Благоустройство бул. 50-летия Октября", True),
        ("Модернизация котельной № 3", "Реконструкция котельной №3", True),
        ("Ремонт кровли Дворца культуры «Юность»", "Ремонт крыши ДК «Юность»", True),
        ("Реконструкция стадиона «Локомотив»", "Стадион Локомотив, капитальный ремонт", True),
        (
            "Благоустройство общественной территории: парк Победы",
            "Создание комфортной городской среды в парке Победы",
            True,
        ),
        ("Капитальный ремонт МБДОУ № 12", "Ремонт детского сада № 12", True),
        ("Озеленение аллеи Славы", "Посадка деревьев на Аллее Славы", True),
        ("Ремонт улицы Лесной в с. Рождествено", "Ремонт улицы Лесной в с. Выползово", False),
        ("Ремонт детского сада «Сказка» в пос. Новом", "Спортплощадка в детском саду «Сказка»", False),
        ("Ремонт школы № 4", "Ремонт школы № 5", False),
        ("Ремонт дома по ул. Чапаева, 5", "Ремонт улицы Чапаева", False),
        ("Ремонт двора по ул. Суворова, 12", "Ремонт дороги ул. Суворова", False),
        ("Школа на 600 мест в мкр. Южный", "Ремонт детского сада в мкр. Южный", False),
        ("Проведение Дня города на площади Мира", "Благоустройство площади Мира", False),
        ("Обучение учителей школы № 7", "Ремонт школы № 7", False),
        ("Сквер на ул. Кирова", "Ремонт дороги по ул. Кирова", False),
        ("Ремонт моста через реку Чапаевку", "Ремонт моста через реку Самару", False),
        ("Ремонт остановки «Школа № 5»", "Ремонт школы № 5", False),
    ],
)
def test_works_are_known_by_short_and_long_words_of_real_papers(one, two, is_same):
    read = [read_work(title) for title in (one, two)]

    assert [same_work(*read, same_direction=is_one) is not None for is_one in (False, True)] == [is_same] * 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Мост за 45 млн рублей", (Decimal(45000), Decimal(500))),
        ("Мост за 1,25 млрд руб.", (Decimal(1250000), Decimal(5000))),
        ("4 200,5 тыс. рублей", (Decimal("4200.5"), Decimal("0.05"))),
        ("до 45 млн рублей", None),
        ("по 5 млн рублей ежегодно", None),
        ("5 млн рублей и ещё 3 млн рублей", None),
        ("45 километров", None),
    ],
)
def test_sum_in_words_is_read_only_where_it_is_one_and_exact(text, said):
    assert sum_in_words(text) == said


def test_names_and_units_are_compared_without_endings():
    assert name_key("Доля отремонтированных дорог") == name_key("доля дорог, отремонтированных")
    assert name_key("Доля дорог") != name_key("Доля дворов")
    assert (unit_key("чел."), unit_key("%"), unit_key("тыс. человек")) == (
        unit_key("человек"),
        "%",
        unit_key("тыс чел"),
    )


def test_three_measures_on_one_street_make_one_finding(town):
    direction = factories.direction(town.region)
    measures = [
        factories.measure(town, title=title, direction=direction)
        for title in ("Ремонт улицы Мира", "Ямочный ремонт ул. Мира", "Тротуары на улице Мира")
    ]

    (found,) = find_all(town.region)
    assert (found.measures, found.text) == (
        tuple(one.pk for one in measures),
        "Сызрань, улица Мира, 2026–2027: «Ремонт улицы Мира»; «Ямочный ремонт ул. Мира»; «Тротуары на улице Мира».",
    )
    assert Finding.objects.count() == 0
