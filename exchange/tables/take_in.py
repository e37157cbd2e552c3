"""A table from the file to the database: read, planned, and taken in whole or not at all."""

from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction

from exchange.sheets.grid import Grid
from exchange.sheets.heads import find_head
from exchange.sheets.packing import pack, unpack
from municipalities.models import Edition, Region
from strategies.models import ProgrammeDirection

from .indicators import Indicators, Values
from .measures import Measures
from .priorities import Priorities
from .rows import Reader

PLANNERS = {"measures": Measures, "priorities": Priorities, "indicators": Indicators, "values": Values}
SALT = "exchange.bulk"
CHANGED = "Пока вы смотрели, записи изменил кто-то другой. Ничего не внесли: проверьте таблицу ещё раз и внесите."
ALREADY = "Всё, что в этой таблице, на сайте уже так и стоит. Ничего не внесли."


def pack_grid(grid):
    """A grid as a signed text for the form that goes on; raises ValidationError where there is too much of it."""
    return pack([grid.sheet, grid.rows, grid.others], SALT, preset=1)


def unpack_grid(text):
    """The grid that `pack_grid` gave; raises ValidationError where it is none."""
    sheet, rows, *others = unpack(text, SALT)
    return Grid(rows, sheet, tuple(*others))


def plan_table(grid, match, scope, *, by, reason=""):
    """(planner, plan) of a grid: what it would do. Nothing is written."""
    planner, reader = _prepared(grid, match, scope, by, reason)
    for _planned in planner.plan_steps(reader):
        pass
    return planner, planner.preview


def _prepared(grid, match, scope, by, reason):
    titles = []
    if match.kind.code == "measures":
        titles = ProgrammeDirection.objects.filter(programme=scope.programme).values_list("title", flat=True)
    head = find_head(grid, match.kind, match.layout)
    reader = Reader(grid, head, match, match.layout, directions=titles).read()
    return PLANNERS[match.kind.code](scope, by=by, reason=reason), reader


def take_in_steps(grid, match, scope, *, by, reason, seen):
    """Take a table in, in one transaction; yields (how far, of how much): rows are checked, then records written.

    Exhausted, it has kept all of them, and the last number says how many records; closed before, none. Two people who
    bring tables to one region wait for each other: the second is told if the first has changed what they were shown.

    Args:
        seen: the digest of the plan that was shown.

    Raises:
        ValidationError: faults, nothing to do, or not what was shown. Nothing is kept.
    """
    rows = max(len(grid.rows), 1)
    yield 0, 2 * rows
    with transaction.atomic():
        Region.objects.select_for_update(no_key=True).only("pk").get(pk=scope.region.pk)
        planner, reader = _prepared(grid, match, scope, by, reason)
        for checked in planner.plan_steps(reader):
            yield checked, 2 * rows
        plan = planner.preview
        _check_plan(plan, seen)
        done = 0
        try:
            for written in planner.save():
                done += written
                yield rows + rows * min(done, plan.total) // plan.total, 2 * rows
            Edition.bump(scope.region.pk)
        except DatabaseError as error:
            raise ValidationError(CHANGED, code="changed_meanwhile") from error
    yield plan.total, plan.total


def _check_plan(plan, seen):
    """Refuse a plan that has nothing to do, is not the one that was shown, or has faults."""
    if not plan.faults and not plan.total:
        raise ValidationError(ALREADY, code="already")
    if plan.digest != seen:
        raise ValidationError(CHANGED, code="changed_meanwhile")
    if plan.faults:
        raise ValidationError(f"В таблице ошибок: {len(plan.faults)}. Ничего не внесли.", code="faults")
