"""Coverage as a workbook: the rows of the page, real numbers and dates, and nothing that is computed."""

import datetime
import io
import zipfile

import openpyxl
import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from exchange.papers import coverage_sheet
from exchange.sheets.write import CONTENT_TYPE
from strategies.coverage.gaps import Kind, gaps_of, read_gaps, towns_of
from tests import factories
from tests.strategies.coverage.test_gaps import answer, moment

ADDRESS = "/programme/coverage.xlsx"


def book(response):
    return openpyxl.load_workbook(io.BytesIO(response.content))


def values(sheet):
    return [list(row) for row in sheet.iter_rows(values_only=True)]


@pytest.fixture
def river(town, other_town):
    """A priority without a measure in Сызрань; in Чапаевск a measure for which nobody answers."""
    factories.measure(other_town, title="Причал", direction=factories.direction(town.region, title="Туризм"))
    return factories.priority(factories.strategy(town), title="Река", sphere="ecology", published_at=moment(40))


def test_workbook_holds_the_rows_of_the_page(client, river):
    response = client.get(ADDRESS)
    page = client.get("/programme/coverage/").context["matrix"]

    assert response.headers["Content-Type"] == CONTENT_TYPE
    today = timezone.localdate()
    assert response.headers["Content-Disposition"] == f'attachment; filename="ohvat-samara-oblast-{today}.xlsx"'
    assert values(book(response)["Города"]) == [
        [f"Охват программы, Самарская область. По состоянию на {today:%d.%m.%Y}", *[None] * 5],
        ["Город", *(column.title for column in page.columns), "Приоритетов", "Без меры", "Не подтверждено"],
        *(
            [row.town.name, *(cell.words for cell in row.cells), sum(cell.total for cell in row.cells), row.without,
             row.waiting]
            for row in page.rows
        ),
        ["Без меры", 1, 0, 1, 1, 0],
    ]  # fmt: skip


def test_workbook_has_real_numbers_and_dates(client, river):
    answer(river, Kind.NO_MEASURE, due=datetime.date(2026, 11, 1), responsible="Минприроды", why="Ждём изысканий.")
    today = timezone.localdate()

    row = values(book(client.get(ADDRESS))["Пробелы"])[2]

    since = today - datetime.timedelta(days=40)
    late = (today - datetime.date(2026, 11, 1)).days
    assert row == [
        "Сызрань", "на приоритет не отвечает ни одна мера", "Река", datetime.datetime(*since.timetuple()[:3]), 40,
        "Минприроды", None, datetime.datetime(2026, 11, 1), "готовят", late, "Ждём изысканий.",
        f"{settings.SITE_URL}/priorities/{river.pk}/",
    ]  # fmt: skip


def test_workbook_lists_every_gap_of_the_page(client, river, region):
    today = timezone.localdate()
    gaps = read_gaps(gaps_of(region, today), region, today)

    shown = [(row[1], row[2]) for row in values(book(client.get(ADDRESS))["Пробелы"])[2:]]

    assert shown == [(gap.label, gap.subject.title) for gap in gaps]
    assert len(shown) == 4


def test_workbook_lists_priorities_by_measures_of_every_town_chosen(client, river, town):
    quay = factories.priority(river.strategy, title="Причалы", sphere="")
    link = factories.link(quay, factories.measure(town, title="Дебаркадер"))
    factories.commitment(link, "region")
    factories.link(quay, factories.measure(town, title="Черновик", status="draft"))
    type(link.measure).objects.filter(pk=link.measure_id).update(is_sample=True)

    rows = values(book(client.get(f"{ADDRESS}?town=syzran"))["Приоритеты и меры"])

    assert rows[1:] == [
        ["Город", "Сфера", "Приоритет", "Мера", "Обещано", "Слово сторон", "Срок меры"],
        ["Сызрань", "экология", "Река", "мер нет", None, None, None],
        [
            "Сызрань",
            "не указана",
            "Причалы",
            "Дебаркадер (пример)",
            "обещано в 2026 году",
            "ждём город",
            datetime.datetime(2027, 12, 31),
        ],
    ]
    assert values(book(client.get(f"{ADDRESS}?sphere=ecology"))["Приоритеты и меры"])[2:] == rows[2:3]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "#"])
def test_text_that_looks_like_a_formula_stays_text(client, river, start):
    words = f'{start}HYPERLINK("http://example.org"; "Река")'
    type(river).objects.update(title=words)
    answer(river, Kind.NO_MEASURE, why=f"{start}1+1", responsible=f"{start}A1")

    response = client.get(ADDRESS)

    row = book(response)["Пробелы"][3]
    assert [(row[n].value, row[n].data_type, row[n].quotePrefix) for n in (2, 5, 10)] == [
        (words, "s", True), (f"{start}A1", "s", True), (f"{start}1+1", "s", True),
    ]  # fmt: skip
    parts = zipfile.ZipFile(io.BytesIO(response.content))
    assert [name for name in parts.namelist() if name.endswith(".xml") and b"<f>" in parts.read(name)] == []


def test_letters_that_no_workbook_takes_are_left_out(client, river):
    answer(river, Kind.NO_MEASURE, why="Ждём\x0bизысканий.")

    assert values(book(client.get(ADDRESS))["Пробелы"])[2][10] == "Ждёмизысканий."


def test_workbook_obeys_the_filters_of_the_page(client, river):
    shown = {
        query: [
            [row[0] for row in values(book(client.get(f"{ADDRESS}?{query}"))[sheet])[2:]]
            for sheet in ("Города", "Пробелы")
        ]
        for query in ("town=syzran", "sphere=ecology", "state=only")
    }

    assert shown == {
        "town=syzran": [["Сызрань", "Без меры"], ["Сызрань"]],
        "sphere=ecology": [["Сызрань", "Чапаевск", "Без меры"], ["Сызрань"]],
        "state=only": [["Чапаевск", "Без меры"], ["Чапаевск"] * 3],
    }


def test_workbook_of_nonsense_is_not_there(client, river):
    assert [client.get(f"{ADDRESS}?{query}").status_code for query in ("town=atlantida", "state=шум")] == [404, 404]


def test_workbook_is_not_there_on_an_empty_site(client, db):
    assert client.get(ADDRESS).status_code == 404


def test_workbook_speaks_english(client, river):
    assert client.get(f"/en{ADDRESS}").status_code == 200


def test_workbook_answers_conditional_requests(client, river):
    etag = client.get(ADDRESS).headers["ETag"]

    assert client.get(ADDRESS, headers={"If-None-Match": etag}).status_code == 304


def test_workbook_that_is_too_long_says_so(monkeypatch, river, region):
    monkeypatch.setattr(coverage_sheet, "GAPS_MAX", 2)

    made = coverage_sheet.coverage_sheet(region, towns_of(region), timezone.localdate())

    rows = values(openpyxl.load_workbook(io.BytesIO(made))["Пробелы"])[2:]
    assert (len(rows), rows[2][0]) == (3, "Здесь первые 2 пробелов, все — на сайте.")


@pytest.mark.parametrize("number", [1, 3])
def test_workbook_asks_the_same_number_of_queries_however_many_rows(town, region, number):
    for place in [town, *(factories.make(type(town), region=region, name=f"Город {n}", slug=f"t{n}", kind="town",
                                         in_programme=True) for n in range(number))]:  # fmt: skip
        answer(factories.priority(factories.strategy(place)), Kind.NO_MEASURE)
        factories.measure(place)

    with CaptureQueriesContext(connection) as caught:
        coverage_sheet.coverage_sheet(region, towns_of(region), timezone.localdate())

    assert len(caught) == 11
