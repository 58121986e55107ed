"""Rows over other rows: what was written here hides what is below, which is never copied and never changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import TypeVar, cast

from mockregister.register.indexes import ALL, DRAFT_INDEXES_OF, Index
from mockregister.register.rows import Change, Row, Table
from mockregister.register.store import Rows

R = TypeVar("R", bound=Row)


class Overlay:
    """The rows of ``below`` with some changes: a dictionary, and another of what they add to the indexes of a draft."""

    def __init__(self, below: Rows) -> None:
        self.below = below
        self.changes: dict[tuple[Table, str], Change] = {}
        self._added: defaultdict[tuple[str, str], dict[str, None]] = defaultdict(dict)

    def put(self, change: Change) -> None:
        """Write a row, or take it away."""
        self.changes[change.table, change.id] = change
        if change.row is not None:
            for index in DRAFT_INDEXES_OF[change.table]:
                for key in index.keys(change.row):
                    self._added[index.name, key][change.id] = None

    def take_over(self, above: Overlay) -> None:
        """Write what was written above, which is empty then."""
        for change in above.changes.values():
            self.put(change)
        above.changes.clear()
        above._added.clear()

    def get(self, table: Table, row: type[R], id: str, /) -> R | None:
        """Return the row that was written last, here or below."""
        change = self.changes.get((table, id))
        return cast("R | None", change.row) if change is not None else self.below.get(table, row, id)

    def find(self, index: Index, key: str, /) -> list[str]:
        """Return the ids under ``key``, oldest first: those below, then those that came here."""
        if not self.changes:
            return self.below.find(index, key)
        found = {id: None for id in self.below.find(index, key) if self._is_still(index, key, id)}
        found.update((id, None) for id in self._came(index, key) if self._is_still(index, key, id))
        return list(found)

    def posted(self, index: Index, key: str, /) -> Iterator[str]:
        """Yield the ids under ``key``, newest first."""
        return reversed(self.find(index, key)) if self.changes else self.below.posted(index, key)

    def postings(self, index: Index, key: str, /) -> int:
        """Return how many ids ``posted`` yields at most."""
        return self.below.postings(index, key) + sum(1 for _ in self._came(index, key))

    def keys(self, index: Index, /) -> Iterator[str]:
        """Yield the keys that an index has or once had."""
        came = {key: None for change in self._changes_of(index) if change.row is not None for key in index.keys(change.row)}
        return iter({**dict.fromkeys(self.below.keys(index)), **came})

    def count(self, table: Table, /) -> int:
        """Return how many rows a table has."""
        return sum(1 for _ in self.rows(table))

    def rows(self, table: Table, /) -> Iterator[tuple[str, Row]]:
        """Yield all ids and rows of a table."""
        rows = ((id, self.get(table, table.row, id)) for id in self.find(ALL[table], ""))
        return ((id, row) for id, row in rows if row is not None)

    def fetch(self, rows: Iterable[tuple[Table, str]], posted: Iterable[tuple[Index, str]], /) -> None:
        """Get rows below."""
        self.below.fetch(rows, posted)

    def _is_still(self, index: Index, key: str, id: str) -> bool:
        change = self.changes.get((index.table, id))
        return change is None or (change.row is not None and key in index.keys(change.row))

    def _came(self, index: Index, key: str) -> Iterable[str]:
        """Return the ids that may have come under ``key`` here; of an index that drafts do not use every changed one."""
        if index in DRAFT_INDEXES_OF[index.table]:
            return self._added.get((index.name, key), ())
        return [change.id for change in self._changes_of(index)]

    def _changes_of(self, index: Index) -> Iterator[Change]:
        return (change for change in self.changes.values() if change.table is index.table)
