"""Reference towns: every town of the handbook once, and those that the site has stay as they are."""

import uuid
from decimal import Decimal
from pathlib import Path

import pytest

from exchange.region_box.loading import load_region
from exchange.region_box.tables import BadFilesError
from exchange.region_box.towns import load_towns, region_name
from municipalities.models import Edition, Municipality, Population, Region

HANDBOOK = Path(__file__).parents[3] / "demo" / "towns" / "all_russia_towns.csv"
HEADER = (
    "address,region_type,region,city,settlement_type,settlement,fias_id,oktmo,geo_lat,geo_lon,population,"
    "foundation_year,postal_code"
)


def line(name="Вольск", **cells):
    """A row of a handbook: by default Вольск of Саратовская область."""
    given = {
        "address": f"Саратовская обл, г {name}", "region_type": "обл", "region": "Саратовская", "city": name,
        "settlement_type": "", "settlement": "",
        "fias_id": uuid.uuid5(uuid.NAMESPACE_URL, name), "oktmo": "63611101001",
        "geo_lat": "52.0456391", "geo_lon": "47.3796872", "population": "66508", "foundation_year": "1699",
        "postal_code": "412900",
    }  # fmt: skip
    return ",".join(f'"{value}"' for value in (given | cells).values())


@pytest.fixture
def handbook(tmp_path):
    """Writes a handbook of the given rows and gives its path."""

    def write(*lines, header=HEADER, encoding="utf-8"):
        path = tmp_path / "towns.csv"
        path.write_bytes("\n".join([header, *lines, ""]).encode(encoding))
        return path

    return write


def refusal(path):
    """The lines that a handbook is refused with; nothing must have been written."""
    with pytest.raises(BadFilesError) as refused:
        load_towns(path)
    assert (Region.objects.count(), Municipality.objects.count(), Population.objects.count()) == (0, 0, 0)
    return [str(problem) for problem in refused.value.problems]


@pytest.mark.slow
def test_load_towns_takes_the_whole_handbook_once(db, committed):
    with committed():
        loaded = load_towns(HANDBOOK)

    assert (loaded.towns, loaded.regions, loaded.already, Edition.current()) == (1117, 85, 0, 1)
    assert [str(warning) for warning in loaded.warnings] == [
        "all_russia_towns.csv:599: ОКТМО 47737000005 уже стоит в строке 587 (Гаджиево): "
        "Полярный — загружено с пустым ОКТМО"
    ]
    towns = Municipality.objects.filter(is_reference=True, kind="town", in_programme=False)
    assert (towns.count(), towns.filter(oktmo=None).get().name) == (1117, "Полярный")
    assert Population.objects.filter(year=None, level="town", basis="справочник, год не указан").count() == 1117
    assert Region.objects.filter(is_active=False).count() == 85
    named = Municipality.objects.filter(name__in=["Москва", "Урус-Мартан", "Алупка", "Клин"]).order_by("name")
    assert list(named.values_list("name", "slug", "region__name")) == [
        ("Алупка", "alupka", "Республика Крым"),
        ("Клин", "klin", "Московская область"),
        ("Москва", "moskva", "Москва"),
        ("Урус-Мартан", "urus-martan", "Чеченская Республика"),
    ]

    with committed():
        again = load_towns(HANDBOOK)

    assert (again.towns, again.regions, again.already, Edition.current()) == (0, 0, 1117, 1)


def test_load_towns_leaves_towns_of_the_region_box_as_they_are(db, box, handbook):
    fias = "e9e684ce-7d60-4480-ba14-ca6da658188b"
    box.replace("municipalities.csv", "slug,name,kind,oktmo,parent", "slug,name,kind,fias_id,parent")
    box.replace("municipalities.csv", "urban_okrug,36735000", f"urban_okrug,{fias}")
    box.replace("municipalities.csv", "urban_okrug,36750000", "urban_okrug,")
    load_region(box.folder)
    before = Municipality.objects.filter(slug="syzran").values().get()
    path = handbook(
        line("Сызрань", region="Самарская", fias_id=fias, oktmo="36735000001"),
        line("Отрадный", region="Самарская", oktmo="36724000001"),
    )

    loaded = load_towns(path)

    assert (loaded.towns, loaded.regions, loaded.already) == (1, 0, 1)
    assert Municipality.objects.filter(slug="syzran").values().get() == before
    assert Municipality.objects.get(name="Отрадный").region.slug == "samara-oblast"


