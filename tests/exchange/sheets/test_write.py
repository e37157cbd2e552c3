"""What is written as XLSX: values of their own kind, texts that stay texts, nothing that breaks a file."""

import datetime
import io
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from exchange.sheets.write import Book, Formula, Styled, look


def written(*rows):
    """The sheet of some rows, read again by another library; values of formulas as they were kept."""
    target = io.BytesIO()
    with Book(target) as book:
        sheet = book.sheet("Лист", [10], freeze=(1, 0))
        for row in rows:
            sheet.row(row, quoted=("=", "@"))
    return load_workbook(io.BytesIO(target.getvalue()), data_only=True).active


def test_values_are_of_their_own_kind():
    page = written(["слово", 7, Decimal("0.10"), datetime.date(2026, 3, 1), True, None, ""], [Formula("1+1", 2)])

    assert [[cell.value for cell in row] for row in page.iter_rows()] == [
        ["слово", 7, 0.1, datetime.datetime(2026, 3, 1), "да", None, ""], [2, *[None] * 6],
    ]  # fmt: skip
    assert page["D1"].number_format == "dd.mm.yyyy"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("=1+1", "=1+1"), ("@A1", "@A1"), ("http://e.org", "http://e.org"), ("007", "007"), ("а\x0bб\r\nв", "аб\nв"),
        ("{=1}", "{=1}"), ("_x0041_ _x000D_", "_x0041_ _x000D_"),
        ("<r><t>&</t></r>", "<r><t>&</t></r>"), ("\ud800", ""), ("я" * 40_000, "я" * 32_767),
    ],
)  # fmt: skip
def test_text_stays_text_whatever_it_looks_like(text, kept):
    cell = written([text])["A1"]

    assert (cell.value, cell.data_type, bool(cell.hyperlink)) == (kept, "s", False)
    assert cell.quotePrefix is (text[0] in "=@")


def test_sheet_is_laid_out_to_the_point():
    page = written(["слово"])

    assert (page.column_dimensions["A"].width, page.freeze_panes) == (10, "A2")
    margins = page.page_margins
    assert (margins.left, margins.right, margins.top, margins.bottom) == (0.75, 0.75, 1, 1)
    assert (margins.header, margins.footer) == (0.5, 0.5)


def test_look_and_number_format_stand_together():
    cell = written([Styled(Decimal("1234.5"), look(bold=True), "#,##0.00")])["A1"]

    assert (cell.value, cell.font.bold, cell.number_format) == (1234.5, True, "#,##0.00")
