"""Whether two names are of one thing: spelled otherwise, longer by a word, or only alike."""

import functools
import re
import unicodedata
from difflib import SequenceMatcher

from exchange.sheets.spelling import LOOK_ALIKE
from municipalities.search import stems
from municipalities.typed import clean

_WORD = re.compile(r"[^\W_]+")
# Accents of letters taken apart, and signs without a picture inside a word.
_UNSEEN = re.compile("[\u0300-\u036f\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff]")


@functools.lru_cache(maxsize=4096)
def plain_key(text):
    """A text as it is compared: lower case, «ё» as «е», blanks as one, quotes of one kind, nothing unseen."""
    text = re.sub(r"[«»“”„\"]", '"', clean(text).lower().replace("ё", "е").replace("\u00a0", " "))
    return " ".join(text.split())


def are_alike(one, other):
    """Whether two names may be of one thing: half the words in common, or nearly the same letters."""
    one, other = plain_key(one), plain_key(other)
    words = [{word[:5] for word in re.findall(r"[^\W\d]{4,}", text)} for text in (one, other)]
    common, fewest = len(words[0] & words[1]), min(map(len, words))
    return 0 < fewest <= 2 * common or SequenceMatcher(None, one, other).ratio() > 0.7


def bare_key(text):
    """What is left of a name without its spelling: words in any order, numbers in theirs; empty where nothing is left.

    Dots, quotes, hyphens, invisible signs, case, «ё» and Latin letters that look Russian do not count.
    """
    seen = _UNSEEN.sub("", unicodedata.normalize("NFKD", text.replace("№", " ")))
    words = _WORD.findall(seen.upper().translate(LOOK_ALIKE).casefold().replace("ё", "е"))
    numbers = [word for word in words if word[0].isdecimal()]
    return " ".join([*sorted(word for word in words if not word[0].isdecimal()), *numbers])


def is_longer(one, other):
    """Whether one name only adds words to the other, numbers being the same: «Мост» and «Мост через реку»."""
    words = [set(stems(text)) for text in (one, other)]
    numbers = [re.findall(r"\d+", text) for text in (one, other)]
    return numbers[0] == numbers[1] and bool(words[0] and words[1]) and (words[0] <= words[1] or words[1] <= words[0])


def is_renamed(one, other):
    """Whether a thing known by its number has got a new name, beyond doubt."""
    return bare_key(one) == bare_key(other) or is_longer(one, other)


class Twins:
    """Records and rows whose names differ in their spelling alone, within a place: a town, a strategy.

    Args:
        records: [(place, name, record)], or what gives them when somebody asks first.
        rows: [(place, name, line)] of the table, likewise.
    """

    def __init__(self, records, rows):
        self._sources = records, rows
        self._found = None

    def of(self, place, name, line, *, taken=(), exact=()):
        """([records], [(line, name) of other rows]) of likely the same name as a row's.

        Args:
            taken: numbers of records that other rows speak of.
            exact: rows that speak of a record by its very name; others count only above the row.
        """
        if self._found is None:
            self._found = [_by_key(source()) for source in self._sources]
        key = (place, bare_key(name))
        if not key[1]:
            return [], []
        records, rows = (found.get(key, ()) for found in self._found)
        if not records and len(rows) < 2:  # the row itself
            return [], []
        own = " ".join(name.split()).casefold()
        return [record for _name, record in records if record.pk not in taken], [
            (other, text) for text, other in rows
            if other != line and (other < line or other in exact) and " ".join(text.split()).casefold() != own
        ]  # fmt: skip


def _by_key(named):
    found = {}
    for place, name, one in named:
        if not name:
            continue
        found.setdefault((place, bare_key(name)), []).append((name, one))
    return found


def mark(record):
    """What tells a record from all others, saved or not."""
    return record.pk or -id(record)
