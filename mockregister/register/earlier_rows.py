"""Complete the rows that an earlier version stored with the values that this version stores in addition."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from mockregister.register.rows import Change, EntryRow, EpisodeRow, SetRow, Table
from mockregister.register.state import State


def completed(state: State) -> State:
    """Return the state with the custodian of every entry and episode of care, which 0.1.0 stored with document sets only."""
    changes = list(_without_custodian(state))
    return state.apply(changes) if changes else state


def _without_custodian(state: State) -> Iterator[Change]:
    custodians = {id: row.custodian for id, row in state.rows(Table.SETS) if isinstance(row, SetRow)}
    for key, row in state.rows(Table.ENTRIES):
        if isinstance(row, EntryRow) and not row.custodian and (custodian := custodians.get(row.set, "")):
            yield Change(Table.ENTRIES, key, replace(row, custodian=custodian))
    for key, found in state.rows(Table.EPISODES):
        episode = state.get(Table.ENTRIES, EntryRow, key)
        custodian = custodians.get(episode.set, "") if episode is not None else ""
        if isinstance(found, EpisodeRow) and not found.custodian and custodian:
            yield Change(Table.EPISODES, key, replace(found, custodian=custodian))
