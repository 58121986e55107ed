"""The bench of a register, in this process or in the database that several processes share.

A bench is everything that was set on a register: its clock, edition, rules, faults, checkpoints and sitting. Each process keeps
it in memory. If several processes serve the register, each request first checks whether another process changed the bench, and
changes are made by one process at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Protocol

from mockregister.clock import Clock
from mockregister.errors import StoreError
from mockregister.mocking.checkpoints import SavedRegister
from mockregister.mocking.journal import Criteria, Exchange, Journal, JournalRoom
from mockregister.register.stores import PostgreSqlStores, Stores
from mockregister.settings import Settings

if TYPE_CHECKING:
    from mockregister.mocking.registers import Namespace
    from mockregister.mocking.sitting import Sitting
    from mockregister.mocking.totals import RegisterTotals


class Exchanges(Protocol):
    """The journal of a register: its last exchanges. If they are in a database, every method may raise StoreError."""

    @property
    def limit(self) -> int:
        """The most exchanges that are remembered."""

    def add(self, exchange: Exchange, figures: Callable[[], str]) -> None:
        """Record an exchange; if several processes serve the register, publish the ``figures`` of this one, too."""

    def find(self, criteria: Criteria | None = None, limit: int | None = None) -> list[Exchange]:
        """Return the exchanges that match, newest first."""

    def count(self, criteria: Criteria | None = None) -> int:
        """Return how many exchanges match."""

    def get(self, exchange_id: str) -> Exchange:
        """Return the exchange with this id. Raise NotFound."""

    def wait(self, criteria: Criteria, count: int, seconds: float) -> list[Exchange]:
        """Return the matching exchanges once there are ``count``, or when ``seconds`` of real time are up.

        Raise Conflict for a ``count`` above ``limit``.
        """

    def dismiss(self) -> None:
        """Wake all waiting calls; later calls do not wait."""

    def clear(self) -> None:
        """Forget everything."""

    def close(self) -> None:
        """Release what the journal holds in this process; it is not used any more."""


class Bench(Protocol):
    """The benches of a server's registers, which are the same in all processes that serve these registers."""

    def journal(self, register: str) -> Exchanges:
        """Return the journal of a register."""

    def follow(self, namespace: Namespace) -> bool:
        """Bring a register up to date with changes made in other processes; return False if one of them deleted it.

        A register that was deleted and made again is a different register.
        """

    def changing(self, namespace: Namespace) -> AbstractContextManager[None]:
        """Return a context whose block may change what is set on a register; no other process changes it meanwhile."""

    def sitting(self, register: str) -> Sitting | None:
        """Return the sitting that a register had when it was last open; None if ``follow`` reads it. Raise StoreError."""

    def checkpoints(self, register: str) -> list[SavedRegister]:
        """Return the checkpoints that a register had when it was last open; none if ``follow`` reads them. Raise StoreError."""

    def figures(self, own: str) -> Iterable[str]:
        """Return the figures of all processes, each as the JSON of ``Tally.as_json``; ``own`` are those of this process."""

    def totals(self, namespaces: Iterable[Namespace]) -> Iterator[RegisterTotals]:
        """Yield the totals of these open registers; with a shared database, of all registers."""

    def clocks(self, namespaces: Iterable[Namespace]) -> Mapping[str, Clock]:
        """Return the clocks of these open registers by name; with a shared database, of all registers."""

    def sittings(self, namespaces: Iterable[Namespace], at_rest: Iterable[str]) -> list[str]:
        """Return the names of the registers with a sitting, among these open ones and those ``at_rest``.

        With a shared database, return those of all registers with a sitting.
        """

    def leads(self) -> bool:
        """Return whether this process does the work that is done once for all processes."""


class OwnBench:
    """The benches of registers that only this process serves."""

    def __init__(self, settings: Settings) -> None:
        self._limit, self._room = settings.journal, JournalRoom(settings.journal_bytes)
        self._folder, self._writing = settings.store_dir, Lock()

    def journal(self, register: str) -> Journal:
        """Return an empty journal."""
        return Journal(self._limit, self._room)

    def follow(self, namespace: Namespace) -> bool:
        """Do nothing: no other process changes a register."""
        return True

    @contextmanager
    def changing(self, namespace: Namespace) -> Iterator[None]:
        """Run the block without waiting, as each part of a bench has its own lock; then write a new sitting and new checkpoints.

        They are written to the folder of the register, if it has one. Raise StoreError.
        """
        sitting, checkpoints = namespace.sitting, namespace.checkpoints.all()
        yield
        if self._folder is not None and namespace.sitting is not sitting:
            from mockregister.mocking.sitting import keep_sitting

            keep_sitting(self._folder / namespace.name, namespace.sitting)
        if self._folder is not None and namespace.checkpoints.all() != checkpoints:
            self._keep_checkpoints(self._folder / namespace.name, namespace, checkpoints)

    def _keep_checkpoints(self, folder: Path, namespace: Namespace, before: list[SavedRegister]) -> None:
        """Write the checkpoints to the folder. If that fails, undo their change and raise StoreError."""
        from mockregister.mocking.kept_checkpoints import keep
        from mockregister.register.tinydb_store import TinyDbStore

        store = namespace.register.store
        assert isinstance(store, TinyDbStore), "only TinyDB stores a register in a folder"
        with self._writing:
            try:
                keep(folder, store, before, namespace.checkpoints.all())
            except StoreError:
                namespace.checkpoints.follow(before)
                raise

    def sitting(self, register: str) -> Sitting | None:
        """Return the sitting that is stored in the folder of a register."""
        if self._folder is None:
            return None
        from mockregister.mocking.sitting import kept_sitting

        return kept_sitting(self._folder / register)

    def checkpoints(self, register: str) -> list[SavedRegister]:
        """Return the checkpoints that are stored in the folder of a register."""
        if self._folder is None:
            return []
        from mockregister.mocking.kept_checkpoints import kept

        return kept(self._folder / register)

    def figures(self, own: str) -> Iterable[str]:
        """Return the figures of this process."""
        return (own,)

    def totals(self, namespaces: Iterable[Namespace]) -> Iterator[RegisterTotals]:
        """Yield the totals of these registers."""
        from mockregister.mocking.totals import totals_of  # imported here: no submission needs it

        return map(totals_of, namespaces)

    def clocks(self, namespaces: Iterable[Namespace]) -> Mapping[str, Clock]:
        """Return the clocks of these registers by name."""
        return {namespace.name: namespace.register.clock for namespace in namespaces}

    def sittings(self, namespaces: Iterable[Namespace], at_rest: Iterable[str]) -> list[str]:
        """Return the names of the registers with a sitting, open ones and those at rest."""
        in_use = (namespace.name for namespace in namespaces if namespace.sitting is not None)
        return [*in_use, *(name for name in at_rest if self.sitting(name) is not None)]

    def leads(self) -> bool:
        """Return True: there is no other process."""
        return True


def bench_of(settings: Settings, stores: Stores) -> Bench:
    """Return the bench for the place where registers are stored."""
    if isinstance(stores, PostgreSqlStores):
        from mockregister.mocking.shared_bench import SharedBench

        return SharedBench(settings, stores.database, stores.rule_lists)
    return OwnBench(settings)
