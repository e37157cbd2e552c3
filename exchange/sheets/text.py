"""Tables kept as text: which encoding, which sign between the cells, where a cell in quotes ends."""

import csv
import io
import re
import unicodedata
from collections import Counter

from .marks import (
    MOST_CELLS,
    MOST_COLUMNS,
    MOST_ROWS,
    MOST_TEXT,
    TOO_LONG,
    TOO_MUCH,
    Refusal,
    address,
    clean_text,
    without_guard,
)

ENCODINGS = {"cp1251": "Windows-1251", "cp866": "DOS (866)", "koi8-r": "КОИ-8", "mac_cyrillic": "MacCyrillic"}
SAVE_AS = "Откройте его в Excel и сохраните как «Книга Excel (.xlsx)» или «CSV UTF-8»."
DELIMITERS = "\t;|,"
_SAMPLE, _LINES = 200_000, 300
# Which letters follow which in Russian, the usual pairs: 95 of 100 in plain text, a third in a wrong encoding.
_FOLLOWERS = """
    абвгдезйклмнпрстхцчшюя баеилоруы ваеиклносыя гадеилору даеилмнорсуы евгджзйклмнпрстцчшщ ждеинс завдемно
    ибвдежзийклмнорстхцчюя йдст кавеилорсту лаежиноуыья маеимосуы нагеикностуыья обвгдежзйклмнпрстхцчшя паеилору
    рагдежикмностуыя савдеиклнопрстуья тавеикнорсучыь убгджзклмнпрстч фео хаор цаеи чаеинтё шаеи щаи ывейлмтх ькнстш
    эт южт явзнрт ёнт
"""
_PAIRS = frozenset(letters[0] + letter for letters in _FOLLOWERS.split() for letter in letters[1:])
_WORD = re.compile(r"[^\W\d_]+")
_RUSSIAN = re.compile("[а-яёА-ЯЁ]+")
_SIGNS = set("«»„“”‘’‚№–—…•§©®°±·\u00a0¤€₽™‰‹›²³×÷√≈≤≥")
_MOJIBAKE = re.compile("[РС][\u00a0-\u00bfЀ-Џѐ-џҐґ‘-•™€]")


def decoded(raw):
    """The text of the bytes of a file; line ends are one sign.

    Raises:
        Refusal: they are in no encoding that is known, or damaged.
    """
    text = _unicode(raw)
    if text is None:
        text = _russian(raw)
    elif len(_MOJIBAKE.findall(text)) * 8 > len(text):
        odd = text[_MOJIBAKE.search(text).start() :][:12]
        raise Refusal(f"вместо русских букв в нём «{odd}»: их испортили при сохранении. {SAVE_AS}", "encoding")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _unicode(raw):
    """The text of one of the encodings of Unicode; None where it is in none."""
    for mark, encoding in ((b"\xff\xfe\0\0", "utf-32"), (b"\0\0\xfe\xff", "utf-32"), (b"\xff\xfe", "utf-16"),
                           (b"\xfe\xff", "utf-16")):  # fmt: skip
        if raw.startswith(mark):
            return _whole(raw, encoding)
    if encoding := _unmarked(raw):
        return _whole(raw, encoding)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        spoilt = raw.decode("utf-8", errors="replace")
        if len(_RUSSIAN.findall(spoilt)) > 3 and _likeness(spoilt) > 0.6 and spoilt.count("\ufffd") < len(spoilt) / 10:
            line = raw.count(b"\n", 0, error.start) + 1
            raise Refusal(f"знак в строке {line} испорчен, остальное в UTF-8. {SAVE_AS}", "encoding") from error
        return None


def _whole(raw, encoding):
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        raise Refusal(f"он оборван или испорчен. {SAVE_AS}", "encoding") from error


def _unmarked(raw):
    """«Текст Юникод» that has lost its mark: which of the two it is by where the high bytes stand."""
    sample = raw[:4000]
    for encoding, high in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[::2])):
        if len(sample) > 3 and sum(byte in (0, 4) for byte in high) > 0.85 * len(high):
            low = sample[::2] if encoding == "utf-16-le" else sample[1::2]
            if sum(byte in (0, 4) for byte in low) < 0.5 * len(low):
                return encoding
    return ""


