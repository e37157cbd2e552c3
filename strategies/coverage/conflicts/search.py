"""Overlaps and conflicts in a region's programme, found by the machine: a person settles them (`Finding`).

Finders read grouped rows and change nothing. Each gives `Found`s, whose `key` is made of the facts and stays with them.
"""

import hashlib
import re
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from django.db.models import F, Min, Q, Sum
from django.db.models.functions import ExtractYear

from municipalities.numbers import NBSP, written
from municipalities.search import sort_key, stems
from strategies.coverage.models.commitment import Commitment, Side
from strategies.coverage.models.finding import Finding
from strategies.priorities.models import Priority, Strategy
from strategies.programme.models.funding import Funding
from strategies.programme.models.indicator import Indicator, IndicatorValue
from strategies.programme.models.measure import Measure
from strategies.programme.models.measure_parts import PriorityMeasure

from .places import read_work, same_work

Kind = Finding.Kind
# Money in papers is rounded to the rouble; a kopeck of difference is not a conflict.
SMALLEST = Decimal("0.01")


@dataclass(frozen=True)
class Found:
    """A conflict: its kind, the facts it is made of, the words for a person, the records."""

    kind: str
    facts: tuple
    text: str
    measures: tuple = ()
    priorities: tuple = ()
    indicators: tuple = ()

    @property
    def key(self):
        """The same facts give the same key on every day and machine."""
        return hashlib.sha256(repr((str(self.kind), self.facts)).encode()).hexdigest()


def find_all(region):
    """Every conflict in a region's programmes, drafts among them; some ten queries, whatever the number of rows."""
    return [found for finder in FINDERS for found in finder(region)]


def _measures(region):
    """Measures of a region that are not cancelled, drafts among them."""
    measures = Measure.objects.filter(direction__programme__region=region)
    return measures.exclude(status=Measure.Status.CANCELLED).order_by("pk")


def _sum_words(number):
    return f"{written(number)}{NBSP}тыс. рублей"


# ——— One place, theme and year ———

YEAR = re.compile(r"\b(20\d\d)\b")
UNFINISHED = Measure.OPEN | {Measure.Status.DRAFT}


@dataclass(frozen=True)
class Planned:
    """A measure as the search for overlaps reads it."""

    pk: int
    town: str
    direction: int
    title: str
    years: tuple
    is_finished: bool
    work: object


def same_places(region):
    """Two measures or more on one place, theme and year of one town; at least one of them not finished."""
    by_place, by_title = defaultdict(set), defaultdict(set)
    for town, measure in _planned(region):
        for place in measure.work.places:
            by_place[town, place.key].add(measure)
        by_title[town, measure.work.stems, measure.work.bounds].add(measure)
    shared = {pair: _shared_place(*pair) for group in by_place.values() for pair in _pairs(group)}
    shared = {pair: place.shown for pair, place in shared.items() if place}
    for group in by_title.values():
        for pair in _pairs(group):
            shared.setdefault(pair, "")
    for measures, places in _joined(shared):
        first, last = max(one.years[0] for one in measures), min(one.years[1] for one in measures)
        when = str(first) if first >= last else f"{first}–{last}"
        what = places[0] if places else "одно и то же название"
        titles = "; ".join(f"«{one.title}»" for one in measures)
        pks = tuple(one.pk for one in measures)
        yield Found(Kind.SAME_PLACE, (pks, places), f"{measures[0].town}, {what}, {when}: {titles}.", measures=pks)


def _planned(region):
    """(town id, `Planned`) of measures of towns whose years are known and whose titles say something."""
    money = _money_years(region)
    rows = _measures(region).filter(municipality__isnull=False).values_list(
        "pk", "municipality", "municipality__name", "direction", "title", "start", "due", "postponed_to", "due_note",
        "status", named=True,
    )  # fmt: skip
    for row in rows:
        work, years = read_work(row.title), _years_of(row, money)
        if years and (work.places or len(work.stems) > 2):
            yield (
                row.municipality,
                Planned(
                    row.pk, row.municipality__name, row.direction, row.title, years, row.status not in UNFINISHED, work
                ),
            )


def _pairs(group):
    """Pairs of measures whose years meet and which are not both finished."""
    for one, two in combinations(sorted(group, key=lambda measure: measure.pk), 2):
        if _meet(one.years, two.years) and not (one.is_finished and two.is_finished):
            yield one, two


def _shared_place(one, two):
    return same_work(one.work, two.work, same_direction=one.direction == two.direction)


def _money_years(region):
    """{measure id: (first, last year with money)}."""
    found = {}
    rows = Funding.objects.filter(measure__direction__programme__region=region, planned__isnull=False)
    for pk, year in rows.order_by("measure", "year").values_list("measure", "year"):
        found[pk] = (found.get(pk, (year, year))[0], year)
    return found


def _years_of(row, money):
    """(first, last year) of a measure; None where nothing says when."""
    last = row.postponed_to or row.due
    if row.start or last:
        return (row.start or last).year, (last or row.start).year
    if row.pk in money:
        return money[row.pk]
    named = [int(year) for year in YEAR.findall(row.due_note)]
    return (min(named), max(named)) if named else None


