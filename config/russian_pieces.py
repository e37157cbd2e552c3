"""On an English page every piece of Russian — records stay as their authors wrote them — is marked as Russian.

An English voice cannot read Cyrillic (WCAG 3.1.2). The mark is put here, by the letters, and not in each template: a
title that a template forgets is heard by nobody who could tell. Russian pages do not pass through, and a page is marked
before it is kept.
"""

import itertools
import re

from django.conf import settings
from django.utils import translation

RUSSIAN = ' lang="ru"'
TAG = re.compile(
    r"""(<!--.*?-->|<(?:script|style)\b.*?</(?:script|style)>|<(?:[^<>"']++|"[^"]*"|'[^']*')*+>)""", re.DOTALL
)
NAME = re.compile(r"<([a-zA-Z][\w-]*)")
CYRILLIC = re.compile(r"[А-Яа-яЁё]")
# Letters of no language: of entities, and Roman numerals of quarters and centuries.
NEUTRAL = r"&#?\w+;|\b[IVX]+\b"
LATIN = re.compile(r"[A-Za-z]")
# From the first Russian letter to the last one before a Latin letter, with what adheres: «IV квартал», «П-11».
PIECE = re.compile(rf"[«(]*(?:\b[IVX]+\s)?[А-Яа-яЁё](?:(?:[^A-Za-z&]|{NEUTRAL})*[А-Яа-яЁё])?(?:-?\d+)*[)»]*")
SPOKEN = re.compile(r'\s(?:aria-label|alt|title|placeholder|value)="([^"]*)"')
# These hold text only: where a part of it is Russian, the mark stands on the element.
TEXT_ONLY = {"option", "textarea", "text", "title"}
# What has no words of its own within.
EMPTY = re.compile(r'<(?:img|input)\b|<\w+[^>]*\srole="img"')


class RussianPiecesMiddleware:
    """Marks the Russian pieces of pages in another language; stands inside of what counts the length of a page."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        is_russian = translation.get_language() == settings.LANGUAGE_CODE
        if is_russian or response.streaming or not response.headers.get("Content-Type", "").startswith("text/html"):
            return response
        response.content = with_russian_marked(response.content.decode(response.charset))
        return response


def with_russian_marked(page):
    """A page in which each piece of Russian stands in an element with `lang="ru"`; nothing else changes.

    Args:
        page: the whole text of a page in another language.

    Returns:
        The page. Its head stays as it is: nothing can be marked within a title.
    """
    start = page.find("<body")
    parts = TAG.split(page[start:]) if start >= 0 else []  # a text, a tag, a text, …
    for index in range(2, len(parts) - 1, 2):
        if CYRILLIC.search(parts[index]):
            parts[index - 1], parts[index] = _text_marked(*parts[index - 1 : index + 2])
    for index in range(1, len(parts), 2):
        if CYRILLIC.search(parts[index]):
            parts[index] = _tag_marked(index, parts)
    return page[:start] + "".join(parts) if parts else page


def _text_marked(before, text, after):
    """The tag before a text and the text, one of them marked."""
    name = NAME.match(before)
    is_alone = bool(name) and after == f"</{name[1]}>"
    if RUSSIAN in before and is_alone:
        return before, text
    if is_alone and (name[1] in TEXT_ONLY or not (_has_latin(text) or _says_english(before))):
        return _with_mark(before), text
    return before, PIECE.sub(lambda piece: f"<span{RUSSIAN}>{piece[0]}</span>", text)


def _has_latin(text):
    return bool(LATIN.search(re.sub(NEUTRAL, "", text)))


def _says_english(tag):
    return any(not CYRILLIC.search(said) for said in SPOKEN.findall(tag))


def _tag_marked(index, parts):
    """A tag that says something Russian in an attribute; marked where that makes no English words Russian.

    An attribute has one language: a Russian voice reads the English words in it, an English one skips the Russian ones.
    """
    tag = parts[index]
    if RUSSIAN in tag or not any(map(CYRILLIC.search, SPOKEN.findall(tag))):
        return tag
    if not EMPTY.match(tag):
        end = f"</{NAME.match(tag)[1]}>"
        within = itertools.takewhile(lambda part: part != end, parts[index + 1 :])
        if any(_has_latin(part) for part in within if not part.startswith("<")):
            return tag
    return _with_mark(tag)


def _with_mark(tag):
    end = -2 if tag.endswith("/>") else -1
    return tag[:end].rstrip() + RUSSIAN + tag[end:]
