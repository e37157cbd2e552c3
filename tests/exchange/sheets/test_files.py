"""Files of every kind come in, as their sheets show them; what does not is refused in words."""

import datetime
import io

import openpyxl
import pytest
from openpyxl.styles import Font

from exchange.sheets.grid import DAY, ERROR, FORMULA, MERGED, read_grid, read_text
from tests import files
from tests.exchange.sheets.made import (
    CASES,
    HEAD,
    ROWS,
    book,
    ods,
    ods_cell,
    packed,
    refusal,
    rows_of,
    upload,
    xlsx,
    xlsx_members,
)

FAR = '<sheetData><row r="1"><c r="A1" t="str"><v>Мост</v></c></row>{}</sheetData>'
TABLE = '<table:table table:name="{}" {}>{}</table:table>'
ROW = "<table:table-row {}>{}</table:table-row>"


def only(content, **more):
    """The only grid of a file."""
    (grid,) = book(content, **more).grids
    return grid


@pytest.mark.parametrize(
    ("case", "cells"),
    [
        ("I10.xlsx", {(0, 1): "Мероприятие"}), ("I20.xlsx", {(1, 3): "75%"}), ("I22.xlsx", {(1, 3): "1234.6"}),
        ("I25b.xlsx", {(1, 0): "1.10"}), ("I26.xlsx", {(1, 3): "2026"}), ("I34.xlsx", {(1, 3): ERROR + "#DIV/0!"}),
        ("I35.xlsx", {(1, 1): "Ремонт моста"}), ("I38.xlsx", {(1, 1): "Ремонт моста"}),
        ("I38b.xlsx", {(1, 1): "Ремонт моста"}), ("I39_bom.csv", {(0, 0): "№", (1, 3): "Администрация"}),
        ("I39_mac.csv", {(0, 0): "№", (0, 1): "Мероприятие", (1, 3): "Администрация"}),
        ("I39_u16.csv", {(0, 0): "№", (1, 3): "Администрация"}),
        ("I40.csv", {(1, 0): "Ремонт школы, детского сада, клуба, бани и моста", (1, 1): "31.12.2026"}),
        ("I41.tsv", {(1, 1): '"Чистый город: вывоз мусора', (2, 1): "Ремонт школы", (3, 1): "Ремонт клуба"}),
        ("I42.csv", {(1, 0): '=HYPERLINK("http://x.example";"мост")', (2, 0): "-Ремонт", (2, 1): "@отдел"}),
        ("I43.xlsx", {(1, 2): f"{DAY}2026-12-31"}), ("I46.xls", {(0, 0): "Мероприятие", (1, 1): "31.12.2026"}),
        ("I47.csv", {(1, 1): "Ремонт\nмоста", (1, 3): "проект — 01.03.2026\nстройка — 01.10.2026"}),
        ("I49.xlsx", {(1, 1): "Ремонт\u00a0моста"}),
    ],
    ids=lambda value: value.partition(".")[0] if isinstance(value, str) else "",
)  # fmt: skip
def test_case_from_the_field_is_read_as_it_is_shown(case, cells):
    grid = only(case)

    assert {place: grid.cell(*place) for place in cells} == cells


