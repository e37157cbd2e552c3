"""Every sum and count that pages, papers and exports say, counted once more by SQL of our own, over three worlds."""

import pytest
from django.core.cache import cache
from django.utils import timezone

from exchange.papers.catalogue import MAKERS
from exchange.papers.order import Scope, Term
from exchange.papers.visit import visit_words
from municipalities.models import Municipality, Region
from sessions.dashboard import dashboard_of
from sessions.lateness import region_lateness, towns_lateness
from strategies.dashboard.figures import latest_cycles
from strategies.models import Measure
from tests.sums import exports, lateness, papers
from tests.sums.sql import (
    HEARD,
    LATE,
    MEASURES,
    PUBLIC_MEASURE,
    PUBLIC_PRIORITY,
    PUBLIC_SESSION,
    PUBLIC_WORDS,
    STEP,
    WORDS,
    ask,
    number,
    rows,
    same,
)
from tests.sums.worlds import demo, facts_only, mixed

pytestmark = pytest.mark.slow


def _towns(client):
    on = timezone.localdate()
    towns = Municipality.objects.filter(in_programme=True, is_reference=False)
    assert towns
    for town in towns:
        said = client.get(town.get_absolute_url()).context
        own = f"FROM {MEASURES} WHERE m.municipality_id = %(town)s AND {PUBLIC_MEASURE}"
        known = {"town": town.pk, "on": on}
        figures = said["figures"].own
        same(figures.promised, f"SELECT COUNT(*) {own}", **known)
        same(figures.done, f"SELECT COUNT(*) {own} AND m.status = 'done'", **known)
        same(figures.late, f"SELECT COUNT(*) {own} AND {LATE}", **known)
        same(figures.silent, f"SELECT COUNT(*) {own} AND NOT {HEARD}", **known)
        for one in said["money"]:
            year = f"""SELECT SUM(f.planned) FROM strategies_funding f, {MEASURES} WHERE f.measure_id = m.id AND
                m.municipality_id = %(town)s AND {PUBLIC_MEASURE} AND f.year = %(year)s AND p.kind = %(kind)s"""
            same(one["planned"], year, year=one["year"], kind=one["kind"], **known)
        paid = [one["planned"] for one in said["money"]]
        same(
            sum(paid) if paid else None,
            f"SELECT SUM(f.planned) FROM strategies_funding f WHERE f.measure_id IN (SELECT m.id {own})", **known,
        )  # fmt: skip
        shared = f"""SELECT COUNT(*) FROM {MEASURES} JOIN strategies_measure_towns t ON t.measure_id = m.id
            WHERE t.municipality_id = %(town)s AND {PUBLIC_MEASURE} AND NOT {STEP}"""
        same(said["figures"].shared.promised, shared, **known)
        same(said["figures"].shared.late, f"{shared} AND {LATE}", **known)
        priorities = f"SELECT COUNT(*) FROM {PUBLIC_PRIORITY} AND s.municipality_id = %(town)s"
        same(len(said["priorities"]), priorities, **known)
        same(said["town"].proposal_count, f"{WORDS} AND w.municipality_id = %(town)s", **known)
        same(
            said["session_total"],
            f"""SELECT COUNT(*) FROM discussions_session x WHERE {PUBLIC_SESSION} AND (x.municipality_id = %(town)s
                OR x.host_id = %(town)s OR x.id IN
                (SELECT session_id FROM discussions_session_towns WHERE municipality_id = %(town)s))""", **known,
        )  # fmt: skip
        reports = f"""SELECT COUNT(*) FROM strategies_progressreport o WHERE o.status = 'published' AND (o.measure_id IN
            (SELECT m.id FROM {MEASURES} WHERE m.municipality_id = %(town)s AND ({PUBLIC_MEASURE}
            OR m.status = 'cancelled')) OR o.priority_id IN
            (SELECT q.id FROM {PUBLIC_PRIORITY} AND s.municipality_id = %(town)s))"""
        assert said["has_reports"] is bool(ask(reports, **known))
        card = visit_words(Municipality.objects.with_people().with_region().get(pk=town.pk), on)
        done, total = figures.done, figures.promised
        assert card["figures"][0]["value"] == (f"{done} из {total}" if total else "мер нет")


