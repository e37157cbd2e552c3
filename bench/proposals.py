"""One session with many proposals: what its pages cost, beside the same pages with a few.

    python bench/proposals.py            16 and 16,000 proposals
    python bench/proposals.py --many N   another number

Before that a sheet of as many rows is checked and taken in with its progress, as a page of the office does it.

Everything stands in an SQLite database of its own, thrown away at the end. Pages are made anew each time: the
whole-page cache is emptied before each.
"""
# ruff: noqa: PLC0415 - Django can be imported only once its database is named

import argparse
import datetime
import io
import os
import pathlib
import re
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
FEW, MANY, ROUNDS, BAR_MS, BAR_IMPORT_S = 16, 16_000, 5, 300, 60
WORDS = [
    "набережная",
    "берег",
    "свет",
    "остановка",
    "школа",
    "дорога",
    "парк",
    "поликлиника",
    "вода",
    "сквер",
    "мост",
    "лестница",
    "детский",
    "сад",
]


def prepare(path):
    """Django over a new database."""
    os.environ.update(
        {"DEBUG": "0", "DATABASE_URL": f"sqlite:///{path}", "DJANGO_SETTINGS_MODULE": "config.settings_test"}
    )
    sys.path.insert(0, str(ROOT))
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    settings.DATABASES["default"]["NAME"] = str(path)
    call_command("migrate", verbosity=0)


def fill(slug, number):
    """A session with so many proposals of all outcomes; return its slug."""
    from django.utils import timezone

    from sessions.models import Proposal
    from tests import factories

    now, today = timezone.now(), timezone.localdate()
    region, town = place()
    session = factories.session(town, slug=slug, title=f"Сессия на {number}")
    strategy = factories.strategy(town)
    priorities = [factories.priority(strategy) for _one in range(20)]
    for priority in priorities[::2]:
        factories.link(priority, factories.measure(town, status="done", percent=100))
        factories.link(priority, factories.measure(town))
    answers = ["accepted", "partly", "declined", "redirected", "new", "on_review", "new", "new"]
    rows = []
    for index in range(number):
        status = answers[index % len(answers)]
        is_answered = status in Proposal.ANSWERED
        rows.append(
            Proposal(
                number=f"{slug[:2].upper()}-2026-{index:05}", region=region, municipality=town, session=session,
                text=f"Прошу сделать: {' '.join(WORDS[(index + step) % len(WORDS)] for step in range(9))}",
                public_text=f"Сделать: {' '.join(WORDS[(index + step) % len(WORDS)] for step in range(9))}",
                said_on="2026-06-22", channel="hall", received_at=now - datetime.timedelta(days=60, seconds=index),
                answer_due=today - datetime.timedelta(days=index % 60 - 3), status=status,
                answer="Ответ с причинами: так решила дума." if is_answered else "",
                answered_at=now if is_answered else None,
                redirected_to="Министерство" if status == "redirected" else "",
                priority=priorities[index % 20] if is_answered or index % 3 else None,
                search_stems=" ".join(WORDS[index % 9 : index % 9 + 3]),
            )
        )  # fmt: skip
    Proposal.objects.bulk_create(rows, batch_size=500)
    return slug


def place():
    """The region and the town of all of it."""
    from municipalities.models import Municipality, Region

    region, _made = Region.objects.get_or_create(name="Самарская область", slug="samara", oktmo="36000000")
    town, _made = Municipality.objects.get_or_create(
        slug="syzran", defaults={"region": region, "name": "Сызрань", "kind": "urban_okrug", "oktmo": "36735000"}
    )
    return region, town


def most_wished(slug):
    """A priority that a twentieth of the session's words was put to."""
    from sessions.models import Proposal

    return Proposal.objects.filter(session__slug=slug, priority__isnull=False).first().priority


def official():
    """A browser of the town's head, for the queue."""
    from django.test import Client
    from django.utils import timezone

    from accounts.models import Role, RoleAssignment, User

    head = User.objects.create_user("head")
    RoleAssignment.objects.create(
        user=head, role=Role.MUNICIPAL_HEAD, municipality=place()[1], valid_from=timezone.localdate(), acting=False
    )
    client = Client()
    client.force_login(head)
    return client


