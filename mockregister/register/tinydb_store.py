"""A register on disk: TinyDB with our own storage and table, so that a submission costs what it writes.

Plain TinyDB rewrites its file on every insert. Here the state is in memory, every transaction goes to a journal first, and
compaction writes an ordinary TinyDB file, which plain ``TinyDB(path)`` opens. One process owns the folder; its threads share
it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from tinydb import TinyDB
from tinydb.table import Document
from tinydb.table import Table as PlainTable

from mockregister.model.plain import to_plain
from mockregister.register.embedded_store import EmbeddedStore, KeptState, state_of
from mockregister.register.journaled_storage import JournaledStorage, state_in
from mockregister.register.rows import Change
from mockregister.register.state import State
from mockregister.register.store import Mark
from mockregister.register.tinydb_file import TABLES, change


def mark_in(folder: Path) -> Mark:
    """Return a mark of what ``TinyDbStore.copy`` wrote to a folder, which is read when it is first needed."""
    return KeptState(partial(state_in, folder))


class RowTable(PlainTable):
    """A TinyDB table with string ids, whose inserts and lookups do not slow down as it grows."""

    document_id_class = str  # type: ignore[assignment]

    def insert(self, document: Mapping[str, Any]) -> str:  # type: ignore[override]
        """Add a row: a ``Document`` whose ``doc_id`` is the row's id. Raise ValueError for an id that is taken."""
        if not isinstance(document, Document):
            raise ValueError("A row has an id: insert a tinydb Document with a doc_id.")
        if self.get(doc_id=document.doc_id) is not None:
            raise ValueError(f"Document with ID {document.doc_id} already exists")
        self._rows.commit([change(self.name, str(document.doc_id), document)])
        return str(document.doc_id)

    def get(self, cond: Any = None, doc_id: Any = None, doc_ids: Any = None) -> Any:
        """Return the row with the id ``doc_id``; without ``doc_id``, do as TinyDB does."""
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


class TinyDbStore(EmbeddedStore):
    """Stores a register in a folder. ``db`` is the TinyDB over it, for access through TinyDB itself."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.db = TinyDB(storage=JournaledStorage, folder=folder)
        self.db.table_class = RowTable
        storage = self.db.storage
        assert isinstance(storage, JournaledStorage)
        self._storage = storage

    @property
    def state(self) -> State:
        """The current state."""
        return self._storage.state

    @property
    def is_new(self) -> bool:
        """Whether nothing was ever stored here."""
        return self._storage.is_new

    @property
    def report(self) -> str:
        """What was lost at a damaged end of the journal; empty if nothing was."""
        return self._storage.report

    def commit(self, changes: Sequence[Change]) -> None:
        """Make all of these changes, or none. Raise StoreError."""
        self._storage.commit(changes)

    def go_to(self, state: State) -> None:
        """Hold exactly this state. Raise StoreError."""
        self._storage.restore(state)

    def check_place(self) -> None:
        """Raise StoreGone if the folder was deleted or exchanged."""
        self._storage.check_place()

    def check(self) -> None:
        """Raise StoreError if nothing could be stored now."""
        self._storage.check()

    def copy(self, mark: Mark, folder: Path) -> None:
        """Write the rows that a mark stands for to a new folder. Raise StoreError."""
        self._storage.copy(state_of(mark), folder)

    def close(self) -> None:
        """Compact and release the folder."""
        self.db.close()

    def delete(self) -> None:
        """Release the folder and delete it. Raise StoreError."""
        self._storage.discard()
