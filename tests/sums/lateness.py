"""What both sides are late with and what is missing, kind by kind, counted once more from bare rows."""

import datetime
import re
from collections import Counter
from dataclasses import dataclass

from django.core import mail
from django.utils import timezone

from exchange.papers.visit import visit_words
from municipalities.models import Municipality, Region
from sessions.dashboard import dashboard_of
from sessions.models import Decision
from strategies import periods
from strategies.dashboard.figures import latest_cycles
from strategies.models import Measure
from strategies.reporting.reminders import people_in_force, remind

from .sql import LATE, MEASURES, PUBLIC_MEASURE, PUBLIC_PRIORITY, PUBLIC_WORDS, STEP, ask, day, rows

OPEN = "m.status IN ('planned', 'in_progress', 'postponed')"
REPORT_OF = """LEFT JOIN strategies_measure m ON m.id = {row}.measure_id
    LEFT JOIN strategies_programmedirection d ON d.id = m.direction_id
    LEFT JOIN strategies_programme p ON p.id = d.programme_id
    LEFT JOIN strategies_priority q ON q.id = {row}.priority_id
    LEFT JOIN strategies_strategy s ON s.id = q.strategy_id
    LEFT JOIN municipalities_municipality t ON t.id = s.municipality_id"""
LIVE = f"{PUBLIC_PRIORITY} AND s.status IN ('discussion', 'approved')"
CHOSEN = """s.municipality_id IN (SELECT id FROM municipalities_municipality
    WHERE region_id = %(region)s AND in_programme AND NOT is_reference)"""
LINKS = """strategies_prioritymeasure l JOIN strategies_measure m ON m.id = l.measure_id
    JOIN strategies_programmedirection d ON d.id = m.direction_id
    JOIN strategies_programme p ON p.id = d.programme_id"""
COUNTING = f"SELECT 1 FROM {LINKS} WHERE l.priority_id = q.id AND {PUBLIC_MEASURE}"
AGREED = f"""{COUNTING} AND 2 = (SELECT COUNT(DISTINCT c.side) FROM strategies_commitment c
    WHERE c.link_id = l.id AND c.status = 'confirmed')"""
STEPS = """SELECT MAX(j.at) FROM accounts_journalentry j JOIN django_content_type k ON k.id = j.content_type_id
    AND k.app_label = 'strategies'"""
ROLE = """SELECT 1 FROM accounts_roleassignment a JOIN accounts_user u ON u.id = a.user_id AND u.is_active
    WHERE a.user_id = m.owner_id AND (a.municipality_id = m.municipality_id OR a.region_id = p.region_id)
    AND a.valid_from <= %(on)s AND (a.valid_to IS NULL OR a.valid_to >= %(on)s)"""
LEFT = """(SELECT MAX(a.valid_to) FROM accounts_roleassignment a
    WHERE a.user_id = m.owner_id AND a.valid_to < %(on)s)"""
HEARD = "(SELECT MAX(o.published_at) FROM strategies_progressreport o WHERE o.status = 'published' AND {})"
# What is missing of a measure, by kind.
MISSING = {
    "no_town": f"""NOT EXISTS (SELECT 1 FROM {LIVE} AND q.id IN
        (SELECT l.priority_id FROM strategies_prioritymeasure l WHERE l.measure_id = m.id))""",
    "no_money": """m.stated_total IS NULL AND NOT EXISTS
        (SELECT 1 FROM strategies_funding f WHERE f.measure_id = m.id AND f.planned IS NOT NULL)""",
    "no_date": "m.due IS NULL AND m.postponed_to IS NULL",
    "no_owner": f"NOT EXISTS ({ROLE})",
}


@dataclass(frozen=True)
class Thing:
    """One late thing: whose it is, of what kind, the town that owes it (None: the region), whom it concerns."""

    side: str
    kind: str
    town: int | None
    about: frozenset
    days: int