def _russian(raw):
    """The text of one of the encodings of a byte for a letter: the one in which it reads as Russian."""
    sample = raw[:_SAMPLE]
    found = {name: _likeness(sample.decode(name, errors="replace")) for name in ENCODINGS}
    best = max(found, key=found.get)
    if found[best] < 0.4:
        known = ", ".join(ENCODINGS.values())
        raise Refusal(f"кодировку не узнали: русских слов не вышло ни в UTF-8, ни в {known}. {SAVE_AS}", "encoding")
    try:
        return raw.decode(best)
    except UnicodeDecodeError as error:
        line, byte = raw.count(b"\n", 0, error.start) + 1, raw[error.start]
        raise Refusal(
            f"в строке {line} знак с кодом {byte:#04x}, которого в {ENCODINGS[best]} нет. {SAVE_AS}", "encoding"
        ) from error


def _likeness(text):
    """How much a text reads as Russian, up to 1: letters in usual order, words of one alphabet, no odd signs."""
    good = bad = total = 0
    for found in _WORD.finditer(text):
        word = found[0]
        if word.isascii():
            continue
        total += len(word)
        if not _RUSSIAN.fullmatch(word):
            bad += len(word)
            continue
        rest = word[1:]
        if not (rest.islower() or word.isupper() or not rest):
            bad += len(word)
        lower = word.lower()
        good += sum(lower[place : place + 2] in _PAIRS for place in range(len(lower) - 1)) + 1
    bad += sum(not sign.isascii() and not sign.isalpha() and sign not in _SIGNS for sign in text)
    total += sum(not sign.isascii() and not sign.isalpha() for sign in text)
    return (good - 2 * bad) / max(total, 1)


def rows_of(text):
    """(rows of a text, what has to be told of it): lists of clean cells.

    Raises:
        Refusal: there are too many rows or columns.
    """
    text, signs = _signs(text)
    rows, told, room = [], [], MOST_CELLS
    found = (_proper_rows(text, signs) if '"' in text else None) or split_rows(text, delimiter_of(text, signs), told)
    for number, cells in enumerate(found):
        cells = [without_guard(clean_text(cell)) for cell in cells[: 4 * MOST_COLUMNS]]
        for column, cell in enumerate(cells):
            if len(cell) > MOST_TEXT:
                told.append(f"{TOO_LONG}: {address(number, column)}.")
                cells[column] = cell[:MOST_TEXT]
        while cells and not cells[-1]:
            cells.pop()
        if len(cells) > MOST_COLUMNS:
            raise Refusal(f"в строке {number + 1} столбцов больше {MOST_COLUMNS}. Оставьте только нужные.", "too_wide")
        if cells and number >= MOST_ROWS:
            raise Refusal("строк больше 20 000. Разделите таблицу на части.", "too_many")
        room -= len(cells)
        if room < 0:
            raise Refusal(TOO_MUCH, "too_large")
        if number < MOST_ROWS:
            rows.append(cells)
    return rows, told


def _signs(text):
    """(the text, signs that may stand between its cells); Excel's own first line «sep=;» is no row."""
    if named := re.match(r"\ufeff?sep=(.)\n", text):
        return text[named.end() :], named[1]
    return text, DELIMITERS


def delimiter_of(text, signs=DELIMITERS):
    """The sign that makes a table of a text: most lines get the same number of cells, its first ones among them."""
    sample = "\n".join(text.split("\n", _LINES)[:_LINES])
    return max(signs, key=lambda sign: _tableness(sample, sign))


def _proper_rows(text, signs):
    """Rows of a text whose quotes are all in order and whose rows are equally wide; None for any other."""
    found = {sign: rows for sign in signs if (rows := _by_the_book(text, sign))}
    return max(found.values(), key=lambda rows: len(rows[0])) if found else None


def _by_the_book(text, sign):
    """Rows as RFC 4180 has them; None where a quote or a width is out of order, or a cell holds rows of the table."""
    lines, rows, start = text.split("\n"), [], 0
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=sign, strict=True)
    try:
        for cells in reader:
            record, start = lines[start : reader.line_num], reader.line_num
            width = len(rows[0]) if rows else len(cells)
            if any(cells) and (len(cells) != width or width < 2):
                return None
            if len(record) > 1 and all(line.count(sign) + 1 == width for line in record if line.strip()):
                return None
            rows.append(cells)
    except csv.Error:
        return None
    return rows


