"""What stays on one sheet: a heading with its rows, lines of a measure, the signature with the last totals."""

import io

import pytest
from django.urls import reverse
from docx import Document as Word
from docx.oxml.ns import qn
from lxml import html

from exchange.papers.catalogue import our_form
from exchange.papers.word import fill
from exchange.papers.words import words_of
from tests.exchange.papers.reading import paper_of


def kept(paper):
    """[(first text of a row, whether it stays with the next row)] of the table of a Word file, then its legend."""
    word = Word(io.BytesIO(fill(our_form(paper.kind), words_of(paper))))
    rows = [
        (row.cells[0].text, row._tr.find(".//" + qn("w:keepNext")) is not None)
        for row in word.tables[0].rows
    ]  # fmt: skip
    legend = next(one for one in word.paragraphs if one.text.startswith("Прочерк"))
    signature = word.tables[1].rows[0]._tr.find(".//" + qn("w:keepNext"))
    return rows[2:], (legend.paragraph_format.keep_with_next, signature is not None)


@pytest.mark.parametrize(("kind", "lines"), [("plan", [1, 2]), ("summary", [3, 2]), ("progress", [1, 1])])
def test_word_keeps_together_what_belongs_together(region, bridge, alley, kind, lines):
    paper = paper_of(kind, region)

    rows, end = kept(paper)

    expected = []
    for group, count in zip(paper.groups, lines, strict=True):
        expected += [True, *[True] * (count - 1), False, *[False] * len(group.totals)]
    assert [is_kept for _text, is_kept in rows] == expected + [True] * len(paper.totals)
    assert end == (True, True)


def test_page_keeps_lines_of_a_measure_and_the_signature(client, region_editor, region, bridge, alley):
    client.force_login(region_editor)
    asked = {"paper": "summary", "scope": f"region-{region.pk}", "year": "all", "format": "page"}

    page = html.fromstring(client.get(reverse("office:papers"), asked).content.decode())

    assert [row.get("class") for row in page.xpath("//tbody[1]/tr")] == [
        "paper__group", "paper__on", "paper__on", None, "paper__total"
    ]  # fmt: skip
    # Printed as the last row of the totals, so that the signature is never alone on a sheet; shown below the table.
    for place in (
        "//tbody[@class='paper__totals']/tr[last()][@class='paper__end']/td",
        "//article/div[@class='no-print']",
    ):
        (end,) = page.xpath(place)
        assert [one.text_content().split()[0] for one in end] == ["Прочерк", "Должность", "Исполнитель:"]
