"""Readers of the environment: what they take, what they refuse, and that a refusal names the variable only."""

from functools import partial
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import env


def read(monkeypatch, reader, value, *args, **kwargs):
    monkeypatch.setenv("VARIABLE", value)
    return reader("VARIABLE", *args, **kwargs)


def refusal(monkeypatch, reader, value, *args, **kwargs):
    with pytest.raises(ImproperlyConfigured) as caught:
        read(monkeypatch, reader, value, *args, **kwargs)
    return str(caught.value)


@pytest.mark.parametrize(
    ("raw", "value"),
    [("1", True), ("Yes", True), ("on", True), ("0", False), ("FALSE", False), ("off", False), ("", True)],
)
def test_flag_reads_words_and_blank_as_default(monkeypatch, raw, value):
    assert read(monkeypatch, env.flag, raw, True) is value


def test_flag_refuses_anything_else(monkeypatch):
    assert refusal(monkeypatch, env.flag, "maybe") == "VARIABLE: expected 1 or 0, got 'maybe'"


@pytest.mark.parametrize(("raw", "value"), [("0", 0), ("60", 60), (" 7 ", 7), ("", 5)])
def test_integer_reads_whole_numbers(monkeypatch, raw, value):
    assert read(monkeypatch, env.integer, raw, 5) == value


@pytest.mark.parametrize("raw", ["-1", "1.5", "ten", "1e3", "0x10", "²", "99999999999"])
def test_integer_refuses_anything_else(monkeypatch, raw):
    assert refusal(monkeypatch, env.integer, raw, 5) == f"VARIABLE: expected a whole number from 0, got {raw!r}"


def test_integer_refuses_below_its_minimum(monkeypatch):
    found = refusal(monkeypatch, env.integer, "2", 5, minimum=3)
    assert found == "VARIABLE: expected a whole number from 3, got '2'"


def test_text_takes_blank_as_not_set(monkeypatch):
    assert read(monkeypatch, env.text, "  ", "Города") == "Города"


def test_names_splits_and_drops_blanks(monkeypatch):
    assert read(monkeypatch, env.names, " a.ru, ,b.ru ") == ["a.ru", "b.ru"]


@pytest.mark.parametrize("raw", ["towns.example.ru", ".example.ru", "127.0.0.1", "[::1]", "localhost"])
def test_hosts_takes_host_names(monkeypatch, raw):
    assert read(monkeypatch, env.hosts, raw, [], any_host=False) == [raw]


@pytest.mark.parametrize("raw", ["https://towns.example.ru", "towns.example.ru:8000", "*", "a b", "towns..ru", "a/b"])
def test_hosts_refuses_what_is_no_host_name(monkeypatch, raw):
    expected = f"VARIABLE: expected host names such as towns.example.ru, without scheme, port or *, got {raw!r}"
    assert refusal(monkeypatch, env.hosts, raw, [], any_host=False) == expected


def test_hosts_takes_any_host_where_asked(monkeypatch):
    assert read(monkeypatch, env.hosts, "*", [], any_host=True) == ["*"]


def test_origins_takes_a_scheme_and_a_host(monkeypatch):
    assert read(monkeypatch, env.origins, "https://towns.example.ru:8443") == ["https://towns.example.ru:8443"]


@pytest.mark.parametrize("raw", ["towns.example.ru", "ftp://towns.example.ru", "https://", "https://a.ru/page"])
def test_origins_refuses_anything_else(monkeypatch, raw):
    expected = f"VARIABLE: expected origins such as https://towns.example.ru, got {raw!r}"
    assert refusal(monkeypatch, env.origins, raw) == expected


def test_origin_takes_one_address_or_nothing(monkeypatch):
    assert read(monkeypatch, env.origin, "https://towns.example.ru:8443", "") == "https://towns.example.ru:8443"
    assert read(monkeypatch, env.origin, "", "") == ""
    assert read(monkeypatch, env.origin, " ", "http://localhost:8000") == "http://localhost:8000"


@pytest.mark.parametrize(
    "raw", ["towns.example.ru", "ftp://towns.example.ru", "https://", "https://a.ru/", "https://a.ru?x", "https://a, b"]
)
def test_origin_refuses_anything_else(monkeypatch, raw):
    expected = f"VARIABLE: expected an origin such as https://towns.example.ru, got {raw!r}"
    assert refusal(monkeypatch, env.origin, raw, "") == expected


def test_time_zone_takes_a_known_zone(monkeypatch):
    assert read(monkeypatch, env.time_zone, "Asia/Omsk", "Europe/Samara") == "Asia/Omsk"


@pytest.mark.parametrize("raw", ["Europe/Saratov-2", "Samara", "../../etc/passwd", "+4"])
def test_time_zone_refuses_an_unknown_zone(monkeypatch, raw):
    expected = f"VARIABLE: expected a time zone such as Europe/Samara, got {raw!r}"
    assert refusal(monkeypatch, env.time_zone, raw, "Europe/Samara") == expected


@pytest.mark.parametrize(("raw", "value"), [("samara-oblast", "samara-oblast"), ("", "")])
def test_slug_takes_a_slug_or_nothing(monkeypatch, raw, value):
    assert read(monkeypatch, env.slug, raw) == value


