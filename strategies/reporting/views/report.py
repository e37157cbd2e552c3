import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.generic import DetailView, TemplateView

from accounts.kept import too_late
from accounts.office import REPORTERS, OfficePage
from strategies import periods
from strategies.priorities.models import Priority
from strategies.programme.models.measure import Measure
from strategies.reporting.forms import ReportForm, ReportParts
from strategies.reporting.models.cycle import ExpectedReport
from strategies.reporting.models.drafting import hand_in, keep_typed, prepare, report_on_the_way, write
from strategies.reporting.models.evidence import Evidence
from strategies.reporting.models.report import ProgressReport, may_edit, may_submit

NOT_TYPED = {"csrfmiddlewaretoken", "do", "key", "seen_version"}


class ReportPage(OfficePage, TemplateView):
    """The two-minute report as it is opened and shown: everything known is filled in.

    A class that inherits says in `find` what is reported on.
    """

    tab = "home"
    roles = REPORTERS
    template_name = "strategies/report_form.html"
    saved_at = None

    def find(self, **kwargs):
        """(subject, year, period, the report to correct or None) of the address."""
        raise NotImplementedError

    def _begin(self):
        self.subject, self.year, self.period, self.corrected = self.find(**self.kwargs)
        self.report = report_on_the_way(self.subject, self.year, self.period, corrects=self.corrected)
        if not may_edit(self.request.user, self.report):
            raise PermissionDenied

    def _handed_in(self):
        """The report of this period that is not to be written any more, or None."""
        if self.report.status == ProgressReport.Status.SUBMITTED:
            return self.report
        if self.report.pk or self.corrected:
            return None
        published = ProgressReport.objects.counting().on(self.subject).filter(year=self.year, period=self.period)
        return published.by_time().first()

    def _form(self, *args, **kwargs):
        self.parts = ReportParts.of(self.report)
        self.former = self.report.former()
        return ReportForm(*args, report=self.report, former=self.former, parts=self.parts, **kwargs)

    def get(self, request, *args, **kwargs):
        """The form with everything known filled in; a report that has been handed in is shown instead."""
        self._begin()
        if handed_in := self._handed_in():
            return redirect("office:report_detail", handed_in.pk)
        form = self._form(
            initial={"key": uuid.uuid4(), "seen_version": self.report.row_version if self.report.pk else None}
        )
        return self._page(form)

    def _page(self, form, status=200):
        row = ExpectedReport.objects.with_subject().on(self.subject, self.year, self.period).first()
        context = self.get_context_data(
            form=form, report=self.report, subject=self.subject, former=self.former, corrected=self.corrected,
            period_label=periods.label(self.year, self.period), rows=self.parts.rows(form),
            due_on=row.cycle.due_on if row else None, measure=self.subject if self.report.measure_id else None,
            today=timezone.localdate(), evidence=list(self.report.evidence.all()) if self.report.pk else [],
            may_submit=may_submit(self.request.user, self.report), saved_at=self.saved_at,
            state_hints=self._hints(), no_hints={},
        )  # fmt: skip
        return self.render_to_response(context, status=status)

    def _hints(self):
        """A few words under each large choice."""
        repeated = "Повторим прошлый отчёт с новой датой"
        if self.former is not None and self.former.percent is not None:
            repeated = f"Повторим прошлый отчёт: {self.former.percent} %"
        return {
            "on_plan": "Успеем к сроку", "behind": "Спросим причину и что дальше",
            "done": "Все контрольные точки пройдены" if self.report.measure_id else "Работа закончена",
            "same": repeated,
        }  # fmt: skip


class KeptReport(ReportPage):
    """The same with what came from the form: kept before anything is judged, so that nothing typed is lost."""

    def _keep(self, form):
        """The draft and the good files are kept before anything is judged. Gives whether this form was sent before."""
        # Only what this form asks: whatever else was sent leaves no trace.
        typed = {name: values for name, values in self.request.POST.lists() if name in form.fields.keys() - NOT_TYPED}
        key = form.cleaned_data.get("key")
        if key is None:
            raise ValidationError("Форма устарела: откройте её заново.", code="no_key")
        self.report, is_sent_already = keep_typed(
            self.subject, self.year, self.period, typed=typed, key=key, corrects=self.corrected,
            known_version=form.cleaned_data.get("seen_version"), by=self.request.user,
        )  # fmt: skip
        self.saved_at = timezone.localtime()
        if not is_sent_already and form.checked_files:
            self._attach(form)
        form.report = self.report
        return is_sent_already

    def _attach(self, form):
        """Attach the good files; what the report has no room for is told of, in a draft too."""
        stage = form.cleaned_data.get("stage") or Evidence.Stage.DURING
        try:
            Evidence.attach(self.report, form.checked_files, stage=stage, by=self.request.user)
        except ValidationError as refusal:
            if refusal.code != "too_many":
                raise
            form.refused_files += refusal.messages
            form.add_error("files", refusal.messages)

    def _write_and_send(self, form):
        with transaction.atomic():
            write(self.report, form.values(), **self.parts.said(form))
            if may_submit(self.request.user, self.report):
                hand_in(self.report, by=self.request.user)
            else:
                prepare(self.report)

    def _refused(self, form, refusal, is_draft):
        if is_draft:
            return JsonResponse({"error": " ".join(refusal.messages)}, status=409)
        if refusal.code == "already_sent":
            return too_late(self.request, " ".join(refusal.messages), "office:report_detail", self.report.pk)
        form.add_error(None, refusal)
        # The next attempt is made with open eyes: it starts from the version just shown.
        stands = report_on_the_way(self.subject, self.year, self.period, corrects=self.corrected)
        for name, values in stands.typed.items():
            if name in form.fields and values != form.data.getlist(name):
                told = dict(getattr(form.fields[name], "choices", ()))
                words = "; ".join(str(told.get(value, value)) for value in values) or "пусто"
                form.add_error(name, f"Сейчас в черновике: «{words}».")
        form.data = form.data.copy()
        form.data["seen_version"] = str(stands.row_version)
        return self._page(form, status=409)


