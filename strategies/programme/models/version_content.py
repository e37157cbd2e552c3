"""What a programme promises on a day, as plain data, and how two such days differ."""

from collections import defaultdict
from decimal import Decimal

from .funding import Funding
from .indicator import IndicatorValue
from .measure import Measure
from .measure_parts import Milestone

# Fields of a measure that a version keeps, in the order in which a difference names them.
FIELDS = ("title", "code", "direction", "town", "responsible", "start", "due", "result", "decision")
PARTS = ("money", "targets", "milestones")
BATCH = 2_000
PAGE = 50  # kept measures to a page: whoever reads one page need not read the rest


def content_of(programme):
    """{programme, pages of measures} as an act would list them: public measures of the programme, none cancelled.

    Texts, dates as ISO, sums in thousand roubles as text; empty fields are left out. Six queries whatever the number
    of measures; 20,000 measures take about 50 MB.
    """
    measures = (
        Measure.objects.filter(direction__programme=programme, status__in=Measure.PUBLIC)
        .exclude(status=Measure.Status.CANCELLED)
        .order_by("direction__order", "direction", "due", "pk")
    )
    parts = {"money": _money(measures), "targets": _targets(measures), "milestones": _milestones(measures)}
    decisions = _decisions(measures)
    rows = measures.values_list(
        "pk", "title", "code", "direction__title", "municipality__name", "responsible", "start", "due", "postponed_to",
        "expected_result",
    )  # fmt: skip
    kept = []
    for pk, title, code, direction, town, responsible, start, due, postponed_to, result in rows.iterator(BATCH):
        values = (title, code, direction, town, responsible, start, postponed_to or due, result, decisions.get(pk))
        measure = {name: str(value) for name, value in zip(FIELDS, values, strict=True) if value}
        measure |= {name: found[pk] for name, found in parts.items() if pk in found}
        kept.append({"id": pk} | measure)
    years = {name: getattr(programme, name) for name in ("year_from", "year_to") if getattr(programme, name)}
    pages = [kept[start : start + PAGE] for start in range(0, len(kept), PAGE)]
    return {"programme": {"title": programme.title} | years, "pages": pages}


def measures_of(content):
    """All measures that a content keeps, in order."""
    return [measure for page in content.get("pages", []) for measure in page]


def _put(values, name, value):
    """Keep a value under its name; a second one of the same name beside it."""
    number, free = 2, name
    while free in values:
        free, number = f"{name} ({number})", number + 1
    values[free] = value


def _money(measures):
    found = defaultdict(dict)
    rows = Funding.objects.filter(measure__in=measures.order_by().values("pk"), planned__isnull=False)
    for pk, year, source, planned in rows.order_by("year", "source").values_list(
        "measure", "year", "source", "planned"
    ):
        found[pk][f"{year}:{source}"] = f"{planned:.2f}"
    return found


def _targets(measures):
    found = defaultdict(dict)
    rows = IndicatorValue.objects.filter(
        indicator__measure__in=measures.order_by().values("pk"), target__isnull=False, year__isnull=False
    ).order_by("indicator__order", "indicator", "year")
    for pk, name, unit, year, target in rows.values_list(
        "indicator__measure", "indicator__name", "indicator__unit", "year", "target"
    ):
        _put(found[pk], f"{year}:{name}, {unit}", f"{target.normalize():f}")
    return found


def _milestones(measures):
    found = defaultdict(dict)
    rows = Milestone.objects.filter(measure__in=measures.order_by().values("pk")).order_by("due", "pk")
    for pk, title, due in rows.values_list("measure", "title", "due"):
        _put(found[pk], title, due.isoformat())
    return found


def _decisions(measures):
    """{measure: the session's decision that it follows from}; sessions stand above: known by the relation's name."""
    # Decisions are public once the outcome of their session is.
    rows = measures.filter(decisions__session__status="outcome").order_by("decisions__session", "decisions__number")
    return {
        pk: f"{title}, № {number}"
        for pk, title, number in rows.values_list("pk", "decisions__session__title", "decisions__number")
    }  # fmt: skip


def total(measure):
    """Money that a kept measure promises over all years, thousand roubles; None where no sum is known."""
    sums = [Decimal(value) for value in measure.get("money", {}).values()]
    return sum(sums) if sums else None


def planned_in(content):
    """Money that a content promises in all; None where no sum is known."""
    sums = [one for one in map(total, measures_of(content)) if one is not None]
    return sum(sums) if sums else None


def differences(before, after):
    """What `after` promises otherwise than `before`: dictionaries {kind, measure, title, field, before, after}.

    The programme itself first, then what is added, removed and changed, each in the order of its content.
    """
    old = {measure["id"]: measure for measure in measures_of(before)}
    new = {measure["id"]: measure for measure in measures_of(after)}
    yield from _changed(
        before.get("programme", {}), after["programme"], ("title", "year_from", "year_to"), measure=None
    )
    for pk, measure in new.items():
        if pk not in old:
            yield _line("added", measure, after=total(measure))
    for pk, measure in old.items():
        if pk not in new:
            yield _line("removed", measure, before=total(measure))
    for pk, measure in new.items():
        if pk in old and old[pk] != measure:
            yield from _changed(old[pk], measure, FIELDS, measure=pk)
            for part in PARTS:
                was, now = old[pk].get(part, {}), measure.get(part, {})
                for name in dict.fromkeys([*was, *now]):
                    if was.get(name) != now.get(name):
                        yield _line(
                            "changed", measure, field=f"{part}:{name}", before=was.get(name), after=now.get(name)
                        )


def _changed(old, new, fields, *, measure):
    for name in fields:
        if old.get(name) != new.get(name):
            yield _line("changed", {"id": measure, "title": new["title"]}, field=name, before=old.get(name),
                        after=new.get(name))  # fmt: skip


def _line(kind, measure, *, field="", before=None, after=None):
    return {
        "kind": kind, "measure_id": measure["id"], "title": measure["title"],
        "field": field if len(field) <= 120 else f"{field[:119]}…",
        "before": "" if before is None else str(before), "after": "" if after is None else str(after),
    }  # fmt: skip
