"""Requests per second of every public page beside a bare Django view and a static file, under the real server.

    python bench/run.py            the Samara site with its samples
    python bench/run.py --towns    the same with all 1,117 towns of Russia, and what that costs beside the site without

Everything runs on this machine over the loopback address: two gunicorn servers (two sync workers each), one for the
site, one for the bare view. All are asked in turn, round by round, so that a slow moment hits all of them.
"""

import argparse
import contextlib
import gzip
import http.client
import os
import pathlib
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
THREADS = 4
PAGES = [
    ("home", "/"),
    ("towns", "/towns/"),
    ("towns, search", "/towns/?q=%D1%81%D1%8B%D0%B7%D1%80%D0%B0%D0%BD%D1%8C"),
    ("town", "/towns/primersk/"),
    ("strategy", "/towns/primersk/strategy/"),
    ("priority", "/priorities/{priority}/"),
    ("programme", "/programme/"),
    ("measure", "/measures/{measure}/"),
    ("sessions", "/sessions/"),
    ("session", "/sessions/regional-5-malye-goroda/"),
    ("documents", "/documents/"),
    ("about", "/about/"),
]
GROWING = ("towns", "towns, search", "town")  # pages that must not slow down with the number of towns
MADE = {"Cookie": "a11y=size=2", "Accept-Encoding": "gzip"}  # a reader's own colours: the page is made anew


def free_port():
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def server(application, environment):
    """A gunicorn with two sync workers; return its port."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}", "--workers", "2"]
    command += ["--no-control-socket", "--log-level", "error"]
    process = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        for _attempt in range(100):
            time.sleep(0.1)
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.2):
                break
        yield port
    finally:
        process.terminate()
        process.wait()


def ask(port, path, headers):
    """One request: (status, headers, body, seconds)."""
    started = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path, headers=headers)
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response.status, response.headers, body, time.perf_counter() - started


def load(port, path, headers, expected, seconds):
    """Ask with several threads for a bounded time: (requests per second, median seconds)."""
    taken, wrong, until = [], [], time.perf_counter() + seconds

    def client():
        while time.perf_counter() < until:
            status, _headers, _body, spent = ask(port, path, headers)
            (taken if status == expected else wrong).append(spent)

    threads = [threading.Thread(target=client) for _number in range(THREADS)]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if wrong or not taken:
        sys.exit(f"{path}: {len(wrong)} answers other than {expected}")
    return len(taken) / (time.perf_counter() - started), statistics.median(taken)


def prepare(folder, with_towns):
    """A database of its own with the demo region; return (environment, facts about it)."""
    environment = os.environ | {
        "DATABASE_URL": f"sqlite:///{folder}/bench.sqlite3", "BENCH_DATABASE": f"{folder}/bench.sqlite3",
        "SECRET_KEY": "bench", "DEMO": "1", "DEBUG": "0", "LOG_LEVEL": "ERROR", "CACHE_URL": "locmemcache://",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }  # fmt: skip

    def manage(*arguments):
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True).stdout

    manage("migrate", "-v0")
    manage("load_region", "demo/samara")
    manage("load_demo")
    if with_towns:
        manage("load_towns", "demo/towns/all_russia_towns.csv")
    manage("collectstatic", "--noinput", "-v0")
    counted = manage("shell", "-v0", "-c", COUNT.format(pages=[path for _name, path in PAGES]))
    return environment, [line.split(" ", 2) for line in counted.splitlines() if line[:1].isdigit()]


COUNT = """
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from strategies.models import Measure, Priority
measure = Measure.objects.get(code="1.1", is_sample=True)
ids = {{"priority": Priority.objects.get(title="Благоустройство").pk, "measure": measure.pk}}
client = Client(HTTP_HOST="127.0.0.1")
client.cookies["a11y"] = "size=2"
for path in {pages!r}:
    path = path.format(**ids)
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        response = client.get(path)
    print(len(queries), response.status_code, path)
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--towns", action="store_true", help="load all towns of Russia as well")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=0.6, help="how long each page is asked in a round")
    options = parser.parse_args()
    with contextlib.ExitStack() as stack:

        def start(with_towns):
            environment, counted = prepare(stack.enter_context(tempfile.TemporaryDirectory()), with_towns)
            return environment, stack.enter_context(server("config.wsgi", environment)), counted

        environment, site, counted = start(options.towns)
        bare = stack.enter_context(server("bench.reference", environment))
        measure(options, bare, site, counted)
        if options.towns:
            _environment, small, counted_small = start(False)
            compare(options, (small, counted_small), (site, counted))


