"""How sure the site is of what it found: a column, a value. What is doubtful is shown, what is unknown is asked."""

import re

from exchange.sheets.cells import is_blank
from exchange.sheets.columns import YearColumn
from exchange.sheets.grid import ERROR, FORMULA, MERGED

SURE, DOUBTFUL, UNKNOWN = "ok", "warn", "bad"
WORDS = {SURE: "узнали", DOUBTFUL: "проверьте", UNKNOWN: "не узнали"}
TRIED, MOST_WRONG, LONG_HEAD = 40, 0.25, 7


def of_column(kind, name, field, cell, texts):
    """How sure it is that a column with such a head is a field.

    Args:
        kind: the `Kind` of the table.
        name: the head.
        field: the name of the field that its words mean; empty where they mean none.
        cell: how the cells of the field are read.
        texts: what stands in the column.
    """
    if not field:
        return UNKNOWN
    head = " ".join(name.rpartition(" / ")[2].lower().replace("ё", "е").split())
    if _are_wrong(cell, texts):
        return DOUBTFUL
    if YearColumn.parse(field) or head in {one.label.lower().replace("ё", "е") for one in kind.fields}:
        return SURE
    others = [one.name for one in kind.fields if one.name != field and re.search(one.words.replace("ё", "е"), head)]
    return DOUBTFUL if others or len(head.split()) >= LONG_HEAD else SURE


def _are_wrong(cell, texts):
    """Whether too much of what stands in a column is nothing that its field may hold."""
    tried = [text for text in texts if text[:1] not in {FORMULA, ERROR, MERGED} and not is_blank(text)][:TRIED]
    wrong = 0
    for text in tried:
        try:
            cell.read(text)
        except ValueError:
            wrong += 1
    return bool(tried) and wrong > MOST_WRONG * len(tried)
