"""The found words in a text: marked, and with a little of what stands around them."""

import re

from municipalities.search import keys

WORD = re.compile(r"[0-9A-Za-zА-ЯЁа-яё]+")
BEFORE, LENGTH = 60, 180  # signs


def is_found(word, asked):
    """Whether a word of a text is one of the asked keys, or begins like one (`municipalities.full_text.Words`)."""
    return any(
        key == one or (key.startswith(one) and not any(map(str.isdigit, one))) for key in keys(word) for one in asked
    )


def marked(text, asked):
    """A text in parts: ((text, whether it was asked for), …)."""
    parts, end = [], 0
    for word in WORD.finditer(text):
        if is_found(word[0], asked):
            parts += [(text[end : word.start()], False), (word[0], True)]
            end = word.end()
    return tuple(part for part in [*parts, (text[end:], False)] if part[0])


def excerpt(asked, *texts):
    """Of the first text that holds an asked word, what stands around it, in parts; nothing where none does."""
    for text in texts:
        text = " ".join(text.split())
        first = next((word for word in WORD.finditer(text) if is_found(word[0], asked)), None)
        if first:
            return marked(_cut(text, max(first.start() - BEFORE, 0)), asked)
    return ()


def _cut(text, start):
    start = text.rfind(" ", 0, start) + 1 if start else 0
    end = len(text) if len(text) <= start + LENGTH else max(text.rfind(" ", start, start + LENGTH), start + BEFORE)
    return ("… " if start else "") + text[start:end] + (" …" if end < len(text) else "")
