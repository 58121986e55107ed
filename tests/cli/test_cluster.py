"""Servers use databases as in production: behind pgbouncer, and in a cluster that Patroni manages."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from time import monotonic, sleep
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

import psycopg
import pytest

from mockregister.register.database import Database
from mockregister.register.postgresql_store import PostgreSqlStore
from mockregister.register.rows import Table
from tests import postgresql
from tests.cli.test_workers import WORKERS, Load
from tests.register.test_crash import assert_nothing_is_half
from tests.serving import nobody_listens, running
from tests.snapshots import snapshot

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

NODES = 3
POOLER = """
[databases]
* = host={database} user=postgres
[pgbouncer]
listen_addr =
listen_port = 6432
unix_socket_dir = {folder}
auth_type = any
pool_mode = transaction
default_pool_size = 30
max_client_conn = 500
"""


@contextmanager
def folder() -> Iterator[Path]:
    """Make a folder that programs other than root can use."""
    made = Path(tempfile.mkdtemp(prefix="mockregister-cluster"))
    if os.geteuid() == 0:
        os.chown(made, 65534, 65534)
    made.chmod(0o755)
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


@contextmanager
def program(folder: Path, *command: str | Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program until the block ends. Its output goes to a file."""
    name = Path(command[0]).name
    with (folder / f"{name}.log").open("ab") as log:
        environment = os.environ | {"HOME": str(folder)}
        process = subprocess.Popen([*postgresql.as_nobody(), *command], stdout=log, stderr=log, cwd=folder, env=environment)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def required(*names: str) -> list[str]:
    """Return the paths of programs. Skip the test if one of them is not installed."""
    found = [shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin") for name in names]
    missing = [name for name, path in zip(names, found, strict=True) if path is None]
    if missing or postgresql.binaries() is None:
        pytest.skip(f"{' and '.join(missing) or 'PostgreSQL'} is not installed here")
    return [path for path in found if path]


def assert_kept(url: str, stored: set[str]) -> None:
    """Assert that everything answered with Success is stored, and that no document is stored in part."""
    with closing(Database(url, {}, connections=5)) as database:
        state = snapshot(PostgreSqlStore(database, "default"))
    assert {id for id, _ in state.rows(Table.SETS)} >= stored
    assert_nothing_is_half(state)


def test_nothing_is_lost_behind_a_pgbouncer_in_transaction_mode(tmp_path: Path) -> None:
    [pgbouncer] = required("pgbouncer")
    direct = postgresql.url_for(tmp_path)
    with folder() as here:
        (here / "pgbouncer.ini").write_text(POOLER.format(database=postgresql.server().folder, folder=here))
        pooled = direct.partition("?")[0] + f"?host={here}&port=6432"
        with program(here, pgbouncer, here / "pgbouncer.ini"):
            until(lambda: psycopg.connect(pooled).close())
            with running(*WORKERS, "--store", pooled) as first, running(*WORKERS, "--store", pooled) as second:
                load = Load([first.url, second.url])
                stored = load.during(lambda: load.reaches(150))
                with urlopen(f"{second.url}/__admin/requests/wait?count={len(stored)}&timeout=20", timeout=30) as response:
                    assert json.load(response)["matched"]
    assert_kept(direct, stored)


def test_a_switchover_and_a_killed_leader_lose_nothing_that_was_answered_with_success() -> None:
    patroni, etcd = required("patroni", "etcd")
    with folder() as here, ExitStack() as cluster:
        nodes = Cluster(here, patroni, etcd)
        nodes.start(cluster)
        with running(*WORKERS, "--store", nodes.url) as mock:
            load = Load([mock.url])

            def disturb() -> None:
                load.reaches(30)
                nodes.switch_over()
                load.reaches(30)
                nodes.kill_leader()
                load.reaches(30)

            stored = load.during(disturb)
        assert_kept(nodes.url, stored)


def until(work: Any, seconds: float = 90) -> Any:
    """Repeat work until it succeeds, and return its result."""
    end = monotonic() + seconds
    while True:
        try:
            return work()
        except (OSError, URLError, AssertionError, LookupError, psycopg.Error):
            if monotonic() > end:
                raise
            sleep(0.2)


def free_ports(many: int) -> list[int]:
    """Return different ports on which nobody listens."""
    with ExitStack() as found:
        return [found.enter_context(nobody_listens()) for _ in range(many)]


class Cluster:
    """Three PostgreSQL servers, each with its Patroni, and one etcd."""

    def __init__(self, folder: Path, patroni: str, etcd: str) -> None:
        self.folder, self.patroni, self.etcd = folder, patroni, etcd
        self.ports = free_ports(2 * NODES + 2)
        self.servers, self.apis, (self.client, self.peer) = self.ports[:NODES], self.ports[NODES:-2], self.ports[-2:]
        self.processes: list[subprocess.Popen[bytes]] = []
        hosts, ports = ",".join(["127.0.0.1"] * NODES), ",".join(map(str, self.servers))
        self.url = f"postgresql://postgres@/postgres?host={hosts}&port={ports}"

    def start(self, stack: ExitStack) -> None:
        """Start everything, and wait until there are a leader and a synchronous standby."""
        client, peer = f"http://127.0.0.1:{self.client}", f"http://127.0.0.1:{self.peer}"
        urls = ("--listen-client-urls", client, "--advertise-client-urls", client, "--listen-peer-urls", peer)
        stack.enter_context(program(self.folder, self.etcd, "--data-dir", self.folder / "etcd", *urls))
        for number in range(NODES):
            place = self.folder / str(number)
            place.mkdir()
            place.chmod(0o777)
            (place / "patroni.json").write_text(json.dumps(self._settings(number, place)))
            stack.callback(self._kill, number)
            self.processes.append(stack.enter_context(program(place, self.patroni, place / "patroni.json")))
        until(lambda: self._replicated())

    def switch_over(self) -> None:
        """Make another server the leader."""
        leader = self.leader()
        body = json.dumps({"leader": f"node{leader}"}).encode()
        request = Request(f"http://127.0.0.1:{self.apis[leader]}/switchover", body, {"Content-Type": "application/json"})
        with urlopen(request, timeout=60) as response:
            assert response.status == 200
        until(lambda: self._has_another(leader))

    def kill_leader(self) -> None:
        """Kill the leader's PostgreSQL and its Patroni."""
        until(self._replicated)
        leader = self.leader()
        self.processes[leader].kill()
        self._kill(leader)
        until(lambda: self._has_another(leader))

    def leader(self) -> int:
        """Return the number of the leader."""
        for member in self._members():
            if member["role"] == "leader" and member["state"] == "running":
                return int(member["name"].removeprefix("node"))
        raise LookupError("there is no leader")

    def _has_another(self, old: int) -> None:
        assert self.leader() != old

    def _replicated(self) -> None:
        self.leader()
        assert any(member["role"] == "sync_standby" for member in self._members())

    def _members(self) -> list[dict[str, Any]]:
        for api in self.apis:
            with suppress(URLError, OSError), urlopen(f"http://127.0.0.1:{api}/cluster", timeout=5) as response:
                members: list[dict[str, Any]] = json.load(response)["members"]
                return members
        raise LookupError("no Patroni answers")

    def _kill(self, number: int) -> None:
        """Kill the PostgreSQL server of a node with its backends."""
        with suppress(OSError, ValueError, IndexError):
            postmaster = int((self.folder / str(number) / "data" / "postmaster.pid").read_text().splitlines()[0])
            found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(postmaster)], capture_output=True, text=True)
            for pid in (postmaster, *map(int, found.stdout.split())):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)

    def _settings(self, number: int, place: Path) -> dict[str, Any]:
        api, server = f"127.0.0.1:{self.apis[number]}", f"127.0.0.1:{self.servers[number]}"
        parameters = {"max_connections": 200, "shared_buffers": "32MB", "fsync": "off"}
        dcs = {
            "ttl": 20,
            "loop_wait": 2,
            "retry_timeout": 3,
            "synchronous_mode": True,
            "synchronous_mode_strict": True,
            "postgresql": {"use_pg_rewind": True, "parameters": parameters},
        }
        anybody = ["host all all 127.0.0.1/32 trust", "host replication all 127.0.0.1/32 trust", "local all all trust"]
        return {
            "scope": "mockregister",
            "name": f"node{number}",
            "restapi": {"listen": api, "connect_address": api},
            "etcd3": {"host": f"127.0.0.1:{self.client}"},
            "bootstrap": {"dcs": dcs, "initdb": [{"encoding": "UTF8"}, {"locale": "C"}], "pg_hba": anybody},
            "postgresql": {
                "listen": server,
                "connect_address": server,
                "data_dir": str(place / "data"),
                "bin_dir": str(postgresql.binaries()),
                "pgpass": str(place / "pgpass"),
                "parameters": {"unix_socket_directories": str(place)},
                "pg_hba": anybody,
                "authentication": {"superuser": {"username": "postgres"}, "replication": {"username": "postgres"}},
            },
        }
