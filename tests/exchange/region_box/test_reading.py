"""Files that cannot be read: each is refused whole, by file and line, and the database stays as it was."""

import itertools

import pytest

from exchange.region_box.loading import load_region
from exchange.region_box.tables import BadFilesError
from tests.exchange.conftest import FILES

from .records import everything


def refusal(box):
    """The lines that a broken folder is refused with; the database must not have changed."""
    before = everything()
    with pytest.raises(BadFilesError) as refused:
        load_region(box.folder)
    assert everything() == before
    return [str(problem) for problem in refused.value.problems]


def test_reading_refuses_a_missing_file_without_a_cascade(db, box):
    box.remove("municipalities.csv")

    assert refusal(box) == ["municipalities.csv:1: файла нет, он обязателен"]


def test_reading_refuses_a_missing_column_without_a_cascade(db, box):
    box.write("strategies.csv", "code,municipality,title,version,status", "s1,syzran,Стратегия,1,discussion")

    assert refusal(box) == ["strategies.csv:1: нет столбца «kind», он обязателен"]


def test_reading_refuses_an_unknown_column_and_names_the_allowed_ones(db, box):
    box.replace("directions.csv", "code,programme,title", "code,programme,title,boss")

    assert refusal(box) == [
        "directions.csv:1: неизвестный столбец «boss»; допустимы: code, programme, title, curator, order, note, sources"
    ]


def test_reading_refuses_a_repeated_column(db, box):
    box.replace("directions.csv", "code,programme,title", "code,programme,title,title")

    assert refusal(box) == ["directions.csv:1: столбец «title» повторяется"]


def test_reading_takes_a_file_that_excel_saved(box, case):
    for path in list(box.folder.iterdir()):
        if path.name not in {"region.csv", "municipalities.csv"}:
            path.unlink()
    for encoding, separator in itertools.product(["cp1251", "utf-16", "mac_cyrillic"], [";", "\t", ","]):
        with case(f"{encoding} {separator!r}"):
            box.write("region.csv", *(line.replace(",", separator) for line in FILES["region.csv"]), encoding=encoding)

            assert load_region(box.folder).region.name == "Самарская область"


def test_reading_refuses_an_encoding_that_nobody_knows(db, box):
    box.write("region.csv", *FILES["region.csv"], encoding="iso8859-5")

    assert refusal(box)[0].startswith("region.csv:1: кодировку не узнали: русских слов не вышло")


def test_reading_takes_the_mark_that_excel_puts_before_utf_8(db, box):
    box.write("region.csv", *FILES["region.csv"], encoding="utf-8-sig")

    assert load_region(box.folder).region.name == "Самарская область"


def test_reading_names_the_line_where_a_row_begins(db, box):
    box.write(
        "directions.csv", "code,programme,title,note", 'd1,action,Городская среда,"в две', 'строки"', "d2,action,,",
    )  # fmt: skip

    assert refusal(box) == ["directions.csv:4: title: пусто; ожидалось: текст"]


def test_reading_refuses_a_row_with_too_few_values(db, box):
    box.replace("goals.csv", "g2,s1,g1,Чистые дворы", "g2,s1,Чистые дворы")

    assert refusal(box)[0] == "goals.csv:2: значений в строке 3, а столбцов 4: проверьте запятые и кавычки"


def test_reading_refuses_broken_quotes(db, box):
    box.write("directions.csv", "code,programme,title", 'd1,action,"Среда" города')

    assert refusal(box) == ["directions.csv:2: строка не читается как CSV (',' expected after '\"'); проверьте кавычки"]


def test_reading_refuses_an_unknown_file(db, box):
    box.write("programs.csv", "code")

    assert refusal(box)[0].startswith("programs.csv:1: неизвестный файл; допустимы: boundaries.geojson, directions.csv")


def test_reading_refuses_two_regions(db, box):
    box.write("region.csv", *FILES["region.csv"], "penza,Пензенская область,56")

    assert refusal(box) == ["region.csv:1: строк с регионами — 2; ожидалась ровно одна"]


def test_reading_refuses_a_repeated_oktmo_and_a_repeated_slug(db, box):
    box.write(
        "municipalities.csv", *FILES["municipalities.csv"],
        "kinel,Кинель,urban_okrug,36735000,,yes,", "syzran,Сызрань,urban_okrug,,,yes,",
    )  # fmt: skip

    assert refusal(box) == [
        "municipalities.csv:5: oktmo «36735000»: повторяет строку 3; ожидалось без повторов",
        "municipalities.csv:6: slug «syzran»: повторяет строку 3; ожидалось без повторов",
    ]


def test_reading_refuses_a_repeated_key_of_several_columns(db, box):
    box.write("populations.csv", *FILES["populations.csv"], "syzran,2021,165000,town,перепись")

    assert refusal(box) == [
        "populations.csv:4: municipality «syzran», year «2021», level «town», basis «перепись»: "
        "повторяет строку 3; ожидалось без повторов"
    ]


def test_reading_refuses_broken_geojson_by_its_line(db, box):
    box.write("boundaries.geojson", '{"type":"FeatureCollection",', '"features":[}')
    box.write("outline.geojson", '{"type":"Point"}')

    assert refusal(box) == [
        "boundaries.geojson:2: не читается как JSON: Expecting value",
        "outline.geojson:1: ожидался GeoJSON FeatureCollection с geometry и properties",
    ]


def test_reading_refuses_a_wrong_shape_and_a_missing_slug(db, box):
    box.write(
        "boundaries.geojson", '{"type":"FeatureCollection","features":[',
        '{"type":"Feature","properties":{"slug":"syzran"},"geometry":{"type":"Point","coordinates":[48.1,53.1]}},',
        '{"type":"Feature","properties":null,"geometry":{"type":"Polygon","coordinates":[]}}]}',
    )  # fmt: skip

    assert refusal(box) == [
        "boundaries.geojson:1: properties.slug: пусто; ожидался адрес города из municipalities.csv",
        "boundaries.geojson:2: geometry «Point» не подходит; допустимо: Polygon, MultiPolygon",
    ]


def test_reading_refuses_two_outlines(db, box):
    box.replace("outline.geojson", "]}\n", ',{"properties":{},"geometry":{"type":"Polygon","coordinates":[]}}]}\n')

    assert refusal(box) == ["outline.geojson:1: контуров — 2; ожидался ровно один"]
