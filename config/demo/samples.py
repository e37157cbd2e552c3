"""The sample tree: every step is taken through the door by the sample person whose step it is."""

import calendar
import datetime
from itertools import groupby
from operator import itemgetter

from django.utils import timezone

from config.demo import content
from config.demo.pictures import sample_picture
from documents.evidence import CheckedFile
from documents.models import Document
from municipalities.models import Head, Municipality, Population, Region
from sessions.models import ConsentText, Proposal, Section, Session
from strategies.models import (
    Commitment,
    Evidence,
    Funding,
    GapAnswer,
    Goal,
    Indicator,
    IndicatorValue,
    Measure,
    Milestone,
    Priority,
    PriorityMeasure,
    Programme,
    ProgrammeDirection,
    ProgressReport,
    ReportedActual,
    ReportedMilestone,
    ReportedSpending,
    ReportingCycle,
    Strategy,
)

QUARTERS = ("q1", "q2", "q3", "q4")


def months_from(day, months):
    """The same day some months away, or the last day of a shorter month."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return datetime.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def quarter_back(day, back):
    """(year, period) of the quarter that many before the one of a day."""
    index = day.year * 4 + (day.month - 1) // 3 - back
    return index // 4, QUARTERS[index % 4]


def make_ground(*, on):
    """The sample region and {slug: its town}; made once."""
    region, is_new = Region.objects.get_or_create(
        slug=content.REGION["slug"],
        defaults=content.REGION
        | {"is_active": True, "is_sample": True, "joined_on": months_from(on, -content.JOINED_MONTHS_AGO)},
    )
    if is_new:
        for slug, (name, name_en, people, head) in content.TOWNS.items():
            town = Municipality.objects.create(
                region=region, slug=slug, name=name, name_en=name_en, kind=Municipality.Kind.URBAN_OKRUG,
                in_programme=True, is_monotown=False, is_sample=True,
            )  # fmt: skip
            for ago, number in people.items():
                Population.objects.create(
                    municipality=town, year=on.year - ago, people=number, level=Population.Level.TOWN, is_sample=True
                )
            Head.objects.create(
                municipality=town, name=head, post="глава городского округа (пример)", since=str(on.year - 2),
                is_sample=True,
            )  # fmt: skip
    return region, {town.slug: town for town in region.municipalities.all()}


class SampleTree:
    """Builds the sample records of the sample region; call `build` inside one transaction."""

    def __init__(self, region, towns, people, *, on):
        """Take the ground that `make_ground` has made, {username: person}, and today."""
        self.region, self.towns, self.people, self.on = region, towns, people, on
        self.measures, self.priorities, self.indicators = {}, [], []

    def build(self):
        """Create the whole tree."""
        self._strategy()
        self._programme()
        self._commitments()
        self._indicators()
        self._cycles()
        self._reports()
        self._gaps()
        self._consent()
        self._session()

    def _make(self, model, *, by="editor", **fields):
        record = model(is_sample=True, created_by=self.people[by], **fields)
        record.full_clean(exclude=["created_by"])
        record.save()
        return record

    def _document(self, title, kind, number, **owner):
        document = self._make(
            Document, title=title, kind=kind, number=number, date=months_from(self.on, -14),
            adopted_by="Орган из примера", url="https://example.org/primer", **owner,
        )  # fmt: skip
        by = self.people["approver"] if "region" in owner else self.people["primersk-head"]
        document.move_to(Document.Status.PUBLISHED, by=by)
        return document

    def _strategy(self):
        town = self.towns["primersk"]
        act = self._document("Решение об утверждении стратегии (пример)", "decision", "00-П", municipality=town)
        strategy = self._make(
            Strategy, municipality=town, title="Стратегия развития (пример)", year_from=self.on.year - 3,
            year_to=self.on.year + 6, mission="Город, в котором хочется остаться.",
            summary="Придуманная стратегия: на ней можно попробовать, как работает сайт.",
            act=act, act_number=act.number, act_date=act.date, adopted_by="Дума из примера",
        )  # fmt: skip
        strategy.move_to(Strategy.Status.DISCUSSION, by=self.people["editor"])
        strategy.move_to(Strategy.Status.APPROVED, by=self.people["approver"])
        goals = []
        for text, children in content.GOALS.items():
            parent = self._make(Goal, strategy=strategy, text=text, order=len(goals))
            goals.append(parent)
            for child in children:
                goals.append(self._make(Goal, strategy=strategy, parent=parent, text=child, order=len(goals)))
        for order, (title, sphere, goal, words) in enumerate(content.PRIORITIES):
            priority = self._make(
                Priority, strategy=strategy, goal=goals[goal], title=title, sphere=sphere, plain_text=words, order=order
            )
            priority.move_to(Priority.Status.PUBLISHED, by=self.people["approver"])
            self.priorities.append(priority)

    def _programme(self):
        act = self._document("Постановление о программе действий (пример)", "decree", "000-П", region=self.region)
        programme = self._make(
            Programme, region=self.region, code="sample", title="Программа действий (пример)",
            year_from=self.on.year - 2, year_to=self.on.year + 4, act_title="Постановление из примера № 000-П",
            act_date=act.date, act=act, summary="Придуманная программа: на ней можно попробовать отчёты.",
        )  # fmt: skip
        self.programme = programme
        directions = [
            self._make(ProgrammeDirection, programme=programme, title=title, curator="Пример Куратор", order=order)
            for order, title in enumerate(content.DIRECTIONS)
        ]
        for code, slug, direction, title, responsible, start, due, money, priority, milestones in content.MEASURES:
            measure = self._make(
                Measure, direction=directions[direction], municipality=self.towns.get(slug), code=code, title=title,
                responsible=responsible, start=months_from(self.on, start), due=months_from(self.on, due),
                owner=None if code == content.OWNERLESS else self.people[f"{slug}-head" if slug else "editor"],
            )  # fmt: skip
            measure.move_to(Measure.Status.PLANNED, by=self.people["approver"])
            for source, planned in money.items():
                self._make(Funding, measure=measure, year=measure.start.year, source=source, planned=planned)
            for name, months in milestones:
                self._make(Milestone, measure=measure, title=name, due=months_from(self.on, months))
            if priority is not None:
                self._make(PriorityMeasure, priority=self.priorities[priority], measure=measure)
            self.measures[code] = measure
        programme.move_to(Programme.Status.APPROVED, by=self.people["approver"])

    def _commitments(self):
        """Promises of both sides: agreed, given by one side only, taken back, still prepared."""
        for code, side, kind, amount, condition, ago, until in content.COMMITMENTS:
            measure, writers = self.measures[code], {"region": ("editor", "approver"), "town": ("primersk-head",) * 2}
            writer, signer = writers[side]
            promise = self._make(
                Commitment, by=writer, link=measure.priority_links.get(), side=side, kind=kind, amount=amount,
                year=measure.due.year, condition=condition,
            )  # fmt: skip
            if until == "draft":
                continue
            promise.move_to(Commitment.Status.CONFIRMED, by=self.people[signer])
            Commitment.objects.filter(pk=promise.pk).update(published_at=timezone.now() - datetime.timedelta(days=ago))
            if until:
                promise.refresh_from_db()
                promise.move_to(Commitment.Status.WITHDRAWN, by=self.people[signer], reason=until)

    def _indicators(self):
        for priority, name, unit, direction, base, years in content.INDICATORS:
            indicator = self._make(
                Indicator, priority=self.priorities[priority], name=name, unit=unit, direction=direction,
                base_year=self.on.year + min(years) - 1, base_value=base, data_source="Придуманные данные",
            )  # fmt: skip
            for shift, (target, actual, preliminary, reason) in years.items():
                self._make(
                    IndicatorValue, indicator=indicator, year=self.on.year + shift, target=target, actual=actual,
                    is_preliminary=preliminary, deviation_reason=reason,
                )  # fmt: skip
            self.indicators.append(indicator)

    def _cycles(self):
        """Reports were asked for in the last two quarters."""
        self.cycles = [
            ReportingCycle.start(self.programme, *quarter_back(self.on, back), by=self.people["approver"])[0]
            for back in (2, 1)
        ]

    def _reports(self):
        """Reports by time, so that each stands on what was known; the older cycle is closed before the next."""
        former = {}
        told = [(words["back"], code, words) for code, reports in content.REPORTS.items() for words in reports]
        for back, group in groupby(sorted(told, key=lambda one: -one[0]), key=itemgetter(0)):
            for _back, code, words in group:
                former[code] = self._report(self.measures[code], words, former.get(code))
            if back == 2:
                self.cycles[0].move_to(ReportingCycle.Status.CLOSED, by=self.people["approver"])
        self._priority_report()

    def _priority_report(self):
        words = content.PRIORITY_REPORT
        year, period = quarter_back(self.on, words["back"])
        report = self._make(
            ProgressReport, by="primersk-editor", priority=self.priorities[words["priority"]], year=year, period=period,
            text=words["text"], reported_status="in_progress", pace="on_plan",
        )  # fmt: skip
        report.move_to(ProgressReport.Status.SUBMITTED, by=self.people["primersk-head"])
        self._date(report)
        report.move_to(ProgressReport.Status.PUBLISHED, by=self.people["approver"])

    def _date(self, report):
        """Samples are made in a moment: their reports were handed in and published by the day they were due."""
        due = self.programme.due_day(report.year, report.period)
        at = timezone.make_aware(datetime.datetime.combine(min(due, self.on), datetime.time(10, 0)))
        report.submitted_at, report.published_at = at - datetime.timedelta(days=3), at
        ProgressReport.objects.filter(pk=report.pk).update(
            submitted_at=report.submitted_at, published_at=report.published_at
        )

    def _report(self, measure, words, former):
        measure.refresh_from_db()
        writer, head = self._reporters(measure)
        year, period = quarter_back(self.on, words["back"])
        report = self._make(
            ProgressReport, by=writer, measure=measure, year=year, period=period, text=words["text"],
            percent=words["percent"], reported_status=words.get("status", "in_progress"),
            pace=words.get("pace", "behind" if "reason" in words else "on_plan"),
            reason_kind=words.get("reason_kind", ""), deviation_reason=words.get("reason", ""),
            postponed_by=words.get("paper", ""), next_steps=words.get("next_steps", ""),
            problems=words.get("problems", ""),
            postponed_to=months_from(self.on, words["postponed"]) if "postponed" in words else None,
            corrects=former if words.get("corrects") else None,
        )  # fmt: skip
        for name, months in words.get("milestones", {}).items():
            milestone = measure.milestones.get(title=name)
            ReportedMilestone.objects.create(report=report, milestone=milestone, done_on=months_from(self.on, months))
        for source, spent in words.get("spent", {}).items():
            ReportedSpending.objects.create(report=report, funding=measure.fundings.get(source=source), spent=spent)
        if "actual" in words:
            ReportedActual.objects.create(
                report=report,
                indicator=self.indicators[0],
                year=self.on.year,
                actual=words["actual"],
                is_preliminary=True,
            )
        for number, stage in enumerate(words.get("photos", [])):
            picture = CheckedFile(**sample_picture(f"{measure.code}{number}"), caption="Рисунок для примера")
            Evidence.attach(report, [picture], stage=stage, by=self.people[writer])
        until = words.get("until", "published")
        if until != "draft":
            report.move_to(ProgressReport.Status.SUBMITTED, by=self.people[head])
        if until == "published":
            self._date(report)
        if until == "returned":
            report.move_to(ProgressReport.Status.RETURNED, by=self.people["approver"], reason=content.RETURN_COMMENT)
        elif until == "published":
            report.move_to(ProgressReport.Status.PUBLISHED, by=self.people["approver"])
        return report

    def _reporters(self, measure):
        """(who writes, who submits) the reports of a measure."""
        if measure.municipality_id is None:
            return "editor", "editor"
        if measure.municipality_id == self.towns["primersk"].pk:
            return "primersk-editor", "primersk-head"
        return "novoprimersk-head", "novoprimersk-head"

    def _gaps(self):
        for subject, kind, decision, responsible, months, why in content.GAP_ANSWERS:
            of = {"measure": self.measures[subject]} if subject in self.measures else {}
            self._make(
                GapAnswer, **(of or {"priority": self.priorities[subject]}), kind=kind, decision=decision,
                responsible=responsible, owner=self.people["editor"], why=why,
                due=None if months is None else months_from(self.on, months),
            )  # fmt: skip

    def _consent(self):
        self._make(ConsentText, region=self.region, valid_from=self.on, **content.CONSENT)
        town = self.towns["primersk"]
        town.takes_proposals = True
        town.save(update_fields=["takes_proposals"])

    def _session(self):
        town = self.towns["primersk"]
        start = timezone.make_aware(
            datetime.datetime.combine(self.on + datetime.timedelta(days=20), datetime.time(18, 0))
        )
        session = self._make(
            Session, by="primersk-editor", region=self.region, municipality=town, slug="sample-session",
            title="Встреча о дворах и работе (пример)", starts_at=start, ends_at=start + datetime.timedelta(hours=2),
            place=town.name, venue="Дом культуры из примера", organisers="Администрация города (пример)",
            agenda="Что сделано за год\nРабота в секциях\nЧто дальше", participants="все желающие",
            summary="Придуманная сессия: на ней можно попробовать приём предложений.",
            proposals_until=self.on + datetime.timedelta(days=15),
        )  # fmt: skip
        session.move_to(Session.Status.ANNOUNCED, by=self.people["primersk-editor"])
        session.priorities.set(self.priorities)
        sections = [
            self._make(
                Section, by="primersk-editor", session=session, title=title, moderator=who, experts=expert, order=n
            )
            for n, (title, who, expert) in enumerate(content.SECTIONS)
        ]
        for number, (text, priority, measure, until, answer) in enumerate(content.PROPOSALS, start=1):
            proposal = self._make(
                Proposal, by="primersk-editor", number=f"ПР-{self.on.year}-{number:04}", region=self.region,
                municipality=town, session=session, section=sections[0], text=text, public_text=text,
                speaker="житель (пример)", said_on=self.on.isoformat(), answer=answer,
                priority=None if priority is None else self.priorities[priority], measure=self.measures.get(measure),
            )  # fmt: skip
            if until != "new":
                proposal.move_to(Proposal.Status.ON_REVIEW, by=self.people["primersk-editor"])
            if answer:
                proposal.move_to(until, by=self.people["primersk-head"])
