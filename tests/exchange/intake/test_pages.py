"""A table through its pages: brought, matched, checked, mended, taken in whole or not at all; who may, who is told."""

import io
import json

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from exchange.models import ColumnMatch, TableImport
from strategies.models import Funding, Measure
from tests import factories, files
from tests.exchange.intake.desk import PAGE, Desk, fields
from tests.exchange.tables.tables import csv_file
from tests.pages import text

HEAD = ["№", "Мероприятие", "Срок", "2026, руб.", "Кто делает"]
ROWS = [HEAD, ["1", "Мост", "31.12.2027", "2500", "Администрация"]]
SAID = {"s0-column-4": "responsible", "s0-once-source": "local"}


@pytest.mark.invariant(106)
def test_columns_are_shown_with_how_sure_the_site_is_and_what_is_unknown_is_asked(desk):
    desk.bring(ROWS)

    assert desk.chosen == {
        "№": ("code", "ok"), "Мероприятие": ("title", "ok"), "Срок": ("due", "ok"), "2026, руб.": ("money:2026:", "ok"),
        "Кто делает": ("", "bad"),
    }  # fmt: skip
    assert desk.asked == ["столбец E", "чьи это деньги"]
    assert "Осталось выбрать 2: столбец E чьи это деньги" in text(desk.page, "main")
    refused = desk.send("match")
    assert (refused.status_code, TableImport.objects.get().said.get("confirmed")) == (422, None)


def test_what_is_said_stays_through_refusals_reloads_and_other_steps(desk):
    desk.bring(ROWS)
    address = desk.page.context["table"].get_absolute_url()

    desk.send("match", **{"s0-column-4": "title"})
    again = desk.client.get(address)

    assert {one.head: one.choice.value for one in again.context["chosen"][0].columns}["Кто делает"] == "title"
    assert "чьи это деньги" in [one.words for one in again.context["questions"]]
    desk.page = again
    desk.send("match", **{"s0-once-source": "local"})
    assert "«мероприятие» выбрано дважды: «Мероприятие» и «Кто делает»." in text(desk.page, "main")
    desk.send("match", **{"s0-column-4": "responsible"})
    assert desk.page.context["plan"].total == 1


def test_columns_that_nobody_needs_are_left_out_in_one_tick(desk):
    desk.bring([[*HEAD, "Сл.поле", "Шифр"], [*ROWS[1], "х1", "ф-2"]])

    desk.send("match", **{"s0-rest": "on", "s0-once-source": "local"})

    assert desk.page.context["plan"].total == 1
    assert "Эти столбцы не вносим: «Кто делает», «Сл.поле», «Шифр»." in text(desk.page, "main")


def test_table_goes_in_after_the_check_and_measures_wait_as_drafts(desk, region_editor):
    desk.bring(ROWS)
    desk.send("match", **SAID)
    before = Measure.objects.count()

    desk.send("apply")

    assert (before, "Внесено записей: 1." in text(desk.page, "body")) == (0, True)
    measure = Measure.objects.get()
    assert (measure.code, measure.title, measure.status, measure.created_by) == ("1", "Мост", "draft", region_editor)
    assert [(row.year, row.source, row.planned) for row in Funding.objects.all()] == [(2026, "local", 2.5)]
    table = TableImport.objects.get()
    assert (table.counts, table.created_by, bytes(table.grids)) == ({"measures": [1, 0]}, region_editor, b"")


def test_second_table_of_the_form_is_one_upload_and_one_tap(desk):
    desk.bring(ROWS)
    desk.send("match", **SAID)
    desk.send("apply")
    desk.loads = 0

    desk.bring([["№", "Мероприятие", "Срок", "2027, руб.", "Кто делает"], ["2", "Парк", "31.12.2028", "10", "Отдел"]])
    assert "как в прошлый раз («таблица»" in text(desk.page, "main")
    desk.send("apply")

    assert (desk.loads, Measure.objects.count()) == (2, 2)
    assert Funding.objects.get(measure__title="Парк").year == 2027


