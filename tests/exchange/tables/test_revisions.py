"""A table does not change published words by itself: they wait for another person, and the preview says so."""

import pytest

from accounts.models import Revision
from strategies.models import Measure, Priority
from tests import factories
from tests.exchange.tables.tables import Told, csv_file, scope_of

HEAD = ["№", "Мероприятие", "Город", "Исполнитель", "Примечание"]
WHY = "Так в акте"


@pytest.fixture
def measure(town, region):
    direction = factories.direction(region, title="Дороги")
    return factories.measure(town, direction=direction, code="1", title="Мост", responsible="Минстрой")


def told(measure, by, row, reason=WHY):
    scope = scope_of(measure.direction.programme)
    return Told(csv_file([HEAD, ["1", "Мост", "Сызрань", *row]]), "measures", scope, by=by, reason=reason)


@pytest.mark.invariant(64, 92)
def test_changed_words_of_a_published_measure_wait_and_the_rest_is_taken_in(measure, region_editor, approver):
    table = told(measure, region_editor, ["Минтранс", "Новое"])
    table.take()

    revision = Revision.objects.get()
    measure.refresh_from_db()
    assert table.edits == [
        ("ответственный исполнитель (уйдёт на утверждение)", "Минстрой", "Минтранс"), ("примечание", "пусто", "Новое"),
    ]  # fmt: skip
    assert (measure.responsible, measure.note) == ("Минстрой", "Новое")
    assert (revision.words, revision.reason, revision.proposed_by) == (
        {"responsible": ["Минстрой", "Минтранс"]}, WHY, region_editor,
    )  # fmt: skip

    revision.accept(by=approver, seen=1)
    assert Measure.objects.get().responsible == "Минтранс"


def test_same_table_again_changes_nothing_while_its_words_wait(measure, region_editor):
    told(measure, region_editor, ["Минтранс", ""]).take()

    again = told(measure, region_editor, ["Минтранс", ""])

    assert (again.edits, again.counts) == ([], (0, 0, 1))


def test_published_words_need_a_reason_and_wait_for_what_another_proposed(measure, region_editor, approver):
    silent = told(measure, region_editor, ["Минтранс", ""], reason="")
    told(measure, region_editor, ["Минтранс", ""]).take()
    other = told(measure, approver, ["Минкульт", ""])

    assert [(place, text.startswith("это уже опубликовано: напишите причину")) for place, text in silent.faults] == [
        ("D2", True)
    ]
    assert [(place, text.startswith("Правка ждёт решения.")) for place, text in other.faults] == [("D2", True)]


def test_words_of_a_draft_are_taken_in_at_once(town, region, region_editor):
    direction = factories.direction(region, title="Дороги")
    draft = factories.measure(town, direction=direction, code="1", title="Мост", status="draft")

    told(draft, region_editor, ["Минтранс", ""], reason="").take()

    assert (Measure.objects.get().responsible, Revision.objects.count()) == ("Минтранс", 0)


@pytest.mark.parametrize("number", [1, 3])
def test_priorities_of_a_table_wait_too(town, region, region_editor, number):
    strategy = factories.strategy(town)
    own = [factories.priority(strategy, title=f"Парк {one}", plain_text="Было") for one in range(number)]
    rows = [["номер на сайте", "Приоритет", "Простыми словами"]]
    rows += [[str(one.pk), one.title, "Стало"] for one in own]
    table = Told(csv_file(rows), "priorities", scope_of(factories.programme(region)), by=region_editor, reason=WHY)

    table.take()

    assert set(Priority.objects.values_list("plain_text", flat=True)) == {"Было"}
    assert [one.words for one in Revision.objects.all()] == [{"plain_text": ["Было", "Стало"]}] * number