@pytest.mark.invariant(95)
@pytest.mark.parametrize(
    ("case", "code", "words"),
    [
        ("I37.xlsx", "locked", "«I37.xlsx»: книга закрыта паролем."),
        ("I88.xlsx", "broken", "«I88.xlsx»: лист «Лист1»: лист повреждён."),
        ("I91.xlsx", "empty", "«I91.xlsx»: в книге нет ни одного листа с таблицей."),
        ("I39_98.csv", "encoding", "«I39_98.csv»: в строке 3 знак с кодом 0x98, которого в Windows-1251 нет."),
        (b"%PDF-1.7", "type", "это PDF, а не таблица."), (files.DOCX, "type", "это документ Word."),
        (files.MACRO_SHEET, "macros", "в нём есть макросы."), (files.BOMB, "bomb", "файл слишком велик внутри"),
        (b"PK\x03\x04 broken", "broken", "файл повреждён"), (files.XLSX, "empty", "в книге нет ни одного листа"),
        (b"\x89PNG\0\0", "type", "это картинка"), (b"{\\rtf1}", "type", "это документ RTF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "broken", "книга повреждена"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "_VBA_PROJECT".encode("utf-16-le"), "macros", "в нём есть макросы."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le"), "type", "это документ Word."),
        (packed({"xl/workbook.bin": b""}), "type", "это двоичная книга (.xlsb)."),
        (packed({"план.csv": "a;b"}), "type", "это архив."),
        (packed({"mimetype": "x", "content.xml": "<a/>"}), "empty", "нет ни одного листа"),
        (ods("", **{"META-INF/manifest.xml": "<encryption-data/>"}), "locked", "книга закрыта паролем."),
        (b"<?xml version='1.0'?><a/>", "type", "это XML"), (b"<html><p>1", "type", "таблицы в ней нет"),
        (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', "type", "XML 2003"),
        (b"<html><frameset><frame src='a'></frameset>", "type", "листы которой лежат в других файлах"),
        (b"MIME-Version: 1.0", "type", "веб-архив"), (b"a;b\0;", "type", "файл другого вида"),
        (bytes(range(128, 256)) * 9, "encoding", "кодировку не узнали"), (b"\n\n", "empty", "нет ни одной строки"),
        ("Р”РѕСЂРѕРіР°;РЎСЂРѕРє".encode(), "encoding", "вместо русских букв"),
        ("Дорога;Ремонт школы;Мост\n".encode()[:-3] + b"\xd0\n", "encoding", "знак в строке 1 испорчен"),
        (xlsx(FAR.format('<row r="30000"><c r="B30000"><v>7</v></c></row>')), "too_many", "лист «Лист1»: строк больше "
         "20 000 (в ячейке B30000 стоит «7»)"),
        (xlsx(FAR.format('<row r="2"><c r="XFD2" t="str"><v>я</v></c></row>')), "too_wide", "в ячейке XFD2 стоит «я»"),
        (xlsx(FAR.format('<row r="2"><c r="A2" t="s"><v>9</v></c></row>')), "broken", "лист повреждён после строки 1"),
        (xlsx(FAR.format('<row r="2"><c r="A2"><v>abc</v></c></row>')), "broken", "лист повреждён после строки 1"),
        (ods(TABLE.format("А", "", ROW.format('table:number-rows-repeated="1048576"', ods_cell("x")))), "too_many",
         "лист «А»: строк больше 20 000"),
    ],
    ids=lambda value: value[:25] if isinstance(value, str) else "",
)  # fmt: skip
def test_what_is_no_table_is_refused_in_words(case, code, words):
    found, told = refusal(case)

    assert (found, words in told, told.startswith("«")) == (code, True, True), told


def test_an_entity_of_a_book_is_not_followed():
    members = xlsx_members(rows_of(["&a;", "Мост"]))
    name = "xl/worksheets/sheet1.xml"
    members[name] = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + members[name]

    assert only(packed(members)).rows == [["", "Мост"]]


@pytest.mark.parametrize(
    "content",
    [
        xlsx(FAR.format('<row r="1048576"><c r="XFD1048576" s="1"/></row>')),
        ods(TABLE.format("А", "", ROW.format("", ods_cell("Мост") + '<table:table-cell table:number-columns-repeated='
            '"16383"/>') + ROW.format('table:number-rows-repeated="1048575"', '<table:table-cell '
            'table:number-columns-repeated="16384"/>'))),
        "far.xls",
    ],
    ids=["xlsx", "ods", "xls"],
)  # fmt: skip
def test_an_empty_cell_in_the_last_row_makes_no_rows(content):
    """How long it takes is held by `bench/tables.py`."""
    content = (CASES / content).read_bytes() if isinstance(content, str) else content

    assert len(only(content).rows) in {1, 2}


def test_book_tells_what_is_hidden_struck_out_and_filtered():
    made, content = openpyxl.Workbook(), io.BytesIO()
    sheet = made.active
    for row in [*ROWS, ["3", "Парк", "2026"], ["4", "Двор", "2026"]]:
        sheet.append(row)
    sheet.row_dimensions[2].hidden = True
    sheet.column_dimensions["C"].hidden = True
    for cell in sheet[3]:
        cell.font = Font(strike=True)
    sheet["B4"].font = Font(strike=True)
    sheet["C4"].font = Font(strike=True)
    sheet["C5"].font = Font(strike=True)
    sheet.auto_filter.ref = "A1:C5"
    sheet.auto_filter.add_filter_column(0, ["1"])
    made.create_sheet("Тайна").sheet_state = "hidden"
    made.create_sheet("Пусто")
    made.save(content)

    found = book(content.getvalue())

    (grid,) = found.grids
    assert (grid.hidden, grid.struck, grid.others, found.hidden) == ({1}, {2, 3}, (), ("Тайна",))
    assert grid.told == (
        "На листе включён отбор: часть строк может быть скрыта.", "Скрытые столбцы: C.",
        "Зачёркнуто в ячейках, а строка — нет: C5.", "Скрытые листы не читали: «Тайна».",
    )  # fmt: skip


