"""Tables as texts: in which encoding a file is, what stands between its columns."""

import csv
import io
import itertools

DELIMITERS = ";\t,"


def decoded(raw):
    """(text, encoding) of the bytes of a file; ("", "") where they are no text."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", errors="replace"), "utf-16"
    if b"\0" not in raw:
        for encoding in ("utf-8-sig", "cp1251"):
            try:
                return raw.decode(encoding), encoding
            except UnicodeDecodeError:
                continue
    return "", ""


def delimiter_of(text):
    """What stands between the columns of a text: the sign that gives most of them in the first lines."""

    def columns(delimiter):
        try:
            first = list(itertools.islice(csv.reader(io.StringIO(text), delimiter=delimiter), 10))
        except csv.Error:
            return 0
        return max(map(len, first), default=0)

    return max(DELIMITERS, key=columns)
