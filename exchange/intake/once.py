"""What is said once for a whole sheet: in what money is counted, whose it is, for which year, what of hidden rows."""

import re
from dataclasses import replace

from exchange.sheets.columns import SOURCE_WORDS, YearColumn
from exchange.sheets.heads import AS_FOUND
from exchange.tables.matching import UNIT_WORDS, own_match

from .choice import IN_TABLE, TO_CHOOSE, Choice, Typed, sure_of
from .confidence import SURE, UNKNOWN

# Columns that often name a thing for all rows below, and what an empty cell of them means.
BELOW, ABOVE, AS_EMPTY = ("direction", "town", "priority", "strategy", "goal"), "above", "empty"
OUT = [("leave", "не вносить"), ("take", "внести")]
SHOWN = 10
MOST_PAPER, MOST_UNIT = 300, 40


def unit_asked(sheet):
    """In what money of a sheet is counted, a `Choice`; None where every column says it, or there is no money."""
    if not replace(sheet.match, unit=None, layout=AS_FOUND).lacks_unit:
        return None
    written = {f"{factor:f}": words for words, factor in sheet.head.units}
    options = list(written.items()) if len(written) > 1 else [(f"{one:f}", words) for one, words in UNIT_WORDS.items()]
    value = f"{sheet.unit_known:f}" if sheet.unit_known else TO_CHOOSE
    sure = "" if sheet.unit_said else SURE if value else UNKNOWN
    return Choice(
        f"{sheet.prefix}unit", "Суммы в таблице", [("", options)], value, sure, "в чём считаны деньги",
        "; ".join(words for words, _factor in sheet.head.units),
    )  # fmt: skip


def chosen_once(sheet):
    """`Choice`s said once for a whole sheet, beside the unit."""
    found, once = [], sheet.said.get("once", {})
    columns = [YearColumn.parse(name) for name in sheet.match.fields.values()]
    is_bare = any(one and one.is_kept and not one.source for one in columns)
    if is_bare and "source" not in sheet.match.fields.values():
        value, sure = sure_of(once.get("source"), sheet.found.source)
        groups = [("", list(SOURCE_WORDS.items()))]
        found.append(Choice(f"{sheet.prefix}once-source", "Чьи это деньги", groups, value, sure, "чьи это деньги"))
    if sheet.town_named:
        groups = [("", [(sheet.town_named, sheet.town_named), (IN_TABLE, "не только он: город не назван")])]
        value, sure = sure_of(once.get("town"), sheet.town_named)
        found.append(Choice(f"{sheet.prefix}once-town", "Чей это лист", groups, value, sure, "чей это лист"))
    found += [_blank_asked(sheet, name) for name in BELOW if _has_blanks(sheet, name)]
    titles = [one.title for one in sheet.ground.directions.values()] if sheet.kind.code == "measures" else []
    if len(titles) > 1 and "direction" not in sheet.match.fields.values():
        in_table = any(one.get("direction") for one in sheet.reader.items)
        value, sure = sure_of(once.get("direction"), sheet.found.direction or (IN_TABLE if in_table else ""))
        groups = [("", [(IN_TABLE, "названо строками разделов"), *((one, one) for one in titles)])]
        name = f"{sheet.prefix}once-direction"
        found.append(Choice(name, "Направление новых мер", groups, value, sure, "направление"))
    return found


def _blank_asked(sheet, name):
    """What empty cells under a name mean: a `Choice`."""
    label = f"Пустые ячейки в столбце «{sheet.match.names[sheet.match.places()[name]]}»"
    value, sure = sure_of(sheet.said.get("once", {}).get(f"below-{name}"), ABOVE if name in sheet.found.below else "")
    value = value or (AS_EMPTY if sheet.is_known else TO_CHOOSE)
    groups = [("", [(ABOVE, "то же, что выше"), (AS_EMPTY, "пусто")])]
    return Choice(f"{sheet.prefix}once-below-{name}", label, groups, value, sure if value == ABOVE or not value else "",
                  label[:1].lower() + label[1:])  # fmt: skip


def _has_blanks(sheet, name):
    """Whether a column names something for the rows below it too, or leaves it empty: only a person knows."""
    place = sheet.match.places().get(name)
    if place is None or own_match(sheet.kind, sheet.head.names) is not None:
        return False
    if all(place < len(cells) and cells[place] for cells in sheet.grid.rows[sheet.head.first :]):
        return False
    cells = [sheet.grid.cell(one.line - 1, place) for one in sheet.reader.items]
    return bool(cells) and cells[0] != "" and "" in cells


def typed_once(sheet):
    """What is `Typed` once for a whole sheet: a year, a paper."""
    once, codes, found = sheet.said.get("once", {}), set(sheet.match.fields.values()), []
    columns = [YearColumn.parse(name) for name in codes]
    name = f"{sheet.prefix}once-year"
    if sheet.kind.code == "values" and "year" not in codes:
        found.append(Typed(name, "За какой год значения", "Четыре цифры.", once.get("year", ""), is_needed=True))
    elif any(one and one.is_kept and one.year is None for one in columns):
        year = once.get("year") or sheet.found.year or ""
        hint = "В шапке года нет. Пусто — год срока каждой меры."
        found.append(Typed(name, "За какой год деньги", hint, str(year)))
    has_facts = "actual" in codes or any(one and one.what in {"actual", "spent"} for one in columns)
    if has_facts and "sources" not in codes:
        hint = "Отчёт, сборник или адрес страницы: откуда факты."
        found.append(
            Typed(f"{sheet.prefix}once-paper", "Откуда сведения", hint, once.get("paper", ""), most=MOST_PAPER)
        )
    if sheet.kind.code in {"indicators", "values"} and "unit" not in codes:
        hint = "Если её нет в названиях показателей."
        unit_name = once.get("unit_name", sheet.found.unit_name)
        found.append(
            Typed(f"{sheet.prefix}once-unit_name", "Единица измерения на всю таблицу", hint, unit_name, most=MOST_UNIT)
        )
    return found


def is_year(text):
    """Whether a text is a year."""
    return bool(re.fullmatch(r"\d{4}", text.strip()))


def out_of(sheet):
    """Whether hidden and struck-out rows of a sheet go in: a `Choice` for each sort that it has."""
    found = []
    for name, rows, label in (
        ("hidden", sheet.grid.hidden, "Скрытые строки"), ("struck", sheet.grid.struck, "Зачёркнутые строки"),
    ):  # fmt: skip
        here = [row + 1 for row in sorted(rows) if sheet.head.first <= row < len(sheet.grid.rows)]
        here = [line for line in here if any(sheet.grid.rows[line - 1])]
        if here:
            value, sure = sure_of(sheet.said.get(name), "")
            shown = ", ".join(map(str, here[:SHOWN])) + (f" и ещё {len(here) - SHOWN}" if len(here) > SHOWN else "")
            choice = Choice(f"{sheet.prefix}{name}", f"{label}: {shown}", [("", OUT)], value, sure, label.lower())
            found.append(choice)
    return found
