"""Sheets of a hall as people make them: columns that name somebody, titles, merged cells, every row told."""

import io

import openpyxl
import pytest
from django.core.exceptions import ValidationError

from exchange import hall_sheet
from sessions.models import Proposal
from tests.exchange.test_hall_sheet import address, book, browser, table, upload, with_section
from tests.pages import text
from tests.sessions.test_views_hall import announced


@pytest.mark.invariant(89)
@pytest.mark.parametrize(
    "head",
    ["Кто предложил (ФИО)", "Ф. И. О.", "Фамилия, имя", "Автор предложения", "Телефон", "E-mail", "Кто, адрес",
     "Контакты", "Дата рождения", "Слова, подпись", "Участник", "Гражданин", "От кого", "Внёс", "Кто внёс предложение",
     "Предложение внесла", "Представитель", "Докладчик", "Предложил", "Чьё предложение", "Выступающий", "Житель",
     "Инициатор предложения", "Место жительства", "Кто обратился", "Стол, модератор", "Соц. сети"],
)  # fmt: skip
def test_column_that_names_somebody_never_enters_and_is_told(town, editor, head):
    session, client = announced(town), browser(editor)
    sheet = table([["№ предложения", head, "Текст"], ["7", "Меченый Ярослав Петрович", "Нужен мост"]])

    shown = client.post(address(session), {"file": upload(sheet)})
    client.post(address(session), {"rows": shown.context["packed"]})

    proposal = Proposal.objects.get()
    assert (proposal.text, proposal.speaker, proposal.table) == ("Нужен мост", "", "")
    told = text(shown, "main")
    assert [f"«{head}»" in told, "Имена, телефоны и адреса жителей" in told, "Меченый" in told] == [True, True, False]


@pytest.mark.parametrize(
    ("who", "kept"),
    [
        ("жители", "жители"), ("Жители", "Жители"), ("глава города", "глава города"),
        ("Совет ветеранов", "Совет ветеранов"),
        ("Иванова М. П.", ""), ("М.П. Иванова", ""), ("Мария Иванова", ""), ("Петровна", ""), ("Иванова", ""),
        ("депутат Иванова", ""), ("Иванова, житель", ""), ("жительница Мария", ""), ("Лужковская, учитель", ""),
        ("Городская дума", "Городская дума"), ("ТОС «Дружба»", "ТОС «Дружба»"),
        ("глава города Сызрань", "глава города Сызрань"), ("молодёжный совет", "молодёжный совет"),
        ("депутат, 8 927 000-11-22", ""), ("жители, mail@example.org", ""),
    ],
)  # fmt: skip
def test_who_spoke_is_kept_only_while_it_is_no_name(town, editor, who, kept):
    rows = [["Текст", "Кто сказал"], ["Нужен мост", who]]

    sheet = hall_sheet.read_sheet(upload(table(rows)))

    assert [row["speaker"] for _number, row in sheet.rows] == [kept]
    assert bool(sheet.left_out) is (kept != who)


def _merged_sections():
    made, content = openpyxl.Workbook(), io.BytesIO()
    for row in [["Текст", "Секция"], ["Нужен мост", "ДОРОГИ"], ["Ямы", None]]:
        made.active.append(row)
    made.active.merge_cells("B2:B3")
    made.save(content)
    return content.getvalue()


