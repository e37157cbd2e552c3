"""Files that may hold anything are read apart from the site: in a process of few rights, memory and seconds.

A process is started once (`server`), when the first file comes, and takes a child of itself for each file: that costs
milliseconds. It knows neither settings nor secrets; what a child says comes back as JSON, and a child that dies is a
refusal. Whoever started it gone, it ends; its children end by their own clock.
"""

import atexit
import contextlib
import json
import logging
import os
import socket
import struct
import subprocess
import sys
import threading
from pathlib import Path

from .marks import Refusal

logger = logging.getLogger(__name__)
ROOT = Path(__file__).resolve().parents[2]
# Of the clock, for a machine that others keep busy; of the processor; bytes.
SECONDS, BUSY_SECONDS, MOST_MEMORY = 60, 15, 450 * 1024 * 1024
IDLE_SECONDS = 600
TOO_HARD = "на чтение ушло больше памяти или времени, чем можно. Разделите таблицу на части или сохраните её как CSV."
SIZE = struct.Struct("!Q")
STARTED = b"+"


class _Server:
    """The process that takes children, and the line to it.

    Attributes:
        owner: the process that has started it: one that was forked since has to start its own.
    """

    def __init__(self):
        self.owner = os.getpid()
        ours, theirs = socket.socketpair()
        with theirs:
            self.process = subprocess.Popen(  # noqa: S603 - our own module
                [sys.executable, "-m", "exchange.sheets.server", str(theirs.fileno())],
                cwd=ROOT, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"},
            )  # fmt: skip
        self.line = ours

    def ask(self, kind, content):
        """What a child says of a file: bytes, however many came; None where no child has begun."""
        ours, theirs = socket.socketpair()
        with ours:
            with theirs:
                socket.send_fds(self.line, [STARTED], [theirs.fileno()])
            ours.settimeout(SECONDS + 5)
            name = kind.encode()
            with contextlib.suppress(OSError):  # a child that has died says nothing: seen below
                ours.sendall(SIZE.pack(len(name)) + name + SIZE.pack(len(content)) + content)
            return _all(ours)

    def close(self):
        """End it; a process that was forked from its owner only lets go."""
        self.line.close()
        if self.owner == os.getpid():
            try:
                self.process.wait(2)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


def _all(line):
    """What comes over a line till its end, without the sign that a child has begun; None where it has not."""
    pieces = []
    with contextlib.suppress(OSError):
        while piece := line.recv(1 << 20):
            pieces.append(piece)
    answer = b"".join(pieces)
    return answer[1:] if answer.startswith(STARTED) else None


_lock = threading.Lock()
_server = None


def _current(but=None):
    """The server of this process; a new one where there is none, or only the one that does not answer."""
    global _server
    with _lock:
        if _server is not None and (_server is but or _server.owner != os.getpid()):
            _server.close()
            _server = None
        if _server is None:
            _server = _Server()
        return _server


@atexit.register
def _end():
    global _server
    if _server is not None:
        _server.close()
        _server = None


def read_apart(kind, content):
    """What the sheets of a file say, as `xlsx.read`, read by a process of its own.

    Args:
        kind: `xlsx`, `xls`, `ods` or `web`.
        content: its bytes.

    Raises:
        Refusal: of the reader; or it has died on the file.
    """
    answer, server = None, None
    for _attempt in range(2):  # a server that was idle for long has ended
        server = _current(but=server)
        try:
            answer = server.ask(kind, content)
        except OSError:
            answer = None
        if answer is not None:
            break
    if answer is None:
        logger.error("The process that reads tables does not start.")
        raise Refusal("сейчас таблицы не читаются. Попробуйте через несколько минут.", "no_reader")
    try:
        said = json.loads(answer)
    except ValueError as error:
        raise Refusal(TOO_HARD, "too_hard") from error
    if "fault" in said:
        logger.error("A reader of tables has failed on a file of kind %s: %s", kind, said["fault"])
    if "refusal" in said:
        raise Refusal(*said["refusal"])
    return said
