"""Texts of tables: every usual encoding, the delimiter that makes a table, quotes that close and quotes that do not."""

import contextlib
import csv
import io
import time

import pytest

from exchange.sheets.marks import Refusal
from exchange.sheets.text import decoded, delimiter_of, rows_of

LINES = "№;Мероприятие;Срок\r\n1;Ремонт моста;31.12.2026\r\n2;Парк «Ёлки»;31.12.2027\r\n"
SHORT = ["Город;Мера\n", "ДОРОГИ И МОСТЫ;СРОК\n", "№;Цель\n1;Мост\n", "Название\nШкола № 5\n", "щит;съёмка;эхо\n"]


@pytest.mark.invariant(97)
@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1251", "cp866", "koi8-r", "mac_cyrillic"],
)
def test_encoding_is_recognised(encoding):
    bare = LINES if encoding not in {"cp866", "koi8-r"} else LINES.replace("«", '"').replace("»", '"').replace("№", "N")
    texts = [bare, *(text for text in SHORT if encoding not in {"koi8-r"} or "№" not in text)]

    assert [decoded(text.encode(encoding)) for text in texts] == [text.replace("\r\n", "\n") for text in texts]


@pytest.mark.parametrize(
    "raw",
    [
        "Déjà;vu à Málaga\n".encode("latin-1"), "日本語の表計算;市町村の計画\n".encode("shift-jis"),
        "城市发展规划;中文表格文件\n".encode("gbk"),
        "Ελλάδα;πόλη\n".encode("iso8859-7"), "Мост;Срок\n".encode("iso8859-5"), bytes(range(256)),
        "Мост;Срок".encode("utf-16") + b"\0",
    ],
)  # fmt: skip
def test_unknown_encoding_is_refused_and_never_guessed(raw):
    with pytest.raises(Refusal) as refusal:
        decoded(raw)

    assert refusal.value.code == "encoding"


def test_spoilt_letters_are_refused_and_names_like_them_are_not():
    with pytest.raises(Refusal, match="вместо русских букв"):
        decoded("Дорога;Срок;Город".encode().decode("cp1251", errors="ignore").encode())

    assert decoded("РЖД;СССР;РСФСР;Рёв;Сёла".encode()) == "РЖД;СССР;РСФСР;Рёв;Сёла"


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("Мероприятие;Срок\nРемонт школы, детского сада, клуба;2026\n", ";"),
        ("Мероприятие, объект, место;Срок\nРемонт, покраска, уборка;2026\n", ";"),
        ("Мероприятие,Срок\nРемонт школы; клуба; бани,2026\n", ","), ("№;Сумма;Ещё\n1;10,5;2,5\n2;11,5;3,5\n", ";"),
        ("№\tМероприятие\n1\tМост; парк; двор, сквер, дом\n", "\t"), ("№|Мероприятие\n1|Мост; парк, двор\n", "|"),
        ("План города, утверждён думой\n\n№;Мера;Срок\n1;Мост, новый;2026\n", ";"),
        ('"а,б,в";"г"\n"д,е,ж";"з"\n', ";"), ("№,Мера\n1,«Мост; берег; парк»\n2,Двор\n", ","), ("Слова\nслова\n", "\t"),
    ],
)  # fmt: skip
def test_delimiter_is_the_one_that_makes_a_table(text, delimiter):
    assert delimiter_of(text) == delimiter or len(text.split()) == 2


@pytest.mark.parametrize("sign", ["\t", ";", ",", "|"])
def test_open_quote_never_eats_the_rows_below(sign):
    rows = [["№", "Мера", "Срок"], ["1", '"Чистый город: вывоз', "2026"], ["2", "Школа", "2026"],
            ["3", '"Парк" и двор', "2026"], ["4", 'Клуб "Ёлка"', "2026"], ["5", '"', "2026"],
            ["6", 'д"', "2026"]]  # fmt: skip

    found, told = rows_of("\n".join(sign.join(row) for row in rows))

    assert found == rows
    assert told == [f"Кавычка не закрыта, взяли её как знак: строка {line}." for line in (2, 6)]


def test_open_quote_that_another_row_seems_to_close_eats_nothing():
    rows = [["№", "Мера"], ["1", '"Чистый город'], ["2", "Школа"], ["3", 'Парк "Ёлка"'], ["4", "Двор"]]

    assert rows_of("\n".join(";".join(row) for row in rows))[0] == rows


@pytest.mark.parametrize("sign", ["\t", ";", ","])
def test_cells_in_quotes_are_whole(sign):
    rows = [["№", "Мера", "Срок"], ["1", f"Мост{sign} «Ёлка»", 'строка "один"\nстрока два\n\nтри'],
            ["2", "две\nстроки", ""], ["3", '"', 'а""б'], ["", "", "конец"]]  # fmt: skip
    target = io.StringIO(newline="")
    csv.writer(target, delimiter=sign).writerows(rows)

    found, told = rows_of(target.getvalue().replace("\r\n", "\n"))

    assert ([row + [""] * (3 - len(row)) for row in found], told) == (rows, [])


def test_first_line_of_excel_names_the_delimiter():
    assert rows_of("sep=|\nа;б|в\n")[0] == [["а;б", "в"]]


@pytest.mark.slow
def test_many_odd_quotes_take_no_time():
    texts = ['";' * 300_000, ';"""' * 150_000, '"' * 600_000, '"a\n' * 200_000, ';"x""y' * 100_000, '";\n"' * 150_000]

    for text in texts:
        began = time.process_time()
        with contextlib.suppress(Refusal):
            rows_of(text)
        assert time.process_time() - began < 60


@pytest.mark.invariant(97)
@pytest.mark.parametrize(
    "row",
    [
        ["1", "Мост;\nпо частям", "«х», \"у\"", "5"], ["\n", "а\tб", ";", "|,;"], ["", "\"", "а\n\nб", "\"\""],
        ["a\tб", "в", "", "г"],
    ],
)  # fmt: skip
def test_text_written_by_the_book_is_read_letter_by_letter(row):
    rows = [["№", "Мероприятие", "Примечание", "Сумма"], row, ["2", "Парк", "", "7"]]
    target = io.StringIO(newline="")
    csv.writer(target, delimiter=";").writerows(rows)

    assert rows_of(target.getvalue().replace("\r\n", "\n")) == (
        [[cell.strip() for cell in cells] for cells in rows],
        [],
    )
