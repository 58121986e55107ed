"""A workspace holds the changes of a submission, even if its entries exchange places."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from mockregister.model import EntryKind
from mockregister.register.indexes import EVENTS_OF_ENTRY
from mockregister.register.memory_store import MemoryStore
from mockregister.register.rows import EntryRow, EventRow, Happening, Status, Table
from mockregister.register.state import State
from mockregister.register.workspace import MOST_ENTRIES, Workspace
from tests.builders import a_procedure


@pytest.fixture
def workspace() -> Iterator[Workspace]:
    """Return a workspace in which two procedures own each other, as can happen while a document exchanges them."""
    with MemoryStore().look() as rows:
        workspace = Workspace(rows, datetime(2019, 6, 1, tzinfo=UTC))
        for key, owner in (("first", "second"), ("second", "first")):
            row = EntryRow(EntryKind.PROCEDURE, a_procedure(key), "set", owner, Status.LIVE, "document")
            workspace.rows.put(Table.ENTRIES, key, row)
        yield workspace


def test_entries_that_own_each_other_are_each_listed_once(workspace: Workspace) -> None:
    assert [key for key, _ in workspace.with_owners("first")] == ["first", "second"]
    assert workspace.episode_of("first") == ""


def test_entries_that_own_each_other_are_removed_together(workspace: Workspace) -> None:
    workspace.remove("first", Status.NULLIFIED, Status.FELL, "next")
    rows = [workspace.entry(key) for key in ("first", "second")]
    assert [row and row.status for row in rows] == [Status.NULLIFIED, Status.FELL]


def test_events_of_many_entries_are_found_with_few_rows(workspace: Workspace) -> None:
    keys = [f"procedure {number}" for number in range(2 * MOST_ENTRIES + 1)]
    for key in keys:
        workspace.write(key, EntryRow(EntryKind.PROCEDURE, a_procedure(key), "set", "first", Status.LIVE, "document"))
    workspace.remove(keys[0], Status.NULLIFIED, Status.FELL, "document")
    state = State().apply(workspace.changes())
    happened = {key: [state.get(Table.EVENTS, EventRow, id) for id in state.find(EVENTS_OF_ENTRY, key)] for key in keys}
    assert [row and row.happening for row in happened[keys[0]]] == [Happening.NULLIFIED]
    assert all([row and row.happening for row in happened[key]] == [Happening.MADE] for key in keys[1:])
    assert state.count(Table.EVENTS) == 3
