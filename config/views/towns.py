from types import SimpleNamespace

from django.db.models import Case, Exists, F, Max, OuterRef, Q, Subquery, When
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import DetailView
from django_filters.views import FilterView

from config.sentences import done_row, funded_words, ready_words, shared_words, town_sentence, town_state
from config.templatetags.site import millions
from documents.models import Document
from municipalities.filters import MunicipalityFilter
from municipalities.models import Municipality
from municipalities.regions import RegionOfRecord
from sessions.chain import chain_of, with_chain
from sessions.models import Proposal, Session
from sessions.pages import cut
from sessions.paths import for_paths
from strategies.chain import priority_chain, said_by
from strategies.models import DueChange, Indicator, Measure, Priority, PriorityMeasure, ProgressReport, Strategy
from strategies.progress import LeftOut, Line, readiness
from strategies.reporting.silence import freshness, heads_of, with_freshness
from strategies.reporting.timeline import newest_reports

from .progress import ProgressPage
from .report_changes import changes_of, latest_pairs

PAGE = 50
WORDS_SHOWN = 5
SHOWN = 20


class MunicipalityListView(FilterView):
    """All towns, those that run a programme first; filters in the address."""

    filterset_class = MunicipalityFilter
    template_name = "municipalities/municipality_list.html"
    context_object_name = "towns"
    paginate_by = PAGE
    extra_context = {"step": "chosen", "section": "towns"}

    def get(self, request, *args, **kwargs):
        """The list, or straight on to the only town whose name was asked for."""
        if {name for name, value in request.GET.items() if value} == {"q"}:
            named = self.filterset_class(request.GET, Municipality.objects.towns())
            found = list(named.qs[:2]) if named.is_valid() else []
            if len(found) == 1:
                return redirect(found[0])
        return super().get(request, *args, **kwargs)

    def get_queryset(self):
        return (
            with_chain(Municipality.objects.towns(), on=timezone.localdate())
            .with_people()
            .with_region()
            .order_by("is_reference", "name_sort", "pk")
        )

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        for town in context["towns"]:
            town.chain = None if town.is_reference else chain_of(town)
            town.state = _("справочный город: программу здесь не ведут") if town.is_reference else town_state(town)
        return context


class MunicipalityDetailView(RegionOfRecord, DetailView):
    """A town: its state in one sentence, the chain, priorities, lateness, sessions, words, figures, money, papers."""

    template_name = "municipalities/municipality_detail.html"
    context_object_name = "town"
    extra_context = {"step": "chosen", "section": "towns"}

    def get_queryset(self):
        towns = Municipality.objects.with_region().select_related("parent")
        return with_chain(towns, on=timezone.localdate()).with_people()

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        town, on = self.object, timezone.localdate()
        town.chain = chain_of(town)
        heads = list(town.heads.all())
        populations = list(town.populations.all())
        strategies = list(town.strategies.public().select_related("act"))
        answerers = heads_of([town.pk], on)
        measures, by_priority, agreed = _measures(town, on, answerers)
        sessions, spoken_of = _sessions(town)
        priorities = _priorities(town, by_priority, agreed, spoken_of, on, answerers)
        published = ProgressReport.objects.public().of_town(town)
        reports, has_more_reports = newest_reports(published)
        pairs = latest_pairs(published)
        told_of = {pair[0].priority_id for pair in pairs}
        for priority in priorities:
            priority.is_reported = priority.pk in told_of
        own = [measure for measure in measures if measure.municipality_id == town.pk or measure.is_shared]
        return context | {
            "on": on,
            "sentence": town_sentence(town) if not town.is_reference else "",
            "rows": _chain_rows(town),
            "heads": heads,
            "head": heads[0] if heads else None,
            "populations": populations,
            "population_points": [(p.year, p.people) for p in populations if p.level == "town" and p.year],
            "strategies": strategies,
            "priorities": priorities,
            "late": [measure for measure in own if measure.is_overdue(on) or measure.status == "postponed"],
            "reports": reports,
            "has_more_reports": has_more_reports,
            "changes": changes_of(pairs),
            "measures": own[:SHOWN],
            "measure_total": len(own),
            "sessions": sessions[:SHOWN],
            "upcoming": [s for s in sessions if s.status == Session.Status.ANNOUNCED and not s.is_over(timezone.now())],
            "proposals": cut(for_paths(Proposal.objects.public().of_town(town)), 0, WORDS_SHOWN),
            "proposal_total": town.proposal_count,
            "documents": Document.objects.public().of_town(town)[:SHOWN],
            "indicators": _indicators(town),
        }


class MunicipalityProgressView(ProgressPage):
    """The readiness of a town: over its own measures."""

    def get_subject(self):
        return get_object_or_404(Municipality, slug=self.kwargs["slug"])

    def get_progress(self):
        measures = Measure.objects.public().with_programme()
        shared = measures.filter(municipality__isnull=True, towns=self.subject)
        return readiness(
            list(measures.filter(municipality=self.subject)),
            others=[Line(measure, left_out=LeftOut.REGION_WIDE) for measure in shared],
        )

    def get_names(self):
        return {
            "kicker": _("Город"),
            "title": self.subject.name,
            "town": self.subject,
            "back_url": self.subject.get_absolute_url(),
        }