def test_what_was_remembered_is_forgotten_on_its_page(desk):
    desk.bring(ROWS)
    desk.send("match", **SAID)
    desk.bring(ROWS)
    desk.page = desk.client.get(desk.page.context["table"].get_absolute_url() + "?step=match")

    desk.send("forget")

    assert (ColumnMatch.objects.count(), desk.asked) == (0, ["столбец E", "чьи это деньги"])


@pytest.mark.invariant(99)
@pytest.mark.invariant(106)
def test_unit_of_money_that_is_not_written_is_asked_once(desk):
    rows = [["Мероприятие", "2026, местный бюджет"], ["Мост", "2500"]]
    desk.bring(rows)
    assert desk.asked == ["в чём считаны деньги"]

    desk.send("match", **{"s0-unit": "1000"})
    desk.send("apply")
    desk.bring([rows[0], ["Парк", "1"]])

    assert desk.asked is None
    assert Funding.objects.get().planned == 2_500_000
    desk.bring([["План, в тыс. руб."], rows[0], ["Сквер", "7"]])
    desk.send("apply")
    assert Funding.objects.get(measure__title="Сквер").planned == 7  # what is written wins


def test_progress_of_a_table_is_told_line_by_line(desk):
    desk.bring(ROWS)
    desk.send("match", **SAID)
    address, data = desk.page.context["table"].get_absolute_url(), fields(desk.page) | {"do": "apply"}

    stream = desk.client.post(address, data, headers={"accept": "application/x-ndjson"})

    lines = [json.loads(line) for line in b"".join(stream.streaming_content).splitlines()]
    assert (lines[0], lines[-2:]) == ({"done": 0, "of": 4}, [{"done": 1, "of": 1}, {"location": address}])
    shares = [line["done"] / line["of"] for line in lines[:-1]]
    assert shares == sorted(shares)


def test_cells_at_fault_are_mended_on_the_page_and_checked_at_once(desk):
    desk.bring([HEAD, ["1", "Мост", "31.02.2027", "=1", "А"]])
    desk.send("match", **SAID)
    assert [cell for cell, _why in desk.faults] == ["C2", "D2"]

    desk.send("mend", **{"s0-cell-1:2": "31.12.2027"})
    assert [cell for cell, _why in desk.faults] == ["D2"]
    desk.send("mend", **{"s0-cell-1:3": "1 000"})

    assert (desk.page.context["plan"].faults, desk.page.context["mended"]) == ([], 2)
    desk.send("unmend")
    assert [cell for cell, _why in desk.faults] == ["C2", "D2"]


def test_nothing_goes_in_while_a_cell_is_wrong(desk):
    desk.bring([HEAD, ["1", "Мост", "31.02.2027", "1", "А"], ["2", "Парк", "31.12.2027", "1", "А"]])
    desk.send("match", **SAID)

    refused = desk.send("apply")

    assert (refused.status_code, Measure.objects.count()) == (422, 0)
    assert "Ничего не внесли." in text(refused, "main")


def test_wrong_rows_are_put_off_given_back_with_notes_and_taken_again(desk):
    desk.bring([HEAD, ["1", "Мост", "31.02.2027", "1000", "А"], ["2", "Парк", "31.12.2027", "2000", "А"]])
    desk.send("match", **SAID)

    desk.send("later")
    table = desk.page.context["table"]
    book = desk.client.get(f"{table.get_absolute_url()}wrong.xlsx")
    desk.send("apply")

    sheet = openpyxl.load_workbook(io.BytesIO(book.content)).active
    assert [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)] == [
        HEAD,
        ["1", "Мост", "31.02.2027", "1000", "А"],
    ]
    assert "такой даты нет" in sheet["C3"].comment.text
    sheet["C3"] = "31.12.2027"
    mended = io.BytesIO()
    sheet.parent.save(mended)
    desk.bring(SimpleUploadedFile("поправить.xlsx", mended.getvalue()))
    desk.send("apply")
    assert sorted(Measure.objects.values_list("title", flat=True)) == ["Мост", "Парк"]
    assert sorted(Funding.objects.values_list("planned", flat=True)) == [1, 2]