def _tableness(text, sign):
    """(how even the rows are that a sign gives, how many columns).

    With a blank after it, it is a sign of prose; one that the first line lacks stands within cells of another.
    """
    widths = Counter(len(cells) for cells in split_rows(text, sign) if any(cells))
    wide = {width: number for width, number in widths.items() if width > 1}
    if not wide:
        return 0, 0
    width, even = max(wide.items(), key=lambda one: (one[1], one[0]))
    in_prose = len(re.findall(rf"{re.escape(sign)}[ \u00a0]", text)) / max(text.count(sign), 1)
    share = sum(wide.values()) / sum(widths.values()) + even / sum(widths.values())
    is_first = sign in text.lstrip().partition("\n")[0]
    return round(share * (1 - 0.6 * in_prose) * (2 if sign == "\t" else 1) * (1 if is_first else 0.4), 3), width


def split_rows(text, delimiter, told=None):
    """Rows of a text, lists of cells.

    A cell stands in quotes where they close before the next sign; a quote that does not is one of its letters, and the
    rows under it stay rows.

    Args:
        told: a list that takes what has to be told.
    """
    lines = text.split("\n")
    if lines and not lines[-1]:
        lines.pop()
    # A cell in quotes, with all behind it up to the next sign; possessive: nothing is tried twice.
    quoted = re.compile(rf'"((?:[^"]|"")*+)" *+(?={re.escape(delimiter)}|\n|\Z)')
    usual = Counter(line.count(delimiter) for line in lines[:_LINES]).most_common(1)
    width = usual[0][0] + 1 if usual else 1
    starts, place = [], 0
    for line in lines:
        starts.append(place)
        place += len(line) + 1
    number = 0
    while number < len(lines):
        if '"' not in lines[number]:
            yield lines[number].split(delimiter)
            number += 1
            continue
        cells, end, strays = _quoted_row(text, starts[number], delimiter, quoted, width)
        if strays and told is not None and len(told) < 3:
            told.append(f"Кавычка не закрыта, взяли её как знак: строка {number + 1}.")
        yield cells
        number += text.count("\n", starts[number], end) + 1


def _quoted_row(text, start, delimiter, quoted, width):
    """(cells of the row that starts at a place, where it ends, whether a quote was left open)."""
    cells, place, strays = [], start, False
    while True:
        found = quoted.match(text, place) if text.startswith('"', place) else None
        if found and "\n" in found[1] and _are_rows(text, start, place, found.end(), delimiter, width):
            found = None
        if found:
            cells.append(found[1].replace('""', '"'))
            place = found.end()
        else:
            line_end = text.find("\n", place)
            line_end = len(text) if line_end < 0 else line_end
            end = text.find(delimiter, place, line_end)
            end = line_end if end < 0 else end
            strays = strays or (text.startswith('"', place) and text.count('"', place, end) % 2 == 1)
            cells.append(text[place:end])
            place = end
        if not text.startswith(delimiter, place):
            return cells, place, strays
        place += len(delimiter)


def _are_rows(text, start, place, end, delimiter, width):
    """Whether what a pair of quotes holds is rows of the table: each line is as wide as they are without the quotes."""
    line_end = text.find("\n", end)
    lines = text[start : len(text) if line_end < 0 else line_end].split("\n")
    return width > 1 and all(line.count(delimiter) + 1 == width for line in lines if line.strip())


def pasted_rows(text):
    """(rows of a table pasted as text, what has to be told): cells between tabs, between «|», or as in a file."""
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").strip("\n")
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    if "\t" not in text and lines and all(line.startswith("|") for line in lines):
        inside = [line.strip("|") for line in lines if not re.fullmatch(r"[|\s:+=-]+", line)]
        return rows_of("sep=|\n" + "\n".join(inside))
    if "\t" in text:
        return rows_of("sep=\t\n" + text)
    return rows_of(text)
