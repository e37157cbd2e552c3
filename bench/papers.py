"""Official papers of a whole region: seconds and memory of each, as Word, a sheet and a page.

    export DATABASE_URL=…            a region of bench/region.py (python bench/region.py --fill)
    python bench/papers.py           each paper in a process of its own; fails over 60 s or 500 MB
    python bench/papers.py --look FOLDER    the papers of one town and of a direction as PDF and PNG, by LibreOffice,
                                            after every file has been read again

Needed for `--look`: libreoffice-writer, libreoffice-calc, poppler-utils, fonts-liberation.
"""
# ruff: noqa: PLC0415 - Django can be imported only once its database is named

import argparse
import io
import json
import pathlib
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.region import prepare  # noqa: E402 - after the folder of the project is known

BAR_SECONDS, BAR_MB = 60, 500
KINDS, FORMATS = ("plan", "summary", "progress", "orders"), ("docx", "xlsx", "page")


def make(kind, form, scope, target):
    """Make one paper of a scope into a binary file; the number of lines of its table."""
    from exchange.papers import sheet, word
    from exchange.papers.catalogue import MAKERS, our_form
    from exchange.papers.order import Term
    from exchange.papers.page import body_html
    from exchange.papers.words import heading, words_of

    term = Term.parse("all")
    paper = MAKERS[kind](scope, term, heading(scope, term))
    if form == "docx":
        word.fill_into(target, our_form(kind), words_of(paper))
    elif form == "xlsx":
        sheet.write_sheet(target, paper)
    else:
        target.writelines(piece.encode() for piece in body_html(paper))
    return paper.line_count


def one(kind, form):
    """Make one paper of the whole region in this process; print what it took."""
    from exchange.papers.order import Scope
    from municipalities.models import Region
    from strategies.models import Measure

    region = Region.objects.get(pk=Measure.objects.values_list("direction__programme__region", flat=True)[0])
    with tempfile.TemporaryFile() as target:
        began, busy = time.perf_counter(), time.process_time()
        lines = make(kind, form, Scope(region), target)
        seconds, busy = time.perf_counter() - began, time.process_time() - busy
        size = target.tell()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"lines": lines, "seconds": seconds, "busy": busy, "mb": memory, "kb": size / 1024}))


def table():
    """Print the table; True where every paper is under the bars."""
    print("| Paper | lines | seconds | of them busy | memory, MB | file, KB |\n|---|---|---|---|---|---|")
    is_under = True
    for kind in KINDS:
        for form in FORMATS:
            asked = [sys.executable, __file__, "--one", kind, form]
            said = subprocess.run(asked, check=True, capture_output=True, text=True)
            found = json.loads(said.stdout.splitlines()[-1])
            is_over = found["seconds"] > BAR_SECONDS or found["mb"] > BAR_MB
            print(
                f"| {kind} {form}{' over' if is_over else ''} | {found['lines']} | {found['seconds']:.1f} | "
                f"{found['busy']:.1f} | "
                f"{found['mb']:.0f} | {found['kb']:.0f} |",
                flush=True,
            )
            is_under = is_under and not is_over
    return is_under


# ——— Looking at the papers ———


def look(folder):
    """Papers of a town and of a direction: read again, turned into PDF by LibreOffice, drawn as PNG."""
    from exchange.papers.order import Scope
    from strategies.models import Measure

    office = shutil.which("soffice") or sys.exit(
        "LibreOffice is missing: apt install libreoffice-writer libreoffice-calc"
    )
    folder.mkdir(parents=True, exist_ok=True)
    measure = (
        Measure.objects.public().filter(municipality__isnull=False)
        .select_related("direction__programme__region", "municipality__region").order_by("pk").first()
    )  # fmt: skip
    scopes = {"town": Scope(measure.municipality.region, town=measure.municipality),
              "direction": Scope(measure.direction.programme.region, direction=measure.direction)}  # fmt: skip
    for name, scope in scopes.items():
        for kind in KINDS:
            for form in ("docx", "xlsx"):
                path = folder / f"{kind}-{name}.{form}"
                with path.open("w+b") as target:
                    make(kind, form, scope, target)
                read_again(path)
                if form == "xlsx":
                    print(f"{path.name}: {recount(path, office)} formulas give their values again", flush=True)
                subprocess.run([office, "--headless", "--convert-to", "pdf", "--outdir", folder, path], check=True,
                               capture_output=True)  # fmt: skip
                pdf = path.rename(path.with_stem(f"{path.stem}-{form}")).with_suffix(".pdf")
                (folder / f"{kind}-{name}.pdf").rename(pdf)
                subprocess.run(["pdftoppm", "-r", "70", "-png", "-l", "2", pdf, pdf.with_suffix("")], check=True)
                print(f"{pdf.name}: {pages_of(pdf)} pages", flush=True)


def read_again(path):
    """Fails where a file is not what Word or Excel opens without a repair."""
    from docx import Document
    from lxml import etree
    from openpyxl import load_workbook

    with zipfile.ZipFile(path) as package:
        broken = package.testzip()
        if broken:
            raise SystemExit(f"{path.name}: {broken} is broken")
        for name in package.namelist():
            if name.endswith((".xml", ".rels")):
                etree.parse(io.BytesIO(package.read(name)))
    (Document if path.suffix == ".docx" else load_workbook)(path)


def recount(path, office):
    """Take the values of formulas out of a copy, let LibreOffice count, compare; the number of formulas."""
    from openpyxl import load_workbook

    with tempfile.TemporaryDirectory() as folder:
        bare, counted = pathlib.Path(folder) / "bare.xlsx", pathlib.Path(folder) / "counted"
        with zipfile.ZipFile(path) as source, zipfile.ZipFile(bare, "w") as target:
            for name in source.namelist():
                target.writestr(name, re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1", source.read(name)))
        asked = [office, "--headless", "--convert-to", "xlsx", "--outdir", counted, bare]
        subprocess.run(asked, check=True, capture_output=True)
        formulas = load_workbook(path).active
        written, found = (load_workbook(one, data_only=True).active for one in (path, counted / "bare.xlsx"))
        places = [cell.coordinate for row in formulas.iter_rows() for cell in row if cell.data_type == "f"]
        wrong = [at for at in places if abs(written[at].value - found[at].value) > 0.000001]
    if wrong:
        raise SystemExit(f"{path.name}: LibreOffice counts otherwise in {wrong}")
    return len(places)


def pages_of(pdf):
    """How many pages a PDF has."""
    from pypdf import PdfReader

    return len(PdfReader(pdf).pages)


def main():
    """Measure, look, or make one paper."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--one", nargs=2, metavar=("KIND", "FORMAT"), help="one paper in this process")
    parser.add_argument("--look", type=pathlib.Path, metavar="FOLDER", help="papers as PDF and PNG")
    options = parser.parse_args()
    prepare()
    if options.one:
        one(*options.one)
    elif options.look:
        look(options.look)
    elif not table():
        raise SystemExit(f"A paper takes over {BAR_SECONDS} s or {BAR_MB} MB.")


if __name__ == "__main__":
    main()
