"""Rows that do not fit together: every fault is named once, and nothing of the folder is written."""

import pytest

from exchange.region_box.loading import load_region
from municipalities.models import Municipality
from sessions.models import Session
from strategies.models import Goal

from .test_reading import refusal


def test_building_takes_rows_of_one_file_in_any_order(db, box):
    load_region(box.folder)

    assert Goal.objects.get(text="Чистые дворы").parent.text == "Удобный город"


def test_building_refuses_goals_in_a_circle(db, box):
    box.replace("goals.csv", "g1,s1,,", "g1,s1,g2,")

    circle = "parent: строки ссылаются друг на друга по кругу; ожидалось дерево"
    assert refusal(box) == [f"goals.csv:2: {circle}", f"goals.csv:3: {circle}"]


SESSIONS = (
    "slug,level,kind,municipality,title,starts,gathered_in,status",
    "town-one,municipal,strategic,syzran,Сессия в Сызрани,2018-06-22,{gathered},held",
    "regional,regional,strategic,,Малые города,2018-08-14,{own},held",
)


def gathering(box, gathered, own=""):
    box.remove("proposals.csv")
    box.write("sessions.csv", *(line.format(gathered=gathered, own=own) for line in SESSIONS))


def test_building_tells_a_regional_session_what_it_gathered(db, box):
    gathering(box, "regional")

    load_region(box.folder)

    assert [one.slug for one in Session.objects.get(slug="regional").gathered.all()] == ["town-one"]


@pytest.mark.parametrize(
    ("gathered", "own", "line"),
    [
        ("", "town-one", "sessions.csv:3: gathered_in: Итоги подводит областная сессия того же региона."),
        ("", "regional", "sessions.csv:3: gathered_in: строки ссылаются друг на друга по кругу; ожидалось дерево"),
        (
            "moon",
            "",
            "sessions.csv:2: gathered_in: «moon» не найден в sessions.csv; ожидался код строки из этого файла",
        ),
    ],
)
def test_building_refuses_a_session_that_cannot_be_gathered(db, box, gathered, own, line):
    gathering(box, gathered, own)

    assert refusal(box) == [line]


def test_building_refuses_an_unknown_town_and_passes_over_what_hangs_on_it(db, box):
    box.replace("strategies.csv", "s1,syzran", "s1,sizran")

    assert refusal(box) == [
        "strategies.csv:2: municipality: «sizran» не найден в municipalities.csv и на сайте; "
        "ожидался код строки из этого файла"
    ]


def test_building_refuses_each_unknown_town_of_a_list(db, box):
    box.replace("measures.csv", "syzran;chapaevsk", "syzran;kinel;otradny")

    assert refusal(box) == [
        f"measures.csv:3: towns: «{slug}» не найден в municipalities.csv и на сайте; ожидался код строки из этого файла"
        for slug in ("kinel", "otradny")
    ]


def test_building_refuses_an_unknown_priority(db, box):
    box.replace("measure_priorities.csv", "p1,m1", "p9,m1")

    assert refusal(box) == [
        "measure_priorities.csv:2: priority: «p9» не найден в priorities.csv; ожидался код строки из этого файла"
    ]


def test_building_refuses_a_boundary_of_an_unknown_town(db, box):
    box.replace("boundaries.geojson", '"slug":"syzran"', '"slug":"kinel"')

    assert refusal(box) == [
        "boundaries.geojson:2: municipality: «kinel» не найден в municipalities.csv и на сайте; "
        "ожидался код строки из этого файла"
    ]


def test_building_does_not_call_rows_unknown_that_were_refused_themselves(db, box):
    box.replace("municipalities.csv", "syzran,Сызрань,urban_okrug", "сызрань,Сызрань,urban_okrug")
    for name in ("populations.csv", "documents.csv", "strategies.csv", "measures.csv", "sessions.csv", "proposals.csv"):
        path = box.folder / name
        path.write_text(path.read_text(encoding="utf-8").replace("syzran", "сызрань"), encoding="utf-8")
    box.remove("boundaries.geojson")

    assert refusal(box)[0] == (
        "municipalities.csv:3: slug: «сызрань» не подходит; ожидались латинские буквы, цифры и дефис"
    )
    assert [line for line in refusal(box) if "не найден" in line] == []


