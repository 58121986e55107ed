"""A register on disk: TinyDB, with a storage and a table of our own so that a submission costs what it weighs.

Plain TinyDB rewrites its file on every insert. Here the state is in memory, every transaction goes to a journal first, and
compaction writes what has come together as an ordinary TinyDB file, which plain ``TinyDB(path)`` opens. One process owns the
folder; its threads share it.
"""

from __future__ import annotations

import fcntl
import gc
import json
import logging
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

from tinydb import TinyDB
from tinydb.storages import Storage
from tinydb.table import Document
from tinydb.table import Table as PlainTable

from mockregister.errors import StoreError
from mockregister.model.plain import from_plain, to_plain
from mockregister.register.rows import Table
from mockregister.register.state import Change, State
from mockregister.register.transaction_log import TransactionLog

LOG = logging.getLogger(__name__)
FILE, JOURNAL, LOCK = "register.json", "journal.log", "lock"
ID, PROGRESS = "_id", "_journal"
TABLES = {table.label: table for table in Table}
COMPACT_AT = 256 * 1024 * 1024


class FolderLock:
    """Keeps other processes out of a folder. The system lifts it when the process ends, however it ends."""

    def __init__(self, folder: Path) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._file = (folder / LOCK).open("a")
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            self._file.close()
            raise StoreError(f"Another process keeps its register in {folder}; stop it, or choose another folder.") from error
        except OSError as error:
            raise StoreError(f"The folder {folder} cannot be used: {error.strerror}.") from error

    def release(self) -> None:
        """Let others in."""
        self._file.close()


class RowTable(PlainTable):
    """A TinyDB table with string ids, in which adding and looking up do not depend on how many rows there are."""

    document_id_class = str  # type: ignore[assignment]

    def insert(self, document: Mapping[str, Any]) -> str:  # type: ignore[override]
        """Add a row: a ``Document`` whose ``doc_id`` is the row's id. Raises ValueError for an id that is taken."""
        if not isinstance(document, Document):
            raise ValueError("A row has an id: insert a tinydb Document with a doc_id.")
        if self.get(doc_id=document.doc_id) is not None:
            raise ValueError(f"Document with ID {document.doc_id} already exists")
        self._rows.commit([change(self.name, str(document.doc_id), document)])
        return str(document.doc_id)

    def get(self, cond: Any = None, doc_id: Any = None, doc_ids: Any = None) -> Any:
        """One row by its id; anything else as TinyDB does it."""
        if doc_id is None:
            return super().get(cond, doc_id, doc_ids)
        row = self._rows.state.get(TABLES[self.name], TABLES[self.name].row, doc_id)
        return Document(to_plain(row), doc_id) if row is not None else None

    def __len__(self) -> int:
        return self._rows.state.count(TABLES[self.name])

    @property
    def _rows(self) -> JournaledStorage:
        assert isinstance(self._storage, JournaledStorage)
        return self._storage


