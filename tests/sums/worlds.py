"""Three worlds whose sums are counted once more: the try-out, facts alone, and one that is awkward on purpose."""

import datetime

from django.core.management import call_command
from django.utils import timezone

from accounts.models import Role
from municipalities.models import Municipality, Region
from sessions.models import Decision, Proposal
from strategies import periods
from strategies.models import (
    Commitment,
    Funding,
    GapAnswer,
    Indicator,
    IndicatorValue,
    Measure,
    Milestone,
    ProgressReport,
)
from tests import factories
from tests.conftest import person

DAY = datetime.timedelta(days=1)


def demo():
    call_command("load_region", "demo/samara", verbosity=0)
    call_command("load_demo", verbosity=0)


def facts_only():
    call_command("load_region", "demo/samara", verbosity=0)


def mixed():
    """Cancelled and blank things, a measure for two towns, a step of preparation, unheard of, late with everything."""
    today = timezone.localdate()
    region = factories.make(
        Region, name="Область", slug="oblast", is_active=True, joined_on=today - datetime.timedelta(days=400)
    )
    towns = [
        factories.make(Municipality, region=region, name=name, slug=slug, kind="urban_okrug", in_programme=True)
        for name, slug in (("Город", "gorod"), ("Другой", "drugoy"))
    ]
    own, contest = factories.programme(region), factories.programme(region, kind="federal")
    prepared = factories.programme(region, status="prepared", year_to=None)
    for number_of, town in enumerate(towns, start=1):
        strategy = factories.strategy(town, status="approved" if number_of == 1 else "discussion")
        chosen = [factories.priority(strategy) for _ in range(number_of + 1)]
        factories.priority(strategy, status="draft")
        for kind, programme in (("own", own), ("other", contest)):
            blocks = factories.direction(region, programme=programme)
            for status, percent, due in (
                ("planned", None, today - datetime.timedelta(days=30)),
                ("planned", None, None),
                ("in_progress", 40, datetime.date(2029, 5, 1)),
                ("done", 100, today - datetime.timedelta(days=60)),
                ("cancelled", None, datetime.date(2029, 5, 1)),
                ("draft", None, datetime.date(2029, 5, 1)),
            ):
                measure = factories.measure(
                    town, direction=blocks, status=status, percent=percent, due=due, start=None, promised_year=2020,
                    title=f"{kind} {status} {due}",
                )  # fmt: skip
                if status != "planned" or due:
                    _money(measure, "1000.10", "400.35" if percent else None)
                    _money(measure, None, None, year=2027)
                if status in {"in_progress", "done"}:
                    factories.report(measure, status="published", percent=percent, reported_status=status,
                                     published_at=timezone.now() - (200 if kind == "own" else 20) * DAY)  # fmt: skip
            if kind == "own":
                factories.link(chosen[0], measure)
        for public_text, status in (("Слова", "new"), ("Учтено", "accepted"), ("", "new"), ("Скрыто", "hidden")):
            answered = {"answer": "Да.", "answered_at": timezone.now()} if status == "accepted" else {}
            factories.proposal(town, public_text=public_text, status=status, **answered)
        factories.session(town)
        factories.session(town, status="cancelled")
        factories.session(town, status="planned")
    shared = factories.measure(region, direction=factories.direction(region, programme=own), due=None, start=None)
    shared.towns.set(towns)
    _money(shared, "777.77", None)
    factories.measure(region, direction=factories.direction(region, programme=prepared), due=None, start=None)
    _compared(towns, own)
    _late(region, towns, own, shared, today)


def _money(measure, planned, spent, *, year=2026):
    factories.make(Funding, measure=measure, year=year, source="regional", planned=planned, spent=spent)


def _compared(towns, programme):
    """Plan against fact: whole, whole at last, a fact of nought, half of it blank, a fact without a plan."""
    block = factories.direction(towns[0].region, programme=programme, title="План и факт")
    for title, sums in {
        "Целиком": [("1000.10", "800.08"), ("250.00", "250.50")],
        "Факт ноль": [("33.33", "0.00")],
        "Половина": [("500.00", "499.99"), ("90000.00", None)],
        "Без плана": [(None, "12.34")],
        "План ноль": [("0.00", "5.00")],
    }.items():
        measure = factories.measure(towns[1], direction=block, title=title, start=None, status="in_progress", percent=5)
        for year, (planned, spent) in enumerate(sums, start=2026):
            _money(measure, planned, spent, year=year)
        indicator = factories.make(Indicator, measure=measure, name="Длина", unit="м")
        factories.make(IndicatorValue, indicator=indicator, year=2026, target="10.5", actual="10.25")
        factories.make(IndicatorValue, indicator=indicator, year=2027, target="0.0001")


