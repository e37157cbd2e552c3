"""The proxy as docs/operations.md writes it, before the running site: what it keeps, and what it must not."""

import os
import re
import shutil
import socket
import subprocess
import time
import urllib.request
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from config import middleware
from sessions.models import Proposal
from tests import PATIENCE, factories
from tests.sessions.proposing import consent

DOC = Path(__file__).resolve().parents[2] / "docs" / "operations.md"
WORDS = "Верните забор, тел. 8 927 000-11-22"
AROUND = """
daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log; {user}
events {{ worker_connections 64; }}
http {{
  access_log {folder}/access.log;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/temp; fastcgi_temp_path {folder}/f;
  uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  {block}
}}
"""


def free_port():
    """A port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def documented(folder, upstream, port):
    """The block of the document with the places of this machine; certificates are left out."""
    block = re.search(r"## The proxy\n.*?```\n(.*?)```", DOC.read_text(encoding="utf-8"), re.DOTALL)[1]
    places = {
        "/var/cache/nginx/towns": f"{folder}/cache", "unix:/run/towns/web.sock": upstream,
        "listen 80;": f"listen 127.0.0.1:{free_port()};", "listen 443 ssl http2;": f"listen 127.0.0.1:{port};",
        "/srv/towns/media/": f"{folder}/media/",
    }  # fmt: skip
    for written, here in places.items():
        assert written in block, written
        block = block.replace(written, here)
    return re.sub(r" *ssl_certificate\w* .*\n", "", block)


def start(nginx, upstream, folder):
    """(nginx as a process of its own, its port)."""
    port = free_port()
    block = documented(folder, upstream, port)
    user = "user root;" if os.geteuid() == 0 else ""
    config = folder / "nginx.conf"
    config.write_text(AROUND.format(folder=folder, block=block, user=user), encoding="utf-8")
    return subprocess.Popen([nginx, "-c", str(config), "-p", str(folder)], stderr=subprocess.DEVNULL), port


def listens(process, port):
    """Wait until the process answers at its port; False where it has given up."""

    def answers():
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    return soon(lambda: process.poll() is not None or answers()) and process.poll() is None


@contextmanager
def running(folder, upstream):
    """The address of nginx before a site, as the document configures it."""
    nginx = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
    assert nginx, "No nginx. Debian: sudo apt install nginx-light"
    # A port that was free a moment ago may be somebody's by now: then another one.
    process, port = next(
        started for started in (start(nginx, upstream, folder) for _attempt in range(9)) if listens(*started)
    )
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(PATIENCE)


@pytest.fixture
def proxy(live_server, tmp_path, monkeypatch):
    """(address, folder) of nginx before the site; pages are kept for a second instead of ten."""
    monkeypatch.setattr(middleware, "PROXY_SECONDS", "1")
    with running(tmp_path, urlsplit(live_server.url).netloc) as address:
        yield address, tmp_path


def get(address):
    """What a visitor reads."""
    with urllib.request.urlopen(address, timeout=PATIENCE) as answer:
        return answer.read().decode()


def kept_by(folder):
    """Everything that the proxy holds on disk: its pages and its log. A page may be gone while we look."""
    held = []
    for file in [*(folder / "cache").rglob("*"), folder / "access.log"]:
        with suppress(FileNotFoundError, IsADirectoryError):
            held.append(file.read_bytes())
    return b"".join(held)


def is_shown(page):
    """Whether a visitor still reads the words: a page that is gone answers 404."""
    try:
        return WORDS in get(page)
    except urllib.error.HTTPError as answer:
        return answer.code != 404


def soon(condition):
    """True as soon as the condition holds, which on a loaded machine may take a while.

    nginx puts a page into its folder after the visitor has it; and what it kept against the site's word would stay for
    a day.
    """
    until = time.monotonic() + 60
    while not (holds := condition()) and time.monotonic() < until:
        time.sleep(0.1)
    return holds


@pytest.mark.invariant(91)
def test_proxy_of_the_document_keeps_no_form_no_secret_and_no_hidden_words(proxy, town, region, head):
    address, folder = proxy
    town.takes_proposals = True
    town.save()
    consent(region)
    form = f"{address}/towns/{town.slug}/propose/"

    tokens = {re.search(r'name="token" value="([^"]+)"', get(form))[1] for _reader in range(2)}
    said, secret = Proposal.receive(region=town.region, town=town, text=WORDS, channel="site")
    mine = get(f"{address}/proposals/mine/{secret}/")
    shown = factories.proposal(town, public_text=WORDS, status="new")
    page = f"{address}/proposals/{urllib.request.quote(shown.number)}/"
    before = get(page)
    is_kept = soon(lambda: b"000-11-22" in kept_by(folder))
    shown.move_to("hidden", by=head, reason="чужие персональные данные")
    is_gone = soon(lambda: not is_shown(page))

    assert len(tokens) == 2
    assert said.number in mine
    assert (secret.encode() in kept_by(folder), b"/propose/" in (folder / "access.log").read_bytes()) == (False, True)
    assert (WORDS in before, is_kept) == (True, True)
    assert is_gone


@pytest.mark.invariant(91)
@pytest.mark.parametrize("upstream", ["a port that nobody listens on", "a socket that is not there"])
def test_proxy_writes_down_no_secret_while_the_site_is_down(tmp_path, upstream):
    """Both kinds of silence: nginx calls the one an error and the other critical, and names the address in each."""
    gone = f"127.0.0.1:{free_port()}" if upstream.startswith("a port") else f"unix:{tmp_path}/web.sock"
    secret = "s" * 32

    with running(tmp_path, gone) as address:
        for page in (f"/proposals/mine/{secret}/", f"/en/proposals/mine/{secret}/", "/programme/"):
            with pytest.raises(urllib.error.HTTPError, match="502"):
                get(address + page)
        plain = re.search(r"listen (127[^;]+);", (tmp_path / "nginx.conf").read_text())[1]
        with pytest.raises(urllib.error.URLError):
            get(f"http://{plain}/proposals/mine/{secret}/")  # it is sent on to https, which is not here
    written = b"".join(file.read_bytes() for file in tmp_path.glob("*.log"))

    assert (b"/programme/" in written, b"connect() " in written, secret.encode() in written) == (True, True, False)