def _regions(client):
    on = timezone.localdate()
    for region in Region.objects.filter(is_active=True):
        known = {"region": region.pk, "on": on}
        here = f"FROM {MEASURES} WHERE p.region_id = %(region)s AND {PUBLIC_MEASURE}"
        figures = dashboard_of(region, on, latest_cycles(region))
        same(figures.measures, f"SELECT COUNT(*) {here} AND NOT {STEP}", **known)
        same(figures.late_measures, f"SELECT COUNT(*) {here} AND NOT {STEP} AND {LATE}", **known)
        for status in ("done", "in_progress", "postponed", "not_done"):
            said = figures.statuses.get(status, 0)
            same(said, f"SELECT COUNT(*) {here} AND NOT {STEP} AND m.status = %(status)s", status=status, **known)
        late = sum(side(region, on).part("measures").total for side in (region_lateness, towns_lateness))
        same(late, f"SELECT COUNT(*) {here} AND {LATE}", **known)
        live = f"{PUBLIC_PRIORITY} AND s.status IN ('discussion', 'approved')"
        inside = """s.municipality_id IN (SELECT id FROM municipalities_municipality
            WHERE region_id = %(region)s AND in_programme AND NOT is_reference)"""
        same(figures.priorities, f"SELECT COUNT(*) FROM {live} AND {inside}", **known)
        bare = """NOT EXISTS (SELECT 1 FROM strategies_prioritymeasure l
            JOIN strategies_measure m ON m.id = l.measure_id
            WHERE l.priority_id = q.id AND m.status NOT IN ('draft', 'cancelled'))"""
        same(figures.bare, f"SELECT COUNT(*) FROM {live} AND {inside} AND {bare}", **known)
        matrix = client.get("/programme/coverage/", {"region": region.slug}).context["matrix"]
        assert (matrix.total, matrix.without) == (figures.priorities, figures.bare)
        agreed = """EXISTS (SELECT 1 FROM strategies_prioritymeasure l JOIN strategies_measure m ON m.id = l.measure_id
            WHERE l.priority_id = q.id AND m.status NOT IN ('draft', 'cancelled') AND 2 = (SELECT COUNT(DISTINCT c.side)
            FROM strategies_commitment c WHERE c.link_id = l.id AND c.status = 'confirmed'))"""
        same(matrix.agreed, f"SELECT COUNT(*) FROM {live} AND {inside} AND {agreed}", **known)
        page = client.get("/programme/", {"region": region.slug})
        _money_is_the_same_everywhere(page, region, figures, here, known)
        assert page.context["dashboard"].statuses == figures.statuses
        prepared = ask(
            "SELECT COUNT(*) FROM strategies_programme WHERE region_id = %(region)s AND kind = 'action' "
            "AND status = 'prepared'", **known,
        )  # fmt: skip
        steps = f"AND NOT {STEP}" if prepared else ""
        listed = f"SELECT COUNT(*) FROM {MEASURES} WHERE p.region_id = %(region)s AND ({PUBLIC_MEASURE}" \
                 f" OR m.status = 'cancelled' AND p.status <> 'draft') {steps}"  # fmt: skip
        same(page.context["paginator"].count, listed, **known)
        for state, total in figures.status_counts:
            shown = client.get("/programme/", {"region": region.slug, "status": state})
            assert shown.context["paginator"].count == total, state


