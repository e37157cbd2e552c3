"""What each column of a sheet is: as a person says it, as it was said before, by its head, by what stands in it."""

import re

from openpyxl.utils import get_column_letter

from exchange.sheets.grid import MERGED
from exchange.sheets.meaning import recognise
from exchange.sheets.spelling import plain
from exchange.tables.fields import FLOW, FLOWS
from exchange.tables.forms import column_choices, samples
from exchange.tables.matching import STATUS_HEAD

from .choice import NOT_IN, TO_CHOOSE, Choice, Column
from .confidence import DOUBTFUL, SURE, UNKNOWN, of_column

LOOKED_AT = 200
_ORDER = re.compile(r"№|(№|n|no) ?п\.? ?/? ?п|номер( по порядку)?")


def columns_of(sheet):
    """`Column`s with a head, in order."""
    said = sheet.said.get("columns", {}) if sheet.said.get("form") == sheet.form else {}
    choices = column_choices(sheet.kind, sheet.head.names, sheet.scope.programme)
    allowed = {NOT_IN} | {value for _group, pairs in choices for value, _words in pairs}
    found = []
    for place, name in enumerate(sheet.head.names):
        if not name:
            continue
        chosen = said.get(str(place), "")
        value, sure = (chosen, "") if chosen in allowed and chosen else _guessed(sheet, place, name)
        letter = get_column_letter(place + 1)
        choice = Choice(
            f"{sheet.prefix}column-{place}", f"Столбец {letter} «{name}»: что это", choices, value, sure,
            f"столбец {letter}",
        )  # fmt: skip
        found.append(Column(letter, name, samples(sheet.grid, sheet.head, place), choice))
    return found


def _guessed(sheet, place, name):
    """(what a column is, how sure that is) where nobody has said it of this table."""
    kind, field = sheet.kind, sheet.found.fields.get(place, "")
    if sheet.is_known:
        return field or NOT_IN, SURE if field else ""
    rows = sheet.grid.rows[sheet.head.first : sheet.head.first + LOOKED_AT]
    texts = [row[place] for row in rows if place < len(row) and row[place]]
    if field:
        sure = of_column(kind, name, field, sheet.found.cell_of(field, sheet.head.unit), texts)
        return field, DOUBTFUL if _is_said_twice(sheet, field) else sure
    if FLOW not in sheet.found.fields.values() and kind.field(FLOW) and _says_flow(texts):
        return FLOW, DOUBTFUL
    is_out = not texts or name == STATUS_HEAD or sheet.said.get("rest")
    is_order = kind.field("code") is None and _ORDER.fullmatch(plain(name))
    return (NOT_IN, "") if is_out or is_order else (TO_CHOOSE, UNKNOWN)


def _is_said_twice(sheet, field):
    """Whether another column means the same by its words: «План на 2026» and «Уточнённый план на 2026»."""
    return sum(recognise(sheet.kind, re.sub(r" \(\d+\)$", "", name)) == field for name in sheet.head.names) > 1


def _says_flow(texts):
    """Whether a column says «план» and «факт» row by row, whatever its head."""
    found = set()
    for text in texts:
        try:
            found.add(FLOWS.read(text.removeprefix(MERGED)))
        except ValueError:
            return False
    return len(found) > 1
