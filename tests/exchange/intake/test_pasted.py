"""A strategy pasted from Word: numbered lines become goals and priorities, its tables sheets of the same import."""

import pytest

from exchange.intake.outline import Outline
from exchange.models import TableImport
from strategies.models import Goal, Indicator, IndicatorValue, Priority
from tests import factories
from tests.exchange.intake.desk import Desk, fields
from tests.pages import text

PASTED = """СТРАТЕГИЯ СОЦИАЛЬНО-ЭКОНОМИЧЕСКОГО РАЗВИТИЯ
городского округа Сызрань до 2036 года

1. Удобная городская среда
1.1. Современный городской центр
1.2. Дворы и парки рядом с домом
2.\tРабочие места вне нефтедобычи
2.1.\tИндустриальный парк «Сызрань»
Показатель\tЕд. изм.\t2027\t2028
Площадь парков рядом с домом\tга\t2\t4
Резиденты индустриального парка\tед.\t3\t5
Приложение № 1 к решению Думы"""


def lines(pasted, said=None):
    """[(text, what it is, how sure)] of the lines of a text."""
    return [(one.text, one.choice.value, one.choice.sure) for one in Outline(pasted, said or {}, {}).lines]


def test_numbers_say_what_is_a_goal_and_what_a_priority_and_other_lines_are_passed_over():
    assert lines(PASTED) == [
        ("СТРАТЕГИЯ СОЦИАЛЬНО-ЭКОНОМИЧЕСКОГО РАЗВИТИЯ", "-", ""), ("городского округа Сызрань до 2036 года", "-", ""),
        ("Удобная городская среда", "goal", "ok"), ("Современный городской центр", "priority", "ok"),
        ("Дворы и парки рядом с домом", "priority", "ok"), ("Рабочие места вне нефтедобычи", "goal", "ok"),
        ("Индустриальный парк «Сызрань»", "priority", "ok"), ("Приложение № 1 к решению Думы", "-", ""),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("pasted", "told"),
    [
        ("1) Парк\n2) Мост", [("Парк", "priority", "warn"), ("Мост", "priority", "warn")]),
        ("Цель 1. Город\nПриоритет 1. Парк", [("Город", "goal", "ok"), ("Парк", "priority", "ok")]),
        ("1. А б\n1.1. Б в\n1.1.1. В г", [("А б", "goal", "ok"), ("Б в", "goal", "ok"), ("В г", "priority", "ok")]),
        ("1. А б\n1.1.1. В г\n2. Д е", [("А б", "goal", "ok"), ("В г", "priority", "warn"), ("Д е", "goal", "warn")]),
        ("1. Парк\nв 2030\n1.1 Аллея", [("Парк", "goal", "ok"), ("в 2030", "-", ""), ("Аллея", "priority", "ok")]),
    ],
    ids=["one level", "words", "three levels", "a level jumped", "plain line"],
)  # fmt: skip
def test_levels_that_do_not_say_enough_are_to_be_looked_at(pasted, told):
    assert lines(pasted) == told


def test_dates_and_years_are_no_numerals_and_a_table_with_numbers_is_a_table():
    assert not Outline("2026 год\n31.12.2026\n12", {}, {}).is_one
    table = Outline("1. Город\n№\tПоказатель\t2027\n1\tПарки\t2", {}, {})
    assert (len(table.lines), table.tables) == (1, [[["№", "Показатель", "2027"], ["1", "Парки", "2"]]])


@pytest.fixture
def writer(region_editor, town):
    """The region's editor, who has a strategy of a town to write."""
    factories.strategy(town, title="Стратегия Сызрани")
    return Desk(region_editor)


@pytest.mark.invariant(105)
def test_strategy_goes_from_a_pasted_text_to_the_site_in_one_import(writer, town):
    writer.bring(text=PASTED, town=town.pk)
    assert writer.page.status_code == 200
    assert [(name, choice.value) for name, choice in writer.page.context["outline"].indicators] == [
        ("Площадь парков рядом с домом", "Дворы и парки рядом с домом"),
        ("Резиденты индустриального парка", "Индустриальный парк «Сызрань»"),
    ]
    assert writer.asked == []

    writer.send("match")
    assert (writer.faults, writer.loads) == ([], 2)
    writer.send("apply")

    assert [(one.text, one.parent_id) for one in Goal.objects.order_by("pk")] == [
        ("Удобная городская среда", None), ("Рабочие места вне нефтедобычи", None),
    ]  # fmt: skip
    assert [(one.title, one.goal.text, one.status) for one in Priority.objects.order_by("pk")] == [
        ("Современный городской центр", "Удобная городская среда", "draft"),
        ("Дворы и парки рядом с домом", "Удобная городская среда", "draft"),
        ("Индустриальный парк «Сызрань»", "Рабочие места вне нефтедобычи", "draft"),
    ]
    assert [(one.name, one.priority.title) for one in Indicator.objects.order_by("pk")] == [
        ("Площадь парков рядом с домом", "Дворы и парки рядом с домом"),
        ("Резиденты индустриального парка", "Индустриальный парк «Сызрань»"),
    ]
    assert IndicatorValue.objects.count() == 4
    assert TableImport.objects.get().counts == {
        "goals": [2, 0], "priorities": [3, 0], "indicators": [2, 0],
    }  # fmt: skip


def test_town_of_a_pasted_strategy_is_asked_and_what_is_said_of_lines_stays(writer, town):
    writer.bring(text=PASTED)
    assert writer.asked == ["город"]

    refused = writer.send("match", **{"line-4": "-"})
    assert (refused.status_code, writer.asked) == (422, ["город"])
    writer.send("match", town=town.pk)

    assert "Современный городской центр" not in [
        title for _line, title in writer.page.context["plan"].previews[1].added
    ]


def test_pasted_table_is_read_as_a_file_is(writer, region):
    direction = factories.direction(region)
    writer.bring(text="Мероприятие\tСрок\nМост\t31.12.2027", programme=direction.programme_id)

    writer.send("match")

    assert writer.page.context["plan"].total == 1


def test_text_with_neither_numbers_nor_a_table_is_refused_and_stays(writer):
    page = writer.bring(text="просто слова")

    assert page.status_code == 422
    assert page.context["form"]["text"].value() == "просто слова"
    assert "нет ни таблицы, ни пронумерованных строк" in text(page, "main")


def test_pasted_text_is_mended_on_its_page_and_read_anew(writer, town):
    writer.bring(text=PASTED, town=town.pk)
    kept = fields(writer.page)["text"][0]

    writer.send("read", text=f"{kept}\n3. Люди\n3.1. Школа")

    assert [one.text for one in writer.page.context["outline"].of("priority")][-1] == "Школа"
    assert kept == PASTED


def test_text_is_never_cut_in_silence(desk):
    long = "Слово " * 300
    desk.bring(text="\n".join(["1. Город", f"1.1. {long}"]))
    lines = desk.page.context["outline"].lines

    told = desk.bring(text="\n".join(f"{number % 90 + 1}. Строка" for number in range(401)))

    assert lines[1].text == long.strip()
    assert (told.status_code, "больше 400 строк вне таблиц" in text(told, "main")) == (422, True)