@pytest.mark.parametrize("raw", ["Самарская область", "samara_oblast", "-a", "a--b"])
def test_slug_refuses_anything_else(monkeypatch, raw):
    assert refusal(monkeypatch, env.slug, raw) == f"VARIABLE: expected a slug such as samara-oblast, got {raw!r}"


def test_address_takes_a_name_before_it(monkeypatch):
    assert read(monkeypatch, env.address, "Города <towns@example.ru>", "") == "Города <towns@example.ru>"


def test_address_refuses_what_is_none(monkeypatch):
    found = refusal(monkeypatch, env.address, "towns.example.ru", "")
    assert found == "VARIABLE: expected an e-mail address, got 'towns.example.ru'"


def test_folder_takes_a_full_path(monkeypatch):
    assert read(monkeypatch, env.folder, "/srv/media", "/tmp/media") == Path("/srv/media")


def test_folder_refuses_a_relative_path(monkeypatch):
    found = refusal(monkeypatch, env.folder, "media", "/tmp/media")
    assert found == "VARIABLE: expected the full path of a folder, got 'media'"


def test_database_reads_a_socket_folder(monkeypatch):
    found = read(monkeypatch, env.database, "postgres://postgres@/towns?host=/run/postgresql&port=5433", "sqlite:///x")
    assert (found["ENGINE"], found["NAME"], found["OPTIONS"]) == (
        "django.db.backends.postgresql",
        "towns",
        {"host": "/run/postgresql", "port": 5433},
    )


@pytest.mark.parametrize(
    "raw", ["nonsense", "mysql://host/towns", "postgres://", "postgres://host", "postgres://host:port/towns"]
)
def test_database_refuses_anything_else(monkeypatch, raw):
    expected = "VARIABLE: expected a database URL (sqlite:///file or postgres://user:password@host/name)"
    assert refusal(monkeypatch, env.database, raw, "sqlite:///x").split(", got ")[0] == expected


def test_database_refusal_hides_the_password(monkeypatch):
    found = refusal(monkeypatch, env.database, "postgres://towns:тайна@host:port/towns", "sqlite:///x")
    assert found.split(", got ")[1] == "'postgres://…@host:port/towns'"


@pytest.mark.parametrize(
    ("raw", "backend"),
    [
        ("locmemcache://", "django.core.cache.backends.locmem.LocMemCache"),
        ("rediscache://host:6379/1", "django.core.cache.backends.redis.RedisCache"),
        ("dbcache://cache", "django.core.cache.backends.db.DatabaseCache"),
    ],
)
def test_cache_reads_the_kinds_we_use(monkeypatch, raw, backend):
    assert read(monkeypatch, env.cache, raw, "locmemcache://")["BACKEND"] == backend


@pytest.mark.parametrize("raw", ["nonsense", "redis", "foo://host", "memcache://host:1", "dbcache://"])
def test_cache_refuses_anything_else(monkeypatch, raw):
    expected = "VARIABLE: expected a cache URL (locmemcache://, dbcache://table, rediscache://host:6379/1)"
    assert refusal(monkeypatch, env.cache, raw, "locmemcache://").split(", got ")[0] == expected


@pytest.mark.invariant(108)
@pytest.mark.parametrize(
    ("counts", "pages", "found"),
    [
        ("locmemcache://", "", ("", "_pages")),
        ("dbcache://towns", "", ("towns", "towns_pages")),
        ("filecache:///var/towns", "", ("/var/towns", "/var/towns_pages")),
        ("rediscache://host:6379/1", "rediscache://other:6379/1", ("redis://host:6379/1", "redis://other:6379/1")),
    ],
)
def test_counts_and_pages_lie_apart(monkeypatch, counts, pages, found):
    monkeypatch.setenv("PAGES_CACHE_URL", pages)

    both = read(monkeypatch, partial(env.caches, pages=pages), counts, "locmemcache://")

    assert tuple(both[name].get("LOCATION", "") for name in ("default", "pages")) == found
    if "redis" not in counts:
        assert [both[name]["OPTIONS"]["MAX_ENTRIES"] for name in ("default", "pages")] == [20_000, 5_000]


def test_email_reads_a_server_with_a_name(monkeypatch):
    found = read(monkeypatch, env.email, "smtp+tls://towns:secret@mail.example.ru:587", "dummymail://")
    assert (found["EMAIL_HOST"], found["EMAIL_PORT"], found["EMAIL_USE_TLS"]) == ("mail.example.ru", 587, True)


@pytest.mark.parametrize("raw", ["nonsense", "foo://host", "smtp://host:port", "smtp://"])
def test_email_refuses_anything_else(monkeypatch, raw):
    expected = "VARIABLE: expected a mail URL (consolemail://, smtp://host:25, smtp+tls://user:password@host:587)"
    assert refusal(monkeypatch, env.email, raw, "dummymail://").split(", got ")[0] == expected


def test_dotenv_gives_way_to_the_environment(monkeypatch, tmp_path):
    (tmp_path / ".env").write_text("VARIABLE=file\nSECOND_VARIABLE=file\n")
    monkeypatch.setenv("VARIABLE", "machine")
    monkeypatch.setenv("SECOND_VARIABLE", "")  # remembered, so that it is gone after the test
    monkeypatch.delenv("SECOND_VARIABLE")
    env.read_dotenv(tmp_path / ".env")
    assert (env.text("VARIABLE"), env.text("SECOND_VARIABLE")) == ("machine", "file")
