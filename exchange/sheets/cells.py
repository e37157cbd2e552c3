"""What stands in a cell: numbers, sums and words as people write them. Empty is never zero.

`read(text)` takes a non-empty text and gives a value, or None where it says that nothing is known; it raises ValueError
with what stands there and what was expected. Days and terms are in `terms`.
"""

import re
import unicodedata
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from municipalities.typed import clean

from .grid import DAY
from .spelling import unit_of

BLANK = {
    "", "н/д", "нд", "н.д.", "н. д.", "нет данных", "не указано", "не установлено", "не определено", "n/a", "б/д", "…",
}  # fmt: skip
_BLANK_BEGINS = {word[:1] for word in BLANK}
CROSS = {"х", "x", "×"}
_DASHES = re.compile("[‐‑‒–—―−﹣－]")
_SPACES = re.compile(r"[\s\u00a0\u2009\u202f\u2007'’]")
_BARE = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
_GROUPS = re.compile(r"[+-]? ?\d{1,3}( \d{3})+([.,]\d*)? ?%?|[^ ]*|[+-] [^ ]*|[^ ]* %")
_FOOTNOTE = re.compile(r"(?<=[\d%)г.])\s*[*†]+$")
_DITTO = re.compile(
    r"[-‐‑–—−_\s]*(?:[\"“”„«»ˮ″〃]{1,2}|''|//?|,,)[-‐‑–—−_\s]*|-?(?:то|тот|та|те|там|тогда) ?же-?", re.I
)
_ELSEWHERE = re.compile(
    r"см(?:\.|отри)|(?:дополнительн\w+ )?(?:(?:финансир\w+|финансов\w+ \w+|средств\w*|расход\w*) )?"
    r"(?:не (?:требу|предусм|планир|предполаг)|без (?:финанс|привлеч|дополнит)|в (?:рамках|пределах) |отсутству)", re.I
)  # fmt: skip
_OWN_UNIT = re.compile(r"(?i)(.*\d)\s*((?:тыс|млн|млрд|миллион|миллиард|руб|₽|т\. ?р)[^\d]*)")
_USUAL = re.compile(r"[\w\s.,;:%/+()*«»\"'#–—−-]")


def is_blank(text):
    """Whether a cell says that nothing is known."""
    first = text[:1]
    if first.isalnum() and (first.lower() not in _BLANK_BEGINS or len(text) > 16):
        return False
    text = clean(text).strip().lower()
    return text in BLANK or not _DASHES.sub("-", text).strip("-. ")


def refers(text):
    """Whether a cell says no number of its own: it sends the reader to a note, or says in words that there is none."""
    return not text[:1].isdigit() and _ELSEWHERE.match(text.strip()) is not None


def is_ditto(text):
    """Whether a cell says what the one above says: «то же», «-//-», quotes."""
    return _DITTO.fullmatch(text) is not None and text not in {"«»", "/"}


def without_footnote(text):
    """A cell without the mark of a footnote behind a number or a date."""
    return _FOOTNOTE.sub("", (text if text.isascii() and text.isprintable() else clean(text)).strip())


def odd_sign(text):
    """The name of the first sign that does not belong into a number or a date, with a space before; «» without one."""
    found = next((sign for sign in text if not _USUAL.match(sign) or (sign.isnumeric() and not sign.isascii())), None)
    if found is None:
        return ""
    return f" (знак U+{ord(found):04X} {unicodedata.name(found, 'без имени')})"


@dataclass(frozen=True)
class Words:
    """Any text."""

    def read(self, text):
        if text.startswith(DAY):
            raise ValueError("здесь дата, а нужен текст: сделайте ячейку текстовой и наберите заново")
        return text


@dataclass(frozen=True)
class Number:
    """A number as people write it: 1 234,5; in brackets it is less than zero."""

    percent: bool = False  # whether «75%» is 75

    def read(self, text):
        if text.lower() in CROSS:
            return None
        if text.startswith(DAY):
            raise ValueError("здесь дата, а нужно число")
        if _BARE.fullmatch(text):
            return Decimal(text)
        shown = _DASHES.sub("-", without_footnote(text))
        if found := re.fullmatch(r"\(([\d\s.,]+)\)", shown):
            shown = f"-{found[1].strip()}"
        bare = _SPACES.sub("", shown)
        if bare.endswith("%"):
            if not self.percent:
                raise ValueError(f"«{text}»: процент, а нужно число")
            bare = bare[:-1]
        if "," in bare and "." in bare:
            thousands = min(",.", key=bare.rfind)
            bare = bare.replace(thousands, "")
        bare = bare.replace(",", ".")
        if not _NUMBER.fullmatch(bare) or not bare.isascii():
            raise ValueError(f"«{text[:40]}»{odd_sign(text)} — не число; ожидалось число, например 1 234,5")
        if not _GROUPS.fullmatch(_SPACES.sub(" ", shown)):
            raise ValueError(f"«{text[:40]}» — не число: пробелы делят его не по три знака")
        return Decimal(bare)


@dataclass(frozen=True)
class Money:
    """A sum in thousand roubles, whatever the head of its column counts in; what is finer than two signs is refused.

    A unit in the cell itself is read with it, unless the table says another one: then a person has to say which.
    """

    factor: Decimal = Decimal(1)
    is_kept: bool = False  # whether it goes in; a total is only compared
    is_written: bool = True  # whether the table says the factor

    def read(self, text):
        factor = self.factor
        if not _BARE.fullmatch(text) and (found := _OWN_UNIT.fullmatch(text)):
            factor = unit_of(re.sub(r"(?i)^(тыс|млн|млрд)\.?\s*$", r"\1 руб", found[2]))
            if factor is None or (self.is_written and factor != self.factor):
                raise ValueError(
                    f"«{text[:40]}»: единица в ячейке («{found[2].strip()}») не та, в чём считают столбец; напишите "
                    "только число"
                )
            text = found[1]
        value = Number().read(text)
        if value is None or factor == 1:
            return value
        kept = _short((value * factor).quantize(Decimal("0.00001"), ROUND_HALF_UP))
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
        if text.startswith(DAY):
            raise ValueError(f"здесь дата, а нужно целое число от {self.low} до {self.high}")
        found = re.fullmatch(r"(\d+)(?:[.,]0+)?(?:\s*(?:г\.?|год|года))?", without_footnote(text))
        if not found or not self.low <= int(found[1]) <= self.high:
            expected = f"ожидалось целое число от {self.low} до {self.high}"
            raise ValueError(f"«{text[:40]}»{odd_sign(text)} не подходит; {expected}")
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
        word = " ".join(clean(text).lower().replace("ё", "е").split()).rstrip(" .;:*")
        for name, code in self.words:
            if word == name.lower().replace("ё", "е") or word == code:
                return code
        known = ", ".join(dict.fromkeys(name for name, _code in self.words))
        raise ValueError(f"«{text[:40]}» не подходит; допустимо: {known}")
