"""Copies of a register's rows under other keys, which quickly make a register with many times as many patients.

Ids inside of entries and findings are not changed, because lists and counts use the keys.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from mockregister.model import Patient
from mockregister.register.rows import Row, Table
from mockregister.register.state import State
from mockregister.register.store import Rows

KEYS = {
    Table.SETS: ("document", "base"),
    Table.DOCUMENTS: ("set", "parent", "submission"),
    Table.ENTRIES: ("set", "owner", "document"),
    Table.EVENTS: ("entry", "document"),
    Table.EPISODES: ("document",),
    Table.LINKS: ("cpr",),
    Table.SUBMISSIONS: (),
}


def copied(rows: Rows, times: int) -> State:
    """Return a state with this many copies of everything."""
    return State.of(row for table in Table for number in range(times) for row in _copies(rows, table, number))


def _copies(rows: Rows, table: Table, number: int) -> Iterator[tuple[Table, str, Row]]:
    def other(key: str) -> str:
        return f"{key}{number:04}" if key else key

    for id, row in rows.rows(table):
        yield table, other(id), _copy(table, row, other)


def _copy(table: Table, row: Any, other: Callable[[str], str]) -> Row:
    fields: dict[str, Any] = {name: other(getattr(row, name)) for name in KEYS[table]}
    if table is Table.SUBMISSIONS:
        fields["documents"] = tuple(map(other, row.documents))
    if table is Table.EVENTS:
        fields["others"] = tuple(map(other, row.others))
    if table in (Table.SETS, Table.DOCUMENTS):
        fields["patient"] = _patient(row.patient, other)
    made: Row = replace(row, **fields)
    return made


def _patient(patient: Patient, other: Callable[[str], str]) -> Patient:
    ids = tuple(replace(identifier, extension=other(identifier.extension)) for identifier in patient.alternative_ids)
    return replace(patient, cpr=other(patient.cpr), alternative_ids=ids)
