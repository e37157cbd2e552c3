"""Files are read apart: whatever one does, the answer is words, within limits, and nothing is left running."""

import json
import os
import signal
import subprocess
import sys
import threading
import time

import pytest
from django.core.exceptions import ValidationError

from exchange.sheets import apart, server
from exchange.sheets.apart import read_apart
from exchange.sheets.grid import read_book
from exchange.sheets.marks import Refusal
from tests import PATIENCE
from tests.exchange.sheets.made import ROWS, rows_of, upload, xlsx
from tests.exchange.sheets.mutations import mutated

GOOD = xlsx(rows_of(*ROWS))


def running(number):
    """Whether a process is there and at work."""
    try:
        with open(f"/proc/{number}/stat", encoding="utf-8") as about:
            return about.read().rpartition(") ")[2][0] != "Z"
    except FileNotFoundError:
        return False


def gone(number):
    """Whether a process ends soon."""
    until = time.monotonic() + PATIENCE
    while running(number) and time.monotonic() < until:
        time.sleep(0.02)
    return not running(number)


def test_server_that_has_died_is_started_anew():
    read_apart("xlsx", GOOD)
    os.kill(apart._server.process.pid, signal.SIGKILL)

    assert read_apart("xlsx", GOOD)["sheets"][0]["rows"] == ROWS


def test_readers_of_many_threads_do_not_meet():
    books = [xlsx(rows_of([str(number)])) for number in range(12)]
    found = {}

    def read(number):
        found[number] = read_apart("xlsx", books[number])["sheets"][0]["rows"]

    threads = [threading.Thread(target=read, args=[number]) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert found == {number: [[str(number)]] for number in range(12)}


def test_process_that_was_forked_starts_its_own():
    read_apart("xlsx", GOOD)
    script = (
        "import os, sys\nfrom exchange.sheets.apart import read_apart\nfrom exchange.sheets import apart\n"
        "content = sys.stdin.buffer.read()\nread_apart('xlsx', content)\nfirst = apart._server.process.pid\n"
        "child = os.fork()\n"
        "if child == 0:\n    read_apart('xlsx', content)\n    own = apart._server.process.pid\n    apart._end()\n"
        "    os._exit(0 if own != first else 1)\n"
        "status = os.waitpid(child, 0)[1]\nread_apart('xlsx', content)\n"
        "print(status, first == apart._server.process.pid, first)\n"
    )

    done = subprocess.run([sys.executable, "-c", script], input=GOOD, capture_output=True, cwd=apart.ROOT, check=True)

    status, is_same, number = done.stdout.split()
    assert (status, is_same, done.stderr) == (b"0", b"True", b"")
    assert gone(int(number))


def test_server_ends_with_whoever_was_killed():
    script = (
        "import os, signal, sys\nfrom exchange.sheets import apart\napart.read_apart('xlsx', sys.stdin.buffer.read())\n"
        "print(apart._server.process.pid, flush=True)\nos.kill(os.getpid(), signal.SIGKILL)\n"
    )

    done = subprocess.run([sys.executable, "-c", script], input=GOOD, capture_output=True, cwd=apart.ROOT, check=False)

    assert (done.returncode, gone(int(done.stdout))) == (-signal.SIGKILL, True)


@pytest.mark.invariant(95)
@pytest.mark.parametrize("way", ["memory", "seconds", "crash", "silence"])
def test_child_that_dies_is_a_refusal(monkeypatch, way):
    """A reader that asks for too much, hangs, or crashes: in a server of its own, with small limits."""
    source = (
        "import os, socket, sys, time\nfrom exchange.sheets import server\nserver.MOST_MEMORY = 150 << 20\n"
        "server.BUSY_SECONDS = server.SECONDS = 1\n"
        "def memory(content): return [bytearray(1024) for _one in range(10 ** 7)]\n"
        "def seconds(content):\n    while True: pass\n"
        "def crash(content): os.abort()\n"
        "def silence(content): time.sleep(60)\n"
        f"server.READERS = {{'xlsx': {way}}}\n"
        "server.serve(socket.socket(fileno=int(sys.argv[3])))\n"
    )
    plain = subprocess.Popen

    def popen(command, **more):
        return plain([sys.executable, "-c", source, *command[1:]], **more)

    monkeypatch.setattr(apart, "_server", None)
    monkeypatch.setattr(subprocess, "Popen", popen)

    try:
        with pytest.raises(Refusal, match="больше памяти или времени"):
            read_apart("xlsx", GOOD)
        assert running(apart._server.process.pid)
    finally:
        apart._end()


def test_server_knows_no_secret_of_the_site():
    read_apart("xlsx", GOOD)
    with open(f"/proc/{apart._server.process.pid}/environ", "rb") as about:
        names = {part.partition(b"=")[0] for part in about.read().split(b"\0") if part}

    assert names == {b"PATH", b"LC_ALL"}


def test_reader_that_fails_tells_the_log_where_and_no_word_of_the_file(caplog, monkeypatch):
    monkeypatch.setattr(
        apart._Server, "ask",
        lambda *_args: json.dumps({"refusal": [server.BROKEN, "broken"], "fault": "KeyError in xls.py:5"}).encode(),
    )  # fmt: skip

    with pytest.raises(Refusal, match="таблица повреждена"):
        read_apart("xls", b"")

    assert [record.getMessage() for record in caplog.records] == [
        "A reader of tables has failed on a file of kind xls: KeyError in xls.py:5"
    ]


@pytest.mark.slow
@pytest.mark.invariant(95)
def test_spoilt_files_are_read_or_refused():
    for name, content in mutated(300, seed=1):
        try:
            grids, words = read_book(upload(content, name)).grids, ""
        except ValidationError as refusal:
            grids, words = (), refusal.messages[0]
        assert words.startswith(f"«{name}»: ") or (grids and all(any(map(any, grid.rows)) for grid in grids)), name
