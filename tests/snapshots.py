"""The content of any store as a value that tests can compare and inspect."""

from __future__ import annotations

from collections.abc import Sequence

from mockregister.register.rows import Change, Row, Table
from mockregister.register.state import State
from mockregister.register.store import Store


def snapshot(store: Store) -> State:
    """Return everything that is stored now."""
    with store.look() as rows:
        return State().apply(Change(table, id, row) for table in Table for id, row in rows.rows(table))


def everything(store: Store) -> dict[Table, list[tuple[str, Row]]]:
    """Return all rows of all tables, in order."""
    with store.look() as rows:
        return {table: list(rows.rows(table)) for table in Table}


def commit(store: Store, changes: Sequence[Change]) -> None:
    """Make changes in an exclusive transaction."""
    with store.exclusive() as transaction:
        transaction.commit(changes)
