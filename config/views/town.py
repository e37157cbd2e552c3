"""The page of a town: what was promised to it and what came of that, on the first screen (docs/domain.md, «дело»)."""

from itertools import groupby
from types import SimpleNamespace

from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.views.generic import DetailView

from config.sentences import chosen_sentence, strategy_words
from config.town_news import town_news
from documents.models import Document
from municipalities.models import Head, Municipality
from municipalities.regions import RegionOfRecord
from sessions.models import Proposal, Session
from sessions.paths import for_outcomes
from strategies.chain import priority_chain, said_by
from strategies.models import DueChange, Evidence, Funding, Measure, Priority, PriorityMeasure, ProgressReport, Strategy
from strategies.reporting.deeds import figures_of_town, worst_first
from strategies.reporting.silence import days_of_silence, is_silent

# What a row says, and what its state on a day is judged by; nothing else is read.
JUDGED = (
    "status", "due", "due_note", "postponed_to", "promised_year", "percent", "municipality", "start", "published_at",
    "created_at", "direction__programme__year_to", "direction__programme__rhythm",
    "direction__programme__region__joined_on",
)  # fmt: skip
TOLD = ("title", "responsible", "funding_note", "is_sample")
CHOSEN = (
    "title", "status", "is_sample",
    *(f"strategy__{name}" for name in (
        "title", "kind", "status", "year_from", "year_to", "act_date", "is_sample", "municipality",
    )),
)  # fmt: skip
DEEDS = 5
WORDS = 3
REPORTS = 3
KIND_ORDER = Case(
    *(When(strategy__kind=kind, then=place) for place, kind in enumerate(Strategy.Kind.values)), default=99
)


class MunicipalityDetailView(RegionOfRecord, DetailView):
    """A town: what was promised, what is done, what is late, whom to ask; the rest is on pages of its own."""

    template_name = "municipalities/municipality_detail.html"
    context_object_name = "town"
    extra_context = {"step": "chosen", "section": "towns"}

    def get_queryset(self):
        here = OuterRef("pk")
        return Municipality.objects.with_region().annotate(
            document_count=_number(Document.objects.public().filter(municipality=here), "municipality"),
            proposal_count=_number(Proposal.objects.public().filter(municipality=here), "municipality"),
            strategy_count=_number(Strategy.objects.public().filter(municipality=here), "municipality"),
        )

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        town, on = self.object, timezone.localdate()
        head = Head.objects.filter(municipality=town).first()
        if town.is_reference:
            return context | {"on": on, "head": head}
        figures = figures_of_town(town, on)
        reports = _reports(town)
        sessions, spoken_of = _sessions(town)
        money, money_of = _money(town)
        priorities = _priorities(town, spoken_of, money_of, on)
        now = timezone.now()
        return context | {
            "on": on,
            "head": head,
            "figures": figures,
            "money": money,
            "deeds": _deeds(town, on),
            "deed_total": figures.own.promised + figures.shared.promised,
            "news": town_news(town, reports, head, priorities, sessions, now)[:WORDS],
            "has_reports": bool(reports),
            "chosen": _chosen(priorities),
            "priorities": priorities,
            "groups": _groups(priorities),
            "meeting": next((s for s in reversed(sessions) if _is_ahead(s, now)), None),
            "session_total": len(sessions),
            "proposals": for_outcomes(Proposal.objects.public().of_town(town))[:WORDS],
        }


def _is_ahead(session, now):
    return session.status == Session.Status.ANNOUNCED and session.starts_at is not None and not session.is_over(now)


def _number(rows, field):
    counted = rows.order_by().values(field).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), Value(0))


def _deeds(town, on):
    """The first deeds of a list for people, own and shared, each with what its row says; one query."""
    moved = DueChange.objects.filter(measure=OuterRef("pk")).order_by("-decided_on", "-pk")
    promised = Funding.objects.filter(measure=OuterRef("pk")).order_by().values("measure")
    rows = (
        worst_first(Measure.objects.deeds().of_town(town), on)
        .annotate(
            planned=Subquery(promised.annotate(total=Sum("planned")).values("total")),
            late_reason=Subquery(moved.values("reason")[:1]),
        )
        .select_related("direction__programme__region")
        .only(*JUDGED, *TOLD)
    )
    deeds = list(rows[:DEEDS])
    for deed in deeds:
        deed.is_shared = deed.municipality_id is None
        deed.is_reported = deed.last_report_at is not None
        deed.is_silent = deed.is_reported and _is_silent(deed, on)
    return deeds


def _is_silent(deed, on):
    programme = deed.direction.programme
    deed.last_word_on = timezone.localdate(deed.last_report_at)
    deed.joined_on, deed.rhythm_now = programme.region.joined_on, programme.rhythm
    deed.silent_days = days_of_silence(deed, on)
    return deed.is_open and is_silent(deed, on)


