"""Names, telephones and addresses of residents never enter by a sheet, whatever its columns are called."""

import pytest
from django.core.exceptions import ValidationError

from exchange import hall_sheet
from sessions.models import Proposal
from tests.exchange.test_hall_sheet import address, browser, table, upload
from tests.pages import text
from tests.sessions.test_views_hall import announced

HEADS = [
    "Кто предложил (ФИО)", "Ф. И. О.", "Фамилия, имя", "Автор предложения", "Телефон", "E-mail", "Кто, адрес",
    "Контакты", "Дата рождения", "Слова, подпись", "Участник", "Гражданин", "От кого", "Внёс", "Кто внёс предложение",
    "Предложение внесла", "Представитель", "Докладчик", "Предложил", "Чьё предложение", "Выступающий", "Житель",
    "Инициатор предложения", "Место жительства", "Кто обратился", "Стол, модератор", "Соц. сети",
]  # fmt: skip


@pytest.mark.invariant(89)
def test_column_that_names_somebody_never_enters_and_is_told(town, editor, case):
    session, client = announced(town), browser(editor)
    for head in HEADS:
        with case(head):
            sheet = table([["№ предложения", head, "Текст"], ["7", "Меченый Ярослав Петрович", "Нужен мост"]])

            shown = client.post(address(session), {"file": upload(sheet)})
            client.post(address(session), {"rows": shown.context["packed"]})

            proposal = Proposal.objects.get()
            assert (proposal.text, proposal.speaker, proposal.table) == ("Нужен мост", "", "")
            told, names = text(shown, "main"), "Имена, телефоны и адреса жителей"
            assert [f"«{head}»" in told, names in told, "Меченый" in told] == [True, True, False]


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
