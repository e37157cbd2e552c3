"""«Дела» counted: four figures of one kind (promised, done, late, without reports), the same on every page.

A deed is a public measure that nobody cancelled (`MeasureQuerySet.deeds`). Deeds of a town are its own; those that
several towns share are counted apart and never twice. The number of queries does not depend on the number of rows.
"""

from dataclasses import dataclass

from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce

from strategies.programme.models.measure import Measure
from strategies.programme.models.measure_queryset import OPEN, overdue_on
from strategies.reporting.models.report import ProgressReport


@dataclass(frozen=True)
class Figures:
    """How many deeds were promised, and of these: done, late, without any published report."""

    promised: int = 0
    done: int = 0
    late: int = 0
    silent: int = 0


NOTHING = Figures()


@dataclass(frozen=True)
class TownFigures:
    """Figures of a town: of its own deeds, and apart of those that it shares with other towns."""

    own: Figures = NOTHING
    shared: Figures = NOTHING


def _reported():
    return Exists(ProgressReport.objects.filter(measure=OuterRef("pk"), status__in=ProgressReport.PUBLIC))


def _counts(on, which=None, prefix=""):
    """The four figures as aggregates over deeds that have `date_now`: of all, or of those that meet a condition."""
    which = which or Q()
    return {
        f"{prefix}promised": Count("pk", filter=which),
        f"{prefix}done": Count("pk", filter=which & Q(status=Measure.Status.DONE)),
        f"{prefix}late": Count("pk", filter=which & overdue_on(on)),
        f"{prefix}silent": Count("pk", filter=which & ~Q(_reported())),
    }


def figures_of(deeds, on):
    """The four figures of a queryset of deeds on a day; one query."""
    return Figures(**deeds.order_by().with_date_now().aggregate(**_counts(on)))


def figures_of_town(town, on):
    """The `TownFigures` of one town; one query."""
    deeds = Measure.objects.deeds().of_town(town).order_by().with_date_now()
    own, shared = Q(municipality=town), Q(municipality__isnull=True)
    found = deeds.aggregate(**_counts(on, own), **_counts(on, shared, "shared_"))
    apart = {name.removeprefix("shared_"): found.pop(name) for name in list(found) if name.startswith("shared_")}
    return TownFigures(Figures(**found), Figures(**apart))


def figures_by_town(region, on):
    """{town id: `TownFigures`} of the towns of a region that something was promised to; two queries."""
    deeds = Measure.objects.deeds().order_by().with_date_now()
    own = deeds.filter(municipality__region=region).values("municipality").annotate(**_counts(on))
    shared = deeds.filter(municipality__isnull=True, towns__region=region).values("towns").annotate(**_counts(on))
    mine = {row.pop("municipality"): Figures(**row) for row in own}
    common = {row.pop("towns"): Figures(**row) for row in shared}
    return {town: TownFigures(mine.get(town, NOTHING), common.get(town, NOTHING)) for town in mine | common}


def worst_first(deeds, on):
    """Deeds in the order of a list for people: late, without reports, under way, finished.

    Inside of each the earliest date first, then the earliest promise. With `last_report_at`, None without any report.
    """
    reports = ProgressReport.objects.filter(measure=OuterRef("pk"), status__in=ProgressReport.PUBLIC)
    at = Coalesce("published_at", "created_at")
    place = Case(
        When(overdue_on(on), then=Value(0)),
        When(Q(status__in=OPEN, last_report_at__isnull=True), then=Value(1)),
        When(status__in=OPEN, then=Value(2)),
        default=Value(3),
        output_field=IntegerField(),
    )
    latest = Subquery(reports.order_by(at.desc()).values(at=at)[:1])
    rows = deeds.with_date_now().annotate(last_report_at=latest, place=place)
    return rows.order_by("place", F("date_now").asc(nulls_last=True), F("promised_year").asc(nulls_last=True), "pk")
