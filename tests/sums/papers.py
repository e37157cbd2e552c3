"""Official papers, read as people read them, Word and sheet and page, and counted once more with their formulas."""

import re
from decimal import ROUND_HALF_EVEN, Decimal

from django.utils import timezone

from accounts.models import Role
from exchange.papers.catalogue import COLUMNS
from municipalities.models import Municipality, Region
from strategies.models import Programme
from strategies.programme.models.measure_queryset import DerivedState, MeasureStatus
from tests.conftest import person
from tests.exchange.papers.reading import figure, rows_of_sheet, rows_of_word, table_rows

from .formulas import counted
from .lateness import OPEN
from .sql import MEASURES, PUBLIC_MEASURE, STEP, ask, day, number, rows

PARTS = {"p.kind = 'action'": "Всего по программе области", "p.kind <> 'action'": "Всего по другой поддержке"}
SOURCES = ("federal", "regional", "local", "extra")
FIGURES = {"plan": ("total", *SOURCES), "summary": ("plan", "fact", "deviation"), "progress": ("planned", "spent"),
           "orders": ("state",)}  # fmt: skip
ENDS = ("Всего", "в том числе на", "из них", "Мероприятий", "Отменено")
SHOWN = f"({PUBLIC_MEASURE} OR m.status = 'cancelled' AND p.status <> 'draft')"


def _papers(client):
    """Every paper of every region, as Word, sheet and page; of a programme and a town as a sheet; of this year too."""
    on = timezone.localdate()
    for region in Region.objects.filter(is_active=True):
        client.force_login(person(f"reader-{region.pk}", Role.REGION_APPROVER, region=region))
        whole = f"p.region_id = {region.pk}"
        asked = [(f"region-{region.pk}", whole, f"s.region_id = {region.pk}", "all", form) for form in READ]
        asked.append((f"region-{region.pk}", whole, "", f"{on.year}-year", "xlsx"))
        for programme in Programme.objects.public().filter(region=region)[:2]:
            asked.append((f"programme-{programme.pk}", f"p.id = {programme.pk}", "", "all", "xlsx"))
        for town in Municipality.objects.filter(region=region, in_programme=True)[:2]:
            named = f"SELECT measure_id FROM strategies_measure_towns WHERE municipality_id = {town.pk}"
            of_town = f"(m.municipality_id = {town.pk} OR m.id IN ({named})) AND {whole}"
            asked.append((f"town-{town.pk}", of_town, f"s.municipality_id = {town.pk}", "all", "xlsx"))
        for scope, measures, sessions, term, form in asked:
            kinds = {"plan": _plan, "summary": _summary, "progress": _progress}
            known = {"on": on, "year": None if term == "all" else on.year, "start": on.replace(month=1, day=1)}
            if known["year"]:
                measures += f" AND {_OF_PERIOD}"
            expected = {kind: make(measures, known) for kind, make in kinds.items()}
            if sessions:
                expected["orders"] = _orders(sessions, known)
            for kind, totals in expected.items():
                year, _dash, period = term.partition("-")
                wanted = {"paper": kind, "scope": scope, "format": form, "year": year, "period": period}
                answer = client.get("/office/papers/", wanted)
                content = b"".join(answer.streaming_content) if answer.streaming else answer.content
                assert READ[form](kind, content) == totals, (kind, scope, form, term)
        client.logout()


# ——— Totals as they are read ———


def _read_rows(kind, found):
    names = [column.name for column in COLUMNS[kind]]
    told = []
    for row in found:
        if len(row) > 1 and str(row[0]).startswith(ENDS):
            cells = dict(zip(names[::-1], row[:0:-1], strict=False))
            figures = FIGURES[kind] if row[0].startswith(("Всего", "в том числе")) else ("state",)
            told.append((row[0], [_figure(cells.get(name)) for name in figures]))
    return told


def _figure(cell):
    if cell is None or cell in {"", "—"}:
        return None
    return number(figure(cell) if isinstance(cell, str) else cell)


def _read_sheet(kind, content):
    """Totals of a sheet; what its formulas give once more is what it shows."""
    shown, formulas = rows_of_sheet(content), rows_of_sheet(content, values=False)
    seen = 0
    for values, cells in zip(shown, formulas, strict=True):
        for value, cell in zip(values, cells, strict=True):
            if isinstance(cell, str) and re.match(r"=(SUBTOTAL|SUMIF|COUNT|ROUND)", cell):
                seen += 1
                assert abs(Decimal(str(counted(formulas, cell))) - Decimal(str(value))) < Decimal("0.051"), cell
    told = _read_rows(kind, shown)
    assert bool(seen) == any(one is not None for _label, figures in told for one in figures)
    return told


READ = {
    "docx": lambda kind, content: _read_rows(kind, rows_of_word(content)),
    "xlsx": _read_sheet,
    "page": lambda kind, content: _read_rows(kind, table_rows(content.decode())),
}

# ——— The same by our own count ———

_OF_PERIOD = f"""(m.due IS NULL OR m.due >= %(start)s OR m.postponed_to >= %(start)s OR {OPEN}
    OR EXISTS (SELECT 1 FROM strategies_progressreport o WHERE o.measure_id = m.id AND o.status = 'published'
    AND o.period_end >= %(start)s)) AND (m.start IS NULL OR m.start <= %(on)s)"""


