"""Files that people send: good ones, and those that pretend."""

import io

from PIL import ExifTags, Image

from tests.documents.test_uploads import EXCEL, TYPES, WORD, bomb, package, pdf

OWNER, PLACE = "Иван Владелец", 53.1

HTML = b"<html><script>alert(1)</script></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
PDF, DOCX, XLSX, BOMB = pdf("Act"), package(TYPES, WORD), package(TYPES, EXCEL), bomb()
MACRO = package(TYPES, WORD, "word/vbaProject.bin")
MACRO_SHEET = package(TYPES, EXCEL, "xl/macrosheets/sheet1.xml")


def photo(width=64, height=48, *, colour="teal", kind="JPEG", taken="2026:11:12 10:30:00"):
    """A photo with the note of a camera: where, whose, when."""
    image = Image.new("RGB", (width, height), colour)
    note = Image.Exif()
    note[ExifTags.Base.Artist] = OWNER
    note[ExifTags.Base.Make] = "Камера"
    note.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = taken
    note.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (PLACE, 0.0, 0.0)
    content = io.BytesIO()
    image.save(content, kind, **({"exif": note} if kind == "JPEG" else {}))
    return content.getvalue()


def huge_photo():
    """A photo of 60 megapixels that weighs little."""
    content = io.BytesIO()
    Image.new("1", (10_000, 6_000)).save(content, "PNG")
    return content.getvalue()
