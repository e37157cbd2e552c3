"""The process that `apart` starts: for each file a child of few rights reads it, says what it holds and ends."""

import contextlib
import gc
import json
import os
import resource
import signal
import socket
import sys
import traceback

from . import ods, web_table, xls, xlsx
from .apart import BUSY_SECONDS, IDLE_SECONDS, MOST_MEMORY, SECONDS, SIZE, STARTED
from .marks import MOST_CELLS, MOST_SIGNS, TOO_MUCH, Refusal

READERS = {
    "xlsx": xlsx.read, "xls": xls.read, "ods": ods.read,
    "web": lambda content: web_table.read(content.decode("utf-8")),
}  # fmt: skip
BROKEN = "таблица повреждена: её не удаётся прочесть. Откройте её в Excel и сохраните заново."


def serve(line):
    """Take a child for each line that comes over the line; end when it closes, or nothing comes for long."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # children that end are forgotten by themselves
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for whoever has started this
    gc.freeze()
    line.settimeout(IDLE_SECONDS)
    while True:
        try:
            sign, handles, _flags, _address = socket.recv_fds(line, 1, 1)
        except TimeoutError:
            return
        if not sign:
            return
        for handle in handles:
            if os.fork() == 0:
                line.close()
                with contextlib.suppress(OSError), socket.socket(fileno=handle) as child:
                    _answer(child)
                os._exit(0)
            os.close(handle)


def _answer(line):
    """Read the file that comes over a line and say what it holds."""
    line.sendall(STARTED)
    kind, content = (_piece(line) for _part in range(2))
    limit()
    try:
        said = READERS[kind.decode()](content)
        _check_size(said)
    except Refusal as refusal:
        said = {"refusal": refusal.args}
    except (MemoryError, RecursionError):
        os._exit(1)
    except Exception as error:  # noqa: BLE001 - whatever a file does, the answer is words; where it was is told to the log
        where = traceback.extract_tb(error.__traceback__)[-1]
        fault = f"{type(error).__name__} in {os.path.basename(where.filename)}:{where.lineno}"
        said = {"refusal": [BROKEN, "broken"], "fault": fault}
    line.sendall(json.dumps(said, ensure_ascii=False).encode("utf-8", errors="replace"))


def _check_size(said):
    """Refuse what would be too much for whoever asks."""
    cells = signs = 0
    for sheet in said["sheets"]:
        for row in sheet.get("rows", ()):
            cells += len(row)
            signs += sum(map(len, row))
    if cells > MOST_CELLS or signs > MOST_SIGNS:
        raise Refusal(TOO_MUCH, "too_large")


def _piece(line):
    """The next piece of a message: its size, then so many bytes."""
    size = SIZE.unpack(_exactly(line, SIZE.size))[0]
    return _exactly(line, size)


def _exactly(line, size):
    found = bytearray()
    while len(found) < size:
        piece = line.recv(min(size - len(found), 1 << 20))
        if not piece:
            os._exit(1)
        found += piece
    return bytes(found)


def limit():
    """Bound this process: memory, seconds of the processor and of the clock. It dies where it asks for more."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    for what, most in (
        (resource.RLIMIT_AS, MOST_MEMORY), (resource.RLIMIT_CPU, BUSY_SECONDS), (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
    ):  # fmt: skip
        with contextlib.suppress(ValueError, OSError):  # macOS knows no limit of memory
            resource.setrlimit(what, (most, most))


if __name__ == "__main__":
    with socket.socket(fileno=int(sys.argv[1])) as parent:
        serve(parent)
