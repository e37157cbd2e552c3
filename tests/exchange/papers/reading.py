"""Reading papers again: Word by python-docx, Excel by openpyxl and by its bare XML."""

import io
import re
import zipfile
from decimal import Decimal
from xml.etree import ElementTree

from django.core.files.uploadedfile import SimpleUploadedFile
from docx import Document as Word
from lxml import html
from openpyxl import load_workbook

from exchange.papers.catalogue import MAKERS, our_form
from exchange.papers.order import Scope, Term
from exchange.papers.sheet import write_sheet
from exchange.papers.word import fill
from exchange.papers.words import heading
from exchange.papers.words import words_of as template_words

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def words_of(content):
    """Everything that a Word file says: paragraphs, then cells."""
    paper = Word(io.BytesIO(content))
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    return [paragraph.text for paragraph in paper.paragraphs if paragraph.text.strip()], cells


def template(*paragraphs):
    """A Word file with these paragraphs."""
    paper, target = Word(), io.BytesIO()
    for text in paragraphs:
        paper.add_paragraph(text)
    paper.save(target)
    return SimpleUploadedFile("шаблон.docx", target.getvalue())


def paper_of(kind, scope, code="all", on=None):
    """A paper of a scope (a region counts as its scope) for a period."""
    scope = scope if isinstance(scope, Scope) else Scope(scope)
    term = Term.parse(code, on)
    return MAKERS[kind](scope, term, heading(scope, term))


def word_rows(paper):
    """Rows of the table of a paper as Word shows them: lists of texts; a cell over several columns once."""
    return rows_of_word(fill(our_form(paper.kind), template_words(paper)))


def rows_of_word(content):
    """Rows of the first table of a Word file: lists of texts; a cell over several columns once."""
    return [[_text(cell) for cell in row._tr.tc_lst] for row in Word(io.BytesIO(content)).tables[0].rows]


def _text(cell):
    return "\n".join("".join(_pieces(paragraph)) for paragraph in cell.p_lst)


def _pieces(paragraph):
    for element in paragraph.iter():
        kind = element.tag.rpartition("}")[2]
        yield (element.text or "") if kind == "t" else "\n" if kind == "br" else ""


def book_of(paper):
    """The bytes of the sheet of a paper."""
    target = io.BytesIO()
    write_sheet(target, paper)
    return target.getvalue()


def sheet_rows(paper, *, values=True):
    """Rows of the sheet of a paper by openpyxl; `values`: figures of formulas, else the formulas themselves."""
    return rows_of_sheet(book_of(paper), values=values)


def rows_of_sheet(content, *, values=True):
    """Rows of the first sheet of a book by openpyxl; `values`: figures of formulas, else the formulas themselves."""
    page = load_workbook(io.BytesIO(content), data_only=values).active
    return [list(row) for row in page.iter_rows(values_only=True)]


def bare_cells(content):
    """{address: (kind, text)} of a sheet by its XML alone: no library of sheets is asked."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        root = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    found = {}
    for cell in root.iter(f"{MAIN}c"):
        value = cell.find(f"{MAIN}v")
        text = "".join(part.text or "" for part in cell.iter(f"{MAIN}t"))
        formula = cell.find(f"{MAIN}f")
        kind = "formula" if formula is not None else "text" if cell.get("t") == "inlineStr" else "number"
        if value is not None or text:
            found[cell.get("r")] = (kind, value.text if value is not None else text)
    return found


def figure(text):
    """The number of a text of a paper: «1 234,50», «−5,0»; None for a dash."""
    if text == "—":
        return None
    return Decimal(re.sub(r"\s", "", text).replace(",", ".").replace("−", "-"))


def table_rows(content, xpath="//table[contains(@class,'paper__table')]/tbody/tr[not(@class='paper__end')]"):
    """Rows of a table of a page: lists of the texts of their cells."""
    root = html.fromstring(content)
    return [[cell.text_content() for cell in row.xpath("./th|./td")] for row in root.xpath(xpath)]
