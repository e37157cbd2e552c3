"""Numbers and dates as a sheet shows them: what a number format makes of the value that stands in a cell.

What is shown is taken, for that is what people read, print and sign. The point is «.», thousands are not set apart.
"""

import datetime
import functools
import math
import operator
import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from .marks import DAY, ERROR

GENERAL = "General"
# Formats that books name by number alone (ECMA-376, 18.8.30); 14–22 and 45–47 are of dates and hours.
KNOWN = {
    0: GENERAL, 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?",
    13: "# ??/??", 14: "dd.mm.yyyy", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM",
    20: "h:mm", 21: "h:mm:ss", 22: "dd.mm.yyyy h:mm", 37: "#,##0;-#,##0", 38: "#,##0;-#,##0", 39: "#,##0.00;-#,##0.00",
    40: "#,##0.00;-#,##0.00", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0", 49: "@",
}  # fmt: skip
MONTHS = (
    "январь", "февраль", "март", "апрель", "май", "июнь", "июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь",
)  # fmt: skip
# Signs beside a number that change what it says; others («чел.», «шт.») stand beside it and are told.
_MEANS = re.compile(r"[%‰$€£₽]|тыс|млн|млрд|руб|\bр\.|RUB|USD|EUR", re.I)
_MEASURE = re.compile(r"[^\W\d_]|[²³°]")
_TOKEN = re.compile(r'"(?P<quoted>[^"]*)"?|\\(?P<escaped>.)|[_*].|\[(?P<bracket>[^\]]*)\]?|(?P<bare>General|.)', re.S)
_ELAPSED = re.compile(r"h+|m+|s+", re.I)
_CURRENCY = re.compile(r"\$([^-\]]+)")
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)(-?\d+(?:\.\d+)?)")
_COMPARED = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "=": operator.eq, "<>": operator.ne,
}  # fmt: skip
_MOST_PLACES = 12


class Shown(NamedTuple):
    """What a cell shows.

    Attributes:
        text: as a grid has it.
        lost: what the sheet does not show of the value: the number whole, where it stands rounded.
        beside: a measure that the format sets beside the number («чел.»).
    """

    text: str
    lost: str = ""
    beside: str = ""


def digits(value):
    """A number as a text without an exponent; Excel keeps 15 digits, what stands behind them is dust."""
    if isinstance(value, int) or (math.isfinite(value) and float(value).is_integer()):
        return str(int(value))
    text = f"{value:.15g}"
    return f"{float(text):.10f}".rstrip("0").rstrip(".") if "e" in text else text


@functools.lru_cache(maxsize=2000)
def is_date(form):
    """Whether a number format is one of dates or hours."""
    for bracket in re.findall(r"\[([^\]]*)\]", form):
        if _ELAPSED.fullmatch(bracket):
            return True
    bare = re.sub(r'"[^"]*"?|\\.|[_*].|\[[^\]]*\]', "", form.split(";")[0])
    return bare.lower() != "general" and bool(re.search(r"[dmyhs]", bare.replace("General", ""), re.I))


@functools.lru_cache(maxsize=2000)
def _date_parts(form):
    """Which of «y», «m», «d», «h» a date format shows; minutes are no months."""
    bare = re.sub(r'"[^"]*"?|\\.|[_*].|\[\$[^\]]*\]|AM/PM|A/P', "", form.split(";")[0], flags=re.I).lower()
    bare = re.sub(r"(\[?h+\]?[^dmyhs]*)m+|m+(?=[^dmyhs]*s)|\[m+\]", r"\1h", bare)
    return {letter for letter in "ymdh" if letter in bare} | ({"h"} if "s" in bare else set())


