"""Every page of the office and the workshop where something is typed, with one person who may do it all."""

import datetime

from django.urls import reverse
from django.utils import timezone

from accounts.models import Role, RoleAssignment
from exchange.intake.book import pack_grids
from exchange.models import TableImport
from exchange.sheets.grid import Grid
from sessions.models import Decision, Section
from strategies.models import Finding, GapAnswer, ProgrammeVersion
from tests import factories
from tests.accounts.revised import change
from tests.conftest import person

SOON = datetime.timedelta(days=9)


class OfficePages:
    """A region with a town, and for each page with forms the record it is about.

    Args:
        town: where; the person is its head and works for its region too.
    """

    def __init__(self, town):
        self.town, region = town, town.region
        self.person = person("everybody", Role.MUNICIPAL_HEAD, municipality=town)
        for role in (Role.REGION_EDITOR, Role.REGION_APPROVER, Role.ADMIN):
            RoleAssignment.objects.create(
                user=self.person, role=role, region=region, valid_from=timezone.localdate() - SOON
            )
        self.colleague = person("colleague", Role.MUNICIPAL_EDITOR, municipality=town)
        self.programme = factories.programme(region)
        factories.make(ProgrammeVersion, programme=self.programme, number=1)
        self.draft_programme = factories.programme(region, status="draft")
        direction = factories.direction(region, programme=self.programme)
        self.measure = factories.measure(town, direction=direction, owner=self.colleague)
        self.strategy = factories.strategy(town)
        self.priority = factories.priority(self.strategy)
        self.corrected = factories.priority(self.strategy)
        change(self.corrected, person("corrector", Role.REGION_EDITOR, region=region), title="Новое название")
        self.draft_priority = factories.priority(self.strategy, status="draft")
        self.link = factories.link(factories.priority(self.strategy), self.measure)
        self.commitment = factories.commitment(self.link, "town", status="draft", condition="Как есть")
        self.given = factories.commitment(self.link, "region")
        self.gap = GapAnswer.objects.create(
            priority=self.priority, kind="no_measure", responsible="Минстрой", due=datetime.date(2099, 1, 1), why="Ищем"
        )
        self.finding = Finding.objects.create(region=region, kind="money_sum", key="x", text="Не сходится")
        self.session = factories.session(town, status="planned", starts_at=timezone.now() + SOON, place="ДК")
        self.section = factories.make(Section, session=self.session, title="Первая")
        self.table = TableImport.begin(
            "Работы;Когда\nМост;2027".encode(), "План.csv", by=self.person, region=region, programme=self.programme,
            grids=pack_grids([Grid([["Мероприятие", "Ответственный"], ["Мост", "Комитет"]])]),
            said={"confirmed": True, "sheets": {"0": {"kind": "measures"}}},
        )  # fmt: skip
        self.hall = factories.session(town, status="announced", starts_at=timezone.now() + SOON)
        self.held = factories.session(town)
        self.decision = factories.make(Decision, session=self.held, number=1, text="Сделать")
        self.proposal = factories.proposal(town, status="on_review")
        self.report = factories.report(
            self.measure, by=self.colleague, status="submitted", submitted_by=self.colleague, period="q2"
        )
        self.published = factories.report(self.measure, by=self.colleague, status="published", year=2025, period="q4")

    def addresses(self):
        """{name of the page: its address}: names of the office, with a colon and more where one is shown twice."""
        town = f"?place=town-{self.town.pk}&from={self.colleague.pk}"
        found = {
            "report_measure": [self.measure.pk, "2026-q1"],
            "report_priority": [self.priority.pk, "2026-q1"],
            "report_correct": [self.published.pk],
            "review_detail": [self.report.pk],
            "programme_detail": [self.programme.pk],
            "programme_detail:draft": [self.draft_programme.pk],
            "programme_edit": [self.draft_programme.pk],
            "programme_revise": [self.programme.pk],
            "gap": ["no_measure", self.priority.pk],
            "commitment": [self.link.pk],
            "finding": [self.finding.pk],
            "session_new": [],
            "session": [self.session.pk],
            "session:announced": [self.hall.pk],
            "session_decisions": [self.held.pk],
            "session_hall": [self.hall.pk],
            "proposal": [self.proposal.pk],
            "handover_new": [],
            "revisions": [],
            "tables": [],
            "table": [self.table.pk],
        }
        pages = {name: reverse(f"office:{name.split(':')[0]}", args=args) for name, args in found.items()}
        pages["handover_new"] += town
        return pages | {
            "admin:strategy": reverse("admin:strategies_strategy_change", args=[self.strategy.pk]),
            "admin:move": reverse("admin:strategies_priority_move", args=[self.draft_priority.pk, "published"]),
            "admin:measure": reverse("admin:strategies_measure_change", args=[self.measure.pk]),
            "admin:user": reverse("admin:accounts_user_change", args=[self.colleague.pk]),
        }

    def rewrite(self):
        """What a colleague writes meanwhile: {name of the page: (field of its form, the act)}."""
        return {
            "programme_edit": ("summary", self._set(self.draft_programme, summary="Чужое")),
            "gap": ("why", self._set(self.gap, why="Чужое")),
            "commitment": ("condition", self._set(self.commitment, condition="Чужое")),
            "session": ("place", self._set(self.session, place="Чужое")),
            "session_decisions": ("decisions-0-text", self._set(self.decision, text="Чужое")),
            "proposal": ("public_text", self._set(self.proposal, public_text="Чужое")),
            "admin:strategy": ("title", self._set(self.strategy, title="Чужое")),
            "admin:user": ("post", self._set(self.colleague, post="Чужое")),
        }

    def _set(self, record, **values):
        def act():
            fresh = type(record)._base_manager.get(pk=record.pk)
            for name, value in values.items():
                setattr(fresh, name, value)
            if hasattr(fresh, "row_version"):
                fresh.row_version += 1
            fresh.save()

        return act
