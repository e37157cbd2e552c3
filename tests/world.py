"""A region with a record of every kind, and the people who work there."""

import datetime

from django.utils import timezone

from accounts.models import Role
from municipalities.models import Head, Municipality
from sessions.models import Decision
from strategies.models import Funding, GapAnswer, Indicator, IndicatorValue, Milestone
from tests import factories
from tests.conftest import person

DAY, SOON = datetime.date(2026, 3, 1), datetime.timedelta(days=9)


class World:
    """A region with a record of every kind, and the people who work there."""

    def __init__(self, region, number=1):
        self.region = region
        self.town = factories.make(
            Municipality, region=region, name=f"Город {number}", slug=f"town-{number}", kind="urban_okrug",
            in_programme=True,
        )  # fmt: skip
        self.head = person(f"head-{number}", Role.MUNICIPAL_HEAD, municipality=self.town)
        self.editor = person(f"editor-{number}", Role.MUNICIPAL_EDITOR, municipality=self.town)
        self.writer = person(f"writer-{number}", Role.REGION_EDITOR, region=region)
        self.approver = person(f"approver-{number}", Role.REGION_APPROVER, region=region)
        self.admin = person(f"admin-{number}", Role.ADMIN, region=region)
        self.strategy = factories.strategy(self.town)
        self.goal = factories.goal(self.strategy)
        self.priority = factories.priority(self.strategy, goal=self.goal)
        self.programme = factories.programme(region)
        self.direction = factories.direction(region, programme=self.programme)
        self.measure = factories.measure(self.town, direction=self.direction)
        self.draft = factories.measure(self.town, direction=self.direction, status="draft")
        self.link = factories.link(self.priority, self.measure)
        self.milestone = factories.make(Milestone, measure=self.measure, title="Точка", due=DAY)
        self.funding = factories.make(Funding, measure=self.measure, year=2026, source="regional", planned=100)
        self.indicator = factories.make(Indicator, measure=self.measure, name="Дороги", unit="км")
        self.value = factories.make(IndicatorValue, indicator=self.indicator, year=2026, target=10)
        self.session = factories.session(self.town)
        self.planned = factories.session(self.town, status="planned", starts_at=timezone.now() + SOON)
        self.announced = factories.session(self.town, status="announced", starts_at=timezone.now() + SOON)
        self.decision = factories.make(Decision, session=self.session, number="1", text="Сделать")
        self.proposal = factories.proposal(self.town)
        self.document = factories.document(self.town)
        self.draft_document = factories.document(self.town, status="draft")
        self.head_of_old = factories.make(Head, municipality=self.town, name="Иван Ильин", since="2019")
        self.answer = factories.make(
            GapAnswer, priority=self.priority, kind="no_measure", responsible="Минстрой", due=DAY, why="Ищем деньги"
        )
        self.cycle = factories.cycle(self.programme)
        self.report = factories.report(self.measure, by=self.editor)

    @property
    def records(self):
        """What has a page of its own."""
        return [self.town, self.priority, self.measure, self.proposal, self.document, self.cycle]
