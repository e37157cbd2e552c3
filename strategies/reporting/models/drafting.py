"""How a report is written: a draft keeps whatever is typed, a form that is sent twice counts once."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from .report import ProgressReport, may_edit
from .report_parts import ReportedActual, ReportedMilestone, ReportedSpending

Status = ProgressReport.Status


def report_on_the_way(subject, year, period, *, corrects=None):
    """The report on a subject for a period that is not published yet, or a new one that is not saved.

    Args:
        subject: a measure or a priority.
        year, period: what it reports on.
        corrects: the published report to correct, or None for the first one of the period.
    """
    found = (
        ProgressReport.objects.unpublished().on(subject).with_subject()
        .filter(year=year, period=period, corrects=corrects).first()
    )  # fmt: skip
    if found is not None:
        return found
    return ProgressReport(
        **{subject._meta.model_name: subject}, year=year, period=period, corrects=corrects, is_sample=subject.is_sample,
        reported_status=ProgressReport.Reported.IN_PROGRESS,
    )  # fmt: skip


def keep_typed(subject, year, period, *, typed, key, known_version, by, corrects=None):
    """Keep what is typed in a form as a draft. The same form may come any number of times: there is one draft.

    Args:
        subject, year, period, corrects: which report.
        typed: the form's fields as text, {name: [values]}.
        key: the idempotency key of the form: every sending of one opened form carries the same.
        known_version: `row_version` the form was opened with; None for a new report.
        by: who types.

    Returns:
        (report, whether this very form has been handed in already).

    Raises:
        PermissionDenied: the person does not write reports on the subject.
        ValidationError: the report has been handed in from another form, or somebody else saved meanwhile.
    """
    with transaction.atomic():
        # Two sendings of one form wait here for each other: the second finds the draft of the first.
        type(subject)._base_manager.select_for_update().get(pk=subject.pk)
        report = report_on_the_way(subject, year, period, corrects=corrects)
        if not may_edit(by, report):
            raise PermissionDenied
        is_same_form = report.form_key is not None and str(report.form_key) == str(key)
        if report.pk and report.status == Status.SUBMITTED:
            if is_same_form:
                return report, True
            raise ValidationError(_("Этот отчёт уже сдан и ждёт проверки."), code="already_sent")
        if report.pk and not is_same_form and report.row_version != known_version:
            raise ValidationError(
                _("Пока вы писали, отчёт изменил кто-то другой. Ваш текст остался в форме: сравните и сохраните."),
                code="changed_meanwhile",
            )
        if report.status == Status.RETURNED:
            report.move_to(Status.DRAFT, by=by)
        if not report.pk:
            report.created_by = by
            report.full_clean(exclude=["created_by", "text"])
        report.typed, report.form_key = typed, key
        report.row_version += 1 if report.pk else 0
        report.save()
        return report, False


def write(report, values, *, milestones, actuals, spendings):
    """Put checked values of a form into a draft, its parts anew; inside a transaction.

    Args:
        report: a draft.
        values: fields of the report.
        milestones: {milestone: day}.
        actuals: {(indicator, year): (figure, is it preliminary, why it differs)}.
        spendings: {funding: thousand roubles}.

    Raises:
        ValidationError: a rule of the models refuses.
    """
    for name, value in values.items():
        setattr(report, name, value)
    report.full_clean(exclude=["created_by"])
    report.row_version += 1
    report.save()
    for rows in (report.milestones, report.actuals, report.spendings):
        rows.all().delete()
    parts = [ReportedMilestone(report=report, milestone=one, done_on=day) for one, day in milestones.items()]
    parts += [
        ReportedActual(
            report=report, indicator=indicator, year=year, actual=figure, is_preliminary=rough, deviation_reason=why
        )
        for (indicator, year), (figure, rough, why) in actuals.items()
    ]
    parts += [ReportedSpending(report=report, funding=funding, spent=spent) for funding, spent in spendings.items()]
    for part in parts:
        part.full_clean()
        part.save()


def prepare(report):
    """Note that a written draft waits for the head alone; whatever is typed next takes the note away."""
    report.typed = report.typed | {"prepared": ["yes"]}
    report.save(update_fields=["typed"])


def hand_in(report, *, by):
    """Send a written draft to the region; what was typed lies in its fields now."""
    with transaction.atomic():
        report.typed = {}
        report.move_to(Status.SUBMITTED, by=by)
