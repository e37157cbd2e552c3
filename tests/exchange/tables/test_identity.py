"""Whom a row speaks of: the number on the site, then the title, then № within the town; likely twins are asked."""

import pytest

from accounts.models import Revision
from exchange.tables.answers import NEW, SAME_ROW, Answers
from exchange.tables.identity import bare_key, is_renamed
from strategies.models import Measure
from tests import factories
from tests.exchange.tables.tables import Told, csv_file, scope_of

HEAD = ["№", "Мероприятие", "Город", "Срок"]
DUE = "31.12.2027"


@pytest.fixture
def direction(region):
    return factories.direction(region, title="Дороги")


def rows_of(*titles, town="Сызрань", first=1):
    """A table of measures numbered from one."""
    return [HEAD, *([str(number), title, town, DUE] for number, title in enumerate(titles, start=first))]


def told(direction, by, rows, *, same=None, reason=""):
    """What a table would do, with what was said of its twins."""
    scope = scope_of(direction.programme)
    return Told(csv_file(rows), "measures", scope, by=by, reason=reason, answers=Answers(same or {}))


def publish(direction, by):
    """Everybody sees the measures of a direction."""
    for one in Measure.objects.filter(direction=direction):
        one.move_to("planned", by=by)


@pytest.mark.invariant(102)
@pytest.mark.parametrize("is_public", [False, True])
def test_i44_measure_put_in_as_first_leaves_names_and_moves_numbers(direction, town, approver, is_public):
    told(direction, approver, rows_of("Ремонт улицы Ленина", "Ремонт улицы Мира")).take()
    if is_public:
        publish(direction, approver)
    before = dict(Measure.objects.values_list("pk", "title"))

    table = told(direction, approver, rows_of("Ремонт улицы Гагарина", "Ремонт улицы Ленина", "Ремонт улицы Мира"))
    table.take()

    assert (table.faults, table.edits) == ([], [("№", "1", "2"), ("№", "2", "3")])
    assert dict(Measure.objects.filter(pk__in=before).values_list("pk", "title")) == before
    assert sorted(Measure.objects.values_list("code", "title")) == [
        ("1", "Ремонт улицы Гагарина"), ("2", "Ремонт улицы Ленина"), ("3", "Ремонт улицы Мира"),
    ]  # fmt: skip
    assert Revision.objects.count() == 0


@pytest.mark.parametrize(
    ("second", "codes"),
    [
        (["Ремонт улицы Мира", "Ремонт улицы Ленина"], {"1": "Ремонт улицы Мира", "2": "Ремонт улицы Ленина"}),
        (["Парк", "Ремонт улицы Мира", "Каток"],
         {"1": "Парк", "2": "Ремонт улицы Мира", "3": "Каток"}),
    ],
    ids=["swapped", "the first taken out"],
)  # fmt: skip
def test_other_ways_to_number_anew_never_change_a_name(direction, town, approver, second, codes):
    told(direction, approver, rows_of("Ремонт улицы Ленина", "Ремонт улицы Мира")).take()
    before = dict(Measure.objects.values_list("pk", "title"))

    table = told(direction, approver, rows_of(*second), same={2: NEW})
    table.take()

    assert dict(Measure.objects.filter(pk__in=before).values_list("pk", "title")) == before
    assert dict(Measure.objects.order_by("pk").values_list("code", "title")) == codes


def test_number_of_an_alike_name_is_asked_and_a_longer_name_is_a_new_one(direction, town, approver):
    told(direction, approver, rows_of("Ремонт улицы Ленина", "Мост")).take()
    street, bridge = Measure.objects.order_by("pk")

    asked = told(direction, approver, rows_of("Ремонт улицы Гагарина", "Мост через реку"))
    same = told(direction, approver, rows_of("Ремонт улицы Гагарина"), same={2: street.pk})
    other = told(direction, approver, rows_of("Ремонт улицы Гагарина"), same={2: NEW})

    assert asked.faults == [
        ("A2", "под № 1 на сайте стоит «Ремонт улицы Ленина», названия похожи: скажите, это та же мера или другая")
    ]
    assert asked.plan.notes == ["Строка 3: под № 2 на сайте стоит «Мост», она получит это название."]
    assert asked.plan.likely[0].choices == [
        (street.pk, f"это то же, что на сайте: «Ремонт улицы Ленина» [{street.pk}]"),
        (NEW, "это другое, внести как новое"),
    ]
    assert same.edits == [("мероприятие", "Ремонт улицы Ленина", "Ремонт улицы Гагарина")]
    assert (other.counts, bridge.title) == ((1, 0, 0), "Мост")


def test_published_name_found_by_its_number_needs_a_reason_and_another_person(direction, town, region_editor, approver):
    factories.measure(town, direction=direction, code="1", title="Мост")

    silent = told(direction, region_editor, rows_of("Мост через реку"))
    table = told(direction, region_editor, rows_of("Мост через реку"), reason="Так в акте")
    table.take()

    assert [text.startswith("это уже опубликовано: напишите причину") for _cell, text in silent.faults] == [True]
    assert (Measure.objects.get().title, Revision.objects.get().words["title"]) == ("Мост", ["Мост", "Мост через реку"])


