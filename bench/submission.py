"""Measure a submission: by stage, with 10 and with 10,000 patients, over HTTP, at the start, and in memory.

    python bench/submission.py [PATIENTS ...]

All figures are measured in this run, compared with lxml parsing and validating the same document. Compare ratios between
machines. bench/README.md explains the figures.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from functools import partial
from http.client import HTTPConnection
from itertools import count
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter, process_time
from urllib.parse import urlsplit

from lxml import etree
from patients import EXAMPLE, EXAMPLE_FILE, SHAPE, fill, keep, of_patient, submission_of

from mockregister import safexml
from mockregister.cli.offline import open_register
from mockregister.client import Sending, read_answer, write_request
from mockregister.codes.tables import CodeTables
from mockregister.register.register import Register
from mockregister.register.stores import Stores, stores_of
from mockregister.settings import Settings
from mockregister.submission import Service, submit
from mockregister.validation import level1_schema
from mockregister.validation.editions import NEWEST
from mockregister.validation.schema import FOLDER

PATIENTS = (10, 1_000, 10_000)
NEW = count(10_000)  # patients that no register has yet
ROUNDS, BATCH = 15, 10
STARTS = 5
VISITS, SENDERS = (1, 3), 8
MEMORY_PATIENTS, WARM = 3_000, 100
NOON = "2019-06-01T12:00:00+02:00"
SETTINGS = Settings(clock=datetime(2019, 6, 1, 10, tzinfo=UTC))
# compiled bytecode, as users have it; the first run of each command makes it
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
COMMAND = (sys.executable, "-c", "from mockregister.cli import main; main()")
PEER_START = (sys.executable, "-c", "import click, flask, flask_smorest, gunicorn.workers.gthread, lxml.etree, tinydb")


class Times:
    """Wall and CPU milliseconds per document. Rounds of several works take turns."""

    def __init__(self) -> None:
        self.wall: list[float] = []
        self.cpu: list[float] = []

    def round(self, work: Callable[[bytes], object], contents: list[bytes], cpu: Callable[[], float] = process_time) -> None:
        """Do ``work`` with each document, and record the time per document."""
        wall, used = perf_counter(), cpu()
        for content in contents:
            work(content)
        self.wall.append((perf_counter() - wall) * 1000 / len(contents))
        self.cpu.append((cpu() - used) * 1000 / len(contents))

    def line(self, name: str, peer: Times) -> str:
        """Return the line of a typical round, compared with the peer."""
        wall, cpu = median(self.wall), median(self.cpu)
        ratio = cpu / median(peer.cpu)
        return f"  {name:<44}{wall:>8.2f} ms{1000 / wall:>8.0f}/s{cpu:>8.2f} ms CPU{ratio:>8.1f} x lxml"


def fresh() -> list[bytes]:
    """Yield documents of patients that no register has."""
    return [of_patient(next(NEW)) for _ in range(BATCH)]


def stages() -> Times:
    """Send a document through more and more stages in memory. Return the times of the peer."""
    schema = etree.XMLSchema(file=str(FOLDER / "clinical_document.xsd"))
    register = open_register(SETTINGS, NEWEST)
    whole = open_register(SETTINGS, NEWEST)
    work: dict[str, Callable[[bytes], object]] = {
        "lxml: parse and validate": lambda content: schema.validate(etree.fromstring(content)),
        "parse": safexml.parse,
        "parse, level 1": _level1,
        "parse, level 1, store": partial(kept_unread, register),
        "parse, levels 1 to 4, store": partial(stored, whole),
    }
    times = {name: Times() for name in work}
    for content in fresh():  # warm-up: schemas, profile and rules are compiled on first use
        stored(whole, content)
    for _ in range(ROUNDS):
        contents = fresh()
        for name, doing in work.items():
            times[name].round(doing, contents)
    peer = times["lxml: parse and validate"]
    print(f"One document of {len(EXAMPLE)} bytes, in memory")
    for name, measured in times.items():
        print(measured.line(name, peer))
    return peer


def _level1(content: bytes) -> None:
    assert not level1_schema.check(content, safexml.parse(content))


def kept_unread(register: Register, content: bytes) -> None:
    """Check level 1, and store the document."""
    _level1(content)
    keep(register, content)


def stored(register: Register, content: bytes) -> None:
    """Submit a document in this process."""
    assert submit(register, Service.SAVE_IF_NO_ERRORS, submission_of(content)).stored


def sizes(patients: list[int], peer: Times) -> None:
    """Measure the same work with this many stored patients, on disk with fsync, and then over HTTP."""
    with tempfile.TemporaryDirectory() as folder:
        settings = {number: Settings(clock=SETTINGS.clock, store=f"tinydb:{folder}/{number}") for number in patients}
        stores = {number: stores_of(settings[number]) for number in patients}
        registers = {number: _filled(settings[number], stores[number], number) for number in patients}
        kept, whole = {number: Times() for number in patients}, {number: Times() for number in patients}
        for _ in range(ROUNDS):
            for number, register in registers.items():
                kept[number].round(partial(kept_unread, register), fresh())
                whole[number].round(partial(stored, register), fresh())
        for number, register in registers.items():
            register.close()
            stores[number].close()
        _print_sizes("TinyDB on disk: parse, level 1, store", kept, peer)
        _print_sizes("TinyDB on disk: parse, levels 1 to 4, store", whole, peer)
        _print_sizes("TinyDB on disk: the same over HTTP", {number: over_http(f"{folder}/{number}") for number in patients}, peer)


def _filled(settings: Settings, stores: Stores, patients: int) -> Register:
    register = Register(stores.open("default"), CodeTables.of(settings), settings.start_clock(), settings)
    fill(register, patients)
    return register


def _print_sizes(title: str, times: dict[int, Times], peer: Times) -> None:
    print(title)
    for patients, measured in times.items():
        print(measured.line(f"{patients:,} patients", peer))
    first, last = (median(times[number].cpu) for number in (min(times), max(times)))
    print(f"  {max(times):,} patients cost {last / first:.2f} x {min(times):,} patients")


def over_http(folder: str) -> Times:
    """Send from one sender at a time, over one connection, to a new server. The CPU time is the server's."""
    times = Times()
    with server("--store", f"tinydb:{folder}", "--clock", NOON) as (process, url, _):
        connection = HTTPConnection(urlsplit(url).netloc)
        for _ in range(ROUNDS):
            requests = [write_request([content], Sending()) for content in fresh()]
            times.round(lambda request: _post(connection, request), requests, lambda: used(process.pid))  # type: ignore[arg-type]
        connection.close()
    return times