def _measures(town, on, heads):
    """Measures of a town with money and freshness; one query.

    ([measure, …], {priority id: [measure, …]}, {(priority id, measure id) that both sides have confirmed}).
    """
    rows = (
        with_freshness(Measure.objects.public(), on)
        .filter(
            Q(municipality=town)
            | Q(pk__in=Measure.towns.through.objects.filter(municipality=town).values("measure"))
            | Q(priority_links__priority__strategy__municipality=town)
        )
        .with_programme()
        .select_related("municipality", "owner")
        .with_money_apart()
        .with_promise()
        .annotate(
            answers=F("priority_links__priority"),
            is_agreed_here=Exists(PriorityMeasure.objects.of_row().agreed()),
            late_reason=Subquery(
                DueChange.objects.filter(measure=OuterRef("pk")).order_by("-decided_on", "-pk").values("reason")[:1]
            ),
        )
        .order_by(F("due").desc(nulls_last=True), "pk")
    )
    measures, by_priority, agreed = {}, {}, set()
    for row in rows:
        measure = measures.setdefault(row.pk, row)
        measure.is_shared = measure.municipality_id is None
        measure.fresh = freshness(measure, on, heads) if measure.status in Measure.OPEN else None
        if row.answers and measure not in by_priority.setdefault(row.answers, []):
            by_priority[row.answers].append(measure)
            if row.is_agreed_here:
                agreed.add((row.answers, row.pk))
    return list(measures.values()), by_priority, agreed


def _sessions(town):
    """Sessions of a town, and {priority id: [session, …]}; one query."""
    sessions = Session.objects.public().exclude(status=Session.Status.CANCELLED)
    rows = sessions.of_town(town).annotate(about=F("priorities")).select_related("minutes")
    sessions, spoken_of = {}, {}
    for row in rows:
        session = sessions.setdefault(row.pk, row)
        if row.about:
            spoken_of.setdefault(row.about, []).append(session)
    return list(sessions.values()), spoken_of


def _words_about(town):
    """{priority id: [the latest day when it was spoken of]} of public words about a town; one query."""
    words = Proposal.objects.public().of_town(town).order_by().values_list("priority").annotate(said_on=Max("said_on"))
    return {priority: [SimpleNamespace(said_on=said_on)] for priority, said_on in words}


def _priorities(town, by_priority, agreed, spoken_of, on, heads):
    kind_order = Case(
        *(When(strategy__kind=kind, then=place) for place, kind in enumerate(Strategy.Kind.values)), default=99
    )
    priorities = list(
        with_freshness(Priority.objects.public(), on)
        .of_town(town)
        .select_related("strategy__municipality", "goal", "owner")
        .order_by(kind_order, "strategy", "strategy_id", "order", "pk")
    )
    said = _words_about(town)
    for priority in priorities:
        words, talks = said.get(priority.pk, []), spoken_of.get(priority.pk, [])
        priority.measures_now = by_priority.get(priority.pk, [])
        priority.chain = priority_chain(
            priority,
            said=said_by(talks, words),
            measures=priority.measures_now,
            agreed={measure.pk for measure in priority.measures_now if (priority.pk, measure.pk) in agreed},
            on=on,
        )
        counted = [m for m in priority.measures_now if m.status != Measure.Status.CANCELLED]
        is_watched = not counted and priority.strategy.status in Strategy.LIVE
        priority.fresh = freshness(priority, on, heads) if is_watched else None
        priority.silent_total = sum(bool(m.fresh and m.fresh.is_silent) for m in counted)
        priority.money = sum(promised) if (promised := [m.planned for m in counted if m.planned is not None]) else None
    return priorities


def _indicators(town):
    """Indicators of a town and of its priorities: those with a row of years to draw, and single figures."""
    indicators = (
        Indicator.objects.public()
        .filter(Q(municipality=town) | Q(priority__strategy__municipality=town))
        .prefetch_related("values__target_changes")[:SHOWN]
    )
    charted, single = [], []
    for indicator in indicators:
        years = [value.year for value in indicator.values.all() if value.year]
        (charted if len(years) > 1 else single).append(indicator)
    return {"charted": charted, "single": single}


def _chain_rows(town):
    words = {
        "said": ngettext("предложение о городе", "предложений о городе", town.proposal_count),
        "chosen": ngettext("приоритет.", "приоритетов.", town.priority_count),
    }
    act = _("Стратегия утверждена") if town.is_approved else _("Решение думы о стратегии не найдено")
    sessions = ngettext("%(n)s сессия и обсуждение", "%(n)s сессий и обсуждений", town.session_count) % {
        "n": town.session_count
    }
    if town.promised_money:
        promised = {"big": _("%(sum)s млн") % {"sum": millions(town.promised_money)}}
        promised["text"] = funded_words(town)
    else:
        promised = {"big": str(town.measure_count), "text": ngettext("мера", "мер", town.measure_count)}
    if town.shared_measure_count:
        promised["text"] += "; " + shared_words(town)
    if town.is_written and not town.is_promised:
        promised["text"] += ". " + _("Обеими сторонами ещё не подтверждено")
    return [
        {"big": str(town.proposal_count), "text": f"{words['said']}; {sessions}"},
        {"big": str(town.priority_count), "text": f"{words['chosen']} {act}"},
        promised,
        _done_row(town),
    ]


def _done_row(town):
    row = done_row(
        done=town.done_count, measures=town.measure_count, reports=town.report_count, overdue=town.overdue_count
    )
    ready = ready_words(town.chain)
    if ready:
        page = reverse("municipality_progress", args=[town.slug])
        row["text"] = format_html('{} <a href="{}">{}</a>', row["text"], page, ready)
    return row
