"""A sheet gathered on paper: every format, every error by its row, whole or nothing, never twice, with progress."""

import datetime
import io
import json

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from documents.models import Document
from exchange import hall_sheet
from sessions.models import NumberSeries, Proposal, Section, Session
from tests import factories, files
from tests.conftest import StrictClient
from tests.pages import text
from tests.sessions.test_views_hall import announced

ROWS = [["Текст предложения", "Секция", "Стол", "Кто сказал"], ["Нужен мост", "Дороги", "4", "жители"],
        ["Сквер у вокзала", "", "", ""]]  # fmt: skip


def browser(person):
    """A browser of a person."""
    client = StrictClient()
    client.force_login(person)
    return client


def upload(content, name="лист.csv"):
    """A file of a form."""
    return SimpleUploadedFile(name, content)


def table(rows, delimiter=";", encoding="utf-8"):
    """A CSV file."""
    return "\r\n".join(delimiter.join(f'"{cell}"' for cell in row) for row in rows).encode(encoding)


def book(rows):
    """An XLSX file."""
    made, content = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        made.active.append(row)
    made.save(content)
    return content.getvalue()


def take_in(session, rows, *, by):
    """Rows become proposals of a session; gives the steps."""
    return list(hall_sheet.take_in_steps(session, rows, by=by))


def address(session):
    """The page of the import."""
    return f"/office/sessions/{session.pk}/import/"


def with_section(owner):
    """A session with the section of `ROWS`."""
    session = announced(owner)
    Section.objects.create(session=session, title="Дороги")
    return session


@pytest.mark.parametrize(
    "content",
    [
        table(ROWS), table(ROWS, ","), table(ROWS, "\t"), table(ROWS, encoding="utf-8-sig"),
        table(ROWS, encoding="cp1251"), table(ROWS, encoding="utf-16"), table([["", "Сбор на площади"], *ROWS]),
        table([["Предложения жителей"], *ROWS]), book(ROWS),
    ],
    ids=["semicolon", "comma", "tab", "bom", "cp1251", "utf-16", "title above", "title like a head", "xlsx"],
)  # fmt: skip
def test_sheet_is_shown_then_taken_in_whole(town, editor, content):
    session, client = with_section(town), browser(editor)

    shown = client.post(address(session), {"file": upload(content)})
    before = Proposal.objects.count()
    client.post(address(session), {"rows": shown.context["packed"]})

    assert (shown.status_code, shown.context["ready_total"], before) == (200, 2, 0)
    rows = Proposal.objects.order_by("number").values_list("text", "section__title", "table", "speaker", "channel")
    assert list(rows) == [
        ("Нужен мост", "Дороги", "4", "жители", "sheet"), ("Сквер у вокзала", None, "", "", "sheet"),
    ]  # fmt: skip


def test_rows_get_numbers_terms_history_and_no_link(town, editor):
    session = with_section(town)
    take_in(session, hall_sheet.check(session, hall_sheet.read_sheet(upload(table(ROWS))).rows)[0], by=editor)

    year = timezone.localdate().year
    proposals = list(Proposal.objects.order_by("number"))
    assert [one.number for one in proposals] == [f"СЗ-{year}-0001", f"СЗ-{year}-0002"]
    assert NumberSeries.objects.get().last == 2
    assert {one.answer_due for one in proposals} == {
        timezone.localdate() + datetime.timedelta(days=town.region.answer_days)
    }
    assert [(one.history.count(), one.secret_hash, one.created_by) for one in proposals] == [(1, "", editor)] * 2
    assert [list(Proposal.objects.search(one.number)) for one in proposals] == [[one] for one in proposals]
    assert list(Proposal.objects.search("мост")) == []


@pytest.mark.invariant(42)
def test_one_wrong_row_lets_nothing_in_and_every_error_names_its_row(town, editor):
    session = with_section(town)
    wrong = table([*ROWS, ["", "", "9", ""], ["А" * 4001, "", "", ""], ["Школа", "Нет такой", "С" * 41, ""]])

    response = browser(editor).post(address(session), {"file": upload(wrong)})

    assert response.status_code == 422
    assert response.context["errors"] == [
        (4, "нет текста предложения"), (5, "«слова автора» длиннее 4000 знаков"),
        (6, "«стол» длиннее 40 знаков; секции «Нет такой» у сессии нет"),
    ]  # fmt: skip
    assert (response.context["packed"], Proposal.objects.count()) == ("", 0)


