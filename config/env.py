"""Typed readers of environment variables: a nonsense value stops the start and names the variable."""

import environ
from django.core.exceptions import ImproperlyConfigured

_env = environ.Env()


def read_dotenv(path):
    """Load a `.env` file, if there is one; real environment variables win."""
    if path.exists():
        _env.read_env(str(path))


def _read(kind, name, default, expected):
    try:
        return getattr(_env, kind)(name, default=default)
    except (ValueError, TypeError, KeyError, ImproperlyConfigured) as error:
        raise ImproperlyConfigured(f"{name}: expected {expected}, got {_env.str(name, default='')!r}") from error


def text(name, default=""):
    """Text of a variable, or the default."""
    return _env.str(name, default=default)


def flag(name, default=False):
    """True or False; anything but 1/0, true/false, yes/no, on/off is an error."""
    raw = _env.str(name, default="").strip().lower()
    if not raw:
        return default
    if raw in {"1", "true", "yes", "on"}:
        return True
    if raw in {"0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name}: expected 1 or 0, got {raw!r}")


def integer(name, default, *, minimum=0):
    """A whole number not below the minimum."""
    number = _read("int", name, default, "a whole number")
    if number < minimum:
        raise ImproperlyConfigured(f"{name}: expected a whole number from {minimum}, got {number}")
    return number


def names(name, default=()):
    """A comma-separated list without blanks."""
    return [part.strip() for part in _env.str(name, default=",".join(default)).split(",") if part.strip()]


def database(name, default):
    """Django's dictionary for a database URL such as `postgres://user:password@host/db` or `sqlite:///file`."""
    url = _env.str(name, default=default)
    found = _read("db_url", name, default, "a database URL (sqlite:///… or postgres://…)")
    if found.get("ENGINE") not in {"django.db.backends.sqlite3", "django.db.backends.postgresql"}:
        scheme = url.split("://", 1)[0]
        raise ImproperlyConfigured(f"{name}: expected sqlite:///… or postgres://…, got the scheme {scheme!r}")
    return found


def cache(name, default):
    """Django's dictionary for a cache URL such as `locmemcache://` or `rediscache://host:6379/1`."""
    found = _read("cache_url", name, default, "a cache URL (locmemcache://, dbcache://table, rediscache://host:6379/1)")
    if not found.get("BACKEND"):
        raise ImproperlyConfigured(f"{name}: expected a cache URL such as locmemcache://")
    return found


def email(name, default):
    """Django's e-mail settings for a URL such as `smtp+tls://user:password@host:587` or `consolemail://`."""
    return _read("email_url", name, default, "a mail URL (consolemail://, smtp://…, smtp+tls://…)")
