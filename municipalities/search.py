"""Text search and sorting that give the same answers on SQLite and PostgreSQL.

SQLite compares Russian letters byte by byte («Сызрань» is not found for «сызрань», «ё» sorts before «а»), so rows
keep a normalised column and the query is normalised the same way.
"""

import re
import threading
from functools import lru_cache, reduce
from operator import or_

import snowballstemmer
from django.db.models import Q
from django.utils.text import slugify

_WORD = re.compile(r"[0-9a-zа-я]+")
# «о» and «е» that come and go before the last letter: площадка, площадок; окно, окон.
_VOWELS = "аеиоуыэюя"
_FLEETING = re.compile(r"([а-я]+)[ое]([кнл])")
_JOINED = re.compile(rf"([а-я]+[^{_VOWELS}ьъ])([кнл])")
_stemmers = threading.local()  # a stemmer holds state: shared between threads it returns wrong stems

_RUSSIAN = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"
_LATIN = [*"abvgde", "yo", "zh", *"ziyklmnoprstuf", "kh", "ts", "ch", "sh", "shch", "", "y", "", "e", "yu", "ya"]
_LETTERS = dict(zip(_RUSSIAN, _LATIN, strict=True))


def sort_key(text):
    """Lower case with «ё» as «е»: the order of a Russian dictionary in any collation."""
    return text.lower().replace("ё", "е")


@lru_cache(maxsize=50_000)
def _stem(word):
    if not hasattr(_stemmers, "russian"):
        _stemmers.russian = snowballstemmer.stemmer("russian")
        _stemmers.english = snowballstemmer.stemmer("english")
    return (_stemmers.russian if re.search("[а-я]", word) else _stemmers.english).stemWord(word)


def stems(text):
    """Stems of the words of a text, in order, words of one letter left out."""
    return [_stem(word) for word in _WORD.findall(sort_key(text)) if len(word) > 1]


def index_text(*parts):
    """What a `search_stems` column keeps: every stem once, each with a blank before it."""
    unique = dict.fromkeys(stem for part in parts for stem in stems(part or ""))
    return " " + " ".join(unique) + " " if unique else ""


def kin_of(stem):
    """A stem and itself with its fleeting vowel put in or left out: «площадк», «площадок»; «скамейк», «скамеек»."""
    if found := _FLEETING.fullmatch(stem):
        before, last = found.groups()
        return {stem, before + ("й" if before[-1] in _VOWELS else "") + last}
    if found := _JOINED.fullmatch(stem):
        before, last = found.groups()
        return {stem, before.removesuffix("й") + "е" + last, before + "о" + last}
    return {stem}


def matching(queryset, query):
    """Rows of a model with `search_stems` that hold every word of the query; no words, no rows."""
    found = stems(query)
    for stem in found:
        queryset = queryset.filter(reduce(or_, (Q(search_stems__contains=f" {one}") for one in sorted(kin_of(stem)))))
    return queryset if found else queryset.none()


def translit_slug(text, max_length=60):
    """A Latin address for a Russian name: «Жигулёвск» gives `zhigulyovsk`. Empty where nothing is left."""
    return slugify("".join(_LETTERS.get(letter, letter) for letter in text.lower()))[:max_length].strip("-")
