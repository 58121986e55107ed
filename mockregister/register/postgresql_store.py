"""A register in a PostgreSQL database, which any number of processes on any number of machines share.

A transaction first takes advisory locks on what it claims and only then reads, so it sees everything that earlier holders of
the locks committed. It reads in READ COMMITTED: the snapshot of REPEATABLE READ would be taken before the wait for the locks, not
after it. What only reads uses such a snapshot (``PostgreSqlStore.look``).
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from itertools import islice
from time import sleep
from typing import Any, TypeVar, cast
from weakref import WeakKeyDictionary

from mockregister.errors import Busy, StoreAway, StoreError, StoreInDoubt
from mockregister.model.plain import from_plain, to_plain
from mockregister.register import sql
from mockregister.register.database import Database, DatabaseConnection, SqlStatement, failures, until
from mockregister.register.indexes import ALL, POSTED_OF, STANDING_BY_DAY, STANDING_BY_RULE, Index
from mockregister.register.locks import KeyLocks
from mockregister.register.rows import Change, EntryRow, Row, Table, named_by
from mockregister.register.state import State
from mockregister.register.store import Mark, Rows
from mockregister.register.totals import StoredTotals
from mockregister.turns import waiting

R = TypeVar("R", bound=Row)

MANY_CLAIMS = 200  # the lock table of a database is finite: a transaction with more claims locks the whole register instead
FIRST_PAGE, PAGE = 30, 1000
# how many rows that found rows name are read ahead: an entry needs its owners to be judged, other rows are only shown
OWNERS_AHEAD, AHEAD = 100, 10
MANY_KEYS = 400  # keys of an index; if there are more, they are found by reading all of its postings
DOUBT = 10.0  # seconds to find out whether a commit was made
LONGEST_KEY = 800  # bytes; an index of PostgreSQL takes about three times this at most
NO_GENERATION = -1  # the generation of a register that does not exist (any more)


class DatabaseRows:
    """What a register holds, as one connection sees it; rows that were read are remembered."""

    def __init__(self, connection: DatabaseConnection, register: str, generation: int) -> None:
        self._connection, self.register, self.generation = connection, register, generation
        self._rows: dict[tuple[Table, str], Row | None] = {}
        self._found: dict[tuple[str, str], list[str]] = {}
        self._unread: dict[tuple[Table, str], str] = {}  # rows that were fetched, but not decoded yet
        self._named: dict[Table, list[str]] = {}  # ids that found rows name, and that were not fetched yet

    def get(self, table: Table, row: type[R], id: str, /) -> R | None:
        """Return the row of a table that has this id, or None."""
        if id and (table, id) not in self._rows:
            self._read(table, id)
        return cast("R | None", self._rows.get((table, id)))

    def _read(self, table: Table, id: str) -> None:
        """Decode a row into ``_rows``; fetch it if necessary, together with rows of its table that found rows name."""
        ahead = list[str]()
        if (table, id) not in self._unread:
            named, most = self._named.get(table, []), OWNERS_AHEAD if table is Table.ENTRIES else AHEAD
            ahead, self._named[table] = named[:most], named[most:]
            if ahead:
                self.fetch([(table, key) for key in (id, *ahead)], ())
            elif found := self._ask(sql.GET, table.label, fitted(id)):
                self._unread[table, id] = found[0][0]
        data = self._unread.pop((table, id), None)
        self._rows[table, id] = _decoded(table, data) if data is not None else None
        if table is Table.ENTRIES:
            self._note_named(filter(None, [self.get(table, EntryRow, key) for key in ahead]))

    def count(self, table: Table, /) -> int:
        """Return how many rows a table has."""
        return self.postings(ALL[table], "")

    def rows(self, table: Table, /) -> Iterator[tuple[str, Row]]:
        """Yield all ids and rows of a table, in the order in which they were first written."""
        last = 0
        while page := self._page(sql.OLDEST_FIRST, ALL[table], "", last, PAGE):
            for number, id, data in page:
                last = number
                yield id, _decoded(table, data)

    def find(self, index: Index, key: str, /) -> list[str]:
        """Return the ids of the rows that an index has under ``key``, oldest first."""
        stored = index.within or index
        if (stored.name, key) not in self._found:
            self.fetch((), ((stored, key),))
        found = self._found[stored.name, key]
        return [id for id in found if self._is_under(index, key, id)] if index.within else list(found)

    def _is_under(self, index: Index, key: str, id: str) -> bool:
        row = self.get(index.table, index.table.row, id)
        return row is not None and key in index.keys(row)

    def posted(self, index: Index, key: str, /) -> Iterator[str]:
        """Yield the ids of the rows that an index has under ``key``, newest first; the caller checks each row."""
        index = index.within or index
        if (index.name, key) in self._found:
            yield from reversed(self._found[index.name, key])
            return
        last, size = 2**63 - 1, FIRST_PAGE
        while page := self._page(sql.NEWEST_FIRST, index, key, last, size):
            rows = {(index.table, id): _decoded(index.table, data) for _, id, data in page}
            self._rows.update(rows)
            self._note_named(rows.values())
            yield from (id for _, id, _ in page)
            if len(page) < size:
                return
            last, size = page[-1][0], min(2 * size, PAGE)

    def postings(self, index: Index, key: str, /, enough: int | None = None) -> int:
        """Return how many ids ``posted`` yields, counted up to ``enough``."""
        return int(self._ask(sql.POSTINGS, (index.within or index).name, fitted(key), enough)[0][0])

    def keys(self, index: Index, /) -> Iterator[str]:
        """Yield the keys that an index has."""
        name = (index.within or index).name
        asked = {"register": self.register, "generation": self.generation, "index": name, "most": MANY_KEYS}
        found = self._execute(sql.FIRST_KEYS, asked)
        return (key for (key,) in (found if len(found) < MANY_KEYS else self._ask(sql.KEYS, name)))

    def counts(self, index: Index, /) -> Mapping[str, int]:
        """Return how many rows an index has under each of its keys."""
        return {key: int(rows) for key, rows in self._ask(sql.COUNTS, index.name)}

    def fetch(self, rows: Iterable[tuple[Table, str]], posted: Iterable[tuple[Index, str]], /) -> None:
        """Fetch these rows, and those that the indexes have under these keys, in one statement."""
        asked = [place for place in dict.fromkeys(rows) if place not in self._rows and place not in self._unread]
        stored = ((index.within or index, key) for index, key in posted)
        keys = {(index.name, fitted(key)): (index, key) for index, key in stored if (index.name, key) not in self._found}
        if not asked and not keys:
            return
        self._rows.update(dict.fromkeys(asked))
        self._found.update({(index.name, key): [] for index, key in keys.values()})
        ids = {(table.label, fitted(id)): (table, id) for table, id in asked}
        wanted = {
            "register": self.register,
            "generation": self.generation,
            "ids": list({id for _, id in ids}),
            "indexes": [name for name, _ in keys],
            "keys": [key for _, key in keys],
        }
        for index, key, _, id, data in self._execute(sql.FETCH, wanted):
            if index is None:
                place = ids.get((key, id), (TABLES[key], id))
                if self._rows.get(place) is None:
                    self._rows.pop(place, None)
                    self._unread[place] = data
            else:
                asked_index, asked_key = keys[index, key]
                self._found[asked_index.name, asked_key].append(id)

    def _note_named(self, rows: Iterable[Row]) -> None:
        """Note the ids that rows name, so that these rows are read together: a reader of one of them reads others, too."""
        for row in rows:
            for table, id in named_by(row):
                if id and (table, id) not in self._rows:
                    self._named.setdefault(table, []).append(id)

    def _page(self, statement: str, index: Index, key: str, last: int, size: int) -> list[tuple[Any, ...]]:
        values = (index.table.label, self.register, self.generation, index.name, fitted(key), last, size)
        return self._execute(statement, values)

    def _ask(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        return self._execute(statement, (self.register, self.generation, *values))

    def _execute(self, statement: str, values: Sequence[object] | Mapping[str, object]) -> list[tuple[Any, ...]]:
        with failures():
            return self._connection.execute(statement, values).fetchall()


@dataclass(frozen=True)
class Begun:
    """What a transaction reads first: the register's generation, whether nothing was ever stored in it, and its own number.

    ``change`` is that number. It is taken while claims are held, so that it is above the numbers of all changes that the
    transaction sees; a transaction that only reads has none.
    """

    generation: int
    is_new: bool
    change: int = 0


class DatabaseTransaction(DatabaseRows):
    """What a register holds, read while claims are held; ``commit`` changes it."""

    def __init__(
        self, connection: DatabaseConnection, register: str, begun: Begun, find_out: Callable[[Mapping[str, object]], bool]
    ) -> None:
        super().__init__(connection, register, begun.generation)
        self.is_new, self.change, self._find_out = begun.is_new, begun.change, find_out
        self._made: dict[str, object] = {}

    def commit(self, changes: Sequence[Change], /) -> None:
        """Make all of these changes, or none. Raise StoreError."""
        use = [(sql.USE, (self.register,))] if self.is_new else []
        self.end(*self._written(changes), *use)

    def end(self, *last: SqlStatement) -> None:
        """Run the last statements and commit; if the answer is lost, find out whether the commit was made. Raise StoreError."""
        self._connection.replication_given_up = False
        try:
            with failures(), waiting():  # for the disk
                self._connection.together(*last, (sql.COMMIT, None))
        except StoreAway as error:
            if not self._connection.broken:
                raise
            if not self._find_out(self._made):
                raise StoreAway("The database was lost before it committed.") from error
        else:
            if self._connection.replication_given_up and not self._find_out(self._made):
                raise StoreInDoubt("The database gave up replicating what it committed.")

    def write(self, changes: Sequence[Change]) -> None:
        """Write changes, which others see once ``end`` has committed them."""
        if written := self._written(changes):
            self._connection.together(*written)

    def _written(self, changes: Sequence[Change]) -> list[SqlStatement]:
        """Return the statements that write changes."""
        last = {(change.table, change.id): change for change in changes}
        self.fetch(last, ())
        old = {(table, id): self.get(table, table.row, id) for table, id in last}
        changed = [change for place, change in last.items() if change.row != old[place]]
        within = {"register": self.register, "generation": self.generation, "change": self.change}
        if changed:
            self._made = {**within, "table": changed[-1].table.label, "id": fitted(changed[-1].id)}
        gone = [change for change in changed if old[change.table, change.id] is not None]
        new = [(change, change.row) for change in changed if change.row is not None]
        ended, added = _postings(changed, old)
        statements = list[SqlStatement]()
        if gone:
            statements.append((sql.END, {**within, **_places(gone), **ended}))
        if new:
            data = [json.dumps(to_plain(row), separators=(",", ":")) for _, row in new]
            statements.append((sql.ADD, {**within, **_places([change for change, _ in new]), **added, "data": data}))
        return statements


@dataclass(frozen=True)
class DatabaseMark:
    """A generation, and the last change in it that counts."""

    generation: int
    number: int
    store: PostgreSqlStore

    def __str__(self) -> str:
        return f"{self.generation} {self.number}"

    def count(self, table: Table, /) -> int:
        """Return how many rows a table had."""
        return self.store.count_at(self, table)


class PostgreSqlStore:
    """Stores one register in a database. Every method may raise StoreError if the database does not answer."""

    def __init__(self, database: Database, register: str) -> None:
        self.database, self.register = database, register
        self._locks = KeyLocks()  # threads of this process that wait for each other do so without a connection
        self._digests = WeakKeyDictionary[State, str]()
        self._counted = dict[tuple[int, int, Table], int]()
        database.do((sql.MAKE_REGISTER, (register,)))

    @contextmanager
    def look(self) -> Iterator[Rows]:
        """Yield the rows of this moment, which do not change in the block."""
        with self._begun(sql.LOOK, ()) as (connection, begun):
            yield DatabaseRows(connection, self.register, begun.generation)

    @contextmanager
    def transaction(self, claims: frozenset[str]) -> Iterator[DatabaseTransaction]:
        """Hold ``claims``, then read. Raise Busy and StoreError."""
        locks = self._lock_numbers(claims)
        with self._locks.hold(claims), self._held(locks) as transaction:
            yield transaction

    @contextmanager
    def exclusive(self) -> Iterator[DatabaseTransaction]:
        """Hold everything, then read. Raise Busy and StoreError."""
        with self._locks.hold_all(), self._held([self._register_lock]) as transaction:
            yield transaction

    def mark(self) -> DatabaseMark:
        """Return a mark of this moment, after waiting for the transactions in progress."""
        with self.exclusive() as transaction:
            return self._mark_in(transaction)

    def rows_at(self, mark: Mark) -> Iterator[tuple[Table, str, Row]]:
        """Yield all rows that a mark stands for."""
        assert isinstance(mark, DatabaseMark), "a mark is of the store that gave it"
        at = {"register": self.register, "generation": mark.generation, "number": mark.number, "size": PAGE}
        with self.database.begun((sql.LOOK, None)) as (connection, _):
            for table in Table:
                asked = {**at, "table": table.label, "index": ALL[table].name, "last": 0}
                while page := connection.execute(sql.ROWS_AT, asked).fetchall():
                    asked["last"] = page[-1][0]
                    yield from ((table, id, _decoded(table, data)) for _, id, data in page)

    def keep(self, rows: Rows) -> DatabaseMark:
        """Return a mark of ``rows``, in a generation of their own. Raise StoreError."""
        with self.transaction(frozenset({"kept"})) as transaction, failures():
            mark = self._load(transaction, rows)
            transaction.end()
            return mark

    def mark_of(self, written: str) -> DatabaseMark:
        """Return the mark that was written with ``str``."""
        generation, number = map(int, written.split())
        return DatabaseMark(generation, number, self)

    def restore(self, mark: Mark) -> None:
        """Go back to a mark. Raise StoreError and Busy."""
        assert isinstance(mark, DatabaseMark), "a mark is of the store that gave it"
        with self.exclusive() as transaction:
            self._go_to(transaction, mark)
            transaction.end()

    def fill(self, rows: Rows, *, if_new: bool = False) -> None:
        """Turn to a new generation with ``rows``, or to an earlier one that was loaded with the same rows. Raise StoreError."""
        with self.exclusive() as transaction:
            if if_new and not transaction.is_new:
                return
            self._go_to(transaction, self._seed(transaction, rows))
            transaction.end()

    def version(self) -> object:
        """Return a value that differs after each change."""
        return self.database.row(sql.VERSION_NOW, (self.register,))

    @property
    def is_new(self) -> bool:
        """Whether nothing was ever stored here."""
        found = self.database.row(sql.GENERATION, (self.register,))
        return found is None or not found[1]

    def count_at(self, mark: DatabaseMark, table: Table) -> int:
        """Return how many rows a table had at a mark; the database counts them only once."""
        place = (mark.generation, mark.number, table)
        if place not in self._counted:
            self._counted[place] = self._count_at(mark, table)
        return self._counted[place]

    def _count_at(self, mark: DatabaseMark, table: Table) -> int:
        row = self.database.row(sql.COUNT_AT, (self.register, mark.generation, table.label, mark.number, mark.number))
        return int(row[0]) if row else 0

    def check(self) -> None:
        """Raise StoreError if nothing could be stored now."""
        self.database.check()

    def retire(self) -> None:
        """Refuse new transactions of this process; other processes go on."""
        self._locks.end()

    def discard(self) -> None:
        """Delete the register, after this process's transactions have ended. Raise StoreError."""
        self._locks.end()
        discard(self.database, self.register)

    def close(self) -> None:
        """Do nothing: the database is closed where it was opened."""

    @contextmanager
    def _begun(self, begin: str, locks: Sequence[int]) -> Iterator[tuple[DatabaseConnection, Begun]]:
        """Begin a transaction; yield it with what it sees first."""
        statements: list[SqlStatement] = [(begin, None)]
        if locks:
            statements.append((sql.CLAIM, (locks,)) if len(locks) > 1 else (sql.LOCK, locks))
        statements.append((sql.GENERATION_AND_CHANGE if locks else sql.GENERATION, (self.register,)))
        with self.database.begun(*statements) as (connection, cursor):
            found = cursor.fetchone()
            yield connection, Begun(found[0], not found[1], *found[2:]) if found else Begun(NO_GENERATION, True)

    @contextmanager
    def _held(self, locks: Sequence[int]) -> Iterator[DatabaseTransaction]:
        with ExitStack() as until_it_ends:
            with waiting():  # for those who hold the locks
                connection, begun = until_it_ends.enter_context(self._begun(sql.BEGIN, locks))
            if begun.generation == NO_GENERATION:
                raise Busy("The register was deleted before the request was done; send it again.")
            yield DatabaseTransaction(connection, self.register, begun, partial(self._find_out, locks))

    def _find_out(self, locks: Sequence[int], made: Mapping[str, object]) -> bool:
        """Find out whether a commit was made, on another connection and once its locks are free. Raise StoreInDoubt.

        A commit that is found is on all the machines that must have it, because the commit of this query waits for them.
        """
        for _ in until(DOUBT if made else 0):
            try:
                with self._begun(sql.BEGIN, locks) as (connection, _), failures():
                    found = connection.execute(sql.WAS_MADE, made).fetchone()
                    connection.replication_given_up = False
                    connection.execute(sql.TOUCH, (self.register,))
                    connection.execute(sql.COMMIT)
                    if found is not None and not connection.replication_given_up:
                        return bool(found[0])
            except StoreAway:
                sleep(0.1)
        raise StoreInDoubt("The database was lost while it committed, and does not answer.")

    def _mark_in(self, transaction: DatabaseTransaction) -> DatabaseMark:
        row = transaction._execute(sql.LAST_CHANGE, (self.register,))[0]
        return DatabaseMark(row[0], row[1], self)

    def _go_to(self, transaction: DatabaseTransaction, mark: DatabaseMark) -> None:
        connection = transaction._connection
        connection.execute(sql.TURN_TO, (mark.generation, self.register))
        values = {
            "register": self.register,
            "generation": mark.generation,
            "number": mark.number,
            "change": transaction.change,
        }
        for statement in sql.UNDO:
            connection.execute(statement, values)

    def _seed(self, transaction: DatabaseTransaction, rows: Rows) -> DatabaseMark:
        """Return the mark of ``rows``; load them unless this or another server has loaded the same rows before."""
        digest = self._digests.get(rows) if isinstance(rows, State) else None
        digest = digest or _digest(rows)
        if isinstance(rows, State):
            self._digests[rows] = digest
        found = transaction._execute(sql.LOADED_SEED, (self.register, digest))
        if found:
            return DatabaseMark(found[0][0], found[0][1], self)
        mark = self._load(transaction, rows)
        transaction._connection.execute(sql.NOTE_SEED, (self.register, digest, mark.generation, mark.number))
        return mark

    def _load(self, transaction: DatabaseTransaction, rows: Rows) -> DatabaseMark:
        connection = transaction._connection
        generation = connection.execute(sql.NEXT_GENERATION).fetchone()
        assert generation is not None
        loading = DatabaseTransaction(connection, self.register, Begun(generation[0], False, transaction.change), bool)
        changes = (Change(table, id, row) for table in Table for id, row in rows.rows(table))
        while page := list(islice(changes, PAGE)):
            loading.write(page)
        return DatabaseMark(generation[0], transaction.change, self)

    def _lock_numbers(self, claims: frozenset[str]) -> list[int]:
        """Return the numbers of the register's lock and of the claims' locks; the register's alone stands for all claims."""
        if len(claims) > MANY_CLAIMS:
            return [self._register_lock]
        claims = claims or frozenset({"nothing"})
        return [self._register_lock, *sorted({lock_number(self.register, claim) for claim in claims})]

    @property
    def _register_lock(self) -> int:
        return lock_number(self.register)


