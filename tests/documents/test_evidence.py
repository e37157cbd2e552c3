"""Photos and papers of reports: told by content; the public copy of a photo says no more than its pixels."""

import datetime
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from documents.evidence import MAX_PHOTO_BYTES, SIDE, THUMBNAIL_SIDE, check_evidence
from tests import files
from tests.refusals import codes


def check(content, name="снимок.jpg"):
    """What the check says of a file."""
    return check_evidence(SimpleUploadedFile(name, content))


@pytest.mark.parametrize(
    ("content", "kind"),
    [(files.photo(), "jpg"), (files.photo(kind="PNG"), "jpg"), (files.PDF, "pdf"), (files.DOCX, "docx"),
     (files.XLSX, "xlsx")],
)  # fmt: skip
def test_check_evidence_tells_the_type_by_content(content, kind):
    assert check(content, name="что угодно.txt").kind == kind


def test_check_evidence_makes_a_photo_anew_without_place_and_owner():
    original = files.photo()
    assert dict(Image.open(io.BytesIO(original)).getexif()) != {}

    checked = check(original)

    public = Image.open(io.BytesIO(checked.content))
    assert dict(public.getexif()) == {}
    assert files.OWNER.encode() not in checked.content + checked.thumbnail
    assert (checked.original, checked.taken_on) == (original, datetime.date(2026, 11, 12))


def test_check_evidence_makes_large_photos_small():
    checked = check(files.photo(4000, 3000))

    assert (checked.width, checked.height) == (SIDE, 1200)
    assert Image.open(io.BytesIO(checked.thumbnail)).size == (THUMBNAIL_SIDE, 360)


def test_check_evidence_turns_a_photo_as_the_camera_was_held():
    image, content = Image.new("RGB", (40, 20), "red"), io.BytesIO()
    note = Image.Exif()
    note[0x0112] = 6
    image.save(content, "JPEG", exif=note)

    checked = check(content.getvalue())

    assert (checked.width, checked.height) == (20, 40)


@pytest.mark.parametrize("taken", ["2999:01:01 00:00:00", "вчера", ""])
def test_check_evidence_leaves_an_impossible_day_out(taken):
    assert check(files.photo(taken=taken)).taken_on is None


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (files.HTML, "снимок.jpg", "type"),
        (files.SVG, "схема.svg", "type"),
        (files.MACRO, "акт.docx", "macros"),
        (files.MACRO_SHEET, "смета.xlsx", "macros"),
        (files.huge_photo(), "снимок.png", "too_many_pixels"),
        (files.photo()[:200], "снимок.jpg", "broken"),
        (b"", "снимок.jpg", "empty"),
        (files.photo(), "..снимок.jpg", "name"),
    ],
)
def test_check_evidence_refuses_with_a_message(content, name, code):
    assert codes(check, content, name) == [code]


def test_check_evidence_refuses_an_archive_bomb():
    assert codes(check, files.BOMB, "акт.docx") == ["bomb"]


def test_check_evidence_refuses_a_heavy_photo():
    upload = SimpleUploadedFile("снимок.jpg", files.photo())
    upload.size = MAX_PHOTO_BYTES + 1

    assert codes(check_evidence, upload) == ["too_large"]