def _meet(one, two):
    return one[0] <= two[1] and two[0] <= one[1]


def _joined(pairs):
    """[(measures, places)]: pairs that share a measure make one finding, so that three are told once."""
    parent = {}

    def root(one):
        while parent.setdefault(one, one) != one:
            one = parent[one]
        return one

    for one, two in pairs:
        parent[root(two)] = root(one)
    groups, places = defaultdict(set), defaultdict(set)
    for (one, two), place in pairs.items():
        groups[root(one)] |= {one, two}
        places[root(one)] |= {place} - {""}
    return [
        (tuple(sorted(measures, key=lambda one: one.pk)), tuple(sorted(places[first])))
        for first, measures in groups.items()
    ]


# ——— Promised more than there is ———


def overpromised(region):
    """Measures whose links are promised more money than the measure has."""
    given = Commitment.objects.confirmed().filter(link__measure__in=_measures(region), amount__isnull=False)
    by_measure = given.order_by().values("link__measure").annotate(
        all=Sum("amount"), of_region=Sum("amount", filter=Q(side=Side.REGION)),
    )  # fmt: skip
    sums = {row["link__measure"]: row for row in by_measure}
    plans = defaultdict(dict)
    money = Funding.objects.filter(measure__in=_measures(region), planned__isnull=False).order_by()
    for pk, source, total in money.values_list("measure", "source").annotate(total=Sum("planned")):
        plans[pk][source] = total
    measures = _measures(region).filter(pk__in=given.values("link__measure"))
    for pk, title, stated in measures.values_list("pk", "title", "stated_total"):
        planned = sum(plans[pk].values()) if pk in plans else stated
        if planned is None:
            continue
        of_region, everything = sums[pk]["of_region"] or 0, sums[pk]["all"]
        # The town's share is inside the plan only where the plan names money that is not the region's.
        counts_all = {"local", "extra"} & set(plans.get(pk, {}))
        promised = everything if counts_all and everything > planned else of_region
        if promised - planned >= SMALLEST:
            whose = "обе стороны" if promised != of_region else "область"
            text = (
                f"«{title}»: денег у меры {_sum_words(planned)}, а {whose} по её приоритетам обещали "
                f"{_sum_words(promised)}."
            ).replace("область по её приоритетам обещали", "область по её приоритетам обещала")
            yield Found(Kind.OVERPROMISED, (pk, str(planned), str(promised)), text, measures=(pk,))


# ——— A priority that ends before its measure begins ———


def ends_before(region):
    """Links whose measure begins after the last year of the priority's strategy."""
    begins = Min("measure__fundings__year", filter=Q(measure__fundings__planned__isnull=False))
    links = (
        PriorityMeasure.objects.filter(
            measure__in=_measures(region), priority__strategy__status__in=Strategy.LIVE,
            priority__strategy__year_to__isnull=False,
        )
        .exclude(priority__status=Priority.Status.ARCHIVED)
        .annotate(started=ExtractYear("measure__start"), money_from=begins, ends=F("priority__strategy__year_to"))
        .filter(Q(started__gt=F("ends")) | Q(started__isnull=True, money_from__gt=F("ends")))
        .select_related("measure", "priority__strategy")
        .order_by("pk")
    )  # fmt: skip
    for link in links:
        first = link.started or link.money_from
        text = (
            f"Приоритет «{link.priority.title}» кончается в {link.ends} году вместе со стратегией, "
            f"а мера «{link.measure.title}» начинается в {first} году."
        )
        facts = (link.priority_id, link.measure_id, link.ends, first)
        yield Found(Kind.ENDS_BEFORE, facts, text, measures=(link.measure_id,), priorities=(link.priority_id,))


# ——— Two figures for one fact ———

UNITS = {"процент": "%", "проценты": "%", "процентов": "%", "человек": "чел", "рублей": "руб", "единиц": "ед",
         "штук": "шт", "километров": "км", "тысяч": "тыс"}  # fmt: skip
SMALL_WORDS = frozenset({"и", "в", "во", "на", "по", "с", "со", "из", "к", "о", "для"})


def name_key(name):
    """A name of an indicator without endings and order of words."""
    return frozenset(stem for stem in stems(name) if stem not in SMALL_WORDS)


def unit_key(unit):
    """A unit without dots and long forms: «чел.» and «человек», «%» and «процентов»."""
    words = re.findall(r"[%а-яa-z0-9²³]+", sort_key(unit))
    return " ".join(UNITS.get(word, word) for word in words)


