"""What stands in a cell: numbers, dates and words as people write them. Empty is never zero.

`read(text)` takes a non-empty text and gives a value, or None where it says that nothing is known; it raises ValueError
with what stands there and what was expected.
"""

import datetime
import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from .grid import DAY

BLANK = {"", "-", "–", "—", "−", "н/д", "нд", "н.д.", "нет данных", "не указано", "не установлено", "n/a"}
CROSS = {"х", "x", "×"}
MONTHS = ("январ", "феврал", "март", "апрел", "ма[йя]$", "июн", "июл", "август", "сентябр", "октябр", "ноябр", "декабр")
# A date whose cell lost its format is a number of days: 46387 is 31.12.2026. No other number of a term looks like it.
FIRST_DAY, SERIALS = datetime.date(1899, 12, 30), range(29_221, 73_415)
_SPACES = re.compile(r"[\s\u00a0\u2009\u202f\u2007'’]")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
_DOTTED = r"(\d{1,2})[./](\d{1,2})[./](\d{4}|\d{2})"
_WORDED = r"(\d{1,2})\s+([а-яё]+)\s+(\d{4})"
_TAIL = r"\s*(?:г\.?|года|год)?"
_DATE = re.compile(
    rf"(?:до|к|не позднее|по)?\s*(?:{_DOTTED}|{_WORDED}|(\d{{4}})-(\d{{2}})-(\d{{2}}))(?:[ t]00:00(?::00)?)?{_TAIL}"
)
_TERM = re.compile(r"(?:с\s+)?(.+?)\s*(?:\bпо\b|\bдо\b|–|—|-)\s*(.+)")


def is_blank(text):
    """Whether a cell says that nothing is known."""
    return text.strip().lower() in BLANK


@dataclass(frozen=True)
class Words:
    """Any text."""

    def read(self, text):
        if text.startswith(DAY):
            raise ValueError("здесь дата, а нужен текст: сделайте ячейку текстовой и наберите заново")
        return text


@dataclass(frozen=True)
class Number:
    """A number as people write it: 1 234,5."""

    percent: bool = False  # whether «75%» is 75

    def read(self, text):
        if text.lower() in CROSS:
            return None
        if text.startswith(DAY):
            raise ValueError("здесь дата, а нужно число")
        bare = _SPACES.sub("", text).replace("−", "-").replace("–", "-")
        if bare.endswith("%"):
            if not self.percent:
                raise ValueError(f"«{text}»: процент, а нужно число")
            bare = bare[:-1]
        if "," in bare and "." in bare:
            thousands = min(",.", key=bare.rfind)
            bare = bare.replace(thousands, "")
        bare = bare.replace(",", ".")
        if not _NUMBER.fullmatch(bare) or not bare.isascii():
            raise ValueError(f"«{text[:40]}» — не число; ожидалось число, например 1 234,5")
        return Decimal(bare)


@dataclass(frozen=True)
class Money:
    """A sum in thousand roubles, whatever the head of its column counts in; what is finer than two signs is refused."""

    factor: Decimal = Decimal(1)
    is_kept: bool = False  # whether it goes in; a total is only compared

    def read(self, text):
        if unit := re.search(r"(?i)\d\s*((?:тыс|млн|млрд|руб|₽)\S*)", text):
            raise ValueError(f"«{text[:40]}»: единицу («{unit[1]}») называют в шапке столбца, в ячейке только число")
        value = Number().read(text)
        if value is None or self.factor == 1:
            return value
        kept = _short((value * self.factor).quantize(Decimal("0.00001"), ROUND_HALF_UP))
        if self.is_kept and kept.as_tuple().exponent < -2:
            raise ValueError(f"«{text[:40]}»: деньги хранятся в тыс. руб. с двумя знаками, округлите до 10 руб.")
        return kept


def _short(value):
    """Without zeros behind the point."""
    return value.quantize(Decimal(1)) if value == value.to_integral() else value.normalize()


@dataclass(frozen=True)
class Whole:
    """A whole number."""

    low: int = 0
    high: int = 32_767

    def read(self, text):
        found = re.fullmatch(r"(\d+)(?:\s*(?:г\.?|год|года))?", text.strip())
        if not found or not self.low <= int(found[1]) <= self.high:
            raise ValueError(f"«{text[:40]}» не подходит; ожидалось целое число от {self.low} до {self.high}")
        return int(found[1])


@dataclass(frozen=True)
class YesNo:
    """Yes or no."""

    def read(self, text):
        word = text.lower()
        if word in {"да", "+", "yes", "истина", "true"}:
            return True
        if word in {"нет", "no", "ложь", "false"}:
            return False
        raise ValueError(f"«{text[:40]}» не подходит; ожидалось «да» или «нет»")


@dataclass(frozen=True)
class OneOf:
    """One of a few words: `words` are pairs (beginning or the word itself, code)."""

    words: tuple

    def read(self, text):
        word = " ".join(text.lower().replace("ё", "е").split())
        for name, code in self.words:
            if word == name.lower().replace("ё", "е") or word == code:
                return code
        known = ", ".join(dict.fromkeys(name for name, _code in self.words))
        raise ValueError(f"«{text[:40]}» не подходит; допустимо: {known}")


@dataclass(frozen=True)
class Due:
    """When something is to be done: a day, the day it begins where it is named, or words where no day is known."""

    day: datetime.date | None = None
    words: str = ""
    start: datetime.date | None = None


@dataclass(frozen=True)
class Term:
    """A due date. «IV квартал 2026» and «2026 год» stay words: no day is made up from them."""

    def read(self, text):
        day = _day(text)
        if day:
            return Due(day=day)
        term = _TERM.fullmatch(text)
        if term and (start := _day(term[1])) and (end := _day(term[2])):
            return Due(day=end, start=start)
        if re.search(r"\d[./-]\d{1,2}[./-]\d{2,4}", text):
            raise ValueError(f"«{text[:60]}» — такой даты нет; ожидалось 31.12.2026 или слова: «IV квартал 2026»")
        return Due(words=text)


@dataclass(frozen=True)
class Day:
    """A whole date."""

    def read(self, text):
        day = _day(text)
        if day is None:
            raise ValueError(f"«{text[:40]}» — не дата; ожидалось 31.12.2026")
        return day


def _day(text):
    """A date that a text names; None where it names none or one that does not exist."""
    if text.startswith(DAY):
        return datetime.date.fromisoformat(text[1:11])
    if re.fullmatch(r"\d{5}", text) and int(text) in SERIALS:
        return FIRST_DAY + datetime.timedelta(int(text))
    found = _DATE.fullmatch(" ".join(text.lower().split()))
    if not found:
        return None
    day, month, year, day_w, month_w, year_w, year_i, month_i, day_i = found.groups()
    try:
        if month_w:
            return datetime.date(int(year_w), _month(month_w), int(day_w))
        if year_i:
            return datetime.date(int(year_i), int(month_i), int(day_i))
        return datetime.date(int(year) + (2000 if len(year) == 2 else 0), int(month), int(day))
    except ValueError:
        return None


def _month(word):
    """The number of a month in the genitive; a word that is none raises ValueError."""
    for number, stem in enumerate(MONTHS, start=1):
        if re.match(stem, word):
            return number
    raise ValueError(word)
