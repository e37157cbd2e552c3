"""What a person has just said on a page, put beside what they said before: nothing of it is lost on the way."""

import re

from exchange.sheets.grid import MOST_TEXT, clean_text
from exchange.tables.answers import BOTH, NEW, PARENT, PARTS, SAME_ROW

from .forms import MOST_PASTED
from .once import BELOW
from .values import AS_IT_IS

MOST_WORDS = 2000
ONCE = ("source", "year", "direction", "paper", "unit_name", "town", *(f"below-{name}" for name in BELOW))


def heard(intake, data):
    """What is said of a table after a post; `intake` is as the page showed it.

    Args:
        data: the post.

    Returns:
        The new `TableImport.said`; places (programme, town) are not in it.
    """
    said = dict(intake.said)
    sheets = {number: dict(one) for number, one in said.get("sheets", {}).items()}
    for sheet in intake.sheets:
        told = _of_sheet(sheet, data)
        if told:
            sheets[str(sheet.number)] = sheets.get(str(sheet.number), {}) | told
    said["sheets"] = sheets
    text = data.get("text", "").replace("\r\n", "\n").replace("\0", "")[:MOST_PASTED]
    if "text" in data and "text" in said and text != said["text"].replace("\r\n", "\n"):
        return {"text": text, "reason": said.get("reason", "")}  # another text: what was said is of lines that are gone
    if "reason" in data:
        said["reason"] = _words(data["reason"])
    lines = dict(said.get("lines", {}))
    for name in data:
        if re.fullmatch(r"line-\d{1,5}", name):
            lines[name.removeprefix("line-")] = _words(data[name])
        elif re.fullmatch(r"owner-\d{1,5}:\d{1,5}", name):
            said["owners"] = said.get("owners", {}) | {name.removeprefix("owner-"): _words(data[name])}
    return said | ({"lines": lines} if lines else {})


def _words(text):
    return clean_text(text)[:MOST_WORDS]


def _of_sheet(sheet, data):
    prefix, told = sheet.prefix, {}
    for name in ("kind", "unit", "hidden", "struck"):
        if data.get(prefix + name):
            told[name] = _words(data[prefix + name])
    head = _words(data.get(prefix + "head", ""))
    if prefix + "head" in data and head != sheet.head_rows:
        told["head"] = head
    once = {name: data[field] for name in ONCE if (field := f"{prefix}once-{name}") in data}
    if once:
        told["once"] = sheet.said.get("once", {}) | {name: _words(text) for name, text in once.items()}
    if sheet.head is not None:
        told |= _of_columns(sheet, data) | _of_values(sheet, data) | _of_rows(sheet, data)
    return told | _of_cells(sheet, data) | _of_the_check(sheet, data)


def _of_columns(sheet, data):
    start = f"{sheet.prefix}column-"
    columns = {
        name.removeprefix(start): _words(data[name])
        for name in data if re.fullmatch(rf"{start}\d{{1,3}}", name) and data[name]
    }  # fmt: skip
    if f"{sheet.prefix}form" not in data:
        return {}
    told = {"form": _words(data[f"{sheet.prefix}form"]), "columns": columns}
    return told | {"rest": f"{sheet.prefix}rest" in data}


def _of_values(sheet, data):
    values = {name: dict(words) for name, words in sheet.said.get("values", {}).items()}
    if not any(name.startswith(f"{sheet.prefix}value-") for name in data):
        return {"values": values} if values else {}
    for one in sheet.to_match:
        if chosen := _words(data.get(one.choice.name, "")):
            values.setdefault(_field(one.choice.name), {})[one.text] = chosen
    for group in sheet.groups:
        if group.choice.name in data:
            words = values.setdefault(_field(group.choice.name), {})
            chosen = data[group.choice.name]
            for text, _count in group.texts:
                words.pop(text, None)
                if chosen != AS_IT_IS and chosen in dict(group.texts):
                    words[text] = chosen
    return {"values": values} if values else {}


def _field(name):
    """The field of a table in the name of a choice: `s0-value-town-…`."""
    return name.split("value-", 1)[1].rpartition("-")[0]


def _of_rows(sheet, data):
    shown = _numbers(data.get(f"{sheet.prefix}rows", "").split(","))
    if not shown:
        return {}
    ticked = _numbers(data.getlist(f"{sheet.prefix}take"))
    taken = (set(sheet.said.get("taken", ())) - shown) | (ticked & shown)
    return {"taken": sorted(taken), "left": sorted(set(sheet.said.get("left", ())) - ticked)}


def _of_the_check(sheet, data):
    """What the check asked: which rows are of known things, which of two sums counts."""
    start, told = f"{sheet.prefix}same-", {}
    same = {name.removeprefix(start): data[name] for name in data if name.startswith(start) and data[name]}
    same = {line: said for line, said in same.items() if re.fullmatch(r"\d{1,6}", line)}
    same = {line: said for line, said in same.items() if said in {NEW, SAME_ROW} or re.fullmatch(r"\d{1,9}", said)}
    if same:
        told["same"] = sheet.said.get("same", {}) | same
    if data.get(f"{sheet.prefix}count") in {PARENT, PARTS, BOTH}:
        told["count"] = data[f"{sheet.prefix}count"]
    return told


def _numbers(texts):
    return {int(text) for text in texts if re.fullmatch(r"\d{1,6}", text)}


def _of_cells(sheet, data):
    start, cells = f"{sheet.prefix}cell-", dict(sheet.said.get("cells", {}))
    before = len(cells), dict(cells)
    for name in data:
        address = name.removeprefix(start)
        if not name.startswith(start) or not re.fullmatch(r"\d{1,5}:\d{1,3}", address):
            continue
        row, place = map(int, address.split(":"))
        text = clean_text(data[name])[:MOST_TEXT]
        if row < len(sheet.grid.rows) and text != shown_cell(sheet.grid.cell(row, place)):
            cells[address] = text
    return {"cells": cells} if (len(cells), cells) != before else {}


def shown_cell(text):
    """A cell as a person edits it: a day as 31.12.2026, a formula or an error as nothing."""
    if text[:1] == "\x01":
        return f"{text[9:11]}.{text[6:8]}.{text[1:5]}"
    if text[:1] in {"\x02", "\x03"}:
        return ""
    return text.removeprefix("\x04")


def put_off(intake, said):
    """What is said once rows with faults are to stay out for now: the others may go in."""
    sheets = {number: dict(one) for number, one in said.get("sheets", {}).items()}
    for sheet, planner in zip(intake.ordered, intake.plan.planners, strict=True):
        wrong = {row for fault in planner.preview.faults for row in intake.rows_of(sheet, fault.line - 1)}
        if wrong:
            told = sheets.setdefault(str(sheet.number), {})
            told["left"] = sorted(set(told.get("left", ())) | wrong)
            told["put_off"] = sorted(set(told.get("put_off", ())) | wrong)
            faults = planner.preview.faults
            why = [[one.line - 1, one.place - 1 if one.place else None, one.text] for one in faults]
            told["put_off_for"] = told.get("put_off_for", []) + why
    return said | {"sheets": sheets}


def as_in_the_file(said):
    """What is said without cells that were mended and rows that were put off."""
    undone = {"cells", "left", "put_off", "put_off_for"}
    sheets = {
        number: {name: told for name, told in one.items() if name not in undone}
        for number, one in said.get("sheets", {}).items()
    }
    return said | {"sheets": sheets}
