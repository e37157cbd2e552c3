"""A whole import taken back: every table as before, refused once somebody has built on it."""

import json

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError

from exchange.tables.ground import Scope
from exchange.tables.take_back import take_back_refusals, take_back_steps
from strategies.models import (
    DueChange,
    Funding,
    Indicator,
    IndicatorValue,
    Measure,
    Milestone,
    PriorityMeasure,
    TargetChange,
)
from tests import factories
from tests.exchange.tables.tables import Told, csv_file, scope_of

# What remembers that something was done, and by whom: it grows, it is not taken back.
LEDGERS = {"DueChange", "TargetChange", "JournalEntry", "Edition"}
REASON = "Так в акте"


def snapshot():
    """{table: its rows} of everything but the history; versions of rows only grow."""
    kept = {}
    for model in apps.get_models(include_auto_created=True):
        if model.__name__ in LEDGERS or hasattr(model, "history_date"):
            continue
        names = [field.attname for field in model._meta.concrete_fields if field.name != "row_version"]
        kept[model._meta.label] = sorted(map(repr, model._base_manager.values_list(*names)))
    return kept


def taken_in(table):
    """What is kept of a table that goes in, as JSON gives it back."""
    kept = []
    table.take(keep=lambda written: kept.append(json.loads(json.dumps(written))))
    return kept[0]


def take_back(kept, by):
    """Take an import back; gives the steps."""
    return list(take_back_steps(kept, by=by))


@pytest.fixture
def direction(region):
    return factories.direction(region, title="Дороги")


HEAD = ["№", "Мероприятие", "Город", "Срок", "2026, местный бюджет", "Приоритеты", "Контрольные точки", "Исполнитель",
        "каких городов касается"]  # fmt: skip


@pytest.fixture
def filled(direction, town):
    """A programme with a draft, a promised measure with money, a priority."""
    factories.priority(factories.strategy(town), title="Парк")
    draft = factories.measure(town, direction=direction, code="1", title="Двор", status="draft")
    promised = factories.measure(town, direction=direction, code="2", title="Мост", responsible="Минстрой")
    factories.make(Funding, measure=promised, year=2026, source="local", planned=100)
    return draft, promised


@pytest.mark.invariant(104)
def test_import_of_measures_is_taken_back_and_every_table_is_as_before(direction, filled, town, approver):
    before = snapshot()
    rows = [HEAD, ["1", "Двор новый", "Сызрань", "2029 год", "5", "Парк", "Сдали — 01.05.2027", "Комитет", ""],
            ["2", "Мост", "Сызрань", "30.06.2028", "150", "Парк", "", "Минтранс", ""],
            ["3", "Школа", "Сызрань", "31.12.2027", "7", "Парк", "Сдали — 01.05.2027", "", ""],
            ["4", "Субсидии", "", "31.12.2027", "7", "", "", "", "Сызрань"]]  # fmt: skip
    table = Told(csv_file(rows), "measures", scope_of(direction.programme), by=approver, reason=REASON)
    assert table.faults == []
    kept = taken_in(table)
    after = snapshot()

    steps = take_back(kept, approver)

    assert steps[-1][0] == steps[-1][1] > 8
    assert (after != before, snapshot()) == (True, before)
    assert [(one.old_due and f"{one.old_due:%Y}", f"{one.new_due:%Y}") for one in DueChange.objects.order_by("pk")] == [
        ("2027", "2028"), ("2028", "2027"),
    ]  # fmt: skip
    gone = Measure.history.filter(title="Школа").order_by("pk")
    assert [(past.history_type, past.history_user) for past in gone] == [("+", approver), ("-", approver)]
    assert Measure.history.filter(title="Двор").first().history_change_reason == "Внесённая таблица взята обратно"


@pytest.mark.invariant(104)
def test_import_of_figures_is_taken_back_by_the_door_that_it_came_through(region, town, approver):
    one = factories.make(Indicator, municipality=town, name="Люди", unit="чел.")
    factories.make(IndicatorValue, indicator=one, year=2025, target=75)
    before = snapshot()
    rows = [["Показатель", "Ед. изм.", "Город", "Год", "План", "Факт", "Источник сведений"],
            ["Люди", "чел.", "Сызрань", "2025", "60", "61", "Росстат"],
            ["Люди", "чел.", "Сызрань", "2026", "80", "", ""]]  # fmt: skip
    table = Told(csv_file(rows), "values", Scope(region), by=approver, reason=REASON)
    assert table.faults == []
    kept = taken_in(table)

    take_back(kept, approver)

    assert snapshot() == before
    assert [(change.old_target, change.new_target) for change in TargetChange.objects.order_by("pk")] == [
        (75, 60), (60, 75),
    ]  # fmt: skip