def late_things(region, on):
    """Every `Thing` that a region and its towns are late with."""
    known = {"region": region.pk, "on": on}
    left = [one for one in awaited_words(region, on) if one.days > 0]
    return [*_reviews(known), *_reports(known), *_measures(known), *left, *late_gaps(region, on), *_proposals(known)]


def _thing(kind, owner, about, days):
    return Thing("town" if owner else "region", kind, owner, frozenset(about), days)


def _shared(measure):
    return [town for (town,) in rows(
        "SELECT municipality_id FROM strategies_measure_towns WHERE measure_id = %(measure)s", measure=measure
    )]  # fmt: skip


def _reviews(known):
    found = rows(
        f"""SELECT COALESCE(o.submitted_at, o.created_at), COALESCE(p.review_days, 5),
            COALESCE(m.municipality_id, s.municipality_id) FROM strategies_progressreport o {REPORT_OF.format(row="o")}
            WHERE o.status = 'submitted' AND (p.region_id = %(region)s OR t.region_id = %(region)s)""", **known,
    )  # fmt: skip
    for moment, allowed, town in found:
        last = day(moment)
        for _working_day in range(allowed):
            last += datetime.timedelta(days=1)
            while not periods.is_working(last):
                last += datetime.timedelta(days=1)
        if last < known["on"]:
            yield Thing("region", "reviews", None, frozenset({town} - {None}), (known["on"] - last).days)


def _reports(known):
    found = rows(
        f"""SELECT c.due_on, e.municipality_id, e.measure_id FROM strategies_expectedreport e
            JOIN strategies_reportingcycle c ON c.id = e.cycle_id JOIN strategies_programme g ON g.id = c.programme_id
            {REPORT_OF.format(row="e")} WHERE g.region_id = %(region)s AND c.status = 'open' AND c.due_on < %(on)s
            AND ({OPEN} OR q.status = 'published') AND NOT EXISTS (SELECT 1 FROM strategies_progressreport o
            WHERE o.year = c.year AND o.period = c.period AND o.corrects_id IS NULL
            AND o.status IN ('submitted', 'published')
            AND (o.measure_id = e.measure_id OR o.priority_id = e.priority_id))""", **known,
    )  # fmt: skip
    for due, town, measure in found:
        yield _thing("reports", town, [town] if town else _shared(measure), (known["on"] - day(due)).days)


def _measures(known):
    found = rows(
        f"""SELECT m.id, m.municipality_id, COALESCE(m.postponed_to, m.due) FROM {MEASURES}
            WHERE p.region_id = %(region)s AND {PUBLIC_MEASURE} AND {LATE}""", **known,
    )  # fmt: skip
    for measure, town, due in found:
        yield _thing("measures", town, [town] if town else _shared(measure), (known["on"] - day(due)).days)


def awaited_words(region, on):
    """Links whose other side has given its word and which this side answered neither by its own nor by a refusal.

    Those that have time still are among them, with no days or fewer.
    """
    known = {"region": region.pk, "on": on}
    found = rows(
        f"""SELECT c.published_at, c.side, s.municipality_id,
            ({STEPS} AND k.model = 'commitment' AND j.to_status = 'withdrawn' AND j.object_id IN (SELECT w.id
             FROM strategies_commitment w WHERE w.link_id = l.id AND w.side <> c.side AND w.status = 'withdrawn'))
            FROM strategies_commitment c JOIN strategies_prioritymeasure l ON l.id = c.link_id
            JOIN strategies_measure m ON m.id = l.measure_id
            JOIN strategies_programmedirection d ON d.id = m.direction_id
            JOIN strategies_programme p ON p.id = d.programme_id JOIN strategies_priority q ON q.id = l.priority_id
            JOIN strategies_strategy s ON s.id = q.strategy_id
            JOIN municipalities_municipality t ON t.id = s.municipality_id
            WHERE c.status = 'confirmed' AND t.region_id = %(region)s AND {OPEN} AND q.status = 'published'
            AND s.status IN ('discussion', 'approved')
            AND p.status IN ('prepared', 'discussion', 'approved', 'completed')
            AND NOT EXISTS (SELECT 1 FROM strategies_commitment o
                WHERE o.link_id = l.id AND o.side <> c.side AND o.status = 'confirmed')""", **known,
    )  # fmt: skip
    for said_at, by, town, refused_at in found:
        if refused_at is not None and str(refused_at) >= str(said_at):
            continue
        days = (on - day(said_at)).days - region.answer_days
        yield _thing("commitments", town if by == "region" else None, [town], days)


