"""Changes laid over other rows: a row written here hides the row below it, which is never copied or changed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from mockregister.register.indexes import ALL, DRAFT_INDEXES_OF, Index
from mockregister.register.rows import Change, Row, Table
from mockregister.register.state import State
from mockregister.register.store import Rows

R = TypeVar("R", bound=Row)
DRAFT = frozenset(index.name for indexes in DRAFT_INDEXES_OF.values() for index in indexes)
TABLES = tuple(Table)  # iterating over the Enum itself takes several times as long
NOTHING: dict[str, None] = {}


class Overlay:
    """The rows of ``below`` with some changes, and what these changes add to the indexes that a draft keeps up to date."""

    def __init__(self, below: Rows) -> None:
        self.below = below
        self._written: dict[Table, dict[str, Row | None]] = {table: {} for table in TABLES}
        self._added = defaultdict[tuple[str, str], dict[str, None]](dict)

    def put(self, table: Table, id: str, row: Row | None) -> None:
        """Write a row, or remove it."""
        self._written[table][id] = row
        if row is not None:
            for index in DRAFT_INDEXES_OF[table]:
                for key in index.keys(row):
                    self._added[index.name, key][id] = None

    def changes(self) -> list[Change]:
        """Return the last change of each row that was written."""
        return [Change(table, id, row) for table, rows in self._written.items() for id, row in rows.items()]

    def get(self, table: Table, row: type[R], id: str, /) -> R | None:
        """Return the row as last written, here or below."""
        written = self._written[table]
        return written[id] if id in written else self.below.get(table, row, id)  # type: ignore[return-value]

    def find(self, index: Index, key: str, /) -> list[str]:
        """Return the ids under ``key``, oldest first: those below, then those added here."""
        found, written = self.below.find(index, key), self._written[index.table]
        if not written:
            return found
        ids = dict.fromkeys((*found, *self._candidates(index, key)))
        return [id for id in ids if id not in written or ((row := written[id]) is not None and key in index.keys(row))]

    def posted(self, index: Index, key: str, /) -> Iterator[str]:
        """Yield the ids under ``key``, newest first."""
        return reversed(self.find(index, key)) if self._written[index.table] else self.below.posted(index, key)

    def postings(self, index: Index, key: str, /, enough: int | None = None) -> int:
        """Return the most ids that ``posted`` can yield."""
        return self.below.postings(index, key, enough) + len(self._candidates(index, key))

    def keys(self, index: Index, /) -> Iterator[str]:
        """Yield the keys that an index has or once had."""
        added = {key: None for row in self._written[index.table].values() if row is not None for key in index.keys(row)}
        return iter({**dict.fromkeys(self.below.keys(index)), **added})

    def counts(self, index: Index, /) -> Mapping[str, int]:
        """Return how many rows an index has under each of its keys."""
        counts = Counter(self.below.counts(index))
        for id, row in self._written[index.table].items():
            old = self.below.get(index.table, index.table.row, id)
            counts.subtract(index.keys(old) if old is not None else ())
            counts.update(index.keys(row) if row is not None else ())
        return +counts

    def count(self, table: Table, /) -> int:
        """Return how many rows a table has."""
        return sum(1 for _ in self.rows(table))

    def rows(self, table: Table, /) -> Iterator[tuple[str, Row]]:
        """Yield all ids and rows of a table."""
        rows = ((id, self.get(table, table.row, id)) for id in self.find(ALL[table], ""))
        return ((id, row) for id, row in rows if row is not None)

    def fetch(self, rows: Iterable[tuple[Table, str]], posted: Iterable[tuple[Index, str]], /) -> None:
        """Fetch the rows from ``below``."""
        self.below.fetch(rows, posted)

    def _candidates(self, index: Index, key: str) -> dict[str, None] | dict[str, Row | None]:
        """Return the ids that may have been added under ``key``; for an index that drafts do not keep, all ids written."""
        return self._added.get((index.name, key), NOTHING) if index.name in DRAFT else self._written[index.table]


class Gathering(Overlay):
    """The rows of many submissions, one after the other, over a register that nobody else changes meanwhile."""

    def __init__(self, below: Rows) -> None:
        super().__init__(below)
        self._all: list[tuple[Table, str, Row | None]] = [(table, id, row) for table in Table for id, row in below.rows(table)]

    def put(self, table: Table, id: str, row: Row | None) -> None:
        """Write a row, or remove it."""
        super().put(table, id, row)
        self._all.append((table, id, row))

    def commit(self, changes: Sequence[Change], /) -> None:
        """Make all of these changes; later submissions see them."""
        for change in changes:
            self.put(change.table, change.id, change.row)

    def state(self) -> State:
        """Return everything as a state, with the indexes that drafts do not need."""
        return State.of(self._all)
