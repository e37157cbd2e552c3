"""The pages of a whole region: 1,117 towns, 11,000 priorities, 20,000 measures, 200,000 reports.

    python bench/region.py --fill      make the region in the empty database of DATABASE_URL
    python bench/region.py             queries and milliseconds of its pages there
    python tests/with_postgres.py python bench/region.py --fill --measure     all of it in a PostgreSQL of its own

Pages are made anew each time: first with every cache emptied, then five rounds past the whole-page cache only.
"""
# ruff: noqa: PLC0415 - Django can be imported only once its database is named

import argparse
import os
import pathlib
import statistics
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
ROUNDS, BAR_QUERIES, BAR_MS = 5, 15, 500


def prepare():
    """Django over the database of DATABASE_URL."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings_test")
    if not os.environ.get("DATABASE_URL"):
        raise SystemExit("DATABASE_URL names no database.")
    sys.path.insert(0, str(ROOT))
    import django

    django.setup()


def fill(scale):
    """Migrate and fill; an old region is never touched."""
    from django.core.management import call_command
    from django.db import connection

    from bench.region_data import Filling
    from municipalities.models import Region

    call_command("migrate", verbosity=0)
    if Region.objects.exists():
        raise SystemExit("There is a region already: give an empty database.")
    began = time.perf_counter()
    Filling(scale).run(lambda words: print(f"{time.perf_counter() - began:6.1f} s  {words}", flush=True))
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    print(f"{time.perf_counter() - began:6.1f} s  filled")


def official(username):
    """A browser of an official."""
    from django.test import Client

    from accounts.models import User

    client = Client()
    client.force_login(User.objects.get(username=username))
    return client


def pages():
    """[(whose browser, name, address)] of the pages that exist: those of colleagues by name, once they are there."""
    from django.test import Client
    from django.urls import NoReverseMatch, reverse

    from municipalities.models import Municipality
    from strategies.models import Measure, Priority, ReportingCycle

    visitor, approver, head = Client(), official("approver"), official("head-0")
    town = Municipality.objects.get(slug="town-0").slug
    measure = Measure.objects.public().filter(priority_links__isnull=False, status="in_progress").first().pk
    priority = Priority.objects.public().filter(measure_links__isnull=False).first().pk
    cycle = ReportingCycle.objects.latest().first().pk
    wanted = [
        (visitor, "home", [], ""),
        (visitor, "municipality_list", [], ""),
        (visitor, "municipality_list", [], "?q=Майкоп"),
        (visitor, "municipality_detail", [town], ""),
        (visitor, "strategies:programme", [], ""),
        (visitor, "strategies:programme", [], f"?page={Measure.objects.public().count() // 51}"),
        (visitor, "strategies:programme", [], "?q=мост&year=2027"),
        (visitor, "strategies:coverage", [], ""),
        (visitor, "strategies:coverage", [], "?state=waiting"),
        (visitor, "strategies:coverage", [], f"?town={town}"),
        (visitor, "strategies:gaps", [], ""),
        (visitor, "municipality_similar", [town], ""),
        (visitor, "strategies:lateness", [], ""),
        (visitor, "strategies:ledger", [], ""),
        (visitor, "strategies:silence", [], ""),
        (visitor, "strategies:versions", [], ""),
        (visitor, "strategies:cycle_detail", [cycle], ""),
        (visitor, "strategies:measure_detail", [measure], ""),
        (visitor, "strategies:priority_detail", [priority], ""),
        (approver, "office:home", [], ""),
        (approver, "office:programme", [], ""),
        (approver, "office:dashboard", [], ""),
        (approver, "office:visit", [town], ""),
        (approver, "office:coverage", [], ""),
        (approver, "office:coverage", [], f"?town={town}"),
        (approver, "office:gaps", [], ""),
        (approver, "office:commitments", [], ""),
        (approver, "office:findings", [], ""),
        (approver, "office:papers", [], ""),
        (approver, "office:tables", [], ""),
        (approver, "office:review", [], ""),
        (approver, "office:cycles", [], ""),
        (approver, "office:cycle_detail", [cycle], ""),
        (approver, "office:silence", [], ""),
        (head, "office:home", [], ""),
        (head, "office:measures", [], ""),
        (head, "office:commitments", [], ""),
    ]
    for client, name, arguments, query in wanted:
        try:
            address = reverse(name, args=arguments) + query
        except NoReverseMatch:
            continue
        yield client, f"{name}{query}{' (head)' if client is head else ''}", address


def measure(client, address):
    """(queries, milliseconds of the first time, of the later rounds, kilobytes) of a page made anew.

    The first time nothing is kept at all; later on the whole-page cache is passed by (a reader with own colours), and
    what pages keep until the next publication is kept.
    """
    from django.core.cache import caches
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    times = []
    client.cookies["a11y"] = "size=2"
    client.get(address)  # templates and connections are warm
    caches["pages"].clear()
    for _round in range(ROUNDS + 1):
        with CaptureQueriesContext(connection) as queries:
            start = time.perf_counter()
            response = client.get(address)
            times.append((time.perf_counter() - start) * 1000)
        if response.status_code != 200:
            raise SystemExit(f"{address}: {response.status_code}")
        if times[0] > 20_000:
            break  # far over the bar: once is enough
    return len(queries), times[0], times[1:] or times, len(response.content) / 1024


def table(only):
    """Print the table; True where every page is under the bar."""
    print("| Page | queries | first, ms | best, ms | median, ms | KB |\n|---|---|---|---|---|---|")
    is_under = True
    for client, name, address in pages():
        if only and only not in name:
            continue
        queries, first, times, size = measure(client, address)
        is_over = queries > BAR_QUERIES or min(times) > BAR_MS
        mark = " over" if is_over else ""
        figures = [first, min(times), statistics.median(times), size]
        print(f"| {name}{mark} | {queries} | " + " | ".join(f"{figure:.0f}" for figure in figures) + " |", flush=True)
        is_under = is_under and not is_over
    return is_under


def main():
    """Fill or measure; fails where a page is over the bar."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--fill", action="store_true", help="make the region in an empty database")
    parser.add_argument("--measure", action="store_true", help="measure after filling")
    parser.add_argument("--scale", type=float, default=1, help="a part of the region, for a look")
    parser.add_argument("--only", default="", help="pages whose name holds this")
    options = parser.parse_args()
    prepare()
    if options.fill:
        fill(options.scale)
    if (options.measure or not options.fill) and not table(options.only):
        raise SystemExit(f"A page asks more than {BAR_QUERIES} queries or takes over {BAR_MS} ms.")


if __name__ == "__main__":
    main()
