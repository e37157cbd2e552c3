"""What a file really is, told from its content and never from its name."""

import struct
import zipfile
from pathlib import PurePosixPath

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from pypdf import PdfReader
from pypdf.errors import PyPdfError

MAX_BYTES = 30 * 1024 * 1024
MAX_UNPACKED_BYTES = 200 * 1024 * 1024
PAGES_READ_FOR_TEXT = 5

# What the library raises on a zip that is broken anywhere.
BROKEN_ZIP = (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError, IndexError, struct.error)
_PROGRAMS = ("xl/macrosheets/", "scripts/")
_OFFICE = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx"}


def _is_macro(name):
    """Whether a member of an office file is a program: Visual Basic, a sheet of the old macro language, Basic."""
    return PurePosixPath(name).name.lower() == "vbaproject.bin" or name.lower().startswith(_PROGRAMS)


def package_members(file):
    """What a zip of an office file says of its members (`ZipInfo`).

    Raises:
        ValidationError: it is broken, unpacks to too much, or carries macros.
    """
    try:
        with zipfile.ZipFile(file) as package:
            members = package.infolist()
    except BROKEN_ZIP as error:
        raise ValidationError(_("Файл повреждён: его не удаётся открыть."), code="broken") from error
    if sum(member.file_size for member in members) > MAX_UNPACKED_BYTES:
        raise ValidationError(_("Файл слишком велик внутри: распакованным он займёт больше 200 МБ."), code="bomb")
    if any(_is_macro(member.filename) for member in members):
        raise ValidationError(_("В файле есть макросы. Сохраните его без макросов и загрузите снова."), code="macros")
    return members


def _office_type(upload):
    names = {member.filename for member in package_members(upload)}
    for marker, kind in _OFFICE.items():
        if marker in names and "[Content_Types].xml" in names:
            return kind
    return None


def file_type(upload):
    """The type of an uploaded file by its content: `pdf`, `docx` or `xlsx`.

    Raises:
        ValidationError: it is something else, too large, broken, or carries macros.
    """
    if upload.size > MAX_BYTES:
        raise ValidationError(_("Файл больше 30 МБ. Уменьшите его и загрузите снова."), code="too_large")
    upload.seek(0)
    head = upload.read(8)
    upload.seek(0)
    kind = None
    if head.startswith(b"%PDF-"):
        kind = "pdf"
    elif head.startswith(b"PK\x03\x04"):
        kind = _office_type(upload)
        upload.seek(0)
    if kind is None:
        raise ValidationError(_("Подходят файлы PDF, DOCX и XLSX: этот файл другого вида."), code="type")
    return kind


def has_text_layer(upload, kind):
    """Whether the file can be read aloud: office files always, a PDF if its first pages hold text.

    Source of the rule: ПП РФ № 102 of 07.02.2026 (documents of public bodies are readable by a machine voice).
    """
    if kind != "pdf":
        return True
    upload.seek(0)
    try:
        pages = PdfReader(upload).pages
        return any(page.extract_text().strip() for page in pages[:PAGES_READ_FOR_TEXT])
    except (PyPdfError, ValueError, KeyError, TypeError):
        return False
    finally:
        upload.seek(0)
