"""What the stores within this process share: an immutable state, and locks on what a transaction claims."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from mockregister.errors import StoreError
from mockregister.register.locks import KeyLocks
from mockregister.register.rows import Change, Row, Table
from mockregister.register.state import State
from mockregister.register.store import Mark, Rows


class EmbeddedTransaction(State):
    """A state that is looked at while its claims are held, and the way to change what is kept."""

    __slots__ = ("commit",)

    def __init__(self, state: State, commit: Callable[[Sequence[Change]], None]) -> None:
        super().__init__(state._tables, state._indexes, state._counts)
        self.commit = commit


class EmbeddedStore(ABC):
    """A store whose state is an immutable value in memory. A mark is the state itself."""

    def __init__(self) -> None:
        self._locks = KeyLocks()

    @property
    @abstractmethod
    def state(self) -> State:
        """What is kept now."""

    @property
    @abstractmethod
    def is_new(self) -> bool:
        """Whether nothing was ever kept here."""

    @abstractmethod
    def commit(self, changes: Sequence[Change]) -> None:
        """Make all of these changes, or none. Raises StoreError."""

    @abstractmethod
    def go_to(self, state: State) -> None:
        """Hold exactly this state. Raises StoreError."""

    @abstractmethod
    def check_place(self) -> None:
        """Raise StoreGone where what is open is not where it is looked for any more; costs next to nothing."""

    @abstractmethod
    def check(self) -> None:
        """Raise StoreError where nothing could be kept now."""

    @abstractmethod
    def close(self) -> None:
        """Let go of files and locks at once; more than once does no harm."""

    @abstractmethod
    def delete(self) -> None:
        """Let go, and take everything away for good. Raises StoreError where something stays."""

    @contextmanager
    def look(self) -> Iterator[Rows]:
        """Look at the state of this moment."""
        yield self.state

    @contextmanager
    def transaction(self, claims: frozenset[str]) -> Iterator[EmbeddedTransaction]:
        """Hold ``claims``, then look. Raises StoreGone and Busy."""
        with self._locks.hold(claims):
            self.check_place()
            yield EmbeddedTransaction(self.state, self.commit)

    @contextmanager
    def exclusive(self) -> Iterator[EmbeddedTransaction]:
        """Hold everything, then look. Raises StoreGone and Busy."""
        with self._locks.hold_all():
            self.check_place()
            yield EmbeddedTransaction(self.state, self.commit)

    def mark(self) -> Mark:
        """Return the state of this moment."""
        return self.state

    def rows_at(self, mark: Mark) -> Iterator[tuple[Table, str, Row]]:
        """Yield everything that a state holds."""
        assert isinstance(mark, State), "a mark is of the store that gave it"
        return ((table, id, row) for table in Table for id, row in mark.rows(table))

    def keep(self, rows: Rows) -> Mark:
        """Return a state that holds ``rows``."""
        return rows if isinstance(rows, State) else _copied(rows)

    def mark_of(self, written: str) -> Mark:
        """Raise StoreError: a state is no text."""
        raise StoreError("The marks of this store are gone with the process.")

    def restore(self, mark: Mark) -> None:
        """Go back to a state. Raises StoreError and Busy."""
        assert isinstance(mark, State), "a mark is of the store that gave it"
        self.fill(mark)

    def fill(self, rows: Rows, *, if_new: bool = False) -> None:
        """Hold exactly ``rows``; a state is taken as it is, so that many stores share it. Raises StoreError and Busy."""
        state = rows if isinstance(rows, State) else _copied(rows)
        with self._locks.hold_all():
            if self.is_new or not if_new:
                self.go_to(state)

    def version(self) -> State:
        """Return the state of this moment."""
        return self.state

    def retire(self) -> None:
        """Close once nobody is in a transaction; whoever comes later is told so (Busy)."""
        self._locks.end()
        self.close()

    def discard(self) -> None:
        """Delete once nobody is in a transaction; whoever comes later is told so (Busy). Raises StoreError."""
        self._locks.end()
        self.delete()


def _copied(rows: Rows) -> State:
    return State.of((table, id, row) for table in Table for id, row in rows.rows(table))
