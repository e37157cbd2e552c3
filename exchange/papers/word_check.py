"""Whether a Word template may be used: no macros, nothing that Word runs or fetches, marks that can all be filled."""

import io
import zipfile

from django.core.exceptions import ValidationError
from lxml import etree

from .word import BROKEN, fill_into

# A sample paper is a page or two: whoever makes more of it loops over loops.
MAX_SAMPLE_BYTES = 5_000_000
# What Word runs or fetches by itself when it opens the file.
ACTIVE = ("attachedTemplate", "oleObject", "package", "control", "subDocument", "frame", "aFChunk", "vbaProject")
FIELDS = frozenset({"DDE", "DDEAUTO", "INCLUDETEXT", "INCLUDEPICTURE", "LINK", "DATABASE", "IMPORT", "MACROBUTTON"})
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_ACTIVE = (
    "Шаблон тянет за собой другой файл или программу. Вставьте картинки в сам файл, уберите объекты, поля и связи с "
    "другими документами."
)


def check_template(upload, samples):
    """A Word file without macros and foreign parts whose marks can be filled with each of the sample words.

    Args:
        upload: a binary file.
        samples: words of a full paper, of an empty one…

    Raises:
        ValidationError: what is wrong and where.
    """
    _check_parts(upload)
    told = set()
    for words in samples:
        upload.seek(0)
        target = io.BytesIO()
        fill_into(target, upload, words, limit=MAX_SAMPLE_BYTES)
        told.add(_read_again(target))
    upload.seek(0)
    if len(told) < len(samples) or "{{" not in _read_again(upload):
        raise ValidationError(
            "В шаблоне нет меток строк: все бумаги вышли бы одинаковыми. Возьмите за основу наш шаблон и оставьте в "
            "нём метки вроде {{ … }} и {%tr … %}.",
            code="no_marks",
        )
    upload.seek(0)


def _check_parts(upload):
    upload.seek(0)
    with zipfile.ZipFile(upload) as package:
        kinds = package.read("[Content_Types].xml")
        if b"macroEnabled" in kinds:
            raise ValidationError("В файле есть макросы. Сохраните его как DOCX без макросов.", code="macros")
        for name in package.namelist():
            if name.endswith(".rels"):
                _check_relations(_parsed(package.read(name)))
            elif name.startswith("word/") and name.endswith(".xml"):
                _check_fields(_parsed(package.read(name)))
    upload.seek(0)


def _xml(content):
    return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))


def _parsed(content):
    try:
        return _xml(content)
    except etree.XMLSyntaxError as error:
        raise ValidationError(BROKEN, code="broken") from error


def _check_relations(relations):
    for relation in relations:
        kind = relation.get("Type", "").rsplit("/", 1)[-1]
        is_outside = relation.get("TargetMode") == "External"
        if kind in ACTIVE or (is_outside and kind != "hyperlink"):
            raise ValidationError(_ACTIVE, code="active")


def _check_fields(part):
    """Fields that fetch a file or start a program; a field may be written in pieces."""
    codes, open_fields = [field.get(f"{W}instr", "") for field in part.iter(f"{W}fldSimple")], []
    for element in part.iter(f"{W}fldChar", f"{W}instrText"):
        if element.tag == f"{W}instrText":
            if open_fields:
                open_fields[-1] += element.text or ""
        elif element.get(f"{W}fldCharType") == "begin":
            open_fields.append("")
        elif element.get(f"{W}fldCharType") == "end" and open_fields:
            codes.append(open_fields.pop())
    if any(words[0].upper() in FIELDS for words in map(str.split, [*codes, *open_fields]) if words):
        raise ValidationError(_ACTIVE, code="active")


def _read_again(target):
    """The text of a paper that Word reads without repair: every part is well-formed."""
    target.seek(0)
    text = ""
    try:
        with zipfile.ZipFile(target) as package:
            for name in package.namelist():
                if name.endswith((".xml", ".rels")):
                    part = _xml(package.read(name))
                    if name == "word/document.xml":
                        text = "".join(piece.text or "" for piece in part.iter(f"{W}t"))
            return text
    except etree.XMLSyntaxError as error:
        raise ValidationError(
            "Метка разрывает абзац или строку таблицы: начало и конец повтора {%tr … %} ставьте каждый в свою строку, "
            "{%p … %} — в свой абзац.",
            code="template",
        ) from error
