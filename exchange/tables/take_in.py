"""Tables from their sheets to the database: read, planned together, and taken in whole or not at all."""

import hashlib
from dataclasses import dataclass, field
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction

from exchange.sheets.heads import find_head
from municipalities.models import Edition, Region
from strategies.models import ProgrammeDirection

from .indicators import Indicators, Values
from .measures import Measures
from .priorities import Priorities
from .rows import Reader

PLANNERS = {"measures": Measures, "priorities": Priorities, "indicators": Indicators, "values": Values}
CHANGED = "Пока вы смотрели, записи изменил кто-то другой. Ничего не внесли: проверьте таблицу ещё раз и внесите."
ALREADY = "Всё, что в этой таблице, на сайте уже так и стоит. Ничего не внесли."


class Part(NamedTuple):
    """A sheet on its way in: its rows, and which column is what."""

    grid: object
    match: object


@dataclass
class TablesPlan:
    """What several sheets would do together: the planner of each, in order."""

    planners: list = field(default_factory=list)

    @property
    def previews(self):
        """What each would do."""
        return [one.preview for one in self.planners]

    @property
    def faults(self):
        """How many faults there are."""
        return sum(len(one.faults) for one in self.previews)

    @property
    def total(self):
        """How many records would be written."""
        return sum(one.total for one in self.previews)

    @property
    def digest(self):
        """A mark of all that would be done: another one means that somebody was faster."""
        marks = [one.digest for one in self.previews]
        return marks[0] if len(marks) == 1 else hashlib.sha256("".join(marks).encode()).hexdigest()


def plan_table(grid, match, scope, *, by, reason=""):
    """(planner, plan) of one sheet: what it would do. Nothing is written."""
    [planner] = plan_tables([Part(grid, match)], scope, by=by, reason=reason).planners
    return planner, planner.preview


def plan_tables(parts, scope, *, by, reason=""):
    """The `TablesPlan` of sheets that stand on one another. What the earlier ones write is undone at the end."""
    if len(parts) == 1:
        return _planned(parts, scope, by, reason)
    with transaction.atomic():
        plan = _planned(parts, scope, by, reason)
        transaction.set_rollback(True)
    return plan


def _planned(parts, scope, by, reason):
    plan = TablesPlan()
    for number, part in enumerate(parts, start=1):
        planner, reader = _prepared(part, scope, by, reason)
        plan.planners.append(planner)
        for _planned_rows in planner.plan_steps(reader):
            pass
        if number < len(parts) and not planner.preview.faults:
            for _written in planner.save():
                pass
    return plan


def _prepared(part, scope, by, reason):
    grid, match = part
    titles = []
    if match.kind.code == "measures":
        titles = ProgrammeDirection.objects.filter(programme=scope.programme).values_list("title", flat=True)
    head = find_head(grid, match.kind, match.layout)
    reader = Reader(grid, head, match, match.layout, directions=titles).read()
    return PLANNERS[match.kind.code](scope, by=by, reason=reason), reader


def take_in_steps(parts, scope, *, by, reason, seen, written=None):
    """Take sheets in, in one transaction; yields (how far, of how much): rows are checked, then records written.

    Exhausted, it has kept all of them, and the last number says how many records; closed before, none. Two people who
    bring tables to one region wait for each other: the second is told if the first has changed what they were shown.

    Args:
        parts: `Part`s, each after those that it stands on.
        seen: the digest of the plan that was shown.
        written: a dictionary that gets `counts`, {code of a kind: [added, changed]}, and `wrote`.

    Raises:
        ValidationError: faults, nothing to do, or not what was shown. Nothing is kept.
    """
    rows = max(sum(len(part.grid.rows) for part in parts), 1)
    yield 0, 2 * rows
    plan, before = TablesPlan(), 0
    with transaction.atomic():
        Region.objects.select_for_update(no_key=True).only("pk").get(pk=scope.region.pk)
        try:
            for part in parts:
                own = len(part.grid.rows)
                planner, reader = _prepared(part, scope, by, reason)
                plan.planners.append(planner)
                for checked in planner.plan_steps(reader):
                    yield before + min(checked, own), 2 * rows
                if len(parts) == 1:
                    _check_plan(plan, seen)
                done = 0
                for count in planner.save() if not planner.preview.faults else ():
                    done += count
                    yield before + own + own * min(done, planner.preview.total) // planner.preview.total, 2 * rows
                before += 2 * own
            _check_plan(plan, seen)
            Edition.bump(scope.region.pk)
        except DatabaseError as error:
            raise ValidationError(CHANGED, code="changed_meanwhile") from error
    if written is not None:
        written["counts"] = {
            planner.reader.match.kind.code: [len(planner.preview.added), planner.preview.changed]
            for planner in plan.planners
        }
    yield plan.total, plan.total


def _check_plan(plan, seen):
    """Refuse a plan that has nothing to do, is not the one that was shown, or has faults."""
    if not plan.faults and not plan.total:
        raise ValidationError(ALREADY, code="already")
    if plan.digest != seen:
        raise ValidationError(CHANGED, code="changed_meanwhile")
    if plan.faults:
        raise ValidationError(f"В таблице ошибок: {plan.faults}. Ничего не внесли.", code="faults")
