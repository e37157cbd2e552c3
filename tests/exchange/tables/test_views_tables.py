"""Bulk entry on its pages: upload, columns said once, preview, all or nothing; who may, who is told."""

import io
import json
from decimal import Decimal

import openpyxl
import pytest
from django.urls import reverse

from accounts.models import JournalEntry
from exchange.models import ColumnMatch
from strategies.models import Funding, Measure, Priority
from tests import factories, files
from tests.conftest import StrictClient
from tests.exchange.tables.tables import csv_file
from tests.pages import text

ROWS = [["№", "Мероприятие", "Срок", "2026, руб.", "Кто делает"], ["1", "Мост", "31.12.2027", "2500", "Администрация"]]
PAGE = "/office/tables/"
QUERIES = {"priorities": 9, "measures": 10}


def browser(person):
    """A browser of a person."""
    client = StrictClient()
    client.force_login(person)
    return client


@pytest.fixture
def programme(region):
    return factories.direction(region, title="Дороги").programme


@pytest.fixture
def desk(region_editor):
    """The browser of the region's editor."""
    return browser(region_editor)


def asked(programme, **more):
    """The first form, filled."""
    return {"kind": "measures", "programme": programme.pk, "file": csv_file(ROWS)} | more


def carried(page):
    """What the page hands to the next step."""
    context = page.context
    data = dict(context["carried"])
    if context.get("asked") is not None:
        data |= {f"column-{place}": name for place, name in context["asked"].match.fields.items()}
    return data | ({"seen": context["plan"].digest} if context.get("plan") else {})


def previewed(desk, programme, rows=None):
    """The preview of a table, its columns said without being kept."""
    page = desk.post(PAGE, asked(programme, **({"file": csv_file(rows)} if rows else {})))
    return desk.post(PAGE, carried(page) | {"do": "match", "column-4": "responsible", "source": "local"})


def test_columns_are_known_by_words_and_shown_with_what_they_hold(desk, programme):
    page = desk.post(PAGE, asked(programme))

    assert page.status_code == 200
    assert [(head, samples, field.initial) for head, samples, field in page.context["asked"].columns()] == [
        ("№", ["1"], "code"), ("Мероприятие", ["Мост"], "title"), ("Срок", ["31.12.2027"], "due"),
        ("2026, руб.", ["2500"], "money:2026:"), ("Кто делает", ["Администрация"], ""),
    ]  # fmt: skip


@pytest.mark.invariant(104)
def test_unit_of_money_that_nobody_writes_is_asked_once_i81(desk, programme, region):
    rows = [["№", "Мероприятие", "Срок", "2026, местный бюджет"], ["1", "Мост", "31.12.2027", "1500000"]]
    page = desk.post(PAGE, asked(programme, file=csv_file(rows)))

    refused = desk.post(PAGE, carried(page) | {"do": "match"})
    plan = desk.post(PAGE, carried(refused) | {"do": "match", "unit": "0.001", "match_name": "План"})
    desk.post(PAGE, carried(plan) | {"do": "apply"})
    again = desk.post(PAGE, asked(programme, file=csv_file(rows)))
    other = desk.post(PAGE, asked(programme, file=csv_file([["в тыс. руб."], *rows])))

    assert (page.context["asked"]["unit"].value(), refused.status_code) == (None, 422)
    assert "Не сказано, в чём деньги" in text(refused, "main")
    assert list(Funding.objects.values_list("planned", flat=True)) == [1500]
    assert (again.context["match"].unit, other.context["match"].unit) == (Decimal("0.001"), 1)  # what is written wins