def discard(database: Database, register: str) -> None:
    """Delete a register. Raise StoreError."""
    gone = {"register": register, "kept": 0}
    database.do(
        (sql.BEGIN, None),
        (sql.LOCK, (lock_number(register),)),
        (sql.DROP_REGISTER, (register,)),
        (sql.FORGET, (register,)),
        (sql.FORGET_SEEDS, gone),
        *((statement, {"register": register, "kept": []}) for statement in sql.SWEEP),
        (sql.COMMIT, None),
    )


def registers(database: Database) -> set[str]:
    """Return the names of the registers in a database."""
    return {name for (name,) in database.rows(sql.REGISTERS)}


def totals_of_all(database: Database) -> dict[str, StoredTotals]:
    """Return how much each register in a database holds, without opening any; empty registers are left out."""
    asked = [index.name for index in (*ALL.values(), STANDING_BY_DAY, STANDING_BY_RULE)]
    found = defaultdict[str, dict[str, dict[str, int]]](lambda: {index: {} for index in asked})
    for register, index, key, rows in database.rows(sql.TOTALS, (asked,)):
        found[register][index][key] = int(rows)
    return {
        register: StoredTotals(
            {table.label: counts[index.name].get("", 0) for table, index in ALL.items()},
            counts[STANDING_BY_DAY.name],
            counts[STANDING_BY_RULE.name],
        )
        for register, counts in found.items()
    }


