"""A file or a text becomes a table on its way in: read once, kept with where it goes."""

from django.core.exceptions import ValidationError

from exchange.sheets.grid import Grid, clean_text, read_grid

from .book import pack_grids
from .models import TableImport
from .outline import Outline

PASTED = "Вставленный текст.txt"
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
        grids, said = sheets_of_text(text), {"text": text}
        return TableImport.begin(text.encode(), PASTED, by=by, grids=pack_grids(grids), said=said, **where)
    grids = sheets_of_file(upload)
    upload.seek(0)
    return TableImport.begin(upload.read(), upload.name, by=by, grids=pack_grids(grids), **where)


def sheets_of_file(upload):
    """Every visible sheet of a file."""
    return [read_grid(upload)]


def sheets_of_text(text):
    """The tables of a pasted text; none where its numbered lines are read anew each time."""
    if Outline(text, {}, {}).is_one:
        return []
    if "\t" not in text:
        raise ValidationError(NOTHING, code="no_table")
    return [read_text(text)]


def read_text(text):
    """A pasted table."""
    return Grid([[clean_text(cell) for cell in line.split("\t")] for line in text.splitlines()])