def _money(town):
    """Money promised by own deeds of a town: [{kind, year, planned}, the latest year first], {measure id: {year: sum}}.

    Never one sum over the years: one query.
    """
    rows = (
        Funding.objects.filter(measure__in=Measure.objects.counted(), measure__municipality=town, planned__isnull=False)
        .values_list("measure", "measure__direction__programme__kind", "year")
        .annotate(planned=Sum("planned"))
        .order_by("-year")
    )
    total, by_measure = {}, {}
    for measure, kind, year, planned in rows:
        total[year, kind] = total.get((year, kind), 0) + planned
        by_measure.setdefault(measure, {})[year] = by_measure.get(measure, {}).get(year, 0) + planned
    return [{"year": year, "kind": kind, "planned": planned} for (year, kind), planned in total.items()], by_measure


def _reports(town):
    """The newest published reports of a town, each with a photo, if it has one; one query."""
    photo = Evidence.objects.filter(report=OuterRef("pk"), file_type="jpg").order_by("pk").values("pk")[:1]
    rows = ProgressReport.objects.public().of_town(town).counting().select_related("measure", "priority")
    told = (
        "reported_status",
        "percent",
        "published_at",
        "period_end",
        "is_sample",
        "measure__title",
        "priority__title",
    )
    return list(rows.only(*told).annotate(photo=Subquery(photo)).order_by("-published_at", "-pk")[:REPORTS])


def _sessions(town):
    """Sessions of a town, and {priority id: [session, …]}; one query."""
    sessions = Session.objects.public().exclude(status=Session.Status.CANCELLED)
    rows = sessions.of_town(town).annotate(about=F("priorities"))
    rows = rows.only("title", "slug", "status", "starts_at", "ends_at", "has_time", "place", "is_sample")
    found, spoken_of = {}, {}
    for row in rows:
        session = found.setdefault(row.pk, row)
        if row.about:
            spoken_of.setdefault(row.about, []).append(session)
    return list(found.values()), spoken_of


def _priorities(town, spoken_of, money_of, on):
    """Priorities of a town by strategies, each with its chain, its deeds and their money by years; two queries."""
    words = Proposal.objects.public().filter(priority=OuterRef("pk"))
    priorities = list(
        Priority.objects.public()
        .of_town(town)
        .select_related("strategy")
        .only(*CHOSEN)
        .annotate(
            has_words=Exists(words),
            has_dated_words=Exists(words.exclude(said_on="")),
            is_reported=Exists(
                ProgressReport.objects.filter(priority=OuterRef("pk"), status__in=ProgressReport.PUBLIC)
            ),
        )
        .order_by(KIND_ORDER, "strategy", "strategy_id", "order", "pk")
    )
    measures, agreed = _answers(priorities)
    for priority in priorities:
        priority.strategy.municipality = town
        talks, words = spoken_of.get(priority.pk, []), [SimpleNamespace(said_on=priority.has_dated_words)]
        answers = measures.get(priority.pk, [])
        priority.chain = priority_chain(
            priority,
            said=said_by(talks, words if priority.has_words else []),
            measures=answers,
            agreed=agreed.get(priority.pk, set()),
            on=on,
        )
        priority.deeds = [one for one in answers if one.status != Measure.Status.CANCELLED]
        priority.money = {}
        for deed in priority.deeds:
            for year, planned in money_of.get(deed.pk, {}).items():
                priority.money[year] = priority.money.get(year, 0) + planned
    return priorities


def _chosen(priorities):
    """What the town chose, in a sentence."""
    is_approved = any(priority.strategy.status == Strategy.Status.APPROVED for priority in priorities)
    return chosen_sentence(SimpleNamespace(priority_count=len(priorities), is_approved=is_approved))


def _groups(priorities):
    """Priorities by strategies; those that nobody answers and that stand alike share a row."""
    groups = []
    for strategy, chosen in groupby(priorities, key=lambda priority: priority.strategy):
        rows, alike = [], {}
        for priority in chosen:
            if priority.deeds or priority.is_reported:
                rows.append({"priorities": [priority], "chain": priority.chain})
            elif priority.chain in alike:
                alike[priority.chain]["priorities"].append(priority)
            else:
                alike[priority.chain] = {"priorities": [priority], "chain": priority.chain}
        groups.append({"strategy": strategy, "name": strategy_words(strategy), "rows": [*rows, *alike.values()]})
    return groups


def _answers(priorities):
    """({priority id: [public measure, …]}, {priority id: {measure id that both sides have confirmed}}).

    One query, and one more where both sides have confirmed anything: only there it counts what is written.
    """
    rows = (
        Measure.objects.public()
        .filter(priority_links__priority__in=[priority.pk for priority in priorities])
        .annotate(
            answers=F("priority_links__priority"), is_agreed_here=Exists(PriorityMeasure.objects.of_row().agreed())
        )
        .select_related("direction__programme__region")
        .only(*JUDGED)
        .order_by("pk")
    )
    measures, agreed = {}, {}
    for row in rows if priorities else ():
        row.is_written = False
        measures.setdefault(row.answers, []).append(row)
        if row.is_agreed_here:
            agreed.setdefault(row.answers, set()).add(row.pk)
    if agreed:
        confirmed = Measure.objects.filter(pk__in=set().union(*agreed.values())).with_promise().order_by()
        written = dict(confirmed.values_list("pk", "is_written"))
        for row in (one for answers in measures.values() for one in answers):
            row.is_written = written.get(row.pk, False)
    return measures, agreed
