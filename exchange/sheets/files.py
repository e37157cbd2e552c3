"""What a file of a table is, by what stands in it and never by its name, and what its sheets say."""

import io
import re

from django.core.exceptions import ValidationError

from documents.uploads import package_members

from .apart import read_apart
from .marks import LOCKED, MOST_BYTES, MOST_INSIDE, Refusal
from .text import decoded, rows_of

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
FITS = "Подходят таблицы XLSX, XLS, ODS и CSV"
MACROS = "в нём есть макросы. Сохраните его без макросов и загрузите снова."
_MOST_MEMBERS = 20_000
# Old books hold other files inside, named in two bytes a sign.
_INSIDE = {name: name.encode("utf-16-le") for name in ("EncryptedPackage", "_VBA_PROJECT", "WordDocument")}
# (how a member of a package begins, the kind of table, what is said where it is none)
_PACKAGES = (
    ("xl/workbook.bin", "", "это двоичная книга (.xlsb). Откройте её в Excel и сохраните как «Книга Excel (.xlsx)»."),
    ("xl/", "xlsx", ""),
    ("content.xml", "ods", ""),
    ("word/", "", f"это документ Word. {FITS}: скопируйте таблицу в Excel и сохраните."),
    ("ppt/", "", f"это презентация, а не таблица. {FITS}."),
    ("Index/", "", "это таблица Numbers. Выгрузите её из Numbers как XLSX."),
)
_NOT_TABLES = (
    (b"%PDF", f"это PDF, а не таблица. {FITS}: скопируйте таблицу в Excel и сохраните."),
    (b"{\\rtf", f"это документ RTF, а не таблица. {FITS}: скопируйте таблицу в Excel и сохраните."),
    ((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*"), f"это картинка, а не таблица. {FITS}."),
    ((b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b"), f"это архив. Достаньте из него таблицу. {FITS}."),
    (b"MIME-Version:", "это веб-архив (.mht). Откройте его в Excel и сохраните как «Книга Excel (.xlsx)»."),
)  # fmt: skip
_PAGE = re.compile(
    r"(?:<\?xml[^>]*>|<!--.*?-->|\s)*+<(?:!doctype html|html|head|meta|style|body|table|tr|div)\b", re.I | re.S
)


def sheets_of(content):
    """What the sheets of a file say.

    Args:
        content: its bytes.

    Returns:
        {"sheets": [of `Sheet.said`, or its name with a refusal], "active": name, "hidden": [names], "more": [names]}.

    Raises:
        Refusal: it is no table, too large, broken, locked, carries macros.
    """
    if len(content) > MOST_BYTES:
        raise Refusal("файл больше 10 МБ. Разделите таблицу на части.", "too_large")
    for begins, words in _NOT_TABLES:
        if content.startswith(begins):
            raise Refusal(words, "type")
    if content.startswith(ZIP):
        return read_apart(_package_kind(content), content)
    if content.startswith(OLE):
        _check_old(content)
        return read_apart("xls", content)
    if content[:2] == b"\x09\x08" or content[:4] in {b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00"}:
        return read_apart("xls", content)  # a book of Excel 2–5, which stands in no other file
    return _text(content)


def told_of_name(name, content):
    """What a person is told of a plain text that is named as a book: [] of anything else."""
    is_named = name.lower().endswith((".xlsx", ".xlsm", ".xls", ".ods"))
    if not is_named or content.startswith((ZIP, OLE, b"\x09")) or is_page(content[:20_000].decode("latin-1")):
        return []
    return [f"Файл назван «{name}», но внутри не книга, а простой текст: прочли его как CSV."]


def page_tables(text):
    """What the tables of a web page say, as `sheets_of`."""
    return read_apart("web", text.encode("utf-8", errors="replace"))


def is_page(text):
    """Whether a text is a web page or a piece of one."""
    return bool(_PAGE.match(text[:20_000]))


def _package_kind(content):
    if content.count(b"PK\x01\x02") > _MOST_MEMBERS:
        raise Refusal("файл слишком велик внутри.", "bomb")
    try:
        members = package_members(io.BytesIO(content))
    except ValidationError as error:
        words = MACROS if error.code == "macros" else error.messages[0]
        raise Refusal(words[:1].lower() + words[1:], error.code) from error
    if sum(member.file_size for member in members) > MOST_INSIDE:
        raise Refusal("файл слишком велик внутри: распакованным он займёт больше 120 МБ.", "bomb")
    names = {member.filename for member in members}
    if any(member.flag_bits & 1 for member in members):
        raise Refusal(LOCKED, "locked")
    for mark, kind, words in _PACKAGES:
        if any(name.startswith(mark) for name in names):
            if kind:
                return kind
            raise Refusal(words, "type")
    raise Refusal(f"это архив. Достаньте из него таблицу. {FITS}.", "type")


def _check_old(content):
    """Refuse what only looks like an old book (a locked new one, a document of Word), and programs as in new ones."""
    if _INSIDE["EncryptedPackage"] in content:
        raise Refusal(LOCKED, "locked")
    if _INSIDE["WordDocument"] in content:
        raise Refusal(f"это документ Word. {FITS}: скопируйте таблицу в Excel и сохраните.", "type")
    if _INSIDE["_VBA_PROJECT"] in content:
        raise Refusal(MACROS, "macros")


def _text(content):
    text = decoded(content)
    if "\0" in text:
        raise Refusal(f"файл другого вида. {FITS}.", "type")
    if is_page(text):
        return page_tables(text)
    begins = text.lstrip("\ufeff \n\t")[:5000]
    if begins.startswith("<?xml"):
        if "urn:schemas-microsoft-com:office:spreadsheet" in begins:
            words = "это «Таблица XML 2003». Откройте её в Excel и сохраните как «Книга Excel (.xlsx)»."
            raise Refusal(words, "type")
        raise Refusal(f"это XML, а не таблица. {FITS}.", "type")
    rows, told = rows_of(text)
    sheet = {"name": "", "rows": rows, "hidden": [], "struck": [], "told": told}
    return {"sheets": [sheet], "active": "", "hidden": [], "more": []}
