"""Everything a register holds at one moment, as an immutable value: a new state shares what did not change.

So reading needs no lock, a checkpoint is a reference, and a reset costs nothing, however much is stored. The indexes are part of
the state.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from immutables import Map, MapMutation

from mockregister.register.indexes import ALL, COUNTED, POSTED, POSTED_AS, POSTED_OF, Index
from mockregister.register.rows import Change, Row, Table

R = TypeVar("R", bound=Row)

# A posting has the ids under a key, oldest first. A posting of one id is the id itself. Any other is a tuple of the number of
# earlier ids, the posting of these (or None), and up to SHEET later ids. Adding to a posting leaves every older state as it was.
Posting = str | tuple[Any, ...]
SHEET = 64
# How many of its newest ids an index is searched for removed rows, which are mostly among them.
LOOKED_THROUGH = 100


class State:
    """Tables of rows by id, and the indexes over them. Immutable."""

    __slots__ = ("__weakref__", "_counts", "_indexes", "_tables")

    def __init__(
        self,
        tables: dict[Table, Map[str, Row]] | None = None,
        indexes: dict[str, Map[str, Posting]] | None = None,
        counts: dict[str, Map[str, int]] | None = None,
    ) -> None:
        self._tables = tables or {table: Map() for table in Table}
        self._indexes = indexes or {index.name: Map() for index in POSTED}
        self._counts = counts or {index.name: Map() for index in COUNTED}

    @classmethod
    def of(cls, rows: Iterable[tuple[Table, str, Row | None]]) -> State:
        """Return the state in which these rows were written or, where there is None, removed; this is faster than ``apply``."""
        tables: dict[Table, dict[str, Row]] = {table: {} for table in Table}
        indexes = {index.name: defaultdict[str, list[str]](list) for index in POSTED}
        kept = {table: [(index.keys, indexes[index.name]) for index in POSTED_OF[table]] for table in Table}
        for table, id, row in rows:
            old = tables[table].pop(id, None) if row is None else tables[table].get(id)
            if row is not None:
                tables[table][id] = row
                for keys, ids in kept[table]:
                    for key in keys(row) if old is None else set(keys(row)).difference(keys(old)):
                        ids[key].append(id)
        return cls(
            {table: Map(held) for table, held in tables.items()},
            {name: Map({key: _posting(ids) for key, ids in held.items()}) for name, held in indexes.items()},
            {
                index.name: Map(Counter(key for row in tables[index.table].values() for key in index.keys(row)))
                for index in COUNTED
            },
        )

    def get(self, table: Table, row: type[R], id: str) -> R | None:
        """Return the row of a table with this id, or None; ``row`` is the class of the table's rows."""
        return self._tables[table].get(id)  # type: ignore[return-value]  # a cast would be a call, and no method is called more often

    @property
    def is_empty(self) -> bool:
        """Whether the state has no rows."""
        return not any(self._tables.values())

    def count(self, table: Table) -> int:
        """Return how many rows a table has."""
        return len(self._tables[table])

    def rows(self, table: Table) -> Iterator[tuple[str, Row]]:
        """Return all ids and rows of a table, in the order in which they were first written."""
        rows = self._tables[table]
        return ((id, rows[id]) for id in self.find(ALL[table], ""))

    def find(self, index: Index, key: str) -> list[str]:
        """Return the ids of the rows that an index has under ``key``, oldest first."""
        table, found = self._tables[index.table], dict[str, None]()
        for id in _ids(self._indexes[POSTED_AS[index.name]].get(key)):
            row = table.get(id)
            if row is not None and id not in found and key in index.keys(row):
                found[id] = None
        return list(found)[::-1]

    def posted(self, index: Index, key: str) -> Iterator[str]:
        """Yield the ids that an index has, or once had, under ``key``, newest first, some perhaps more than once.

        The cost depends only on how many are read; the caller checks each row.
        """
        table = self._tables[index.table]
        return (id for id in _ids(self._indexes[POSTED_AS[index.name]].get(key)) if id in table)

    def postings(self, index: Index, key: str, enough: int | None = None) -> int:
        """Return the most ids that ``posted`` can yield."""
        return _length(self._indexes[POSTED_AS[index.name]].get(key))

    def keys(self, index: Index) -> Iterator[str]:
        """Return the keys that an index ever had."""
        return iter(self._indexes[POSTED_AS[index.name]])

    def counts(self, index: Index) -> Mapping[str, int]:
        """Return how many rows an index has under each of its keys."""
        return self._counts[index.name]

    def fetch(self, rows: Iterable[tuple[Table, str]], posted: Iterable[tuple[Index, str]]) -> None:
        """Do nothing: everything is in memory."""

    def apply(self, changes: Iterable[Change]) -> State:
        """Return the state after these changes."""
        tables = {table: held.mutate() for table, held in self._tables.items()}
        indexes = {name: postings.mutate() for name, postings in self._indexes.items()}
        counts = {name: counted.mutate() for name, counted in self._counts.items()}
        left: Counter[tuple[Index, str]] = Counter()
        for change in changes:
            table, id, row = tables[change.table], change.id, change.row
            old = table.get(id)
            if row is not None:
                table[id] = row
            elif old is not None:
                del table[id]
                left.update((index, key) for index in POSTED_OF[change.table] for key in index.keys(old))
            for index in POSTED_OF[change.table]:
                before, after = index.keys(old) if old is not None else (), index.keys(row) if row is not None else ()
                came = [key for key in after if key not in before] if before else after
                for key in came:  # old keys of a row that stays are skipped when they are looked up
                    indexes[index.name][key] = _added(indexes[index.name].get(key), id)
                if index.is_counted:
                    _count(counts[index.name], came, [key for key in before if key not in after])
        for (index, key), rows in left.items():
            _prune(indexes[index.name], key, tables[index.table], rows + LOOKED_THROUGH)
        return State(
            {table: edited.finish() for table, edited in tables.items()},
            {name: edited.finish() for name, edited in indexes.items()},
            {name: edited.finish() for name, edited in counts.items()},
        )


