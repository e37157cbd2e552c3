"""Texts as people type and paste them, made what the site keeps: one cleaner for forms and addresses."""

import re
import unicodedata

_USUAL = re.compile("[\n -^`-~А-Яа-яЁё«»№–—…]*")  # signs of which there is nothing to clean
# Line ends of Windows, of old Macs and of Unicode; what Excel leaves of one in a cell.
_LINE_END = re.compile("_x000D_\n?|\r\n?|[\x85\u2028\u2029]")
# Signs without a picture: control characters, soft hyphens, zero-width blanks, byte order marks, marks of direction
# (which make a text read otherwise than it is written), halves of a pair. Joiners and fillers stay, where there is
# anything to see beside them: letters and emoji need them.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffc\ud800-\udfff]"
)
_JOINERS = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200c\u200d\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0000-\U000e0fff]"
)
_WHOLE = re.compile("[0-9]{1,17}")

# «8 (927) 000-11-22», «+7 927 0001122», «927 000 11 22», «332-11-22», «name@example.org».
_CONTACT = re.compile(
    r"(?<!\d)(?:\+?[78][\s()–-]*)?\(?\d{3}\)?[\s–-]*\d{3}[\s–-]*\d{2}[\s–-]*\d{2}(?!\d)|"
    r"(?<![\d.-])\d{2,3}[–-]\d{2}[–-]\d{2}(?![\d.-])|[\w.+-]+@[\w-]+\.\w"
)


def clean(text):
    """The text as the site keeps it: composed letters (NFC), one kind of line end, no invisible signs.

    «й» of two signs becomes one, a line end counts once, and of what has no visible sign at all only blanks are left.
    """
    if _USUAL.fullmatch(text):
        return text
    # In this order: a sign between two others must not keep them from becoming a line end, or one letter.
    text = unicodedata.normalize("NFC", _LINE_END.sub("\n", _INVISIBLE.sub("", text)))
    joined = _JOINERS.sub("", text)
    return text if joined.strip() else joined


def whole_number(text):
    """The whole number that a part of an address or a hidden field names: 0 to 17 nines; None where it names none.

    What databases keep as a number of a record is shorter; a longer one is a fault of theirs, or of Python, when asked.
    """
    return int(text) if _WHOLE.fullmatch(text) else None


def whole_versions(texts):
    """{number: version} of ticked rows that say both, «12-3»; what does not is left out."""
    pairs = (map(whole_number, text.split("-")) for text in texts if text.count("-") == 1)
    return {number: version for number, version in pairs if number is not None and version is not None}


def tells_contact(text):
    """Whether a text holds a telephone number or an address of mail."""
    return bool(_CONTACT.search(text))


def cleaned(posted):
    """A copy of a `QueryDict` with clean values; passwords stay as they are, sign for sign."""
    found = posted.copy()
    for name, values in found.lists():
        if "password" not in name:
            found.setlist(clean(name), [clean(value) for value in values])
    return found
