from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.views.generic import DetailView

from accounts.models import JournalEntry
from strategies.chain import measure_chain, said_by, said_state
from strategies.models import Measure, Priority, Programme, ProgressReport


class MeasureDetailView(DetailView):
    """A measure: who promised what, what reports say, how its date moved, its money and milestones."""

    template_name = "strategies/measure_detail.html"
    context_object_name = "measure"

    def get_queryset(self):
        return (
            Measure.objects.visible_to(self.request.user)
            .select_related("direction__programme__act", "municipality", "basis", "cancel_act")
            .with_money_apart()
        )

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        measure, on = self.object, timezone.localdate()
        priorities, sessions, said = _said(measure)
        reports = list(
            measure.reports.public().select_related("submitted_by").order_by("-period_end", "-published_at", "-pk")
        )
        journal = _journal(measure)
        published = {entry.object_id: entry.actor for entry in journal if entry.content_type.model == "progressreport"}
        counting = _with_corrections(reports, published)
        milestones = list(measure.milestones.all())
        for milestone in milestones:
            milestone.days_late = (on - milestone.due).days if milestone.is_overdue(on) else 0
        return context | {
            "on": on,
            "step": "promised",
            "section": "measures",
            "programme": measure.direction.programme,
            "is_own": measure.direction.programme.kind == Programme.Kind.ACTION,
            "chain": measure_chain(measure, said=said, priorities=priorities, on=on),
            "priorities": priorities,
            "sessions": sessions,
            "towns": [measure.municipality] if measure.municipality else list(measure.towns.all()),
            "reports": counting,
            "latest": counting[0] if counting else None,
            "percents": [report.percent for report in reversed(counting) if report.percent is not None],
            "due_changes": list(measure.due_changes.select_related("document", "report", "created_by")),
            "fundings": list(measure.fundings.all()),
            "milestones": milestones,
            "indicators": measure.indicators.prefetch_related("values"),
            "journal": [entry for entry in journal if entry.content_type.model == "measure"],
        }


def _said(measure):
    """Public priorities that a measure answers, sessions that spoke of them and the state of «сказано»; two queries."""
    proposals = Priority._meta.get_field("proposals").related_model.objects.public().filter(priority=OuterRef("pk"))
    priorities = list(
        Priority.objects.public()
        .filter(measure_links__measure=measure)
        .select_related("strategy__municipality")
        .annotate(has_words=Exists(proposals), has_dated_words=Exists(proposals.exclude(said_on="")))
        .prefetch_related("sessions")
        .order_by("order", "pk")
    )
    spoken = {
        session.pk: session
        for priority in priorities
        for session in priority.sessions.all()
        if session.status in {session.Status.HELD, session.Status.OUTCOME}
    }
    sessions = sorted(spoken.values(), key=lambda session: (session.starts_at is None, session.starts_at, session.pk))
    words = said_state(
        confirmed=any(priority.has_dated_words for priority in priorities),
        known=any(priority.has_words for priority in priorities),
    )
    return priorities, sessions, max(said_by(sessions, []), words, key=["no", "part", "yes"].index)


def _journal(measure):
    """Public steps of a measure and publications of its reports, oldest first; one query."""
    about_measure = Q(content_type__model="measure", object_id=measure.pk)
    about_reports = Q(
        content_type__model="progressreport",
        object_id__in=measure.reports.values("pk"),
        to_status=ProgressReport.Status.PUBLISHED,
    )
    return list(
        JournalEntry.objects.public()
        .filter(about_measure | about_reports, content_type__app_label="strategies")
        .select_related("actor", "content_type")
        .order_by("at", "pk")
    )


def _with_corrections(reports, publishers):
    """Counting reports, latest first, each with `former`: the published ones it replaced."""
    by_pk = {report.pk: report for report in reports}
    replaced = {report.corrects_id for report in reports}
    for report in reports:
        report.publisher = publishers.get(report.pk)
    counting = [report for report in reports if report.pk not in replaced]
    for report in counting:
        report.former, before = [], by_pk.get(report.corrects_id)
        while before is not None:
            report.former.append(before)
            before = by_pk.get(before.corrects_id)
    return counting
