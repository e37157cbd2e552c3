"""Heads as officials write them, by the number of the case in the field; siblings of each stand beside it."""

from decimal import Decimal

import pytest

from exchange.sheets.grid import MERGED
from exchange.sheets.heads import Layout, find_head, is_numbering
from exchange.sheets.spelling import unit_of
from exchange.tables.fields import MEASURES
from tests.exchange.tables.reading import fields, grid_of, matched

DAY = "31.12.2026"


def head(rows, kind="measures", **more):
    """(top, last, first, names) of the head of rows."""
    found = matched(rows, kind, **more)[1]
    return found.top, found.last, found.first, list(found.names)


@pytest.mark.parametrize(
    ("rows", "top"),
    [
        ([["Наименование мероприятия", "Кто делает", "Когда"], ["Ремонт моста", "Отдел ЖКХ", "2026 год"],
          ["Мероприятия по уборке парка", "Исполнитель по договору", "2026 год"]], 0),
        ([["Работа", "Кто", "К какому дню"], ["Мероприятия по уборке", "Исполнитель по договору", "2026 год"]], 0),
        ([["Мероприятие", "Срок", "Исполнитель"], ["Ремонт моста", DAY, "Отдел"],
          ["Мероприятия по уборке парка", "Срок определит дума, 2026 год", "Исполнители — все отделы"]], 0),
        ([["План мероприятий", "на 2026 год"], ["№", "Мероприятие", "Срок"], ["1", "Мост", DAY]], 1),
        ([["Приложение 1", "", "Утверждаю", "", "Глава"], ["План мероприятий"],
          ["№", "Мероприятие", "Срок", "Исполнитель", "Результат"], ["1", "Мост", DAY, "Отдел", "Есть"]], 2),
        ([["№ п/п", "Наименование мероприятия по благоустройству", "Срок сдачи объекта", "Исполнитель работ"],
          ["1", "Мероприятия по уборке", DAY, "Исполнитель по договору"]], 0),
        ([["1.", "2."], ["Мероприятие", "Срок"], ["Ремонт моста", DAY]], 1),
    ],
    ids=["I55", "I55 no words known", "I55c", "title of two cells", "title page", "head of rare words", "I65"],
)  # fmt: skip
def test_head_is_a_row_of_the_words_of_heads_and_no_line_of_data(rows, top):
    assert head(rows)[0] == top


def test_rows_wider_than_the_head_have_columns_without_a_name_i54():
    rows = [["№", "Мероприятие", "Срок", "", ""], ["1", "Мост", DAY, "Администрация", "100"]]

    assert head(rows)[3] == ["№", "Мероприятие", "Срок", "столбец 4 без названия", "столбец 5 без названия"]


def test_head_of_two_rows_with_plan_and_years_i06():
    rows = [["№", "Мероприятие", "Срок", "Средства местного бюджета, тыс. руб.", ""],
            [f"{MERGED}№", f"{MERGED}Мероприятие", f"{MERGED}Срок", "2026 г. (план)", "план на 2027 год"],
            ["1", "Мост", DAY, "100", "200"]]  # fmt: skip

    for upper in (rows[1], ["", "", "", *rows[1][3:]]):  # merged in the file, or only empty
        assert fields([rows[0], upper, rows[2]])[3:] == ["money:2026:local", "money:2027:local"]


