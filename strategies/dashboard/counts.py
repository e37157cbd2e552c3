"""How the figures of the dashboard are counted: by the database, in groups by town, in one question."""

import datetime
from collections import Counter, defaultdict

from django.db.models import Case, CharField, Count, DateField, F, IntegerField, Min, Q, Value, When
from django.db.models.functions import Cast, Coalesce, TruncDate

from strategies import periods
from strategies.coverage.gaps import live_priorities
from strategies.coverage.models.commitment import Side
from strategies.priorities.models import Priority
from strategies.programme.models.measure import Measure
from strategies.programme.models.measure_parts import PriorityMeasure
from strategies.programme.models.programme import Programme
from strategies.reporting.models.cycle import ExpectedReport, ReportingCycle
from strategies.reporting.models.report import REVIEW_DAYS, ProgressReport

from .lateness import Kind
from .states import LateSide, ReportState, TownState

ROW = ("what", "which", "place", "record", "number", "since")
Report = ProgressReport.Status
LATE, STEP, LATE_STEP = 1, 2, 3  # overdue; a step to prepare the programme itself; both


class _Late:
    """Lateness of a side while it is summed up."""

    def __init__(self):
        self.numbers, self.longest = Counter(), 0

    def add(self, kind, number, days):
        if number > 0:
            self.numbers[kind] += number
            self.longest = max(self.longest, days)

    def side(self, side):
        return LateSide(side, dict(self.numbers), self.longest)


class Counted:
    """Takes the groups that the database counted, one by one."""

    def __init__(self, region, on, collection):
        self.answer_days, self.on = region.answer_days, on
        self.current = {cycle.pk for cycle in collection.cycles} if collection else set()
        self.reports = defaultdict(Counter)  # (town, cycle): asked, and what came by status
        self.towns = defaultdict(lambda: TownState(None))
        self.statuses, self.region, self.of_towns = Counter(), _Late(), _Late()
        self.overdue = self.silent = 0

    def take(self, what, which, place, record, number, since):
        """Add one group to what it is about."""
        state = self.towns[place]
        state.town = place
        getattr(self, f"_{what}")(state, which, record, number, since)

    def take_late(self, side, kind, number, days):
        """Add lateness of a side that was counted elsewhere."""
        (self.region if side == Side.REGION else self.of_towns).add(kind, number, days)

    def _late(self, state, kind, number, days):
        """Lateness of whoever acts there: of the town, or of the region itself."""
        if number and state.town:
            state.late += number
        (self.of_towns if state.town else self.region).add(kind, number, days)

    def _measures(self, state, which, record, number, since):
        is_late, is_step = record in {LATE, LATE_STEP}, record in {STEP, LATE_STEP}
        if is_late:
            self._late(state, Kind.MEASURES, number, (self.on - since).days)
        if is_step:
            return
        self.statuses[which] += number
        if which != Measure.Status.CANCELLED:
            state.measures += number
        if is_late:
            state.late_measures += number
            self.overdue += number

    def _asked(self, state, which, record, number, since):
        self.reports[state.town, record]["asked"] += number

    def _came(self, state, which, record, number, since):
        self.reports[state.town, record][which] += number

    def _finished(self, state, which, record, number, since):
        """Reports on what is finished meanwhile: those that came count, nobody is asked for the others."""
        if which in {Report.SUBMITTED, Report.PUBLISHED} and record in self.current:
            state.reports[which] += number

    def sum_reports(self, cycles):
        """What is owed, of what was asked for and what came."""
        by_id = {cycle.pk: cycle for cycle in cycles}
        for (place, pk), came in self.reports.items():
            state, cycle = self.towns[place], by_id[pk]
            received = came[Report.SUBMITTED] + came[Report.PUBLISHED]
            if pk in self.current:
                state.reports[ReportState.RETURNED] += came[Report.RETURNED]
                state.reports[ReportState.SUBMITTED] += came[Report.SUBMITTED]
                state.reports[ReportState.PUBLISHED] += came[Report.PUBLISHED]
                state.reports[ReportState.OWED] += came["asked"] - received - came[Report.RETURNED]
            if cycle.status == ReportingCycle.Status.OPEN and cycle.due_on < self.on:
                self._late(state, Kind.REPORTS, came["asked"] - received, (self.on - cycle.due_on).days)

    def _reviews(self, state, which, record, number, since):
        """Reports handed in on a day, of a programme that gives the region so many working days."""
        due = periods.after_working_days(datetime.date.fromisoformat(which), record)
        if due < self.on:
            self.region.add(Kind.REVIEWS, number, (self.on - due).days)

    def _region_word(self, state, which, record, number, since):
        self.region.add(Kind.COMMITMENTS, number, (self.on - since).days - self.answer_days)

    def _town_word(self, state, which, record, number, since):
        state.late += number
        self.of_towns.add(Kind.COMMITMENTS, number, (self.on - since).days - self.answer_days)

    def _late_words(self, state, which, record, number, since):
        self._late(state, Kind.PROPOSALS, number, (self.on - since).days)

    def _words(self, state, which, record, number, since):
        state.words += number

    def _priorities(self, state, which, record, number, since):
        state.priorities += number

    def _bare(self, state, which, record, number, since):
        state.bare += number

    def _silent(self, state, which, record, number, since):
        self.silent += number


