"""What an approver has to notice about a report, and how it differs from the former one. Pure: no queries, no clock.

Office texts: Russian only.
"""

import datetime
from dataclasses import dataclass
from decimal import Decimal

from django.utils import formats, timezone

from municipalities.numbers import NBSP, written
from strategies import progress
from strategies.reporting.models.report import ProgressReport

Reported, Status = ProgressReport.Reported, ProgressReport.Status
# Percentage points by which the share of money spent may run ahead of readiness.
SPENT_AHEAD_BY = 15


def days_late(report, due_on):
    """By how many days a report was handed in after its due date; 0 in time or where no date is known."""
    if due_on is None or report.submitted_at is None:
        return 0
    return max((timezone.localtime(report.submitted_at).date() - due_on).days, 0)


# ——— What to look at ———


@dataclass(frozen=True)
class Doubt:
    """Something that does not fit: what, and the figures behind it."""

    title: str
    detail: str = ""


def spent_ahead(percent, planned, spent):
    """Money spent far ahead of the work; None where a number is missing."""
    if percent is None or spent is None or not planned:
        return None
    share = Decimal(spent) / Decimal(planned) * 100
    if share - percent <= SPENT_AHEAD_BY:
        return None
    return Doubt("Потрачено больше, чем сделано.", f"Деньги {round(share)}{NBSP}%, готовность {percent}{NBSP}%.")


def fell_back(percent, former_percent):
    """Readiness lower than it was."""
    if percent is None or former_percent is None or percent >= former_percent:
        return None
    return Doubt("Готовность стала меньше.", f"Было {former_percent}{NBSP}%, стало {percent}{NBSP}%.")


def done_without_proof(reported_status, evidence):
    """«Done» with neither a photo nor a paper.

    Args:
        evidence: how many files came with the report.
    """
    if reported_status != Reported.DONE or evidence:
        return None
    return Doubt("Сказано «выполнено», а подтверждений нет.", "Ни фото, ни бумаги к отчёту не приложили.")


def missed_milestones(milestones, on):
    """Milestones whose day has passed and that neither this report nor an earlier one ticks.

    Args:
        milestones: rows with `title`, `due`, `done_on` and `ticked_on` (by this report).
        on: the day up to which they had to come.
    """
    missed = [one for one in milestones if one.ticked_on is None and one.done_on is None and one.due < on]
    if not missed:
        return None
    named = "; ".join(f"«{one.title}» — {formats.date_format(one.due, 'j E Y')}" for one in missed)
    return Doubt("Срок контрольной точки прошёл, а она не отмечена.", f"{named}.")


def past_due(reported_status, due, on):
    """The promised date has passed, and the report says that the work goes on."""
    if reported_status != Reported.IN_PROGRESS or due is None or due >= on:
        return None
    return Doubt("Срок меры прошёл, а она не выполнена.", f"Обещали к {formats.date_format(due, 'j E Y')}.")


def unchanged_again(report, former):
    """«Nothing has changed» for the second time in a row."""
    if former is None or report.corrects_id or not (report.is_unchanged and former.is_unchanged):
        return None
    return Doubt("«Без изменений» второй раз подряд.", "Спросите, что мешает.")


def repeats_text(report, former):
    """The words of the former report again, and nothing says that they are meant to be the same."""
    if former is None or report.corrects_id or report.is_unchanged:
        return None
    if report.text.split() != former.text.split():
        return None
    return Doubt("Текст слово в слово повторяет прошлый отчёт.")


def doubts(report, former, *, planned=None, spent=None, evidence=0, milestones=(), due=None, on):
    """Everything that does not fit, in the order of weight.

    Args:
        report: the report to decide on.
        former: the counting report before it, or the one it corrects; None for the first.
        planned, spent: thousand roubles of the measure, as they will stand after the report; None where unknown.
        evidence: how many files came with it.
        milestones: see `missed_milestones`.
        due: the date of the measure as it is promised now, or None.
        on: today.
    """
    found = [
        spent_ahead(report.percent, planned, spent),
        fell_back(report.percent, former.percent if former else None),
        done_without_proof(report.reported_status, evidence),
        past_due(report.reported_status, due, on),
        missed_milestones(milestones, min(on, report.period_end + datetime.timedelta(days=1))),
        unchanged_again(report, former),
        repeats_text(report, former),
    ]
    return [one for one in found if one is not None]


# ——— Old and new side by side ———


@dataclass(frozen=True)
class Line:
    """A row of the comparison. `kind` says how both values are printed: state, percent, day, money, figure, text."""

    label: str
    kind: str
    old: object = None
    new: object = None
    note: str = ""
    is_changed: bool = False


def _line(label, kind, old, new, *, has_former, note=""):
    """A row whose new value is marked where it says something else; in a first report nothing is «changed»."""
    said, known = new not in (None, ""), has_former or old not in (None, "")
    return Line(label, kind, old, new, note, is_changed=said and known and new != old)


