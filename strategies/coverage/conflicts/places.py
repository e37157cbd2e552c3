"""Where a work is done and what it is about, read from a Russian title. Pure: no queries, no clock.

A title names a place by a word («улица», «сквер») and a name («Советская», «Победы»); boundaries («от Ленина до Мира»)
are not places themselves, they say which part of the street is meant.
"""

import functools
import re
from dataclasses import dataclass, field

from municipalities.search import sort_key, stems

# What a place is called: roots of the word, its short forms, and whether it may stand without a name of its own.
KINDS = {
    "улица": (("улиц",), {"ул"}, False),
    "переулок": (("переул",), {"пер"}, False),
    "проспект": (("проспект",), {"просп", "пр-т", "пр-кт"}, False),
    "проезд": (("проезд",), {"пр-д"}, False),
    "бульвар": (("бульвар",), {"б-р", "бул"}, False),
    "шоссе": (("шоссе",), {"ш"}, False),
    "площадь": (("площад",), {"пл"}, False),
    "микрорайон": (("микрорайон",), {"мкр", "мкрн"}, False),
    "сквер": (("сквер",), set(), False),
    "парк": (("парк",), set(), False),
    "аллея": (("алле",), set(), False),
    "набережная": (("набережн",), {"наб"}, True),
    "пруд": (("пруд",), set(), False),
    "озеро": (("озер",), set(), False),
    "мост": (("мост",), set(), False),
    "стадион": (("стадион",), set(), False),
    "школа": (("школ", "гимнази", "лице"), {"сош", "оош"}, False),
    "детский сад": (("детсад",), set(), False),
    "дом культуры": (("домкультур",), {"дк"}, False),
    "котельная": (("котельн",), set(), False),
}
# Short and long forms of one thing, spelled out before a title is read.
SPELLED = [
    (re.compile(r"\bд/с\b|\bдетск\w+\s+сад\w*|\bМ[БАК]?ДОУ\b", re.IGNORECASE), "детсад"),
    (re.compile(r"\b(?:дом|двор)\w*\s+культур\w+", re.IGNORECASE), "домкультуры"),
    (re.compile(r"\bпр-к?т\w{0,2}(?!\w)", re.IGNORECASE), "проспект"),
    (re.compile(r"\bб-р\w{0,2}(?!\w)", re.IGNORECASE), "бульвар"),
    (re.compile(r"\bчерез\s+(?:рек\w+|р\.)\s*", re.IGNORECASE), "через "),
    (re.compile(r"\b(\d+)\s*-?\s*лети[яею]\b", re.IGNORECASE), r"\1 лет"),
]
# A settlement inside a municipality has streets of its own.
SETTLEMENT = re.compile(
    r"\b(?:(?:с|п|пос|дер|ст|пгт|рп|снт|д)\.\s*|(?:сел[оае]м?|пос[её]л\w+|деревн\w+|станци\w+|хутор\w*)\s+)([А-ЯЁ][а-яё-]+)"
)
NOT_PLACES = ("площадк", "парков", "школьн", "мостов")
# Adjectives that are a name though they are written small: a town has one central square.
SMALL_NAMES = ("центральн", "привокзальн", "городск", "соборн", "молодёжн", "молодежн")
ADJECTIVE = re.compile(r"(ая|ую|ой|ый|ий|ого|его|ому|ом|ое|ые|ых|ей)$")
NEAR = {"у", "около", "возле", "напротив", "перед", "рядом", "вдоль", "через"}
SKIPPED = {"им", "имени", "имена", "с", "«", "»", '"'}
TOKEN = re.compile(r"\d+(?:-[а-яё]{1,3})?[а-яё]?|[A-Za-zА-ЯЁа-яё]+(?:-[A-Za-zА-ЯЁа-яё]+)*|[,;:.()«»\"№]")
_NAMED = r"(?:(?:ул|пер|пл|пр-та|пр|д)\.?\s*|(?:улиц|переулк|проспект|площад|шоссе|дом)\w*\s+)*"
BOUNDS = re.compile(
    rf"\(?\bот\s+(?P<start>{_NAMED}[«\"]?[\wА-ЯЁа-яё-]+(?:\s+[А-ЯЁ][\w-]*)*[»\"]?)\s+до\s+"
    rf"(?P<end>{_NAMED}[«\"]?[\wА-ЯЁа-яё-]+(?:\s+[А-ЯЁ][\w-]*)*[»\"]?)\)?"
)