def ask_in_turn(options, targets):
    """Ask everything round by round: ({target: requests per second}, {target: median milliseconds})."""
    figures = {target: [] for target in targets}
    for round_number in range(options.rounds + 1):  # the first one warms up
        for target, (port, path, headers, expected) in targets.items():
            taken = load(port, path, headers, expected, options.seconds if round_number else 0.2)
            if round_number:
                figures[target].append(taken)
    speed = {target: statistics.median(rate for rate, _spent in taken) for target, taken in figures.items()}
    spent = {target: statistics.median(time for _rate, time in taken) * 1000 for target, taken in figures.items()}
    return speed, spent


def compare(options, small, large):
    """Print what all the towns of Russia cost the pages about towns."""
    places = {
        (name, size): (port, counted[[name for name, _path in PAGES].index(name)])
        for name in GROWING
        for size, (port, counted) in (("small", small), ("large", large))
    }
    speed, _spent = ask_in_turn(
        options, {target: (port, path, MADE, 200) for target, (port, (_queries, _status, path)) in places.items()}
    )
    print("\npage             queries without and with all towns    time with to time without")
    for name in GROWING:
        queries = [places[name, size][1][0] for size in ("small", "large")]
        print(f"{name:<16} {queries[0]:>12} {queries[1]:>5} {speed[name, 'small'] / speed[name, 'large']:>34.2f}")


def measure(options, bare, site, counted):
    """Ask everything round by round and print the table."""
    style = ask(site, "/", {})[2].decode().split('rel="stylesheet" href="')[1].split('"')[0]
    bare_page, static = ask(bare, "/", {})[2], ask(site, style, {})[2]
    targets = {"bare view": (bare, "/", {}, 200), "static file": (site, style, {}, 200)}
    for (name, _path), (_queries, _status, path) in zip(PAGES, counted, strict=True):
        tag = ask(site, path, {})[1]["ETag"]
        targets[name, "made"] = (site, path, MADE, 200)
        targets[name, "kept"] = (site, path, {"Accept-Encoding": "gzip"}, 200)
        targets[name, "304"] = (site, path, {"If-None-Match": tag}, 304)
    speed, spent = ask_in_turn(options, targets)
    base = speed["bare view"]
    print(f"bare view: {base:.0f}/s, {spent['bare view']:.1f} ms, {len(bare_page) / 1024:.1f} KB")
    whole = speed["static file"]
    print(f"static file: {whole:.0f}/s, {whole / base:.2f} of the bare view, {len(static) / 1024:.1f} KB")
    print("\n" + " " * 40 + "made anew" + " " * 33 + "kept      304")
    print("page             queries    KB  KB gz         /s   to bare  to static  median ms  to bare  to bare")
    for (name, _path), (queries, _status, path) in zip(PAGES, counted, strict=True):
        body, made = ask(site, path, {})[2], speed[name, "made"]
        small = len(gzip.compress(body, 6)) / 1024
        print(
            f"{name:<16} {queries:>7} {len(body) / 1024:>6.1f} {small:>6.1f} {made:>10.0f} "
            f"{made / base:>9.2f} {made / whole:>10.3f} {spent[name, 'made']:>10.1f} "
            f"{speed[name, 'kept'] / base:>8.2f} {speed[name, '304'] / base:>8.2f}"
        )


if __name__ == "__main__":
    main()