def _late(region, towns, programme, shared, today):
    """Each kind of lateness of both sides, and beside each what only looks like it."""

    def ago(days):
        return today - datetime.timedelta(days=days)

    people = {
        town: person(f"head-{town.slug}", Role.MUNICIPAL_HEAD, municipality=town) for town in towns
    } | {region: person("approver", Role.REGION_APPROVER, region=region)}  # fmt: skip
    for who in people.values():
        who.email = f"{who.username}@example.org"
        who.save()
    planned = [Measure.objects.get(municipality=town, title__startswith="own planned 2") for town in towns]
    running = [Measure.objects.get(municipality=town, title__startswith="own in_progress") for town in towns]
    named = factories.measure(region, direction=shared.direction, due=ago(12), start=None)
    named.towns.set(towns[:1])
    _late_reports(programme, [*planned, shared], ago)
    _late_words_of_sides(towns, [*planned, *running], people, ago)
    Measure.objects.filter(pk__in=[planned[0].pk, running[1].pk, shared.pk]).update(
        created_at=timezone.now() - 150 * DAY
    )
    running[0].owner = people[towns[0]]
    running[0].save()
    for measure, kind, decision, due in (
        (planned[0], "no_town", "preparing", ago(3)), (shared, "no_date", "preparing", ago(-3)),
        (running[1], "no_owner", "stays", None),
    ):  # fmt: skip
        factories.make(GapAnswer, measure=measure, kind=kind, decision=decision, due=due, responsible="Минстрой",
                       why="Ждём проект")  # fmt: skip
    for title, due, done_on in (
        ("Прошла", ago(10), None), ("Давно", ago(4000), None), ("Пройдена", ago(20), ago(15)),
        ("Впереди", ago(-9), None),
    ):  # fmt: skip
        factories.make(Milestone, measure=running[0], title=title, due=due, done_on=done_on)
    for place in (*towns, None):
        for days, status, text in ((5, "new", "Ждёт"), (9, "on_review", "Ждёт"), (5, "new", ""), (-5, "new", "В срок"),
                                   (7, "hidden", "Скрыто"), (400, "declined", "Отказ")):  # fmt: skip
            answered = {"answer": "Нет.", "answered_at": timezone.now()} if status == "declined" else {}
            words = factories.proposal(towns[0], status=status, public_text=text, answer_due=ago(days), **answered)
            Proposal.objects.filter(pk=words.pk).update(municipality=place)
    regional = factories.session(region)
    for text, status in (("Слова", "new"), ("Слова", "accepted"), ("", "new"), ("Скрыто", "hidden")):
        answered = {"answer": "Да.", "answered_at": timezone.now()} if status == "accepted" else {}
        factories.proposal(towns[0], session=regional, public_text=text, status=status, **answered)
    session = factories.session(towns[0], status="outcome", outcome="Решили", minutes=factories.document(
        towns[0], kind="minutes"), starts_at=timezone.now() - 90 * DAY)  # fmt: skip
    for place, (due, done_on) in enumerate(
        [(ago(9), None), (ago(4000), None), (ago(9), ago(9)), (ago(-9), None), (None, None)], start=1
    ):
        factories.make(Decision, session=session, number=place, text=f"Поручение {place}", due=due, done_on=done_on,
                       done_note="Сделали" if done_on else "")  # fmt: skip


def _late_reports(programme, measures, ago):
    """An open period whose day has passed: handed in long ago, begun, sent back; the rest owe theirs."""
    year, period = periods.last_finished(programme.rhythm, ago(100))
    cycle = factories.cycle(programme, year=year, period=period)
    assert cycle.due_on < ago(0)
    for measure, status in zip(measures, ("submitted", "draft", "returned"), strict=True):
        report = factories.report(measure, year=year, period=period)
        moment = timezone.now() - 60 * DAY if status == "submitted" else None
        ProgressReport.objects.filter(pk=report.pk).update(status=status, submitted_at=moment)


def _late_words_of_sides(towns, measures, people, ago):
    """Words of one side that the other has left without its own, in time, answered by both, and answered by a no."""
    (own, other), promises = towns, (("town", 60), ("region", 45), ("region", 5), ("region", 50))
    links = []
    for town, (side, days), place in zip((own, other, other, own), promises, (0, 1, 2, 1), strict=True):
        priority = town.strategies.get().priorities.filter(status="published").order_by("pk")[place]
        measure = next(one for one in measures if one.municipality == town and one not in {x.measure for x in links})
        links.append(factories.link(priority, measure))
        factories.commitment(links[-1], side, days=days, on=ago(0))
    refused = links[-1]
    word = factories.commitment(refused, "town", days=40, on=ago(0))
    Commitment.objects.get(pk=word.pk).move_to("withdrawn", by=people[own], reason="Денег нет")
    factories.agreed_link(other.strategies.get().priorities.filter(status="published").first(), measures[-1])
