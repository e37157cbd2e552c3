"""Exported tables, the workbook of coverage, calendars, the card and the minutes: their rows and sums counted again."""

import csv
import io
import re
from collections import Counter
from decimal import Decimal

from django.utils import timezone
from docx import Document as Word
from icalendar import Calendar
from openpyxl import load_workbook

from accounts.models import Role
from municipalities.models import Municipality, Region
from sessions.models import Session
from strategies.models import Funding, Programme
from tests.conftest import person
from tests.exchange.papers.reading import figure

from .lateness import CHOSEN, COUNTING, LINKS, LIVE, gaps, late_gaps, late_things
from .sql import PUBLIC_MEASURE, PUBLIC_SESSION, ask, rows

OF_REGION = """(i.municipality_id IN (SELECT id FROM municipalities_municipality WHERE region_id = %(region)s)
    OR i.priority_id IN (SELECT q.id FROM strategies_priority q JOIN strategies_strategy s ON s.id = q.strategy_id
        JOIN municipalities_municipality t ON t.id = s.municipality_id WHERE t.region_id = %(region)s)
    OR i.measure_id IN (SELECT m.id FROM strategies_measure m JOIN strategies_programmedirection d
        ON d.id = m.direction_id JOIN strategies_programme p ON p.id = d.programme_id
        WHERE p.region_id = %(region)s))"""


def _reader(client, region):
    client.force_login(person(f"export-{region.pk}", Role.REGION_APPROVER, region=region))


def _csv(content):
    heads, *lines = csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";")
    return heads, lines


def _xlsx(content, sheet=0):
    heads, *lines = load_workbook(io.BytesIO(content), data_only=True).worksheets[sheet].iter_rows(values_only=True)
    return heads, lines


def _sums(heads, lines, wanted):
    """{head: sum of its column} of the columns whose heads are wanted; a column without a figure is left out."""
    found = {}
    for place, head in enumerate(heads):
        if re.match(wanted, head):
            told = [line[place] for line in lines if line[place] not in {None, ""}]
            found[head] = sum(figure(one) if isinstance(one, str) else Decimal(str(one)) for one in told)
    return {head: exact(total) for head, total in found.items() if total}


def exact(value):
    """A sum of figures of indicators, which have four decimals."""
    return Decimal(str(value)).quantize(Decimal("0.0001"))


def _tables(client):
    """Measures with their money, priorities, indicators, values: as XLSX and as CSV."""
    for region in Region.objects.filter(is_active=True):
        _reader(client, region)
        for programme in Programme.objects.filter(region=region):
            inside = f"""FROM strategies_measure m JOIN strategies_programmedirection d ON d.id = m.direction_id
                WHERE d.programme_id = {programme.pk}"""
            words = dict(Funding.Source.choices)
            money = {
                f"{year}, {words[source]}, тыс. руб.": exact(total) for year, source, total in rows(
                    f"""SELECT f.year, f.source, SUM(f.planned) FROM strategies_funding f WHERE f.planned > 0
                        AND f.measure_id IN (SELECT m.id {inside}) GROUP BY f.year, f.source"""
                )
            }  # fmt: skip
            total = ask(f"SELECT COUNT(*) {inside}")
            assert _export(client, "measures", r"\d{4}, ", programme=programme.pk) == (total, money), programme
        known = {"region": region.pk}
        chosen = ask(
            """SELECT COUNT(*) FROM strategies_priority q JOIN strategies_strategy s ON s.id = q.strategy_id
               JOIN municipalities_municipality t ON t.id = s.municipality_id WHERE t.region_id = %(region)s""",
            **known,
        )  # fmt: skip
        assert _export(client, "priorities", "никакой") == (chosen, {})
        figures = f"""FROM strategies_indicatorvalue v JOIN strategies_indicator i ON i.id = v.indicator_id
            WHERE {OF_REGION} AND v.year IS NOT NULL"""
        by_year = {
            f"{year}, {name}": exact(total)
            for year, *sums in rows(f"SELECT v.year, SUM(v.target), SUM(v.actual) {figures} GROUP BY v.year", **known)
            for name, total in zip(("план", "факт"), sums, strict=True) if total
        }  # fmt: skip
        total = ask(f"SELECT COUNT(*) FROM strategies_indicator i WHERE {OF_REGION}", **known)
        assert _export(client, "indicators", r"\d{4}, ") == (total, by_year)
        ((total, planned, actual),) = rows(f"SELECT COUNT(*), SUM(v.target), SUM(v.actual) {figures}", **known)
        sums = {head: exact(one) for head, one in (("план", planned), ("факт", actual)) if one}
        assert _export(client, "values", "план$|факт$") == (total, sums)
        client.logout()


def _export(client, kind, wanted, **asked):
    """(how many rows, sums of the wanted columns) of an exported table; both formats say the same."""
    told = []
    for form, read in (("xlsx", _xlsx), ("csv", _csv)):
        answer = client.get("/office/tables/export/", {"kind": kind, "format": form} | asked)
        assert answer.status_code == 200, answer.content.decode()
        heads, lines = read(answer.content)
        told.append((len(lines), _sums(heads, lines, wanted)))
    assert told[0] == told[1]
    return told[0]


