"""What a program of sheets counts: the few functions that totals of our papers use, over the cells that stand there."""

import re
from fnmatch import fnmatchcase

from openpyxl.utils import range_boundaries

RANGE = re.compile(r"[A-Z]+\d+:[A-Z]+\d+")


def counted(sheet, formula):
    """The value of a formula over the cells of a sheet.

    Args:
        sheet: rows of cells, formulas as they are written.
        formula: as a cell holds it, with its sign of equality.
    """

    def cells(address):
        left, top, right, bottom = range_boundaries(address)
        return [sheet[row - 1][column - 1] for row in range(top, bottom + 1) for column in range(left, right + 1)]

    def total(values):
        return sum(one for one in values if isinstance(one, (int, float)))

    def sumifs(column, *conditions):
        return total(
            value
            for place, value in enumerate(column)
            if all(
                _holds(where[place], said) for where, said in zip(conditions[::2], conditions[1::2], strict=True)
            )
        )  # fmt: skip

    known = {
        "SUBTOTAL": lambda _nine, column: total(column),  # a total among them is a formula, no number: it is left out
        "SUMIF": lambda where, said, column: sumifs(column, where, said),
        "SUMIFS": sumifs,
        "COUNT": lambda column: sum(isinstance(one, (int, float)) for one in column),
        "COUNTIF": lambda column, said: sum(_holds(one, said) for one in column),
        "ROUND": round,
        "cells": cells,
    }
    return eval(RANGE.sub(lambda found: f'cells("{found[0]}")', formula[1:]), {"__builtins__": {}}, known)


def _holds(cell, said):
    if isinstance(said, str) and said.startswith(">="):
        return isinstance(cell, (int, float)) and cell >= float(said[2:])
    if isinstance(said, str):
        return isinstance(cell, str) and fnmatchcase(cell.lower(), said.lower())
    return cell == said