def test_refused_columns_keep_the_file_and_everything_said(desk, programme):
    page = desk.post(PAGE, asked(programme))

    refused = desk.post(PAGE, carried(page) | {"do": "match", "column-4": "title", "match_name": "План"})
    mended = desk.post(PAGE, carried(refused) | {"do": "match", "column-4": "responsible", "source": "local"})

    assert refused.status_code == 422
    assert "«мероприятие» выбрано дважды: «Мероприятие» и «Кто делает»." in text(refused, "main")
    assert "Скажите, чьи это деньги: в шапке источник не назван." in text(refused, "main")
    assert [refused.context["asked"][name].value() for name in ("column-4", "match_name")] == ["title", "План"]
    assert (mended.status_code, len(mended.context["plan"].added), ColumnMatch.objects.count()) == (200, 1, 0)


def test_direction_of_new_measures_is_said_once_and_kept_to_the_end(desk, programme):
    factories.direction(programme.region, programme=programme, title="Школы")
    page = desk.post(PAGE, asked(programme))
    choices = [name for name, _label in page.context["asked"]["direction"].field.choices]
    said = carried(page) | {"do": "match", "source": "local", "direction": "Школы", "match_name": "План"}

    preview = desk.post(PAGE, said)
    desk.post(PAGE, carried(preview) | {"do": "apply"})

    assert choices == ["", "Дороги", "Школы"]
    assert (Measure.objects.get().direction.title, preview.context["plan"].faults) == ("Школы", [])
    assert desk.post(PAGE, asked(programme)).context["match"].direction == "Школы"


def test_columns_said_once_are_not_asked_again(desk, programme, region, region_editor):
    page = desk.post(PAGE, asked(programme))
    said = carried(page) | {"do": "match", "column-4": "responsible", "source": "local", "match_name": "План города"}
    desk.post(PAGE, said)

    again = desk.post(PAGE, asked(programme))

    kept = ColumnMatch.objects.get()
    assert (kept.region, kept.kind, kept.name, kept.created_by) == (region, "measures", "План города", region_editor)
    assert (again.context["match_name"], again.context["plan"].total) == ("План города", 1)
    rematch = desk.post(PAGE, carried(again) | {"do": "rematch"})
    assert rematch.context["asked"]["column-4"].value() == "responsible"


def test_table_goes_in_after_the_preview_and_measures_wait_as_drafts(desk, programme, town, region_editor):
    page = previewed(desk, programme)
    before = Measure.objects.count()

    answer = desk.post(PAGE, carried(page) | {"do": "apply"}, follow=True)

    assert (page.status_code, before) == (200, 0)
    assert "Внесено записей: 1." in text(answer, "body")
    measure = Measure.objects.get()
    assert (measure.code, measure.title, measure.status, measure.created_by) == ("1", "Мост", "draft", region_editor)
    assert [(row.year, row.source, row.planned) for row in Funding.objects.all()] == [(2026, "local", 2.5)]


def test_progress_of_a_table_is_told_line_by_line(desk, programme):
    page = previewed(desk, programme)

    stream = desk.post(PAGE, carried(page) | {"do": "apply"}, headers={"accept": "application/x-ndjson"})

    lines = [json.loads(line) for line in b"".join(stream.streaming_content).splitlines()]
    assert (lines[0], lines[-2:]) == ({"done": 0, "of": 4}, [{"done": 1, "of": 1}, {"location": PAGE}])
    assert [line["done"] / line["of"] for line in lines[:-1]] == sorted(
        line["done"] / line["of"] for line in lines[:-1]
    )


def test_faults_stand_by_row_and_column_and_the_table_can_be_checked_again(desk, programme):
    page = previewed(desk, programme, [ROWS[0], ["1", "Мост", "31.02.2027", "=1", "А"]])

    assert page.status_code == 422
    assert [fault.cell for fault in page.context["plan"].faults] == ["C2", "D2"]
    assert "«31.02.2027» — такой даты нет" in text(page, "main")
    again = desk.post(PAGE, carried(page) | {"do": "apply"})
    assert (again.status_code, "Ничего не внесли." in text(again, "main"), Measure.objects.count()) == (422, True, 0)


