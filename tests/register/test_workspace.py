"""What one submission would change, also where its entries change places."""

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
    """A workspace in which two procedures own each other, as they may while a document is applied that exchanges them."""
    with MemoryStore().look() as rows:
        workspace = Workspace(rows, datetime(2019, 6, 1, tzinfo=UTC))
        for key, owner in (("one", "other"), ("other", "one")):
            row = EntryRow(EntryKind.PROCEDURE, a_procedure(key), "set", owner, Status.LIVE, "document")
            workspace.put(Table.ENTRIES, key, row)
        yield workspace


def test_entries_that_own_each_other_are_each_given_once(workspace: Workspace) -> None:
    assert [key for key, _ in workspace.with_owners("one")] == ["one", "other"]
    assert workspace.episode_of("one") == ""


def test_entries_that_own_each_other_are_removed_together(workspace: Workspace) -> None:
    workspace.remove("one", Status.NULLIFIED, Status.FELL, "next")
    rows = [workspace.entry(key) for key in ("one", "other")]
    assert [row and row.status for row in rows] == [Status.NULLIFIED, Status.FELL]


def test_what_happened_to_many_entries_is_found_for_each_and_in_few_rows(workspace: Workspace) -> None:
    keys = [f"procedure {number}" for number in range(2 * MOST_ENTRIES + 1)]
    for key in keys:
        workspace.write(key, EntryRow(EntryKind.PROCEDURE, a_procedure(key), "set", "one", Status.LIVE, "document"))
    workspace.remove(keys[0], Status.NULLIFIED, Status.FELL, "document")
    state = State().apply(workspace.changes())
    happened = {key: [state.get(Table.EVENTS, EventRow, id) for id in state.find(EVENTS_OF_ENTRY, key)] for key in keys}
    assert [row and row.happening for row in happened[keys[0]]] == [Happening.NULLIFIED]
    assert all([row and row.happening for row in happened[key]] == [Happening.MADE] for key in keys[1:])
    assert state.count(Table.EVENTS) == 3
