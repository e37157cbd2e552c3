"""A file or a text becomes a table on its way in: read once, kept with where it goes."""

from dataclasses import replace

from django.core.exceptions import ValidationError

from exchange.sheets.files import told_of_name
from exchange.sheets.grid import read_book, read_text

from .blocks import tables_of
from .book import pack_grids
from .models import TableImport
from .outline import MOST_LINES, Outline

PASTED = "Вставленный текст.txt"
TOO_LONG = f"Во вставленном тексте больше {MOST_LINES} строк вне таблиц. Вставьте его по частям: раздел за разделом."
NOTHING = (
    "Во вставленном тексте нет ни таблицы, ни пронумерованных строк. Скопируйте таблицу целиком, вместе с шапкой, или "
    "строки с номерами: «1. Цель», «1.1. Приоритет»."
)


def bring(form, by):
    """The `TableImport` that a valid `TableForm` brings.

    Raises:
        ValidationError: nothing can be read in it.
    """
    cleaned, upload = form.cleaned_data, form.cleaned_data["file"]
    where = {name: cleaned[name] for name in ("region", "programme", "town")} | {"kind": cleaned["kind"]}
    if not upload:
        text = cleaned["text"]
        return TableImport.begin(
            text.encode(), PASTED, by=by, grids=pack_grids(sheets_of_text(text)), said={"text": text}, **where
        )
    book = read_book(upload)
    grids = [replace(one, told=tuple(words for words in one.told if words not in book.told)) for one in book.grids]
    tables = [tables_of(one) for one in grids]
    grids = [one for some in tables for one in some]
    upload.seek(0)
    content = upload.read()
    told = [*told_of_name(upload.name, content), *book.told]
    said = {"told": told, "active": sum(map(len, tables[: book.active]))}
    return TableImport.begin(content, upload.name, by=by, grids=pack_grids(grids), said=said, **where)


def sheets_of_text(text):
    """The tables of a pasted text; none where its numbered lines are read anew each time.

    Raises:
        ValidationError: there are neither numbered lines nor a table in it.
    """
    outline = Outline(text, {}, {})
    if outline.is_too_long:
        raise ValidationError(TOO_LONG, code="too_long")
    if outline.is_one:
        return []
    grid = read_text(text)
    if max(map(len, grid.rows)) < 2:
        raise ValidationError(NOTHING, code="no_table")
    return tables_of(grid)
