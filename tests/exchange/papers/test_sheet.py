"""The sheet of a paper: numbers, dates, formulas with their values; a text is never a formula. The page beside it."""

import datetime
import io

from django.urls import reverse
from openpyxl import load_workbook

from exchange.papers.order import Scope
from tests.exchange.papers.reading import bare_cells, book_of, paper_of, sheet_rows, table_rows, word_rows


def test_sheet_holds_numbers_dates_and_texts(town, bridge):
    content = book_of(paper_of("plan", Scope(town.region, town=town)))

    cells = bare_cells(content)

    line = [cells.get(f"{letter}9") for letter in "ABCDEFGHIJKL"]
    assert line == [
        ("number", "1"), ("text", "=Мост & «дамба»; обещано в 2026 году"), ("text", "Минтранс; +ГКУ"),
        ("number", "46023"),
        ("number", "46266"), ("text", "Проезд открыт"), ("number", "2026"), ("number", "235568.00"),
        ("number", "1000.01"), ("number", "234567.89"), ("number", "0.10"), None,
    ]  # fmt: skip
    assert cells["H10"] == ("formula", "235568.00")


def test_formulas_count_lines_and_never_texts(region, bridge, alley):
    formulas = [
        value for row in sheet_rows(paper_of("plan", region), values=False) for value in row
        if isinstance(value, str) and value.startswith("=") and "(" in value
    ]  # fmt: skip

    assert [one for one in formulas if one.startswith("=SUBTOTAL(9,H")] == [
        "=SUBTOTAL(9,H9:H9)", "=SUBTOTAL(9,H12:H13)", "=SUBTOTAL(9,H8:H14)"
    ]  # fmt: skip
    assert [one for one in formulas if one.startswith("=SUMIF") and one.endswith("H8:H14)")] == [
        "=SUMIF(G8:G14,2026,H8:H14)", "=SUMIF(G8:G14,2027,H8:H14)"
    ]  # fmt: skip


def test_sheet_is_laid_out_for_print(region, bridge):
    book = load(book_of(paper_of("plan", region)))
    page = book.active

    assert (page.title, page.freeze_panes, page.print_title_rows) == ("План мероприятий", "A8", "$7:$7")
    # One page wide is what the format means where the width is not said.
    setup = page.page_setup
    assert (setup.orientation, setup.fitToWidth or 1, setup.fitToHeight) == ("landscape", 1, 0)
    assert page.sheet_properties.pageSetUpPr.fitToPage
    assert (page["H9"].number_format, page["D9"].number_format, page["B9"].data_type) == ("#,##0.00", "dd.mm.yyyy", "s")
    assert (page["B9"].quotePrefix, page["C9"].quotePrefix) == (True, False)
    assert page["D9"].value == datetime.datetime(2026, 1, 1)


def load(content):
    return load_workbook(io.BytesIO(content))


def test_page_shows_the_same_rows(client, region_editor, region, bridge, alley):
    client.force_login(region_editor)

    asked = {"paper": "plan", "scope": f"region-{region.pk}", "year": "all", "format": "page"}
    shown = table_rows(client.get(reverse("office:papers"), asked).content.decode())

    # On the page a cell stands once for all lines of its row; in Word it goes on, empty.
    said = [row if row[0] else row[6:] for row in word_rows(paper_of("plan", region))[2:]]
    assert shown == said
