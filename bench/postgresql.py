"""Compare PostgreSQL with TinyDB, two workers with one, and 10,000 patients with 10.

    python bench/postgresql.py [PATIENTS]

A new PostgreSQL server is started, which waits for the disk as in production. All figures are measured in this run, and what is
compared runs in turns. Two workers need two idle cores. The CPU columns depend less on other load.
"""

from __future__ import annotations

import gzip
import socket
import subprocess
import sys
import tempfile
from collections import deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from itertools import repeat
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).parents[1]))

import controls
import reading
from patients import fill, keep, of_patient
from submission import NEW, NOON, SETTINGS, server, used

from mockregister.client import Sending, write_request
from mockregister.register.memory_store import MemoryStore
from mockregister.register.register import Register
from mockregister.settings import Settings
from tests import postgresql

FEW, MANY = 10, 10_000
SENDERS, ROUNDS = 8, 7
BATCH = {1: 48, SENDERS: 240}  # with this many, the end of a round, when some senders have finished, hardly counts
READS = 40


def fill_at_once(register: Register, patients: int) -> None:
    """Make the same documents as ``fill`` in memory, and load them like a seed."""
    store = MemoryStore()
    fill(Register(store, register.codes, register.clock, register.settings), patients)
    register.store.fill(store.state)


class Station:
    """A server, and the CPU time of the server and its database."""

    def __init__(self, url: str, process: subprocess.Popen[str], database: postgresql.Server | None) -> None:
        parts = urlsplit(url)
        self.address, self.process, self.database = (parts.hostname, parts.port), process, database
        self.forget()

    def forget(self) -> None:
        """Delete the measurements."""
        self.seconds, self.own, self.databases, self.senders = list[float](), list[float](), list[float](), list[float]()

    def send(self, senders: int, amount: int) -> None:
        """Send this many documents with this many senders at once, and record the time per document."""
        requests = deque(_wire(of_patient(next(NEW))) for _ in range(amount))
        before, started = self._used(), perf_counter()
        with ThreadPoolExecutor(senders) as threads:
            list(threads.map(self._send, repeat(requests, senders)))
        self.seconds.append((perf_counter() - started) / amount)
        for used_each, now, then in zip((self.own, self.databases, self.senders), self._used(), before, strict=True):
            used_each.append((now - then) * 1000 / amount)

    def _send(self, requests: deque[bytes]) -> None:
        """Send the remaining documents. Each sender takes the next document when it is ready."""
        with socket.create_connection(self.address) as connection, connection.makefile("rb") as answers, suppress(IndexError):
            while True:
                connection.sendall(requests.popleft())
                assert answers.readline().split()[1] == b"200"
                heads = dict(line.lower().split(b":", 1) for line in iter(answers.readline, b"\r\n"))
                content = answers.read(int(heads[b"content-length"]))
                assert b"Success" in (gzip.decompress(content) if b"gzip" in heads.get(b"content-encoding", b"") else content)

    def _used(self) -> tuple[float, float, float]:
        """Return the CPU seconds of the server, of PostgreSQL and of the senders, which run in this process."""
        database = self.database.process if self.database else None
        return _used_by_all(self.process.pid), _used_by_all(database.pid) if database else 0.0, process_time()

    def line(self, name: str) -> str:
        """Return the line of a typical round."""
        each, own, database, senders = map(median, (self.seconds, self.own, self.databases, self.senders))
        used = f"{own:>8.2f} ms CPU of the server{database:>8.2f} of PostgreSQL{senders:>8.2f} of the senders"
        return f"  {name:<14}{1 / each:>7.1f}/s{used}, {(own + database + senders) / each / 1000:.2f} cores"


def _wire(content: bytes) -> bytes:
    headers, body = write_request([content], Sending())
    lines = (f"POST {Sending().path} HTTP/1.1", "Host: localhost", f"Content-Length: {len(body)}")
    others = (f"{name}: {value}" for name, value in headers.items() if name.lower() != "content-length")
    return "\r\n".join((*lines, *others, "", "")).encode() + body


