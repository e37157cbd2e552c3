"""What every reader of tables stands on: a book whose formulas are never counted, a text in its encoding, its rows."""

import csv
import io
import zipfile
from contextlib import contextmanager

import openpyxl
from django.core.exceptions import ValidationError
from openpyxl.utils.exceptions import InvalidFileException

from documents.uploads import file_type

# What the reader of books raises on one that is broken, beside its own errors.
BROKEN = (
    InvalidFileException, zipfile.BadZipFile, OSError, KeyError, IndexError, ValueError, TypeError, SyntaxError,
    AttributeError,
)  # fmt: skip


def first_bytes(upload, count=8):
    """How a file begins; it is read from its beginning again."""
    upload.seek(0)
    head = upload.read(count)
    upload.seek(0)
    return head


def is_book(upload):
    """Whether a file begins as books of Excel do."""
    return first_bytes(upload).startswith(b"PK\x03\x04")


@contextmanager
def open_book(upload, *, other_kind):
    """A book whose rows are read within the block: formulas are neither computed nor believed, links are not followed.

    Args:
        upload: a binary file.
        other_kind: what is said of a file that is no book.

    Raises:
        ValidationError: it is no book, carries macros, or is broken anywhere.
    """
    if file_type(upload) != "xlsx":
        raise ValidationError(other_kind, code="type")
    try:
        yield openpyxl.load_workbook(upload, read_only=True, data_only=False, keep_links=False)
    except BROKEN as error:
        raise ValidationError("Таблица повреждена: её не удаётся открыть.", code="broken") from error


def decoded(raw):
    """The text of the bytes of a file; raises ValidationError where they are in no usual encoding."""
    for encoding in ("utf-8-sig", "cp1251"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ValidationError("Кодировка файла не UTF-8 и не Windows-1251.", code="encoding")


def delimited_rows(text, delimiter):
    """Rows of a text, lists of cells; raises ValidationError where they cannot be told."""
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    except csv.Error as error:
        raise ValidationError("Таблица повреждена: её не удаётся прочесть.", code="broken") from error