def test_import_of_priorities_and_indicators_is_taken_back(region, town, approver):
    factories.priority(factories.strategy(town), title="Парк", status="draft", plain_text="Было")
    before = snapshot()
    for kind, rows in (
        (
            "priorities",
            [["Город", "Приоритет", "Простыми словами"], ["Сызрань", "Парк", "Стало"], ["Сызрань", "Вода", ""]],
        ),
        (
            "indicators",
            [["Город", "Приоритет", "Показатель", "Ед. изм.", "2027"], ["Сызрань", "Парк", "Доля", "%", "5"]],
        ),
    ):
        kept = taken_in(Told(csv_file(rows), kind, Scope(region), by=approver))
        take_back(kept, approver)
        assert (kind, snapshot()) == (kind, before)


@pytest.mark.invariant(104)
@pytest.mark.parametrize("what", ["published", "edited", "built on", "deleted"])
def test_import_that_somebody_has_built_on_stays_whole(direction, filled, town, approver, what):
    rows = [HEAD[:4], ["3", "Школа", "Сызрань", "31.12.2027"], ["1", "Двор", "Сызрань", "31.12.2028"]]
    kept = taken_in(Told(csv_file(rows), "measures", scope_of(direction.programme), by=approver))
    school = Measure.objects.get(title="Школа")
    if what == "published":
        school.move_to("planned", by=approver)
    elif what == "edited":
        filled[0].refresh_from_db()
        filled[0].note = "Смета"
        filled[0].save_edited(by=approver, known_version=filled[0].row_version)
    elif what == "built on":
        factories.make(Milestone, measure=school, title="Стены", due="2027-05-01")
    else:
        Measure.objects.get(title="Двор").delete()
    before = snapshot()

    with pytest.raises(ValidationError) as refusal:
        take_back(kept, approver)

    told = {
        "published": "«Школа» с тех пор изменили.", "edited": "«Двор» с тех пор изменили.",
        "built on": "На «Школа» уже опирается другое (контрольная точка).",
        "deleted": f"мера № {filled[0].pk} с тех пор удалили.",
    }  # fmt: skip
    assert refusal.value.messages == [f"Взять обратно нельзя: {told[what]} Ничего не изменили."]
    assert take_back_refusals(kept) == [told[what]]
    assert snapshot() == before


def test_words_that_wait_for_another_person_go_with_the_import_and_stay_once_decided(
    direction, filled, region_editor, approver
):
    before = snapshot()
    rows = [["№", "Мероприятие", "Город", "Исполнитель"], ["2", "Мост", "Сызрань", "Минтранс"]]

    def bring(words):
        rows[1][3] = words
        scope = scope_of(direction.programme)
        return taken_in(Told(csv_file(rows), "measures", scope, by=region_editor, reason=REASON))

    first = bring("Минтранс")
    waiting = snapshot()
    second = bring("Минтранс области")
    take_back(second, region_editor)
    assert snapshot() == waiting
    assert (
        take_back_refusals(first) != []
    )  # a row that was written since, though it reads the same, has another version
    take_back(bring("Комитет"), region_editor)
    assert snapshot() == waiting != before


def test_links_and_towns_of_an_import_are_taken_back(direction, filled, town, other_town, approver):
    shared = factories.measure(direction.programme.region, direction=direction, code="9", title="Субсидии")
    before = snapshot()
    rows = [["№", "Мероприятие", "каких городов касается"], ["9", "Субсидии", "Сызрань\nЧапаевск"]]
    kept = taken_in(Told(csv_file(rows), "measures", scope_of(direction.programme), by=approver))
    assert shared.towns.count() == 2

    take_back(kept, approver)

    assert (shared.towns.count(), PriorityMeasure.objects.count(), snapshot()) == (0, 0, before)
