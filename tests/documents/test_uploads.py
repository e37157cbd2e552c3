"""Uploads: told by their content, never by their name."""

import functools
import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from documents.uploads import MAX_BYTES, file_type, has_text_layer
from tests.refusals import codes

WORD, EXCEL, TYPES = "word/document.xml", "xl/workbook.xml", "[Content_Types].xml"


def pdf(text=""):
    """A PDF of one page, with words or without."""
    writer = PdfWriter()
    page = writer.add_blank_page(width=300, height=300)
    if text:
        font = DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Font"),
                NameObject("/Subtype"): NameObject("/Type1"),
                NameObject("/BaseFont"): NameObject("/Helvetica"),
            }
        )
        page[NameObject("/Resources")] = DictionaryObject(
            {NameObject("/Font"): DictionaryObject({NameObject("/F1"): font})}
        )
        stream = DecodedStreamObject()
        stream.set_data(f"BT /F1 12 Tf 20 200 Td ({text}) Tj ET".encode())
        page[NameObject("/Contents")] = writer._add_object(stream)
    content = io.BytesIO()
    writer.write(content)
    return content.getvalue()


def package(*names, **large):
    """A zip with members of these names; `large` gives members of zeros by their size."""
    content = io.BytesIO()
    # The quickest level: megabytes of zeros are packed wherever these files are imported.
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name in names:
            archive.writestr(name, "<xml/>")
        for name, megabytes in large.items():
            with archive.open(name, "w") as member:
                for _megabyte in range(megabytes):
                    member.write(bytes(1024 * 1024))
    return content.getvalue()


@functools.cache
def bomb():
    """An office file that unpacks to 201 MB, one more than may be."""
    return package(TYPES, WORD, **{"word/media/zeros.bin": 201})


def upload(content, name="решение.bin"):
    """What a form hands over."""
    return SimpleUploadedFile(name, content)


@pytest.mark.parametrize(
    ("content", "expected"),
    [(pdf("Decision"), "pdf"), (package(TYPES, WORD), "docx"), (package(TYPES, EXCEL), "xlsx")],
    ids=["pdf", "docx", "xlsx"],
)
def test_file_type_is_told_by_the_content(content, expected):
    assert file_type(upload(content, "страница.html")) == expected


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"<!doctype html><script>alert(1)</script>", "act.pdf", "type"),
        (b"", "act.pdf", "type"),
        (b"MZ\x90\x00", "act.docx", "type"),
        (package("a.txt"), "act.docx", "type"),
        (package(WORD), "act.docx", "type"),
        (package(TYPES, WORD, "word/vbaProject.bin"), "act.docx", "macros"),
        (package(TYPES, EXCEL, "xl/VBAPROJECT.BIN"), "act.xlsx", "macros"),
        (package(TYPES, WORD)[:60], "act.docx", "broken"),
        (b"PK\x03\x04" + b"x" * 100, "act.docx", "broken"),
        (bomb(), "act.docx", "bomb"),
    ],
    ids=["html", "empty", "program", "other zip", "no types", "macros", "macros in capitals", "cut", "broken", "bomb"],
)
def test_file_type_of_a_foreign_or_bad_file_is_refused(content, name, code):
    assert codes(file_type, upload(content, name)) == [code]


def test_file_type_of_a_file_over_30_megabytes_is_refused():
    assert codes(file_type, upload(b"%PDF-1.7" + bytes(MAX_BYTES))) == ["too_large"]


@pytest.mark.invariant(30)
@pytest.mark.parametrize(
    ("content", "kind", "expected"),
    [
        (pdf("Decision of the council"), "pdf", True),
        (pdf(), "pdf", False),
        (b"%PDF-1.7 broken", "pdf", False),
        (package(TYPES, WORD), "docx", True),
    ],
    ids=["text", "picture", "broken", "office"],
)
def test_has_text_layer_tells_what_can_be_read_aloud(content, kind, expected):
    assert has_text_layer(upload(content), kind) is expected
