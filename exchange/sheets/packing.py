"""A table on its way through the forms of a person: nothing is kept on the server until all is answered."""

import base64
import json
import lzma

from django.core import signing
from django.core.exceptions import ValidationError

MOST_PACKED = 2_300_000


def pack(content, salt, *, preset=6):
    """What a table says, as a signed text for a hidden field.

    Args:
        content: of lists, dictionaries, texts and numbers.
        salt: of whom the text is; no other page takes it.
        preset: how hard to press, 0–9.

    Raises:
        ValidationError: there is too much of it.
    """
    packed = lzma.compress(json.dumps(content, ensure_ascii=False).encode(), preset=preset)
    text = signing.Signer(salt=salt).sign(base64.b64encode(packed).decode())
    if len(text) > MOST_PACKED:
        raise ValidationError("Таблица слишком велика. Разделите её на части.", code="too_large")
    return text


def unpack(text, salt):
    """The content that `pack` was given.

    Raises:
        ValidationError: it is not what was given.
    """
    try:
        return json.loads(lzma.decompress(base64.b64decode(signing.Signer(salt=salt).unsign(text))))
    except (signing.BadSignature, ValueError, lzma.LZMAError) as error:
        raise ValidationError("Загрузите таблицу ещё раз.", code="stale") from error
