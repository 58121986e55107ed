"""Delete everything of one reporter, one set or one patient, as if it had never been sent.

The real register does not do this and never frees a nullified id (fact 168); a test bench needs it, and here the ids are free
again. The rows are found by indexes, so deleting a patient costs the same whoever else is stored; for a reporter, each document
is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from mockregister.register.identity import sets_of
from mockregister.register.indexes import DOCUMENTS_OF_SET, EVENTS_OF_ENTRY, EVER_OF_SET, SETS_OF_PATIENT
from mockregister.register.rows import Change, DocumentRow, SetRow, SubmissionRow, Table
from mockregister.register.store import Rows
from mockregister.register.view import View


@dataclass(frozen=True, slots=True)
class PurgeScope:
    """What to delete: the whole of each set that matches everything given here.

    ``author`` is the SOR id of the author institution or of the document's author, ``cvr`` the number of the custodian or of
    the care provider in the ID card; a set matches if any of its documents does. ``set`` is the set's id in lower case,
    ``patient`` a CPR number, the extension of an alternative id, or its ``root^extension``.
    """

    author: str | None = None
    cvr: str | None = None
    set: str | None = None
    patient: str | None = None


def purge(rows: Rows, scope: PurgeScope) -> Sequence[Change]:
    """Return the changes that delete the sets within ``scope`` with everything that belongs to them."""
    sets = {key for key in _about(rows, scope) if _is_by(rows, key, scope)}
    documents = {key for set_key in sets for key in rows.find(DOCUMENTS_OF_SET, set_key)}
    entries = {key for set_key in sets for key in rows.find(EVER_OF_SET, set_key)}
    return [
        *_gone(Table.SETS, sets),
        *_gone(Table.DOCUMENTS, documents),
        *_gone(Table.ENTRIES, entries),
        *_gone(Table.EPISODES, entries),
        *_gone(Table.EVENTS, {event for entry in entries for event in rows.find(EVENTS_OF_ENTRY, entry)}),
        *_gone(Table.LINKS, _links(rows, sets)),
        *_gone(Table.SUBMISSIONS, _submissions(rows, documents)),
    ]


def _about(rows: Rows, scope: PurgeScope) -> Iterable[str]:
    """Return the keys of the sets that match the scope's patient and set id."""
    if scope.patient is None and scope.set is None:
        return (key for key, _ in rows.rows(Table.SETS))
    found = sets_of(View(rows), scope.patient) if scope.patient is not None else [scope.set or ""]
    return (key for key in found if scope.set in (None, key) and rows.get(Table.SETS, SetRow, key))


def _is_by(rows: Rows, key: str, scope: PurgeScope) -> bool:
    if not scope.author and not scope.cvr:
        return True
    documents = (rows.get(Table.DOCUMENTS, DocumentRow, document_key) for document_key in rows.find(DOCUMENTS_OF_SET, key))
    return any(_is_from(rows, document, scope) for document in documents if document)


def _is_from(rows: Rows, document: DocumentRow, scope: PurgeScope) -> bool:
    sent = rows.get(Table.SUBMISSIONS, SubmissionRow, document.submission)
    authors = (document.author.unit, sent.author_unit if sent else "")
    cvr_numbers = (document.custodian, sent.care_provider if sent else "")
    return scope.author in (None, *authors) and scope.cvr in (None, *cvr_numbers)


def _links(rows: Rows, sets: set[str]) -> set[str]:
    """Return the keys of the links of alternative ids that have no set left without ``sets``."""
    found = (rows.get(Table.SETS, SetRow, key) for key in sets)
    known = {identifier.key for row in found if row for identifier in row.patient.alternative_ids}
    return {key for key in known if sets.issuperset(rows.find(SETS_OF_PATIENT, key))}


def _submissions(rows: Rows, documents: set[str]) -> set[str]:
    """Return the ids of the submissions that have no document left without ``documents``."""
    found = (rows.get(Table.DOCUMENTS, DocumentRow, key) for key in documents)
    sent = {row.submission: rows.get(Table.SUBMISSIONS, SubmissionRow, row.submission) for row in found if row}
    left = {
        key: [document_key for document_key in row.documents if document_key not in documents] for key, row in sent.items() if row
    }
    return {
        key
        for key, others in left.items()
        if not any(rows.get(Table.DOCUMENTS, DocumentRow, document_key) for document_key in others)
    }


def _gone(table: Table, keys: Iterable[str]) -> Iterator[Change]:
    return (Change(table, key, None) for key in keys)
