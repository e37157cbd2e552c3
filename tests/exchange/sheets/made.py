"""Files of tables made by hand, sign for sign: what programs of offices write, and what they should not."""

import io
import zipfile
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from exchange.sheets.grid import read_book

CASES = Path(__file__).parent / "cases"
HEAD = ["№", "Мероприятие", "Срок"]
ROWS = [HEAD, ["1", "Ремонт моста", "31.12.2026"], ["2", "Ремонт школы", "31.12.2027"]]
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_ODS = "application/vnd.oasis.opendocument.spreadsheet"


def upload(content, name="план.xlsx"):
    """A file as a form brings it."""
    return SimpleUploadedFile(name, content)


def book(content, name="план.xlsx"):
    """The `Book` of some bytes, or of a file of `cases`."""
    if isinstance(content, str):
        content, name = (CASES / content).read_bytes(), content
    return read_book(upload(content, name))


def refusal(content, name="план.xlsx"):
    """(code, words) of the refusal that some bytes meet."""
    try:
        found = book(content, name)
    except ValidationError as error:
        return error.code, error.messages[0]
    raise AssertionError(found)


def packed(members):
    """A zip of {name: text or bytes}."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as package:
        for name, inside in members.items():
            package.writestr(name, inside)
    return content.getvalue()


def xlsx_members(*sheets, styles="", texts="", workbook=""):
    """{name: text} of a book whose sheets are given as what stands inside <worksheet>; the first is «Лист1»."""
    numbers = range(1, len(sheets) + 1)
    named = "".join(f'<sheet name="Лист{number}" sheetId="{number}" r:id="rId{number}"/>' for number in numbers)
    named = f"<sheets>{named}</sheets>"
    links = "".join(
        f'<Relationship Id="rId{number}" Type="{_LINKS}/worksheet" Target="worksheets/sheet{number}.xml"/>'
        for number in numbers
    )
    links += f'<Relationship Id="a" Type="{_LINKS}/styles" Target="styles.xml"/>'
    links += f'<Relationship Id="b" Type="{_LINKS}/sharedStrings" Target="/xl/sharedStrings.xml"/>'
    return {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": _relationships('<Relationship Id="r" Target="xl/workbook.xml"/>'),
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_LINKS}">{workbook}{named}</workbook>',
        "xl/_rels/workbook.xml.rels": _relationships(links),
        "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}">{styles}</styleSheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{_MAIN}">{texts}</sst>',
    } | {
        f"xl/worksheets/sheet{number}.xml": f'<worksheet xmlns="{_MAIN}">{inside}</worksheet>'
        for number, inside in zip(numbers, sheets, strict=True)
    }  # fmt: skip


def _relationships(links):
    return f'<Relationships xmlns="{_PACKAGE}">{links}</Relationships>'


def xlsx(*sheets, **parts):
    """A book, as `xlsx_members`."""
    return packed(xlsx_members(*sheets, **parts))


def rows_of(*rows):
    """<sheetData> of rows of texts."""
    lines = "".join("<row>" + "".join(f'<c t="str"><v>{cell}</v></c>' for cell in row) + "</row>" for row in rows)
    return f"<sheetData>{lines}</sheetData>"


def ods(tables, styles="", **more):
    """A table of OpenDocument of the text of its tables."""
    names = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "style", "table", "text")
    )
    content = (
        f"<office:document-content{names}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    return packed({"mimetype": _ODS, "content.xml": content} | more)


def ods_cell(text, kind="string", value="", more=""):
    """A cell of OpenDocument: what it shows and what it keeps."""
    kept = f' office:{"date-value" if kind == "date" else "value"}="{value}"' if value != "" else ""
    return f'<table:table-cell office:value-type="{kind}"{kept} {more}><text:p>{text}</text:p></table:table-cell>'
