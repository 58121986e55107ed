"""Taking away all that one reporter, one set or one patient left behind, as if it had never been sent.

A test bench needs this and the real register does not: there, nullified ids are never free again (fact 168); here they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar, cast

from mockregister.register.rows import (
    DocumentRow,
    EntryRow,
    EpisodeRow,
    EventRow,
    Row,
    SetRow,
    SubmissionRow,
    Table,
    patient_keys,
)
from mockregister.register.state import Change, State

R = TypeVar("R", bound=Row)


@dataclass(frozen=True, slots=True)
class Scope:
    """What is to go: the sets that fit everything given here, whole.

    ``author`` is the SOR id of the author institution or of the document's author, ``cvr`` the number of the custodian or of
    the care provider in the ID card; a set fits when any document of it does. ``patient`` is a CPR number or the extension
    of an alternative id.
    """

    author: str | None = None
    cvr: str | None = None
    set: str | None = None
    patient: str | None = None


def purge(state: State, scope: Scope) -> Sequence[Change]:
    """The changes that take away the sets within ``scope`` with all that hangs on them."""
    sets = {key for key, row in _rows(state, Table.SETS, SetRow) if _is_about(row, key, scope)}
    documents = [(key, row) for key, row in _rows(state, Table.DOCUMENTS, DocumentRow) if row.set in sets]
    if scope.author or scope.cvr:
        sets &= {row.set for _, row in documents if _is_by(row, state, scope)}
    return list(_changes(state, sets, {key for key, row in documents if row.set in sets})) if sets else []


def _is_about(row: SetRow, key: str, scope: Scope) -> bool:
    known_as = {key.rpartition("^")[2] for key in patient_keys(row.patient)}
    return scope.set in (None, key) and (scope.patient is None or scope.patient in known_as)


def _is_by(row: DocumentRow, state: State, scope: Scope) -> bool:
    sent = state.get(Table.SUBMISSIONS, SubmissionRow, row.submission)
    authors = (row.author.unit, sent.author_unit if sent else "")
    cvr_numbers = (row.custodian, sent.care_provider if sent else "")
    return (not scope.author or scope.author in authors) and (not scope.cvr or scope.cvr in cvr_numbers)


def _changes(state: State, sets: set[str], documents: set[str]) -> Iterator[Change]:
    yield from _gone(Table.SETS, sets)
    yield from _gone(Table.DOCUMENTS, documents)
    yield from _gone(Table.ENTRIES, (key for key, row in _rows(state, Table.ENTRIES, EntryRow) if row.set in sets))
    yield from _gone(Table.EVENTS, (key for key, row in _rows(state, Table.EVENTS, EventRow) if row.document in documents))
    yield from _gone(
        Table.EPISODES, (key for key, row in _rows(state, Table.EPISODES, EpisodeRow) if row.document in documents)
    )
    yield from _gone(Table.LINKS, _patients(state, sets, True) - _patients(state, sets, False))
    yield from _gone(
        Table.SUBMISSIONS,
        (key for key, row in _rows(state, Table.SUBMISSIONS, SubmissionRow) if documents.issuperset(row.documents)),
    )


def _patients(state: State, sets: set[str], inside: bool) -> set[str]:
    """What the patients of the sets inside, or outside, ``sets`` are known by."""
    rows = (row for key, row in _rows(state, Table.SETS, SetRow) if (key in sets) is inside)
    return {key for row in rows for key in patient_keys(row.patient)}


def _gone(table: Table, keys: Iterable[str]) -> Iterator[Change]:
    return (Change(table, key, None) for key in keys)


def _rows(state: State, table: Table, row: type[R]) -> Iterator[tuple[str, R]]:
    return cast("Iterator[tuple[str, R]]", state.rows(table))
