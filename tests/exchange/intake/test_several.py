"""A workbook at once, hidden rows, likely twins, states, what one person said and another did not."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from exchange.models import ColumnMatch, TableImport
from strategies.models import Goal, Indicator, Measure, Priority
from tests import factories
from tests.exchange.intake.desk import Desk
from tests.exchange.tables.tables import book_file
from tests.pages import text


def workbook(sheets, *, active=0, name="Стратегия.xlsx"):
    """An uploaded book: {name of a sheet: rows}."""
    book, content = openpyxl.Workbook(), io.BytesIO()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.active = active
    book.save(content)
    return SimpleUploadedFile(name, content.getvalue())


WHOLE = {
    "Титул": [["Стратегия города"]],
    "Мероприятия": [
        ["№", "Мероприятие", "Срок", "2027, областной бюджет, тыс. руб.", "На какие приоритеты отвечает"],
        ["1", "Сквер у вокзала", "31.12.2027", 1500.5, "Дворы и парки"],
    ],
    "Цели": [["Цель"], ["Удобная среда"]],
    "Приоритеты": [["Приоритет", "Цель"], ["Дворы и парки", "Удобная среда"]],
    "Показатели": [
        ["Показатель", "Единица измерения", "Приоритет", "2027, план"], ["Новых парков", "ед.", "Дворы и парки", 3],
    ],
}  # fmt: skip


@pytest.mark.invariant(105)
def test_workbook_is_one_upload_one_check_and_one_transaction(desk, town):
    factories.strategy(town)
    desk.bring(workbook(WHOLE), town=town.pk)
    assert {sheet.title: sheet.kind and sheet.kind.code for sheet in desk.page.context["intake"].sheets} == {
        "Титул": None, "Мероприятия": "measures", "Цели": "goals", "Приоритеты": "priorities",
        "Показатели": "indicators",
    }  # fmt: skip

    if desk.asked is not None:
        desk.send("match")
    assert (desk.faults, TableImport.objects.count()) == ([], 1)
    desk.send("apply")

    assert [one.objects.count() for one in (Goal, Priority, Indicator, Measure)] == [1, 1, 1, 1]
    assert Priority.objects.get().goal == Goal.objects.get()
    assert TableImport.objects.get().counts == {
        "goals": [1, 0], "priorities": [1, 0], "measures": [1, 0], "indicators": [1, 0],
    }  # fmt: skip


@pytest.mark.invariant(106)
def test_of_two_sheets_with_the_same_the_open_one_goes_in_and_the_other_is_asked(desk):
    rows = {"Старая": [["Мероприятие", "Срок"], ["Мост", "31.12.2027"]],
            "Новая": [["Мероприятие", "Срок"], ["Парк", "31.12.2027"]]}  # fmt: skip
    desk.bring(workbook(rows, active=1))
    assert (desk.asked, [sheet.title for sheet in desk.page.context["chosen"]]) == (["лист «Старая»"], ["Новая"])

    desk.send("match", **{"s0-kind": "-"})
    desk.send("apply")
    desk.bring(workbook({name: [*one, ["Двор", "31.12.2028"]] for name, one in rows.items()}, active=1))

    assert desk.asked is None
    assert sorted(Measure.objects.values_list("title", flat=True)) == ["Парк"]


@pytest.mark.invariant(106)
@pytest.mark.parametrize(("said", "titles"), [("leave", ["Мост"]), ("take", ["Мост", "Парк"])])
def test_hidden_rows_are_asked_and_not_taken_in_silence(desk, said, titles):
    file = book_file([["Мероприятие", "Срок"], ["Мост", "31.12.2027"], ["Парк", "31.12.2027"]])
    book = openpyxl.load_workbook(file)
    book.active.row_dimensions[3].hidden = True
    content = io.BytesIO()
    book.save(content)
    desk.bring(SimpleUploadedFile("план.xlsx", content.getvalue()))
    assert desk.asked == ["скрытые строки"]

    desk.send("match", **{"s0-hidden": said})
    desk.send("apply")

    assert sorted(Measure.objects.values_list("title", flat=True)) == titles


def test_likely_twin_is_asked_on_the_page_and_settled_by_an_answer(desk, programme):
    known = factories.measure(
        programme.region, direction=programme.directions.get(), title="Парк «Победа»", status="draft"
    )
    desk.bring([["Мероприятие", "Срок"], ["Парк Победа.", "31.12.2027"]])
    desk.send("match")
    [(likely, choice)] = desk.page.context["parts"][0]["likely"]
    assert (likely.title, str(known.pk) in dict(choice.groups[0][1])) == ("Парк Победа.", True)

    desk.send("mend", **{choice.name: "new"})
    desk.send("apply")

    assert Measure.objects.count() == 2


def test_state_of_a_measure_is_told_and_never_taken(desk, programme):
    measure = factories.measure(programme.region, direction=programme.directions.get(), title="Мост", code="1")
    desk.bring([["Мероприятие", "Статус"], ["Мост", "в работе"]])
    [value] = desk.page.context["chosen"][0].to_match
    assert (value.text, value.what) == ("в работе", "состояние: только сверить")

    desk.send("match", **{value.choice.name: "выполняется"})

    assert "строка 2 — в таблице «выполняется», на сайте «запланировано»" in text(desk.page, "main")
    measure.refresh_from_db()
    assert measure.status == "planned"
    desk.bring([["Мероприятие", "Статус"], ["Мост", "в работе"]])
    assert desk.asked is None


def test_what_a_person_said_comes_before_what_a_colleague_said(desk, programme, approver):
    rows = [["Мероприятие", "Кто"], ["Мост", "Отдел"]]
    colleague = Desk(approver, programme)
    for one, field in ((desk, "responsible"), (colleague, "co_executors")):
        one.bring(rows)
        one.page = one.client.get(one.page.context["table"].get_absolute_url() + "?step=match")
        one.send("match", **{"s0-column-1": field})

    assert ColumnMatch.objects.count() == 2
    for one, field in ((desk, "responsible"), (colleague, "co_executors")):
        one.bring(rows)
        page = one.client.get(one.page.context["table"].get_absolute_url() + "?step=match")
        assert page.context["chosen"][0].columns[1].choice.value == field


def test_other_window_does_not_overwrite_what_was_said_in_silence(desk):
    desk.bring([["Мероприятие", "Кто"], ["Мост", "Отдел"]])
    first = desk.page
    desk.send("read", **{"s0-column-1": "responsible"})
    desk.page = first

    told = desk.send("match", **{"s0-column-1": "co_executors"})

    assert told.status_code == 422
    assert "таблицу поправили в другом окне" in text(told, "main")
