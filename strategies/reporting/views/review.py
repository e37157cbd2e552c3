from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import OuterRef, Q, Subquery, Sum
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.views.generic import TemplateView

from accounts.forms import DecisionForm, seen_again
from accounts.models import JournalEntry, Role
from accounts.office import OfficePage
from municipalities.numbers import reports as counted_reports
from municipalities.typed import whole_versions
from strategies.programme.models.funding import Funding
from strategies.programme.models.indicator import IndicatorValue
from strategies.reporting.models.cycle import ReportingCycle
from strategies.reporting.models.report import ProgressReport
from strategies.reporting.models.report_parts import ReportedActual, ReportedMilestone, ReportedSpending
from strategies.reporting.office_forms import ReturnForm
from strategies.reporting.review import (
    add_review_term,
    compare,
    days_late,
    decision_told,
    doubts,
    money_after,
    spent_ahead,
)

QUEUE, IN_SIGHT, EARLIER = 50, 10, 40
Status = ProgressReport.Status
DECISIONS = {Status.PUBLISHED, Status.RETURNED}


class ReviewPage(OfficePage, TemplateView):
    """The approver's queue with one report beside it."""

    tab = "review"
    roles = (Role.REGION_APPROVER,)
    template_name = "strategies/review.html"
    report = None
    return_form = None
    refusal = ""

    def get_context_data(self, **kwargs):
        context, on = super().get_context_data(**kwargs), timezone.localdate()
        queue = list(ProgressReport.objects.to_decide_by(self.request.user).with_subject()[:QUEUE])
        for waiting in queue:
            add_review_term(waiting, on)
        if self.report is None and queue:
            self.report = _to_review(self.request.user).get(pk=queue[0].pk)
        context |= {
            "on": on,
            "queue": queue[:IN_SIGHT],
            "queue_more": queue[IN_SIGHT:],
            "queue_shown": len(queue),
            "region_late_total": sum(bool(waiting.region_late_days) for waiting in queue),
            "report": self.report,
            "refusal": self.refusal,
        }
        if self.report is None:
            return context | {"next_due": _next_due(self.request.user, on)}
        return context | _told(self.report, on) | self._forms()

    def _forms(self):
        known = {"seen_version": self.report.row_version}
        form = seen_again(self.return_form, self.report) if self.return_form else ReturnForm(initial=known)
        return {"decision_form": DecisionForm(initial=known, auto_id=False), "return_form": form}

    def page(self, status):
        """The same page again, with what was typed."""
        return self.render_to_response(self.get_context_data(**self.kwargs), status=status)


class ReviewView(ReviewPage):
    """The queue, its first report, and reports that say «по плану» to publish at once."""

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        quiet = list(_quiet(self.request.user)[: QUEUE + 1])
        for one in quiet:
            one.doubt = spent_ahead(one.percent, one.planned, one.spent)
        return context | {"quiet": quiet[:QUEUE], "quiet_has_more": len(quiet) > QUEUE}

    def post(self, request):
        """Publish the ticked reports, each through the door by itself; those that may not are named."""
        chosen = whole_versions(request.POST.getlist("report")[:QUEUE])
        if not chosen:
            messages.warning(request, "Отметьте хотя бы один отчёт.")
            return redirect("office:review")
        rows = {report.pk: report for report in _quiet(request.user).filter(pk__in=chosen)}
        published = 0
        for pk, version in chosen.items():
            refusal = _publish(rows[pk], version, by=request.user) if pk in rows else _gone(request.user, pk)
            if refusal:
                messages.error(request, refusal)
            else:
                published += 1
        if published:
            messages.success(request, f"Опубликовали {counted_reports(published)}.")
        return redirect("office:review")


