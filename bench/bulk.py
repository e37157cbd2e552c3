"""Bulk entry: a long table with planted faults, the same one mended, and once more.

    python bench/bulk.py                       5,000 rows, 300 faults, an SQLite database of its own
    python bench/bulk.py --rows N --faults N   another table
    python tests/with_postgres.py python bench/bulk.py   the same on PostgreSQL

It goes through the pages of the office, as a person does: upload, choice of columns, preview, taking in with progress.
It fails where a fault is not named by its row and column, anything is written before the table is whole, the mended one
takes 30 s or longer by the clock, or the same table once more changes anything. A busy machine makes the clock slower:
seconds of the processor are printed beside.
"""
# ruff: noqa: PLC0415 - Django can be imported only once its database is named

import argparse
import datetime
import json
import os
import pathlib
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
ROWS, FAULTS, BAR_S = 5000, 300, 30
TOWNS = ["Сызрань", "Чапаевск", "Жигулёвск", "Кинель", "Октябрьск", "Отрадный", "Похвистнево", "Новокуйбышевск"]


def prepare(folder):
    """Django over a new database: SQLite, or the one that `DATABASE_URL` names."""
    os.environ.setdefault("DATABASE_URL", f"sqlite:///{folder}/bench.sqlite3")
    os.environ.update({"DEBUG": "0", "DJANGO_SETTINGS_MODULE": "config.settings_test"})
    sys.path.insert(0, str(ROOT))
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection
    from django.test.utils import setup_test_environment

    if connection.vendor == "sqlite":
        settings.DATABASES["default"]["NAME"] = f"{folder}/bench.sqlite3"
    else:
        _new_database(connection)
    call_command("migrate", verbosity=0)
    setup_test_environment()  # pages carry the words that they were made of
    return connection.vendor


def _new_database(connection):
    """A database of its own on the server, made anew."""
    with connection.cursor() as cursor:
        cursor.execute("DROP DATABASE IF EXISTS bench_bulk")
        cursor.execute("CREATE DATABASE bench_bulk")
    connection.close()
    connection.settings_dict["NAME"] = "bench_bulk"


def ground():
    """(programme, an approver)."""
    from django.utils import timezone

    from accounts.models import Role, RoleAssignment, User
    from municipalities.models import Municipality, Region
    from tests import factories
    from tests.exchange.tables import faulty

    region = Region.objects.create(
        name="Самарская область", slug="samara", oktmo="36000000", is_active=True, joined_on=datetime.date(2018, 8, 14)
    )
    programme = factories.programme(region)
    for title in faulty.DIRECTIONS:
        factories.direction(region, programme=programme, title=title)
    for number, name in enumerate(TOWNS):
        town = Municipality.objects.create(region=region, name=name, slug=f"town-{number}", kind="urban_okrug")
        factories.priority(factories.strategy(town), title=f"Дворы: {name}")
    user = User.objects.create_user("approver")
    RoleAssignment.objects.create(
        user=user, role=Role.REGION_APPROVER, region=region, valid_from=timezone.localdate(), acting=False
    )
    return programme, user


class Journey:
    """A person who brings a table: page by page."""

    def __init__(self, user, programme):
        from tests.exchange.intake.desk import Desk

        self.desk = Desk(user, programme)

    def upload(self, rows):
        """(seconds to read the file, the page that follows)."""
        from tests.exchange.tables.tables import book_file

        file, began = book_file(rows), time.perf_counter()
        page = self.desk.bring(file)
        return time.perf_counter() - began, page

    def answer(self, page):
        """(seconds, the page that follows) once all that is asked is answered: words that we do not have stay wrong."""
        [sheet] = page.context["chosen"]
        words = {one.choice.name: "-" for one in sheet.to_match}
        began = time.perf_counter()
        page = self.desk.send("match", **words)
        return time.perf_counter() - began, page

    def take_in(self, page):
        """(seconds, lines of progress, the longest wait for one) of the last step."""
        from tests.exchange.intake.desk import fields

        address, data = page.context["table"].get_absolute_url(), fields(page) | {"do": "apply"}
        began = last = time.perf_counter()
        lines, longest = [], 0
        answer = self.desk.client.post(address, data, headers={"accept": "application/x-ndjson"})
        for line in answer.streaming_content:
            now = time.perf_counter()
            longest, last = max(longest, now - last), now
            lines.append(json.loads(line))
        return time.perf_counter() - began, lines, longest


def main():
    """Bring the faulty table, the mended one and the mended one again; print what it took; fail over the bars."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--faults", type=int, default=FAULTS)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        vendor = prepare(folder)
        from strategies.models import Funding, Measure, PriorityMeasure
        from tests.exchange.tables import faulty

        programme, user = ground()
        journey = Journey(user, programme)
        rows, planted = faulty.planted(asked.rows, asked.faults, TOWNS)
        read, page = journey.upload(rows)
        checked, page = journey.answer(page)
        told = sorted((fault.cell or str(fault.line), fault.text) for fault in page.context["plan"].faults)
        is_named = told == sorted((address, words) for _line, address, words in planted)
        print(f"{vendor}: {asked.rows} rows, {asked.faults} faults: read in {read:.1f} s, checked in {checked:.1f} s")
        words = "each by row and column" if is_named else "NOT as planted"
        print(f"{len(told)} faults told, {words}; {Measure.objects.count()} measures written")
        failed = not is_named or Measure.objects.exists()
        own = time.process_time()
        previewed, page = journey.upload(faulty.mended(asked.rows, TOWNS))
        taken, lines, wait = journey.take_in(page)
        own = time.process_time() - own
        written = [model.objects.count() for model in (Measure, Funding, PriorityMeasure)] + [Measure.history.count()]
        failed |= written != [asked.rows, 3 * asked.rows, asked.rows, asked.rows] or previewed + taken >= BAR_S
        print(f"mended: read and checked in {previewed:.1f} s, taken in in {taken:.1f} s;", end=" ")
        print(f"processor for both {own:.1f} s, load of the machine {os.getloadavg()[0]:.0f}")
        print(f"a line of progress at least every {wait:.1f} s")
        print("written: {} measures, {} sums, {} links, {} rows of history".format(*written))
        again, page = journey.upload(faulty.mended(asked.rows, TOWNS))
        [plan] = page.context["plan"].previews
        failed |= bool(plan.total or plan.faults) or plan.same != asked.rows or "location" not in lines[-1]
        print(f"once more: checked in {again:.1f} s, {plan.total} would change, {plan.same} the same")
    if failed:
        raise SystemExit(f"A fault is not named, something is lost or doubled, or it takes over {BAR_S} s.")


if __name__ == "__main__":
    main()