def test_second_of_two_people_is_told_and_nothing_is_doubled(desk, programme, approver):
    other = browser(approver)
    mine, theirs = previewed(desk, programme), previewed(other, programme)
    other.post(PAGE, carried(theirs) | {"do": "apply"})

    told = desk.post(PAGE, carried(mine) | {"do": "apply"})

    assert told.status_code == 422
    assert "Всё, что в этой таблице, на сайте уже так и стоит." in text(told, "main")
    assert Measure.objects.count() == 1


def test_table_that_would_do_something_else_than_shown_is_refused(desk, programme):
    page = previewed(desk, programme)
    factories.measure(
        programme.region, direction=programme.directions.get(), code="1", title="Мост иной", status="draft"
    )

    told = desk.post(PAGE, carried(page) | {"do": "apply"})

    assert (told.status_code, Measure.objects.get().title) == (422, "Мост иной")
    assert "Пока вы смотрели, записи изменил кто-то другой." in text(told, "main")
    assert [edit.new for edit in told.context["plan"].edits][:2] == ["Мост", "2,5"]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"\xd0\xcf\x11\xe0old", "Это старый формат Excel (.xls)."),
        (files.DOCX, "Подходят таблицы XLSX и CSV: этот файл другого вида."),
        (files.MACRO_SHEET, "В файле есть макросы."),
        (files.bomb(), "Файл слишком велик внутри"),
        (b"PK\x03\x04 broken", "Файл повреждён"),
        (files.XLSX, "Таблица повреждена"),
        (b"\x89PNG\0\0", "Подходят таблицы XLSX и CSV: этот файл другого вида."),
        (b"", "Файл пустой."),
        (b"\n\n", "В таблице нет ни одной строки."),
        ("слова\nслова".encode(), "Не нашли шапку таблицы."),
        (b"a;" * 300, "Столбцов больше 200."),
        (b"1;2\n" * 20_001, "В таблице больше 20 000 строк."),
    ],
    ids=["xls", "docx", "macros", "bomb", "broken", "no book", "picture", "empty", "blank", "no head", "wide", "long"],
)  # fmt: skip
def test_file_that_is_no_table_is_refused_in_words_and_choices_stay(desk, programme, content, told):
    file = csv_file([])
    file.file, file.size = io.BytesIO(content), len(content)

    page = desk.post(PAGE, asked(programme, file=file))

    assert (page.status_code, page.context["form"]["programme"].value()) == (422, str(programme.pk))
    assert told in text(page, "main")


def test_packed_table_of_somebody_elses_making_is_refused(desk, programme):
    page = desk.post(PAGE, {"kind": "measures", "programme": programme.pk, "sheet": "x:y", "do": "apply"})

    assert (page.status_code, "Загрузите таблицу ещё раз." in text(page, "main")) == (422, True)


@pytest.mark.parametrize("who", ["head", "editor", "wg_member", "region_admin"])
def test_only_those_who_prepare_the_programme_bring_tables(request, programme, who):
    assert browser(request.getfixturevalue(who)).post(PAGE, asked(programme)).status_code == 403


def test_people_of_another_region_bring_no_tables(programme, other_approver):
    stranger = browser(other_approver).post(PAGE, asked(programme))

    assert (stranger.status_code, list(stranger.context["form"].errors)) == (422, ["programme"])
    assert Measure.objects.count() == 0


def test_export_gives_one_programme_to_its_own_people_only(desk, programme, town, other_town, other_approver):
    direction = programme.directions.get()
    factories.measure(town, direction=direction, title="Мост")
    factories.measure(other_town, direction=direction, title="Парк")
    address = reverse("office:tables_export")
    query = {"kind": "measures", "programme": programme.pk, "town": town.pk}

    book = desk.get(address, query)
    sheet = desk.get(address, query | {"format": "csv"})
    stranger = browser(other_approver).get(address, query)

    rows = list(openpyxl.load_workbook(io.BytesIO(book.content)).active.values)
    place = rows[0].index("мероприятие")
    assert [row[place] for row in rows] == ["мероприятие", "Мост"]
    assert sheet.content.decode("utf-8-sig").splitlines()[1].split(";")[place] == "Мост"
    assert (book.headers["Cache-Control"], stranger.status_code) == ("private, no-store", 404)


