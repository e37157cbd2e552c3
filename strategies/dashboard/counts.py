"""How the numbers of the dashboard are counted: by the database, in groups by town."""

from django.db.models import BooleanField, Case, Count, Exists, F, OuterRef, Value, When

from strategies.coverage.gaps import live_priorities
from strategies.priorities.models import Priority
from strategies.programme.models.measure import Measure
from strategies.programme.models.measure_queryset import DerivedState, overdue_on, unheard_on
from strategies.reporting.models.cycle import ASKED, ExpectedReport


def measures_by_town(region, on):
    """[(town id, status, how many, how many of them are overdue)] of public measures, steps of preparation left out.

    Promises whose time has passed without a word stand under `DerivedState.UNHEARD`.
    """
    measures = Measure.objects.public().with_preparation().with_date_now()
    measures = measures.filter(is_preparation=False, direction__programme__region=region).order_by()
    state = Case(When(unheard_on(on), then=Value(DerivedState.UNHEARD.value)), default=F("status"))
    return (
        measures.annotate(state=state)
        .values_list("municipality", "state")
        .annotate(number=Count("pk"), late=Count("pk", filter=overdue_on(on)))
    )


def priorities_by_town(region):
    """[(town id, how many priorities it has chosen, how many of them no measure answers)]."""
    chosen = live_priorities(region).order_by()
    is_bare = Exists(chosen.model.objects.filter(pk=OuterRef("pk")).without_measures())
    return chosen.values_list("strategy__municipality").annotate(number=Count("pk"), bare=Count("pk", filter=is_bare))


def reports_by_town(cycles):
    """[(town id, status of the report or None, whether it is asked for, how many)] of rows of some cycles.

    Nobody is asked about what is finished meanwhile: of that only reports that came count.
    """
    is_asked = Case(When(ASKED, then=True), default=False, output_field=BooleanField())
    rows = ExpectedReport.objects.filter(cycle__in=cycles).with_report().annotate(is_asked=is_asked).order_by()
    return rows.values_list("municipality", "report_status", "is_asked").annotate(number=Count("pk"))


def silent_total(region, on):
    """How many measures and priorities of a region nothing was heard of for too long."""
    measures = Measure.objects.watched().filter(direction__programme__region=region).silent(on)
    priorities = Priority.objects.watched().filter(strategy__municipality__region=region).silent(on)
    return measures.order_by().values("pk").union(priorities.order_by().values("pk"), all=True).count()