class ReportFormPage(KeptReport):
    """One page to write, to save and to send."""

    def post(self, request, *args, **kwargs):
        """Keep what came; then, unless it is only a draft, check it and send it to the region."""
        self._begin()
        form = self._form(request.POST, {"files": request.FILES.getlist("files")})
        form.full_clean()
        is_draft = request.POST.get("do") == "draft"
        try:
            is_sent_already = self._keep(form)
        except ValidationError as refusal:
            return self._refused(form, refusal, is_draft)
        if is_draft:
            return self._saved(form)
        if is_sent_already:
            return self._sent_again(form)
        if form.errors:
            return self._page(form, status=422)
        try:
            self._write_and_send(form)
        except ValidationError as refusal:
            _put_errors(form, refusal)
            return self._page(form, status=422)
        return self._sent()

    def _saved(self, form):
        return JsonResponse(
            {
                "saved": self.saved_at.strftime("%H:%M"), "version": self.report.row_version,
                "files": [str(one) for one in self.report.evidence.all()], "refused": form.refused_files,
            }
        )  # fmt: skip

    def _sent_again(self, form):
        """A form sent twice counts once; other words in it are told apart and shown."""
        texts = {"text": self.report.text, "reason": self.report.deviation_reason}
        if any(form.cleaned_data.get(name) not in (None, "", known) for name, known in texts.items()):
            said = "Этот отчёт вы уже отправили, и область его проверяет: новых слов в нём нет."
            return too_late(self.request, said, "office:report_detail", self.report.pk)
        return self._sent()

    def _sent(self):
        self.report.refresh_from_db()
        if self.report.status == ProgressReport.Status.SUBMITTED:
            messages.success(self.request, f"Отчёт отправлен в область: «{self.subject}», {self.report.period_label}.")
        else:
            messages.success(
                self.request, f"Отчёт сохранён и ждёт главу: «{self.subject}», {self.report.period_label}."
            )
        return redirect("office:home")


def _put_errors(form, refusal):
    """Errors of the models stand by the fields of the form where it has them, else above it."""
    names = {"deviation_reason": "reason", "postponed_to": "new_due", "pace": "state"}
    found = refusal.message_dict if hasattr(refusal, "error_dict") else {"__all__": refusal.messages}
    for name, texts in found.items():
        field = names.get(name, name)
        form.add_error(field if field in form.fields else None, texts)


def _period(text, *, allowed):
    """(year, period) of an address.

    Raises:
        Http404: it is no period, or one that is not reported on here or has not begun.
    """
    try:
        year, period = periods.parse(text)
    except ValueError as error:
        raise Http404 from error
    if period not in allowed or periods.bounds(year, period)[0] > timezone.localdate() or year < 2000:
        raise Http404
    return year, period


class MeasureReportView(ReportFormPage):
    """A report on a measure for a period."""

    def find(self, pk, period):
        """The measure, if the person may see it at all."""
        rows = Measure.objects.visible_to(self.request.user).select_related("direction__programme", "municipality")
        measure = get_object_or_404(rows, pk=pk)
        return measure, *_period(period, allowed=periods.OF_RHYTHM[measure.direction.programme.rhythm]), None


class PriorityReportView(ReportFormPage):
    """A report on a priority that has no measure yet."""

    def find(self, pk, period):
        """The priority, if the person may see it and no measure answers it."""
        rows = Priority.objects.visible_to(self.request.user).without_measures()
        priority = get_object_or_404(rows.select_related("strategy__municipality"), pk=pk)
        return priority, *_period(period, allowed=periods.Period), None


class CorrectionView(ReportFormPage):
    """A correction of a published report: a new one that names what it corrects."""

    def find(self, pk):
        """The report to correct: the one that counts."""
        rows = ProgressReport.objects.visible_to(self.request.user).counting().with_subject()
        report = get_object_or_404(rows, pk=pk)
        return report.subject, report.year, report.period, report


class OwnReportView(OfficePage, DetailView):
    """A report as the town sees it: what it says, where it is, what the region asked."""

    tab = "home"
    roles = REPORTERS
    template_name = "strategies/own_report.html"
    context_object_name = "report"

    def get_queryset(self):
        return ProgressReport.objects.visible_to(self.request.user).with_subject().select_related("submitted_by")

    def get_object(self, queryset=None):
        """The report, if the person writes reports there."""
        report = super().get_object(queryset)
        if not may_edit(self.request.user, report):
            raise Http404
        return report

    def get_context_data(self, **kwargs):
        report = self.object
        counts = ProgressReport.objects.counting().filter(pk=report.pk).exists()
        return super().get_context_data(**kwargs) | {
            "evidence": list(report.evidence.all()),
            "spendings": list(report.spendings.select_related("funding")),
            "milestones": list(report.milestones.select_related("milestone")),
            "actuals": list(report.actuals.select_related("indicator")),
            "may_correct": counts,
        }
