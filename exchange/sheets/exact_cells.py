"""Kinds of cells in files made by rule: each takes one form and says what was expected when another stands there.

`read(text)` takes a stripped, non-empty text and returns a value or raises ValueError with a message for the author
of the file: «what stands there; what was expected». People's tables are read more kindly, by `cells`.
"""

import datetime
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils import timezone

from municipalities.fields import validate_partial_date


@dataclass(frozen=True)
class Exact:
    """A cell of one form.

    Attributes:
        about: what stands in it, for the description of the files.
        form: the pattern of the whole text.
        make: gives the value of a text of that form; may raise ValueError.
        refusal: what is said after the text that stands there.
    """

    about: str
    form: str
    make: Callable
    refusal: str = ""

    def read(self, text):
        try:
            if not re.fullmatch(self.form, text, re.ASCII | re.DOTALL):
                raise ValueError
            return self.make(text)
        except (ValueError, ValidationError):
            raise ValueError(f"«{text}» {self.refusal}") from None


def _partial_day(text):
    validate_partial_date(text)
    return text


def _moment(text):
    """(aware datetime, whether the time is known) by the site's clock."""
    return timezone.make_aware(datetime.datetime.fromisoformat(text)), ":" in text


TEXT = Exact("текст", r".*", lambda text: text.replace("\r\n", "\n").replace("\r", "\n"))
SLUG = Exact(
    "код: латинские буквы, цифры, дефис",
    r"[-a-zA-Z0-9_]+",
    str,
    "не подходит; ожидались латинские буквы, цифры и дефис",
)
NUMBER = Exact(
    "число с точкой", r"-?\d+(\.\d+)?", Decimal, "— не число; ожидалось число с точкой и без пробелов, например 1234.5"
)
DAY = Exact(
    "дата ГГГГ-ММ-ДД", r"\d{4}-\d{2}-\d{2}", datetime.date.fromisoformat, "— не дата; ожидалась дата вида 2018-06-22"
)
PARTIAL_DAY = Exact(
    "дата ГГГГ, ГГГГ-ММ или ГГГГ-ММ-ДД", r".+", _partial_day, "— не дата; ожидалось 2018, 2018-06 или 2018-06-22"
)
MOMENT = Exact(
    "дата ГГГГ-ММ-ДД или дата и время ГГГГ-ММ-ДД ЧЧ:ММ",
    r"\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2})?",
    _moment,
    "— не дата; ожидалось 2018-06-22 или 2018-06-22 08:00",
)
YES_NO = Exact("yes или no", r"yes|no", lambda text: text == "yes", "не подходит; допустимо: yes, no")
IDENTIFIER = Exact("код ФИАС (UUID)", r".+", uuid.UUID, "— не код ФИАС; ожидался UUID из 32 знаков")


@dataclass(frozen=True)
class Whole:
    """A whole number, not negative."""

    low: int = 0
    high: int = 2_147_483_647
    about = "целое число"

    def read(self, text):
        if not text.isdecimal() or not text.isascii():
            raise ValueError(f"«{text}» — не целое число; ожидались только цифры, например 2018")
        number = int(text)
        if not self.low <= number <= self.high:
            raise ValueError(f"«{text}» вне границ; ожидалось число от {self.low} до {self.high}")
        return number


@dataclass(frozen=True)
class Choice:
    """One of a few codes."""

    codes: tuple

    @property
    def about(self):
        return "одно из: " + ", ".join(f"`{code}`" for code in self.codes)

    def read(self, text):
        if text not in self.codes:
            raise ValueError(f"«{text}» не подходит; допустимо: {', '.join(self.codes)}")
        return text


@dataclass(frozen=True)
class Ref:
    """The code of a row of another file (or of the same one)."""

    table: str

    @property
    def about(self):
        return f"код строки из `{self.table}.csv`"

    def read(self, text):
        return text


@dataclass(frozen=True)
class Refs:
    """Codes of rows of another file, separated by «;»; gives a tuple."""

    table: str

    @property
    def about(self):
        return f"коды строк из `{self.table}.csv` через `;`"

    def read(self, text):
        return tuple(dict.fromkeys(part.strip() for part in text.split(";") if part.strip()))