def _used_by_all(process: int) -> float:
    """Return the CPU seconds of a process and its children."""
    found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(process)], capture_output=True, text=True)
    return used(process) + sum(map(used, map(int, found.stdout.split())))


@contextmanager
def stations(database: postgresql.Server) -> Iterator[list[Station]]:
    """Start servers with TinyDB, with one worker on PostgreSQL, and with two workers."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        settings = [
            ("--store", f"tinydb:{folder}"),
            ("--store", database.url("one")),
            ("--store", database.url("two"), "--workers", "2"),
        ]
        started = [stack.enter_context(server("--clock", NOON, *flags)) for flags in settings]
        databases = (None, database, database)
        yield [Station(url, process, where) for (process, url, _), where in zip(started, databases, strict=True)]


def cost(database: postgresql.Server) -> None:
    """Compare PostgreSQL with TinyDB for one sender, and two workers with one for eight senders."""
    with stations(database) as (tinydb, single, pair):
        for station in (tinydb, single, pair):
            station.send(SENDERS, 5 * SENDERS)  # warm-up: opens connections, plans statements and compiles rules
        for name, places, senders in (("one sender", (tinydb, single), 1), (f"{SENDERS} senders", (single, pair), SENDERS)):
            for station in places:
                station.forget()
            for _ in range(ROUNDS):
                for station in places:
                    station.send(senders, BATCH[senders])
            first, second = ("TinyDB", "PostgreSQL") if senders == 1 else ("one worker", "two workers")
            print(f"A document of 16 kB over HTTP, {name}")
            print(places[0].line(first))
            print(places[1].line(second))
            if senders == 1:
                print(f"  CPU of the server: x {median(single.own) / median(tinydb.own):.2f} (at most 1.6)")
            else:
                faster = median(a / b for a, b in zip(single.seconds, pair.seconds, strict=True))
                print(f"  two workers take {faster:.2f} x the submissions of one (at least 1.6)")


def sizes(database: postgresql.Server, patients: int) -> None:
    """Measure the same work with few and with many stored patients."""
    urls = {size: database.url(f"of_{size}") for size in (FEW, patients)}
    places = {size: reading.Bench(url, size, fill_at_once) for size, url in urls.items()}
    print(f"{'milliseconds, in process':<40}{FEW:>10}{patients:>12,} patients")
    registers = {size: place.app.extensions["mockregister"].get().register for size, place in places.items()}
    taken: dict[int, list[float]] = {size: [] for size in places}
    for _ in range(60):
        for size, register in registers.items():
            content, started = of_patient(next(NEW)), perf_counter()
            keep(register, content)
            taken[size].append((perf_counter() - started) * 1000)
    _told("keeping a submission", taken, "1.2")
    for (name, _), *_ in zip(*(place.requests() for place in places.values()), strict=True):
        paths = {size: dict(place.requests())[name] for size, place in places.items()}
        taken = {size: [] for size in places}
        for _ in range(READS):
            for size, place in places.items():
                taken[size].append(place.milliseconds(paths[size]))
        _told(name, taken, "1.5")
    benches = {size: controls.Bench(Settings(store=url, clock=SETTINGS.clock), 0) for size, url in urls.items()}
    figures = {size: dict(bench.figures()) for size, bench in benches.items()}
    for name in ("checkpoint", "restore", "reset"):
        _told(name, {size: [found[name]] for size, found in figures.items()}, "2")
    for size, place in places.items():
        place.close()
        benches[size].close()


def _told(name: str, taken: dict[int, list[float]], limit: str) -> None:
    few, many = (median(times) for times in taken.values())
    print(f"  {name:<38}{few:>10.2f}{many:>12.2f}   x {many / few:.2f} (at most {limit})")


def main() -> None:
    """Measure and print."""
    programs = postgresql.binaries()
    assert programs is not None, postgresql.WHY_NOT
    postgresql.SETTINGS["fsync"] = "on"
    database = postgresql.started(programs)
    cost(database)
    sizes(database, int(sys.argv[1]) if len(sys.argv) > 1 else MANY)


if __name__ == "__main__":
    main()