@pytest.mark.invariant(12)
def test_paper_of_a_held_session_is_taken_in_with_its_day_until_the_outcome(town, editor):
    held, client = timezone.now() - datetime.timedelta(days=3), browser(editor)
    session = announced(town, status="held", starts_at=held, proposals_until=timezone.localdate(held))
    Section.objects.create(session=session, title="Дороги")
    packed = client.post(address(session), {"file": upload(table(ROWS))}).context["packed"]

    page = client.post(address(session), {"rows": packed}, follow=True)

    assert "Вносить сейчас нельзя." not in text(page, "main")
    assert set(Proposal.objects.values_list("said_on", flat=True)) == {timezone.localdate(held).isoformat()}
    Session.objects.update(status="outcome", minutes=factories.document(town, kind=Document.Kind.MINUTES))
    assert client.post(address(session), {"rows": packed + "x"}).status_code == 422
    assert "Вносить сейчас нельзя." in text(client.get(address(session)), "main")


def test_formula_of_a_book_is_an_error_and_never_runs(town, editor):
    session = with_section(town)
    content = book([ROWS[0], ['=HYPERLINK("http://example.org","x")', "", "", ""]])

    response = browser(editor).post(address(session), {"file": upload(content, "a.xlsx")})

    assert response.context["errors"] == [(2, "в ячейке формула: вставьте её значение")]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (table([["Имя", "Телефон"], ["а", "б"]]), "Не нашли столбец с предложениями."),
        (table(ROWS[:1]), "В таблице нет ни одной строки."),
        (files.DOCX, "это документ Word."),
        (files.MACRO_SHEET, "в нём есть макросы."),
        (files.BOMB, "файл слишком велик внутри"),
        (b"PK\x03\x04 broken", "файл повреждён"),
        (files.XLSX, "в книге нет ни одного листа с таблицей."),
        (b"\x89PNG\0\0", "это картинка, а не таблица. Подходят таблицы XLSX, XLS, ODS и CSV."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0", "книга повреждена"),
    ],
    ids=["no header", "no rows", "docx", "macros", "bomb", "broken", "empty book", "picture", "old excel"],
)
def test_file_that_is_no_sheet_is_refused_in_words(town, editor, content, told):
    response = browser(editor).post(address(announced(town)), {"file": upload(content)})

    assert response.status_code == 422
    assert told in text(response, "main")


@pytest.mark.invariant(42)
def test_same_sheet_again_is_told_and_not_doubled(town, editor):
    session, client = with_section(town), browser(editor)
    packed = client.post(address(session), {"file": upload(table(ROWS))}).context["packed"]
    client.post(address(session), {"rows": packed})

    twice = client.post(address(session), {"rows": packed}, follow=True)
    again = client.post(address(session), {"file": upload(book(ROWS))})

    assert "Такие строки уже внесены" in text(twice, "main")
    assert (again.status_code, again.context["repeated"], again.context["packed"]) == (200, 2, "")
    assert "Такие строки уже внесены: 2." in text(again, "main")
    assert Proposal.objects.count() == 2


def test_same_words_twice_in_one_sheet_are_two_proposals(town, editor):
    session, client = with_section(town), browser(editor)
    shown = client.post(address(session), {"file": upload(table([*ROWS, ROWS[2]]))})

    client.post(address(session), {"rows": shown.context["packed"]})

    assert Proposal.objects.count() == 3


def test_only_new_rows_of_a_longer_sheet_enter(town, editor):
    session, client = with_section(town), browser(editor)
    client.post(address(session), {"rows": client.post(
        address(session), {"file": upload(table(ROWS))}).context["packed"]})  # fmt: skip

    shown = client.post(address(session), {"file": upload(table([*ROWS, ["Школа", "", "", ""]]))})
    client.post(address(session), {"rows": shown.context["packed"]})

    assert (shown.context["ready_total"], shown.context["repeated"], Proposal.objects.count()) == (1, 2, 3)


def test_rows_of_another_session_or_made_up_are_refused(town, editor):
    first, second, client = with_section(town), with_section(town), browser(editor)
    packed = client.post(address(first), {"file": upload(table(ROWS))}).context["packed"]

    answers = [client.post(address(second), {"rows": rows}) for rows in (packed, packed[:-4] + "abcd", "слово")]

    assert ([answer.status_code for answer in answers], Proposal.objects.count()) == ([422] * 3, 0)