class ReviewDetailView(ReviewPage):
    """One report to accept or to send back."""

    def get(self, request, *args, **kwargs):
        """The report beside the queue."""
        self.report = self._read()
        return super().get(request, *args, **kwargs)

    def post(self, request, *args, **kwargs):
        """Accept or return the report as it was seen; then the next one opens."""
        self.report = self._read()
        is_return = request.POST.get("do") == "return"
        form = (ReturnForm if is_return else DecisionForm)(request.POST)
        self.return_form = form if is_return else None
        is_valid = form.is_valid()
        if self.report.status != Status.SUBMITTED:
            return self.page(status=409)
        if request.POST.get("do") not in {"publish", "return"} or not is_valid:
            return self.page(status=422)
        following = self._following()
        # The door compares this with the row: whoever decides on an old page is told.
        self.report.row_version = form.cleaned_data["seen_version"]
        try:
            self.report.move_to(
                Status.RETURNED if is_return else Status.PUBLISHED,
                by=request.user,
                reason=form.reason if is_return else "",
            )
        except ValidationError as refusal:
            self.refusal = " ".join(refusal.messages)
            self.report = self._read()
            return self.page(status=409)
        did = "Вернули на доработку" if is_return else "Опубликовали"
        messages.success(request, f"{did}: {self.report}.")
        return redirect("office:review_detail", following) if following else redirect("office:review")

    def _read(self):
        report = _to_review(self.request.user).filter(pk=self.kwargs["pk"]).first()
        if report is None:
            raise Http404
        return report

    def _following(self):
        """The next report of the queue after this one, else its first, else None."""
        queue = ProgressReport.objects.to_decide_by(self.request.user).exclude(pk=self.report.pk)
        at = self.report.submitted_at
        later = Q(submitted_at__gt=at) | Q(submitted_at=at, pk__gt=self.report.pk) if at else Q(pk__gt=self.report.pk)
        return queue.filter(later).values_list("pk", flat=True).first() or queue.values_list("pk", flat=True).first()


def _to_review(user):
    """Reports of the approver's regions that left the town at least once, never their own; with their due date."""
    cycles = ReportingCycle.objects.filter(
        Q(programme=OuterRef("measure__direction__programme")) | Q(expected__priority=OuterRef("priority")),
        year=OuterRef("year"), period=OuterRef("period"),
    )  # fmt: skip
    return (
        ProgressReport.objects.visible_to(user)
        .in_regions(user.region_ids(Role.REGION_APPROVER))
        .exclude(created_by=user)
        .exclude(submitted_by=user)
        .exclude(status=Status.DRAFT, return_comment="")
        .with_subject()
        .select_related("created_by", "submitted_by", "corrects")
        .annotate(cycle_due=Subquery(cycles.order_by("pk").values("due_on")[:1]))
    )


def _quiet(user):
    """Quiet reports that the person may publish, with the money of the measure as it would stand."""
    money = Funding.objects.filter(measure=OuterRef("measure"), planned__isnull=False).order_by().values("measure")
    said = ReportedSpending.objects.filter(report=OuterRef("pk")).order_by().values("report")
    return (
        ProgressReport.objects.to_decide_by(user)
        .quiet()
        .with_subject()
        .annotate(
            planned=Subquery(money.annotate(total=Sum("planned")).values("total")),
            spent=Subquery(said.annotate(total=Sum("spent")).values("total")),
            evidence_total=models.Count("evidence"),
        )
    )


def _publish(report, version, *, by):
    """Publish one report; empty when it was, otherwise why not."""
    report.row_version = version
    try:
        report.move_to(Status.PUBLISHED, by=by)
    except ValidationError as refusal:
        return f"«{report}»: {' '.join(refusal.messages)}"
    return ""


def _gone(user, pk):
    """Why a ticked report is not there to be published any more."""
    report = _to_review(user).filter(pk=pk).first()
    if report is None:
        return "Отмеченный отчёт вам недоступен."
    return f"«{report}»: {decision_told(_decision(_history(report)), timezone.localdate()) or 'откройте и проверьте.'}"


def _history(report):
    return list(JournalEntry.objects.about(report).select_related("actor"))


def _decision(history):
    return next((entry for entry in reversed(history) if entry.to_status in DECISIONS), None)


def _next_due(user, on):
    """The next day by which reports are due in the approver's regions; None where no cycle is open."""
    cycles = ReportingCycle.objects.open().filter(programme__region__in=user.region_ids(Role.REGION_APPROVER))
    return cycles.filter(due_on__gte=on).order_by("due_on").values_list("due_on", flat=True).first()


