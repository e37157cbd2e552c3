"""Kinds of cells in the CSV files that the site reads: what each accepts and what it says when refused.

`read(text)` takes a stripped, non-empty text and returns a value or raises ValueError with a message for the author
of the file: «what stands there; what was expected».
"""

import datetime
import re
import uuid
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils import timezone

from municipalities.fields import validate_partial_date

_MOMENT = re.compile(r"^\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}$")
_SLUG = re.compile(r"^[-a-zA-Z0-9_]+$")


@dataclass(frozen=True)
class Text:
    """Any text."""

    about = "текст"

    def read(self, text):
        return text.replace("\r\n", "\n").replace("\r", "\n")


@dataclass(frozen=True)
class Slug:
    """A Latin address or code."""

    about = "код: латинские буквы, цифры, дефис"

    def read(self, text):
        if not _SLUG.match(text):
            raise ValueError(f"«{text}» не подходит; ожидались латинские буквы, цифры и дефис")
        return text


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
class Number:
    """A decimal number with a point."""

    about = "число с точкой"

    def read(self, text):
        if not re.fullmatch(r"-?\d+(\.\d+)?", text, re.ASCII):
            raise ValueError(f"«{text}» — не число; ожидалось число с точкой и без пробелов, например 1234.5")
        return Decimal(text)


@dataclass(frozen=True)
class Day:
    """A whole date."""

    about = "дата ГГГГ-ММ-ДД"

    def read(self, text):
        try:
            if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
                raise ValueError
            return datetime.date.fromisoformat(text)
        except ValueError:
            raise ValueError(f"«{text}» — не дата; ожидалась дата вида 2018-06-22") from None


@dataclass(frozen=True)
class PartialDay:
    """A date as far as it is known."""

    about = "дата ГГГГ, ГГГГ-ММ или ГГГГ-ММ-ДД"

    def read(self, text):
        try:
            validate_partial_date(text)
        except ValidationError:
            raise ValueError(f"«{text}» — не дата; ожидалось 2018, 2018-06 или 2018-06-22") from None
        return text


@dataclass(frozen=True)
class Moment:
    """A day, or a day and time by the site's clock; gives (aware datetime, whether the time is known)."""

    about = "дата ГГГГ-ММ-ДД или дата и время ГГГГ-ММ-ДД ЧЧ:ММ"

    def read(self, text):
        try:
            has_time = bool(_MOMENT.match(text))
            naive = datetime.datetime.fromisoformat(text) if has_time else Day().read(text)
        except ValueError:
            raise ValueError(f"«{text}» — не дата; ожидалось 2018-06-22 или 2018-06-22 08:00") from None
        if not has_time:
            naive = datetime.datetime.combine(naive, datetime.time())
        return timezone.make_aware(naive), has_time


@dataclass(frozen=True)
class YesNo:
    """Yes or no."""

    about = "yes или no"

    def read(self, text):
        if text not in {"yes", "no"}:
            raise ValueError(f"«{text}» не подходит; допустимо: yes, no")
        return text == "yes"


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
class Identifier:
    """A UUID."""

    about = "код ФИАС (UUID)"

    def read(self, text):
        try:
            return uuid.UUID(text)
        except ValueError:
            raise ValueError(f"«{text}» — не код ФИАС; ожидался UUID из 32 знаков") from None


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
