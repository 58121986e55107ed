"""What only a mock has, and where it is: in this process, or in the database that many processes share.

A bench is what a register was told: its clock, edition, rules, faults and checkpoints. Each process has all of it in memory.
Where there are several, a request begins with a look at whether another was told something since, and whoever changes something
does so alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Protocol

from mockregister.mocking.journal import Criteria, Exchange, Journal, JournalRoom
from mockregister.mocking.sitting import Sitting, keep_sitting, kept_sitting
from mockregister.register.stores import PostgreSqlStores, Stores
from mockregister.settings import Settings

if TYPE_CHECKING:
    from mockregister.mocking.registers import Namespace


class Exchanges(Protocol):
    """The last exchanges of a register, wherever they were noted."""

    @property
    def limit(self) -> int:
        """How many are remembered."""

    def find(self, criteria: Criteria | None = None, limit: int | None = None) -> list[Exchange]:
        """Return the exchanges that match, newest first."""

    def count(self, criteria: Criteria | None = None) -> int:
        """Return how many exchanges match."""

    def get(self, exchange_id: str) -> Exchange:
        """Return the exchange with this id. Raise NotFound."""

    def wait(self, criteria: Criteria, count: int, seconds: float) -> list[Exchange]:
        """Return what matches once ``count`` exchanges do, or when ``seconds`` of real time are up. Raise Conflict."""

    def dismiss(self) -> None:
        """Let nobody wait any more."""

    def clear(self) -> None:
        """Forget everything."""

    def close(self) -> None:
        """Remember nothing that comes late."""


class Bench(Protocol):
    """What ties the benches of one register in several processes together."""

    def journal(self, register: str) -> Exchanges:
        """Return the journal of a register."""

    def follow(self, namespace: Namespace) -> bool:
        """Let a register stand as it was told anywhere. Return whether it is still the one that it was."""

    def changing(self, namespace: Namespace) -> AbstractContextManager[None]:
        """Change what a register was told, while nobody else does."""

    def sitting(self, register: str) -> Sitting | None:
        """Return the sitting that a register had when it was last open, as far as that is known before it follows."""

    def figures(self, own: str) -> Iterable[str]:
        """Return the figures of all processes, of which ``own`` are this one's."""

    def note(self, namespace: Namespace, exchange: Exchange, own: Callable[[], str]) -> None:
        """Remember an exchange in the journal of a register, and let other processes know the figures of this one."""

    def leads(self) -> bool:
        """Return whether this process does what is done once for all."""


class OwnBench:
    """The bench of a process that is alone."""

    def __init__(self, settings: Settings) -> None:
        self._limit, self._room = settings.journal, JournalRoom(settings.journal_bytes)
        self._folder = settings.store_dir

    def journal(self, register: str) -> Journal:
        """Return an empty journal."""
        return Journal(self._limit, self._room)

    def follow(self, namespace: Namespace) -> bool:
        """Nothing: nobody else was told anything."""
        return True

    @contextmanager
    def changing(self, namespace: Namespace) -> Iterator[None]:
        """Each part has a lock of its own; of what was told, a folder keeps the sitting, which may go on for days."""
        before = namespace.sitting
        yield
        if self._folder is not None and namespace.sitting is not before:
            keep_sitting(self._folder / namespace.name, namespace.sitting)

    def sitting(self, register: str) -> Sitting | None:
        """Return the sitting that the folder of a register keeps."""
        return kept_sitting(self._folder / register) if self._folder is not None else None

    def figures(self, own: str) -> Iterable[str]:
        """Return the figures of this process."""
        return (own,)

    def note(self, namespace: Namespace, exchange: Exchange, own: Callable[[], str]) -> None:
        """Remember an exchange in the journal of a register."""
        assert isinstance(namespace.journal, Journal), "a register has the journal of its bench"
        namespace.journal.add(exchange)

    def leads(self) -> bool:
        """Nobody else could."""
        return True


def bench_of(settings: Settings, stores: Stores) -> Bench:
    """Return the bench that goes with where registers are kept."""
    if isinstance(stores, PostgreSqlStores):
        from mockregister.mocking.shared_bench import SharedBench

        return SharedBench(settings, stores.database, stores.rule_lists)
    return OwnBench(settings)