def pace_words(report):
    """How the work goes, in the words of the form."""
    words = [str(report.get_pace_display())] if report.pace else []
    return ", ".join([*words, "без изменений"] if report.is_unchanged else words)


def compare(report, former, *, due_before=None, due_after=None, fundings=(), actuals=()):
    """Rows «what — before — now»; parts that neither report speaks of are left out.

    Args:
        report, former: as in `doubts`.
        due_before, due_after: the promised date now, and after this report.
        fundings: rows of money with `planned`, `said_before`, `said_now`.
        actuals: figures of the report with `indicator`, `target`, `said_before`.
    """
    has_former = former is not None
    lines = [
        Line(
            "Состояние", "state", former, report,
            is_changed=has_former and former.reported_status != report.reported_status,
        ),
        _line("Темп", "text", pace_words(former) if former else "", pace_words(report), has_former=has_former),
    ]  # fmt: skip
    if report.measure_id:
        paper = f"бумага: {report.postponed_by}" if report.postponed_by else ""
        lines += [
            _line("Готовность", "percent", former.percent if former else None, report.percent, has_former=has_former),
            _line("Срок", "day", due_before, due_after, has_former=has_former, note=paper),
        ]
    lines.append(_line("Причина", "text", former.reason if former else "", report.reason, has_former=has_former))
    lines += _money_lines(fundings, has_former)
    lines += [_actual_line(actual, has_former) for actual in actuals]
    for label, name in (("Что сделали", "text"), ("Что мешает", "problems"), ("Что дальше", "next_steps")):
        old = getattr(former, name) if former else ""
        lines.append(_line(label, "text", old, getattr(report, name), has_former=has_former))
    return [line for line in lines if line.kind == "state" or line.old not in (None, "") or line.new not in (None, "")]


def _sum(numbers):
    known = [number for number in numbers if number is not None]
    return sum(known) if known else None


def money_after(fundings):
    """(promised, spent) over the rows that have a plan, as they stand after the report; None where nothing is known."""
    rows = [one for one in fundings if one.planned is not None]
    spent = (one.said_now if one.said_now is not None else one.said_before for one in rows)
    return _sum(one.planned for one in rows), _sum(spent)


def _money_lines(fundings, has_former):
    spoken = [one for one in fundings if one.said_now is not None or one.said_before is not None]
    lines = [
        _line(
            f"Деньги, {one.year}, {one.get_source_display()}", "money", one.said_before, one.said_now,
            has_former=has_former, note=_of_plan(one.planned),
        )
        for one in spoken
    ]  # fmt: skip
    if len(spoken) > 1:
        after = _sum(one.said_now if one.said_now is not None else one.said_before for one in spoken)
        before, planned = _sum(one.said_before for one in spoken), _sum(one.planned for one in fundings)
        lines.append(_line("Деньги всего", "money", before, after, has_former=has_former, note=_of_plan(planned)))
    return lines


def _of_plan(planned):
    return "план не найден" if planned is None else f"из {written(planned)} тыс. руб."


def _actual_line(actual, has_former):
    notes = ["план не найден" if actual.target is None else f"план {written(actual.target)}"]
    deviation = progress.deviation(actual.target, actual.actual)
    if deviation is not None:
        notes.append(f"отклонение {written(round(deviation))}{NBSP}%")
    if actual.is_preliminary:
        notes.append("предварительно")
    if actual.deviation_reason:
        notes.append(f"причина: {actual.deviation_reason}")
    indicator = actual.indicator
    return _line(
        f"{indicator.name}, {indicator.unit}, {actual.year}", "figure", actual.said_before, actual.actual,
        has_former=has_former, note=", ".join(notes),
    )  # fmt: skip


# ——— What has been decided ———


def name_of(user):
    """Post and name; the login where neither is known."""
    return user.public_name or user.username if user else "имя не указано"


def decision_told(entry, on):
    """«Отчёт уже опубликовал(а) … в 14:05»: what a second approver is told; empty without a decision.

    Args:
        entry: the last publication or return in the journal, with its actor, or None.
        on: today.
    """
    if entry is None:
        return ""
    did = {Status.PUBLISHED: "опубликовал(а)", Status.RETURNED: "вернул(а) городу"}[entry.to_status]
    at = timezone.localtime(entry.at)
    day = "" if at.date() == on else f"{formats.date_format(at, 'j E Y')} года "
    return f"Отчёт уже {did} {name_of(entry.actor)} {day}в{NBSP}{at:%H:%M}."


def add_review_term(report, on):
    """Add `waits_days` and `region_late_days` to a report that was handed in; return the latter, 0 while there is time.

    Args:
        report: with its subject; without the moment of handing in the days are counted from its creation.
        on: today.
    """
    handed_in = timezone.localtime(report.submitted_at or report.created_at).date()
    report.waits_days = max((on - handed_in).days, 0)
    report.region_late_days = max((on - report.review_due).days, 0)
    return report.region_late_days
