"""Text search and sorting that give the same answers on SQLite and PostgreSQL.

SQLite compares Russian letters byte by byte («Сызрань» is not found for «сызрань», «ё» sorts before «а»), so rows
keep the keys of their words in a column, and the query is turned into the same keys. Both databases index the keys as
whole words (`municipalities.full_text`).
"""

import re
import threading
import unicodedata
from functools import lru_cache

import snowballstemmer
from django.utils.text import slugify

_WORD = re.compile(r"[0-9a-zа-я]+")
# «о» and «е» that come and go before the last letter: площадка, площадок; окно, окон; скамейка, скамеек. Where no other
# vowel would be left they stay: школа, дом, сквер.
_VOWELS = "аеиоуыэюя"
_FLEETING = re.compile(rf"([а-я]*[{_VOWELS}][а-я]*[^{_VOWELS}ьъ])[ое]([кцнлмр])")
_FLEETING_J = re.compile(rf"([а-я]+[{_VOWELS}])е([кн])")
_LONGEST = 40  # letters of a key
_CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)
_MIXED = re.compile(r"[a-zа-яё]*[a-z][a-zа-яё]*")
_LOOK_ALIKE = str.maketrans("aceopxykmtbh", "асеорхукмтвн")
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


def keys(text):
    """Keys of the words of a text, in order, words of one letter left out: the same for all forms of a word.

    A word loses its fleeting vowel and is stemmed twice: «площадка» and «площадок», «Володченков» and «Володченкова»
    meet. Latin letters inside of a Russian word are read as the Russian ones that they look like.
    """
    return [_key(word) for word in words(text) if len(word) > 1]


def words(text):
    """Words of a text in order: lower case, «ё» as «е», each in one alphabet, nothing between them."""
    return _WORD.findall(_MIXED.sub(_in_one_alphabet, sort_key(unicodedata.normalize("NFC", text))))


def _in_one_alphabet(word):
    return word[0].translate(_LOOK_ALIKE) if _CYRILLIC.search(word[0]) else word[0]


@lru_cache(maxsize=50_000)
def _key(word):
    return key_of_stem(_stem(word))


def key_of_stem(stem):
    """The key of a word that has been stemmed once."""
    joined = _without_fleeting(stem)
    again = _stem(joined)
    return (_without_fleeting(again) if len(again) >= 4 else joined)[:_LONGEST]


def _without_fleeting(stem):
    if found := _FLEETING.fullmatch(stem):
        return found[1] + found[2]
    found = _FLEETING_J.fullmatch(stem)
    return f"{found[1]}й{found[2]}" if found else stem


def index_text(*parts):
    """What a `search_stems` column keeps: the key of every word once, each with a blank before it."""
    unique = dict.fromkeys(key for part in parts for key in keys(part or ""))
    return " " + " ".join(unique) + " " if unique else ""


def matching(queryset, query):
    """Rows of a model with `search_stems` that hold every word of the query; no words, no rows."""
    asked = keys(query)
    return queryset.filter(search_stems__words=asked) if asked else queryset.none()


def translit_slug(text, max_length=60):
    """A Latin address for a Russian name: «Жигулёвск» gives `zhigulyovsk`. Empty where nothing is left."""
    return slugify("".join(_LETTERS.get(letter, letter) for letter in text.lower()))[:max_length].strip("-")
