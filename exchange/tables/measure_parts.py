"""What stands beside a measure in a table: priorities it answers, its towns, its milestones. Nothing is taken away."""

import re

from exchange.sheets.terms import Day
from strategies.models import Milestone

from .identity import mark, plain_key
from .preview import shown

SPLIT = "\n"
_MILESTONE = re.compile(r"(.+?)\s*[—–-]\s*(?:до\s+)?(\d{1,2}\.\d{1,2}\.\d{4}|\d{4}-\d{2}-\d{2})")


def plan_links(planner, item, record):
    """Plan priorities that a measure answers; gives whether any are added."""
    touched = False
    have = planner.linked.get(record.pk, set()) if record.pk else set()
    said = set()
    for priority in _listed_priorities(planner, item, record):
        if mark(priority) in said:
            continue
        said.add(mark(priority))
        if priority.pk in have:
            continue
        planner.check_part(item, new_link(planner, planner.link_asked, priority, record), "priorities")
        planner.new_links.append((priority, record))
        if record.pk:
            planner.edit(item, record, "priorities", None, priority.title)
        touched = True
    if said and have - said:
        planner.note(f"Строка {item.line}: связей с приоритетами, которых нет в ячейке, не убрали: {len(have - said)}.")
    return touched


def new_link(planner, link, priority, measure):
    """A link made what says that a measure answers a priority; one asks the rules for all, as for sums."""
    link.priority, link.measure = priority, measure
    link.is_sample, link.created_by_id = measure.is_sample, planner.by_pk
    return link


def _listed_priorities(planner, item, record):
    if item.get("town") and record.municipality_id is None:
        return []  # no town, no priorities: the town is told already
    found = []
    for piece in _pieces(item.get("priorities")):
        try:  # a line of the cell is one title; where no priority is called so, several between «;»
            found.append(planner.ground.priority(piece, record.municipality))
            continue
        except ValueError:
            texts = [text.strip() for text in piece.split(";") if text.strip()]
        for text in texts:
            try:
                found.append(planner.ground.priority(text, record.municipality))
            except ValueError as error:
                planner.wrong(item, "priorities", str(error))
    return found


def plan_towns(planner, item, record):
    """Plan towns that a measure is about; gives whether any are added."""
    have = planner.named.get(record.pk, set()) if record.pk else set()
    touched = False
    for name in _pieces(item.get("towns")):
        for text in name.split(";"):
            try:
                town = planner.ground.town(text.strip())
            except ValueError as error:
                planner.wrong(item, "towns", str(error))
                continue
            if town.pk in have:
                continue
            have = have | {town.pk}
            planner.new_towns.append((record, town))
            if record.pk:
                planner.edit(item, record, "towns", None, town.name)
            touched = True
    return touched


def plan_points(planner, item, record):
    """Plan milestones of a measure; gives whether any are added."""
    have = planner.points.get(record.pk, {}) if record.pk else {}
    touched = False
    for piece in _pieces(item.get("milestones")):
        match = _MILESTONE.fullmatch(piece)
        try:
            day = Day().read(match[2]) if match else None
        except ValueError:
            day = None
        if day is None:
            planner.wrong(
                item,
                "milestones",
                f"«{piece[:60]}»: ожидалось «что произойдёт — 31.12.2026», каждая точка в своей строке ячейки",
            )
            continue
        known = have.get(plain_key(match[1]), {})
        if known:
            if day not in known:
                days = ", ".join(map(shown, sorted(known)))
                planner.wrong(item, "milestones", f"«{match[1][:60]}»: день точки ({days}) меняют в мастерской")
            continue
        point = Milestone(
            measure=record, title=match[1], due=day, created_by_id=planner.by_pk, is_sample=record.is_sample
        )
        planner.check_part(item, point, "milestones")
        planner.new_points.append(point)
        if record.pk:
            planner.edit(item, record, "milestones", None, piece)
        touched = True
    return touched


def _pieces(text):
    return [piece.strip() for piece in (text or "").split(SPLIT) if piece.strip()]