def test_second_of_two_people_is_told_and_nothing_is_doubled(desk, programme, approver):
    other = Desk(approver, programme)
    desk.bring(ROWS)
    desk.send("match", **SAID)
    other.bring(ROWS)  # a colleague has said it all
    other.send("apply")

    told = desk.send("apply")

    assert told.status_code == 422
    assert "Всё, что в этой таблице, на сайте уже так и стоит." in text(told, "main")
    assert Measure.objects.count() == 1


def test_table_that_has_gone_in_does_not_go_in_twice(desk):
    desk.bring(ROWS)
    desk.send("match", **SAID)
    address, data = desk.page.context["table"].get_absolute_url(), fields(desk.page) | {"do": "apply"}
    desk.client.post(address, data)

    assert desk.client.post(address, data, follow=True).redirect_chain == [(address, 302)]
    assert TableImport.objects.get().counts == {"measures": [1, 0]}
    assert Measure.objects.count() == 1


def test_table_that_would_do_something_else_than_shown_is_refused(desk, programme):
    desk.bring(ROWS)
    desk.send("match", **SAID)
    factories.measure(
        programme.region, direction=programme.directions.get(), code="1", title="Мост иной", status="draft"
    )

    told = desk.send("apply")

    assert (told.status_code, Measure.objects.get().title) == (422, "Мост иной")
    assert "Пока вы смотрели, записи изменил кто-то другой." in text(told, "main")


def test_words_that_mean_a_town_are_said_once_and_remembered(desk, town, other_town):
    rows = [["Мероприятие", "Город", "Срок"], *([f"Двор {one}", "Сызрень-град", "31.12.2027"] for one in range(3))]
    desk.bring(rows)
    [value] = desk.page.context["chosen"][0].to_match
    assert (value.text, value.count, desk.asked) == ("Сызрень-град", 3, [])
    assert value.choice.value == "Сызрань"
    assert value.choice.sure == "warn"

    desk.send("match")
    desk.send("apply")
    desk.bring([rows[0], ["Парк", "Сызрень-град", "31.12.2027"]])

    assert (desk.asked, desk.faults) == (None, [])
    assert set(Measure.objects.values_list("municipality__name", flat=True)) == {"Сызрань"}


def test_names_that_are_likely_the_same_are_written_one_way_in_one_step(desk):
    names = ['МКУ "УГХ"', "МКУ «УГХ»", "МКУ УГХ", "Комитет"]
    desk.bring([["Мероприятие", "Исполнитель"], *([f"Двор {one}", name] for one, name in enumerate(names))])
    [group] = desk.page.context["chosen"][0].groups
    assert [one for one, _count in group.texts] == sorted(names[:3])

    desk.send("match", **{group.choice.name: "МКУ «УГХ»"})
    desk.send("apply")

    assert set(Measure.objects.values_list("responsible", flat=True)) == {"МКУ «УГХ»", "Комитет"}


def test_head_is_named_by_its_rows_where_the_site_finds_none(desk):
    desk.bring([["слова"], ["Что делаем", "Когда"], ["Мост", "31.12.2027"]])
    desk.send("read", **{"s0-kind": "measures", "s0-head": "2"})
    assert [one.head for one in desk.page.context["chosen"][0].columns] == ["Что делаем", "Когда"]

    desk.send("match", **{"s0-column-0": "title", "s0-column-1": "due"})

    assert desk.page.context["plan"].total == 1
    desk.bring([["другие слова"], ["Что делаем", "Когда"], ["Парк", "31.12.2027"]])
    assert desk.page.context["plan"].total == 1


