"""A store as its users see it: the rows of one moment, transactions that change them, and marks to go back to.

The embedded stores keep immutable states, so all of this is cheap. A database pays for each statement and has to lock before
it reads; so claims are declared before a transaction begins, and everything a submission names can be fetched together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Protocol, TypeVar

from mockregister.register.indexes import Index
from mockregister.register.rows import Change, Row, Table

R = TypeVar("R", bound=Row)
ENOUGH = 1000  # rows that are counted at most to tell which of two ways to find something is the shorter one


class Rows(Protocol):
    """What is stored at one moment: rows by table and id, and the ids that indexes have under a key."""

    def get(self, table: Table, row: type[R], id: str, /) -> R | None:
        """Return the row of a table with this id, or None; ``row`` is the class of the table's rows."""

    def count(self, table: Table, /) -> int:
        """Return how many rows a table has."""

    def rows(self, table: Table, /) -> Iterator[tuple[str, Row]]:
        """Yield all ids and rows of a table, in the order in which they were first written."""

    def find(self, index: Index, key: str, /) -> list[str]:
        """Return the ids of the rows that an index has under ``key``, oldest first."""

    def posted(self, index: Index, key: str, /) -> Iterator[str]:
        """Yield the ids that an index has, or once had, under ``key``, newest first, some perhaps more than once.

        The cost depends only on how many are read; the caller checks each row.
        """

    def postings(self, index: Index, key: str, /, enough: int | None = None) -> int:
        """Return about how many ids ``posted`` yields, and 0 only if it yields none.

        A store that has to count stops at ``enough``.
        """

    def keys(self, index: Index, /) -> Iterator[str]:
        """Yield the keys that an index has or once had."""

    def counts(self, index: Index, /) -> Mapping[str, int]:
        """Return exactly how many rows a counted index has under each of its keys; keys without rows are left out."""

    def fetch(self, rows: Iterable[tuple[Table, str]], posted: Iterable[tuple[Index, str]], /) -> None:
        """Fetch these rows, and those that the indexes have under these keys, in as few statements as possible.

        This is a hint: rows that were not fetched are read on demand. A store in memory does not read the iterables.
        """


class Transaction(Rows, Protocol):
    """What is stored, seen while the claims are held; nobody else may change what they name."""

    def commit(self, changes: Sequence[Change], /) -> None:
        """Make all of these changes, or none. They outlive the process if the store is durable.

        Raise StoreError; then nothing has changed, except that StoreInDoubt leaves open whether all or none were made.
        """


class Mark(Protocol):
    """A moment to which its store can go back: a state in an embedded store, numbers in a database."""

    def count(self, table: Table, /) -> int:
        """Return how many rows a table had."""


class Store(Protocol):
    """Stores one register, and decides who waits for whom.

    A retired store raises Busy from then on.
    """

    def look(self) -> AbstractContextManager[Rows]:
        """Return a context with the rows of one consistent moment, which do not change in it."""

    def transaction(self, claims: frozenset[str]) -> AbstractContextManager[Transaction]:
        """Wait until nobody else holds any of ``claims``, hold them, then read.

        Raise StoreError if nothing could be stored, Busy if the store is retired.
        """

    def exclusive(self) -> AbstractContextManager[Transaction]:
        """Hold everything: wait for running transactions, and admit no others meanwhile. Raise StoreError and Busy."""

    def mark(self) -> Mark:
        """Return a mark of this moment."""

    def rows_at(self, mark: Mark) -> Iterator[tuple[Table, str, Row]]:
        """Yield everything that was stored at a mark, each table in the order in which its rows were first written."""

    def keep(self, rows: Rows) -> Mark:
        """Return a mark of ``rows``, which may be another store's; the current rows stay. Raise StoreError."""

    def mark_of(self, written: str) -> Mark:
        """Return the mark that ``str`` wrote. Raise StoreError in a store whose marks end with the process."""

    def restore(self, mark: Mark) -> None:
        """Go back to a mark, once no transaction is running. Raise StoreError; then nothing has changed."""

    def fill(self, rows: Rows, *, if_new: bool = False) -> None:
        """Hold exactly ``rows``, which may be another store's, once no transaction is running. Raise StoreError.

        With ``if_new``, do nothing if anything was ever stored here.
        """

    def version(self) -> object:
        """Return a value that changes whenever the rows change."""

    @property
    def is_new(self) -> bool:
        """Whether nothing was ever stored here; a store that was emptied is not new."""

    def check(self) -> None:
        """Raise StoreError if nothing could be stored now."""

    def retire(self) -> None:
        """Release files and locks, once no transaction is running."""

    def discard(self) -> None:
        """Delete everything, once no transaction is running. Raise StoreError if something cannot be deleted."""

    def close(self) -> None:
        """Release files and locks at once; may be called more than once."""
