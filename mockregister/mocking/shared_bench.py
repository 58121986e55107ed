"""The bench of a register that several processes serve, in the database that stores the register."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING
from uuid import uuid4
from weakref import WeakKeyDictionary

from mockregister.clock import Clock
from mockregister.errors import StoreAway, StoreInDoubt
from mockregister.mocking.bench_state import BenchState, ClockState
from mockregister.mocking.checkpoints import SavedRegister
from mockregister.mocking.shared_journal import Notes, SharedJournal
from mockregister.mocking.totals import RegisterTotals
from mockregister.model.plain import from_plain, to_plain
from mockregister.register import sql
from mockregister.register.database import Database, DatabaseConnection, failures
from mockregister.register.postgresql_store import lock_number, totals_of_all
from mockregister.register.rule_lists import UploadedList
from mockregister.register.sweeping import Sweeper
from mockregister.register.totals import StoredTotals
from mockregister.settings import Settings

if TYPE_CHECKING:
    from mockregister.mocking.registers import Namespace


class _Progress:
    """How far a register in this process is up to date.

    ``made`` tells registers of the same name apart; ``number`` is the last change of the bench that this process knows.
    """

    def __init__(self) -> None:
        self.lock, self.made, self.number, self.is_changing = Lock(), 0, 0, False
        self.turn = Lock()  # held by the caller in this process that changes the bench


class SharedBench:
    """Keeps the processes on one database up to date with each other."""

    def __init__(self, settings: Settings, database: Database, rule_lists: Callable[[], Mapping[str, UploadedList]]) -> None:
        self.settings, self.database, self.process = settings, database, uuid4().hex
        self._rule_lists = rule_lists
        self._progress: WeakKeyDictionary[Namespace, _Progress] = WeakKeyDictionary()
        self._sweeper, self._notes = Sweeper(database), Notes(database, settings.journal_bytes, self.process)
        self._lists: int | None = None  # the number of the last rule list that this process has read

    def journal(self, register: str) -> SharedJournal:
        """Return the journal of a register."""
        return SharedJournal(self.database, register, self.settings.journal, self._notes)

    def follow(self, namespace: Namespace) -> bool:
        """Bring a register up to date with changes made in other processes; return False if one of them deleted it.

        A register that was deleted and made again is a different register. Raise StoreError.
        """
        self._sweeper.start()
        progress = self._progress.setdefault(namespace, _Progress())
        found = self.database.row(sql.FOLLOW, (progress.number, namespace.name))
        if found is None or (progress.made and progress.made != found[0]):
            return False
        self._follow_lists(namespace, found[3])
        with progress.lock:
            progress.made = found[0]
            if found[2] is not None and found[1] > progress.number and not progress.is_changing:
                from_plain(BenchState, found[2]).set_on(namespace)
                progress.number = found[1]
        return True

    def sitting(self, register: str) -> None:
        """Return None: ``follow`` reads the sitting with the rest of the bench."""

    def checkpoints(self, register: str) -> list[SavedRegister]:
        """Return an empty list: ``follow`` reads the checkpoints with the rest of the bench."""
        return []

    def _follow_lists(self, namespace: Namespace, last: int | None) -> None:
        editions = namespace.editions
        if last != self._lists:
            editions.follow(self._rule_lists())
            self._lists = last
        if editions.get(namespace.edition.name) is not namespace.edition:
            namespace.use(editions.get(namespace.edition.name))

    @contextmanager
    def changing(self, namespace: Namespace) -> Iterator[None]:
        """Lock the bench of a register, bring it up to date, and publish its new state after the block. Raise StoreError."""
        progress = self._progress.setdefault(namespace, _Progress())
        lock = (sql.LOCK, (lock_number("bench", namespace.name),))
        with progress.turn, self.database.begun((sql.BEGIN, None), lock) as (connection, _):
            self.follow(namespace)
            with self._alone(progress):
                yield
                state = json.dumps(to_plain(BenchState.of(namespace)))
                progress.number = self._published(connection, namespace.name, state)

    def _published(self, connection: DatabaseConnection, register: str, state: str) -> int:
        try:
            with failures():
                row = connection.execute(sql.PUBLISH, (register, state)).fetchone()
                connection.execute(sql.COMMIT)
        except StoreAway as error:
            raise StoreInDoubt(f"The database was lost while the register {register} was changed.") from error
        return row[0] if row else 0

    @contextmanager
    def _alone(self, progress: _Progress) -> Iterator[None]:
        """Keep ``follow`` from changing the register during the block. If that fails, the next ``follow`` undoes its changes."""
        with progress.lock:
            progress.is_changing = True
        try:
            yield
        except BaseException:
            progress.number = -1
            raise
        finally:
            with progress.lock:
                progress.is_changing = False

    def figures(self, own: str) -> Iterable[str]:
        """Return the figures of all processes, each as the JSON of ``Tally.as_json``; ``own`` are those of this process."""
        return [own, *(json.dumps(counts) for (counts,) in self.database.rows(sql.FIGURES_OF_OTHERS, (self.process,)))]

    def totals(self, namespaces: Iterable[Namespace]) -> Iterator[RegisterTotals]:
        """Yield the totals of all registers, without opening any."""
        stored = totals_of_all(self.database)
        for register, exchanges, bench in self.database.rows(sql.BENCHES):
            state = from_plain(BenchState, bench) if bench is not None else BenchState()
            yield RegisterTotals(
                name=register,
                stored=stored.get(register, StoredTotals()),
                clock=self._clock(state.clock),
                exchanges=min(exchanges, self.settings.journal),
                faults=len(state.faults),
                waiting=sum(not fault.made().is_spent for fault in state.faults),
                checkpoints=tuple(checkpoint.name for checkpoint in state.checkpoints),
            )

    def clocks(self, namespaces: Iterable[Namespace]) -> Mapping[str, Clock]:
        """Return the clocks of all registers by name, without opening any."""
        rows = self.database.rows(sql.CLOCKS)
        return {register: self._clock(from_plain(ClockState, state) if state is not None else None) for register, state in rows}

    def _clock(self, state: ClockState | None) -> Clock:
        return state.clock() if state is not None else self.settings.start_clock()

    def sittings(self, namespaces: Iterable[Namespace], at_rest: Iterable[str]) -> list[str]:
        """Return the names of all registers that have a sitting, without opening any."""
        return [register for (register,) in self.database.rows(sql.SITTINGS)]

    def leads(self) -> bool:
        """Return whether this process does the work that is done once for all processes.

        The first process to ask does it, until that process ends.
        """
        return self.database.leads()
