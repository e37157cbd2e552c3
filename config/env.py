"""Typed readers of environment variables: a nonsense value stops the start and names the variable."""

import re
import warnings
import zoneinfo
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

_env = environ.Env()

_HOST = re.compile(r"^\.?[a-z0-9-]+(\.[a-z0-9-]+)*$|^\[[0-9a-f:]+\]$", re.IGNORECASE)
_ORIGIN = re.compile(r"^https?://([a-z0-9-]+(\.[a-z0-9-]+)*|\[[0-9a-f:]+\])(:[0-9]{1,5})?$", re.IGNORECASE)
_SLUG = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*$")
_BOUNDED = ("LocMemCache", "DatabaseCache", "FileBasedCache")  # they throw out by number, a cache server by memory
COUNTS_KEPT, PAGES_KEPT = 20_000, 5_000
_CACHES = {"LocMemCache", "DatabaseCache", "RedisCache", "FileBasedCache", "DummyCache"}


def read_dotenv(path):
    """Load a `.env` file, if there is one; real environment variables win."""
    if path.exists():
        _env.read_env(str(path))


def _shown(value):
    """A value as an error may print it: a password never reaches a log."""
    return repr(re.sub(r"://[^/]*@", "://…@", value))


def _refuse(name, expected, value=None):
    got = "" if value is None else f", got {_shown(value)}"
    return ImproperlyConfigured(f"{name}: expected {expected}{got}")


def _parsed(parse, name, default, expected):
    url = text(name, default)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the library warns of an unknown scheme, the caller refuses it
            return parse(url)
    except (ValueError, TypeError, KeyError, ImproperlyConfigured):
        # Without a cause: its message holds the whole value.
        raise _refuse(name, expected, url) from None


def text(name, default=""):
    """Text of a variable; blank counts as not set."""
    return _env.str(name, default="").strip() or default


def flag(name, default=False):
    """True or False; anything but 1/0, true/false, yes/no, on/off is an error."""
    raw = _env.str(name, default="").strip().lower()
    if not raw:
        return default
    if raw in {"1", "true", "yes", "on"}:
        return True
    if raw in {"0", "false", "no", "off"}:
        return False
    raise _refuse(name, "1 or 0", raw)


def integer(name, default, *, minimum=0):
    """A whole number not below the minimum."""
    raw = text(name)
    if not raw:
        return default
    if not re.fullmatch(r"[0-9]{1,10}", raw) or int(raw) < minimum:
        raise _refuse(name, f"a whole number from {minimum}", raw)
    return int(raw)


def choice(name, default, allowed):
    """One of a few words."""
    value = text(name, default)
    if value not in allowed:
        raise _refuse(name, "one of " + ", ".join(allowed), value)
    return value


def names(name, default=()):
    """A comma-separated list without blanks."""
    return [part.strip() for part in text(name, ",".join(default)).split(",") if part.strip()]


def hosts(name, default, *, any_host):
    """Host names this site answers to; `*` only where any host is accepted."""
    found = names(name, default)
    for host in found:
        if host == "*" and any_host:
            continue
        if not _HOST.match(host):
            raise _refuse(name, "host names such as towns.example.ru, without scheme, port or *", host)
    return found


def origins(name):
    """Origins with their scheme, such as `https://towns.example.ru`."""
    found = names(name)
    for origin in found:
        parts = urlsplit(origin)
        if parts.scheme not in {"http", "https"} or not parts.netloc or parts.path:
            raise _refuse(name, "origins such as https://towns.example.ru", origin)
    return found


def origin(name, default):
    """One origin with its scheme, such as `https://towns.example.ru`, or nothing."""
    value = text(name, default)
    if value and not _ORIGIN.match(value):
        raise _refuse(name, "an origin such as https://towns.example.ru", value)
    return value


def time_zone(name, default):
    """A time zone of the tz database, such as `Europe/Samara`."""
    value = text(name, default)
    try:
        zoneinfo.ZoneInfo(value)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        raise _refuse(name, "a time zone such as Europe/Samara", value) from None
    return value


def slug(name):
    """The slug of a record, such as `samara-oblast`, or nothing."""
    value = text(name)
    if value and not _SLUG.match(value):
        raise _refuse(name, "a slug such as samara-oblast", value)
    return value


def address(name, default):
    """An e-mail address, with or without a name before it."""
    value = text(name, default)
    if "@" not in parseaddr(value)[1]:
        raise _refuse(name, "an e-mail address", value)
    return value


def folder(name, default):
    """A folder by its full path."""
    value = text(name, str(default))
    if not value.startswith("/"):
        raise _refuse(name, "the full path of a folder", value)
    return Path(value)


def database(name, default):
    """Django's dictionary for a database URL such as `postgres://user:password@host/db` or `sqlite:///file`."""
    expected = "a database URL (sqlite:///file or postgres://user:password@host/name)"
    found = _parsed(_env.db_url_config, name, default, expected)
    if found.get("ENGINE") not in {"django.db.backends.sqlite3", "django.db.backends.postgresql"} or not found["NAME"]:
        raise _refuse(name, expected, text(name, default))
    return found


def cache(name, default):
    """Django's dictionary for a cache URL such as `locmemcache://` or `rediscache://host:6379/1`."""
    expected = "a cache URL (locmemcache://, dbcache://table, rediscache://host:6379/1)"
    found = _parsed(_env.cache_url_config, name, default, expected)
    if found.get("BACKEND", "").rpartition(".")[2] not in _CACHES:
        raise _refuse(name, expected, text(name, default))
    if found["BACKEND"].endswith(("RedisCache", "DatabaseCache")) and not found.get("LOCATION"):
        raise _refuse(name, expected, text(name, default))
    return found


def caches(name, default, *, pages=""):
    """Two of Django's caches of one kind: `default` for counts and, apart, `pages`, which never throw counts out.

    Args:
        pages: the cache URL of pages, where a cache server throws out what it has no room for; else they lie beside.
    """
    counts, is_own = cache(name, default), bool(pages)
    pages = cache("PAGES_CACHE_URL", pages) if is_own else {**counts, "KEY_PREFIX": "pages"}
    if not is_own and counts["BACKEND"].endswith(_BOUNDED):
        pages["LOCATION"] = f"{counts.get('LOCATION', '')}_pages"
    # The default of 300 entries is fewer than the pages of a region: they would go as fast as they come.
    for one, most in ((counts, COUNTS_KEPT), (pages, PAGES_KEPT)):
        if one["BACKEND"].endswith(_BOUNDED):
            one["OPTIONS"] = {"MAX_ENTRIES": most} | one.get("OPTIONS", {})
    return {"default": counts, "pages": pages}


def email(name, default):
    """Django's e-mail settings for a URL such as `smtp+tls://user:password@host:587` or `consolemail://`."""
    expected = "a mail URL (consolemail://, smtp://host:25, smtp+tls://user:password@host:587)"
    found = _parsed(_env.email_url_config, name, default, expected)
    if found["EMAIL_BACKEND"].endswith("smtp.EmailBackend") and not found["EMAIL_HOST"]:
        raise _refuse(name, expected, text(name, default))
    return {setting: value for setting, value in found.items() if value is not None}