def test_head_of_three_rows_with_sources_i56():
    top = ["№", "Мероприятие", "Срок", "Объём финансирования, тыс. руб.", "", "", ""]
    rows = [top, ["", "", "", "Всего", "в том числе по источникам:", "", ""], ["", "", "", "", "ФБ", "ОБ", "МБ"],
            ["1", "Мост", DAY, "100", "10", "30", "60"]]  # fmt: skip
    merged = [MERGED + cell for cell in top[:3]]

    for start in (["", "", ""], merged):
        with_start = [top, [*start, *rows[1][3:]], [*start, *rows[2][3:]], rows[3]]
        assert head(with_start)[:3] == (0, 2, 3)
        assert fields(with_start)[3:] == ["stated_total", "money::federal", "money::regional", "money::local"]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([["№", "Мероприятие", "2026", "", "2027", ""], ["", "", "план", "факт", "план", "факт"], ["1", "Мост", "1"]],
         ["code", "title", "money:2026:", "spent:2026:", "money:2027:", "spent:2027:"]),
        ([["№", "Мероприятие", "Срок реализации", "", "Ответственный за мероприятие"],
          ["", "", "начало", "окончание", ""], ["1", "Мост", DAY, DAY, "Отдел"]],
         ["code", "title", "start", "due", "responsible"]),
        ([["Сведения о мероприятии", "", "Финансирование, тыс. руб.", ""], ["Наименование", "Срок", "2026", "2027"],
          ["Мост", DAY, "1", "2"]], ["title", "due", "money:2026:", "money:2027:"]),
        ([["№", "Мероприятие", "2026", "2027"], ["", "", "тыс. руб.", "тыс. руб."], ["1", "Мост", "1", "2"]],
         ["code", "title", "money:2026:", "money:2027:"]),
        ([["№", "Мероприятие", "Показатель", "", "2026, МБ, т.р."], ["", "", "наименование", "ед. изм.", ""],
          ["1", "Мост", "Доля", "%", "5"]], ["code", "title", "", "counted", "money:2026:local"]),
        ([["№", "Мероприятие", "2026 год, местный бюджет", "", ""], ["", "", "всего", "I кв.", "II кв."],
          ["1", "Мост", "1", "2", "3"]], ["code", "title", "money:2026:local", "", ""]),
    ],
    ids=["plan and fact", "begin and end", "groups above", "unit under years", "figures of a measure", "quarters"],
)  # fmt: skip
def test_heads_of_several_rows(rows, expected):
    assert fields(rows) == expected


@pytest.mark.parametrize(
    ("cells", "is_one"),
    [
        (["1", "2", "3", "4", "5", "6=4+5"], True), (["1", "2", "3"], True), (["1.", "2.", "3."], True),
        (["А", "Б", "1", "2"], True), (["(1)", "(2)", "(3)"], True), (["гр. 1", "гр. 2", "гр. 3=1+2"], True),
        (["1", "2", "3а", "4"], True), (["1", "2", "3", "5"], True), (["1", "1"], False), (["1", "Мост", "3"], False),
        (["2026", "2027"], False), (["7"], False), (["3", "4", "5"], False), (["1", "100", "200"], False),
    ],
)  # fmt: skip
def test_row_that_only_numbers_the_columns_is_passed_over_i11(cells, is_one):
    assert is_numbering(cells) is is_one


def test_numbers_of_columns_stand_between_the_head_and_the_data_i11():
    rows = [["№", "Мероприятие", "Срок", "2026, тыс. руб.", "2027, тыс. руб.", "Всего, тыс. руб."],
            ["1", "2", "3", "4", "5", "6=4+5"], ["1", "Мост", DAY, "100", "200", "300"]]  # fmt: skip

    assert head(rows)[:3] == (0, 0, 2)


