"""TinyDB's tables in memory, with a journal on disk, so that a transaction costs what it writes.

Every transaction goes to the journal first. Compaction writes all tables as an ordinary TinyDB file and empties the journal.
"""

from __future__ import annotations

import gc
import logging
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

from tinydb.storages import Storage

import mockregister
from mockregister.errors import StoreError, StoreGone
from mockregister.model.plain import to_plain
from mockregister.register import tinydb_file, tinydb_folder
from mockregister.register.earlier_rows import completed
from mockregister.register.rows import Change, Table
from mockregister.register.shared_writes import SharedWrites
from mockregister.register.state import State
from mockregister.register.tinydb_file import change
from mockregister.register.tinydb_folder import DRAFT, FILE
from mockregister.register.transaction_log import LogLine

LOG = logging.getLogger(__name__)
COMPACT_AT = 256 * 1024 * 1024


class JournaledStorage(Storage):
    """TinyDB's tables in memory, with a journal on disk. ``report`` says what was lost at a damaged end of the journal.

    ``is_new`` says that nothing was ever stored in the folder; an emptied folder is not new.
    """

    def __init__(self, folder: Path) -> None:
        self.folder, self.state, self.is_new = folder, State(), False
        self._path = os.fspath(folder / FILE)
        self._number, self._numbers = 0, WeakKeyDictionary[State, int]()
        self._writing = Lock()
        self._writes = SharedWrites[_Commit](self._writing)
        is_made = tinydb_folder.make(folder)
        try:
            self._log = tinydb_folder.opened_log(folder)
            self._open()
        except BaseException:
            if is_made:
                with suppress(StoreError):
                    tinydb_folder.delete(folder)
            raise

    def _open(self) -> None:
        try:
            with _without_garbage_collection():
                self._load()
        except BaseException:
            self._log.close()
            raise

    @property
    def report(self) -> str:
        """What was lost at the end of the journal; empty if nothing was."""
        return self._log.cut

    # what TinyDB calls

    def read(self) -> dict[str, dict[str, Any]]:
        """Return everything, by table and id, as plain data."""
        return {table.label: {id: to_plain(row) for id, row in self.state.rows(table)} for table in Table}

    def write(self, data: Mapping[str, Mapping[str, Any]]) -> None:
        """Hold exactly ``data``, in the shape that ``read`` returns. Raise StoreError."""
        self.restore(State().apply(change(label, id, row) for label, rows in data.items() for id, row in rows.items()))

    def close(self) -> None:
        """Compact and release the folder; may be called more than once."""
        with self._writing:
            if self._log.is_open and not self._log.is_empty:
                self._tidy_up()
            self._log.close()

    # what the register calls

    def commit(self, changes: Sequence[Change]) -> None:
        """Make all of these changes, or none. Callers who come while the disk is busy share the next write. Raise StoreError."""
        self._writes.add(_Commit(changes), self._write)
        if self._log.size > COMPACT_AT:
            with self._writing:
                self._tidy_up_if_large()

    def restore(self, state: State) -> None:
        """Go to ``state``: with a line in the journal if an earlier line led to it, else with a new file. Raise StoreError."""
        with self._writing:
            known = 0 if state.is_empty else self._numbers.get(state)
            if known is None:
                self._compact(state, self._number + 1)
            else:
                self._check_place()
                self._log.append(self._number + 1, {"as": known})
            self._take(state, self._number + 1)

    def copy(self, state: State, folder: Path) -> None:
        """Write ``state`` to a new folder, which ``state_in`` reads; of the current state only the journal is copied.

        Raise StoreError.
        """
        try:
            folder.mkdir()
            with self._writing:
                if is_current := state is self.state:
                    self._check_place()
                    tinydb_folder.copy(self.folder, folder)
            if not is_current:
                tinydb_file.write(folder / FILE, state, 1)
            tinydb_folder.sync(folder)
        except OSError as error:
            raise StoreError(f"{folder} cannot be written: {error.strerror}.") from error

    def check_place(self) -> None:
        """Raise StoreGone if the folder, or a file in it, is no longer the one that was opened."""
        self._log.check_place()
        if tinydb_folder.identity(self._path) != self._file:
            with self._writing:  # it may just have been compacted
                self._check_place()

    def _check_place(self) -> None:
        self._log.check_place()
        if tinydb_folder.identity(self._path) != self._file:
            file = self.folder / FILE
            raise StoreGone(f"{file} was deleted or exchanged while it was in use; put it back, or restart the server.")

    def check(self) -> None:
        """Raise StoreError if nothing could be stored now: the folder is gone, or the disk is full or read-only."""
        self.check_place()
        if self._writing.acquire(blocking=False):  # a thread that is writing notices failures itself
            try:
                self._log.try_writing(self._number + 1)
            finally:
                self._writing.release()

    def discard(self) -> None:
        """Release the folder and delete it, unless another folder has taken its place. Raise StoreError."""
        with self._writing:
            is_ours = self._log.is_in_place
            self._log.close()
            if is_ours:
                tinydb_folder.delete(self.folder)

    def _write(self, batch: Sequence[_Commit]) -> None:
        self._check_place()
        state = self.state.apply(change for commit in batch for change in commit.changes)
        self._log.append(self._number + 1, {"do": [written for commit in batch for written in commit.written]})
        self._take(state, self._number + 1)

    def _take(self, state: State, number: int) -> None:
        """Set the current state to ``state``, the result of transaction ``number``."""
        self.state, self._number, self.is_new = state, number, False
        self._numbers[state] = number

    # the file and the journal

    def _tidy_up_if_large(self) -> None:
        file = self.folder / FILE
        if self._log.is_open and self._log.size > max(COMPACT_AT, 2 * file.stat().st_size if file.exists() else 0):
            self._tidy_up()

    def _tidy_up(self) -> None:
        """Compact if the disk allows it; if not, the journal still has everything."""
        try:
            self._compact(self.state, self._number)
        except StoreError as error:
            LOG.warning("The journal could not be compacted: %s", error)

    def _compact(self, state: State, number: int) -> None:
        """Write ``state``, the result of transaction ``number``, as a TinyDB file, and empty the journal."""
        self._check_place()
        path, draft = self.folder / FILE, self.folder / DRAFT
        try:
            tinydb_file.write(draft, state, number)
            draft.replace(path)
            self._file = tinydb_folder.identity(self._path)
            tinydb_folder.sync(self.folder)
        except OSError as error:
            draft.unlink(missing_ok=True)
            raise StoreError(f"{path} cannot be written: {error.strerror}.") from error
        self._numbers = WeakKeyDictionary({state: number})  # the journal does not lead to older states any more
        try:
            self._log.clear()
        except StoreError as error:
            LOG.warning("%s Its transactions are also in %s, so they will be skipped.", error, path)

    def _load(self) -> None:
        """Load the state from the file and the journal. Raise StoreError if they are damaged."""
        self._file = tinydb_folder.identity(self._path)
        self._take(*tinydb_file.read(self.folder / FILE))
        self._replay()
        self._take(completed(self.state), self._number)
        self.is_new = self._file is None and self._number == 0
        try:
            self._log.begin()
        except StoreError as error:
            if self.is_new:
                raise
            LOG.warning("%s What is stored there can be read.", error)
        if self.is_new:
            tinydb_folder.sync(self.folder)
            tinydb_folder.sync(self.folder.parent)

    def _replay(self) -> None:
        """Apply the transactions that are in the journal but not in the file."""
        wanted = {line.json.strip() for line in self._log.read() if line.json.startswith(b'{"as":')}
        seen = {0: State(), self._number: self.state}
        for line in self._log.read():
            if line.number <= self._number:
                continue  # the file was written, but the journal not yet emptied
            if line.number != self._number + 1:
                raise StoreError(f"{line.place} goes from transaction {self._number} to {line.number}; restore it from a copy.")
            self._take(_followed(self.state, line, seen), line.number)
            if b'{"as":%d}' % line.number in wanted:
                seen[line.number] = self.state