def measure(client, page):
    """(queries, milliseconds of the fastest round: the others tell about the machine) of a page made anew."""
    from django.core.cache import caches
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    times = []
    for _round in range(ROUNDS):
        caches["pages"].clear()
        with CaptureQueriesContext(connection) as queries:
            start = time.perf_counter()
            response = client.get(page)
            times.append((time.perf_counter() - start) * 1000)
        if response.status_code != 200:
            raise SystemExit(f"{page}: {response.status_code}")
    return len(queries), min(times)


def take_in(client, number):
    """(seconds to check a sheet of so many rows, seconds to take it in, the longest wait for a line of progress)."""
    import openpyxl
    from django.urls import reverse
    from django.utils import timezone

    from tests import factories

    book, content = openpyxl.Workbook(write_only=True), io.BytesIO()
    sheet = book.create_sheet()
    sheet.append(["текст", "стол", "кто"])
    for index in range(number):
        words = " ".join(WORDS[(index + step) % len(WORDS)] for step in range(9))
        sheet.append([f"Прошу сделать, {index}: {words}", index % 40, "жители"])
    book.save(content)
    content.seek(0)
    content.name = "sheet.xlsx"
    soon = timezone.now() + datetime.timedelta(days=1)
    session = factories.session(place()[1], status="announced", starts_at=soon)
    page, began = reverse("office:session_import", args=[session.pk]), time.perf_counter()
    shown = client.post(page, {"file": content}).content.decode()
    packed = re.search(r'name="rows" value="([^"]+)"', shown).group(1)
    checked, moments = time.perf_counter(), []
    answer = client.post(page, {"rows": packed}, headers={"accept": "application/x-ndjson"})
    for _line in answer.streaming_content:
        moments.append(time.perf_counter())
    waits = [later - earlier for earlier, later in zip([checked, *moments[:-1]], moments, strict=True)]
    if session.proposals.count() != number:
        raise SystemExit("The sheet was not taken in.")
    return checked - began, moments[-1] - checked, max(waits)


def main():
    """Fill, measure, print a table; fails where a page is over the bar or asks more for more rows."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--many", type=int, default=MANY)
    many = parser.parse_args().many
    with tempfile.TemporaryDirectory() as folder:
        prepare(pathlib.Path(folder) / "bench.sqlite3")
        from django.test import Client
        from django.urls import reverse

        visitor, head = Client(), official()
        seconds = take_in(head, many)
        failed = seconds[0] + seconds[1] > BAR_IMPORT_S
        print(f"A sheet of {many} rows: checked in {seconds[0]:.1f} s, taken in in {seconds[1]:.1f} s,", end=" ")
        print(f"a line of progress at least every {seconds[2]:.2f} s\n")
        figures = {}
        for slug, number in (("few", FEW), ("many", many)):
            fill(slug, number)
            pages = {
                "results": (visitor, reverse("sessions:session_results", args=[slug])),
                "results, all sessions": (visitor, reverse("sessions:results")),
                "session": (visitor, reverse("sessions:session_detail", args=[slug])),
                "list": (visitor, reverse("proposals:proposal_list") + f"?session={slug}"),
                "list, late": (visitor, reverse("proposals:proposal_list") + f"?session={slug}&status=late"),
                "list, page 300": (
                    visitor,
                    reverse("proposals:proposal_list") + "?page=" + ("300" if slug == "many" else "1"),
                ),
                "town": (visitor, place()[1].get_absolute_url()),
                "priority": (visitor, most_wished(slug).get_absolute_url()),
                "queue": (head, reverse("office:proposals") + f"?session={slug}"),
            }
            figures[slug] = {name: measure(client, page) for name, (client, page) in pages.items()}
        print(f"| Page | queries, {FEW} | queries, {many} | ms, {FEW} | ms, {many} |\n|---|---|---|---|---|")
        for name, (queries, milliseconds) in figures["many"].items():
            few_queries, few_milliseconds = figures["few"][name]
            print(f"| {name} | {few_queries} | {queries} | {few_milliseconds:.0f} | {milliseconds:.0f} |")
            failed = failed or queries > few_queries or milliseconds > BAR_MS
    if failed:
        raise SystemExit(f"A page asks more for more rows or takes over {BAR_MS} ms, or a sheet over {BAR_IMPORT_S} s.")


if __name__ == "__main__":
    main()
