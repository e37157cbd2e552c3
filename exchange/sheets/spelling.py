"""How words of heads and cells are compared whatever their spelling, and the units of money that they name."""

import functools
import re
from decimal import Decimal

from municipalities.typed import clean

from .marks import without_mark

YEAR = re.compile(r"(?<!\d)((?:19|20|21)\d\d)(?!\d)")
# Latin letters that look like Russian ones: people type both without seeing it.
LOOK_ALIKE = str.maketrans("ABCEHKMOPTXYaceopxy", "АВСЕНКМОРТХУасеорху")
# A letter alone is a rouble where it stands alone: «2026, р.», and not in «р. Волга».
_UNIT = re.compile(
    r"(?<![^\W\d_])(?:(млрд|миллиард\w*)\.? ?|(млн|миллион\w*)\.? ?|(тыс(?:яч\w*)?|т)\.? ?)(?:руб\w*|р\b|₽|rub\b)"
    r"|(?<![^\W\d_])(тр\b)|(?<![^\W\d_])(руб\w*|₽|rub\b)|(?:^|(?<=[,(/;])|(?<=[,(/;в] )) ?(р)\.?(?= ?(?:$|[,);/]))"
)
_FACTORS = (Decimal(1_000_000), Decimal(1000), Decimal(1), Decimal(1), Decimal("0.001"), Decimal("0.001"))
_LATIN = re.compile("[A-Za-z]")
_BROKEN = re.compile(r"(?<=[^\W\d_])[-‐‑]\s*\n\s*(?=[а-яёa-z])"), re.compile(r"(?<=[а-яё])[-‐‑] (?=[а-яё])")
_MIXED = re.compile(r"[A-Za-z]*[А-Яа-яЁё][A-Za-zА-Яа-яЁё]*")


def one_script(text):
    """A text whose Russian words hold no Latin letters that look the same."""
    return _MIXED.sub(lambda word: word[0].translate(LOOK_ALIKE), text) if _LATIN.search(text) else text


def unbroken(text):
    """A text of a head as it is read: a word that a narrow column has broken by a hyphen is whole again."""
    by_line, by_blank = _BROKEN
    return by_blank.sub("", " ".join(by_line.sub("", clean(without_mark(text))).split()))


@functools.lru_cache(maxsize=4096)
def plain(text):
    """A text of a head as it is compared."""
    return one_script(unbroken(text)).lower().replace("ё", "е").strip(" .:*")


def unit_of(text):
    """How many thousand roubles the unit is that a text names; None where it names none, or two that differ."""
    found = units_in(text)
    return found[0] if len(found) == 1 else None


def units_in(text):
    """[how many thousand roubles] of the units of money that a text names, each once. «12 млн рублей» is a sum."""
    text, found_units = plain(text), []
    for found in _UNIT.finditer(text):
        before = text[: found.start()].rstrip()
        if not before[-1:].isdigit() or YEAR.fullmatch(before[-4:]):
            found_units.append(_FACTORS[found.lastindex - 1])
    return list(dict.fromkeys(found_units))
