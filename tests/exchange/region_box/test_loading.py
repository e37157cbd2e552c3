"""The demo region loads whole, once, and not at all on a dry run."""

import csv
import datetime
import json
from pathlib import Path

import pytest

from documents.models import Document
from exchange.region_box import building, tables
from exchange.region_box.layout import BOUNDARIES, TABLES
from exchange.region_box.loading import load_region
from exchange.region_box.tables import BadFilesError
from municipalities.models import Boundary, Edition, Head, Municipality, Population, Region
from sessions.models import Practice, Proposal, Session
from strategies.models import (
    Funding,
    Goal,
    Indicator,
    IndicatorValue,
    Measure,
    Priority,
    Programme,
    Strategy,
)

from .records import everything

SAMARA = Path(__file__).parents[3] / "demo" / "samara"


def rows_of_demo():
    """How many rows every file of the demo region has, read without the code under test."""
    rows = {"boundaries": len(json.loads((SAMARA / "boundaries.geojson").read_text(encoding="utf-8"))["features"])}
    for path in SAMARA.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            rows[path.stem] = len(list(csv.DictReader(file)))
    return rows


def everything_of_demo():
    return sum(rows_of_demo().values())


@pytest.mark.slow
def test_load_region_brings_the_demo_region(db, committed, case, django_assert_max_num_queries):
    with committed():
        loaded = load_region(SAMARA)

    with case("every row, into an empty database"):
        assert {name: counts.added for name, counts in loaded.counts.items()} == rows_of_demo()
        models = [Region, Municipality, Population, Head, Document, Strategy, Goal, Priority, Programme, Measure,
                  Funding, Indicator, IndicatorValue, Session, Practice, Proposal, Boundary]  # fmt: skip
        assert [model.objects.count() for model in models] == [
            1, 38, 150, 27, 2, 16, 6, 36, 12, 29, 8, 31, 34, 21, 9, 22, 37
        ]  # fmt: skip
        assert Edition.current() == 1

    with case("the facts"):
        towns = Municipality.objects.in_programme().values_list("name", flat=True)
        assert list(towns) == [
            "Жигулёвск", "Кинель", "Новокуйбышевск", "Октябрьск", "Отрадный", "Похвистнево", "Сызрань", "Чапаевск"
        ]  # fmt: skip
        approved = (
            Strategy.objects.approved().order_by("act_date").values_list("municipality__slug", "act_number", "act_date")
        )
        assert list(approved) == [
            ("tolyatti", "131", datetime.date(2019, 1, 25)),
            ("zhigulevsk", "432", datetime.date(2019, 2, 21)),
        ]
        assert set(Measure.objects.values_list("status", flat=True)) == {"planned"}
        assert Measure.objects.filter(percent__isnull=False).count() == 0
        assert sum(Funding.objects.values_list("planned", flat=True)) == 766_600
        assert Session.objects.get(slug="regional-5-malye-goroda").towns.count() == 8
        linked = Proposal.objects.exclude(priority=None, measure=None).values_list("number", "measure__code")
        assert list(linked) == [("П-02", "PD-4")]
        assert (
            sum(model.objects.filter(is_sample=True).count() for model in (Strategy, Measure, Session, Proposal)) == 0
        )

    with case("a source of every fact"):
        models = {table.model for table in TABLES}
        assert {model.__name__: model.objects.filter(sources="").count() for model in models} == {
            model.__name__: 0 for model in models
        }

    with case("nothing the second time"):
        before = everything()

        again = load_region(SAMARA)

        assert (again.total.added, again.total.changed, again.total.unchanged, again.total.kept) == (
            0,
            0,
            everything_of_demo(),
            [],
        )
        assert everything() == before

    # A handful for every file, and one for each list of towns or priorities; none for each row.
    with case("the same queries for unchanged rows"), django_assert_max_num_queries(3 * (len(TABLES) + 1)):
        load_region(SAMARA)


@pytest.mark.slow
def test_load_region_dry_run_counts_and_writes_nothing(db):
    before = everything()

    loaded = load_region(SAMARA, dry_run=True)

    assert (loaded.total.added, loaded.total.changed) == (everything_of_demo(), 0)
    assert everything() == before


def test_load_region_tells_its_progress_every_so_many_rows(db, box, monkeypatch):
    for module in (tables, building):
        assert module.PROGRESS_EVERY == 1000
        monkeypatch.setattr(module, "PROGRESS_EVERY", 10)
    lines = [f"syzran,{year},{year},town,оценка" for year in range(1900, 1919)]
    box.write("populations.csv", "municipality,year,people,level,basis", *lines)
    said = []

    load_region(box.folder, progress=said.append)

    assert said == ["populations.csv: прочитано строк — 10", "populations.csv: проверено строк — 10"]


def test_load_region_takes_a_region_of_only_the_required_files(db, box):
    for path in list(box.folder.iterdir()):
        if path.name not in {"region.csv", "municipalities.csv"}:
            path.unlink()

    loaded = load_region(box.folder)

    assert (loaded.total.added, Municipality.objects.count()) == (4, 3)


def test_load_region_finds_towns_that_the_site_has_already(db, box):
    load_region(box.folder)
    for path in list(box.folder.iterdir()):
        if path.name != "region.csv":
            path.unlink()
    box.write("municipalities.csv", "slug,name,kind,in_programme", "kinel,Кинель,urban_okrug,yes")
    box.write("heads.csv", "municipality,name,since", "syzran,Николай Лядин,2013-11-14")

    loaded = load_region(box.folder)

    assert (loaded.total.added, Head.objects.get().municipality.slug) == (2, "syzran")


def test_load_region_refuses_a_folder_that_is_not_there(db, tmp_path):
    with pytest.raises(BadFilesError) as refused:
        load_region(tmp_path / "нет")

    assert [problem.text for problem in refused.value.problems] == [
        "такой папки нет; ожидалась папка с файлами региона"
    ]


def test_boundaries_are_read_after_the_tables():
    assert BOUNDARIES.name not in {table.name for table in TABLES}
