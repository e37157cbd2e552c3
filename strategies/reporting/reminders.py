"""Reminders: who is told of what, on which days. One digest a day at most, and none for those with nothing to do."""

import datetime
from collections import Counter, defaultdict
from dataclasses import replace

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import F, Max, Q
from django.utils import timezone

from accounts.letters import STOPS, is_reachable, send
from accounts.models import JournalEntry, Letter, Revision, Role, RoleAssignment
from municipalities import numbers
from strategies.coverage.models.commitment import Commitment, Side
from strategies.periods import is_working
from strategies.priorities.models import Priority
from strategies.programme.models.measure import Measure
from strategies.programme.models.measure_parts import PriorityMeasure
from strategies.reporting.models.cycle import ExpectedReport, ReportingCycle
from strategies.reporting.models.report import ProgressReport
from strategies.reporting.review import add_review_term

from .letters import form_link, form_of, form_of_report, notice_key, send_notices, wants_notice
from .reminder_lines import (
    FIRST_DAY_AFTER,
    LATE,
    ORDER,
    PROMISE,
    RETURNED,
    REVIEW,
    REVISION,
    SOON,
    Line,
    day_words,
    is_day_after,
    is_reminder_day,
)

# The office shows everything: a letter is read on a telephone.
LINES_SHOWN = 20
# A notice that could not leave for so long is old news: the digest tells of what is still to be mended.
NOTICE_LIVES = datetime.timedelta(days=7)
WRITERS = (Role.MUNICIPAL_HEAD, Role.MUNICIPAL_EDITOR)
Status = ProgressReport.Status


def digests(people, on, town=None):
    """[(person, lines)] of those who are to be reminded on a day; the number of queries does not depend on how many.

    Args:
        people: {person: roles in force}, from `people_in_force`.
        on: the day.
        town: only what waits for this town, whatever the rhythm says.
    """
    duties, promises = _duties(on, town), _promises(on, town)
    decisions, revisions = ({}, {}) if town else (_decisions(on), _revisions(on))
    found = []
    for user, roles in people.items():
        lines = [line for held in roles for line in _lines_of(held, duties, decisions, promises)]
        lines += [line for held in roles for line, by in revisions.get(_decides_for(held), []) if by != user.pk]
        if not getattr(user, STOPS["early"].field):
            lines = [line for line in lines if not line.is_early]
        if any(line.is_today or town for line in lines):
            found.append((user, sorted(dict.fromkeys(lines), key=lambda line: line.rank)))
    return found


def people_in_force(on, town=None):
    """{person who can be written to: their roles in force on a day}, of those who report or decide; or of one town."""
    roles = RoleAssignment.objects.in_force(on).filter(role__in=[*WRITERS, Role.REGION_EDITOR, Role.REGION_APPROVER])
    roles = roles.filter(municipality=town) if town else roles
    people = defaultdict(list)
    for held in roles.select_related("user").order_by("user", "pk"):
        if is_reachable(held.user):
            people[held.user].append(held)
    return people


def _reports_on(held):
    """What a role reports on, as `_owner` says it; None for an approver."""
    if held.role in WRITERS:
        return None, held.municipality_id
    return (held.region_id, None) if held.role == Role.REGION_EDITOR else None


def _lines_of(held, duties, decisions, promises):
    if held.role == Role.REGION_APPROVER:
        reviews = [line for line, writers in decisions.get(held.region_id, []) if held.user_id not in writers]
        return reviews + promises[held.region_id, None]
    # A side's word is given by its head: whoever only prepares it is not hurried.
    words_owed = promises[None, held.municipality_id] if held.role == Role.MUNICIPAL_HEAD else []
    return duties[_reports_on(held)] + words_owed


# ——— What towns owe ———


def _duties(on, town=None):
    """{(None, town) or (region, None): lines}: reports owed in open cycles, and returned ones wherever they belong."""
    lines = defaultdict(list)
    mending = _mending(town)
    rows = (
        ExpectedReport.objects.unanswered().with_subject().select_related("measure__municipality")
        .filter(Q(measure__status__in=Measure.OPEN) | Q(priority__status=Priority.Status.PUBLISHED))
        .filter(Q(municipality=town) if town else Q(), cycle__status=ReportingCycle.Status.OPEN)
    )  # fmt: skip
    due_of = {}
    for row in rows.order_by("cycle__due_on", "pk"):
        if row.report_now in mending:
            due_of[row.report_now] = row.cycle.due_on
        else:
            lines[_owner(row.subject)].append(_owed(row, on))
    for pk, (report, returned_on) in mending.items():
        lines[_owner(report.subject)].append(_returned(report, returned_on, due_of.get(pk), on))
    return lines


def _owner(subject):
    region, town = subject.territory
    return (None, town) if town else (region, None)