def _second_sheet():
    made, content = openpyxl.Workbook(), io.BytesIO()
    made.active.append(["Список участников"])
    second = made.create_sheet("Предложения")
    for row in [["Текст", "Секция"], ["Нужен мост", "Дороги"], ["Ямы", "Дороги"]]:
        second.append(row)
    made.save(content)
    return content.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        table([["Предложения жителей города"], ["Текст", "Секция"], ["Нужен мост", "Дороги"], ["Ямы", "Дороги"]]),
        table([["№ предложения", "Предложение", "Секция"], ["1", "Нужен мост", "Дороги"], ["2", "Ямы", "Дороги"]]),
        table([["Текст", "Секция"], ["Нужен мост", "\xa0Дороги "], ["Ямы", "дороги"]]),
        _merged_sections(), _second_sheet(),
    ],
    ids=["title above", "number column", "blanks in a section", "merged section", "second sheet"],
)  # fmt: skip
def test_sheet_is_read_as_people_make_it(town, content):
    session = with_section(town)

    ready, errors, _repeated = hall_sheet.check(session, hall_sheet.read_sheet(upload(content)).rows)

    section = session.sections.get().pk
    assert (errors, [(row["text"], row["section"]) for row in ready]) == (
        [], [("Нужен мост", section), ("Ямы", section)],
    )  # fmt: skip


def test_words_cut_by_a_sign_and_errors_of_excel_are_told(town):
    session = with_section(town)
    cut = hall_sheet.read_sheet(upload("Предложение\nМост; и сквер\nЯмы, лужи".encode()))
    wrong = hall_sheet.read_sheet(upload(book([["Текст"], ["#REF!"], [True], ["Мост"]])))

    assert hall_sheet.check(session, wrong.rows)[1] == [
        (2, "в ячейке ошибка Excel: наберите её заново"), (3, "«да» — не предложение"),
    ]  # fmt: skip
    assert [number for number, _wrong in hall_sheet.check(session, cut.rows)[1]] == [2]


@pytest.mark.invariant(89)
@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([["ФИО, предложение", "Секция"], ["Меченый Я. П.: мост", ""]], "Столбец «ФИО, предложение» называет людей"),
        ([["Предложение", "Секция"], ["Меченый Ярослав", ""], ["Иванова М. П.", ""]], "похоже на имена жителей"),
    ],
    ids=["one column of names and words", "names under another head"],
)  # fmt: skip
def test_names_and_words_in_one_column_are_refused_in_words(town, rows, told):
    with pytest.raises(ValidationError, match=told):
        hall_sheet.read_sheet(upload(table(rows)))


@pytest.mark.invariant(89)
def test_telephone_inside_the_words_stays_with_them_and_is_not_public(town, editor):
    session, client = announced(town), browser(editor)
    rows = [["Текст", "Стол"], ["Мост, 8 927 000-11-22", "Петров А."]]
    shown = client.post(address(session), {"file": upload(table(rows))})

    client.post(address(session), {"rows": shown.context["packed"]})

    proposal = Proposal.objects.get()
    assert (proposal.text, proposal.table, proposal.public_text) == ("Мост, 8 927 000-11-22", "", "")
    assert not Proposal.objects.public().exists()


def test_every_row_is_read_or_left_with_a_reason(town):
    made, content = openpyxl.Workbook(), io.BytesIO()
    for row in [["Предложения жителей"], [], ["№", "Предложение", "Участник", None], [None, None, "Имя", "Телефон"],
                [1, 2, 3, 4], [1, "Мост", "А", "1"], ["№", "Предложение", "Участник"], [2, None, "Б", "2"],
                [3, "Всего доброго городу желаем", "В", "3"], ["Итого: 2 предложения"]]:  # fmt: skip
        made.active.append(row)
    for area in ("A3:A4", "B3:B4", "C3:D3"):
        made.active.merge_cells(area)
    made.save(content)

    sheet = hall_sheet.read_sheet(upload(content.getvalue(), "а.xlsx"))

    assert [(number, row["text"]) for number, row in sheet.rows] == [(6, "Мост"), (9, "Всего доброго городу желаем")]
    assert [(number, why) for number, _text, why in sheet.left] == [
        (1, "название"), (2, "название"), (3, "шапка"), (4, "шапка"), (5, "шапка"), (7, "шапка ещё раз"),
        (8, "в столбцах, которые вносим, пусто"), (10, "в столбцах, которые вносим, пусто"),
    ]  # fmt: skip