# What a work is about; the roots are beginnings of stems.
THEMES = {
    "дороги": ("дорог", "дорож", "асфальт", "тротуар", "проезж", "ямочн", "бордюр"),
    "свет": ("освещ", "освет", "фонар", "светильн"),
    "благоустройство": (
        "благоустр", "обустр", "озелен", "клумб", "скамей", "скамеек", "лавк", "лавоч", "саженц", "посадк", "комфортн",
    ),
    "вода": ("водопров", "водоснаб", "водоотвед", "канализ", "ливнев", "дренаж"),
    "тепло и газ": ("теплов", "тепло", "котельн", "газо"),
    "площадки": ("площадк", "воркаут"),
    "транспорт": ("остановк", "остановоч", "автобус", "маршрут", "велодорож", "велосипед", "светофор"),
    "здания": ("фасад", "кровл", "крыш", "здани"),
    "переходы": ("переход", "пешеходн"),
    "события": ("провед", "фестивал", "концерт", "праздн", "конкурс", "обучен", "выставк"),
}  # fmt: skip
WHOLE_WORDS = {
    "дороги": {"ям"}, "свет": {"свет"}, "здания": {"дом"}, "благоустройство": {"двор", "дворов", "дерев"},
}  # fmt: skip
REPAIRS = ("ремонт", "отремонт", "капремонт", "реконстр", "обнов", "восстан")
ROADS = {"улица", "переулок", "проспект", "проезд", "бульвар", "шоссе", "мост"}
GREENS = {"сквер", "парк", "аллея", "набережная", "площадь", "пруд", "озеро", "бульвар"}
BUILDINGS = {"школа", "детский сад", "дом культуры", "стадион"}


@dataclass(frozen=True)
class Place:
    """A named place: what it is, stems of its name, numbers of houses there."""

    kind: str
    name: tuple
    shown: str
    houses: frozenset = field(default=frozenset(), compare=False)

    @property
    def key(self):
        """By what candidates are gathered: the kind and the last word of the name."""
        return self.kind, self.name[-1] if self.name else ""

    def may_be(self, other):
        """Whether two names may mean one place: «Горького» and «Максима Горького», not «1-я» and «2-я Строительная»."""
        if self.key != other.key:
            return False
        mine, theirs = ({part for part in one.name if part[0].isdigit()} for one in (self, other))
        if mine != theirs or (self.houses and other.houses and not self.houses & other.houses):
            return False
        return set(self.name) <= set(other.name) or set(other.name) <= set(self.name)


@dataclass(frozen=True)
class Work:
    """What a title says: places, part of a street, themes, all its stems and numbers, settlements named."""

    places: tuple
    bounds: frozenset
    themes: frozenset
    stems: frozenset
    settlements: frozenset = frozenset()


def read_work(title):
    """What a title says of a work."""
    for pattern, spelled in SPELLED:
        title = pattern.sub(spelled, title)
    settlements = frozenset(stem for name in SETTLEMENT.findall(title) for stem in stems(name))
    bounds = frozenset(
        stem for found in BOUNDS.finditer(title) for stem in _names(found["start"]) + _names(found["end"])
    )
    places = tuple(_places(BOUNDS.sub(" ", title)))
    words = stems(title)
    numbers = re.findall(r"\d+", title)
    kinds = {kind for token in TOKEN.findall(title) if (kind := kind_of(token))}
    return Work(places, bounds, _themes(words, kinds), frozenset(words + numbers), settlements)


def _names(text):
    return [stem for stem in stems(text) if not kind_of(stem)]


def _themes(words, kinds):
    themes = {theme for theme, roots in THEMES.items() if any(word.startswith(roots) for word in words)}
    themes |= {theme for theme, stems_of in WHOLE_WORDS.items() if stems_of & set(words)}
    if not themes and any(word.startswith(REPAIRS) for word in words):
        themes = {theme for theme, places in (("дороги", ROADS), ("благоустройство", GREENS)) if kinds & places}
    if not themes and kinds & GREENS - ROADS:
        themes = {"благоустройство"}
    # What is built or repaired is its own theme: a school and a kindergarten of one street are two works.
    return frozenset(themes | (kinds & BUILDINGS) if themes <= {"здания"} else themes)