def test_load_towns_rounds_places_and_passes_over_years_before_our_era(db, handbook):
    load_towns(handbook(line("Керчь", foundation_year="-650")))

    town = Municipality.objects.get()
    assert (town.latitude, town.founded_year, town.note) == (
        Decimal("52.045639"), None, "Год основания по справочнику: -650."
    )  # fmt: skip


def test_load_towns_tells_towns_of_one_name_apart_by_region(db, handbook):
    load_towns(
        handbook(
            line("Кировск", region="Ленинградская", fias_id=uuid.UUID(int=1), oktmo="41625101001"),
            line("Кировск", region="Мурманская", fias_id=uuid.UUID(int=2), oktmo="47712000001"),
        )
    )

    assert list(Municipality.objects.order_by("slug").values_list("slug", flat=True)) == [
        "kirovsk-leningradskaya-oblast", "kirovsk-murmanskaya-oblast"
    ]  # fmt: skip


def test_load_towns_names_every_bad_row(db, handbook):
    path = handbook(
        line("Аткарск", population="много", oktmo="1"),
        line("Балаково", fias_id="нет", oktmo="2"),
        line("Вольск", oktmo="636"),
        line("Вольск", oktmo="63611101001"),
        line("Хвалынск", region_type="волость", oktmo="63648101001"),
    )

    assert refusal(path) == [
        "towns.csv:2: population: «много» — не целое число; ожидались только цифры, например 2018",
        "towns.csv:3: fias_id: «нет» — не код ФИАС; ожидался UUID из 32 знаков",
        "towns.csv:4: oktmo: ОКТМО состоит из 8 или 11 цифр.",
        "towns.csv:5: fias_id: повторяет строку 4; ожидалось без повторов",
        "towns.csv:6: region_type: «волость» не подходит; допустимо: г, Респ, обл, край, АО, Аобл",
    ]


def test_load_towns_refuses_a_missing_column(db, handbook):
    assert refusal(handbook(header="address,region")) == [
        f"towns.csv:1: нет столбца «{name}», он обязателен"
        for name in ("fias_id", "geo_lat", "geo_lon", "oktmo", "population", "region_type")
    ]


def test_load_towns_takes_the_encoding_of_excel(db, handbook):
    assert load_towns(handbook(line("Вольск"), encoding="cp1251")).towns == 1


def test_load_towns_refuses_a_file_that_is_not_there(db, tmp_path):
    assert refusal(tmp_path / "towns.csv") == ["towns.csv:1: такого файла нет"]


@pytest.mark.parametrize(
    ("kind", "name", "full"),
    [
        ("обл", "Саратовская", "Саратовская область"),
        ("обл", "Кемеровская область - Кузбасс", "Кемеровская область — Кузбасс"),
        ("край", "Пермский", "Пермский край"),
        ("Респ", "Адыгея", "Республика Адыгея"),
        ("Респ", "Чеченская", "Чеченская Республика"),
        ("Респ", "Саха /Якутия/", "Республика Саха (Якутия)"),
        ("Респ", "Северная Осетия - Алания", "Республика Северная Осетия — Алания"),
        ("Чувашия", "Чувашская Республика", "Чувашская Республика"),
        ("АО", "Ненецкий", "Ненецкий автономный округ"),
        ("АО", "Ханты-Мансийский Автономный округ - Югра", "Ханты-Мансийский автономный округ — Югра"),
        ("Аобл", "Еврейская", "Еврейская автономная область"),
        ("г", "Москва", "Москва"),
        ("волость", "Новая", None),
    ],
)
def test_region_name_is_written_in_full(kind, name, full):
    assert region_name(kind, name) == full
