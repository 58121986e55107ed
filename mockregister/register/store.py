"""A store as its users see it: a look at one moment, a transaction, and marks to go back to.

The embedded stores keep immutable states, so all of this costs them next to nothing. A database pays for each statement and has
to lock before it looks; so claims are told before a transaction begins, and what a submission names can be fetched together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Protocol, TypeVar

from mockregister.register.indexes import Index
from mockregister.register.rows import Change, Row, Table

R = TypeVar("R", bound=Row)
ENOUGH = 1000  # rows, to tell which of two ways to find something is the shorter one


class Rows(Protocol):
    """What is stored at one moment: rows by table and id, and the ids that indexes have under a key."""

    def get(self, table: Table, row: type[R], id: str, /) -> R | None:
        """Return the row of a table that has this id, or None; ``row`` says which class it has."""

    def count(self, table: Table, /) -> int:
        """Return how many rows a table has."""

    def rows(self, table: Table, /) -> Iterator[tuple[str, Row]]:
        """Yield all ids and rows of a table, in the order in which they were first written."""

    def find(self, index: Index, key: str, /) -> list[str]:
        """Return the ids of the rows that an index has under ``key``, oldest first."""

    def posted(self, index: Index, key: str, /) -> Iterator[str]:
        """Yield the ids of the rows that an index has, or once had, under ``key``, newest first, some perhaps more than once.

        It costs only what is taken from it; the caller checks each row for what it is wanted for.
        """

    def postings(self, index: Index, key: str, /, enough: int | None = None) -> int:
        """Return about how many ids ``posted`` yields, and 0 only where it yields none.

        A store that has to count stops at ``enough``.
        """

    def keys(self, index: Index, /) -> Iterator[str]:
        """Yield the keys that an index has or once had."""

    def counts(self, index: Index, /) -> Mapping[str, int]:
        """Return how many rows an index that is counted has under each of its keys, exactly; keys without rows are left out."""

    def fetch(self, rows: Iterable[tuple[Table, str]], posted: Iterable[tuple[Index, str]], /) -> None:
        """Get these rows, and those that the indexes have under these keys, in as few statements as possible.

        It is a hint: what was not fetched is found on demand. A store that has everything at hand takes nothing from the
        iterables.
        """


class Transaction(Rows, Protocol):
    """What is stored, seen after the claims were held, by the only one who may change what they name."""

    def commit(self, changes: Sequence[Change], /) -> None:
        """Make all of these changes, or none. They outlive the process as far as the store keeps anything.

        Raises StoreError; then nothing has changed.
        """


class Mark(Protocol):
    """A moment that the store which gave it can go back to: a state in an embedded store, a number in a database."""

    def count(self, table: Table, /) -> int:
        """Return how many rows a table had."""


class Store(Protocol):
    """Keeps one register: what was committed, and who waits for whom.

    A store that is retired raises Busy for whoever comes later.
    """

    def look(self) -> AbstractContextManager[Rows]:
        """Look at one consistent moment, which lasts as long as the context."""

    def transaction(self, claims: frozenset[str]) -> AbstractContextManager[Transaction]:
        """Wait until nobody else holds any of ``claims``, hold them, and only then look.

        Raises StoreGone where nothing could be kept.
        """

    def exclusive(self) -> AbstractContextManager[Transaction]:
        """Hold everything there could be: whoever is in a transaction is waited for, and nobody else gets in."""

    def mark(self) -> Mark:
        """Return a mark of this moment."""

    def rows_at(self, mark: Mark) -> Iterator[tuple[Table, str, Row]]:
        """Yield everything that was kept at a mark, each table in the order in which its rows were first written."""

    def keep(self, rows: Rows) -> Mark:
        """Return a mark of ``rows``, which may be another store's; the present stays as it is. Raises StoreError."""

    def mark_of(self, written: str) -> Mark:
        """Return the mark that ``str`` wrote. Raises StoreError in a store whose marks are gone with the process."""

    def restore(self, mark: Mark) -> None:
        """Go back to a mark, once nobody is in a transaction. Raises StoreError; then nothing has changed."""

    def fill(self, rows: Rows, *, if_new: bool = False) -> None:
        """Hold exactly ``rows``, which may be another store's, once nobody is in a transaction. Raises StoreError.

        ``if_new`` leaves a store as it is in which something was ever kept.
        """

    def version(self) -> object:
        """Return a value that differs from an earlier one if anything changed in between."""

    @property
    def is_new(self) -> bool:
        """Whether nothing was ever kept here; a store that was emptied is not new."""

    def check(self) -> None:
        """Raise StoreError where nothing could be kept now."""

    def retire(self) -> None:
        """Let go of files and locks, once nobody is in a transaction."""

    def discard(self) -> None:
        """Take everything away for good, once nobody is in a transaction. Raises StoreError where something stays."""

    def close(self) -> None:
        """Let go of files and locks at once; more than once does no harm."""