def fitted(text: str) -> str:
    """Return a key in the form in which the database stores it: a long one as its beginning and a checksum."""
    if len(text) <= LONGEST_KEY // 4 and text.isprintable():
        return text
    encoded = text.encode("utf-8", "backslashreplace").replace(b"\0", b"\\x00")
    if len(encoded) > LONGEST_KEY:
        encoded = encoded[: LONGEST_KEY // 4] + b"#" + sha256(encoded).hexdigest().encode()
    return encoded.decode("utf-8", "replace")


def lock_number(*words: str) -> int:
    """Return the number, of 64 bits, of the advisory lock that these words name."""
    return int.from_bytes(sha256("\0".join(words).encode("utf-8", "backslashreplace")).digest()[:8], signed=True)


def _digest(rows: Rows) -> str:
    """Return a digest that is the same for the same rows."""
    found = sha256()
    for table in Table:
        for id, row in rows.rows(table):
            found.update(json.dumps([table.label, id, to_plain(row)], separators=(",", ":")).encode())
    return found.hexdigest()


def _keys(index: Index, row: Row | None) -> set[str]:
    return set(map(fitted, index.keys(row))) if row is not None else set()


def _postings(
    changes: Sequence[Change], old: Mapping[tuple[Table, str], Row | None]
) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Return the postings that these changes end, and those that they begin."""
    ended, added = _columns(), _columns()
    for change in changes:
        id = fitted(change.id)
        for index in POSTED_OF[change.table]:
            before, after = _keys(index, old[change.table, change.id]), _keys(index, change.row)
            for columns, keys in ((ended, before - after), (added, after - before)):
                columns["indexes"] += [index.name] * len(keys)
                columns["keys"] += keys
                columns["posted"] += [id] * len(keys)
    return ended, added


def _columns() -> dict[str, list[str]]:
    return {"indexes": [], "keys": [], "posted": []}


def _places(changes: Sequence[Change]) -> dict[str, object]:
    return {"tables": [change.table.label for change in changes], "ids": [fitted(change.id) for change in changes]}


def _decoded(table: Table, data: str) -> Row:
    try:
        return from_plain(table.row, json.loads(data))
    except ValueError as error:
        raise StoreError(f"A row of {table.label} in the database cannot be read: {error}") from error


TABLES = {table.label: table for table in Table}