def test_part_of_a_text_that_is_struck_out_is_told():
    run = "<r><rPr><strike/></rPr><t>старый </t></r><r><t>новый</t></r><rPh><t>читай</t></rPh>"
    cells = f'<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="inlineStr"><is>{run}</is></c></row>'

    grid = only(xlsx(f"<sheetData>{cells}</sheetData>", texts=f"<si>{run}</si>"))

    assert grid.rows == [["старый новый", "старый новый"]]
    assert grid.told == ("Зачёркнуто в ячейках, а строка — нет: A1, B1.",)


def test_row_of_numbers_is_struck_out_only_whole():
    styles = "<fonts><font/><font><strike/></font></fonts><cellXfs><xf fontId='0'/><xf fontId='1'/></cellXfs>"
    row = '<row><c s="1"><v>5</v></c><c s="{}"><v>10</v></c></row>'

    grid = only(xlsx(f"<sheetData>{row.format(0)}{row.format(1)}</sheetData>", styles=styles))

    assert (grid.struck, grid.told) == ({1}, ("Зачёркнуто в ячейках, а строка — нет: A1.",))


def test_text_too_long_for_a_cell_is_told():
    long = "я" * 32_001
    words = "Текст длиннее 32 000 знаков обрезан: B1."

    for content in (xlsx(rows_of(["1", long])), f"1;{long};2".encode()):
        grid = only(content)
        assert (len(grid.rows[0][1]), grid.told) == (32_000, (words,))


def test_the_active_sheet_is_offered_first_and_the_suiting_one_before_it():
    found = book("I32.xlsx")

    assert (found.active, [grid.sheet for grid in found.grids]) == (1, ["Лист1", "План 2027"])
    assert found.chosen().rows[1][1] == "Мера 2027"
    assert found.chosen(lambda grid: grid.rows[1][1] == "Мера 2026").sheet == "Лист1"
    assert found.chosen(lambda grid: False).sheet == "План 2027"
    assert found.chosen().others == ("Лист1",)


def test_one_broken_sheet_does_not_hold_the_others():
    broken = xlsx_members(rows_of(["Мост"]), rows_of(["Парк"]))
    broken["xl/worksheets/sheet2.xml"] = "<worksheet><sheetData><row"

    found = book(packed(broken))

    words = "Лист «Лист2» не прочли: лист повреждён. Откройте книгу в Excel и сохраните заново."
    lost = xlsx_members(rows_of(["Мост"]), rows_of(["Парк"]))
    del lost["xl/worksheets/sheet2.xml"]
    assert [told.partition(":")[0] for told in book(packed(lost)).told] == ["Лист «Лист2» не прочли"]
    assert ([grid.sheet for grid in found.grids], found.told, found.grids[0].told) == (["Лист1"], (words,), (words,))


def test_damaged_styles_and_properties_do_not_hold_the_table():
    members = xlsx_members(rows_of(["Мост"]), styles="<fills><fill/></fills><cellXfs><xf numFmtId='x'/></cellXfs>")
    members["docProps/core.xml"] = "<broken"
    del members["xl/sharedStrings.xml"], members["_rels/.rels"]

    assert only(packed(members)).rows == [["Мост"]]


def test_old_book_says_what_a_new_one_would():
    found = book("book.xls")
    grid = found.chosen()

    assert (grid.sheet, grid.others, found.hidden) == ("План 2027", ("План 2026",), ("Черновик",))
    assert grid.rows == [
        ["№", "Мероприятие", "Срок", "Доля", "2027, руб.", "Итого"],
        ["1.10", "Ремонт\nклуба", f"{DAY}2027-12-31", "41%", "1234.6", FORMULA],
        ["005", "Скрытая мера", "2026", "75%", "-5", "да"], ["3", "Исключённая мера", "31.12.2026"],
        ["4", "Общая мера", "31.12.2026"], ["5", MERGED + "Общая мера", "31.12.2027", "ещё"],
    ]  # fmt: skip
    assert (grid.hidden, grid.struck) == ({2}, {3})
    assert grid.told[:2] == ("Скрытые столбцы: F.", "Зачёркнуто в ячейках, а строка — нет: C6.")