@pytest.mark.parametrize(
    "names",
    [
        ["№", "Меро-\nприятие", "Срок испол-\nнения", "Ответст-\nвенный исполни-\nтель"],
        ["№", "Меро\xadприятие", "Срок\xa0исполнения", "Ответствен\u200bный исполнитель"],
        ["№", "Меро- приятие", "Срок ис‑\nполнения", "ОТВЕТСТВЕННЫЙ  ИСПОЛНИТЕЛЬ"],
        ["№", "Mеропpиятие", "Cрок", "Oтветственный"],
    ],
    ids=["I09", "I10", "broken by blanks", "letters of the other alphabet"],
)
def test_broken_words_and_signs_unseen_are_read(names):
    assert fields([names, ["1", "Мост", DAY, "Отдел"]]) == ["code", "title", "due", "responsible"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("2024 отчёт", "actual:2024"), ("2025 оценка", "estimate:2025"), ("2026 прогноз", "target:2026"),
        ("2027 (прогноз)", "target:2027"), ("план на 2027 год", "target:2027"), ("2026 г.", "target:2026"),
        ("2026.0", "target:2026"), ("2025 г. (факт)", "actual:2025"), ("Ожидаемое исполнение 2026", "estimate:2026"),
        ("2025 (предварит.)", "estimate:2025"), ("2024 (базовый)", "base:2024"), ("2025, достигнуто", "actual:2025"),
        ("I кв. 2026", ""), ("II квартал 2026 года", ""), ("1-е полугодие 2026", ""), ("2026, первая половина", ""),
        ("9 месяцев 2026", ""), ("январь 2026", ""), ("2026–2028", ""), ("Значение / 2026 год", "target:2026"),
        ("Ввод, кв. м, 2026", "target:2026"), ("на 01.07.2026", ""),
    ],
)  # fmt: skip
def test_figure_of_a_year_is_a_fact_a_preliminary_one_or_a_plan_i07_i68(name, expected):
    assert fields([["Показатель", "Единица измерения", name], ["Доля", "%", "5"]], "indicators")[2] == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Кассовое исполнение за 2025 год, местный бюджет, тыс. руб.", "spent:2025:local"),
        ("Исполнено в 2025, областной бюджет", "spent:2025:regional"), ("Факт 2024, МБ, т.р.", "spent:2024:local"),
        ("Освоено в 2023 году, внебюджетные средства", "spent:2023:extra"), ("2025 (отчёт)", "spent:2025:"),
        ("2025 (оценка), местный бюджет", ""), ("Ожидаемое исполнение 2026, МБ", ""), ("Освоено всего", ""),
        ("План 2026, МБ", "money:2026:local"), ("2027 (прогноз), областной бюджет", "money:2027:regional"),
        ("I кв. 2026, местный бюджет", ""), ("I полугодие 2026", ""), ("9 мес. 2026, МБ", ""),
        ("2026–2028, всего", "stated_total"), ("2026-2028 годы, местный бюджет", "sum::local"),
        ("Финансирование на 2026–2028 годы / 2027", "money:2027:"), ("Очередной финансовый год", ""),
        ("Второй год планового периода, тыс. руб.", ""), ("Очередной финансовый год (2027), МБ", "money:2027:local"),
        ("Объём средств, тыс. руб. / плановый период / 2027", "money:2027:"),
        ("Протяжённость, км, 2026", ""), ("Количество 2026, шт.", ""), ("Площадь 2026, кв. м", ""),
        ("Касса 2025, тыс. руб.", "spent:2025:"), ("Выплачено, 2025, МБ", "spent:2025:local"),
        ("Касса на 31.12.2025, МБ", "spent:2025:local"), ("Касса на 01.07.2025, МБ", ""),
        ("Отклонение 2025, тыс. руб.", ""), ("% освоения 2025", ""), ("Остаток 2025, тыс. руб.", ""),
        ("Экономия 2025, тыс. руб.", ""), ("Потребность 2026, тыс. руб.", ""), ("Контракт, 2025, руб.", ""),
        ("Код бюджетной классификации", ""), ("Физические объёмы / 2026", ""), ("Объём работ, 2026", ""),
        ("Стоимость 1 км, 2026, тыс. руб.", "money:2026:"),
        ("Срок реализации мероприятия", "due"), ("Ответственный исполнитель мероприятия", "responsible"),
        ("Ожидаемый результат 2026", "expected_result"), ("Источник финансирования мероприятия", ""),
    ],
)  # fmt: skip
def test_money_of_a_year_is_promised_or_spent_and_works_are_no_money_i08_i58(name, expected):
    assert fields([["№", "Мероприятие", name], ["1", "Мост", "5"]])[2] == expected


def test_years_beside_what_a_row_counts_in_are_works_i58():
    rows = [["№", "Наименование", "Срок", "Ед.", "2026"], ["1", "Мост", DAY, "км", "5"]]

    assert fields(rows)[3:] == ["counted", ""]
    assert fields([*rows, ["2", "Парк", DAY, "тыс. руб.", "5"]])[3:] == ["counted", "money:2026:"]
    assert fields([[*rows[0][:4], "2026, тыс. руб."], rows[1]])[3:] == ["counted", "money:2026:"]


