"""Several processes serve one address. Any of them can answer, and a process that ends is replaced."""

from __future__ import annotations

import os
import random
import signal
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, suppress
from itertools import count
from pathlib import Path
from threading import Event

import pytest

from mockregister.client import Client
from mockregister.document import writer
from mockregister.register.rows import Table
from mockregister.server import NoAnswer, Server
from tests import postgresql
from tests.register.every_store import in_a_database
from tests.register.test_crash import a_set, assert_nothing_is_half
from tests.serving import COMMAND, Running, running
from tests.snapshots import snapshot

WORKERS = ("--workers", "2")


@pytest.fixture
def url(tmp_path: Path) -> str:
    """Return the URL of an empty database."""
    return postgresql.url_for(tmp_path)


def children(server: Running) -> list[int]:
    """Return the process ids of the workers."""
    found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(server.process.pid)], capture_output=True, text=True)
    return [int(pid) for pid in found.stdout.split()]


def test_several_workers_without_a_store_to_share_are_refused_in_one_line(tmp_path: Path) -> None:
    for store in ("memory", f"tinydb:{tmp_path}"):
        stopped = subprocess.run([*COMMAND, "serve", *WORKERS, "--store", store], capture_output=True, text=True)
        assert stopped.returncode == 2
        assert "2 processes need a store that they can share" in stopped.stderr
        assert stopped.stderr.count("\n") == 1
    assert not list(tmp_path.iterdir())


def test_an_error_that_stops_all_workers_is_reported_once(url: str) -> None:
    stopped = subprocess.run([*COMMAND, "serve", *WORKERS, "--store", f"{url}x"], capture_output=True, text=True)
    assert stopped.returncode == 2
    assert "cannot be reached" in stopped.stderr
    assert stopped.stderr.count("\n") == 1


def kill_one_of(server: Running, chance: random.Random) -> None:
    """Kill a worker. Those that were killed before may be dying still, or not be replaced yet."""
    while True:
        with suppress(IndexError, ProcessLookupError):
            os.kill(chance.choice(children(server)), signal.SIGKILL)
            return


def resident(pid: int) -> int:
    """Return how many bytes of memory a process uses."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def test_a_worker_logs_the_requests_that_it_answers(url: str) -> None:
    with running(*WORKERS, "--store", url) as server:
        assert server.stored["sets"] == 0
        assert server.process.stdout is not None
        assert "INFO GET /__admin/registers/default 200" in server.process.stdout.readline()


def test_metrics_count_the_memory_of_all_workers_and_workers_end_with_the_server(url: str) -> None:
    with running(*WORKERS, "--store", url) as server:
        workers = children(server)
        assert len(workers) == 2
        told = Server(server.url).get("/metrics", "text/plain").decode()
        memory = float(next(line for line in told.splitlines() if line.startswith("process_resident_memory_bytes ")).split()[1])
        assert memory > 1.5 * max(map(resident, workers)), "of one worker alone"
        assert server.end() == 0
    for worker in workers:
        with pytest.raises(ProcessLookupError):
            os.kill(worker, 0)


class Load:
    """Clients that send to several servers as fast as they can. ``stored`` has the sets that were answered with Success."""

    def __init__(self, urls: list[str]) -> None:
        self.urls, self.stored, self._numbers, self._enough = urls, set[str](), count(), Event()

    def during(self, work: Callable[[], None], senders: int = 6) -> set[str]:
        """Send until ``work`` returns."""
        with ThreadPoolExecutor(senders) as threads:
            sending = [threads.submit(self._send, number) for number in range(senders)]
            try:
                work()
            finally:
                self._enough.set()
            for sender in sending:
                sender.result()
        return self.stored

    def reaches(self, more: int) -> None:
        """Wait until this many more sets are stored."""
        wanted = len(self.stored) + more
        while len(self.stored) < wanted:
            Event().wait(0.01)

    def _send(self, number: int) -> None:
        client = Client(self.urls[number % len(self.urls)])
        while not self._enough.is_set():
            document = a_set(f"load {next(self._numbers)}")
            try:
                if client.submit([writer.write(document)]).status == "Success":
                    self.stored.add(document.set_id.lower())
            except NoAnswer:
                client = Client(self.urls[number % len(self.urls)])


def assert_kept(folder: Path, stored: set[str]) -> None:
    """Assert that everything answered with Success is stored, and that no document is stored in part."""
    with closing(in_a_database(folder)) as store:
        state = snapshot(store)
    assert {id for id, _ in state.rows(Table.SETS)} >= stored
    assert_nothing_is_half(state)


@pytest.mark.parametrize("kills", [6, pytest.param(60, marks=[pytest.mark.slow, pytest.mark.timeout(600)])])
def test_killed_workers_and_backends_lose_nothing_that_was_answered_with_success(tmp_path: Path, url: str, kills: int) -> None:
    chance = random.Random(5)
    with ExitStack() as servers:
        running_ones = [servers.enter_context(running(*WORKERS, "--store", url)) for _ in range(2)]
        load = Load([server.url for server in running_ones])

        def kill() -> None:
            for number in range(kills):
                load.reaches(chance.randint(1, 20))
                if number % 3 == 2:
                    postgresql.end_backends(url)
                else:
                    kill_one_of(chance.choice(running_ones), chance)
            load.reaches(20)

        stored = load.during(kill)
    assert_kept(tmp_path, stored)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_killed_database_server_loses_nothing_that_was_answered_with_success(tmp_path: Path) -> None:
    programs = postgresql.binaries()
    if programs is None:
        pytest.skip(postgresql.WHY_NOT)
    server = postgresql.started(programs)
    url = server.url("register")
    with running(*WORKERS, "--store", url) as mock:
        load = Load([mock.url])

        def kill() -> None:
            for _ in range(5):
                load.reaches(20)
                server.stop(signal.SIGQUIT)
                server.start()
            load.reaches(20)

        stored = load.during(kill)
        assert mock.stored["sets"] >= len(stored)