def test_table_of_opendocument_says_what_it_shows():
    styles = (
        '<style:style style:name="s"><style:text-properties style:text-line-through-style="solid"/></style:style>'
        '<style:style style:name="h"><style:table-properties table:display="false"/></style:style>'
    )
    rows = [
        ROW.format("", "".join(map(ods_cell, HEAD))),
        ROW.format("", ods_cell("1,10", "float", 1.1) + ods_cell("41%", "percentage", 0.41)
                   + ods_cell("31.12.2026", "date", "2026-12-31") + ods_cell("декабрь 2026", "date", "2026-12-01")
                   + ods_cell("1 234,50 ₽", "currency", 1234.5)
                   + ods_cell("5", "float", 5, 'table:formula="of:=[.A1]"')),
        ROW.format('table:visibility="filter"', ods_cell("005", "float", 5) + ods_cell(
            'Парк<text:s text:c="2"/>мира<office:annotation><text:p>тайна</text:p></office:annotation>')),
        ROW.format("", ods_cell("3", more='table:style-name="s"') + ods_cell(
            "Двор", more='table:style-name="s" table:number-columns-repeated="2"')),
        ROW.format("", ods_cell("4", more='table:number-rows-spanned="2"') + ods_cell(
            '<text:span text:style-name="s">было</text:span> стало')),
        ROW.format("", "<table:covered-table-cell/>" + ods_cell("ещё")),
    ]  # fmt: skip
    tables = TABLE.format("Тайна", 'table:style-name="h"', rows[0]) + TABLE.format("План", "", "".join(rows))

    found = book(ods(tables, styles), "план.ods")

    (grid,) = found.grids
    assert grid.rows == [
        HEAD, ["1.10", "41%", f"{DAY}2026-12-31", "декабрь 2026", "1234.50 ₽", FORMULA], ["005", "Парк  мира"],
        ["3", "Двор", "Двор"], ["4", "было стало"], [MERGED + "4", "ещё"],
    ]  # fmt: skip
    assert (grid.sheet, grid.hidden, grid.struck, found.hidden) == ("План", {2}, {3}, ("Тайна",))
    assert grid.told == (
        "На листе включён отбор: часть строк может быть скрыта.", "Зачёркнуто в ячейках, а строка — нет: B5.",
        "Скрытые листы не читали: «Тайна».",
    )  # fmt: skip


def test_days_are_counted_from_1904_where_a_book_says_so():
    styles = '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>'
    iso = '<c r="B1" t="d"><v>2026-12-31T00:00:00</v></c>'
    cells = f'<sheetData><row r="1"><c r="A1" s="1"><v>44925</v></c>{iso}</row></sheetData>'

    grid = only(xlsx(cells, styles=styles, workbook='<workbookPr date1904="1"/>'))

    assert grid.rows == [[f"{DAY}2026-12-31", f"{DAY}2026-12-31"]]
    assert only(xlsx(cells, styles=styles)).rows[0][0] == f"{DAY}{datetime.date(2022, 12, 30)}"


def test_texts_of_cells_are_cleaned_by_the_cleaner_of_the_site():
    shy = ["Меро\u00adприятие", "и\u0306од", "а_x000D_\nб", "\u200bв\ufeff", "г\u2028д"]

    for content in (xlsx(rows_of(shy)), ods(TABLE.format("А", "", ROW.format("", "".join(map(ods_cell, shy)))))):
        assert only(content).rows == [["Мероприятие", "йод", "а\nб", "в", "г\nд"]]
    assert read_grid(upload("\t".join(shy).encode(), "а.tsv")).rows[0][:2] == ["Мероприятие", "йод"]


@pytest.mark.parametrize(
    "text",
    [
        "№\tМероприятие\r\n1\t\"Мост\nи берег\"\r\n", "| № | Мероприятие |\n|---|:---:|\n| 1 | Мост и берег |\n",
        "<meta charset='utf-8'><table><tr><th>№<th>Мероприятие</tr><tr><td>1<td><p>Мост\n</p><p>и берег</table>",
        "№;Мероприятие\n1;Мост и берег",
    ],
    ids=["tabs", "lines", "page", "as a file"],
)  # fmt: skip
def test_a_pasted_table_is_a_grid(text):
    rows = [[" ".join(cell.split()) for cell in row] for row in read_text(text).rows]

    assert rows == [["№", "Мероприятие"], ["1", "Мост и берег"]]


def test_a_page_has_merged_struck_out_and_unseen_cells():
    page = """<table><tr><td rowspan=2 colspan=2>А</td><td>Б</td></tr><tr><td><s>В</s> г</td></tr>
        <tr style="text-decoration:line-through"><td>Д</td></tr><tr style="display:none"><td>Е<br>Ж</td></tr></table>"""

    grid = read_text(page)

    assert grid.rows == [["А", "", "Б"], [MERGED + "А", "", "В г"], ["Д"], ["Е\nЖ"]]
    assert (grid.struck, grid.hidden, grid.told) == ({2}, {3}, ("Зачёркнуто в ячейках, а строка — нет: C2.",))