def _told(report, on):
    """Everything an approver looks at in one report; the number of queries does not depend on what is in it."""
    history = _history(report)
    told = {"history": history, "decision": "", "public_url": report.get_absolute_url() if report.is_public else ""}
    if report.status != Status.SUBMITTED:
        return told | {"decision": decision_told(_decision(history), on) or "Отчёт сейчас не на проверке."}
    add_review_term(report, on)
    counting = list(ProgressReport.objects.counting().on(report.subject).exclude(pk=report.pk).by_time()[:EARLIER])
    earlier = [one for one in counting if one.period_end < report.period_end]
    has_later = any(one.period_end > report.period_end for one in counting)
    former = report.corrects or next(iter(earlier), None)
    parts = _parts(report, [one.pk for one in [report.corrects, *earlier] if one], is_last=not has_later)
    evidence = list(report.evidence.all())
    planned, spent = money_after(parts["fundings"])
    percents = [one.percent for one in [report, *earlier] if one.percent is not None]
    return told | {
        "former": former,
        "was": _was(report, former),
        "now": "Исправление" if report.corrects_id else report.period_label,
        "earlier": earlier,
        "has_later": has_later,
        "days_late": days_late(report, report.cycle_due),
        "percents": percents[::-1],
        "doubts": doubts(
            report, former, planned=planned, spent=spent, evidence=len(evidence), milestones=parts["milestones"],
            due=report.measure.due_now if report.measure_id else None, on=on,
        ),
        "lines": compare(
            report, former, due_before=_due_before(report), due_after=_due_after(report),
            fundings=parts["fundings"], actuals=parts["actuals"],
        ),
        "ticked": [one for one in parts["milestones"] if one.ticked_on],
        "passed_before": sum(one.done_on is not None for one in parts["milestones"]),
        "milestones_total": len(parts["milestones"]),
        "photos": [one for one in evidence if one.is_photo],
        "papers": [one for one in evidence if not one.is_photo],
    }  # fmt: skip


def _was(report, former):
    if former is None:
        return "До отчёта"
    return "Прежний отчёт" if report.corrects_id else former.period_label


def _parts(report, before, *, is_last):
    """{milestones, fundings, actuals} of a report's measure with what earlier reports (`before`) said; three queries.

    Args:
        is_last: no later report counts, so that figures without an earlier report are those of now.
    """
    if not report.measure_id:
        return {"milestones": [], "fundings": [], "actuals": []}
    ticks = ReportedMilestone.objects.filter(report=report, milestone=OuterRef("pk"))
    spendings = ReportedSpending.objects.filter(funding=OuterRef("pk"))
    fundings = report.measure.fundings.annotate(
        said_now=Subquery(spendings.filter(report=report).values("spent")[:1]),
        said_before=Subquery(
            spendings.filter(report__in=before).order_by("-report__period_end", "-report").values("spent")[:1]
        ),
    )
    values = IndicatorValue.objects.filter(indicator=OuterRef("indicator"), year=OuterRef("year"))
    same = ReportedActual.objects.filter(indicator=OuterRef("indicator"), year=OuterRef("year"), report__in=before)
    actuals = report.actuals.select_related("indicator").annotate(
        target=Subquery(values.values("target")[:1]),
        actual_now=Subquery(values.values("actual")[:1]),
        said_before=Subquery(same.order_by("-report__period_end", "-report").values("actual")[:1]),
    )
    found = {
        "milestones": list(report.measure.milestones.annotate(ticked_on=Subquery(ticks.values("done_on")[:1]))),
        "fundings": list(fundings),
        "actuals": list(actuals.order_by("indicator__order", "indicator", "year")),
    }
    if is_last:
        for name, now in (("fundings", "spent"), ("actuals", "actual_now")):
            for row in found[name]:
                row.said_before = getattr(row, now) if row.said_before is None else row.said_before
    return found


def _due_before(report):
    return report.measure.due_now if report.measure_id else None


def _due_after(report):
    """The promised date as the report leaves it; a correction may take back the date that its report moved."""
    if not report.measure_id:
        return None
    if report.reported_status == ProgressReport.Reported.POSTPONED:
        return report.postponed_to
    if report.corrects_id and report.corrects.reported_status == ProgressReport.Reported.POSTPONED:
        moved = report.measure.due_changes.filter(report=report.corrects_id, new_due=report.measure.due_now).first()
        return moved.old_due or report.measure.due_now if moved else report.measure.due_now
    return report.measure.due_now
