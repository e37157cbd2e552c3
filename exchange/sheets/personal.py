"""Whether a table names people: heads of columns that ask for somebody, cells that read like a name or an address."""

import re

from municipalities.search import sort_key

# Heads of columns that name somebody: whatever else such a head says, its cells are left out.
_HEADS = re.compile(
    r"\bф\.?\s?и\.?\s?о\b|фамили|\bимя\b|\bимена\b|отчеств|\bавтор|заявител|телефон|\bтел\b|мобильн|контакт|почт|e-?mail|мейл|"
    r"адрес|прожива|жительств|прописк|паспорт|снилс|\bинн\b|рожден|подпис|telegram|телеграм|whatsapp|\bvk\b|вконтакте|"
    r"соц\w*\.? ?сет|аккаунт|\bник(нейм)?\b|логин|\bname\b|phone|author|"
    r"\bучастни(к|ца|ки|цы)\b|\bграждан(ин|ка|е)\b|\bжител(ь|ьница)\b|\bот кого\b|\bот чьего|\bкем\b|\bч(ь[еёяи]|ей)\b|"
    r"\bвн[её]с(ла|ли|ший|шие|шая)?\b|\bподал[аи]?\b|предложил|предложивш|обратил|обративш|отправил|отправител|подател|"
    r"инициатор|представител|докладчик|содокладчик|выступил|выступающ|\bоратор|респондент|опрошенн|собеседник|модератор|"
    r"ведущ(ий|ая|ие)\b|секретар|ответил|анкетируем|избирател"
)
# What reads like a name, a telephone or an address of mail.
_NAMED = re.compile(
    r"[А-ЯЁ]\.\s?(?:[А-ЯЁ]\.)?\s?[А-ЯЁ][а-яё]|[А-ЯЁ][а-яё-]+\s+[А-ЯЁ]\.|[А-ЯЁ][а-яё-]+\s+[А-ЯЁ][а-яё-]+|"
    r"\w(?:вич|вна|ична)\b|\d{3}[\s()-]*\d{2}|@"
)
_BARE_NAME = re.compile(
    r"[А-ЯЁ][а-яё-]+(?:\s+[А-ЯЁ]\.\s?(?:[А-ЯЁ]\.)?|(?:\s+[А-ЯЁ][а-яё-]+){1,2})|[А-ЯЁ]\.\s?(?:[А-ЯЁ]\.)?\s?[А-ЯЁ][а-яё-]+"
)
_SURNAME = re.compile(r"(?:[оеё]в|[ыи]н|[оеё]ва|[ыи]на|енко|[ую]к|ян|дзе|швили|[ыи]х|(?:ск|цк)(?:ий|ая|ой|ого))$")
_ADJECTIVE = re.compile(r"(?:ск|цк)(?:ий|ая|ой|ого)$")
_QUOTED = re.compile(r"[«\"“„][^»\"”]*[»\"”]")
_PLACE = re.compile(
    r"^(?:г|гор|города?|городу|с|села?|п|пос|пос[её]лк\w*|д|деревн\w+|район\w*|област\w+|округ\w*|улиц\w+|ул)\.?$"
)
# A single word with a capital may be a name as well, unless it says whom.
_WHOM = (
    "жител", "молод", "ветеран", "депутат", "студент", "школьник", "родител", "пенсион", "предпринимат", "глав",
    "директор", "совет", "общественн", "врач", "учител", "педагог", "работник", "администрац", "дум",
)  # fmt: skip


def names_somebody(head):
    """Whether the head of a column, in lower case, asks for a person or for how to reach them."""
    return bool(_HEADS.search(head))


def is_named(said):
    """Whether words that say who spoke read like somebody's name, or tell how to reach them.

    In doubt they do: «депутат Иванова», «Иванова, житель». A word in quotes or after «города» is a place or a body.
    """
    bare = _QUOTED.sub(" ", said)
    words = re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*[.,;]?", bare)
    if _NAMED.search(said) or (len(said.split()) == 1 and said.istitle() and not sort_key(said).startswith(_WHOM)):
        return True
    return any(_is_name(words, place) for place in range(len(words)))


def is_bare_name(said):
    """Whether a text is somebody's name and nothing else."""
    return bool(_BARE_NAME.fullmatch(said.strip()))


def _is_name(words, place):
    word = words[place].rstrip(".,;")
    if not word[0].isupper() or (word.isupper() and len(word) > 1) or len(word) == 1:
        return False
    if place:
        return not _PLACE.match(words[place - 1].lower())
    if sort_key(word).startswith(_WHOM) or not _SURNAME.search(word):
        return False
    # «Городская дума» is no name; «Лужковская, житель» is.
    is_followed = len(words) > 1 and words[1][0].islower() and words[0] == word
    return not (_ADJECTIVE.search(word) and is_followed)