def _owed(row, on):
    days = (on - row.cycle.due_on).days
    day = day_words(row.cycle.due_on)
    if days > 0:
        kind, when = LATE, f"Ждали до {day}, просрочено на {numbers.days(days)}."
    else:
        kind, when = SOON, f"Срок {day}, " + (f"осталось {numbers.days(-days)}." if days else "это сегодня.")
    return Line(
        kind=kind, subject=row.subject, period_label=row.cycle.period_label, days=abs(days), when=when,
        is_today=is_reminder_day(row.cycle.due_on, on), form=form_of(row.subject, row.cycle.year, row.cycle.period),
        is_early=kind == SOON,
    )  # fmt: skip


def _mending(town):
    """{report: (report, day of its return)} of reports sent back and not handed in again."""
    waits = Q(status=Status.RETURNED) | (Q(status=Status.DRAFT) & ~Q(return_comment=""))
    # Of what is not carried on any more no report is taken.
    closed = Q(measure__status=Measure.Status.CANCELLED) | Q(priority__status=Priority.Status.ARCHIVED)
    reports = ProgressReport.objects.of_town(town) if town else ProgressReport.objects.all()
    reports = reports.filter(waits).exclude(closed).with_subject().in_bulk()
    steps = JournalEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(ProgressReport), object_id__in=reports, to_status=Status.RETURNED
    )
    returned_at = dict(steps.order_by().values_list("object_id").annotate(Max("at")))
    return {pk: (report, timezone.localdate(returned_at.get(pk, report.created_at))) for pk, report in reports.items()}


def _returned(report, returned_on, due_on, on):
    days = (on - returned_on).days
    passed = f", прошло {numbers.days(days)}" if days > 0 else ""
    due = f" Срок сдачи {day_words(due_on)}." if due_on else ""
    return Line(
        kind=RETURNED, subject=report.subject, period_label=report.period_label, days=days,
        when=f"Вернули {day_words(returned_on)}{passed}.{due}", is_today=is_day_after(days),
        form=form_of_report(report), comment=report.return_comment,
    )  # fmt: skip


# ——— What the region is late with ———


def _decisions(on):
    """{region: [(line, who wrote the report)]}: reports that wait longer than they may. Nothing on days off."""
    lines = defaultdict(list)
    if not is_working(on):
        return lines
    for report in ProgressReport.objects.waiting().with_subject():
        add_review_term(report, on)
        if report.region_late_days:
            days = report.region_late_days
            line = Line(
                kind=REVIEW, subject=report.subject, period_label=report.period_label, days=days,
                when=f"Решить надо было до {day_words(report.review_due)}, область опаздывает на {numbers.days(days)}.",
                is_today=True, form=("review", (report.pk,)),
            )  # fmt: skip
            # Nobody decides on what they wrote (invariant 18).
            lines[report.territory[0]].append((line, {report.created_by_id, report.submitted_by_id}))
    return lines


# ——— Corrections of published words ———


def _decides_for(held):
    """Whose corrections a role decides on, as a revision names it."""
    return held.role, held.region_id, held.municipality_id


def _revisions(on):
    """{(role, region, town): [(line, who proposed)]}: corrections that wait; nobody decides on their own."""
    lines = defaultdict(list)
    waiting = Revision.objects.waiting().select_related("municipality", "region").prefetch_related("record")
    for revision in waiting:
        proposed_on = timezone.localdate(revision.proposed_at)
        days = max((on - proposed_on).days, 0)
        line = Line(
            kind=REVISION, subject=revision, period_label="", days=days,
            when=f"Предложили {day_words(proposed_on)}, до вашего решения все видят прежний текст.",
            is_today=is_day_after(days), form=("revisions", ()), town=revision.municipality,
        )  # fmt: skip
        is_of_town = revision.decider == Role.MUNICIPAL_HEAD
        place = (None, revision.municipality_id) if is_of_town else (revision.region_id, None)
        lines[revision.decider, *place].append((line, revision.proposed_by_id))
    return lines


# ——— Promises of the other side ———


def _promises(on, town=None):
    """{(region, None) or (None, town): lines}: promises of the other side that wait for this side's word."""
    lines = defaultdict(list)
    here = Q(priority__strategy__municipality=town) if town else Q()
    for side in [Side.TOWN] if town else Side:
        links = (
            PriorityMeasure.objects.awaiting(side)
            .filter(here)
            .annotate(
                kind=F("commitments__kind"),
                amount=F("commitments__amount"),
                year=F("commitments__year"),
                condition=F("commitments__condition"),
            )
            .select_related("measure", "priority__strategy__municipality__region")
            .order_by("said_at", "pk")
        )
        for link in links:
            place = link.priority.strategy.municipality
            owner = (place.region_id, None) if side == Side.REGION else (None, place.pk)
            lines[owner].append(_awaited(link, side, place, on))
    return lines