def _coverage(client):
    """Towns by spheres, each link, each gap with its days."""
    on = timezone.localdate()
    for region in Region.objects.filter(is_active=True):
        known = {"region": region.pk, "on": on}
        book = client.get("/programme/coverage.xlsx", {"region": region.slug}).content
        found, late = gaps(region, on), list(late_gaps(region, on))
        by_town = {
            name: (
                ask(f"SELECT COUNT(*) FROM {LIVE} AND {CHOSEN} AND s.municipality_id = %(town)s", town=town, **known),
                *(sum(one[0] == kind and town in one[1] for one in found) for kind in ("no_measure", "not_agreed")),
            )
            for town, name in rows(
                """SELECT id, name FROM municipalities_municipality WHERE region_id = %(region)s AND in_programme
                   AND NOT is_reference AND kind NOT IN ('district', 'okrug')""", **known,
            )
        }  # fmt: skip
        _about, (_heads, *towns, totals) = _xlsx(book, 0)
        assert {row[0]: row[-3:] for row in towns if row[0] != "Весь регион"} == by_town
        assert totals[-3:] == tuple(map(sum, zip(*by_town.values(), strict=True)))
        _about, (_heads, *links) = _xlsx(book, 1)
        answered = ask(
            f"""SELECT COUNT(*) FROM {LINKS} WHERE {PUBLIC_MEASURE} AND l.priority_id IN
                (SELECT q.id FROM {LIVE} AND {CHOSEN})""", **known,
        )  # fmt: skip
        bare = ask(f"SELECT COUNT(*) FROM {LIVE} AND {CHOSEN} AND NOT EXISTS ({COUNTING})", **known)
        assert (len(links), sum(row[3] == "мер нет" for row in links)) == (answered + bare, bare)
        _about, (_heads, *listed) = _xlsx(book, 2)
        days = sum((on - since).days for _kind, _towns, since, *_said in found)
        assert (len(listed), sum(row[4] for row in listed)) == (len(found), days)
        assert sum(row[9] for row in listed) == sum(one.days for one in late)


def _calendars(client):
    """Meetings whose day is known, cancelled ones told as such: of all regions of facts, of each town."""
    dated = f"FROM discussions_session x WHERE ({PUBLIC_SESSION} OR x.status = 'cancelled') AND x.starts_at IS NOT NULL"
    facts = "x.region_id IN (SELECT id FROM municipalities_region WHERE is_active AND NOT is_sample)"
    assert _meetings(client, "/calendar.ics") == _by_state(f"{dated} AND {facts}")
    for town in Municipality.objects.filter(in_programme=True):
        here = f"""{dated} AND (x.municipality_id = {town.pk} OR x.host_id = {town.pk} OR x.id IN
            (SELECT session_id FROM discussions_session_towns WHERE municipality_id = {town.pk}))"""
        assert _meetings(client, f"/towns/{town.slug}/calendar.ics") == _by_state(here), town


def _by_state(inside):
    found = rows(f"SELECT x.status, COUNT(*) {inside} GROUP BY x.status")
    counts = Counter()
    for status, total in found:
        counts["CANCELLED" if status == "cancelled" else "CONFIRMED"] += total
    return counts


def _meetings(client, address):
    events = Calendar.from_ical(client.get(address).content).walk("VEVENT")
    return Counter(str(event["STATUS"]) for event in events)


def _word_files(client):
    """The card for a visit says what both sides are late with, the minutes how much was said."""
    on = timezone.localdate()
    for region in Region.objects.filter(is_active=True):
        _reader(client, region)
        things = late_things(region, on)
        for town in Municipality.objects.filter(region=region, in_programme=True)[:3]:
            own = sum(one.town == town.pk for one in things)
            owed = sum(one.side == "region" and town.pk in one.about for one in things)
            said = _words(client.get(f"/office/towns/{town.slug}/visit/", {"format": "docx"}).content)
            assert (f"{own} и {owed}" if region.joined_on else "не считаем") in said, town
        for session in Session.objects.filter(region=region, municipality=None)[:3]:
            said = _words(client.get(f"/office/sessions/{session.pk}/minutes.docx").content)
            lines = "FROM discussions_proposal w WHERE w.session_id = %(session)s AND w.status <> 'hidden'"
            total, unread = (
                ask(f"SELECT COUNT(*) {lines} {more}", session=session.pk) for more in ("", "AND w.public_text = ''")
            )
            told = re.search(r"ПРЕДЛОЖЕНИЯ: (\d+)(?:, (?:из них (\d+)|(не проверено ни одно)))?", said)
            if total == 0:
                assert told is None, session
                continue
            checked = int(told[2]) if told[2] else 0 if told[3] else total
            assert (int(told[1]), checked) == (total, total - unread), session
        client.logout()


def _words(content):
    paper = Word(io.BytesIO(content))
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in paper.paragraphs), *cells])


CHECKS = {"tables": _tables, "coverage": _coverage, "calendars": _calendars, "word": _word_files}