def shown_date(value, form):
    """What a cell of a date shows.

    Args:
        value: a `datetime`, or a `timedelta` that counts hours.
        form: its number format.
    """
    parts = _date_parts(form)
    if isinstance(value, datetime.timedelta) or not parts & set("ymd"):
        return Shown(_clock(value))
    if "d" in parts:
        return Shown(f"{DAY}{value:%Y-%m-%d}")
    year = f"{value:%Y}" if "y" in parts else ""
    if "m" in parts and "mmm" not in form.lower():
        return Shown(f"{value:%m}.{year}".strip("."))
    return Shown(f"{MONTHS[value.month - 1] if 'm' in parts else ''} {year}".strip())


def _clock(value):
    if isinstance(value, datetime.timedelta):
        minutes = round(value.total_seconds() / 60)
        return f"{minutes // 60}:{minutes % 60:02}"
    return f"{value:%H:%M}"


def day_of(number, *, is_1904=False):
    """The moment that a number of days is; raises OverflowError or ValueError where there is none."""
    if number < 0:
        raise ValueError(number)
    # The 29 February 1900 that Excel counts never was.
    start = datetime.datetime(1904, 1, 1) if is_1904 else datetime.datetime(1899, 12, 30 if number >= 60 else 31)
    return start + datetime.timedelta(seconds=round(number * 86_400))


def shown_serial(number, form, *, is_1904=False):
    """What a number shows in a cell of a date."""
    try:
        if any(_ELAPSED.fullmatch(bracket) for bracket in re.findall(r"\[([^\]]*)\]", form)):
            return shown_date(datetime.timedelta(days=number), form)
        return shown_date(day_of(number, is_1904=is_1904), form)
    except (OverflowError, ValueError):
        return Shown(f"{ERROR}#######")  # which is what Excel shows


@dataclass(frozen=True)
class _Section:
    """A part of a number format: what stands before and after the digits, how they are counted and written."""

    before: str = ""
    after: str = ""
    places: str = ""  # placeholders, signs among them, the point
    percents: int = 0
    thousands: int = 0  # how often it is divided by a thousand
    is_general: bool = False
    condition: tuple = ()  # (sign, number)


@functools.lru_cache(maxsize=2000)
def _sections(form):
    return tuple(_section(part) for part in _split(form))


def _split(form):
    """The parts of a format between its «;»."""
    parts, part = [], ""
    for found in _TOKEN.finditer(form):
        if found["bare"] == ";":
            parts.append(part)
            part = ""
        else:
            part += found[0]
    return [*parts, part][:4]


def _section(part):
    before, places, after, percents, is_general, condition = "", "", "", 0, False, ()
    for found in _TOKEN.finditer(part):
        text = found["quoted"] or found["escaped"] or ""
        if found["bracket"] is not None and (named := _CURRENCY.match(found["bracket"])):
            text = named[1]
        if found["bracket"] is not None and (asked := _CONDITION.fullmatch(found["bracket"])):
            condition = (asked[1], float(asked[2]))
        bare = found["bare"] or ""
        if bare == GENERAL or bare in "Ee" and bare or bare == "/":
            is_general = True  # an exponent and a fraction are ways to write the same number
        elif bare and bare in "0#?.,":
            places += after + bare if places else bare
            after = ""
        else:
            percents += bare == "%"
            if places or is_general:
                after += text + bare
            else:
                before += text + bare
    head, point, tail = places.partition(".")
    thousands = len(head) - len(head.rstrip(",")) + len(tail) - len(tail.rstrip(","))
    places = head.replace(",", "") + point + tail.replace(",", "")
    return _Section(before.strip(), after.strip(), places, percents, thousands, is_general, condition)


def shown_number(value, form=GENERAL):
    """What a cell of a number shows.

    Args:
        value: an int or a float.
        form: its number format.
    """
    if isinstance(value, float) and not math.isfinite(value):
        return Shown(f"{ERROR}#NUM!")
    if form in {GENERAL, "@", ""}:
        return Shown(digits(value))
    section, whole = _chosen(form, value), Decimal(digits(value))
    if not section.places and not section.is_general:
        return _words_alone(section, whole, value)
    whole = (whole * 100**section.percents).scaleb(-3 * section.thousands)
    body, lost = _written(section, abs(whole)), ""
    if not section.is_general and Decimal(re.sub(r"[^\d.]", "", body) or 0) != abs(whole):
        lost = digits(value)
    is_below = value < 0 and re.search("[1-9]", body)
    return _beside(section, ("-" if is_below else "") + body, lost)