def _awaited(link, side, town, on):
    said_on = timezone.localdate(link.said_at)
    due_on = said_on + datetime.timedelta(days=town.region.answer_days)
    days = (on - due_on).days
    left = (
        f"просрочено на {numbers.days(days)}"
        if days > 0
        else f"осталось {numbers.days(-days)}"
        if days
        else "это сегодня"
    )
    other = "Город дал" if side == Side.REGION else "Область дала"
    return Line(
        kind=PROMISE, subject=link.measure, period_label="", days=(on - said_on).days,
        when=f"{other} слово {day_words(said_on)}. Ответить надо до {day_words(due_on)}, {left}.",
        # The day after the word it is news; then as with a report.
        is_today=(on - said_on).days == FIRST_DAY_AFTER or is_reminder_day(due_on, on),
        form=("commitment", (link.pk,)), town=town, is_early=days <= 0,
        promise=(Commitment.Kind(link.kind).label, link.amount, link.year, link.condition),
    )  # fmt: skip


# ——— Sending ———


def send_reminders(on):
    """Send what is to be sent on a day and has not left yet; [whether each letter left].

    Safe to run again and twice at once: a letter belongs to whoever takes it first.
    """
    people = people_in_force(on)
    return _send_digests(people, on) + _send_waiting_notices(people, on)


class Asked(models.TextChoices):
    """What came of asking to remind a town."""

    SENT = "sent", "Письмо ушло."
    TODAY = "today", "Сегодня город уже получил письмо. Второе за день не отправляем."
    NOTHING = "nothing", "Город ничего не должен: писать не о чем."
    NOBODY = "nobody", "Писать некому: у города нет главы или сотрудника с адресом почты и ролью на сегодня."
    FAILED = "failed", "Письмо не ушло: почта не ответила. Попробуйте ещё раз позже."


def remind(town, on):
    """Write today to whoever reports for a town, though the rhythm does not say so; a letter a day at most.

    Args:
        town: the town.
        on: today.

    Returns:
        `Asked`: what came of it.
    """
    people = people_in_force(on, town)
    if not people:
        return Asked.NOBODY
    found = dict(digests(people, on, town))
    if not found:
        return Asked.NOTHING
    outcomes = _send_found(found, on)
    if not outcomes:
        return Asked.TODAY
    return Asked.SENT if any(outcomes) else Asked.FAILED


def reminded_towns(towns, on):
    """Numbers of the towns whose head or staff got a digest on a day; one query.

    Args:
        towns: numbers of towns.
        on: the day.
    """
    told = Letter.objects.filter(kind=Letter.Kind.DIGEST, key=on.isoformat(), sent_at__isnull=False).values("user")
    roles = RoleAssignment.objects.in_force(on).filter(role__in=WRITERS, municipality__in=towns, user__in=told)
    return set(roles.values_list("municipality", flat=True))


def _send_digests(people, on):
    return _send_found(dict(digests(people, on)), on)


def _send_found(found, on):
    """Write to people of lines that wait for them; [whether each letter left] of those not written to that day yet."""
    key = on.isoformat()
    Letter.plan(found, Letter.Kind.DIGEST, key, day=on)
    outcomes = []
    letters = Letter.objects.waiting().filter(kind=Letter.Kind.DIGEST, key=key, user__in=found)
    for letter in letters.select_related("user"):
        lines = found.get(letter.user)
        if lines and letter.take():
            outcomes.append(send([letter], "digest", _told(letter.user, lines), stop=_stop(lines)))
    return outcomes


def _stop(lines):
    """What switches a digest off: one that only looks ahead may be, one with something late or returned may not."""
    return "early" if all(line.is_early for line in lines) else ""


def _told(user, lines):
    numbers = Counter(line.kind for line in lines)
    shown = [replace(line, link=form_link(user, *line.form)) for line in lines[:LINES_SHOWN]]
    return {
        "parts": [(kind, part) for kind in ORDER if (part := [line for line in shown if line.kind == kind])],
        "counts": [(kind, number) for kind in ORDER if kind not in {PROMISE, REVISION} and (number := numbers[kind])],
        "promised": numbers[PROMISE],
        "revised": numbers[REVISION],
        "left_out": len(lines) - len(shown),
    }


def _send_waiting_notices(people, on):
    """Notices that could not leave at once, or were held back so as not to come one by one."""
    kinds = [Letter.Kind.RETURNED, Letter.Kind.PUBLISHED]
    rows = Letter.objects.waiting().filter(kind__in=kinds, day__gte=on - NOTICE_LIVES).order_by("user", "pk")
    rows = [row for row in rows.select_related("user") if wants_notice(row.user, row.kind)]
    reports = ProgressReport.objects.with_subject().in_bulk([_report_of(row) for row in rows])
    live = {
        row: report
        for row in rows
        if (report := reports.get(_report_of(row)))
        # Mended, handed in again, or no longer this person's business: there is nothing to tell.
        and notice_key(report) == row.key
        and _owner(report.subject) in [_reports_on(held) for held in people.get(row.user, [])]
    }
    return send_notices(live, {row.pk: report for row, report in live.items()})


def _report_of(letter):
    return int(letter.key.split("-")[1])