def state_in(folder: Path) -> State:
    """Return the state that ``JournaledStorage.copy`` wrote to a folder. Raise StoreError if it is gone or damaged."""
    if not folder.is_dir():
        raise StoreError(f"The folder {folder} is gone; put it back, or delete the checkpoint that it belongs to.")
    storage = JournaledStorage(folder)
    try:
        return storage.state
    finally:
        storage.close()


def _followed(state: State, line: LogLine, seen: Mapping[int, State]) -> State:
    """Return the state after a line of the journal. Raise StoreError for a line with unknown content."""
    content = line.content
    try:
        return seen[content["as"]] if "as" in content else state.apply(tinydb_file.changes(content["do"]))
    except (StoreError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise StoreError(
            f"{line.place} has content that mockregister {mockregister.__version__} does not know ({error!r:.200}); "
            "start the version that wrote it, or restore it from a copy."
        ) from error


class _Commit:
    """The changes that one caller wants to make, and their form in the journal."""

    def __init__(self, changes: Sequence[Change]) -> None:
        self.changes = changes
        self.written = [
            (written.table.label, written.id, to_plain(written.row) if written.row is not None else None) for written in changes
        ]


@contextmanager
def _without_garbage_collection() -> Iterator[None]:
    """Pause garbage collection while loading: nothing that is loaded is garbage, and collecting would take half the time.

    Freezing and unfreezing makes all objects old, so that they are not examined again at once.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.unfreeze()
        if was_on:
            gc.enable()