class JournaledStorage(Storage):
    """TinyDB's tables in memory, with a journal on disk. ``report`` says what a damaged end of the journal lost."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.state = folder, State()
        self._number, self._numbers = 0, WeakKeyDictionary[State, int]()
        self._queue: list[_Commit] = []
        self._queueing, self._writing = Lock(), Lock()
        self._lock = FolderLock(folder)
        try:
            self._log = TransactionLog(folder / JOURNAL)
            with _without_garbage_collection():
                self._load()
        except BaseException:
            self._lock.release()
            raise

    @property
    def report(self) -> str:
        """What the end of the journal lost, empty when nothing."""
        return self._log.cut

    # as TinyDB asks for it

    def read(self) -> dict[str, dict[str, Any]]:
        """Everything, by table and id, as plain data."""
        return {table.label: {id: to_plain(row) for id, row in self.state.rows(table)} for table in Table}

    def write(self, data: Mapping[str, Mapping[str, Any]]) -> None:
        """Hold exactly ``data``, which has the shape that ``read`` gives. Raises StoreError."""
        self.restore(State().apply(change(label, id, row) for label, rows in data.items() for id, row in rows.items()))

    def close(self) -> None:
        """Compact, and let go of the folder; more than once does no harm."""
        with self._writing:
            if self._log.is_open and self._log.size:
                self._tidy_up()
            self._log.close()
            self._lock.release()

    # as the register asks for it

    def commit(self, changes: Sequence[Change]) -> None:
        """Make all of these changes, or none. Those who come while the disk is busy share the next turn. Raises StoreError."""
        mine = _Commit(changes)
        with self._queueing:
            self._queue.append(mine)
        with self._writing:
            if not mine.done.done():
                with self._queueing:
                    batch, self._queue = self._queue, []
                self._write_batch(batch)
        mine.done.result()

    def restore(self, state: State) -> None:
        """Go to ``state``: a line in the journal where that has seen it, else a new file. Raises StoreError."""
        with self._writing:
            known = 0 if state.is_empty else self._numbers.get(state)
            if known is None:
                self._compact(state, self._number + 1)
            else:
                self._log.append(self._number + 1, {"as": known})
            self._take(state, self._number + 1)

    def _write_batch(self, batch: Sequence[_Commit]) -> None:
        try:
            self._log.append(self._number + 1, {"do": [one for commit in batch for one in commit.written]})
        except BaseException as error:
            for commit in batch:
                commit.done.set_exception(error)
            return
        self._take(self.state.apply(one for commit in batch for one in commit.changes), self._number + 1)
        for commit in batch:
            commit.done.set_result(None)
        if self._log.size > max(COMPACT_AT, 2 * _size(self.folder / FILE)):
            self._tidy_up()

    def _take(self, state: State, number: int) -> None:
        """Stand at ``state``, which transaction ``number`` led to."""
        self.state, self._number = state, number
        self._numbers[state] = number

    # the file and the journal

    def _tidy_up(self) -> None:
        """Compact if the disk lets us: if not, the journal still has everything."""
        try:
            self._compact(self.state, self._number)
        except StoreError as error:
            LOG.warning("The journal could not be compacted: %s", error)

    def _compact(self, state: State, number: int) -> None:
        """Write ``state``, which transaction ``number`` leads to, as a TinyDB file, and empty the journal."""
        path, draft = self.folder / FILE, self.folder / f"{FILE}.new"
        try:
            with draft.open("w", encoding="utf-8") as file:
                file.writelines(_file_content(state, number))
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
            _sync(self.folder)
        except OSError as error:
            draft.unlink(missing_ok=True)
            raise StoreError(f"{path} cannot be written: {error.strerror}.") from error
        self._log.clear()
        self._numbers = WeakKeyDictionary({state: number})  # the journal leads to no older state any more

    def _load(self) -> None:
        """Stand where the file and the journal lead to. Raises StoreError where they are damaged."""
        self._take(*_read_file(self.folder / FILE))
        wanted = {content["as"] for _, content in self._log.read() if "as" in content}
        seen = {0: State(), self._number: self.state}
        for number, content in self._log.read():
            if number <= self._number:
                continue  # the file was written, and the journal not emptied any more
            if number != self._number + 1:
                raise StoreError(f"{self._log.path} goes from transaction {self._number} to {number}; restore it from a copy.")
            self._take(seen[content["as"]] if "as" in content else self.state.apply(_read(content["do"])), number)
            if number in wanted:
                seen[number] = self.state


class _Commit:
    """What one caller wants written, and whether it is."""

    def __init__(self, changes: Sequence[Change]) -> None:
        self.changes = changes
        self.written = [(one.table.label, one.id, to_plain(one.row) if one.row is not None else None) for one in changes]
        self.done: Future[None] = Future()


def change(label: str, id: str, row: Mapping[str, Any] | None) -> Change:
    """A change from plain data. Raises StoreError for data that is no row of its table."""
    try:
        table = TABLES[label]
        return Change(table, id, from_plain(table.row, row) if row is not None else None)
    except (KeyError, ValueError) as error:
        raise StoreError(f"Row {id} of table {label} cannot be read: {error}") from error


def _read(written: Iterable[tuple[str, str, Mapping[str, Any] | None]]) -> Iterator[Change]:
    return (change(label, id, row) for label, id, row in written)


def _file_content(state: State, number: int) -> Iterator[str]:
    """A TinyDB file. Plain TinyDB counts its rows, so a row's own id stands in it as ``_id``."""
    yield "{"
    for table in Table:
        rows = (f'"{count}":{_dumped({ID: id, **to_plain(row)})}' for count, (id, row) in enumerate(state.rows(table), 1))
        yield f"{_dumped(table.label)}:{{{next(rows, '')}"
        yield from (f",\n{row}" for row in rows)
        yield "},\n"
    yield f'"{PROGRESS}":{{"1":{{"through":{number}}}}}}}'


def _dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _read_file(path: Path) -> tuple[State, int]:
    """The state in a file, and the number of the last transaction in it. Raises StoreError for one that is damaged."""
    if not path.exists():
        return State(), 0
    try:
        tables = json.loads(path.read_bytes())
        number = tables.pop(PROGRESS)["1"]["through"]
        rows = [(label, row.pop(ID), row) for label, held in tables.items() for row in held.values()]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise StoreError(f"{path} is damaged ({error}); restore it from a copy.") from error
    return State().apply(_read(rows)), number


@contextmanager
def _without_garbage_collection() -> Iterator[None]:
    """Loading makes objects that all stay; looking through them again and again for garbage would take half the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _sync(folder: Path) -> None:
    """Make the disk remember which files a folder has."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class TinyDbStore:
    """Keeps a register in a folder. ``db`` is the TinyDB over it, for those who want to look in TinyDB's own way."""

    def __init__(self, folder: Path) -> None:
        self.db = TinyDB(storage=JournaledStorage, folder=folder)
        self.db.table_class = RowTable
        storage = self.db.storage
        assert isinstance(storage, JournaledStorage)
        self._storage = storage

    @property
    def state(self) -> State:
        """What is kept now."""
        return self._storage.state

    @property
    def report(self) -> str:
        """What a damaged end of the journal lost, empty when nothing."""
        return self._storage.report

    def commit(self, changes: Sequence[Change]) -> None:
        """Make all of these changes, or none. Raises StoreError."""
        self._storage.commit(changes)

    def restore(self, state: State) -> None:
        """Go to ``state``. Raises StoreError."""
        self._storage.restore(state)

    def close(self) -> None:
        """Compact, and let go of the folder."""
        self.db.close()