def _post(connection: HTTPConnection, request: tuple[dict[str, str], bytes]) -> None:
    headers, body = request
    connection.request("POST", Sending().path, body, headers)
    response = connection.getresponse()
    answer = read_answer(response.status, dict(response.getheaders()), response.read())
    assert answer.status == "Success", answer.findings or answer.fault


def used(process: int) -> float:
    """Return the CPU seconds of a process's threads so far (0 if not on Linux)."""
    try:
        return sum(int(file.read_text().split()[0]) for file in Path(f"/proc/{process}/task").glob("*/schedstat")) / 1e9
    except OSError:
        return 0.0


@contextmanager
def server(*flags: str) -> Iterator[tuple[subprocess.Popen[str], str, float]]:
    """Start a server on a free port. Return its process, its URL, and the seconds until it was ready."""
    started = perf_counter()
    process = subprocess.Popen(
        (*COMMAND, "serve", "--port", "0", *flags),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env=ENVIRONMENT,
    )
    assert process.stderr is not None
    url = process.stderr.readline().partition(" on ")[2].partition(",")[0]
    try:
        yield process, url, perf_counter() - started
    finally:
        process.terminate()
        process.communicate()


def requests() -> None:
    """Measure requests of two sizes over HTTP, in memory, from one sender and from several at once."""
    schema = etree.XMLSchema(file=str(FOLDER / "clinical_document.xsd"))
    with server("--clock", NOON) as (process, url, _), ThreadPoolExecutor(SENDERS) as senders:
        for visits in VISITS:
            peer, alone, together, waits = Times(), Times(), Times(), list[float]()
            for turn in range(ROUNDS):
                documents = [of_patient(next(NEW), visits) for _ in range(2 * BATCH)]
                sent = [write_request([content], Sending()) for content in documents]
                few, many = sent[:BATCH], sent[BATCH:]
                if turn:  # the first round warms up
                    peer.round(lambda content: schema.validate(etree.fromstring(content)), documents[:BATCH])
                    alone.round(lambda each: _timed(url, each), few, lambda: used(process.pid))  # type: ignore[arg-type]
                before = used(process.pid)
                took = list(senders.map(partial(_timed, url), many))
                if turn:
                    together.cpu.append((used(process.pid) - before) * 1000 / BATCH)
                    together.wall.append(median(took) * 1000)
                    waits += took
            print(f"A request of {len(sent[0][1])} bytes over HTTP, in memory")
            print(alone.line("one sender", peer))
            print(together.line(f"{SENDERS} senders, each waiting", peer))
            slow = quantiles(waits, n=100)[98] * 1000 / median(alone.wall)
            print(f"  the 99th percentile of {SENDERS} waits {slow:.1f} x one sender's median")