@pytest.mark.invariant(42)
def test_rows_are_refused_whole_when_the_session_takes_none(town, editor):
    session = announced(town, status="planned")

    with pytest.raises(ValidationError) as refusal:
        take_in(session, [{"text": "Мост", "section": None, "table": "", "speaker": ""}], by=editor)

    assert refusal.value.message_dict == {"session": ["Предложения принимают после объявления сессии."]}
    assert (Proposal.objects.count(), NumberSeries.objects.count()) == (0, 0)


def ask_for_progress(client, session, packed):
    """The answer that the script of the page asks for."""
    return client.post(address(session), {"rows": packed}, headers={"accept": "application/x-ndjson"})


@pytest.fixture
def one_by_one(monkeypatch):
    """A batch of a row: so short sheets have steps too."""
    monkeypatch.setattr(hall_sheet, "AT_ONCE", 1)


def test_import_tells_how_far_it_is_and_where_to_go_on(town, editor, one_by_one):
    session, client = with_section(town), browser(editor)
    packed = client.post(address(session), {"file": upload(table(ROWS))}).context["packed"]

    answer = ask_for_progress(client, session, packed)

    assert [json.loads(line) for line in answer.streaming_content] == [
        {"done": 0, "of": 2}, {"done": 1, "of": 2}, {"done": 2, "of": 2}, {"location": address(session)},
    ]  # fmt: skip
    assert Proposal.objects.filter(session=session).count() == 2
    assert "Внесено строк: 2." in text(client.get(address(session)), "main")


@pytest.mark.django_db(transaction=True)
def test_import_whose_person_goes_away_leaves_nothing(town, editor, one_by_one):
    session, client = with_section(town), browser(editor)
    packed = client.post(address(session), {"file": upload(table(ROWS))}).context["packed"]
    answer = ask_for_progress(client, session, packed)
    lines = iter(answer)

    told = [json.loads(next(lines)) for _line in range(2)]
    inside = Proposal.objects.count()
    answer.close()

    assert (told[-1], inside) == ({"done": 1, "of": 2}, 1)
    assert (Proposal.objects.count(), Proposal.history.count(), NumberSeries.objects.count()) == (0, 0, 0)


def test_import_with_progress_refuses_in_words(town, editor):
    session, client = with_section(town), browser(editor)
    packed = client.post(address(session), {"file": upload(table(ROWS))}).context["packed"]
    session.status = "cancelled"
    session.save()

    answers = [ask_for_progress(client, session, rows) for rows in (packed, "слово")]

    last = [json.loads(list(answer.streaming_content)[-1]) for answer in answers]
    assert last == [
        {"refusal": "Сессия отменена: новых слов к ней не записывают."}, {"refusal": "Загрузите таблицу ещё раз."},
    ]  # fmt: skip
    assert Proposal.objects.count() == 0


def test_import_with_progress_of_what_is_in_already_says_so(town, editor):
    session, client = with_section(town), browser(editor)
    packed = client.post(address(session), {"file": upload(table(ROWS))}).context["packed"]
    client.post(address(session), {"rows": packed}, follow=True)

    answer = ask_for_progress(client, session, packed)

    assert list(answer.streaming_content) == [f'{{"location": "{address(session)}"}}\n'.encode()]
    assert "Такие строки уже внесены: ничего не добавили." in text(client.get(address(session)), "main")


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


def test_import_needs_a_file(town, editor):
    response = browser(editor).post(address(announced(town)), {})

    assert (response.status_code, response.context["form"].errors["file"]) == (422, ["Выберите файл."])


def test_many_rows_enter_with_numbers_in_a_row(town, editor, monkeypatch):
    monkeypatch.setattr(hall_sheet, "AT_ONCE", 10)
    many = 2 * hall_sheet.AT_ONCE + 1
    session, client = with_section(town), browser(editor)
    rows = [[f"Предложение {n}: починить двор дома {n * 7 % 991} по улице № {n % 83}", "Дороги", n % 40, "жители"]
            for n in range(many)]  # fmt: skip
    content = book([ROWS[0], *rows])

    shown = client.post(address(session), {"file": upload(content)})
    client.post(address(session), {"rows": shown.context["packed"]})

    assert Proposal.objects.filter(channel="sheet", session=session).count() == many
    assert NumberSeries.objects.get().last == many