TWINS = {
    "dot": "Ремонт моста.", "quotes": "«Ремонт моста»", "soft hyphen": "Ремонт мо\xadста",
    "zero width": "Ремонт\u200b моста",
    "order": "моста ремонт", "latin": "Pемoнт мocта", "dash": "Ремонт – моста", "brackets": "(Ремонт моста)",
    "decomposed": "Ремонт моста\u0301",
}  # fmt: skip


@pytest.mark.invariant(102)
@pytest.mark.parametrize("title", TWINS.values(), ids=TWINS.keys())
def test_i45_i10b_name_of_another_spelling_is_asked_and_settled_by_a_choice(direction, town, approver, title):
    measure = factories.measure(town, direction=direction, title="Ремонт моста", status="draft")
    rows = [HEAD[1:], [title, "Сызрань", DUE]]

    asked = told(direction, approver, rows)
    same = told(direction, approver, rows, same={2: measure.pk})
    other = told(direction, approver, rows, same={2: NEW})

    if asked.faults:  # what the reader has cleaned already is the very same name
        assert [(cell, text.partition(":")[0]) for cell, text in asked.faults] == [
            ("A2", "похоже на то же, что на сайте")
        ]
        assert [(one.line, [pk for pk, _title in one.records]) for one in asked.plan.likely] == [(2, [measure.pk])]
        assert other.counts == (1, 0, 0)
    assert (same.faults, same.counts, [edit for edit in same.edits if edit[0] == "мероприятие"]) == (
        [], (0, 0, 1), [],
    )  # fmt: skip


def test_i45_rows_of_one_name_are_asked_and_another_town_is_not(direction, town, other_town, approver):
    rows = [HEAD[1:], ["Ремонт моста", "Сызрань", DUE], ["Ремонт моста.", "Сызрань", DUE],
            ["ремонт  моста", "Чапаевск", DUE], ["«Ремонт моста»", "Сызрань", DUE]]  # fmt: skip

    asked = told(direction, approver, rows)
    table = told(direction, approver, rows, same={3: SAME_ROW, 5: NEW})
    table.take()

    assert [cell for cell, _text in asked.faults] == ["A3", "A5"]
    assert [(one.line, [line for line, _title in one.rows]) for one in asked.plan.likely] == [(3, [2]), (5, [2, 3])]
    assert table.plan.notes == ["Строка 3 повторяет строку 2: не вносим."]
    assert list(Measure.objects.order_by("pk").values_list("title", "municipality__name")) == [
        ("Ремонт моста", "Сызрань"), ("ремонт  моста", "Чапаевск"), ("«Ремонт моста»", "Сызрань"),
    ]  # fmt: skip


def test_twin_of_a_measure_that_another_row_names_is_its_repeat(direction, town, approver):
    measure = factories.measure(town, direction=direction, title="Ремонт моста", status="draft")
    rows = [HEAD[1:], ["Ремонт моста.", "Сызрань", ""], ["Ремонт моста", "Сызрань", ""]]

    asked = told(direction, approver, rows)

    assert [(one.line, one.records, one.rows) for one in asked.plan.likely] == [(2, (), ((3, "Ремонт моста"),))]
    assert told(direction, approver, rows, same={2: measure.pk}).faults == asked.faults


def test_numbers_that_begin_again_in_each_section_are_told_and_names_tell_measures_apart(region, town, approver):
    programme = factories.programme(region)
    for title in ("Дороги", "Школы"):
        factories.direction(region, programme=programme, title=title)
    rows = [HEAD, ["Дороги"], ["1", "Мост", "Сызрань", DUE], ["2", "Двор", "Сызрань", DUE], ["Школы"],
            ["1", "Школа", "Сызрань", DUE], ["2", "Сад", "Сызрань", DUE]]  # fmt: skip

    table = Told(csv_file(rows), "measures", scope_of(programme), by=approver)
    table.take()

    assert table.plan.notes == ["№ уже стоит у другой меры, строки: 6, 7. Различаем их по названию."]
    assert Measure.objects.count() == 4
    assert Told(csv_file(rows), "measures", scope_of(programme), by=approver).counts == (0, 0, 4)


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [("Школа № 5", "школа №5", True), ("ул. Мира, 5, дом 7", "ул. Мира, 7, дом 5", False), ("Ёлка", "ЕЛКА", True),
     ("Двор № 1", "Двор № 2", False), ("й", "й", True), ("Мост", "Мосты", False)],
)  # fmt: skip
def test_bare_key_is_blind_to_spelling_alone(one, other, is_same):
    assert (bare_key(one) == bare_key(other)) is is_same


@pytest.mark.parametrize(
    ("one", "other", "is_new_name"),
    [("Мост", "Мост через реку", True), ("Двор 1", "Двор 2", False),
     ("Ремонт улицы Ленина", "Ремонт улицы Мира", False),
     ("Парк «Победы»", "Парк Победы", True), ("Парк", "Парк, 2 этап", False)],
)  # fmt: skip
def test_longer_name_is_a_new_name_and_another_number_is_another_thing(one, other, is_new_name):
    assert is_renamed(one, other) is is_new_name