def test_match_said_wrong_is_deleted_in_the_workshop_by_its_own_region_only(region, region_editor, other_approver):
    match = ColumnMatch.objects.create(region=region, kind="measures", name="План", columns={"title": "Мера"})
    change = reverse("admin:exchange_columnmatch_change", args=[match.pk])
    delete = reverse("admin:exchange_columnmatch_delete", args=[match.pk])

    stranger = [browser(other_approver).get(change).status_code, browser(other_approver).post(delete).status_code]
    seen = browser(region_editor).get(change)
    kept = ColumnMatch.objects.count()
    browser(region_editor).post(delete, {"post": "yes"})

    assert (stranger, seen.status_code, kept, ColumnMatch.objects.count()) == ([302, 302], 200, 1, 0)


# ——— Publishing ———


def test_drafts_are_published_in_one_act_through_their_door(programme, town, approver):
    direction = programme.directions.get()
    made = [factories.measure(town, direction=direction, status="draft") for _one in range(3)]
    client, address = browser(approver), reverse("office:tables_publish")
    shown = client.get(address).context

    answer = client.post(address, {"list": shown["code"], "seen": shown["mark"]}, follow=True)

    assert shown["lists"] == [(str(programme.pk), programme.title, 3, False)]
    assert "Опубликовано записей: 3." in text(answer, "body")
    assert {one.status for one in Measure.objects.all()} == {"planned"}
    assert sorted(JournalEntry.objects.values_list("object_id", "to_status", "actor")) == [
        (one.pk, "planned", approver.pk) for one in made
    ]


def test_list_of_drafts_that_changed_is_not_published(programme, town, approver):
    direction = programme.directions.get()
    factories.measure(town, direction=direction, status="draft")
    client, address = browser(approver), reverse("office:tables_publish")
    shown = client.get(address).context
    factories.measure(town, direction=direction, status="draft", title="Позже")

    told = client.post(address, {"list": shown["code"], "seen": shown["mark"]})

    assert told.status_code == 422
    assert "Пока вы смотрели, черновики изменились." in text(told, "main")
    assert {one.status for one in Measure.objects.all()} == {"draft"}


def test_editor_and_strangers_publish_nothing(programme, town, region_editor, other_approver):
    factories.measure(town, direction=programme.directions.get(), status="draft")
    address = reverse("office:tables_publish")

    assert browser(region_editor).post(address, {"list": programme.pk}).status_code == 403
    assert browser(other_approver).post(address, {"list": programme.pk}).status_code == 404
    assert browser(other_approver).get(address).context["lists"] == []


def test_draft_priorities_of_strategies_that_nobody_sees_are_not_offered(town, approver):
    factories.priority(factories.strategy(town), status="draft", title="Парк")
    factories.priority(factories.strategy(town, status="draft"), status="draft", title="Мост")
    client, address = browser(approver), reverse("office:tables_publish")
    shown = client.get(address).context

    client.post(address, {"list": "priorities", "seen": shown["mark"]})

    assert sorted(Priority.objects.values_list("title", "status")) == [("Мост", "draft"), ("Парк", "published")]


def test_page_of_drafts_asks_the_same_whatever_their_number(region, town, approver, django_assert_num_queries):
    client, address = browser(approver), reverse("office:tables_publish")
    for number in (1, 3):
        for _one in range(number):
            direction = factories.direction(region)
            for _draft in range(number):
                factories.measure(town, direction=direction, status="draft")
                factories.priority(factories.strategy(town), status="draft")
        with django_assert_num_queries(QUERIES["priorities"]):
            assert client.get(address).context["code"] == "priorities"
        with django_assert_num_queries(QUERIES["measures"]):
            assert client.get(address, {"list": direction.programme_id}).context["total"] == number