def _parts(inside, known, status=SHOWN):
    """[(words of the total, condition of its measures)] of the parts of a paper that have any."""
    there = [
        (label, kind) for kind, label in PARTS.items()
        if ask(f"SELECT COUNT(*) FROM {MEASURES} WHERE {inside} AND {status} AND NOT {STEP} AND {kind}", **known)
    ]  # fmt: skip
    return [
        (label if len(there) > 1 else "Всего", f"{inside} AND {PUBLIC_MEASURE} AND NOT {STEP} AND {kind}")
        for label, kind in there
    ]


def _known_sum(values):
    there = [number(one) for one in values if one is not None]
    return sum(there) if there else None


def _plan(inside, known):
    totals = []
    for label, measures in _parts(inside, known, PUBLIC_MEASURE):
        found = rows(
            f"""SELECT f.year, f.source, SUM(f.planned) FROM strategies_funding f WHERE f.measure_id IN
                (SELECT m.id FROM {MEASURES} WHERE {measures}) GROUP BY f.year, f.source""", **known,
        )  # fmt: skip
        years = sorted({year for year, _source, _sum in found})
        for name, chosen in [(label, years)] + [(f"в том числе на {year} год", [year]) for year in years] * (
            len(years) > 1
        ):
            sums = [(source, sum_) for year, source, sum_ in found if year in chosen]
            by_source = [_known_sum(sum_ for of, sum_ in sums if of == source) for source in SOURCES]
            totals.append((name, [_known_sum(sum_ for _of, sum_ in sums), *by_source]))
    return totals


def _summary(inside, known):
    """Plan, fact and their deviation over measures of which every sum is known both ways; how many these are."""
    totals = []
    for label, measures in _parts(inside, known):
        kinds = [("финансирование, все годы", "")]
        if known["year"]:
            kinds.insert(0, (f"финансирование на {known['year']} год", "AND f.year = %(year)s"))
        for words, of_year in kinds:
            found = rows(
                f"""SELECT SUM(f.planned), SUM(f.spent), COUNT(*), COUNT(f.planned + f.spent)
                    FROM strategies_funding f WHERE f.measure_id IN (SELECT m.id FROM {MEASURES} WHERE {measures})
                    {of_year} GROUP BY f.measure_id""", **known,
            )  # fmt: skip
            told = [one for one in found if one[:2] != (None, None)]
            both = [(number(plan), number(fact)) for plan, fact, lines, whole in told if lines == whole and plan]
            plan, fact = (sum(one[place] for one in both) for place in (0, 1))
            off = ((fact - plan) / plan * 100).quantize(Decimal("0.1"), ROUND_HALF_EVEN) if both else None
            name = f"{label}: {words}, тыс. руб."
            if 0 < len(both) < len(told):
                name += f". Отклонение — по мерам, где известно и то и другое: {len(both)} из {len(told)}"
            totals.append(
                (name, [_known_sum(one[0] for one in found), _known_sum(one[1] for one in found), number(off)])
            )
    return totals


def _progress(inside, known):
    totals = [
        (label, [_known_sum(one) for one in zip(*rows(
            f"""SELECT SUM(f.planned), SUM(f.spent) FROM strategies_funding f WHERE f.measure_id IN
                (SELECT m.id FROM {MEASURES} WHERE {measures})""", **known), strict=True)])
        for label, measures in _parts(inside, known)
    ]  # fmt: skip
    found = rows(
        f"""SELECT m.status, COALESCE(m.postponed_to, m.due), r.joined_on, COALESCE(p.year_to, m.promised_year),
            m.due_note FROM {MEASURES} WHERE {inside} AND {SHOWN} AND NOT {STEP}""", **known,
    )  # fmt: skip
    if not totals:
        return []
    states = [_state(known["on"], *one) for one in found]
    gone = states.count(("cancelled", False))
    lines = [("Мероприятий", len(states) - gone)]
    for state in ("done", "in_progress", "planned", "postponed", "not_done", "unheard"):
        label = DerivedState(state).label if state == "unheard" else MeasureStatus(state).label
        lines.append((f"из них: {label}", sum(one == state for one, _late in states)))
    lines += [("из них срок прошёл", sum(late for _one, late in states)), ("Отменено, в счёт не входит", gone)]
    return totals + [(label, [number(count)]) for label, count in lines if count or label == "Мероприятий"]


def _state(on, status, due, joined, last_year, note):
    """(what is said of a measure, whether it is late)."""
    due, joined = day(due), day(joined)
    if status in {"planned", "in_progress", "postponed"} and due and due < on and joined and due >= joined:
        return status, True
    ahead = any(int(year) >= on.year for year in re.findall(r"20\d\d", note))
    passed = due < on if due else (last_year is None or last_year < on.year) and not ahead
    return ("unheard" if status == "planned" and passed else status), False


def _orders(inside, known):
    found = []
    for done, due, joined in rows(
        f"""SELECT x.done_on, x.due, r.joined_on FROM discussions_decision x
            JOIN discussions_session s ON s.id = x.session_id JOIN municipalities_region r ON r.id = s.region_id
            WHERE s.status = 'outcome' AND {inside}""", **known,
    ):  # fmt: skip
        is_late = due and joined and day(joined) <= day(due) < known["on"]
        found.append("исполнено" if done else "просрочено" if is_late else "в работе")
    counts = [("Всего поручений", len(found))]
    counts += [(f"из них: {state}", found.count(state)) for state in ("исполнено", "в работе", "просрочено")]
    return [(label, [number(count)]) for label, count in counts] if found else []


CHECKS = {"papers": _papers}
