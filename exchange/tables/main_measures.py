"""Main measures and their parts, «1» and «1.1»: where both name money, it is asked whose counts; never both unseen."""

import re

from exchange.sheets.marks import listed
from exchange.sheets.row_kinds import PARTS_FOLLOW

from .answers import BOTH, PARENT, PARTS, Inside
from .preview import shown

_WITHIN = re.compile(r"(?i)\s*(в том числе|в т\. ?ч\.?|из них|в составе)\b")
_BULLET = re.compile(r"\s*[-–—•·*]\s+\S")
ASK = (
    "деньги есть и здесь ({}), и в частях (строки {}: {}): это одни и те же деньги? Скажите, что считать: основное "
    "мероприятие, его части или и то и другое"
)
TOLD = {
    PARENT: "деньги частей (строки {}) не вносим: считаем деньги основного мероприятия, строка {}.",
    PARTS: "деньги основного мероприятия (строка {1}) не вносим: считаем деньги его частей, строки {0}.",
    BOTH: "деньги основного мероприятия (строка {1}) и его частей (строки {0}) вносим как разные.",
}


def settle_parts(planner):
    """Leave to main measures or to their parts the money that both name, as a person says; ask where nothing is said.

    Args:
        planner: the `Measures` at work, its rows matched with what stands on the site.
    """
    found = []
    for parent, parts in _families(planner.reader):
        keys = {key for part in parts for key in part.money} & parent.money.keys()
        if keys and not _stands(planner, [parent, *parts], keys):
            found.append((parent, parts, keys, _on_site(planner, parent, parts, keys)))
    said = planner.answers.count
    for parent, parts, keys, known in found:
        answer = said or known
        lines, (total, of_parts) = [part.line for part in parts], _sums(parent, parts, keys)
        titles = tuple((part.line, part.get("title") or "") for part in parts)
        planner.preview.parts.append(Inside(parent.line, parent.get("title") or "", titles, total, of_parts, answer))
        if answer not in TOLD:
            name = next(name for key, (_value, _line, name) in parent.money.items() if key in keys)
            planner.wrong(parent, name, ASK.format(shown(total), listed(lines), shown(of_parts)))
        elif said:
            planner.note(f"Части мероприятий: {TOLD[answer].format(listed(lines), parent.line)}")
    for parent, parts, keys, known in found:
        for item in {PARENT: parts, PARTS: [parent]}.get(said or known, ()):
            for key in keys & item.money.keys():
                del item.money[key]


def _families(reader):
    """[(main measure, its parts)] by numbers and by words; under «в том числе:» those without a number are parts."""
    families, by_code, last, is_list = {}, {}, None, False
    labels = {one.line for one in reader.left if one.why == PARTS_FOLLOW}
    for item in reader.items:
        title, code = item.get("title") or "", (item.get("code") or "").strip().rstrip(".)")
        is_list = last is not None and (is_list or item.line - 1 in labels)
        parent = by_code.get(code.rpartition(".")[0]) if "." in code else None
        if parent is None and not code and last is not None and (
            is_list or _WITHIN.match(title) or _BULLET.match(title)
        ):  # fmt: skip
            parent = last
        elif parent is None:
            last, is_list = item, False
        if code:
            by_code[code] = item
        if parent is not None:
            families.setdefault(parent.line, (parent, []))[1].append(item)
    return list(families.values())


def _sums(parent, parts, keys):
    """(money of the main measure, of its parts) where both name it."""
    return sum(parent.money[key][0] for key in keys), sum(
        part.money[key][0] for part in parts for key in keys & part.money.keys()
    )


def _of_site(planner, item, key):
    """The money of a row as it stands on the site; None where none stands."""
    record = planner.names.of_line.get(item.line)
    row = planner.money.get((record.pk, *key)) if record is not None else None
    return row.planned if row is not None else None


def _stands(planner, items, keys):
    """Whether all the money is on the site already: a table given back by it asks nothing."""
    return all(_of_site(planner, item, key) == item.money[key][0] for item in items for key in keys & item.money.keys())


def _on_site(planner, parent, parts, keys):
    """What was said when the same measures were brought before: whose money stands on the site; empty where unknown."""
    has_parent = any(_of_site(planner, parent, key) is not None for key in keys)
    has_parts = any(_of_site(planner, part, key) is not None for part in parts for key in keys)
    return "" if has_parent == has_parts else PARENT if has_parent else PARTS
