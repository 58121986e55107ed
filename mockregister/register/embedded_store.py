"""What the stores within this process share: an immutable state, and locks on what a transaction claims."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property

from mockregister.errors import StoreError
from mockregister.register.locks import KeyLocks
from mockregister.register.rows import Change, Row, Table
from mockregister.register.state import State
from mockregister.register.store import Mark, Rows


class EmbeddedTransaction(State):
    """A state that is read while claims are held; ``commit`` changes what is stored."""

    __slots__ = ("commit",)

    def __init__(self, state: State, commit: Callable[[Sequence[Change]], None]) -> None:
        super().__init__(state._tables, state._indexes, state._counts)
        self.commit = commit


class KeptState:
    """A mark that outlived the process that made it: its state is loaded when it is first needed."""

    def __init__(self, load: Callable[[], State]) -> None:
        self._load = load

    @cached_property
    def state(self) -> State:
        """The state. Raise StoreError if it cannot be loaded."""
        return self._load()

    def count(self, table: Table) -> int:
        """Return how many rows a table had. Raise StoreError."""
        return self.state.count(table)


def state_of(mark: Mark) -> State:
    """Return the state that a mark of an embedded store stands for. Raise StoreError if it cannot be loaded."""
    state = mark.state if isinstance(mark, KeptState) else mark
    assert isinstance(state, State), "a mark is of the store that gave it"
    return state


class EmbeddedStore(ABC):
    """A store whose state is an immutable value in memory. A mark is the state itself, or a ``KeptState``."""

    def __init__(self) -> None:
        self._locks = KeyLocks()

    @property
    @abstractmethod
    def state(self) -> State:
        """The current state."""

    @property
    @abstractmethod
    def is_new(self) -> bool:
        """Whether nothing was ever stored here."""

    @abstractmethod
    def commit(self, changes: Sequence[Change]) -> None:
        """Make all of these changes, or none. Raise StoreError."""

    @abstractmethod
    def go_to(self, state: State) -> None:
        """Hold exactly this state. Raise StoreError."""

    @abstractmethod
    def check_place(self) -> None:
        """Raise StoreGone if the open store is no longer the one at its path; this check is cheap."""

    @abstractmethod
    def check(self) -> None:
        """Raise StoreError if nothing could be stored now."""

    @abstractmethod
    def close(self) -> None:
        """Release files and locks at once; may be called more than once."""

    @abstractmethod
    def delete(self) -> None:
        """Release files and locks, and delete everything. Raise StoreError if something cannot be deleted."""

    @contextmanager
    def look(self) -> Iterator[Rows]:
        """Yield the current state, which does not change."""
        yield self.state

    @contextmanager
    def transaction(self, claims: frozenset[str]) -> Iterator[EmbeddedTransaction]:
        """Hold ``claims``, then yield the state at that moment. Raise StoreGone and Busy."""
        with self._locks.hold(claims):
            self.check_place()
            yield EmbeddedTransaction(self.state, self.commit)

    @contextmanager
    def exclusive(self) -> Iterator[EmbeddedTransaction]:
        """Hold everything, then yield the state at that moment. Raise StoreGone and Busy."""
        with self._locks.hold_all():
            self.check_place()
            yield EmbeddedTransaction(self.state, self.commit)

    def mark(self) -> Mark:
        """Return the current state."""
        return self.state

    def rows_at(self, mark: Mark) -> Iterator[tuple[Table, str, Row]]:
        """Yield everything that a state holds."""
        state = state_of(mark)
        return ((table, id, row) for table in Table for id, row in state.rows(table))

    def keep(self, rows: Rows) -> Mark:
        """Return a state that holds ``rows``."""
        return rows if isinstance(rows, State) else _copied(rows)

    def mark_of(self, written: str) -> Mark:
        """Raise StoreError: a state cannot be written as text."""
        raise StoreError("A mark of this store ends with its process and cannot be read back.")

    def restore(self, mark: Mark) -> None:
        """Go back to a state. Raise StoreError and Busy."""
        self.fill(state_of(mark))

    def fill(self, rows: Rows, *, if_new: bool = False) -> None:
        """Hold exactly ``rows``; a state is used as it is, so that many stores share it. Raise StoreError and Busy."""
        state = rows if isinstance(rows, State) else _copied(rows)
        with self._locks.hold_all():
            if self.is_new or not if_new:
                self.go_to(state)

    def version(self) -> State:
        """Return the current state."""
        return self.state

    def retire(self) -> None:
        """Close once no transaction is running; later ones raise Busy."""
        self._locks.end()
        self.close()

    def discard(self) -> None:
        """Delete once no transaction is running; later ones raise Busy. Raise StoreError."""
        self._locks.end()
        self.delete()


def _copied(rows: Rows) -> State:
    return State.of((table, id, row) for table in Table for id, row in rows.rows(table))
