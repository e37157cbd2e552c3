"""What a cell of a grid says beside its text, how much a sheet may hold, how a reader refuses; known without Django.

A cell is a text. What is more than a text begins with a mark: a date of Excel (`DAY`), a formula (`FORMULA`), an error
of Excel (`ERROR`), a cell merged with the one above (`MERGED`, then what stands there).
"""

from municipalities.typed import clean

DAY, FORMULA, ERROR, MERGED = "\x01", "\x02", "\x03", "\x04"
MOST_BYTES, MOST_ROWS, MOST_COLUMNS, MOST_TEXT = 10 * 1024 * 1024, 20_000, 200, 32_000
MOST_INSIDE, MOST_SHEETS = 120 * 1024 * 1024, 20
MOST_CELLS, MOST_SIGNS = 1_000_000, 20_000_000  # of a whole book
LOCKED = (
    "книга закрыта паролем. Откройте её в Excel, снимите пароль («Файл» → «Сведения» → «Защита книги») и сохраните."
)
TOO_MUCH = "в таблице больше миллиона ячеек или слишком много текста. Разделите её на части."
TOO_LONG = "Текст длиннее 32 000 знаков обрезан"
GUARDED = "=+-@'"


class Refusal(Exception):
    """A file or a sheet that is not read.

    Attributes:
        words: why, and what to do, for a person; they go on after the name of the file.
        code: the kind of refusal.
    """

    def __init__(self, words, code):
        super().__init__(words, code)
        self.words, self.code = words, code


def without_mark(text):
    """What a formula, an error or a merged cell says to people: its text without the mark."""
    return text[1:] if text[:1] in {FORMULA, ERROR, MERGED} else text


def clean_text(text):
    """A text of a cell as the site keeps every text; no blanks around."""
    return clean(text).strip()


def guard(text):
    """A text for a CSV that a spreadsheet opens: it never begins a formula."""
    return "'" + text if text and text[0] in GUARDED else text


def without_guard(text):
    """A text of a CSV as it was before `guard`."""
    return text[1:] if len(text) > 1 and text[0] == "'" and text[1] in GUARDED else text


def address(row, column):
    """How a spreadsheet calls a cell whose place is counted from 0: D12."""
    return f"{letters(column)}{row + 1}"


def letters(column):
    """How a spreadsheet calls a column whose place is counted from 0: AB."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def listed(names, most=10):
    """The first few of some names or numbers, and how many more there are."""
    shown = ", ".join(map(str, names[:most]))
    return shown if len(names) <= most else f"{shown} и ещё {len(names) - most}"
