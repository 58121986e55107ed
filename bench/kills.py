"""Kill processes under load, and check that nothing answered with Success is lost and nothing is stored in part.

    python bench/kills.py [KILLS [SEED]]

Two servers with two workers each share a PostgreSQL server, and six senders send all the time. In random order, the script kills
a worker, a whole server, all connections to the database, or PostgreSQL with all its processes.
"""

from __future__ import annotations

import os
import random
import signal
import sys
from collections import Counter
from contextlib import ExitStack, closing, suppress
from pathlib import Path
from time import perf_counter, sleep

sys.path.insert(0, str(Path(__file__).parents[1]))

from mockregister.register.database import Database
from mockregister.register.postgresql_store import PostgreSqlStore
from mockregister.register.rows import Table
from tests import postgresql
from tests.cli.test_workers import WORKERS, Load, children
from tests.register.test_crash import assert_nothing_is_half
from tests.serving import Running, running
from tests.snapshots import snapshot

KILLS, SERVERS = 200, 2
KINDS = {"a worker": 4, "a whole server": 2, "all connections": 2, "PostgreSQL": 1}


class Site:
    """The servers, their database and the senders."""

    def __init__(self, stack: ExitStack, seed: int) -> None:
        programs = postgresql.binaries()
        assert programs is not None, postgresql.WHY_NOT
        self.database, self.chance, self.stack = postgresql.started(programs), random.Random(seed), stack
        self.url = self.database.url("register")
        self.servers = [self._started() for _ in range(SERVERS)]
        self.load = Load([server.url for server in self.servers])
        self.killed = Counter[str]()

    def _started(self) -> Running:
        return self.stack.enter_context(running(*WORKERS, "--store", self.url))

    def kill(self) -> None:
        """Wait until a few more documents are stored, and kill something."""
        self.load.reaches(self.chance.randint(1, 20))
        [kind] = self.chance.choices(list(KINDS), list(KINDS.values()))
        self.killed[kind] += 1
        number = self.chance.randrange(SERVERS)
        if kind == "a worker":
            _kill(self.chance.choice(children(self.servers[number]) or [0]))
        elif kind == "a whole server":
            workers = children(self.servers[number])
            for pid in (self.servers[number].process.pid, *workers):
                _kill(pid)
            self.servers[number].process.wait()
            self.servers[number] = self._started()
            self.load.urls[number] = self.servers[number].url
        elif kind == "all connections":
            postgresql.end_backends(self.url)
        else:
            self.database.signal(signal.SIGKILL)
            self.database.stop(signal.SIGKILL)
            self._start_again()

    def _start_again(self) -> None:
        for _ in range(100):  # PostgreSQL refuses to start until the last backend has ended
            with suppress(AssertionError):
                self.database.start()
                return
            sleep(0.2)
        raise SystemExit(self.database.log)


def _kill(pid: int) -> None:
    with suppress(ProcessLookupError):
        if pid:
            os.kill(pid, signal.SIGKILL)


def main() -> None:
    """Kill processes, and check what is stored."""
    kills, seed = (int(word) for word in (*sys.argv[1:], *(str(KILLS), "7")[len(sys.argv) - 1 :]))
    started = perf_counter()
    with ExitStack() as stack:
        site = Site(stack, seed)

        def work() -> None:
            for done in range(1, kills + 1):
                site.kill()
                if done % 10 == 0:
                    print(f"{done} kills, {len(site.load.stored)} stored, {perf_counter() - started:.0f} s", flush=True)
            site.load.reaches(20)

        stored = site.load.during(work)
    with closing(Database(site.url, {}, connections=5)) as database:
        state = snapshot(PostgreSqlStore(database, "default"))
    kept = {id for id, _ in state.rows(Table.SETS)}
    lost = stored - kept
    assert_nothing_is_half(state)
    print(f"killed: {', '.join(f'{kind} {times} times' for kind, times in sorted(site.killed.items()))}")
    print(f"answered with Success: {len(stored)}; kept: {len(kept)}; lost: {len(lost)}; nothing is stored in part")
    sys.exit(bool(lost))


if __name__ == "__main__":
    main()
