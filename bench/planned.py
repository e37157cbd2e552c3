"""A long table read and checked by the pages of the office, as a person brings it: 20,000 rows of measures.

    python bench/planned.py                    an SQLite database of its own
    python bench/planned.py --rows N
    python tests/with_postgres.py python bench/planned.py   the same on PostgreSQL

Fails where reading and checking take over 15 s of the processor or 300 MB (the child that reads the file is measured by
`tables.py`), or where a row is not planned.
"""
# ruff: noqa: PLC0415 - Django can be imported only once its database is named

import argparse
import os
import resource
import sys
import tempfile
import time
from pathlib import Path

from bulk import TOWNS, Journey, ground, prepare

ROWS, BAR_S, BAR_MB = 20_000, 15, 300


def made(rows, place):
    """A book of so many rows, its head among them, made by a process of its own: what it takes is not measured."""
    if os.fork() == 0:
        import xlsxwriter

        from tests.exchange.tables import faulty

        book = xlsxwriter.Workbook(place, {"constant_memory": True, "default_date_format": "dd.mm.yyyy"})
        sheet = book.add_worksheet()
        for number, row in enumerate(faulty.mended(rows - 1, TOWNS)):
            sheet.write_row(number, 0, row)
        book.close()
        os._exit(0)
    os.wait()
    return Path(place).read_bytes()


def busy():
    """Seconds of the processor so far, of this process and of its children that have ended."""
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return sum(one.ru_utime + one.ru_stime for one in (own, children))


def main():
    """Bring, match, check; print what it took beside the bars; fail over one."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=ROWS)
    rows = parser.parse_args().rows
    with tempfile.TemporaryDirectory() as folder:
        vendor = prepare(folder)
        from django.core.files.uploadedfile import SimpleUploadedFile

        programme, user = ground()
        content = made(rows, f"{folder}/rows.xlsx")
        desk, before, clock = Journey(user, programme).desk, busy(), time.perf_counter()
        desk.bring(SimpleUploadedFile("rows.xlsx", content))
        read = busy() - before
        page = desk.send("match")
        spent, clock = busy() - before, time.perf_counter() - clock
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        [plan] = page.context["plan"].previews
        print(f"{vendor}: {rows} rows, {len(content) / 1024:.0f} KB: read and matched in {read:.1f} s busy;", end=" ")
        print(f"read and checked in {spent:.1f} s busy (bar {BAR_S} s), {clock:.1f} s by the clock,", end=" ")
        print(f"{most:.0f} MB (bar {BAR_MB})")
        print(f"planned {len(plan.added)} measures, {len(plan.faults)} faults")
        if spent > BAR_S or most > BAR_MB or len(plan.added) != rows - 1:
            sys.exit("A long table is over its bar.")


if __name__ == "__main__":
    main()