def _proposals(known):
    found = rows(
        f"""SELECT w.municipality_id, w.answer_due FROM discussions_proposal w WHERE w.region_id = %(region)s
            AND {PUBLIC_WORDS} AND w.status IN ('new', 'on_review') AND w.answer_due < %(on)s""", **known,
    )  # fmt: skip
    for town, due in found:
        yield _thing("proposals", town, [town] if town else [], (known["on"] - day(due)).days)


# ——— Gaps ———


def gaps(region, on):
    """[(kind, towns it concerns, since when it is empty, decision or None, promised day)] of a programme."""
    known, found = {"region": region.pk, "on": on}, []
    last_cancelled = f"""({STEPS} AND k.model = 'measure' AND j.to_status = 'cancelled' AND j.object_id IN
        (SELECT l.measure_id FROM strategies_prioritymeasure l JOIN strategies_measure m ON m.id = l.measure_id
         WHERE l.priority_id = q.id AND m.status = 'cancelled'))"""
    last_withdrawn = f"""({STEPS} AND k.model = 'commitment' AND j.to_status = 'withdrawn' AND j.object_id IN
        (SELECT c.id FROM strategies_commitment c JOIN strategies_prioritymeasure l ON l.id = c.link_id
         WHERE l.priority_id = q.id AND c.status = 'withdrawn'))"""
    for kind, later, condition in (
        ("no_measure", last_cancelled, f"NOT EXISTS ({COUNTING})"),
        ("not_agreed", last_withdrawn, f"EXISTS ({COUNTING}) AND NOT EXISTS ({AGREED})"),
    ):
        for town, act, published, created, last, *said in rows(
            f"""SELECT s.municipality_id, s.act_date, q.published_at, q.created_at, {later}, {_answer("priority", "q")}
                FROM {LIVE} AND {CHOSEN} AND {condition}""", kind=kind, **known,
        ):  # fmt: skip
            act = day(act)
            since = act if act and act <= on else day(published or created)
            found.append((kind, [town], max(since, day(last) or since), *said))
    here = f"FROM {MEASURES} WHERE p.region_id = %(region)s AND {PUBLIC_MEASURE} AND {OPEN} AND NOT {STEP}"
    for kind, condition in MISSING.items():
        for measure, town, published, created, last, *said in rows(
            f"""SELECT m.id, m.municipality_id, m.published_at, m.created_at, {LEFT}, {_answer("measure", "m")}
                {here} AND {condition}""", kind=kind, **known,
        ):  # fmt: skip
            since = day(published or created)
            if kind == "no_owner" and last:
                since = max(since, day(last))
            found.append((kind, [town] if town else _shared(measure), since, *said))
    return found


def _answer(subject, row):
    one = f"FROM strategies_gapanswer g WHERE g.{subject}_id = {row}.id AND g.kind = %(kind)s"
    return f"(SELECT g.decision {one}), (SELECT g.due {one})"


def late_gaps(region, on):
    """The `Thing`s of gaps that nobody undertook to close in time, or that were not closed by the promised day."""
    for _kind, towns, since, decision, due in gaps(region, on):
        if decision == "stays" or (decision is None and region.joined_on is None):
            continue
        until = day(due) if decision else max(since, region.joined_on) + datetime.timedelta(days=region.gap_days)
        if until < on:
            yield Thing("region", "gaps", None, frozenset(towns), (on - until).days)


# ——— What pages, papers and letters say of it ———


def _told(things):
    """{kind: (how many, days together, the longest)}."""
    kinds = {}
    for thing in things:
        kinds.setdefault(thing.kind, []).append(thing.days)
    return {kind: (len(days), sum(days), max(days)) for kind, days in kinds.items()}