@pytest.mark.parametrize(
    ("words", "factor"),
    [
        ("т. руб.", 1), ("тыс. р.", 1), ("тыс.руб", 1), ("т.р.", 1), ("тыс. ₽", 1), ("тысяч рублей", 1), ("т.руб.", 1),
        ("в тысячах рублей", 1), ("ТЫС. РУБ.", 1),
        ("млн р.", 1000), ("млн.рублей", 1000), ("миллионов рублей", 1000), ("млрд руб.", 1_000_000),
        ("₽", Decimal("0.001")), ("рублей", Decimal("0.001")), ("руб", Decimal("0.001")), ("р.", Decimal("0.001")),
    ],
)  # fmt: skip
def test_unit_of_money_in_every_usual_spelling_i01(words, factor):
    """In the head of a column, in a line above, in a cell of the row."""
    row = ["1", "Мост", "1500"]
    own = matched([["№", "Мероприятие", f"2026, местный бюджет, {words}"], row])
    above = matched([[f"({words})"], ["№", "Мероприятие", "2026, местный бюджет"], row])

    assert unit_of(own[1].names[2]) == unit_of(words) == above[1].unit == factor
    assert [match.lacks_unit for _grid, _head, match in (own, above)] == [False, False]


@pytest.mark.parametrize(
    "words", ["на 12 млн рублей", "берег р. Волга", "12 тыс. рублей в год", "ст. расходов", "тыс.", "руб. (млн руб.)"]
)
def test_sum_in_words_and_other_letters_are_no_unit(words):
    assert unit_of(words) is None


@pytest.mark.invariant(99)
@pytest.mark.parametrize(
    ("above", "unit", "doubts"),
    [
        ([["План по соглашению на 12 млн рублей"], ["(тыс. рублей)"]], 1, 1), ([["(тыс. рублей)"]], 1, 1),
        ([["План (млн руб.) на 5 тыс. рублей"]], 1000, 1), ([["План в млн рублей"], ["руб."]], Decimal("0.001"), 1),
        ([["в рублях"], ["тыс. руб."]], None, 2), ([["План на 12 млн рублей"]], None, 0), ([["План"]], None, 0),
        ([["Ед. изм.: тыс. руб."]], 1, 1), ([["План расходов в рублях и закупок в тыс. руб."]], None, 2),
    ],
    ids=["I04", "I04b", "brackets", "nearest", "two", "a sum", "I81", "in words", "by the way"],
)  # fmt: skip
def test_unit_is_what_a_line_declares_and_doubt_is_asked(above, unit, doubts):
    _grid, found, match = matched([*above, ["№", "Мероприятие", "2026, местный бюджет"], ["1", "Мост", "1500"]])

    assert (found.unit, len(found.units), match.lacks_unit) == (unit, doubts, unit is None)


def test_unit_may_stand_alone_under_the_head():
    rows = [
        ["№", "Мероприятие", "2026, МБ", "2027, МБ"],
        ["(тыс. руб.)"],
        ["1", "2", "3", "4"],
        ["1", "Мост", "5", "6"],
    ]

    _grid, found, match = matched(rows)

    assert (found.first, found.unit, match.lacks_unit) == (3, 1, False)


def test_person_says_where_the_head_stands_and_in_what_money_is_counted():
    rows = [
        ["Мероприятие", "Срок"],
        ["Дела", "Когда"],
        ["1", "2"],
        ["Мост", DAY],
        ["в рублях"],
        ["№", "Мероприятие", "2026"],
    ]
    grid = grid_of(rows)

    found = find_head(grid, MEASURES, Layout(head=(1, 1), unit=Decimal(1000)))

    assert (found.top, found.first, found.names[:2], found.unit) == (1, 3, ("Дела", "Когда"), 1000)
    assert find_head(grid, MEASURES, Layout(head=(0, 99))).last == len(rows) - 1