def test_rows_left_out_are_told_and_may_be_taken(desk):
    desk.bring([["План на год"], ["Мероприятие", "Срок"], ["Мост", "31.12.2027"], ["Итоговая ярмарка", "31.12.2027"],
                ["Всего мероприятий: 2", "31.12.2027"]])  # fmt: skip
    sheet = desk.page.context["chosen"][0]
    assert [(one.line, one.may_take) for one in sheet.left] == [(1, False), (5, True)]

    desk.send("match", **{"s0-take": "4"})

    assert [title for _line, title in desk.page.context["plan"].previews[0].added][-1].startswith("Всего мероприятий")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1old", "книга повреждена"), (files.DOCX, "«план.csv»: это документ Word."),
        (files.MACRO_SHEET, "в нём есть макросы."), (files.BOMB, "файл слишком велик внутри"),
        (b"PK\x03\x04 broken", "файл повреждён"), (files.XLSX, "в книге нет ни одного листа с таблицей."),
        (b"\x89PNG\0\0", "это картинка, а не таблица."), (b"", "Файл пустой."),
        (b"\n\n", "«план.csv»: в таблице нет ни одной строки."), (b"a;" * 300, "в строке 1 столбцов больше 200."),
        (b"1;2\n" * 20_001, "строк больше 20 000."),
    ],
    ids=["xls", "docx", "macros", "bomb", "broken", "no book", "picture", "empty", "blank", "wide", "long"],
)  # fmt: skip
def test_file_that_is_no_table_is_refused_in_words_and_choices_stay(desk, programme, content, told):
    page = desk.bring(SimpleUploadedFile("план.csv", content))

    assert (page.status_code, page.context["form"]["programme"].value()) == (422, str(programme.pk))
    assert told in text(page, "main")
    assert TableImport.objects.count() == 0


@pytest.mark.parametrize("who", ["head", "editor", "wg_member", "region_admin"])
def test_only_those_who_prepare_the_programme_bring_tables(request, programme, who):
    assert Desk(request.getfixturevalue(who), programme).bring(csv_file(ROWS)).status_code == 403


def test_people_of_another_region_bring_no_tables(programme, other_approver):
    page = Desk(other_approver, programme).bring(ROWS)

    assert (page.status_code, list(page.context["form"].errors)) == (422, ["programme"])


def test_table_belongs_to_its_person_until_it_goes_in_and_to_its_region_after(desk, approver, other_approver, head):
    desk.bring(ROWS)
    address = desk.page.context["table"].get_absolute_url()

    browsers = [Desk(who).client for who in (approver, other_approver, head)]

    def opened():
        pages = ["", "file/", "wrong.xlsx"]
        return [[browser.get(address + one).status_code for one in pages] for browser in browsers]

    assert opened() == [[404, 404, 404], [404, 404, 404], [403, 403, 403]]
    desk.send("match", **SAID)
    desk.send("apply")
    assert opened() == [[200, 200, 404], [404, 404, 404], [403, 403, 403]]


def test_signs_that_a_database_cannot_hold_do_not_break_a_page(desk):
    desk.bring(ROWS)

    page = desk.send("match", **SAID, **{"s0-head": "1\x00", "s0-once-paper": "a\x00b"})

    assert page.status_code in {200, 422}


def test_plain_text_named_as_a_book_is_told_and_no_columns_are_counted_where_there_are_none(desk):
    letter = SimpleUploadedFile("письмо.xlsx", "Здравствуйте\nПосылаем обещанное\n".encode())

    page = desk.client.post(PAGE, {"kind": "", "file": letter}, follow=True)

    assert text(page, "h1") == "Таблицы не узнали: шапки в ней не нашли"
    assert "Файл назван «письмо.xlsx», но внутри не книга, а простой текст: прочли его как CSV." in text(page, "main")
    assert "0 из 0" not in text(page, "main")


@pytest.mark.parametrize(
    "rows",
    [
        [["Мероприятие", "Мост", "Парк"], ["Срок", "31.12.2026", "31.12.2027"], ["2026, МБ, тыс. руб.", "1", "2"]],
        [["План"], ["№", "1", "2"], ["Наименование мероприятия", "Мост", "Парк"], ["Срок исполнения", "2026", "2027"]],
        [["Показатель", "Население"], ["Ед. изм.", "чел."], ["2024 факт", "10"], ["2025 план", "11"]],
    ],
)
def test_table_that_lies_on_its_side_is_refused_in_words(desk, rows):
    desk.bring(rows)

    [said] = desk.asked
    assert said.startswith("лист «")
    assert "лежит на боку" in said
    assert desk.send("match").status_code == 422