def _count(counts: MapMutation[str, int], came: Iterable[str], gone: Iterable[str]) -> None:
    """Count a row under the keys ``came``, and no longer under the keys ``gone``."""
    for key in came:
        counts[key] = counts.get(key, 0) + 1
    for key in gone:
        left = counts[key] - 1
        if left:
            counts[key] = left
        else:
            del counts[key]


def _prune(postings: MapMutation[str, Posting], key: str, table: MapMutation[str, Row], depth: int) -> None:
    """Remove those of the newest ``depth`` ids under ``key`` whose rows are gone."""
    rest, kept = postings.get(key), list[str]()
    while rest is not None and depth > 0:
        newest, rest = ((rest,), None) if rest.__class__ is str else (rest[2:], rest[1])
        depth -= len(newest)
        kept += [id for id in reversed(newest) if id in table]
    for id in reversed(kept):
        rest = _added(rest, id)
    if rest is not None:
        postings[key] = rest
    else:
        del postings[key]


def _posting(ids: Sequence[str]) -> Posting:
    """Return the posting of some ids, at least one."""
    if len(ids) == 1:
        return ids[0]
    made: Posting | None = None
    for start in range(0, len(ids), SHEET):
        made = (start, made, *ids[start : start + SHEET])
    return made  # type: ignore[return-value]


def _added(posting: Posting | None, id: str) -> Posting:
    """Return a posting with one more id."""
    if posting is None:
        return id
    if posting.__class__ is str:
        return (0, None, posting, id)
    return (*posting, id) if len(posting) < SHEET + 2 else (_length(posting), posting, id)


def _ids(posting: Posting | None) -> Iterator[str]:
    """Yield the ids of a posting, newest first."""
    while posting is not None:
        if isinstance(posting, str):
            yield posting
            return
        yield from posting[:1:-1]
        posting = posting[1]


def _length(posting: Posting | None) -> int:
    if posting is None:
        return 0
    return 1 if isinstance(posting, str) else posting[0] + len(posting) - 2