def rows_of(region, on, cycles):
    """Everything that is counted, in one question to the database; each row has the columns of `ROW`."""
    parts = [
        *_measure_parts(region, on),
        *_report_parts([cycle.pk for cycle in cycles]),
        *_priority_parts(region, on),
        *_word_parts(region, on),
        _waiting_part(region),
    ]
    return parts[0].union(*parts[1:], all=True)


def _part(rows, what, place, *, which="", record=None, since=None):
    """One kind of things, counted by town: a queryset with the columns of `ROW`."""
    nothing = Cast(Value(None), IntegerField())
    groups = {
        "what": what if isinstance(what, Case) else Value(what, output_field=CharField()),
        "which": Cast(F(which), CharField()) if which else Value("", output_field=CharField()),
        "place": Cast(F(place), IntegerField()),
        "record": Cast(F(record), IntegerField()) if record else nothing,
    }
    counted = {
        "number": Count("pk"),
        "since": Cast(Min(since), DateField()) if since else Cast(Value(None), DateField()),
    }
    return rows.order_by().values(**groups).annotate(**counted).values_list(*ROW)


def _measure_parts(region, on):
    public = Measure.objects.public().filter(direction__programme__region=region)
    steps = Measure.objects.preparation().order_by().values("pk")
    is_late = Q(status__in=Measure.OPEN, date_now__lt=on)
    # The cheap conditions stand first: the costly one is asked about steps only.
    is_step = Q(direction__programme__status=Programme.Status.PREPARED, municipality__isnull=True) & Q(pk__in=steps)
    kinds = Case(
        When(is_step & is_late, then=Value(LATE_STEP)), When(is_step, then=Value(STEP)),
        When(is_late, then=Value(LATE)), default=Value(0), output_field=IntegerField(),
    )  # fmt: skip
    rows = public.annotate(date_now=Coalesce("postponed_to", "due")).annotate(late_or_step=kinds)
    return [
        _part(rows, "measures", "municipality", which="status", record="late_or_step", since="date_now"),
        *(
            _part(Measure.objects.watched().filter(direction__programme__region=region).silent_at(rhythm, on),
                  "silent", "municipality")
            for rhythm in periods.Rhythm
        ),
    ]  # fmt: skip


def _report_parts(cycles):
    """Reports asked for, and those that came: each row and each report is read once."""
    rows = ExpectedReport.objects.filter(cycle__in=cycles).annotate(asked_in=F("cycle"))
    is_open = {
        "measure": Q(measure__status__in=Measure.OPEN),
        "priority": Q(priority__status=Priority.Status.PUBLISHED),
    }
    parts = [_part(rows.filter(is_open["measure"] | is_open["priority"]), "asked", "municipality", record="asked_in")]
    for kind, is_live in is_open.items():
        came = {"corrects__isnull": True, "year": F("cycle__year"), "period": F("cycle__period")}
        came = rows.filter(**{f"{kind}__reports__{name}": value for name, value in came.items()})
        came = came.annotate(said=F(f"{kind}__reports__status"))
        what = Case(When(is_live, then=Value("came")), default=Value("finished"), output_field=CharField())
        parts.append(_part(came, what, "municipality", which="said", record="asked_in"))
    return parts


def _priority_parts(region, on):
    town = "strategy__municipality"
    chosen = live_priorities(region)
    watched = Priority.objects.watched().filter(strategy__municipality__region=region)
    return [
        _part(chosen, "priorities", town),
        _part(chosen.without_measures(), "bare", town),
        _part(watched.silent_at(periods.Rhythm.QUARTER, on), "silent", town),
    ]


def _word_parts(region, on):
    """Words that wait: of the other side of a promise, and of residents."""
    allowed = datetime.timedelta(days=region.answer_days)
    links = PriorityMeasure.objects.filter(priority__strategy__municipality__region=region)
    town = "priority__strategy__municipality"
    sides = [
        _part(
            links.awaiting(side).annotate(said_on=TruncDate("said_at")).filter(said_on__lt=on - allowed),
            f"{side}_word", town, since="said_on",
        )
        for side in (Side.REGION, Side.TOWN)
    ]  # fmt: skip
    # Words of residents stand a floor higher; the region knows them by the name of the reverse relation.
    proposals = region.proposals.public()
    return [
        *sides,
        _part(proposals.waiting(), "words", "municipality"),
        _part(proposals.overdue(on), "late_words", "municipality", since="answer_due"),
    ]


def _waiting_part(region):
    """Reports that wait for the region, by the day when they were handed in and the days that it may take."""
    waiting = ProgressReport.objects.waiting().in_regions([region.pk]).annotate(
        handed_on=Cast(TruncDate(Coalesce("submitted_at", "created_at")), CharField()),
        days_allowed=Coalesce("measure__direction__programme__review_days", Value(REVIEW_DAYS)),
    )  # fmt: skip
    return _part(waiting, "reviews", "measure__municipality", which="handed_on", record="days_allowed")