def _page(client, asked):
    """The same of the page of lateness, every row of every kind counted and read."""
    late = client.get("/programme/late/", asked).context["late"]
    said = {str(part.kind): (part.total, part.days, part.longest) for part in late.parts if part.total}
    for kind, (total, days, _longest) in said.items():
        listed, page = [], 1
        while page:
            shown = client.get("/programme/late/", asked | {"kind": kind, "page": page}).context["page_obj"]
            listed += [row.days for row in shown.object_list]
            page = shown.has_next() and page + 1
        assert (len(listed), sum(listed)) == (total, days), (asked, kind)
    assert (late.total, late.days) == (sum(one[0] for one in said.values()), sum(one[1] for one in said.values()))
    return said


def late_with_everything():
    """{(kind, side)} of which the awkward world has something: what is nowhere late proves nothing."""
    region, on = Region.objects.get(), timezone.localdate()
    return {(one.kind, one.side) for one in late_things(region, on)}


def _lateness(client):
    on = timezone.localdate()
    for region in Region.objects.filter(is_active=True):
        things = late_things(region, on)
        whole = {"region": region.slug}
        for side in ("region", "town"):
            assert _page(client, whole | {"side": side}) == _told(one for one in things if one.side == side), side
        figures = dashboard_of(region, on, latest_cycles(region))
        by_kind = Counter((one.kind, one.side) for one in things)
        assert {
            (str(kind), side): number
            for kind, towns, own in figures.late_rows
            for side, number in (("town", towns), ("region", own)) if number
        } == by_kind  # fmt: skip
        for town in Municipality.objects.filter(region=region, in_programme=True, is_reference=False):
            own = [one for one in things if one.town == town.pk]
            owed = [one for one in things if one.side == "region" and town.pk in one.about]
            asked = whole | {"town": town.slug}
            assert _page(client, asked | {"side": "town"}) == _told(own), town
            assert _page(client, asked | {"side": "region"}) == _told(owed), town
            card = visit_words(Municipality.objects.with_people().with_region().get(pk=town.pk), on)
            late = f"{len(own)} и {len(owed)}" if region.joined_on else "не считаем"
            assert card["figures"][2]["value"] == late, town
            if town.pk in figures.towns:
                assert figures.towns[town.pk].late == len(own), town


def _gaps(client):
    on = timezone.localdate()
    for region in Region.objects.filter(is_active=True):
        found = Counter(kind for kind, *_more in gaps(region, on))
        late = sum(1 for _gap in late_gaps(region, on))
        asked = {"region": region.slug}
        listed = {
            kind: client.get("/programme/gaps/", asked | {"kind": kind})
            for kind in ("no_measure", "not_agreed", *MISSING)
        }
        assert {kind: page.context["paginator"].count for kind, page in listed.items()} == {
            kind: found[kind] for kind in listed
        }
        for closing, number in {"": found.total(), "late": late}.items():
            page = client.get("/programme/gaps/", asked | {"closing": closing})
            assert page.context["paginator"].count == number, closing
        for decision, number in Counter(decision for *_gap, decision, _due in gaps(region, on)).items():
            page = client.get("/programme/gaps/", asked | {"closing": decision or "nobody"})
            assert page.context["paginator"].count == number, decision