@functools.lru_cache(maxsize=20_000)
def kind_of(token):
    """The kind of place that a word names; None for any other word."""
    word = sort_key(token)
    if word.startswith(NOT_PLACES):
        return None
    for kind, (roots, short, _bare) in KINDS.items():
        if word in short or any(word.startswith(root) and len(word) - len(root) <= 3 for root in roots):
            return kind
    return None


def _is_name(token):
    return token[0].isupper() and len(token) > 1 and not kind_of(token)


def _stem(token, kind):
    if token[0].isdigit():
        return re.match(r"\d+", token)[0]
    found = stems(token)
    stem = found[-1] if found else sort_key(token)
    # «Пушкинский сквер» is «сквер Пушкина»; yet «Ленинская улица» is not «улица Ленина».
    return stem.removesuffix("ск") if kind in GREENS and len(stem) > 6 else stem


def _places(title):
    tokens = TOKEN.findall(title)
    for index, token in enumerate(tokens):
        kind = kind_of(token)
        if kind is None:
            continue
        names, after = _names_after(tokens, index + 1)
        if not names:
            before = _name_before(tokens, index)
            names = [before] if before else []
        if not names:
            names = [_near(tokens, index + 1)]
        for name in names:
            if name or KINDS[kind][2]:
                yield Place(
                    kind, tuple(_stem(part, kind) for part in name), " ".join([kind, *name]),
                    _houses(tokens, after) if len(names) == 1 else frozenset(),
                )  # fmt: skip


def _names_after(tokens, index):
    """([words of a name, …], where they end): «Советская», «50 лет Октября», «Ленина и Мира», «№ 5»."""
    names, name = [], []
    while index < len(tokens):
        word = tokens[index]
        following = tokens[index + 1] if index + 1 < len(tokens) else ""
        if _is_name(word) or (word[0].isdigit() and not name and (following[:1].isupper() or following == "лет")):
            name.append(word)
        elif word == "№" and following[:1].isdigit() and not name:
            name.append(following)
            index += 1
        elif (name and word == "лет") or (not name and sort_key(word) in SKIPPED | {"."}):
            pass
        elif len(word) == 1 and word.isupper() or (word == "." and tokens[index - 1].isupper()):
            pass  # initials
        elif name and word in {"и", ","} and following and _is_name(following):
            if index + 2 < len(tokens) and sort_key(tokens[index + 2]).startswith("район"):
                break
            names.append(name)
            name = []
        else:
            break
        index += 1
    return (names + [name] if name else names), index


def _name_before(tokens, index):
    """The adjective before the word: «Советской улице», «Ново-Садовая улица», «центральную площадь»."""
    if index == 0:
        return None
    token = tokens[index - 1]
    if sort_key(token).startswith(SMALL_NAMES):
        return [token]
    if token[0].isupper() and ADJECTIVE.search(token) and len(token) > 3:
        number = tokens[index - 2] if index > 1 and tokens[index - 2][0].isdigit() else None
        return [number, token] if number else [token]
    return None


def _near(tokens, index):
    """«у вокзала»: a place without a name is known by its neighbour."""
    if index + 1 < len(tokens) and tokens[index] in NEAR:
        found = tokens[index + 2] if tokens[index + 1] in {"с", "со"} and index + 2 < len(tokens) else tokens[index + 1]
        return [found] if found[0].isalpha() else []
    return []


def _houses(tokens, index):
    """Numbers of houses that follow a name: «, д. 15, 17»."""
    found = set()
    while index < len(tokens):
        token = tokens[index]
        following = tokens[index + 1] if index + 1 < len(tokens) else ""
        if token[0].isdigit() and not sort_key(following).startswith(("км", "м", "год", "г", "млн", "тыс", "шт", "%")):
            found.add(sort_key(token))
        elif sort_key(token) not in {",", ".", "д", "дом", "дома", "домов", "№", "и"}:
            break
        index += 1
    return frozenset(found)


def same_work(one, two, *, same_direction):
    """The place that two works share, where their themes are the same and their parts of it may meet; else None.

    Args:
        one, two: `Work`s of one town and of the same years.
        same_direction: whether both stand in one direction: it speaks for a work whose title names no theme.
    """
    is_one_theme = one.themes & two.themes if one.themes and two.themes else same_direction
    if not is_one_theme:
        return None
    if (one.bounds and two.bounds and one.bounds != two.bounds) or one.settlements != two.settlements:
        return None
    return next((mine for mine in one.places for theirs in two.places if mine.may_be(theirs)), None)