def _money_is_the_same_everywhere(page, region, figures, here, known):
    """Dashboard, programme page, plan and progress papers, by kinds of promise, to the kopeck."""
    papers = {kind: MAKERS[kind](Scope(region), Term(known["on"]), {}) for kind in ("plan", "progress")}
    for table in figures.money:
        kind = "p.kind <> 'action'" if table.is_other else "p.kind = 'action'"
        money = f"FROM strategies_funding f WHERE f.measure_id IN (SELECT m.id {here} AND {kind} AND NOT {STEP})"
        same(table.promised, f"SELECT SUM(f.planned) {money}", **known)
        same(table.paid, f"SELECT SUM(f.spent) {money}", **known)
        label = "Всего по другой поддержке" if table.is_other else "Всего по программе области"
        for name, column in (("plan", "total"), ("progress", "planned")):
            total = next(one for one in papers[name].totals if one.label in {label, "Всего"})
            assert number(total.figures[column]) == number(table.promised), name
    on_page = page.context["money"]
    assert [(one.promised, one.paid) for one in on_page] == [(one.promised, one.paid) for one in figures.money]
    summed = rows(
        f"""SELECT p.kind = 'action', SUM(f.planned) FROM strategies_funding f, {MEASURES}
            WHERE f.measure_id = m.id AND p.region_id = %(region)s AND {PUBLIC_MEASURE} AND f.planned IS NOT NULL
            GROUP BY p.kind = 'action'""",
        **known,
    )
    assert {bool(own): number(total) for own, total in summed} == {
        not table.is_other: number(table.promised) for table in figures.money if table.promised is not None
    }


def _home(client, settings):
    for region in Region.objects.filter(is_active=True):
        settings.HOME_REGION = region.slug
        cache.clear()  # the page of the region before is kept
        said = client.get("/").context
        known = {"region": region.pk, "on": timezone.localdate()}
        whole = f"SELECT COUNT(*) FROM {MEASURES} WHERE p.region_id = %(region)s AND {PUBLIC_MEASURE} AND NOT {STEP}"
        same(said["figures"].promised, whole, **known)
        same(said["figures"].done, f"{whole} AND m.status = 'done'", **known)
        same(said["figures"].late, f"{whole} AND {LATE}", **known)
        same(said["figures"].silent, f"{whole} AND NOT {HEARD}", **known)


def _results(client):
    """Outcomes add up: each public word is of exactly one kind, and invented words are in none."""
    said = client.get("/sessions/results/").context["outcomes"]
    real = f"""FROM discussions_proposal w JOIN municipalities_region r ON r.id = w.region_id
        WHERE NOT r.is_sample AND {PUBLIC_WORDS}"""
    same(said.total, f"SELECT COUNT(*) {real}")
    for status in ("accepted", "partly", "declined", "redirected", "merged"):
        same(getattr(said, status), f"SELECT COUNT(*) {real} AND w.status = %(status)s", status=status)
    assert sum(number for _name, _status, number in said.answers) == said.total


def _late_with_nothing(client):
    """A region that has not joined is late with nothing, and no page of a town says otherwise."""
    region, on = Region.objects.get(), timezone.localdate()
    assert region.joined_on is None
    assert (region_lateness(region, on).total, towns_lateness(region, on).total) == (0, 0)
    assert not Measure.objects.overdue(on).exists()
    for town in Municipality.objects.filter(in_programme=True):
        assert "Просрочено" not in client.get(town.get_absolute_url()).content.decode()


@pytest.mark.invariant(80)
@pytest.mark.parametrize(
    "world",
    # PostgreSQL adds up the awkward one, by the same statements.
    [pytest.param(demo, marks=pytest.mark.walk), pytest.param(facts_only, marks=pytest.mark.walk), mixed],
    ids=lambda world: world.__name__,
)
def test_every_sum_is_what_the_rows_say(db, client, settings, case, world):
    settings.DEMO = True
    world()
    checks = {
        "towns": _towns, "regions": _regions, "home": lambda one: _home(one, settings), "results": _results,
        **lateness.CHECKS, **papers.CHECKS, **exports.CHECKS,
    }  # fmt: skip
    if world is facts_only:
        checks["late"] = _late_with_nothing
    if world is mixed:
        kinds = {"reports", "measures", "commitments", "proposals"}
        both = {(kind, side) for kind in kinds for side in ("region", "town")}
        assert lateness.late_with_everything() == both | {("reviews", "region"), ("gaps", "region")}
    for name, check in checks.items():
        cache.clear()  # pages that the check before has read are kept
        with case(name):
            check(client)
