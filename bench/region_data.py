"""A region of the size of a country: 1,117 towns with everything that its programme is made of.

The same each time: what a record is follows from its number. Rows go in by `bulk_create`, past the doors of the models.
"""

import csv
import datetime
import pathlib
from decimal import Decimal

from accounts.models import Role, RoleAssignment, User
from bench.region_reports import TODAY, Reporting, keep, moment, percent_of, status_of
from documents.models import Document
from municipalities.models import Municipality, Population, Region
from municipalities.search import index_text, keys, sort_key
from sessions.models import Session
from strategies.models import (
    Commitment,
    DueChange,
    Finding,
    Funding,
    GapAnswer,
    Goal,
    Measure,
    Milestone,
    Priority,
    PriorityMeasure,
    Programme,
    ProgrammeDirection,
    Strategy,
)
from strategies.priorities.models import Sphere
from strategies.programme.models.measure import RESPONSIBLE

ROOT = pathlib.Path(__file__).resolve().parent.parent
TOWNS, PRIORITIES, MEASURES, REPORTS = 1_117, 11_000, 20_000, 200_000
DIRECTIONS = [
    "Городская среда", "Дороги", "Вода и тепло", "Жильё", "Школы и детские сады", "Медицина", "Культура", "Спорт",
    "Промышленность", "Малое дело", "Туризм", "Управление",
]  # fmt: skip
BODIES = ["Министерство строительства", "Министерство транспорта", "Администрация города", "Министерство экологии"]
WORKS = [
    "Ремонт улицы", "Благоустройство парка", "Насосная станция", "Освещение дворов", "Пристрой к школе", "Поликлиника",
    "Набережная", "Водовод", "Технопарк", "Мост через овраг",
]  # fmt: skip
SPHERES = [sphere.value for sphere in Sphere]