def _timed(url: str, request: tuple[dict[str, str], bytes]) -> float:
    """Send a request on a new connection, and return the seconds that it took."""
    started = perf_counter()
    with closing(HTTPConnection(urlsplit(url).netloc)) as connection:
        _post(connection, request)
    return perf_counter() - started


def starts() -> None:
    """Measure the CPU seconds of commands until they are ready or have ended, compared with importing the libraries.

    The first run of each command also makes the bytecode. The median of several runs counts.
    """
    peer = median(_cpu_of(PEER_START) for _ in range(STARTS))
    print("Start-up, seconds of CPU")
    for flags in ((), ("--seed", "demo")):
        ready = []
        for _ in range(STARTS):
            with server(*flags) as (process, _, _):
                ready.append(used(process.pid))
        print(_start_line(" ".join(("serve", *flags)), median(ready), peer))
    for command in (("validate", str(EXAMPLE_FILE)), ("--help",)):
        took = median(_cpu_of((*COMMAND, *command)) for _ in range(STARTS))
        print(_start_line(command[0], took, peer))


def _start_line(name: str, seconds: float, peer: float) -> str:
    return f"  {name:<44}{seconds:>8.2f} s{seconds / peer:>8.1f} x importing the libraries alone"


def _cpu_of(command: Sequence[str]) -> float:
    before = os.times()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=ENVIRONMENT)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def memory() -> None:
    """Measure the memory of a stored encounter with all entries below it and its document."""
    register = open_register(SETTINGS, NEWEST)
    fill(register, WARM)
    before = resident()
    fill(register, MEMORY_PATIENTS, first=WARM)
    grown = (resident() - before) / MEMORY_PATIENTS
    print("Memory")
    print(f"  {grown / len(SHAPE.encounters) / 1024:.1f} KiB per stored encounter, {grown / len(EXAMPLE):.2f} x its document")


def resident() -> int:
    """Return the bytes of memory that this process uses (Linux)."""
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def main() -> None:
    """Measure and print."""
    patients = [int(number) for number in sys.argv[1:]] or list(PATIENTS)
    memory()  # first, because other work leaves free memory behind
    peer = stages()
    requests()
    sizes(patients, peer)
    starts()


if __name__ == "__main__":
    main()