def _silence(client):
    """Open public measures, and priorities that no measure answers, of which nothing was heard for too long."""
    on = timezone.localdate()
    for region in Region.objects.filter(is_active=True):
        known = {"region": region.pk, "on": on}
        found = rows(
            f"""SELECT {HEARD.format("o.measure_id = m.id")}, m.start, m.published_at, m.created_at, p.rhythm
                FROM {MEASURES} WHERE p.region_id = %(region)s AND {PUBLIC_MEASURE} AND {OPEN}
                UNION ALL SELECT {HEARD.format("o.priority_id = q.id")}, NULL, q.published_at, q.created_at,
                'quarter' FROM {LIVE} AND s.municipality_id IN (SELECT id FROM municipalities_municipality
                WHERE region_id = %(region)s) AND NOT EXISTS ({COUNTING})""", **known,
        )  # fmt: skip
        silent = 0
        for last, start, published, created, rhythm in found:
            owed = day(start) if start and day(start) <= on else day(published or created)
            since = day(last) or max(owed, region.joined_on or owed)
            too_long = {"quarter": 107, "half": 199, "year": 426}[rhythm]
            silent += region.joined_on is not None and (on - since).days > too_long
        assert dashboard_of(region, on, latest_cycles(region)).silent == silent
        page = client.get("/programme/silence/", {"region": region.slug, "kind": "silent"})
        assert page.context["paginator"].count == silent


def _small_dates(client):
    """Milestones of a measure and instructions of a session: each page names as many late ones as there are."""
    on = timezone.localdate()
    for measure in Measure.objects.public().filter(milestones__isnull=False).distinct():
        said = client.get(measure.get_absolute_url()).context["milestones"]
        assert sum(bool(one.days_late) for one in said) == ask(
            f"""SELECT COUNT(*) FROM {MEASURES} JOIN strategies_milestone x ON x.measure_id = m.id
                WHERE m.id = %(measure)s AND x.done_on IS NULL AND x.due < %(on)s AND x.due >= r.joined_on""",
            measure=measure.pk, on=on,
        )  # fmt: skip
    for session in {one.session for one in Decision.objects.public().select_related("session")}:
        page = client.get(session.get_absolute_url())
        assert sum(bool(one.days_late) for one in page.context["decisions"]) == ask(
            """SELECT COUNT(*) FROM discussions_decision x JOIN discussions_session s ON s.id = x.session_id
               JOIN municipalities_region r ON r.id = s.region_id
               WHERE s.id = %(session)s AND x.done_on IS NULL AND x.due < %(on)s AND x.due >= r.joined_on""",
            session=session.pk, on=on,
        )  # fmt: skip


def _results(client):
    """Nothing of the words of residents is late twice: the page of results says as many as the page of lateness."""
    said = client.get("/sessions/results/").context["outcomes"].late
    facts = Region.objects.filter(is_sample=False)
    assert said == sum(one.kind == "proposals" for region in facts for one in late_things(region, timezone.localdate()))


def _letters(_client):
    """The digest of a town says as many late reports as it owes and as many words as are awaited from its head."""
    on = timezone.localdate()
    for town in Municipality.objects.filter(in_programme=True, is_reference=False).select_related("region"):
        head = next(iter(people_in_force(on, town)), None)
        if head is None:
            continue
        mail.outbox.clear()
        asked = remind(town, on)
        owed = sum((one.kind, one.town) == ("reports", town.pk) for one in late_things(town.region, on))
        awaited = sum(one.town == town.pk for one in awaited_words(town.region, on))
        [(returned, late)] = rows(
            """SELECT COUNT(*), COUNT(c.id) FROM strategies_progressreport o
               JOIN strategies_measure m ON m.id = o.measure_id JOIN strategies_programmedirection d
               ON d.id = m.direction_id LEFT JOIN strategies_reportingcycle c ON c.programme_id = d.programme_id
               AND c.year = o.year AND c.period = o.period AND c.status = 'open' AND c.due_on < %(on)s
               WHERE m.municipality_id = %(town)s AND o.status = 'returned'""", town=town.pk, on=on,
        )  # fmt: skip
        subjects = [one.subject for one in mail.outbox if one.to == [head.email]]
        told = [_figure_after(words, " ".join(subjects)) for words in ("просрочено", "вернули", "слова")]
        assert told == [owed - late, returned, awaited], (town, asked, subjects)


def _figure_after(words, subject):
    found = re.search(rf"{words} (\d+)", subject)
    return int(found[1]) if found else 0


CHECKS = {
    "lateness": _lateness, "gaps": _gaps, "silence": _silence, "small dates": _small_dates, "late words": _results,
    "letters": _letters,
}  # fmt: skip
