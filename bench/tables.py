"""Files of tables: how long a large one is read, what spoilt ones do.

    python bench/tables.py              20,000 rows of each kind, 5 KB with a cell in the last row, 1,000 spoilt files
    python bench/tables.py --spoilt N   another number of spoilt files

Fails where a large file takes over 6 s of the processor or 300 MB, the small one over a second, a spoilt one over 20 s
by the clock, or where any answer is no refusal in words.
"""
# ruff: noqa: PLC0415 - Django can be imported only once it is set up

import argparse
import collections
import contextlib
import csv
import io
import json
import os
import pathlib
import resource
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
ROWS, BAR_S, BAR_MB, BAR_FAR_S, BAR_SPOILT_S = 20_000, 6, 300, 1, 20


def prepare():
    """Django without a database."""
    os.environ.update({"DEBUG": "1", "DJANGO_SETTINGS_MODULE": "config.settings_test"})
    sys.path.insert(0, str(ROOT))
    import django

    django.setup()


def rows(number):
    """Rows of measures."""
    yield [
        "№",
        "Мероприятие",
        "Город",
        "Срок",
        "Исполнитель",
        *(f"{year}, местный бюджет" for year in range(2026, 2031)),
    ]
    for index in range(1, number):
        money = [100.25 + index + year for year in range(5)]
        yield [index, f"Благоустройство двора № {index}", "Сызрань", "31.12.2027", "Комитет благоустройства", *money]


def large_files():
    """{name: content} of so many rows."""
    import xlsxwriter

    from tests.exchange.sheets.made import ods, ods_cell

    book = io.BytesIO()
    made = xlsxwriter.Workbook(book, {"constant_memory": True})
    sheet, lines = made.add_worksheet(), []
    for place, row in enumerate(rows(ROWS)):
        sheet.write_row(place, 0, row)
        cells = (ods_cell(cell) if isinstance(cell, str) else ods_cell(cell, "float", cell) for cell in row)
        lines.append(f"<table:table-row>{''.join(cells)}</table:table-row>")
    made.close()
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=";").writerows(rows(ROWS))
    return {
        "rows.xlsx": book.getvalue(),
        "rows.ods": ods(f'<table:table table:name="А">{"".join(lines)}</table:table>'),
        "rows.csv": text.getvalue().encode("cp1251"),
    }


def read(name, content):
    """(seconds, the grid or the words of the refusal) of a file."""
    from django.core.exceptions import ValidationError
    from django.core.files.uploadedfile import SimpleUploadedFile

    from exchange.sheets.grid import read_book

    began = time.perf_counter()
    try:
        found = read_book(SimpleUploadedFile(name, content)).chosen()
    except ValidationError as refusal:
        found = refusal.code
    return time.perf_counter() - began, found


def cost(kind, content):
    """(seconds of the processor, the most memory in MB) of a process that reads a file."""
    from exchange.sheets import server
    from exchange.sheets.marks import Refusal

    child = os.fork()
    if child == 0:
        server.limit()
        with contextlib.suppress(Refusal):
            json.dumps(server.READERS[kind](content))
        os._exit(0)
    spent = os.wait4(child, 0)[2]
    return spent.ru_utime + spent.ru_stime, spent.ru_maxrss / 1024


def main():
    """Read, measure, print; fails over a bar."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--spoilt", type=int, default=1000)
    spoilt = parser.parse_args().spoilt
    prepare()
    from exchange.sheets.server import READERS
    from tests.exchange.sheets.made import xlsx
    from tests.exchange.sheets.mutations import mutated

    failed = False
    far = '<row r="1"><c t="str"><v>а</v></c></row><row r="1048576"><c r="XFD1048576" s="1"/></row>'
    large = large_files() | {"far.xlsx": xlsx(f"<sheetData>{far}</sheetData>")}
    read("far.xlsx", large["far.xlsx"])
    for name, content in large.items():
        kind = name.rpartition(".")[2]
        began = time.process_time()
        seconds, grid = read(name, content)
        busy, memory = time.process_time() - began, highest()
        if kind in READERS:
            more, memory = cost(kind, content)
            busy += more
        bar = BAR_FAR_S if name == "far.xlsx" else BAR_S
        failed = failed or busy > bar or memory > BAR_MB
        told = grid if isinstance(grid, str) else f"{len(grid.rows)} rows"
        cost_told = f"busy {busy:.2f} s (bar {bar} s), {memory:.0f} MB (bar {BAR_MB})"
        print(f"{name}: {len(content) / 1024:.0f} KB, {told}, {seconds:.2f} s by the clock, {cost_told}")
    answers, slowest = collections.Counter(), (0, "")
    for number, (name, content) in enumerate(mutated(spoilt), start=1):
        seconds, found = read(name, content)
        answers[found if isinstance(found, str) else "read"] += 1
        slowest = max(slowest, (seconds, f"{number}: {name}"))
    print(f"{spoilt} spoilt files: {dict(answers.most_common())}")
    print(f"the slowest {slowest[0]:.2f} s (bar {BAR_SPOILT_S} s, {slowest[1]}); {highest():.0f} MB at most here")
    if failed or slowest[0] > BAR_SPOILT_S:
        raise SystemExit("A file of a table is over its bar.")


def highest():
    """The most memory of this process so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
