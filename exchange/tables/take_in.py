"""Tables from the file to the database: read, planned, and taken in whole or not at all, one or a workbook of them."""

import hashlib
from dataclasses import dataclass, replace

from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction

from exchange.sheets.heads import find_head
from municipalities.models import Edition, Region
from strategies.models import ProgrammeDirection

from .answers import UNASKED
from .goals import Goals
from .ground import Ground
from .indicators import Indicators, Values
from .measures import Measures
from .planner import Book
from .priorities import Priorities
from .rows import Reader
from .strategies import Strategies
from .written import Written

# In this order: what stands on a later sheet may name what an earlier one brings.
PLANNERS = {
    "strategies": Strategies, "goals": Goals, "priorities": Priorities, "measures": Measures,
    "indicators": Indicators, "values": Values,
}  # fmt: skip
CHANGED = "Пока вы смотрели, записи изменил кто-то другой. Ничего не внесли: проверьте таблицу ещё раз и внесите."
ALREADY = "Всё, что в этой таблице, на сайте уже так и стоит. Ничего не внесли."


@dataclass
class Plan:
    """What the tables of a workbook would do: a planner with its preview for each, in the order they were given."""

    planners: list

    @property
    def previews(self):
        """The `Preview` of each table."""
        return [planner.preview for planner in self.planners]

    @property
    def total(self):
        """How many records would be written."""
        return sum(one.total for one in self.previews)

    @property
    def faults(self):
        """Every fault of every table."""
        return [fault for one in self.previews for fault in one.faults]

    @property
    def digest(self):
        """A mark of all that would be done; of a single table it is that of its preview."""
        marks = [one.digest for one in self.previews]
        return marks[0] if len(marks) == 1 else hashlib.sha256(" ".join(marks).encode()).hexdigest()


def plan_table(grid, match, scope, *, by, reason="", answers=UNASKED):
    """(planner, preview) of one table: what it would do. Nothing is written."""
    part = (grid, find_head(grid, match.kind, match.layout), match)
    planner = plan_tables([part], scope, by=by, reason=reason, answers=[answers]).planners[0]
    return planner, planner.preview


def plan_tables(parts, scope, *, by, reason="", answers=(), readers=()):
    """What the tables of a workbook would do together. Nothing is written.

    Args:
        parts: [(grid, head, match)]. A priority of one may name a goal of another, a measure a priority, and so on.
        scope: where all of them go; the programme matters to measures alone.
        by: who brings them.
        reason: why what was promised changes.
        answers: `Answers` for each part, in the order of the parts; those that are not there are asked.
        readers: a `Reader` of each part that has sorted its rows already, so that nobody does so twice; None of others.

    Returns:
        A `Plan`.
    """
    plan = Plan([])
    for _step in _plan_steps(plan, parts, scope, by, reason, answers, readers):
        pass
    return plan


def _plan_steps(plan, parts, scope, by, reason, answers, readers=()):
    """Plan parts into a `Plan`, those that others may name first; yields how many rows are planned."""
    book, answers, done = Book(), [*answers, *([UNASKED] * len(parts))], 0
    known = [*readers, *([None] * (len(parts) - len(readers)))]
    # What is planned is taken from the rows that were read: nobody plans one reading twice.
    readers = [
        (one if one and not one.is_planned else _reader(*part, scope)).read()
        for one, part in zip(known, parts, strict=True)
    ]
    plan.planners = [
        PLANNERS[match.kind.code](_scope(scope, match), by=by, reason=reason, answers=said, book=book)
        for (_grid, _head, match), said in zip(parts, answers, strict=False)
    ]
    order = list(PLANNERS)
    for planner, reader in sorted(
        zip(plan.planners, readers, strict=True), key=lambda pair: order.index(pair[1].match.kind.code)
    ):
        for planned in planner.plan_steps(reader):
            yield done + planned
        done += len(reader.grid.rows)


def _scope(scope, match):
    return scope if match.kind.code == "measures" else replace(scope, programme=None)


def _reader(grid, head, match, scope):
    titles = []
    if match.kind.code == "measures":
        titles = ProgrammeDirection.objects.filter(programme=scope.programme).values_list("title", flat=True)
    return Reader(grid, head, match, match.layout, directions=titles, is_town=Ground(scope).is_town)


def take_in_steps(parts, scope, *, by, reason, seen, answers=(), keep=None, plan=None, readers=()):
    """Take tables in, in one transaction; yields (how far, of how much): rows are checked, then records written.

    Exhausted, it has kept all of them, and the last number says how many records; closed before, none. Two people who
    bring tables to one region wait for each other: the second is told if the first has changed what they were shown.

    Args:
        parts, scope, by, reason, answers, readers: as for `plan_tables`.
        seen: the digest of the plan that was shown.
        keep: called inside the transaction with what was written (`Written.to_keep`), so that it can be taken back.
        plan: an empty `Plan`, for whoever wants to know afterwards what was done.

    Raises:
        ValidationError: faults, nothing to do, or not what was shown. Nothing is kept.
    """
    rows = max(sum(len(grid.rows) for grid, _head, _match in parts), 1)
    yield 0, 2 * rows
    with transaction.atomic():
        Region.objects.select_for_update(no_key=True).only("pk").get(pk=scope.region.pk)
        plan = plan or Plan([])
        for checked in _plan_steps(plan, parts, scope, by, reason, answers, readers):
            yield min(checked, rows), 2 * rows
        _check_plan(plan, seen)
        done = 0
        try:
            for written in _save(plan, scope, keep):
                done += written
                yield rows + rows * min(done, plan.total) // plan.total, 2 * rows
            Edition.bump(scope.region.pk)
        except DatabaseError as error:
            raise ValidationError(CHANGED, code="changed_meanwhile") from error
    yield plan.total, plan.total


def _save(plan, scope, keep):
    """Write what is planned, in the order of kinds; yields how many records."""
    written = Written()
    for code in PLANNERS:
        for planner in plan.planners:
            if planner.reader.match.kind.code == code:
                yield from planner.save()
                written.steps += planner.written.steps
    if keep is not None:
        keep(written.to_keep(scope.region))


def _check_plan(plan, seen):
    """Refuse a plan that has nothing to do, is not the one that was shown, or has faults."""
    if not plan.faults and not plan.total:
        raise ValidationError(ALREADY, code="already")
    if plan.digest != seen:
        raise ValidationError(CHANGED, code="changed_meanwhile")
    if plan.faults:
        raise ValidationError(f"В таблице ошибок: {len(plan.faults)}. Ничего не внесли.", code="faults")