def two_figures(region):
    """Indicators of one owner, or of one town, that name one thing and say two numbers for one year."""
    living = Q(priority__isnull=True) | Q(priority__strategy__status__in=Strategy.LIVE) & ~Q(
        priority__status=Priority.Status.ARCHIVED
    )
    ours = (
        Q(municipality__region=region)
        | Q(priority__strategy__municipality__region=region)
        | Q(measure__direction__programme__region=region) & ~Q(measure__status=Measure.Status.CANCELLED)
    )
    groups = defaultdict(list)
    rows = Indicator.objects.filter(ours, living).order_by("pk").values_list(
        "pk", "name", "unit", "measure", "municipality", "priority__strategy__municipality"
    )  # fmt: skip
    names = {}
    for pk, name, unit, measure, town, of_priority in rows:
        # What a measure gives is its own; what a priority or the town measures is a fact about the town.
        owner = ("measure", measure) if measure else ("town", town or of_priority)
        groups[owner, name_key(name), unit_key(unit)].append(pk)
        names[pk] = f"{name}, {unit}"
    several = {pk: group for group, pks in groups.items() if len(pks) > 1 for pk in pks}
    said = defaultdict(lambda: defaultdict(dict))
    values = IndicatorValue.objects.filter(indicator__in=list(several), year__isnull=False) if several else []
    for value in values and values.order_by("year", "indicator"):
        for word, number in (("план", value.target), ("факт", value.actual)):
            if number is not None:
                said[several[value.indicator_id]][value.year, word][value.indicator_id] = number
    for group, figures in said.items():
        differing = {about: numbers for about, numbers in figures.items() if len(set(numbers.values())) > 1}
        if not differing:
            continue
        pks = tuple(sorted({pk for numbers in differing.values() for pk in numbers}))
        told = "; ".join(
            f"{year} год, {word}: " + " и ".join(written(number) for number in sorted(set(numbers.values())))
            for (year, word), numbers in sorted(differing.items())
        )
        facts = tuple(
            (year, word, tuple(sorted((pk, str(number.normalize())) for pk, number in numbers.items())))
            for (year, word), numbers in sorted(differing.items())
        )
        kind, owner = group[0]
        yield Found(
            Kind.TWO_FIGURES, facts, f"«{names[pks[0]]}»: {told}.", indicators=pks,
            measures=(owner,) if kind == "measure" else (),
        )  # fmt: skip
    yield from _sums_in_words(region)


SUM = re.compile(r"(?<![\d,.])(\d[\d \u00a0]*(?:[,.]\d+)?)\s*(тыс|млн|млрд)\w*\.?\s*(?:руб|₽)", re.IGNORECASE)
THOUSANDS = {"тыс": 1, "млн": 1000, "млрд": 1000000}
# A sum that is told roughly, by the year or in part contradicts nothing.
ROUGH = re.compile(
    r"\b(?:около|примерно|порядка|более|свыше|менее|до|от|почти|ежегодн\w*|год|в том числе|из них|по)\b", re.IGNORECASE
)


def sum_in_words(text):
    """(thousand roubles, half of the last digit named) of the one sum in a text; None without one, or with several."""
    found = SUM.findall(text)
    if len(found) != 1 or ROUGH.search(text):
        return None
    digits, unit = found[0]
    number = Decimal("".join(digits.split()).replace(",", "."))
    last_digit = Decimal(1).scaleb(number.as_tuple().exponent) if number.as_tuple().exponent < 0 else Decimal(1)
    factor = THOUSANDS[unit.lower()]
    return number * factor, last_digit * factor / 2


def _sums_in_words(region):
    """Measures whose title names a sum that is neither the whole of their money nor one of its parts."""
    measures = _measures(region).filter(Q(title__contains="руб") | Q(funding_note__contains="руб"))
    named = {
        pk: (title, said)
        for pk, title, note in measures.values_list("pk", "title", "funding_note")
        if (said := sum_in_words(f"{title}. {note}"))
    }
    parts = defaultdict(list)
    rows = Funding.objects.filter(measure__in=list(named), planned__isnull=False) if named else []
    for row in rows and rows.order_by("year", "source").values_list("measure", "year", "source", "planned"):
        parts[row[0]].append(row[1:])
    for pk, rows in parts.items():
        title, (number, about) = named[pk]
        totals = defaultdict(Decimal)
        for year, source, planned in rows:
            for name in ("all", year, source):
                totals[name] += planned
        if all(abs(total - number) > about for total in (*totals.values(), *(row[2] for row in rows))):
            text = f"«{title}»: словами названо {_sum_words(number)}, а по годам стоит {_sum_words(totals['all'])}."
            yield Found(Kind.TWO_FIGURES, (pk, str(number), str(totals["all"])), text, measures=(pk,))


# ——— Money that does not add up ———


def money_sums(region):
    """Measures whose document names another total than their money by years gives."""
    measures = _measures(region).filter(stated_total__isnull=False).annotate(by_years=Sum("fundings__planned"))
    for pk, title, stated, by_years in measures.values_list("pk", "title", "stated_total", "by_years"):
        if by_years is not None and abs(by_years - stated) >= SMALLEST:
            text = f"«{title}»: всего по документу {_sum_words(stated)}, а по годам набирается {_sum_words(by_years)}."
            yield Found(Kind.MONEY_SUM, (pk, str(stated), str(by_years)), text, measures=(pk,))


FINDERS = (same_places, overpromised, ends_before, two_figures, money_sums)