@pytest.mark.parametrize(
    ("file", "old", "new", "line"),
    [
        ("documents.csv", "2019-02-21", "21.02.2019",
         "documents.csv:2: date: «21.02.2019» — не дата; ожидалась дата вида 2018-06-22"),
        ("documents.csv", "2019-02-21", "2019-02-30",
         "documents.csv:2: date: «2019-02-30» — не дата; ожидалась дата вида 2018-06-22"),
        ("proposals.csv", "2018-06\n", "июнь 2018\n",
         "proposals.csv:2: said_on: «июнь 2018» — не дата; ожидалось 2018, 2018-06 или 2018-06-22"),
        ("sessions.csv", "2018-08-14 10:00", "14.08.2018 10:00",
         "sessions.csv:3: starts: «14.08.2018 10:00» — не дата; ожидалось 2018-06-22 или 2018-06-22 08:00"),
        ("funding.csv", "1500.5", "1 500,5".replace(",", "."),
         "funding.csv:2: planned: «1 500.5» — не число; ожидалось число с точкой и без пробелов, например 1234.5"),
        ("populations.csv", "167100", "167 100",
         "populations.csv:2: people: «167 100» — не целое число; ожидались только цифры, например 2018"),
        ("populations.csv", "167100", "9999999999",
         "populations.csv:2: people: «9999999999» вне границ; ожидалось число от 0 до 2147483647"),
        ("priorities.csv", "urban", "environment",
         "priorities.csv:2: sphere: «environment» не подходит; допустимо: economy, people, social, urban, utilities, "
         "ecology, tourism, governance"),
        ("measures.csv", "2027-12-31,planned", "2027-12-31,done",
         "measures.csv:2: status: «done» не подходит; допустимо: draft, planned"),
        ("municipalities.csv", "36750000,,yes", "36750000,,да",
         "municipalities.csv:4: in_programme: «да» не подходит; допустимо: yes, no"),
    ],
)  # fmt: skip
def test_building_refuses_a_cell_and_says_what_was_expected(db, box, file, old, new, line):
    box.replace(file, old, new)

    assert refusal(box) == [line]


@pytest.mark.parametrize(
    ("file", "old", "new", "line"),
    [
        ("municipalities.csv", "36735000", "3673500", "municipalities.csv:3: oktmo: ОКТМО состоит из 8 или 11 цифр."),
        ("municipalities.csv", "https://example.org/syzran", "https://пример сайта",
         "municipalities.csv:3: sources: Источник «https://пример сайта» не похож на адрес страницы."),
        ("measures.csv", "2027-12-31", "2031-12-31",
         "measures.csv:2: due: Срок должен быть внутри лет программы."),
        ("funding.csv", "2026", "2025", "funding.csv:2: year: Год денег раньше начала меры."),
        ("strategies.csv", "1,2018,2030,discussion", "1,2030,2018,discussion",
         "strategies.csv:3: Первый год должен быть раньше последнего."),
        ("measure_priorities.csv", "p1,m1", "p2,m1",
         "measure_priorities.csv:2: Мера и приоритет должны быть одного города."),
        ("indicator_values.csv", "2020,10,10", "2020,10,5",
         "indicator_values.csv:2: deviation_reason: Отклонение больше 5 %: напишите причину."),
        ("sessions.csv", "regional,regional", "regional,municipal",
         "sessions.csv:3: У муниципальной сессии есть город, у областной его нет."),
        ("sessions.csv", "2018-08-14 10:00", "2118-08-14 10:00", "sessions.csv:3: Сессия ещё не кончилась."),
        ("documents.csv", "https://example.org/act", "",
         "documents.csv:2: Приложите файл или укажите, где текст опубликован."),
    ],
)  # fmt: skip
def test_building_refuses_what_the_models_refuse(db, box, file, old, new, line):
    box.replace(file, old, new)

    assert refusal(box)[0] == line


def test_building_refuses_a_public_priority_of_a_draft_strategy(db, box):
    box.replace("strategies.csv", "2030,discussion", "2030,draft")
    box.replace("priorities.csv", "ecology,draft", "ecology,published")

    assert refusal(box) == [
        "priorities.csv:3: Сначала вынесите стратегию на обсуждение или утвердите её: приоритет черновика не публикуют."
    ]


def test_building_names_every_fault_of_every_file(db, box):
    box.replace("populations.csv", "167100", "много")
    box.replace("populations.csv", "165725,town", "165725,village")
    box.replace("directions.csv", "d1,action", "d1,reaction")
    box.replace("proposals.csv", "proposal,", "wish,")
    box.write("heads.csv", "municipality,name,since,until", "chapaevsk,Виталий Ащепков,2022,2017")

    assert refusal(box) == [
        "directions.csv:2: programme: «reaction» не найден в programmes.csv; ожидался код строки из этого файла",
        "heads.csv:2: until: Срок кончается раньше, чем начался.",
        "populations.csv:2: people: «много» — не целое число; ожидались только цифры, например 2018",
        "populations.csv:3: level: «village» не подходит; допустимо: town, district",
        "proposals.csv:2: kind: «wish» не подходит; допустимо: proposal, thesis, instruction, position, remark",
    ]


def test_building_refuses_a_town_of_another_region(db, box, other_region):
    Municipality.objects.create(region=other_region, name="Сызрань", slug="chapaevsk", oktmo="63000001")

    assert refusal(box)[0].startswith("municipalities.csv:4: slug: ")