def _chosen(form, value):
    """The part of a format that a number is shown by: by the conditions that the parts name, or by its sign."""
    sections = _sections(form)
    if any(section.condition for section in sections):
        fits = (one for one in sections if not one.condition or _COMPARED[one.condition[0]](value, one.condition[1]))
        return next(fits, sections[-1])
    place = 1 if value < 0 else 2 if value == 0 else 0
    return sections[place] if place < len(sections) else sections[0]


def _words_alone(section, whole, value):
    """What a part of a format without digits shows: a word, nothing; a nought is one also where it looks a dash."""
    text = (section.before + section.after).replace("@", digits(value))
    if not whole and text.strip("-–— ") == "" and text:
        return Shown("0")
    return Shown(text, "" if text == digits(value) or not whole else digits(value))


def _written(section, number):
    """The digits of a number that is not below zero, by the placeholders of a format."""
    if section.is_general:
        text = f"{number:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    head, _point, tail = section.places.partition(".")
    tail = re.sub(r"[^0#?]", "", tail)[:_MOST_PLACES]
    number = number.quantize(Decimal(1).scaleb(-len(tail)), ROUND_HALF_UP)
    ahead, _point, behind = f"{number:f}".partition(".")
    least = len(tail.rstrip("#"))
    behind = behind[:least] + behind[least:].rstrip("0")
    if re.search(r"[^0#?]", head):
        ahead = _patterned(head, ahead)
    else:
        ahead = ahead.lstrip("0").rjust(head.count("0"), "0") or "0"
    return f"{ahead}.{behind}" if behind else ahead


def _patterned(head, number):
    """Digits set between the signs of a pattern: 000-00."""
    left, text = list(number.lstrip("0")), ""
    for sign in reversed(head):
        if sign not in "0#?":
            text = sign + text if left or "0" in head else text
        elif left:
            text = left.pop() + text
        elif sign == "0":
            text = "0" + text
    return "".join(left) + text


def _beside(section, body, lost):
    """A number with what its format writes around it; brackets and a minus there say only that it is below zero."""
    before, after = section.before.lstrip("-( +"), section.after.rstrip(") -")
    if after and _MEASURE.search(after) and not _MEANS.search(after):
        return Shown(before + body, lost, after)
    gap = " " if after[:1].isalpha() or after[:1] == "₽" else ""
    return Shown(f"{before}{body}{gap}{after}", lost)


def as_shown(value, text):
    """What a cell shows, where the book keeps the value and the text that its own program has shown: «1 234,50 ₽».

    Returns:
        `Shown`; the text itself where it does not say the value.
    """
    if text == digits(value):
        return Shown(text)
    found = re.search(r"\d[\d\s.,'\u00a0\u202f]*", text)
    if not found:
        return Shown(text, digits(value) if value else "")
    said = re.sub(r"\D", "", found[0])
    before, after = text[: found.start()].strip("-−( +"), text[found.end() :].strip(") -")
    number = abs(Decimal(digits(value))) * (100 if "%" in text else 1)
    for thousands in range(4):
        for places in range(min(len(said), _MOST_PLACES) + 1):
            rounded = number.scaleb(-3 * thousands).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
            written = f"{rounded:f}"
            if written.replace(".", "").lstrip("0") == said.lstrip("0"):
                written = written.rjust(len(said) + ("." in written), "0")
                lost = "" if rounded == number.scaleb(-3 * thousands) else digits(value)
                sign = "-" if value < 0 and rounded else ""
                return _beside(_Section(before, after), sign + written, lost)
    return Shown(text)
