"""Names of towns as people write them: what stands before and behind, letters of the other alphabet, dashes."""

import re

from exchange.sheets.spelling import one_script

from .identity import plain_key

_BEFORE = re.compile(
    r"^(?:администраци[яи]|муниципальн(?:ое|ого) образовани[ея]|городск(?:ой|ого) округа?|муниципальн(?:ый|ого) округа?"
    r"|городск(?:ое|ого) поселени[ея]|[а-я-]+ская обл(?:асть)?"
    r"|мо|г ?о|м ?о|г ?п|города?|гор|г)(?: |(?<=г)(?=[а-я]{3}))"
)
_BEHIND = re.compile(
    r" (?:городской округ|муниципальный округ|городское поселение|город|гор|г ?о|м ?о|г|рф|россии"
    r"|[а-я-]+ск(?:ой|ая) обл(?:асти|асть)?|[а-я-]+ск(?:ого края|ий край))$"
)
_OKRUG = re.compile(r"(?:^| )(?:городской округ|г ?о|городского округа)(?: |$)")
_ADJECTIVE = re.compile(r"([а-я-]{3,})ск(?:ий|ого|ой)(?: |$)")
_ENDING = re.compile(r"(?:ск|ов|ев|[аеиоуыьйяю]){0,2}$")


def _words(text):
    """A name in small letters of one alphabet; points and commas are blanks, every dash is one."""
    text = re.sub(r"[‐‑‒–—−]", "-", plain_key(one_script(text)))
    text = " ".join(re.sub(r'[.,()"№]', " ", text).split())
    text = re.sub(r"\b(?:муниципальный район|м ?р|р-н)\b", "район", text)
    return re.sub(r"^район (.+ий)$", r"\1 район", text)


def town_keys(text):
    """Every way a town's name may be meant, as it stands first: what stands around it is taken off by and by."""
    key, keys = _words(text), []
    while key and key not in keys:
        keys.append(key)
        shorter = _BEFORE.sub("", key, count=1)
        key = shorter if shorter != key and shorter else _BEHIND.sub("", key, count=1)
    return [*keys, re.sub(r"[ -]", "", keys[-1])] if keys else []


def town_key(text):
    """A town's name alone: «г. Сызрань» and «городской округ Сызрань» are Сызрань."""
    return ["", *town_keys(text)[:-1]][-1]


def okrug_stem(text):
    """What the adjective of an urban district is made from: «Сызранский городской округ»; «» for any other name."""
    words = _words(text)
    found = _ADJECTIVE.search(words)
    return found[1] if found and _OKRUG.search(words) and "район" not in words else ""


def is_of_stem(name, stem):
    """Whether an adjective of a stem is a town's: «сызран» of Сызрань, «тольяттин» of Тольятти."""
    bare = _ENDING.sub("", name)
    is_near = stem.startswith(bare) and stem[len(bare) :] in {"н", "ин", "ен", "иен", "ын"}
    return stem == name.removesuffix("ск") or (len(bare) > 2 and (_ENDING.sub("", stem) == bare or is_near))
