"""Delete from a database what nobody can go back to: old generations, and replaced rows without a checkpoint.

One server does this for all, in small steps while everybody works: each step is a transaction of its own that never waits.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from threading import Lock, Thread

from mockregister.errors import StoreError
from mockregister.register import sql
from mockregister.register.database import Database, DatabaseConnection
from mockregister.register.postgresql_store import lock_number

log = logging.getLogger(__name__)

EVERY, SOON = 10.0, 0.2  # seconds to the next step if nothing was deleted, and if something was
STEP = 1000  # rows that a statement deletes at most
SEEDS_KEPT = 3  # seeds that each register keeps to be reset to


class Sweeper:
    """Sweeps a database while this process leads.

    Recent changes are left alone until the next round, so that a commit in doubt can still be found.
    """

    def __init__(self, database: Database) -> None:
        self.database = database
        self._lock, self._thread = Lock(), Thread(target=self._go_on, name="sweeper", daemon=True)
        self._settled: int | None = None  # the last change that is old enough
        self._reached = dict[tuple[str, int], int]()  # by table and generation: the last change that was swept

    def start(self) -> None:
        """Sweep in a thread of its own until the database is closed; may be called more than once."""
        if self._thread.ident is None:
            with self._lock:
                if self._thread.ident is None:
                    self._thread.start()

    def step(self) -> bool:
        """Sweep a little of every register, and return whether there was anything to sweep. Raise StoreError."""
        if not self.database.leads():
            return False
        names = [name for (name,) in self.database.rows(sql.REGISTERS)]
        last = self.database.row(sql.LAST_NUMBER)
        swept = [self._sweep(name) for name in names]
        self._settled = last[0] if last else None
        return any(swept)

    def _go_on(self) -> None:
        wait = EVERY
        while not self.database.closed.wait(wait):
            try:
                wait = SOON if self.step() else EVERY
            except StoreError as error:
                log.warning("rows that are not needed any more could not be deleted and stay for now: %s", error)

    def _sweep(self, register: str) -> bool:
        """Sweep a little of a register, unless its checkpoints are being changed."""
        lock = (sql.TRY_LOCK, (lock_number("bench", register),))
        with self.database.begun((sql.BEGIN, None), lock) as (connection, cursor):
            locked = cursor.fetchone()
            if locked is None or not locked[0]:
                return False
            connection.execute(sql.FORGET_SEEDS, {"register": register, "kept": SEEDS_KEPT})
            marks = dict[int, list[int]]()
            for generation, number in connection.execute(sql.MARKS, {"register": register}):
                marks.setdefault(generation, []).append(number)
            gone = sum(self._swept(connection, register, marks))
            connection.execute(sql.COMMIT)
        return gone > 0

    def _swept(self, connection: DatabaseConnection, register: str, marks: dict[int, list[int]]) -> Iterator[int]:
        """Yield how many rows each statement deleted."""
        there = [generation for (generation,) in connection.execute(sql.GENERATIONS, {"register": register})]
        for generation in there:
            within = {"register": register, "generation": generation, "size": STEP}
            if generation not in marks:
                yield connection.execute(sql.SWEEP_GENERATION, within).rowcount
            elif self._settled is not None:
                for table, statement in sql.SWEEP_REPLACED.items():
                    since = self._reached.get((table, generation), 0)
                    values = {**within, "marks": marks[generation], "since": since, "settled": self._settled}
                    row = connection.execute(statement, values).fetchone()
                    reached, gone = row or (None, 0)
                    self._reached[table, generation] = reached or 0  # at the end, begin again
                    yield gone
