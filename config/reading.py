"""Reading preferences: text size, colours, letter spacing, images. Kept in the cookie `a11y` that the reader sets."""

from urllib.parse import parse_qs, urlencode

COOKIE = "a11y"
MAX_AGE = 365 * 24 * 60 * 60

CHOICES = {
    "size": ("2", "3", "4"),
    "scheme": ("dark", "bw", "wb", "blue", "beige", "brown"),
    "spacing": ("wide",),
    "images": ("off",),
}


def reading_preferences(request):
    """The reader's choices as {name: value}; anything unknown in the cookie is left out."""
    raw = parse_qs(request.COOKIES.get(COOKIE, ""))
    return {name: raw[name][0] for name, allowed in CHOICES.items() if raw.get(name, [""])[0] in allowed}


def changed(preferences, posted):
    """The choices after a press of one button; an unknown value takes the choice away."""
    if "reset" in posted:
        return {}
    result = dict(preferences)
    for name, allowed in CHOICES.items():
        if name in posted:
            if posted[name] in allowed:
                result[name] = posted[name]
            else:
                result.pop(name, None)
    return result


def as_cookie(preferences):
    """The value of the cookie."""
    return urlencode(preferences)
