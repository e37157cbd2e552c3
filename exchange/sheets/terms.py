"""Days and terms as people write them. A day is taken where a cell says it and nothing else; all else stays words."""

import datetime
import functools
import re
from dataclasses import dataclass

from .cells import odd_sign, without_footnote
from .grid import DAY

MONTHS = ("январ", "феврал", "март", "апрел", "ма[йя]", "июн", "июл", "август", "сентябр", "октябр", "ноябр", "декабр")
SHORT = ("янв", "фев", "мар", "апр", "май", "июн", "июл", "авг", "сен", "окт", "ноя", "дек")
# A date whose cell lost its format is a number of days: 46387 is 31.12.2026. No other number of a term looks like it.
FIRST_DAY, SERIALS = datetime.date(1899, 12, 30), range(29_221, 73_415)
YEARS = range(1900, 2201)
# One sign between all three: «1-2.2026» is two months. A year of two digits stands behind points alone.
_DOTTED = r"(\d{1,2}) ?(?P<sign>[./,-]) ?(\d{1,2}) ?(?P=sign) ?(\d{4}|(?<=[./])\d{2}|(?<=[./] )\d{2})"
_WORDED = rf"(\d{{1,2}}) ((?:{'|'.join(MONTHS + SHORT)}|сент)[а-я]*)\.? (\d{{4}})"
_TURNED = r"(\d{4})[./-](\d{1,2})[./-](\d{1,2})"
_DIGITS = r"(\d{4})(\d{2})(\d{2})(?:\d{6})?"
_TIME = r"(?:[ t]\d{1,2}:\d\d(?::\d\d)?)?"
_TAIL = r" ?(?:г\.?|года|год)?(?: включительно)?"
_DATE = re.compile(rf"(?:до|к|не позднее|по)? ?(?:{_DOTTED}|{_WORDED}|{_TURNED}|{_DIGITS}){_TIME}{_TAIL}[.;]?")
_BETWEEN = re.compile(r"\s*(?:\bпо\b|\bдо\b|[–—-])\s*")
_OF_YEAR = re.compile(
    rf"(?:(?:до|к|в|за|на)? ?(?:конца|концу|течение)? ?)?(?:(?:i{{1,3}}|iv|[1-4])(?:-?[йгоем]{{1,3}})? ?"
    rf"(?:кв\w*|полугоди\w*)\.? ?|(?:{'|'.join(MONTHS + SHORT)})[а-я]*\.? )?(20\d\d) ?(?:г\.?|год\w*)?"
)
_FROM = re.compile(r"(?:начиная )?с (.+)")


@dataclass(frozen=True)
class Due:
    """When something is to be done: a day, the day it begins where it is named, or words where no day is known."""

    day: datetime.date | None = None
    words: str = ""
    start: datetime.date | None = None


@dataclass(frozen=True)
class Term:
    """A due date. «IV квартал 2026», «2026 год» and «31.12.2026, далее ежегодно» stay words: no day is made up."""

    def read(self, text):
        return _term(text)


@functools.lru_cache(maxsize=1024)
def _term(text):
    if day := _day(text):
        return Due(day=day)
    plain = _plain(text)
    if (found := _FROM.fullmatch(plain)) and (start := _day(found[1])):
        return Due(words=text, start=start)
    bare = plain.removeprefix("с").lstrip()
    ends = [(bare[: cut.start()], bare[cut.end() :]) for cut in _BETWEEN.finditer(bare)]
    for one, other in ends:
        if (start := _day(one)) and (end := _day(other)):
            return Due(day=end, start=start)
    if _DATE.fullmatch(plain) or any(all(map(_DATE.fullmatch, pair)) for pair in ends):
        raise ValueError(
            f"«{text[:60]}»{odd_sign(text)} — такой даты нет{_turned(plain)}; ожидалось 31.12.2026 или слова: "
            "«IV квартал 2026»"
        )
    return Due(words=text)


def year_named(words):
    """The one year that a term in words is of: «IV квартал 2026», «до конца 2026 года»; None where it is not so."""
    found = _OF_YEAR.fullmatch(_plain(words))
    return int(found[1]) if found else None


@dataclass(frozen=True)
class Day:
    """A whole date."""

    def read(self, text):
        day = _day(text)
        if day is None:
            raise ValueError(f"«{text[:40]}»{odd_sign(text)} — не дата; ожидалось 31.12.2026")
        return day


def _plain(text):
    return " ".join(without_footnote(text).lower().replace("‑", "-").replace("‐", "-").split())


def _day(text):
    """A date that a text names; None where it names none or one that does not exist."""
    if text.startswith(DAY):
        return datetime.date.fromisoformat(text[1:11])
    if re.fullmatch(r"\d{5}", text) and int(text) in SERIALS:
        return FIRST_DAY + datetime.timedelta(int(text))
    found = _DATE.fullmatch(_plain(text))
    if not found:
        return None
    day, _sign, month, year, day_w, month_w, year_w, *turned = found.groups()
    try:
        if month_w:
            return _date(year_w, _month(month_w), day_w)
        if day:
            return _date(int(year) + (2000 if len(year) == 2 else 0), month, day)
        return _date(*filter(None, turned))
    except ValueError:
        return None


def _date(year, month, day):
    """A date of a year that people plan in; raises ValueError for any other."""
    if int(year) not in YEARS:
        raise ValueError(year)
    return datetime.date(int(year), int(month), int(day))


def _turned(text):
    """What a date looks like that says the month first."""
    found = re.fullmatch(rf".*?{_DOTTED}.*", text)
    return ": похоже, сначала написан месяц" if found and int(found[3]) > 12 >= int(found[1]) > 0 else ""


def _month(word):
    """The number of a month in the genitive or cut short."""
    return next(number for number, (stem, short) in enumerate(zip(MONTHS, SHORT, strict=True), start=1)
                if re.match(stem, word) or word.startswith(short))  # fmt: skip
