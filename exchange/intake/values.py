"""Words in cells that have to mean something of ours: towns, directions, sources; said once for the whole table.

And names of one column that are likely the same: written one way in one step, if a person says so.
"""

import hashlib
import re
from collections import Counter
from difflib import SequenceMatcher, get_close_matches

from exchange.sheets.cells import OneOf, is_blank, is_ditto, refers
from exchange.sheets.grid import ERROR, FORMULA, MERGED
from exchange.tables.identity import plain_key

from .choice import IN_TABLE, NOT_IN, TO_CHOOSE, Choice, Group, Value
from .confidence import DOUBTFUL, UNKNOWN

MOST_VALUES, MOST_NAMES, LIKELY, ALIKE = 60, 150, 0.6, 0.88
AS_IT_IS = "="
NO_SUCH, MERE = "такого у нас нет: разберу по строкам", "просто заголовок, не направление"
FREE = ("responsible", "co_executors", "data_source", "unit")


def texts_of(sheet, name, understand=None):
    """Counter of what stands in the column of a field, in the rows that go in.

    Args:
        understand: what it understands is not looked for. Where nothing else stands, no row is looked at.
    """
    place, first = sheet.match.places()[name], sheet.head.first
    texts = [cells[place].removeprefix(MERGED) if place < len(cells) else "" for cells in sheet.grid.rows[first:]]
    looked_for = {
        text for text in set(texts)
        if not is_blank(text) and not is_ditto(text) and text[:1] not in {FORMULA, ERROR}
        and not (name == "source" and refers(text)) and not (understand and _understands(understand, text))
    }  # fmt: skip
    if not looked_for:
        return Counter()
    out = sheet.rows_out
    return Counter(text for row, text in enumerate(texts, start=first) if text in looked_for and row not in out)


def known_words(sheet, name):
    """(how a word is understood, [(value, words)] to choose from) of a field; (None, []) where any word will do."""
    ground, cell = sheet.ground, sheet.kind.field(name).cell if sheet.kind.field(name) else None
    if name == "town":
        return ground.town, [
            (ground.town_name(one), one.shown_name) for one in ground.towns.values() if not one.is_reference
        ]
    if name == "direction" and sheet.kind.code == "measures":
        return ground.direction, [(ground.direction_name(one), one.title) for one in ground.directions.values()]
    if isinstance(cell, OneOf):
        labels = {}
        for label, code in cell.words:
            labels.setdefault(code, label)
        return cell.read, [(label, label) for label in labels.values()]
    return None, []


def values_of(sheet):
    """`Value`s of a sheet that are not understood as they stand, the most frequent first."""
    found = _headings(sheet)
    for name in sheet.match.places():
        understand, choices = known_words(sheet, name)
        if understand is None or not choices:
            continue
        for text, count in texts_of(sheet, name, understand).most_common():
            found.append(Value(text, sheet.kind.label_of(name), count, _choice(sheet, name, text, choices)))
    return found[:MOST_VALUES]


def _headings(sheet):
    """Headings between rows that are no direction as they stand, where it is said that headings name directions."""
    if sheet.kind.code != "measures" or sheet.match.direction or "direction" in sheet.match.places():
        return []
    is_said = sheet.said.get("once", {}).get("direction") == IN_TABLE or any(
        one.get("direction") for one in sheet.reader.items
    )
    if not is_said:
        return []
    _understand, choices = known_words(sheet, "direction")
    texts = dict.fromkeys([*sheet.reader.headings, *sheet.match.headings])
    if len(choices) < 2 or not texts:
        return []
    asked = [_choice(sheet, "direction", text, choices, MERE) for text in texts]
    return [Value(text, "раздел", 1, choice) for text, choice in zip(texts, asked, strict=True)]


def _understands(understand, text):
    try:
        understand(text)
    except ValueError:
        return False
    return True


def _choice(sheet, name, text, choices, none=NO_SUCH):
    said = sheet.values.get(name, {}).get(text)
    known = {value for value, _words in choices}
    if said in known or said == NOT_IN:
        value, sure = said, ""
    else:
        value = _likely(text, choices)
        sure = DOUBTFUL if value else UNKNOWN
    groups = [("", [(NOT_IN, none), *sorted(choices, key=lambda one: one[1])])]
    what = sheet.kind.label_of(name)
    return Choice(field_name(sheet, name, text), f"«{text}», {what} — это", groups, value, sure, f"«{text[:40]}»")


def _likely(text, choices):
    if re.search(r"[;,\n]", text):  # several things in one cell: none of them is likelier
        return TO_CHOOSE
    keys = {plain_key(words): value for value, words in choices}
    near = get_close_matches(plain_key(text), keys, 1, LIKELY)
    return keys[near[0]] if near else TO_CHOOSE


def field_name(sheet, name, text):
    """What the choice of a value is called in the form."""
    return f"{sheet.prefix}value-{name}-{hashlib.sha256(text.encode()).hexdigest()[:12]}"


def groups_of(sheet):
    """`Group`s of names that are likely the same, column by column."""
    found = []
    for name in FREE:
        if name in sheet.match.places():
            texts = texts_of(sheet, name)
            found += [_group(sheet, name, same, texts) for same in alike(list(texts)[:MOST_NAMES])]
    return found


def alike(texts):
    """Lists of texts that differ by signs, blanks, case or a letter; each text stands in one."""
    groups = []
    for text in texts:
        letters = _letters(text)
        for letters_of_first, members in groups:
            if letters == letters_of_first or (
                not _digits(letters) ^ _digits(letters_of_first)
                and SequenceMatcher(None, letters, letters_of_first).quick_ratio() > ALIKE
                and SequenceMatcher(None, letters, letters_of_first).ratio() > ALIKE
            ):
                members.append(text)
                break
        else:
            groups.append((letters, [text]))
    return [members for _letters_of_first, members in groups if len(members) > 1]


def _letters(text):
    return re.sub(r"[\W_]+", "", plain_key(text))


def _digits(text):
    return set(re.findall(r"\d+", text))


def _group(sheet, name, texts, counts):
    texts = sorted(texts, key=lambda one: (-counts[one], one))
    said = {sheet.values.get(name, {}).get(text) for text in texts}
    value = next((text for text in texts if said & {text}), AS_IT_IS)
    what = sheet.kind.label_of(name)
    groups = [("", [(AS_IT_IS, "как в файле"), *((text, text) for text in texts)])]
    choice = Choice(field_name(sheet, name, texts[0]), f"{what}: писать везде", groups, value)
    return Group(what, [(text, counts[text]) for text in texts], choice)