class Filling(Reporting):
    """Everything at once, in the order in which records need each other.

    Args:
        scale: 1 for the whole region; 0.01 for a look.
    """

    def __init__(self, scale=1):
        self.number = {
            "towns": int(TOWNS * scale), "priorities": int(PRIORITIES * scale), "measures": int(MEASURES * scale),
            "reports": int(REPORTS * scale),
        }  # fmt: skip

    def run(self, told=lambda words: None):
        """Fill an empty database; `told` hears what was made."""
        for step in (
            self.ground, self.people, self.strategies, self.programme, self.measures, self.money, self.links,
            self.promises, self.cycles, self.reports, self.figures,
        ):  # fmt: skip
            told(step.__doc__)
            step()
        return self

    def ground(self):
        """Towns"""
        self.region = Region.objects.create(
            name="Самарская область",
            slug="samara",
            oktmo="36000000",
            is_active=True,
            joined_on=datetime.date(2018, 8, 14),
        )
        path = ROOT / "demo/towns/all_russia_towns.csv"
        with path.open(encoding="utf-8") as file:
            rows = list(csv.DictReader(file))[: self.number["towns"]]
        towns = []
        for index, row in enumerate(rows):
            name = row["city"] or row["region"]
            towns.append(
                Municipality(
                    region=self.region,
                    name=name,
                    slug=f"town-{index}",
                    kind="urban_okrug",
                    oktmo=f"36{index:06}",
                    latitude=Decimal(row["geo_lat"]).quantize(Decimal("0.000001")),
                    longitude=Decimal(row["geo_lon"]).quantize(Decimal("0.000001")),
                    in_programme=True,
                    is_monotown=index % 3 == 0,
                    name_sort=sort_key(name),
                    search_stems=index_text(name),
                )  # fmt: skip
            )
        self.towns = keep(Municipality, towns)
        people = [int("".join(filter(str.isdigit, row["population"])) or 10_000) for row in rows]
        keep(
            Population,
            [
                Population(municipality=town, year=year, people=max(number - (2025 - year) * 100, 100))
                for town, number in zip(self.towns, people, strict=True)
                for year in (2010, 2021, 2025)
            ],
        )

    def people(self):
        """Officials"""
        names = ["editor", "approver", "member"] + [f"head-{index}" for index in range(len(self.towns))]
        users = keep(User, [User(username=name, password="!", post="Глава города", last_name=name) for name in names])
        roles = [Role.REGION_EDITOR, Role.REGION_APPROVER, Role.WG_MEMBER]
        given = {"valid_from": datetime.date(2024, 1, 1)}
        rows = [
            RoleAssignment(user=user, role=role, region=self.region, **given)
            for user, role in zip(users, roles, strict=False)
        ]
        self.editor, self.approver, self.heads = users[0], users[1], users[3:]
        rows += [
            RoleAssignment(user=user, role=Role.MUNICIPAL_HEAD, municipality=town, **given)
            for user, town in zip(self.heads, self.towns, strict=True)
        ]
        keep(RoleAssignment, rows)

    def strategies(self):
        """Strategies and priorities"""
        day = datetime.date(2019, 2, 21)
        acts = keep(
            Document,
            [
                Document(
                    kind="decision", title="Решение Думы об утверждении стратегии", number="432", date=day,
                    url="https://example.org/act", status="published", municipality=town, published_at=moment(day),
                )
                for town in self.towns
            ],
        )  # fmt: skip
        strategies = keep(
            Strategy,
            [
                Strategy(
                    municipality=town, title="Стратегия развития", year_from=2018, year_to=2030, status="approved",
                    act=act, act_number="432", act_date=day, adopted_by="Дума", published_at=moment(day),
                )
                for town, act in zip(self.towns, acts, strict=True)
            ],
        )  # fmt: skip
        goals = keep(Goal, [Goal(strategy=strategy, text="Город, где хочется жить") for strategy in strategies])
        priorities = []
        for index in range(self.number["priorities"]):
            place = index % len(strategies)
            title = f"{WORKS[index % 10]} и соседние дворы, {index // len(strategies) + 1}"
            priorities.append(
                Priority(
                    strategy=strategies[place],
                    goal=goals[place],
                    title=title,
                    order=index // len(strategies),
                    plain_text="Чтобы людям было удобно.",
                    sphere=SPHERES[index % len(SPHERES)],
                    status="draft" if index % 100 == 99 else "published",
                    published_at=moment(day),
                    owner=None if index % 7 == 0 else self.heads[place],
                    search_stems=index_text(title),
                )  # fmt: skip
            )
        self.priorities = keep(Priority, priorities)
        starts = moment(datetime.date(2018, 6, 22))
        sessions = [
            Session(
                region=self.region, municipality=town, slug=f"session-{index}", title="Стратегическая сессия",
                starts_at=starts, status="held", published_at=starts,
            )
            for index, town in enumerate(self.towns)
        ]  # fmt: skip
        keep(Session, sessions)

    def programme(self):
        """The programme"""
        act = Document.objects.create(
            kind="decision", title="Постановление о программе", number="100", date=datetime.date(2023, 12, 20),
            url="https://example.org/programme", status="published", region=self.region,
        )  # fmt: skip
        self.promised = Programme.objects.create(
            region=self.region, title="Программа действий для малых и средних городов", year_from=2024, year_to=2030,
            status="approved", act=act, act_title="Постановление № 100", act_date=act.date,
            published_at=moment(act.date),
        )  # fmt: skip
        self.directions = keep(
            ProgrammeDirection,
            [
                ProgrammeDirection(programme=self.promised, title=title, curator=BODIES[index % 4], order=index)
                for index, title in enumerate(DIRECTIONS)
            ],
        )

    def measures(self):
        """Measures"""
        bodies = {body: "".join(f" {RESPONSIBLE}{key}" for key in dict.fromkeys(keys(body))) for body in BODIES}
        rows = []
        for index in range(self.number["measures"]):
            place, status = index % len(self.towns), status_of(index)
            title, body = f"{WORKS[index % 10]}, участок {index}", BODIES[index % 4]
            start = datetime.date(2024, 1 + index % 12, 1)
            due = None if index % 23 == 0 else datetime.date(2025 + index % 5, 1 + index % 12, 28)
            rows.append(
                Measure(
                    direction=self.directions[index % 12],
                    municipality=None if index % 25 == 0 else self.towns[place],
                    code=f"{index % 12 + 1}.{index}",
                    title=title,
                    description="Что именно сделают, словами документа.",
                    responsible=body,
                    start=start,
                    due=due,
                    status=status,
                    percent=percent_of(index, status),
                    postponed_to=datetime.date(2029, 6, 1) if status == "postponed" else None,
                    owner=None if index % 6 == 0 else self.heads[place],
                    published_at=moment(start),
                    search_stems=f"{index_text(title, body)}{bodies[body]} ",
                    stated_total=Decimal(4000) if index % 50 == 0 else None,
                )  # fmt: skip
            )
        self.rows = keep(Measure, rows)
        moved = [row for row in self.rows if row.status == "postponed"]
        keep(
            DueChange,
            [
                DueChange(
                    measure=row, old_due=row.due, new_due=row.postponed_to, reason="Подрядчик не вышел на работы.",
                    decided_on=datetime.date(2025, 1 + number % 12, 10),
                )
                for number, row in enumerate(moved)
            ],
        )  # fmt: skip
        keep(
            Milestone,
            [
                Milestone(measure=row, title=title, due=datetime.date(2025, month, 1), done_on=None)
                for row in self.rows[::5]
                for title, month in (("Проект готов", 3), ("Подрядчик вышел", 9))
            ],
        )

    def money(self):
        """Money by years and sources"""
        rows = []
        for index, measure in enumerate(self.rows):
            if index % 10 == 4:
                continue
            for year in (2025, 2026):
                for source, share in (("regional", 700), ("local", 300)):
                    spent = share * (index % 11) // 10 if year == 2025 and index % 8 else None
                    rows.append(
                        Funding(measure=measure, year=year, source=source, planned=share + index % 90 * 10, spent=spent)
                    )
        keep(Funding, rows)

    def links(self):
        """Measures that answer priorities: a fifth of the priorities has none"""
        by_town = {}
        for index, priority in enumerate(self.priorities):
            if index % 5:
                by_town.setdefault(index % len(self.towns), []).append(priority)
        rows = []
        for index, measure in enumerate(self.rows):
            if index % 10 == 3:
                continue
            if measure.municipality_id is None:
                chosen = [by_town[(index + step) % len(self.towns)][0] for step in range(5)]
            else:
                own = by_town[index % len(self.towns)]
                chosen = {own[(index // len(self.towns) + step) % len(own)] for step in range(1 + index % 2)}
            rows += [PriorityMeasure(priority=one, measure=measure) for one in sorted(chosen, key=lambda one: one.pk)]
        self.linked = keep(PriorityMeasure, rows)

    def promises(self):
        """Promises of both sides on half of the links, answers about gaps, findings"""
        rows = []
        for index, link in enumerate(self.linked):
            if index % 4 > 1:
                continue
            given = {"link": link, "amount": 500 + index % 40 * 25, "year": 2025 + index % 4}
            for side, kind in (("region", "fund"), ("town", "cofund")):
                first = side == ("region" if index % 8 == 1 else "town")
                status = "confirmed" if index % 4 == 0 or first else "draft"
                because = "Денег в бюджете не нашлось." if status == "confirmed" and index % 96 == 0 else ""
                rows.append(
                    Commitment(
                        side=side,
                        kind=kind,
                        status="withdrawn" if because else status,
                        withdrawn_because=because,
                        published_at=moment(datetime.date(2025, 3, 1)),
                        created_by=self.editor,
                        **given,
                    )  # fmt: skip
                )
        keep(Commitment, rows)
        word = {"responsible": "Министерство строительства", "why": "Ищем деньги в бюджете следующего года."}
        due = TODAY + datetime.timedelta(days=30)
        answers = [
            GapAnswer(priority=one, kind="no_measure", due=due - datetime.timedelta(days=index % 80), **word)
            for index, one in enumerate(self.priorities[::10])
        ]
        answers += [GapAnswer(measure=one, kind="no_money", due=due, **word) for one in self.rows[4::30]]
        keep(GapAnswer, answers)
        findings = [
            Finding(region=self.region, kind="money_sum", key=f"{index:064}", text="Деньги не сходятся.")
            for index in range(len(self.rows) // 100)
        ]
        keep(Finding, findings)
