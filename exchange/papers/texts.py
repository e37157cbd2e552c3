"""Texts on paper: what an office file cannot hold is taken out."""

import re

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def clean(text):
    """A text without characters that XML refuses; lines end one way."""
    return _NOT_XML.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
